//! Forms and dialogs of the workshop. What was typed comes back with its errors.

use kernel::T;
use kit::{Cx, FormErrors, format};
use maud::{Markup, html};
use orders::api::{LineRow, OrderBrief, Waiting};
use serde_json::Value;
use ui::{Def, Field, Form, Tone};

use super::{
    model::{HandOverCheck, Held, Identity, Load, PaperKind, PickUp, PlaceKind, ReceiveUnit, WhyBack},
    rules, views,
};
use crate::{
    extra::model::{AnswerExtra, ExtraItem},
    maker::model::Outcome,
    notice::model::{Channel, NoticeText},
};

/// What dialogs offer to choose from.
#[derive(Default)]
pub struct Choices {
    /// Repair persons by id.
    pub people: Vec<(String, String)>,
    /// Words of notices.
    pub texts: Vec<NoticeText>,
}

struct Typed<'a>(&'a Value);

impl Typed<'_> {
    fn text(&self, name: &str) -> String {
        match &self.0[name] {
            Value::String(text) => text.clone(),
            Value::Number(n) => n.to_string(),
            _ => String::new(),
        }
    }
    fn money(&self, name: &str) -> String {
        self.0[name].as_i64().map(|n| kernel::Money(n).fmt_plain()).unwrap_or_default()
    }
    fn time(&self, cx: &Cx, name: &str) -> String {
        kernel::Ts::parse(&self.text(name)).map(|at| format::field_time(cx, at)).unwrap_or_default()
    }
    fn on(&self, name: &str) -> bool {
        self.0[name].as_bool().unwrap_or(false)
    }
}

fn options(cx: &Cx, codes: &'static [(&'static str, T)]) -> Vec<(&'static str, &'static str)> {
    codes.iter().map(|(code, label)| (*code, cx.t(*label))).collect()
}

fn area(cx: &Cx, name: &str, label: T, typed: &Typed<'_>, errors: &FormErrors) -> Field {
    Field::area(name, cx.t(label), 2).value(typed.text(name)).error(errors.of(name)).full()
}

fn text(cx: &Cx, name: &str, label: T, typed: &Typed<'_>, errors: &FormErrors) -> Field {
    Field::text(name, cx.t(label)).value(typed.text(name)).error(errors.of(name))
}

