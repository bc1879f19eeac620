//! Forms: opening and editing an order, and the dialog of every move. What was typed comes back with its errors.

use kernel::T;
use kit::{Cx, FormErrors, format};
use maud::{Markup, html};
use serde_json::Value;
use ui::{Field, Form};

use super::{
    job::{VERIFIED, move_label},
    model::{Mode, OrderRow, VerifyWith, Waiting, WarrantyClass},
};
use pricing::api::WorkKind;

use crate::line::model::{LineKind, LineRow, Stock, StockWish};

/// What dialogs offer to choose from.
#[derive(Default)]
pub struct Choices {
    /// Engineers by id.
    pub engineers: Vec<(String, String)>,
    /// Kinds of work.
    pub kinds: Vec<WorkKind>,
    /// Depots by id.
    pub depots: Vec<(String, String)>,
    /// Items of the order by id.
    pub units: Vec<(String, String)>,
}

/// What was typed, by field.
pub struct Typed<'a>(pub &'a Value);

impl Typed<'_> {
    /// The text of a field.
    pub fn text(&self, name: &str) -> String {
        match &self.0[name] {
            Value::String(text) => text.clone(),
            Value::Number(n) => n.to_string(),
            _ => String::new(),
        }
    }

    /// A local time for a `datetime-local` field.
    pub fn time(&self, cx: &Cx, name: &str) -> String {
        kernel::Ts::parse(&self.text(name)).map(|at| format::field_time(cx, at)).unwrap_or_default()
    }

    /// An amount for a money field.
    pub fn money(&self, name: &str) -> String {
        self.0[name].as_i64().map(|n| kernel::Money(n).fmt_plain()).unwrap_or_default()
    }

    /// A quantity for a number field; `known` where nothing was typed.
    pub fn quantity(&self, name: &str, known: kernel::Quantity) -> String {
        let said = self.0[name].as_i64().map(kernel::Quantity);
        said.or(Some(known).filter(|n| !n.is_zero())).map(|n| n.to_string()).unwrap_or_default()
    }

    /// A tick.
    pub fn on(&self, name: &str) -> bool {
        self.0[name].as_bool().unwrap_or(false)
    }
}

fn note_field(cx: &Cx, name: &str, label: T, typed: &Typed<'_>, errors: &FormErrors) -> Field {
    Field::area(name, cx.t(label), 3).value(typed.text(name)).error(errors.of(name)).full()
}

