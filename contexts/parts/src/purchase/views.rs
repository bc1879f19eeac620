//! Markup of purchase requisitions.

use kernel::T;
use kit::{Cx, FormErrors, format};
use maud::{Markup, html};
use ui::{Btn, Def, Detail, Field, Form, Tone};

use super::model::{PurchaseInput, PurchaseOut, PurchaseState};
use crate::{
    depot::model::DepotRow,
    perms::{PURCHASE_ORDER, PURCHASE_WRITE, STOCK_RECEIVE},
    widgets::{depot_field, part_field, qty_value},
};

const TITLE: T = T("采购申请", "Purchases");

fn text(value: &str) -> Markup {
    ui::or_none(Some(value).filter(|v| !v.is_empty()))
}

/// A requisition on one screen.
pub fn purchase_page(cx: &Cx, out: &PurchaseOut, side: Markup, errors: &FormErrors) -> Markup {
    let crumbs = [(cx.t(TITLE), Some("/purchases")), (out.no.as_str(), None)];
    let day = |day: Option<kernel::Date>| ui::or_none(day.map(|d| d.to_string()).as_deref());
    let ordered = out.state == PurchaseState::Ordered;
    let open = ordered || out.state == PurchaseState::Draft;
    let may_cancel = open && cx.can(&PURCHASE_WRITE) && (!ordered || cx.can(&PURCHASE_ORDER));
    let body = html! {
        (errors.summary(cx.lang))
        @if !out.reason.is_empty() { (ui::alert(Tone::Amber, html! { (cx.t(T("已取消：", "Cancelled: "))) (out.reason) })) }
        (ui::section(cx.t(T("内容", "What")), html! {}, ui::dl(&[
            Def::new(cx.t(T("配件", "Part")), html! { (ui::id_link(&format!("/parts/{}", out.part_id), &out.code)) " " (out.name) }),
            Def::new(cx.t(T("数量", "Quantity")), html! { (out.quantity) " " (out.unit) }),
            Def::new(cx.t(T("已到货", "Received")), html! { (out.received) " " (out.unit) }),
            Def::new(cx.t(T("仓库", "Depot")), ui::link(&format!("/depots/{}", out.depot_id), &out.depot)),
            Def::new(cx.t(T("来源单号", "For")), text(&out.source_no)),
            Def::new(cx.t(T("需要日期", "Needed on")), day(out.wanted_on)),
            Def::new(cx.t(T("供应商", "Supplier")), text(&out.supplier)),
            Def::new(cx.t(T("预计到货", "Expected")), day(out.expected_on)),
            Def::new(cx.t(T("申请时间", "Asked")), ui::num(format::time(cx, out.at))),
            Def::new(cx.t(T("备注", "Remarks")), text(&out.note)).wide(),
        ])))
        @if out.state == PurchaseState::Draft && cx.can(&PURCHASE_ORDER) {
            (ui::section(cx.t(T("下采购单", "Order")), html! {}, order_form(cx, out, errors)))
        }
        @if may_cancel { (ui::section(cx.t(T("取消", "Cancel")), html! {}, cancel_form(cx, out, errors))) }
    };
    let tone = match out.state {
        PurchaseState::Draft => Tone::Amber,
        PurchaseState::Ordered => Tone::Blue,
        PurchaseState::Received => Tone::Green,
        PurchaseState::Cancelled => Tone::Neutral,
    };
    let receive = Btn::link(cx.t(T("到货入库", "Receive")), format!("/receipts/new?purchase_id={}", out.id));
    let detail = Detail {
        meta: ui::tag(tone, cx.t(out.state.label())),
        actions: html! { @if ordered && cx.can(&STOCK_RECEIVE) { (receive.icon("package-import").primary()) } },
        side: Some(side),
        ..Detail::new(&crumbs, &out.no, body)
    };
    ui::detail_view(cx.lang, &detail)
}

fn order_form(cx: &Cx, out: &PurchaseOut, errors: &FormErrors) -> Markup {
    Form::post(format!("/purchases/{}/order", out.id), cx.form_key()).body(html! {
        (ui::fields(html! {
            (Field::text("supplier", cx.t(T("供应商", "Supplier"))).error(errors.of("supplier")).required())
            (Field::date("expected_on", cx.t(T("预计到货", "Expected"))).maybe(out.wanted_on).error(errors.of("expected_on")))
        }))
        (ui::form_buttons(&[Btn::submit(cx.t(T("下采购单", "Order"))).icon("truck-delivery")]))
    })
}

fn cancel_form(cx: &Cx, out: &PurchaseOut, errors: &FormErrors) -> Markup {
    Form::post(format!("/purchases/{}/cancel", out.id), cx.form_key()).body(html! {
        (ui::fields(html! { (Field::text("reason", cx.t(T("原因", "Why"))).error(errors.of("reason")).required().wide()) }))
        (ui::form_buttons(&[Btn::new(cx.t(T("取消申请", "Cancel it"))).danger().attr("type", "submit")]))
    })
}

/// The form of a requisition.
pub fn purchase_form(cx: &Cx, given: &PurchaseInput, depots: &[DepotRow], errors: &FormErrors) -> Markup {
    let title = cx.t(T("申请采购", "Ask to buy"));
    let body = html! {
        (errors.summary(cx.lang))
        (ui::fieldset("", "", html! {
            (part_field(cx, "part", &given.part, &given.part_text, errors).wide())
            (Field::number("quantity", cx.t(T("数量", "Quantity"))).value(qty_value(given.quantity)).error(errors.of("quantity")).required())
            (depot_field(cx, "depot_id", T("仓库", "Depot"), depots, given.depot_id, errors))
            (Field::date("wanted_on", cx.t(T("需要日期", "Needed on"))).maybe(given.wanted_on).error(errors.of("wanted_on")))
            (Field::text("source_no", cx.t(T("来源单号（工单、请求）", "For which order"))).value(&given.source_no).error(errors.of("source_no")))
            (Field::text("note", cx.t(T("备注", "Remarks"))).value(&given.note).error(errors.of("note")).wide())
        }))
        (ui::form_actions(cx.lang, cx.t(T("提交申请", "Submit")), Some("/purchases")))
    };
    let form = Form::post("/purchases/new", cx.form_key()).body(body);
    ui::form_page(cx.lang, &[(cx.t(TITLE), Some("/purchases")), (title, None)], title, "", form, None)
}
