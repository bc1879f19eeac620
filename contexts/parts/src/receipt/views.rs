//! Markup of receipts.

use kernel::T;
use kit::{Cx, FormErrors, format};
use maud::{Markup, html};
use ui::{Btn, Col, Def, Detail, Field, Form, Row, Table, Tone};

use super::model::{ReceiptInput, ReceiptKind, ReceiptLineInput, ReceiptOut, ReceiptState};
use crate::{
    depot::model::DepotRow,
    perms::STOCK_EDIT,
    stock::model::StockState,
    widgets::{self, depot_field, options, part_field, qty_value},
};

/// A receipt on one screen.
pub fn receipt_page(cx: &Cx, out: &ReceiptOut, side: Markup, errors: &FormErrors) -> Markup {
    let crumbs = [(cx.t(T("入库单", "Receipts")), Some("/receipts")), (out.no.as_str(), None)];
    let posted = out.state == ReceiptState::Posted;
    let body = html! {
        (errors.summary(cx.lang))
        @if !posted { (ui::alert(Tone::Amber, html! { (cx.t(T("已冲销：", "Reversed: "))) (out.reversed_reason) })) }
        (ui::section(cx.t(T("来源", "Where from")), html! {}, ui::dl(&[
            Def::new(cx.t(T("仓库", "Depot")), ui::link(&format!("/depots/{}", out.depot_id), &out.depot)),
            Def::new(cx.t(T("供应商", "Supplier")), text(&out.supplier)),
            Def::new(cx.t(T("来源单号", "Their number")), match out.purchase_id {
                Some(id) => ui::link(&format!("/purchases/{id}"), &out.source_no),
                None => text(&out.source_no),
            }),
            Def::new(cx.t(T("送货人", "Delivered by")), text(&out.deliverer)),
            Def::new(cx.t(T("时间", "When")), ui::num(format::time(cx, out.at))),
            Def::new(cx.t(T("备注", "Remarks")), text(&out.note)).wide(),
        ])))
        (ui::section(cx.t(T("明细", "Lines")), html! {}, lines(cx, out)))
        @if posted && cx.can(&STOCK_EDIT) { (ui::section(cx.t(T("冲销", "Reverse")), html! {}, reverse_form(cx, out, errors))) }
    };
    let detail = Detail {
        meta: html! { (ui::tag(Tone::Blue, cx.t(out.kind.label()))) (ui::tag(if posted { Tone::Green } else { Tone::Neutral }, cx.t(out.state.label()))) },
        side: Some(side),
        ..Detail::new(&crumbs, &out.no, body)
    };
    ui::detail_view(cx.lang, &detail)
}

fn text(value: &str) -> Markup {
    ui::or_none(Some(value).filter(|v| !v.is_empty()))
}

fn lines(cx: &Cx, out: &ReceiptOut) -> Markup {
    let right = |zh, en| Col::new(cx.t(T(zh, en))).right();
    let cols = vec![
        Col::new(cx.t(T("编码", "Code"))),
        Col::new(cx.t(T("名称", "Name"))),
        Col::new(cx.t(T("状态", "State"))),
        right("实收", "Accepted"),
        right("拒收", "Refused"),
        right("单位成本", "Unit cost"),
        right("金额", "Cost"),
        Col::new(cx.t(T("合格证/批次", "Certificate"))),
        Col::new(cx.t(T("退旧件", "Old part due"))),
    ];
    let rows = out
        .lines
        .iter()
        .map(|line| {
            let due = if line.old_part_due { T("是", "yes") } else { T("否", "no") };
            Row::new(
                line.id,
                line.code.clone(),
                vec![
                    ui::id_link(&format!("/parts/{}", line.part_id), &line.code),
                    html! { (line.name) },
                    html! { (cx.t(line.state.label())) },
                    html! { (line.quantity) },
                    html! { @if line.rejected.is_zero() { "0" } @else { (ui::red(line.rejected.to_string())) " " (ui::muted(&line.reject_reason)) } },
                    widgets::cost(line.unit_cost),
                    widgets::cost(line.cost),
                    text(&line.certificate),
                    html! { (cx.t(due)) },
                ],
            )
        })
        .collect();
    ui::small_table(&Table::new(cx.t(T("明细", "Lines")), cols, rows).min_width("52rem"))
}

fn reverse_form(cx: &Cx, out: &ReceiptOut, errors: &FormErrors) -> Markup {
    let question =
        cx.t(T("冲销后这张入库单的数量将从库存中减去。", "Its quantities will be taken out of stock again."));
    Form::post(format!("/receipts/{}/reverse", out.id), cx.form_key()).body(html! {
        (ui::fields(html! { (Field::text("reason", cx.t(T("原因", "Why"))).error(errors.of("reason")).required().wide()) }))
        (ui::form_buttons(&[Btn::new(cx.t(T("冲销", "Reverse"))).danger().attr("type", "submit").confirm(question)]))
    })
}