/// The dialog of a move.
pub fn dialog(
    cx: &Cx,
    row: &OrderRow,
    action: &str,
    choices: &Choices,
    typed: &Value,
    errors: &FormErrors,
) -> Markup {
    let typed = Typed(typed);
    let title = format!("{} · {}", cx.t(move_label(action)), row.no);
    let form = Form::post(format!("/orders/{}/do/{action}", row.id), cx.form_key());
    let fields = match action {
        "wait" => wait(cx, row, choices, &typed, errors),
        "quote" => html! {
            (Field::money("total", cx.t(T("报价金额", "Amount"))).value(money_or(&typed, "total", Some(row.payable))).error(errors.of("total")))
            (note_field(cx, "note", T("说明", "Remark"), &typed, errors))
        },
        "consent" => html! {
            (Field::text("by", cx.t(T("同意人", "Who agreed"))).required().value(typed.text("by")).error(errors.of("by")))
            (Field::money("total", cx.t(T("同意金额", "Up to"))).value(money_or(&typed, "total", row.quote_total.or(Some(row.payable)))).error(errors.of("total")))
            (note_field(cx, "note", T("同意方式", "How they agreed"), &typed, errors))
        },
        "complete" => complete(cx, row, &typed, errors),
        "confirm" => html! {
            (Field::text("by", cx.t(T("确认人", "Who acknowledges"))).value(typed.text("by")).placeholder(&row.contact))
            (Field::number("score", cx.t(T("评分（0–100）", "Score (0–100)"))).value(typed.text("score")).error(errors.of("score")))
            (call_time(cx, &typed, errors))
            (note_field(cx, "appraisal", T("对人员的评价", "Appraisal of the staff"), &typed, errors))
            @if !row.signed {
                (Field::datetime("sheet_returned_at", cx.t(T("纸质回单收到时间", "Signed paper came back"))).value(typed.time(cx, "sheet_returned_at")).error(errors.of("sheet_returned_at")))
                (ui::sign_box_kept(cx.lang, "signature", cx.t(T("客户补签", "Customer's signature")), &typed.text("signature")))
            }
        },
        "audit" => html! {
            (Field::money("deduction", cx.t(T("扣款", "Deduction"))).value(typed.money("deduction")).error(errors.of("deduction")))
            (Field::number("score", cx.t(T("评分（0–100）", "Score (0–100)"))).value(typed.text("score")).error(errors.of("score")))
            (Field::datetime("sheet_returned_at", cx.t(T("返单时间", "Sheet returned"))).value(returned(cx, &typed, row)).error(errors.of("sheet_returned_at")))
            @if cx.can(&crate::perms::ORDER_WAIVE) {
                (Field::check("waive_callback", cx.t(T("免回访", "Without callback"))).checked(typed.on("waive_callback")))
            }
            (note_field(cx, "note", T("审核意见", "Audit note"), &typed, errors).hint(cx.t(T("有扣款或免回访时必填", "Needed with a deduction, or without callback"))))
        },
        "limit" => html! {
            (Field::text("span", cx.t(T("新时限", "New limit"))).required().value(typed.text("span")).hint(cx.t(T("如 72h、10wd", "such as 72h, 10wd"))).error(errors.of("span")))
            (note_field(cx, "reason", T("双方约定与批准人", "Who agreed, and why"), &typed, errors).required())
        },
        "loaner" => html! {
            (Field::switch("given", cx.t(T("已提供周转机", "A loaner was given"))).checked(typed.on("given")))
            (note_field(cx, "note", T("机号，或客户放弃的原因", "Which unit, or why not"), &typed, errors).required())
        },
        "verify" => verify(cx, row, &typed, errors),
        "cancel" | "terminate" | "return" | "reopen" | "escalate" => {
            html! { (note_field(cx, "reason", T("原因", "Reason"), &typed, errors).required().autofocus()) }
        }
        "depart" | "arrive" | "start" => {
            html! { (ui::geo_fields(cx.lang)) (note_field(cx, "note", T("说明", "Remark"), &typed, errors)) }
        }
        _ => html! { (note_field(cx, "note", T("说明", "Remark"), &typed, errors)) },
    };
    let done = match (action, row.verify_next()) {
        ("verify", Some(VerifyWith::Customer)) => VERIFIED[1].1,
        ("verify", _) => VERIFIED[0].1,
        _ => move_label(action),
    };
    ui::modal_form(
        cx.lang,
        &title,
        form,
        cx.t(done),
        html! {
            (errors.summary(cx.lang))
            (ui::hidden("version", row.version))
            (ui::fields(fields))
        },
    )
}

/// What is lacking, who was asked already, and with whom it is verified now (CALL-07).
fn verify(cx: &Cx, row: &OrderRow, typed: &Typed<'_>, errors: &FormErrors) -> Markup {
    let label = match row.verify_next() {
        Some(VerifyWith::Customer) => T("客户的答复", "What the customer said"),
        _ => T("与调度核实的结果", "What the dispatcher said"),
    };
    html! {
        (super::views::verified(cx, row))
        @if let Some(next) = row.verify_next() { (ui::hidden("with", next.as_str())) }
        (Field::area("note", cx.t(label), 3).value(typed.text("note")).error(errors.of("note").or_else(|| errors.of("with"))).full().autofocus())
    }
}

/// When the sheet came back: as typed, as known.
fn returned(cx: &Cx, typed: &Typed<'_>, row: &OrderRow) -> String {
    let text = typed.time(cx, "sheet_returned_at");
    if text.is_empty() {
        row.sheet_returned_at.map(|at| format::field_time(cx, at)).unwrap_or_default()
    } else {
        text
    }
}

fn money_or(typed: &Typed<'_>, name: &str, other: Option<kernel::Money>) -> String {
    let text = typed.money(name);
    if text.is_empty() { other.map(|m| m.fmt_plain()).unwrap_or_default() } else { text }
}

fn wait(cx: &Cx, row: &OrderRow, choices: &Choices, typed: &Typed<'_>, errors: &FormErrors) -> Markup {
    let reasons = Waiting::OPTIONS.iter().map(|(code, label)| (*code, cx.t(*label)));
    html! {
        (Field::chips("reason", cx.t(T("原因", "Reason"))).options(reasons).value(typed.text("reason")).error(errors.of("reason")).full().required())
        @if row.continuous {
            (Field::select("hand_over_to", cx.t(T("接手工程师", "Who goes on"))).blank("").options(choices.engineers.clone()).value(typed.text("hand_over_to")).error(errors.of("hand_over_to")))
        }
        (note_field(cx, "note", T("说明（等备件的写明是哪个）", "Remark (waiting for parts: which)"), typed, errors))
    }
}