/// The receiving slip: one form for the keyboard, articles typed one a line (SHOP-02…04).
pub fn receive_form(
    cx: &Cx,
    order: &OrderBrief,
    load: &Load,
    boxes_used: usize,
    input: &ReceiveUnit,
    errors: &FormErrors,
) -> Markup {
    let (list, title) = (cx.t(T("在修机器", "Workshop")), cx.t(T("收机登记", "Receive a unit")));
    let crumbs = [(list, Some("/workshop")), (order.no.as_str(), None)];
    let look = |name: &'static str, label: T, value: &str| {
        Field::text(name, cx.t(label)).value(value).error(errors.of(name)).wide()
    };
    let promised = input.pickup_on.or(order.pickup_on).map(|day| day.to_string());
    let hint = T("最早可交 {day}（在修 {n} 台，{p} 人）", "Earliest {day} ({n} units, {p} repairers)").fill(
        cx.lang,
        &[
            ("day", load.earliest.to_string()),
            ("n", load.waiting.to_string()),
            ("p", load.repairers.to_string()),
        ],
    );
    let body = html! {
        (errors.summary(cx.lang))
        (ui::fieldset(cx.t(T("随机附件与物品", "Accessories and articles")), cx.t(T("每行一项，如“遥控器 x2”“工具:扳手”；没有留空", "One a line, such as \"remote x2\", \"tool: spanner\"; empty when none")), html! {
            (Field::area("articles_text", cx.t(T("附件、工具、物品", "Accessories, tools, articles")), 4).value(input.articles_text.clone().unwrap_or_default()).error(errors.of("articles_text")).autofocus().full())
            (Field::text("box_no", cx.t(T("存物箱", "Storage box"))).value(input.box_no.clone().unwrap_or_default()).hint(T("留空自动分配，已用 {n} 个", "Empty: the next free one; {n} in use").fill(cx.lang, &[("n", boxes_used.to_string())])).error(errors.of("box_no")))
            (Field::text("place", cx.t(T("存放位置", "Put at"))).value(&input.place).placeholder(cx.t(T("如 A 架 3 层", "such as A-3"))).error(errors.of("place")))
        }))
        (ui::fieldset(cx.t(T("外观检查", "How it looks")), cx.t(T("没有异常写“完好”", "Write \"fine\" when it is")), html! {
            (look("outer_look", T("外表面", "Outer surface"), &input.outer_look))
            (look("inner_look", T("内表面", "Inner surface"), &input.inner_look))
            (look("parts_look", T("外部件", "External parts"), &input.parts_look))
            (look("scratches", T("划伤磕碰", "Scratches and dents"), &input.scratches))
        }))
        (ui::fieldset(cx.t(T("随机证件", "Papers")), cx.t(T("带来的逐项核对，差异写在备注", "Verify each; write differences down")), html! {
            @for (index, kind) in PaperKind::ALL.iter().enumerate() { (paper(cx, index, *kind, input)) }
        }))
        (ui::fieldset(cx.t(T("承诺与签字", "Promise and signature")), "", html! {
            (Field::date("pickup_on", cx.t(T("约定取机日期", "Promised pick-up day"))).maybe(promised).hint(hint).error(errors.of("pickup_on")))
            (Field::text("unsigned_reason", cx.t(T("未签字原因", "Why not signed"))).value(input.unsigned_reason.clone().unwrap_or_default()).error(errors.of("unsigned_reason")))
            (Field::area("anomalies", cx.t(T("异常与差异", "Anything unusual")), 2).value(&input.anomalies).error(errors.of("anomalies")).full())
        }))
        (signature(cx, cx.t(T("客户签字", "Customer's signature")), input.signature.as_deref()))
        (ui::form_actions(cx.lang, cx.t(T("收机并打印", "Receive")), Some("/workshop/receive")))
    };
    let form = Form::post(format!("/orders/{}/receive", order.id), cx.form_key()).body(body);
    ui::form_page(cx.lang, &crumbs, title, "", html! { (order_facts(cx, order)) (form) }, None)
}

/// A signature that was given before a refusal is kept.
fn signature(cx: &Cx, label: &str, given: Option<&str>) -> Markup {
    html! {
        @if let Some(png) = given {
            (ui::hidden("signature", png))
            (ui::alert(Tone::Green, cx.t(T("已保留刚才的签字", "The signature given is kept"))))
        } @else {
            (ui::sign_box(cx.lang, "signature", label))
        }
    }
}

fn paper(cx: &Cx, index: usize, kind: PaperKind, input: &ReceiveUnit) -> Markup {
    let said = input.papers.iter().find(|paper| paper.kind == kind);
    let is = |of: fn(&super::model::Paper) -> bool| said.is_some_and(of);
    html! {
        (ui::hidden(&format!("papers.{index}.kind"), kind.as_str()))
        (Field::check(&format!("papers.{index}.seen"), T("带来{zh}", "{en} came along").fill(cx.lang, &[("zh", kind.label().0.to_string()), ("en", kind.label().1.to_string())])).checked(is(|p| p.seen)))
        (Field::check(&format!("papers.{index}.valid"), cx.t(T("有效", "valid"))).checked(is(|p| p.valid)))
        (Field::check(&format!("papers.{index}.complete"), cx.t(T("完整", "complete"))).checked(is(|p| p.complete)))
        (Field::text(&format!("papers.{index}.note"), T("{zh}编号或差异", "{en}: number, differences").fill(cx.lang, &[("zh", kind.label().0.to_string()), ("en", kind.label().1.to_string())])).value(said.map(|p| p.note.clone()).unwrap_or_default()))
    }
}

