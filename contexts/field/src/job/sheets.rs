//! Sub-pages of a visit: parts, quote, waiting, completion.

use kernel::T;
use kit::{Cx, FormErrors, format};
use maud::{Markup, html};
use orders::api::{LineKind, LineOut, Stock, Waiting};
use org::api::StaffBrief;
use ui::{Btn, Field, Form, Tone};
use warranty::api::Cause;

use super::{
    forms::{CompleteForm, PartForm, QuoteForm},
    model::FieldOrder,
    moves::WaitForm,
};
use crate::report::model::TestRun;

fn post(cx: &Cx, job: &FieldOrder, what: &str) -> Form {
    let action = format!("/m/orders/{}/{what}", job.order.order.id);
    Form::post(action, cx.form_key()).id("step").attr("data-keep", job.round())
}

/// Why work stops.
pub fn wait(
    cx: &Cx,
    job: &FieldOrder,
    form: &WaitForm,
    people: &[StaffBrief],
    errors: &FormErrors,
) -> Markup {
    let reasons = Waiting::OPTIONS.iter().map(|(code, label)| (*code, cx.t(*label)));
    post(cx, job, "wait").body(ui::stack(&[
        errors.summary(cx.lang),
        ui::small(cx.t(T("挂起后时限暂停计算，恢复后继续。", "Deadlines stand still until you go on."))),
        html! {
            (Field::chips("reason", cx.t(T("原因", "Reason"))).options(reasons).value(&form.reason).required().error(errors.of("reason")))
            (Field::area("note", cx.t(T("说明", "In words")), 3).value(form.note.clone().unwrap_or_default()).error(errors.of("note"))
                .hint(cx.t(T("等配件时写明缺什么，催货和通知客户要用", "Waiting for parts: say which, for those who chase them and tell the customer"))))
            @if !people.is_empty() {
                (Field::select("hand_over_to", cx.t(T("接手工程师", "Who goes on"))).options(people.iter().map(|p| (p.id.to_string(), p.name.clone())))
                    .blank(cx.t(T("请选择", "Choose"))).maybe(form.hand_over_to).error(errors.of("hand_over_to")))
            }
        },
    ]))
}

/// Parts of the order, with quantities to change, and the form that takes another one out of the van.
pub fn parts(cx: &Cx, job: &FieldOrder, form: &PartForm, errors: &FormErrors) -> Markup {
    let order = &job.order.order;
    let parts: Vec<&LineOut> = job.order.items.iter().filter(|line| line.kind == LineKind::Part).collect();
    // The sum is of these lines, parts among them.
    let live: Vec<&LineOut> = job.order.items.iter().filter(|line| line.stock != Stock::Returned).collect();
    let url = format!("/m/orders/{}/parts/suggest", order.id);
    let van = job.van.as_ref().map_or_else(
        || {
            ui::alert(
                Tone::Amber,
                cx.t(T("你还没有车载库，请联系库管员。", "You have no van yet; ask the storekeeper.")),
            )
        },
        |van| ui::small(html! { (cx.t(T("从 ", "From "))) (van.name) (cx.t(T(" 领用", ""))) }),
    );
    let take = post(cx, job, "parts").body(ui::stack(&[
        errors.summary(cx.lang),
        van,
        html! {
            (Field::combo("part_id", cx.t(T("扫码或输入备件编码、名称", "Scan or type code or name")), url).maybe(form.part_id).shown(&form.part_id_text)
                .required().error(errors.of("part_id").or_else(|| errors.of("part_code"))).attr("autocapitalize", "characters").attr("enterkeyhint", "search").scan(cx.lang))
            (ui::qty_line(cx.lang, cx.t(T("数量", "Quantity")), "quantity", if form.quantity.is_empty() { "1" } else { &form.quantity }))
            @if let Some(error) = errors.of("quantity") { (ui::red(error)) }
            (Field::text("serials", cx.t(T("序列号（如有）", "Serial numbers, if any"))).value(&form.serials).attr("data-many", "").scan(cx.lang))
            (Field::check("old_part_taken", cx.t(T("旧件已收回", "Old part taken along"))).checked(form.old_part_taken))
        },
    ]));
    html! {
        (ui::stack(&[
            ui::card(cx.t(T("领用备件", "Take a part")), html! {}, take),
            ui::card(cx.t(T("本单备件", "Parts of this order")), ui::small(parts.len()), part_lines(cx, job, &parts)),
            ui::card(cx.t(T("客户应付", "Customer pays")), ui::strong(ui::num(format::price(cx, order.payable))), fee_lines(cx, &live)),
        ]))
    }
}