fn sizes(cx: &Cx) -> Vec<(&'static str, &'static str)> {
    pricing::api::Grade::OPTIONS.iter().map(|(code, label)| (*code, cx.t(*label))).collect()
}

fn charges(cx: &Cx) -> [(&'static str, &'static str); 2] {
    [("false", cx.t(T("按价目表", "By the price list"))), ("true", cx.t(T("只收工本费", "Cost price only")))]
}

fn text_or(typed: &Typed<'_>, name: &str, known: &str) -> String {
    Some(typed.text(name)).filter(|text| !text.is_empty()).unwrap_or_else(|| known.to_string())
}

fn complete(cx: &Cx, row: &OrderRow, typed: &Typed<'_>, errors: &FormErrors) -> Markup {
    let causes = warranty::api::Cause::OPTIONS.iter().map(|(code, label)| (*code, cx.t(*label)));
    html! {
        (Field::chips("cause", cx.t(T("原因归属", "Cause"))).options(causes).value(typed.text("cause")).error(errors.of("cause")).full().required())
        (note_field(cx, "root_cause", T("根本原因", "Root cause"), typed, errors))
        (note_field(cx, "result", T("处理结果", "What was done"), typed, errors).required())
        (note_field(cx, "assistance", T("协助方案（客户原因时）", "Plan to help (customer's doing)"), typed, errors))
        (Field::select("job_size", cx.t(T("维修级别", "Size of the repair"))).options(sizes(cx)).blank("").value(text_or(typed, "job_size", &row.job_size)).error(errors.of("job_size")))
        (Field::number("hours", cx.t(T("工时（小时）", "Hours worked"))).value(typed.quantity("hours", row.hours)).error(errors.of("hours")))
        (Field::number("distance_km", cx.t(T("里程（公里）", "Kilometres"))).value(typed.quantity("distance_km", row.distance_km)).error(errors.of("distance_km")))
        (Field::select("cost_price", cx.t(T("收费", "Charged"))).options(charges(cx)).value(typed.0["cost_price"].as_bool().unwrap_or(row.cost_price)))
        (Field::datetime("finished_at", cx.t(T("完工时间", "Finished at"))).value(typed.time(cx, "finished_at")).error(errors.of("finished_at")))
        @if row.mode == Mode::OnSite {
            (Field::text("unsigned_reason", cx.t(T("未签字原因", "Why not signed"))).value(typed.text("unsigned_reason")).error(errors.of("signature")))
        }
        (Field::text("acceptance_code", cx.t(T("客户验收码（代替签字）", "Customer's code, instead of a signature")))
            .attr("inputmode", "numeric").attr("autocomplete", "off").error(errors.of("acceptance_code")))
        (worn(cx, typed, errors))
        (call_time(cx, typed, errors))
        (ui::sign_box_kept(cx.lang, "signature", cx.t(T("客户签字", "Customer's signature")), &typed.text("signature")))
    }
}

/// Wear parts as seen at the visit, in the words the customer is told at hand-over (PROD-17).
fn worn(cx: &Cx, typed: &Typed<'_>, errors: &FormErrors) -> Markup {
    let said = |index: usize, name: &str| Typed(&typed.0["wear"][index]).text(name);
    html! {
        @for index in 0..2 {
            @let at = |name: &str| format!("wear.{index}.{name}");
            (Field::text(&at("part"), cx.t(T("易损件", "Wear part"))).value(said(index, "part")).error(errors.of(&at("part")))
                .placeholder(cx.t(T("滤芯、皮带、刹车片…", "Filter, belt, brake pads …"))))
            (Field::number(&at("percent"), cx.t(T("剩余寿命 %", "Life left, %"))).value(said(index, "percent")).error(errors.of(&at("percent"))))
            (Field::number(&at("months"), cx.t(T("约可用（月）", "Should last (months)"))).value(said(index, "months")).error(errors.of(&at("months"))))
        }
    }
}

/// Asked at completion and hand-over, kept in the customer's file (CUST-13).
fn call_time(cx: &Cx, typed: &Typed<'_>, errors: &FormErrors) -> Field {
    Field::text("call_time", cx.t(T("方便接听回访的时间", "Convenient time for the callback")))
        .value(typed.text("call_time"))
        .placeholder("18:00-20:00")
        .error(errors.of("call_time"))
}