fn order_facts(cx: &Cx, order: &OrderBrief) -> Markup {
    let unit = format!("{} {}", order.model_name, order.serial);
    ui::section(
        cx.t(T("工单", "Order")),
        html! {},
        ui::dl(&[
            Def::new(cx.t(T("工单", "Order")), ui::link(&format!("/orders/{}", order.id), &order.no)),
            Def::new(cx.t(T("客户", "Customer")), html! { (cx.mask(kit::Sens::Name, &order.customer_name)) }),
            Def::new(cx.t(T("设备", "Unit")), ui::or_none(Some(unit.trim()))),
            Def::new(cx.t(T("保修", "Warranty")), html! { (cx.t(order.warranty.label())) }),
            Def::new(cx.t(T("故障", "Fault")), ui::prose(&order.symptom)).full(),
        ]),
    )
}

/// The dialog of a command; `None`: there is no such command.
pub fn dialog(
    cx: &Cx,
    held: &Held,
    action: &str,
    choices: &Choices,
    typed: &Value,
    errors: &FormErrors,
) -> Option<Markup> {
    let typed = Typed(typed);
    let (label, fields) = match action {
        "place" => (T("登记位置", "Put at"), place(cx, held, &typed, errors)),
        "assign" => (T("分配维修人员", "Assign a repair person"), assign(cx, held, choices, &typed, errors)),
        "begin" => {
            (T("开始修理", "Begin"), html! { (area(cx, "note", T("说明", "Remark"), &typed, errors)) })
        }
        "wait" => (
            T("暂停修理", "Wait"),
            html! {
                (Field::chips("reason", cx.t(T("原因", "Reason"))).options(options(cx, Waiting::OPTIONS).into_iter().filter(|(code, _)| *code != "factory")).value(or(&typed, "reason", "parts")).error(errors.of("reason")).full().required())
                (area(cx, "note", T("说明（缺什么件、难在哪里）", "What is missing, what is hard"), &typed, errors))
            },
        ),
        "repaired" => (T("修好", "Repaired"), repaired(cx, &typed, errors)),
        "give-back" => (
            T("未修退回", "Give back unrepaired"),
            html! {
                (Field::chips("why", cx.t(T("原因", "Reason"))).options(options(cx, WhyBack::OPTIONS)).value(or(&typed, "why", "no_parts")).error(errors.of("why")).full().required())
                (area(cx, "note", T("说明", "Remark"), &typed, errors))
            },
        ),
        "notices" => (T("通知客户", "Tell the customer"), notice(cx, held, choices, &typed, errors)),
        "extras" => (
            T("征询增项", "Ask about an extra item"),
            html! {
                (text(cx, "what", T("增加的项目", "What is to be done"), &typed, errors).required().wide().autofocus())
                (Field::money("price", cx.t(T("价格", "Price"))).value(typed.money("price")).error(errors.of("price")).required())
                (text(cx, "delay", T("增加的时间", "Takes longer by"), &typed, errors))
                (Field::check("necessary", cx.t(T("必要项目（涉及安全或不做无法使用）", "Necessary: unsafe or useless without"))).checked(typed.on("necessary")).full())
            },
        ),
        "maker-returns" => (T("返厂送出", "Send to the maker"), send(cx, held, &typed, errors)),
        "ask-maker" => (
            T("询问厂家进度", "Ask the maker"),
            html! {
                (area(cx, "progress", T("厂家答复", "What the maker said"), &typed, errors).required().autofocus())
                (Field::datetime("promised_at", cx.t(T("新的承诺时间", "New promised time"))).value(typed.time(cx, "promised_at")).error(errors.of("promised_at")))
            },
        ),
        "maker-back" => (
            T("厂家返回", "Back from the maker"),
            html! {
                (Field::chips("outcome", cx.t(T("结果", "Outcome"))).options(options(cx, Outcome::OPTIONS)).value(or(&typed, "outcome", "fixed")).error(errors.of("outcome")).full().required())
                (Field::money("fee", cx.t(T("厂家费用", "Maker's fee"))).value(typed.money("fee")).error(errors.of("fee")))
                (text(cx, "place", T("存放位置", "Put at"), &typed, errors))
                (area(cx, "note", T("说明", "Remark"), &typed, errors))
                (ui::alert(Tone::Blue, cx.t(T("返回后须断电并重做全部检验，合格后再通知客户。", "Power off and do every check again before the customer is told."))))
            },
        ),
        "settle" => (
            T("补收欠款", "Receive what is owed"),
            html! {
                (Field::money("received", cx.t(T("本次实收", "Received now"))).value(or(&typed, "received", &open_sum(held))).error(errors.of("received")).required().autofocus())
                (text(cx, "note", T("备注", "Remark"), &typed, errors))
            },
        ),
        _ => return None,
    };
    let title = format!("{} · {}", cx.t(label), held.unit.no);
    let form = Form::post(format!("/workshop/units/{}/{action}", held.unit.id), cx.form_key());
    Some(ui::modal_form(
        cx.lang,
        &title,
        form,
        cx.t(label),
        html! { (errors.summary(cx.lang)) (ui::fields(fields)) },
    ))
}