fn part_lines(cx: &Cx, job: &FieldOrder, lines: &[&LineOut]) -> Markup {
    if lines.is_empty() {
        return ui::muted(cx.t(T("还没有备件", "No parts yet")));
    }
    let rows: Vec<Markup> = lines.iter().map(|line| part_line(cx, job, line)).collect();
    ui::stack(&rows)
}

fn part_line(cx: &Cx, job: &FieldOrder, line: &LineOut) -> Markup {
    let tone = match line.stock {
        Stock::Reserved => Tone::Cyan,
        Stock::Issued | Stock::Used => Tone::Green,
        _ => Tone::Neutral,
    };
    let name = html! {
        (ui::two_lines(&line.name, html! { (line.code) " · " (format::price(cx, line.amount)) }))
        (ui::tag(tone, cx.t(line.stock.label())))
    };
    if line.stock == Stock::Returned {
        return name;
    }
    let action = format!("/m/orders/{}/parts/{}", job.order.order.id, line.id);
    Form::post(action.as_str(), cx.form_key()).body(html! {
        (ui::qty_line(cx.lang, name, "quantity", &format::qty(line.quantity)))
        (ui::row(&[
            html! { @if line.old_part_due { (Field::check("old_part_taken", cx.t(T("旧件已收回", "Old part taken along"))).id(format!("old-{}", line.id)).checked(line.old_part_taken)) } },
            html! { (Btn::new(cx.t(T("保存", "Save"))).attr("type", "submit").touch()) },
            html! { (Btn::new(cx.t(T("退回", "Give back"))).icon("arrow-back-up").attr("type", "submit").attr("formaction", format!("{action}/remove")).touch().ghost()
                .confirm(T("退回 {name}？备件回到车载库。", "Give back {name}? It returns to the van.").fill(cx.lang, &[("name", line.name.clone())]))) },
        ]))
    })
}

fn fee_lines(cx: &Cx, lines: &[&LineOut]) -> Markup {
    let row = |line: &&LineOut| {
        let share = if line.covered_bp > 0 { cx.t(T("保修承担", "warranty bears")) } else { "" };
        ui::row_end(ui::two_lines(&line.name, share), ui::num(format::price(cx, line.amount)))
    };
    if lines.is_empty() {
        return ui::muted(cx.t(T("还没有费用", "Nothing to pay yet")));
    }
    ui::stack(&lines.iter().map(row).collect::<Vec<_>>())
}

/// What it costs, and the customer's consent.
pub fn quote(cx: &Cx, job: &FieldOrder, form: &QuoteForm, errors: &FormErrors) -> Markup {
    let order = &job.order.order;
    let live: Vec<&LineOut> = job.order.items.iter().filter(|line| line.stock != Stock::Returned).collect();
    let total = if form.total.is_empty() { order.payable.fmt_plain() } else { form.total.clone() };
    let by = if form.by.is_empty() { order.contact.clone() } else { form.by.clone() };
    html! {
        (ui::stack(&[
            ui::card(cx.t(T("费用明细", "What it costs")), ui::strong(ui::num(format::price(cx, order.payable))), fee_lines(cx, &live)),
            html! { @if let Some(limit) = order.over_quote_limit {
                (ui::alert(if order.over_quote { Tone::Amber } else { Tone::Blue }, html! {
                    (cx.t(T("客户约定上限 ", "The customer's limit: "))) (ui::num(format::price(cx, limit)))
                }))
            } },
            ui::card(cx.t(T("客户同意", "Consent")), html! {}, post(cx, job, "consent").body(ui::stack(&[
                errors.summary(cx.lang),
                ui::hidden("version", order.version),
                html! {
                    (Field::money("total", cx.t(T("报价金额", "Quoted amount"))).value(total).error(errors.of("total")))
                    (Field::text("by", cx.t(T("同意人", "Who agrees"))).value(by).error(errors.of("by")))
                    (Field::text("note", cx.t(T("方式", "How"))).maybe(form.note.clone()).placeholder(cx.t(T("当面、电话、书面", "In person, by phone, in writing"))))
                },
            ]))),
        ]))
    }
}