/// The form of a line: new, or a change.
pub fn line_form(
    cx: &Cx,
    row: &OrderRow,
    line: Option<&LineRow>,
    choices: &Choices,
    typed: &Value,
    errors: &FormErrors,
) -> Markup {
    let typed = Typed(typed);
    let (title, action) = match line {
        Some(line) => (line.name.clone(), format!("/orders/{}/lines/{}", row.id, line.id)),
        None => {
            let back = typed.text("back");
            let back = if back.is_empty() { back } else { format!("?back={back}") };
            (
                cx.t(T("添加备件或费用", "Add a part or fee")).to_string(),
                format!("/orders/{}/lines{back}", row.id),
            )
        }
    };
    let sheet = crate::line::rules::sheet_of(row.state);
    let wishes = StockWish::OPTIONS
        .iter()
        .filter(|(code, _)| crate::line::rules::wish(StockWish::parse(code), sheet).is_ok())
        .map(|(code, label)| (*code, cx.t(*label)));
    let quantity = typed.0["quantity"]
        .as_i64()
        .map(|n| kernel::Quantity(n).to_string())
        .or_else(|| line.map(|l| l.quantity.to_string()));
    let price = typed.money("price");
    let price = if price.is_empty() { line.map(|l| l.price.fmt_plain()).unwrap_or_default() } else { price };
    let part = line.is_none_or(|l| l.kind == LineKind::Part);
    // Who may not price parts and labour is not asked for their price.
    let prices = cx.can(&crate::perms::ORDER_PRICE);
    let priced = prices || line.is_none_or(|l| !crate::line::rules::by_list(l.auto, l.kind));
    let label = if prices || line.is_some() {
        T("单价（空：按价目表）", "Price (empty: by list)")
    } else {
        T("单价（仅费用；备件和工时按价目表）", "Price (fees only; parts and labour by the lists)")
    };
    let form = Form::post(action, cx.form_key());
    ui::modal_form(
        cx.lang,
        &title,
        form,
        cx.t(T("保存", "Save")),
        html! {
            (errors.summary(cx.lang))
            (ui::fields(html! {
                @if line.is_none() {
                    @if !typed.text("sheet").is_empty() { (ui::hidden("sheet", typed.text("sheet"))) }
                    @if choices.units.len() > 1 {
                        (Field::select("order_unit_id", cx.t(T("用于", "For"))).options(choices.units.clone()).value(typed.text("order_unit_id")).error(errors.of("order_unit_id")).full())
                    }
                    (Field::chips("kind", cx.t(T("类别", "Kind"))).options(LineKind::OPTIONS.iter().map(|(c, l)| (*c, cx.t(*l)))).value(if typed.text("kind").is_empty() { "part".to_string() } else { typed.text("kind") }).full())
                    (Field::combo("part_id", cx.t(T("备件", "Part")), "/parts/suggest").value(typed.text("part_id")).shown(typed.text("part")).placeholder(cx.t(T("编码、名称；没有的直接输入", "Code or name; type a new one"))).error(errors.of("part_id")).wide())
                    (Field::text("name", cx.t(T("项目名称（非备件）", "Name (not a part)"))).value(typed.text("name")).error(errors.of("name")))
                }
                (Field::number("quantity", cx.t(T("数量", "Quantity"))).value(quantity.unwrap_or_else(|| "1".into())).error(errors.of("quantity")))
                @if priced { (Field::money("price", cx.t(label)).value(price).error(errors.of("price"))) }
                @if part && line.is_none_or(|l| !l.stock.is_out()) {
                    (Field::select("depot_id", cx.t(T("出库仓库", "Depot"))).blank(cx.t(T("工程师随车库", "Engineer's van"))).options(choices.depots.clone()).value(depot_value(&typed, line)).error(errors.of("depot_id")))
                    (Field::chips("stock", cx.t(T("库存", "Stock"))).options(wishes).value(stock_value(&typed, line)).error(errors.of("stock")).full())
                }
                @if part {
                    (Field::text("serials", cx.t(T("序列号", "Serial numbers"))).value(line.map_or_else(|| typed.text("serials"), |l| l.serials.clone())))
                    (Field::check("old_part_taken", cx.t(T("旧件已带回", "Old part taken along"))).checked(line.is_some_and(|l| l.old_part_taken)))
                }
                @if let Some(line) = line { @if cx.can(&crate::perms::ORDER_RECLASSIFY) {
                    (Field::text("covered_bp", cx.t(T("保修承担 %", "Borne by warranty, %"))).hint(format!("{}", kernel::Bp(line.covered_bp))).error(errors.of("covered_bp")))
                    (Field::text("reason", cx.t(T("改判依据", "What the change rests on"))).value(typed.text("reason")).error(errors.of("reason")))
                } }
                (Field::text("note", cx.t(T("备注", "Remark"))).value(line.map_or_else(|| typed.text("note"), |l| l.note.clone())).full())
            }))
        },
    )
}