fn or(typed: &Typed<'_>, name: &str, other: &str) -> String {
    let text = if typed.0[name].is_number() { typed.money(name) } else { typed.text(name) };
    if text.is_empty() { other.to_string() } else { text }
}

fn open_sum(held: &Held) -> String {
    held.unit.due.checked_sub(held.unit.received).unwrap_or_default().fmt_plain()
}

fn place(cx: &Cx, held: &Held, typed: &Typed<'_>, errors: &FormErrors) -> Markup {
    html! {
        (ui::hidden("version", held.unit.version))
        (Field::chips("place_kind", cx.t(T("位置", "Kept at"))).options(options(cx, PlaceKind::OPTIONS)).value(or(typed, "place_kind", held.unit.place_kind.as_str())).full().required())
        (Field::text("place", cx.t(T("货架、工位或外修点", "Shelf, bay or repairer"))).value(or(typed, "place", &held.unit.place)).error(errors.of("place")).full().autofocus())
    }
}

fn assign(cx: &Cx, held: &Held, choices: &Choices, typed: &Typed<'_>, errors: &FormErrors) -> Markup {
    html! {
        (Field::select("engineer_id", cx.t(T("维修人员", "Repair person"))).blank(cx.t(T("请选择", "Choose"))).options(choices.people.clone()).value(typed.text("engineer_id")).required().autofocus().full().error(errors.of("engineer_id")))
        @if held.order.engineer_id.is_some() { (text(cx, "reason", T("改派原因", "Why again"), typed, errors).full()) }
        @if held.order.unverified {
            // Data is lacking: verified first, by a dialog of the order's own (CALL-07).
            (ui::alert_actions(ui::Tone::Amber, html! { (cx.t(T("信息不全，须先与调度、再与客户核实后才能派工。", "Data is incomplete: verify it with the dispatcher, then with the customer, before assigning."))) },
                &[ui::Btn::new(cx.t(T("去核实", "Verify"))).sm().modal(format!("/orders/{}/ask/verify", held.order.id))]))
        }
    }
}

fn repaired(cx: &Cx, typed: &Typed<'_>, errors: &FormErrors) -> Markup {
    html! {
        (Field::chips("cause", cx.t(T("原因归属", "Cause"))).options(options(cx, warranty::api::Cause::OPTIONS)).value(typed.text("cause")).error(errors.of("cause")).full().required())
        (area(cx, "root_cause", T("根本原因", "Root cause"), typed, errors).required())
        (area(cx, "result", T("处理结果", "What was done"), typed, errors).required())
        (area(cx, "assistance", T("协助方案（客户原因时）", "Plan to help (customer's doing)"), typed, errors))
        (text(cx, "place", T("待取位置", "Waits at"), typed, errors))
        (wear(cx, typed, errors))
    }
}