/// The completion sheet: cause, result, parts really used, findings, how sure, signature.
pub fn complete(cx: &Cx, job: &FieldOrder, form: &CompleteForm, errors: &FormErrors) -> Markup {
    let order = &job.order.order;
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    let causes = Cause::OPTIONS.iter().map(|(code, label)| (*code, cx.t(*label)));
    let work = html! {
        (Field::chips("cause", cx.t(T("原因归属", "Attribution"))).options(causes).value(&form.cause).required().error(errors.of("cause")))
        (Field::area("root_cause", cx.t(T("根本原因", "Root cause")), 2).value(text(&form.root_cause)).error(errors.of("root_cause")))
        (Field::area("result", cx.t(T("处理结果", "What was done")), 3).value(text(&form.result)).required().error(errors.of("result")))
        (Field::area("assistance", cx.t(T("客户原因时：解释与协助方案", "If the customer caused it: explanation and help")), 2)
            .value(text(&form.assistance)).error(errors.of("assistance")))
    };
    let sizes = pricing::api::Grade::OPTIONS.iter().map(|(code, label)| (*code, cx.t(*label)));
    let effort = html! {
        (Field::chips("job_size", cx.t(T("维修级别", "Size of the repair"))).options(sizes).value(&form.job_size).error(errors.of("job_size")))
        (Field::number("hours", cx.t(T("工时（小时）", "Hours worked"))).value(&form.hours).error(errors.of("hours")))
        (Field::number("distance_km", cx.t(T("里程（公里）", "Kilometres"))).value(&form.distance_km).error(errors.of("distance_km")))
        (Field::check("cost_price", cx.t(T("只收工本费", "Cost price only"))).checked(form.cost_price))
    };
    // Said before anything is filled in and signed, not after.
    let over = html! { @if order.over_quote {
        @let quote = Btn::link(cx.t(T("报价并征得同意", "Quote and get consent")), format!("/m/orders/{}/quote", order.id)).touch();
        (ui::alert_actions(Tone::Amber, html! { (cx.t(T("应收超过客户约定的上限，先征得客户同意才能完工。", "It costs more than the customer's limit: consent comes before completing."))) }, &[quote]))
    } };
    post(cx, job, "complete").body(ui::stack(&[
        errors.summary(cx.lang),
        over,
        ui::hidden("version", order.version),
        ui::card(cx.t(T("维修情况", "The work")), html! {}, ui::stack(&[work])),
        ui::card(cx.t(T("计费依据", "What fees depend on")), html! {}, ui::stack(&[effort])),
        used(cx, job, form, errors),
        ui::card(cx.t(T("试机与收尾", "Test run")), html! {}, closing(cx, form, errors)),
        ui::card(cx.t(T("其他隐患", "Other problems found")), html! {}, findings(cx, form)),
        ui::card(cx.t(T("易损件剩余寿命", "Remaining life of wear parts")), html! {}, wear(cx, form, errors)),
        ui::card(
            cx.t(T("客户签字", "Signature")),
            ui::strong(ui::num(format::price(cx, order.payable))),
            signature(cx, form, errors),
        ),
    ]))
}

fn used(cx: &Cx, job: &FieldOrder, form: &CompleteForm, errors: &FormErrors) -> Markup {
    let lines: Vec<&LineOut> = job
        .order
        .items
        .iter()
        .filter(|line| line.kind == LineKind::Part && line.stock != Stock::Returned)
        .collect();
    if lines.is_empty() {
        return html! {};
    }
    let rows: Vec<Markup> = lines
        .iter()
        .enumerate()
        .map(|(index, line)| {
            let typed = form.used.iter().find(|used| used.id == line.id);
            let planned = if line.stock == Stock::Planned { "0".to_string() } else { format::qty(line.quantity) };
            let quantity = typed.map_or(planned, |used| used.quantity.clone());
            let name = format!("used.{index}.quantity");
            html! {
                (ui::hidden(&format!("used.{index}.id"), line.id))
                (ui::qty_line(cx.lang, ui::two_lines(&line.name, html! { (line.code) " · " (cx.t(line.stock.label())) }), &name, &quantity))
                @if let Some(error) = errors.of(&name) { (ui::red(error)) }
                @if line.old_part_due {
                    (Field::check(&format!("used.{index}.old_part_taken"), cx.t(T("旧件已收回", "Old part taken along")))
                        .checked(typed.map_or(line.old_part_taken, |used| used.old_part_taken)))
                }
            }
        })
        .collect();
    let note = ui::small(cx.t(T("未用的自动退回", "The rest goes back")));
    ui::card(cx.t(T("实际使用备件", "Parts really used")), note, ui::stack(&rows))
}

