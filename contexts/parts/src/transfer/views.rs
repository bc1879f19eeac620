//! Markup of transfers.

use kernel::T;
use kit::{Cx, FormErrors, format};
use maud::{Markup, html};
use ui::{Btn, Col, Def, Detail, Field, Form, Row, Table, Tone};

use super::model::{TransferInput, TransferKind, TransferLineInput, TransferOut, TransferState};
use crate::{
    depot::model::DepotRow,
    perms::STOCK_MOVE,
    stock::model::StockState,
    widgets::{self, depot_field, options, part_field, qty_value},
};

fn tone(state: TransferState) -> Tone {
    match state {
        TransferState::Sent | TransferState::Partly => Tone::Violet,
        TransferState::Received => Tone::Green,
        TransferState::Returned => Tone::Neutral,
    }
}

/// A transfer on one screen.
pub fn transfer_page(cx: &Cx, out: &TransferOut, side: Markup, errors: &FormErrors) -> Markup {
    let crumbs = [(cx.t(T("调拨与领退料", "Transfers")), Some("/transfers")), (out.no.as_str(), None)];
    let open = matches!(out.state, TransferState::Sent | TransferState::Partly);
    let mine = open && cx.can(&STOCK_MOVE);
    let body = html! {
        (errors.summary(cx.lang))
        (ui::section(cx.t(T("流向", "From and to")), html! {}, facts(cx, out)))
        @if mine {
            (ui::section(cx.t(T("收货", "Receive")), html! {}, receive_form(cx, out, errors)))
            (ui::section(cx.t(T("在途信息", "On the way")), html! {}, position_form(cx, out, errors)))
            (ui::section(cx.t(T("退回", "Send back")), html! {}, back_form(cx, out, errors)))
        } @else {
            (ui::section(cx.t(T("明细", "Lines")), html! {}, lines(cx, out)))
        }
    };
    let detail = Detail {
        meta: html! { (ui::tag(Tone::Blue, cx.t(out.kind.label()))) (ui::tag(tone(out.state), cx.t(out.state.label()))) },
        side: Some(side),
        ..Detail::new(&crumbs, &out.no, body)
    };
    ui::detail_view(cx.lang, &detail)
}

fn text(value: &str) -> Markup {
    ui::or_none(Some(value).filter(|v| !v.is_empty()))
}

fn facts(cx: &Cx, out: &TransferOut) -> Markup {
    let depot = |id: &kernel::Id, name: &str| ui::link(&format!("/depots/{id}"), name);
    let due = if out.kind == TransferKind::Draw {
        T("未用退回期限", "Unused back by")
    } else {
        T("预计到达", "Expected")
    };
    ui::dl(&[
        Def::new(cx.t(T("发出", "From")), depot(&out.from_id, &out.from)),
        Def::new(cx.t(T("接收", "To")), depot(&out.to_id, &out.to)),
        Def::new(cx.t(T("发出时间", "Sent")), ui::num(format::time(cx, out.sent_at))),
        Def::new(
            cx.t(T("收到时间", "Received")),
            ui::or_none(out.received_at.map(|at| format::time(cx, at)).as_deref()),
        ),
        Def::new(cx.t(T("承运", "Carrier")), text(&out.carrier)),
        Def::new(cx.t(T("运单号", "Waybill")), text(&out.waybill)),
        Def::new(cx.t(T("位置", "Position")), text(&out.place)),
        Def::new(cx.t(due), ui::or_none(out.due.map(|d| d.to_string()).as_deref())),
        Def::new(cx.t(T("原因", "Why")), text(&out.reason)),
        Def::new(cx.t(T("备注", "Remarks")), text(&out.note)),
    ])
}

fn columns(cx: &Cx) -> Vec<Col> {
    let right = |zh, en| Col::new(cx.t(T(zh, en))).right();
    vec![
        Col::new(cx.t(T("编码", "Code"))),
        Col::new(cx.t(T("名称", "Name"))),
        Col::new(cx.t(T("状态", "State"))),
        right("发出", "Sent"),
        right("收到", "Received"),
        right("退回", "Sent back"),
    ]
}

fn lines(cx: &Cx, out: &TransferOut) -> Markup {
    let mut cols = columns(cx);
    cols.push(Col::new(cx.t(T("成本", "Cost"))).right());
    let rows = out
        .lines
        .iter()
        .map(|line| {
            let mut cells = line_cells(cx, line);
            cells.push(widgets::cost(line.cost));
            Row::new(line.id, line.code.clone(), cells)
        })
        .collect();
    ui::small_table(&Table::new(cx.t(T("明细", "Lines")), cols, rows).min_width("40rem"))
}

fn line_cells(cx: &Cx, line: &super::model::TransferLineOut) -> Vec<Markup> {
    vec![
        ui::id_link(&format!("/parts/{}", line.part_id), &line.code),
        html! { (line.name) },
        html! { (cx.t(line.state.label())) },
        html! { (line.quantity) },
        html! { (line.received) },
        html! { (line.returned) },
    ]
}

