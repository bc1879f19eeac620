//! Markup of items.

use kernel::T;
use kit::{Cx, FormErrors};
use maud::{Markup, html};
use pricing::api::WorkKind;
use products::api::ComponentGroup;
use serde_json::Value;
use ui::{Field, Form};

use crate::order::{
    forms::Typed,
    model::{OrderRow, OrderUnit},
};

/// The dialog of an item: new, or a change.
pub fn dialog(
    cx: &Cx,
    order: &OrderRow,
    item: Option<&OrderUnit>,
    kinds: &[WorkKind],
    groups: &[ComponentGroup],
    typed: &Value,
    errors: &FormErrors,
) -> Markup {
    let typed = Typed(typed);
    let base = format!("/orders/{}/units", order.id);
    let (title, action) = match item {
        Some(item) => (T("修改故障项", "Change the item"), format!("{base}/{}", item.id)),
        None => (T("添加设备或故障项", "Add a unit or fault"), base),
    };
    let or = |name: &str, other: &str| {
        Some(typed.text(name)).filter(|text| !text.is_empty()).unwrap_or_else(|| other.to_string())
    };
    // A known unit shows which it is; of one that is not known only what was said of it, so that nothing is sent as typed.
    let shown = match item {
        Some(item) if item.unit_id.is_some() => format!("{} {}", item.model_name, item.serial),
        Some(item) => item.serial.clone(),
        None => String::new(),
    };
    let model = item.and_then(|item| item.model_id).map(|id| id.to_string()).unwrap_or_default();
    let unit = item.and_then(|item| item.unit_id).map(|id| id.to_string()).unwrap_or_default();
    let kinds = kinds.iter().filter(|kind| kind.active).map(|kind| (kind.code.clone(), kind.label(cx.lang)));
    let from = format!("/units/suggest?customer={}", order.customer_id);
    ui::modal_form(
        cx.lang,
        cx.t(title),
        Form::post(action, cx.form_key()),
        cx.t(T("保存", "Save")),
        html! {
            (errors.summary(cx.lang))
            (ui::fields(html! {
                (Field::combo("unit_id", cx.t(T("设备（序列号）", "Unit (serial)")), &from).value(or("unit_id", &unit)).shown(or("serial", shown.trim()))
                    .placeholder(cx.t(T("序列号、车牌；新设备直接输入", "Serial number; type a new one"))).error(errors.of("unit_id").or_else(|| errors.of("serial"))).wide().scan(cx.lang))
                (Field::combo("model_id", cx.t(T("产品型号（新设备）", "Model (of a new unit)")), "/models/suggest").value(or("model_id", &model)).shown(or("model", item.map_or("", |item| &item.model_name)))
                    .placeholder(cx.t(T("新型号直接输入", "Type a new one"))).error(errors.of("model_id").or_else(|| errors.of("model"))).wide())
                (Field::select("work_kind", cx.t(T("工种", "Kind of work"))).options(kinds).value(or("work_kind", item.map_or(&order.kind, |item| &item.work_kind))).error(errors.of("work_kind")))
                @let kept = item.map_or("", |item| item.group_code.as_str());
                // A group that the model does not name any more stays what it was until somebody chooses another.
                @let gone = (!kept.is_empty() && !groups.iter().any(|group| group.code == kept)).then(|| (kept.to_string(), kept.to_string()));
                @if !groups.is_empty() || gone.is_some() {
                    (Field::select("group_code", cx.t(T("部件组", "Component group"))).blank(cx.t(T("整机", "The whole unit")))
                        .options(groups.iter().map(|group| (group.code.clone(), group.name.clone())).chain(gone)).value(or("group_code", kept))
                        .hint(cx.t(T("各部件组可有不同保修条款", "Groups may have terms of their own"))).error(errors.of("group_code")))
                }
                (Field::area("fault", cx.t(T("故障现象", "Fault")), 3).value(or("fault", item.map_or("", |item| &item.fault))).error(errors.of("fault")).full())
            }))
        },
    )
}