fn closing(cx: &Cx, form: &CompleteForm, errors: &FormErrors) -> Markup {
    let runs = TestRun::OPTIONS.iter().map(|(code, label)| (*code, cx.t(*label)));
    ui::stack(&[html! {
        (Field::chips("test_run", cx.t(T("试机通检", "Test run"))).options(runs).value(&form.test_run).required().error(errors.of("test_run"))
            .hint(cx.t(T("没有时间试机的，2 小时后回访", "Without a test run the customer is called after 2 hours"))))
        (Field::check("uncertain", cx.t(T("不确定是否彻底修好（3 小时后回访）", "Not sure that it holds (call after 3 hours)"))).checked(form.uncertain))
    }])
}

fn findings(cx: &Cx, form: &CompleteForm) -> Markup {
    let shown = form.findings.len().clamp(1, 5)
        + usize::from(form.findings.iter().all(|f| !f.text.is_empty()) && !form.findings.is_empty());
    let rows: Vec<Markup> = (0..shown)
        .map(|index| {
            let typed = form.findings.get(index);
            html! {
                (Field::text(&format!("findings.{index}.text"), cx.t(T("发现的问题", "Problem"))).value(typed.map(|f| f.text.clone()).unwrap_or_default())
                    .placeholder(cx.t(T("没有可不填；下次上门会提醒", "Leave empty if none; the next visit is reminded"))))
                (Field::check(&format!("findings.{index}.refused"), cx.t(T("客户暂不处理", "The customer does not want it fixed now")))
                    .checked(typed.is_some_and(|f| f.refused)))
            }
        })
        .collect();
    ui::stack(&rows)
}

/// What the customer is told of wear parts before signing (PROD-17).
fn wear(cx: &Cx, form: &CompleteForm, errors: &FormErrors) -> Markup {
    let shown = (form.wear.len() + 1).min(6);
    let rows: Vec<Markup> = (0..shown)
        .map(|index| {
            let typed = form.wear.get(index);
            let at = |name: &str| format!("wear.{index}.{name}");
            html! {
                (Field::text(&at("part"), cx.t(T("部件", "Part"))).value(typed.map(|w| w.part.clone()).unwrap_or_default())
                    .placeholder(cx.t(T("滤芯、皮带、刹车片…没有可不填", "Filter, belt …; leave empty if none"))).error(errors.of(&at("part"))))
                (Field::number(&at("percent"), cx.t(T("剩余寿命 %", "Life left, %"))).maybe(typed.and_then(|w| w.percent)).error(errors.of(&at("percent"))))
                (Field::number(&at("months"), cx.t(T("约可用（月）", "Should last (months)"))).maybe(typed.and_then(|w| w.months)).error(errors.of(&at("months"))))
            }
        })
        .collect();
    ui::stack(&rows)
}

fn signature(cx: &Cx, form: &CompleteForm, errors: &FormErrors) -> Markup {
    ui::stack(&[
        ui::small(cx.t(T(
            "签字即确认服务内容与费用，请勿勉强客户。",
            "Signing confirms work and cost; never press for it.",
        ))),
        html! { @if let Some(png) = form.signature_png.as_ref().or(form.signature_kept.as_ref()) {
            (ui::hidden("signature_kept", png))
            (ui::alert(Tone::Green, cx.t(T("已保留刚才的签名，也可以重签。", "The signature is kept; it may be given again."))))
        } },
        ui::sign_box(cx.lang, "signature", cx.t(T("客户签名", "Customer's signature"))),
        html! {
            @if let Some(error) = errors.of("signature") { (ui::red(error)) }
            (Field::text("call_time", cx.t(T("方便接听回访的时间", "Convenient time for the callback"))).value(form.call_time.clone().unwrap_or_default())
                .placeholder("18:00-20:00").error(errors.of("call_time")))
            (Field::text("acceptance_code", cx.t(T("或请客户报 6 位验收码", "Or the customer's six-digit code"))).value(form.acceptance_code.clone().unwrap_or_default())
                .attr("inputmode", "numeric").attr("autocomplete", "off").error(errors.of("acceptance_code")))
            (Field::text("unsigned_reason", cx.t(T("未签字的原因", "Why there is no signature"))).value(form.unsigned_reason.clone().unwrap_or_default()).error(errors.of("unsigned_reason")))
        },
    ])
}