fn depot_value(typed: &Typed<'_>, line: Option<&LineRow>) -> String {
    let text = typed.text("depot_id");
    if text.is_empty() {
        line.and_then(|l| l.depot_id).map(|id| id.to_string()).unwrap_or_default()
    } else {
        text
    }
}

fn stock_value(typed: &Typed<'_>, line: Option<&LineRow>) -> String {
    let text = typed.text("stock");
    match line {
        _ if !text.is_empty() => text,
        Some(line) if line.stock == Stock::Reserved => "reserve".into(),
        Some(line) if line.stock == Stock::Planned => "plan".into(),
        _ => String::new(),
    }
}

/// The form of the head: opening (`row` none) or editing.
pub fn head_form(
    cx: &Cx,
    row: Option<&OrderRow>,
    choices: &Choices,
    typed: &Value,
    errors: &FormErrors,
) -> Markup {
    let list = cx.t(T("服务工单", "Service orders"));
    let title =
        cx.t(if row.is_some() { T("编辑工单", "Edit order") } else { T("新建工单", "New order") });
    let (action, cancel) = match row {
        Some(row) => (format!("/orders/{}/edit", row.id), format!("/orders/{}", row.id)),
        None => ("/orders/new".to_string(), "/orders".to_string()),
    };
    let typed = Typed(typed);
    let body = html! {
        (errors.summary(cx.lang))
        @if let Some(row) = row { (ui::hidden("version", row.version)) }
        @if row.is_none() { (ui::fieldset(cx.t(T("客户与设备", "Customer and unit")), cx.t(T("没有档案的直接输入，保存时自动建档", "Type what has no file yet: it is opened on saving")), whose_fields(cx, &typed, errors))) }
        (ui::fieldset(cx.t(T("联系", "Contact")), cx.t(T("空白时取客户档案", "Empty: from the customer's file")), contact_fields(cx, &typed, errors)))
        (ui::fieldset(cx.t(T("服务内容", "Service")), "", work_fields(cx, row.is_some(), choices, &typed, errors)))
        (ui::form_actions(cx.lang, cx.t(T("保存", "Save")), Some(&cancel)))
    };
    let form = Form::post(action, cx.form_key()).body(body);
    ui::form_page(cx.lang, &[(list, Some("/orders")), (title, None)], title, "", form, None)
}

fn whose_fields(cx: &Cx, typed: &Typed<'_>, errors: &FormErrors) -> Markup {
    html! {
        (Field::combo("customer_id", cx.t(T("客户", "Customer")), "/customers/suggest").value(typed.text("customer_id")).shown(typed.text("customer_name")).placeholder(cx.t(T("姓名、公司；新客户直接输入", "Name; type a new one"))).error(errors.of("customer_id")).required().wide().autofocus())
        (Field::combo("unit_id", cx.t(T("设备（序列号）", "Unit (serial)")), "/units/suggest").value(typed.text("unit_id")).shown(typed.text("serial")).placeholder(cx.t(T("序列号；新设备直接输入", "Serial number; type a new one"))).error(errors.of("unit_id")).wide().scan(cx.lang))
        (Field::combo("model_id", cx.t(T("产品型号（新设备）", "Model of a new unit")), "/models/suggest").value(typed.text("model_id")).shown(typed.text("model")).placeholder(cx.t(T("新型号直接输入", "Type a new one"))).error(errors.of("model_id")).wide())
    }
}