fn receive_form(cx: &Cx, out: &TransferOut, errors: &FormErrors) -> Markup {
    let mut cols = columns(cx);
    cols.push(Col::new(cx.t(T("本次收到", "Arrived now"))).right());
    let rows = out
        .lines
        .iter()
        .enumerate()
        .map(|(n, line)| {
            let name = format!("lines.{n}.quantity");
            let mut cells = line_cells(cx, line);
            cells.push(html! {
                (ui::hidden(&format!("lines.{n}.line_id"), line.id))
                (Field::number(&name, cx.t(T("本次收到", "Arrived now"))).value(qty_value(line.open)).error(errors.of(&name)).bare())
            });
            Row::new(line.id, line.code.clone(), cells)
        })
        .collect();
    Form::post(format!("/transfers/{}/receive", out.id), cx.form_key()).body(html! {
        (ui::small_table(&Table::new(cx.t(T("明细", "Lines")), cols, rows).min_width("44rem")))
        (ui::form_buttons(&[Btn::submit(cx.t(T("收货", "Receive"))).icon("package-import")]))
    })
}

fn position_form(cx: &Cx, out: &TransferOut, errors: &FormErrors) -> Markup {
    Form::post(format!("/transfers/{}/position", out.id), cx.form_key()).body(html! {
        (ui::fields(html! {
            (Field::text("carrier", cx.t(T("承运", "Carrier"))).value(&out.carrier))
            (Field::text("waybill", cx.t(T("运单号", "Waybill"))).value(&out.waybill))
            (Field::text("place", cx.t(T("位置", "Position"))).value(&out.place))
            (Field::date("due", cx.t(T("预计到达", "Expected"))).maybe(out.due).error(errors.of("due")))
        }))
        (ui::form_buttons(&[Btn::new(cx.t(T("保存", "Save"))).attr("type", "submit")]))
    })
}

fn back_form(cx: &Cx, out: &TransferOut, errors: &FormErrors) -> Markup {
    let question =
        cx.t(T("未收到的数量将退回发出仓库。", "What was not received goes back to where it came from."));
    Form::post(format!("/transfers/{}/return", out.id), cx.form_key()).body(html! {
        (ui::fields(html! { (Field::text("reason", cx.t(T("原因", "Why"))).error(errors.of("reason")).required().wide()) }))
        (ui::form_buttons(&[Btn::new(cx.t(T("退回", "Send back"))).danger().attr("type", "submit").confirm(question)]))
    })
}

/// The form of a transfer, a draw or a return.
pub fn transfer_form(
    cx: &Cx,
    given: &TransferInput,
    from: &[DepotRow],
    to: &[DepotRow],
    errors: &FormErrors,
) -> Markup {
    let title = cx.t(given.kind.label());
    let heads = [T("配件", "Part"), T("数量", "Quantity"), T("状态", "State")];
    let rows = given.lines.iter().enumerate().map(|(n, line)| line_fields(cx, n, line, errors)).collect();
    let kinds = TransferKind::ALL.iter().map(|k| {
        (cx.t(k.label()).to_string(), format!("/transfers/new?kind={}", k.as_str()), *k == given.kind)
    });
    let moving = given.kind == TransferKind::Move;
    let due = if given.kind == TransferKind::Draw {
        T("未用退回期限", "Unused back by")
    } else {
        T("预计到达", "Expected")
    };
    let body = html! {
        (errors.summary(cx.lang))
        (ui::hidden("kind", given.kind.as_str()))
        (ui::fieldset(cx.t(T("扫码", "Scan")), "", widgets::scan_bar(cx, errors, &given.unknown)))
        (ui::fieldset(cx.t(T("流向", "From and to")), "", html! {
            (depot_field(cx, "from_id", T("发出仓库", "From"), from, Some(given.from_id), errors))
            (depot_field(cx, "to_id", T("接收仓库", "To"), to, Some(given.to_id), errors))
            @if given.kind != TransferKind::ReturnUnused { (Field::date("due", cx.t(due)).maybe(given.due).error(errors.of("due"))) }
            @if moving {
                (Field::text("carrier", cx.t(T("承运", "Carrier"))).value(&given.carrier))
                (Field::text("waybill", cx.t(T("运单号", "Waybill"))).value(&given.waybill))
            }
            (Field::text("reason", cx.t(T("原因", "Why"))).value(&given.reason).wide())
            (Field::text("note", cx.t(T("备注", "Remarks"))).value(&given.note).wide())
        }))
        (widgets::lines(cx, &heads, rows))
        (ui::form_actions(cx.lang, title, Some("/transfers")))
    };
    let form = Form::post("/transfers/new", cx.form_key()).body(body);
    let form = html! { (ui::segmented(cx.t(T("类别", "Kind")), &kinds.collect::<Vec<_>>())) (form) };
    ui::form_page(
        cx.lang,
        &[(cx.t(T("调拨与领退料", "Transfers")), Some("/transfers")), (title, None)],
        title,
        "",
        form,
        None,
    )
}

fn line_fields(cx: &Cx, n: usize, line: &TransferLineInput, errors: &FormErrors) -> Vec<Markup> {
    let name = |field: &str| format!("lines.{n}.{field}");
    let states: Vec<_> =
        options(cx, StockState::OPTIONS).into_iter().filter(|(code, _)| *code != "in_transit").collect();
    vec![
        html! { (part_field(cx, &name("part"), &line.part, &line.part_text, errors).bare()) },
        html! { (Field::number(&name("quantity"), cx.t(T("数量", "Quantity"))).value(qty_value(line.quantity)).error(errors.of(&name("quantity"))).bare()) },
        html! { (Field::select(&name("state"), cx.t(T("状态", "State"))).options(states).blank(cx.t(T("修复件优先", "Repaired first"))).maybe(line.state.map(StockState::as_str)).bare()) },
    ]
}