/// The form of a receipt: a scanner adds line after line.
pub fn receipt_form(cx: &Cx, given: &ReceiptInput, depots: &[DepotRow], errors: &FormErrors) -> Markup {
    let title = cx.t(T("入库", "Receive goods"));
    let heads = [
        T("配件", "Part"),
        T("实收数量", "Accepted"),
        T("状态", "State"),
        T("单位成本", "Unit cost"),
        T("合格证/批次", "Certificate"),
        T("拒收", "Refused"),
        T("拒收原因", "Why refused"),
        T("退旧件", "Old part due"),
    ];
    let rows = given.lines.iter().enumerate().map(|(n, line)| line_fields(cx, n, line, errors)).collect();
    let text = |name: &str, label: T, value: &str| {
        Field::text(name, cx.t(label)).value(value).error(errors.of(name))
    };
    let body = html! {
        (errors.summary(cx.lang))
        @if let Some(id) = given.purchase_id { (ui::hidden("purchase_id", id)) }
        (ui::fieldset(cx.t(T("扫码入库", "Scan")), cx.t(T("逐件核对名称、数量、规格与合格证", "Check name, number, specification and certificate piece by piece")), widgets::scan_bar(cx, errors, &given.unknown)))
        (ui::fieldset(cx.t(T("来源", "Where from")), "", html! {
            (Field::chips("kind", cx.t(T("类别", "Kind"))).options(options(cx, ReceiptKind::OPTIONS)).value(given.kind.as_str()).wide())
            (depot_field(cx, "depot_id", T("仓库", "Depot"), depots, Some(given.depot_id), errors))
            (text("supplier", T("供应商/来源", "Supplier"), &given.supplier))
            (text("source_no", T("送货单/申请单号", "Delivery note or request"), &given.source_no))
            (text("deliverer", T("送货人", "Delivered by"), &given.deliverer))
            (text("note", T("备注", "Remarks"), &given.note).wide())
        }))
        (widgets::lines(cx, &heads, rows))
        (ui::form_actions(cx.lang, cx.t(T("入库", "Receive")), Some("/receipts")))
    };
    let form = Form::post("/receipts/new", cx.form_key()).body(body);
    ui::form_page(
        cx.lang,
        &[(cx.t(T("入库单", "Receipts")), Some("/receipts")), (title, None)],
        title,
        "",
        form,
        None,
    )
}

fn line_fields(cx: &Cx, n: usize, line: &ReceiptLineInput, errors: &FormErrors) -> Vec<Markup> {
    let name = |field: &str| format!("lines.{n}.{field}");
    let err = |field: &str| errors.of(&name(field));
    let due = [("true", cx.t(T("是", "yes"))), ("false", cx.t(T("否", "no")))];
    let states: Vec<_> =
        options(cx, StockState::OPTIONS).into_iter().filter(|(code, _)| *code != "in_transit").collect();
    vec![
        html! { (part_field(cx, &name("part"), &line.part, &line.part_text, errors).bare()) },
        html! { (Field::number(&name("quantity"), cx.t(T("数量", "Quantity"))).value(qty_value(line.quantity)).error(err("quantity")).bare()) },
        html! { (Field::select(&name("state"), cx.t(T("状态", "State"))).options(states).blank(cx.t(T("按类别", "By kind"))).maybe(line.state.map(StockState::as_str)).bare()) },
        html! { (Field::number(&name("unit_cost"), cx.t(T("单位成本", "Unit cost"))).maybe(line.unit_cost.map(|m| m.fmt_plain())).placeholder(cx.t(T("标准成本", "standard"))).error(err("unit_cost")).bare()) },
        html! { (Field::text(&name("certificate"), cx.t(T("合格证/批次", "Certificate"))).value(&line.certificate).bare()) },
        html! { (Field::number(&name("rejected"), cx.t(T("拒收", "Refused"))).value(qty_value(line.rejected)).error(err("rejected")).bare()) },
        html! { (Field::text(&name("reject_reason"), cx.t(T("拒收原因", "Why refused"))).value(&line.reject_reason).error(err("reject_reason")).bare()) },
        html! { (Field::select(&name("old_part_due"), cx.t(T("须退旧件", "Old part due"))).options(due).blank(cx.t(T("按配件", "As the part"))).maybe(line.old_part_due).bare()) },
    ]
}