fn contact_fields(cx: &Cx, typed: &Typed<'_>, errors: &FormErrors) -> Markup {
    html! {
        (Field::text("contact", cx.t(T("联系人", "Contact"))).value(typed.text("contact")).error(errors.of("contact")))
        (Field::tel("phone", cx.t(T("联系电话", "Phone"))).value(typed.text("phone")).error(errors.of("phone")))
        (Field::text("region", cx.t(T("区域", "Area"))).value(typed.text("region")).error(errors.of("region")))
        (Field::text("address", cx.t(T("地址", "Address"))).value(typed.text("address")).error(errors.of("address")).full())
    }
}

fn work_fields(cx: &Cx, editing: bool, choices: &Choices, typed: &Typed<'_>, errors: &FormErrors) -> Markup {
    let or = |name: &str, other: &str| {
        Some(typed.text(name)).filter(|t| !t.is_empty()).unwrap_or_else(|| other.to_string())
    };
    let kinds: Vec<(String, String)> = choices
        .kinds
        .iter()
        .filter(|k| k.active)
        .map(|k| (k.code.clone(), k.label(cx.lang).to_string()))
        .collect();
    let option = |(code, label): &(&'static str, T)| (*code, cx.t(*label));
    let priorities =
        [("1", T("低", "low")), ("2", T("中", "medium")), ("3", T("高", "high")), ("4", T("紧急", "urgent"))];
    html! {
        (Field::select("kind", cx.t(T("工种", "Kind of work"))).options(kinds).value(or("kind", "repair_minor")).error(errors.of("kind")))
        (Field::select("mode", cx.t(T("方式", "Mode"))).options(Mode::OPTIONS.iter().map(option)).value(or("mode", "on_site")))
        (Field::select("warranty", cx.t(T("保修类别", "Warranty class"))).blank(cx.t(T("自动判定", "By decision"))).options(WarrantyClass::OPTIONS.iter().map(option)).value(typed.text("warranty")))
        @if typed.on("warranty_set") { (Field::check("warranty_by_decision", cx.t(T("恢复自动判定", "By decision again")))) }
        (Field::chips("priority", cx.t(T("优先级", "Priority"))).options(priorities.iter().map(|(c, l)| (*c, cx.t(*l)))).value(or("priority", "2")).error(errors.of("priority")))
        (Field::check("urgent", cx.t(T("加急服务", "Urgent service"))).checked(typed.on("urgent")))
        (Field::check("continuous", cx.t(T("须连续作业", "Continuous work"))).checked(typed.on("continuous")))
        @if editing { (Field::check("hard", cx.t(T("疑难故障", "Hard to repair"))).checked(typed.on("hard"))) }
        (ui::pair(
            Field::datetime("appointment_from", cx.t(T("预约上门", "Visit from"))).value(typed.time(cx, "appointment_from")).error(errors.of("appointment_from")),
            Field::datetime("appointment_to", cx.t(T("至", "until"))).value(typed.time(cx, "appointment_to")).error(errors.of("appointment_to")),
        ))
        (Field::money("over_quote_limit", cx.t(T("超额通知限额", "Over-quote limit"))).value(typed.money("over_quote_limit")).error(errors.of("over_quote_limit")))
        (Field::date("pickup_on", cx.t(T("取件日期", "Pick-up day"))).value(typed.text("pickup_on")))
        @if !editing { (Field::select("source", cx.t(T("来源", "Source"))).options(super::views::SOURCES.iter().map(option)).value(or("source", "phone")).error(errors.of("source"))) }
        (Field::area("symptom", cx.t(T("故障现象", "Fault")), 3).value(typed.text("symptom")).error(errors.of("symptom")).full())
        (Field::area("demand", cx.t(T("客户要求", "Customer's demand")), 2).value(typed.text("demand")).error(errors.of("demand")).full())
        (Field::area("remark", cx.t(T("备注", "Remark")), 2).value(typed.text("remark")).error(errors.of("remark")).full())
    }
}

/// What the edit form begins with; masked values may be sent back as they are.
pub fn head_values(cx: &Cx, row: &OrderRow) -> Value {
    serde_json::json!({
        "contact": row.contact, "phone": cx.show(&row.phone()), "address": cx.show(&row.address()), "region": row.region,
        "kind": row.kind, "mode": row.mode, "warranty": row.warranty, "warranty_set": row.warranty_set, "priority": row.priority, "urgent": row.urgent,
        "continuous": row.continuous, "hard": row.hard, "over_quote_limit": row.quote_limit, "appointment_from": row.appoint_from,
        "appointment_to": row.appoint_to, "pickup_on": row.pickup_on, "symptom": row.symptom, "demand": row.demand,
        "remark": row.remark,
    })
}