/// What was seen of wear parts; one more row than was filled in before (PROD-17).
fn wear(cx: &Cx, typed: &Typed<'_>, errors: &FormErrors) -> Markup {
    let rows = typed.0["wear"].as_array().cloned().unwrap_or_default();
    let said = |index: usize, name: &str| match rows.get(index).map(|row| &row[name]) {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Number(number)) => number.to_string(),
        _ => String::new(),
    };
    html! {
        @for index in 0..(rows.len() + 1).clamp(2, 6) {
            @let at = |name: &str| format!("wear.{index}.{name}");
            (Field::text(&at("part"), cx.t(T("易损件", "Wear part"))).value(said(index, "part")).error(errors.of(&at("part")))
                .placeholder(cx.t(T("滤芯、皮带、刹车片…", "Filter, belt, brake pads …"))))
            (Field::number(&at("percent"), cx.t(T("剩余寿命 %", "Life left, %"))).value(said(index, "percent")).error(errors.of(&at("percent"))))
            (Field::number(&at("months"), cx.t(T("约可用（月）", "Should last (months)"))).value(said(index, "months")).error(errors.of(&at("months"))))
        }
    }
}

fn notice(cx: &Cx, held: &Held, choices: &Choices, typed: &Typed<'_>, errors: &FormErrors) -> Markup {
    let ready = held.state().leaves();
    let kinds = choices.texts.iter().map(|t| {
        let count = if t.told > 0 { format!(" ×{}", t.told) } else { String::new() };
        (t.kind.as_str(), format!("{}{count}", cx.t(t.kind.label())))
    });
    let first = if ready {
        "repaired"
    } else if held.order.waiting == "parts" {
        "waiting"
    } else {
        "extended"
    };
    html! {
        (Field::chips("kind", cx.t(T("通知什么", "What"))).options(kinds).value(or(typed, "kind", first)).error(errors.of("kind")).full().required())
        (Field::chips("channel", cx.t(T("方式", "How"))).options(options(cx, Channel::OPTIONS)).value(or(typed, "channel", "phone")).full())
        (Field::check("missed", cx.t(T("没有联系到", "Nobody was reached"))).checked(typed.on("missed")))
        (area(cx, "text", T("内容（留空用下面的话术）", "Words (empty: those below)"), typed, errors))
        (area(cx, "answer", T("客户答复", "What the customer said"), typed, errors))
        (ui::small(html! { @for t in &choices.texts { p { (ui::strong(cx.t(t.kind.label()))) " " (T("{zh}", "{en}").fill(cx.lang, &[("zh", t.zh.clone()), ("en", t.en.clone())])) } } }))
    }
}

fn send(cx: &Cx, held: &Held, typed: &Typed<'_>, errors: &FormErrors) -> Markup {
    html! {
        (text(cx, "maker", T("厂家或维修站", "Maker"), typed, errors).required().autofocus().wide())
        (Field::datetime("promised_at", cx.t(T("厂家承诺返回", "Promised back"))).value(typed.time(cx, "promised_at")).error(errors.of("promised_at")))
        (Field::area("fault", cx.t(T("送修故障", "Fault")), 2).value(or(typed, "fault", &held.order.symptom)).full())
        (area(cx, "looks", T("按单核对：外观、随机附件", "Checked against the slip: looks, what goes along"), typed, errors).required())
        (text(cx, "carrier", T("承运", "Carrier"), typed, errors))
        (text(cx, "waybill", T("运单号", "Waybill"), typed, errors))
        (text(cx, "vehicle", T("用车申请", "Vehicle asked for"), typed, errors))
    }
}

/// The customer's answer to an extra item.
pub fn extra_dialog(cx: &Cx, item: &ExtraItem, typed: &AnswerExtra, errors: &FormErrors) -> Markup {
    let title = format!("{} · {}", cx.t(T("客户答复", "The customer's answer")), item.what);
    let form =
        Form::post(format!("/workshop/units/{}/extras/{}/answer", item.shop_unit_id, item.id), cx.form_key());
    ui::modal_form(
        cx.lang,
        &title,
        form,
        cx.t(T("登记答复", "Record")),
        html! {
            (errors.summary(cx.lang))
            (ui::dl(&[
                Def::new(cx.t(T("价格", "Price")), ui::num(format::price(cx, item.price))),
                Def::new(cx.t(T("增加的时间", "Takes longer by")), ui::or_none(Some(&item.delay))),
            ]))
            (ui::fields(html! {
                (Field::check("agreed", cx.t(T("客户同意", "The customer agrees"))).checked(typed.agreed))
                (Field::text("by", cx.t(T("答复人", "Who answered"))).value(&typed.by).error(errors.of("by")).required().autofocus())
                (Field::text("how", cx.t(T("方式（电话、签字……）", "How: phone, signature …"))).value(&typed.how).wide())
            }))
            @if item.necessary { (ui::alert(Tone::Amber, cx.t(T("必要项目：客户不同意时会留在设备档案，下次工单自动提示。", "Necessary: a refusal stays on the unit and comes up with its next order.")))) }
        },
    )
}

/// Pick-up: what it costs, who takes it, what was checked, signature (SHOP-25, SHOP-26).
pub fn pick_up_form(
    cx: &Cx,
    held: &Held,
    lines: &[LineRow],
    may_owe: bool,
    input: &PickUp,
    errors: &FormErrors,
) -> Markup {
    let (unit, order) = (&held.unit, &held.order);
    let (list, title) = (cx.t(T("在修机器", "Workshop")), cx.t(T("取机", "Pick-up")));
    let href = format!("/workshop/units/{}", unit.id);
    let crumbs = [(list, Some("/workshop")), (unit.no.as_str(), Some(href.as_str())), (title, None)];
    let needed = rules::needed_checks(unit, held.state());
    let ticks = needed.iter().map(|check| (check.as_str(), cx.t(check.label())));
    let ticked = input.checks.iter().map(|check: &HandOverCheck| check.as_str().to_string());
    let received = input.received.map_or(order.payable, |amount| amount.0).fmt_plain();
    let body = html! {
        (errors.summary(cx.lang))
        (ui::fieldset(cx.t(T("当面检查", "In front of the customer")), "", html! {
            (Field::multi("checks", cx.t(T("逐项完成", "Done"))).options(ticks).values(ticked).error(errors.of("checks")).full())
            (Field::text("difference", cx.t(T("清点差异", "What was missing"))).value(&input.difference).error(errors.of("difference")).full())
        }))
        (ui::fieldset(cx.t(T("取机人与收款", "Person and money")), "", html! {
            (Field::text("taker", cx.t(T("取机人", "Picked up by"))).value(&input.taker).placeholder(&order.contact).error(errors.of("taker")))
            (Field::chips("identity", cx.t(T("核对方式", "Recognised by"))).options(options(cx, Identity::OPTIONS)).value(input.identity.map_or("", Identity::as_str)).error(errors.of("identity")).required())
            (Field::money("received", cx.t(T("实收", "Received"))).value(received).hint(format!("{} {}", cx.t(T("应收", "Receivable")), format::price(cx, order.payable))).error(errors.of("received")).required())
            (Field::text("call_time", cx.t(T("方便接听回访的时间", "Convenient time for the callback"))).value(input.call_time.clone().unwrap_or_default()).placeholder("18:00-20:00").error(errors.of("call_time")))
            @if may_owe { (Field::text("unsettled_reason", cx.t(T("未结清原因", "Why not paid in full"))).value(input.unsettled_reason.clone().unwrap_or_default()).error(errors.of("unsettled_reason")).wide()) }
        }))
        @if let Some(message) = errors.of("signature") { (ui::alert(Tone::Red, message)) }
        (signature(cx, cx.t(T("客户签字（必填）", "Customer's signature (mandatory)")), input.signature.as_deref()))
        (ui::form_actions(cx.lang, cx.t(T("确认取机", "Hand over")), Some(&href)))
    };
    let form = Form::post(format!("{href}/pick-up"), cx.form_key()).body(body);
    let main = html! {
        (ui::section(cx.t(T("应收", "Receivable")), ui::strong(format::price(cx, order.payable)), views::lines_table(cx, lines)))
        (ui::section(cx.t(T("收机时登记", "As received")), html! {}, views::received(cx, unit)))
        (form)
    };
    ui::form_page(cx.lang, &crumbs, &held.name(), "", main, None)
}
