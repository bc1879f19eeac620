//! Histories on the pages of units and customers, and over the API.

use axum::{Json, response::Response};
use kernel::{Id, T};
use kit::{
    Cx, Result,
    attachments::Attachment,
    extract::{Beside, Path, Query},
    format,
};
use ui::{Card, Col, Markup, Row, Table, Tone, html};
use warranty::api::Cause;

use super::{
    model::{HistoryLine, HistoryOut},
    service,
};
use crate::order::{clocks::short, model::CallbackClass};

pub async fn list_of_customer(cx: Cx, Path(id): Path<Id>) -> Result<Json<HistoryOut>> {
    service::of_customer(&cx, id).await.map(Json)
}

pub async fn list_of_unit(cx: Cx, Path(id): Path<Id>) -> Result<Json<HistoryOut>> {
    service::of_unit(&cx, id).await.map(Json)
}

/// A fragment of the customer's page.
pub async fn of_customer(cx: Cx, Path(id): Path<Id>, Query(side): Query<Beside>) -> Result<Response> {
    let history = service::of_customer(&cx, id).await?;
    if let Some(doc) = side.beside {
        return Ok(cx.fragment(beside(&cx, &history.items, doc)));
    }
    Ok(cx.fragment(table(&cx, &history.items, true)))
}

/// A fragment of the unit's page.
pub async fn of_unit(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    let history = service::of_unit(&cx, id).await?;
    Ok(cx.fragment(table(&cx, &history.items, false)))
}

pub async fn list_photos_of_unit(cx: Cx, Path(id): Path<Id>) -> Result<Json<Vec<Attachment>>> {
    service::photos_of_unit(&cx, id).await.map(Json)
}

/// A fragment of the unit's page: what its orders' pictures showed (PROD-18).
pub async fn photos_of_unit(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    let items: Vec<(String, String, Option<String>, String)> = service::photos_of_unit(&cx, id)
        .await?
        .into_iter()
        .map(|file| {
            let href = format!("/files/{}", file.id);
            let thumb = file.picture();
            (file.name, href, thumb, format::date(&cx, file.created_at))
        })
        .collect();
    let part = html! {
        div id="part-photos" {
            @if items.is_empty() { (ui::muted(cx.t(T("还没有现场照片", "No pictures yet")))) } @else { (ui::attachments(&items)) }
        }
    };
    if cx.req.partial {
        Ok(cx.fragment(part))
    } else {
        cx.page(cx.t(T("现场照片", "Pictures of faults")), part).await
    }
}

/// Number, fault and date of the customer's other orders, for a narrow panel.
fn beside(cx: &Cx, lines: &[HistoryLine], doc: Id) -> Markup {
    let line = |line: &HistoryLine| {
        let date = format::date(cx, line.done_at.unwrap_or(line.created_at));
        (line.no.clone(), format!("/orders/{}", line.id), short(&line.fault, 20), date)
    };
    let items: Vec<_> = lines.iter().filter(|line| line.id != doc).take(5).map(line).collect();
    html! { div id="part-orders" { @if !items.is_empty() { (ui::recent(&items)) } } }
}

/// Few columns of two lines each, so that everything stands beside one another on a desk; the customer's page names the
/// unit too.
fn table(cx: &Cx, lines: &[HistoryLine], of_customer: bool) -> Markup {
    let mut cols = vec![
        Col::new(cx.t(T("工单号", "Number"))).card(Card::Id),
        Col::new(cx.t(T("状态", "State"))).card(Card::End),
    ];
    if of_customer {
        cols.push(Col::new(cx.t(T("设备", "Unit"))));
    }
    cols.extend([
        Col::new(cx.t(T("故障与原因", "Fault and cause"))).card(Card::Title),
        Col::new(cx.t(T("处理结果与备件", "Result and parts"))),
        Col::new(cx.t(T("工种与工程师", "Kind of work, engineer"))),
        Col::new(cx.t(T("费用 / 应付", "Amount / payable"))).right(),
        Col::new(cx.t(T("满意度", "Satisfaction"))),
    ]);
    let rows = lines.iter().map(|line| row(cx, line, of_customer)).collect();
    let empty = ui::empty("clipboard-list", cx.t(T("还没有服务工单", "No service orders yet")), "", None);
    let table =
        Table::new(cx.t(T("服务历史", "Service history")), cols, rows).empty(empty).min_width("46rem");
    html! { div id="part-orders" { (ui::small_table(&table)) } }
}

fn row(cx: &Cx, line: &HistoryLine, of_customer: bool) -> Row {
    let date = format::date(cx, line.done_at.unwrap_or(line.created_at));
    let cause = Cause::parse(&line.cause).map_or("", |cause| cx.t(cause.label()));
    let cause: Vec<String> = [cause.to_string(), short(&line.root_cause, 40)]
        .into_iter()
        .filter(|text| !text.is_empty())
        .collect();
    let parts = line
        .parts
        .iter()
        .map(|part| format!("{} × {}", part.name, part.quantity))
        .collect::<Vec<_>>()
        .join("，");
    let mut cells = vec![
        ui::two_lines(ui::id_link(&format!("/orders/{}", line.id), &line.no), ui::num(date)),
        ui::st(line.state.look(), cx.t(line.state.label())),
    ];
    if of_customer {
        cells.push(unit(line));
    }
    cells.extend([
        ui::two_lines(short(&line.fault, 60), cause.join(cx.t(T("：", ": ")))),
        if line.result.is_empty() && parts.is_empty() {
            ui::none()
        } else {
            ui::two_lines(short(&line.result, 60), parts)
        },
        ui::two_lines(&line.kind_name, &line.engineer_name),
        ui::two_lines(format::money(line.gross), format::money(line.payable)),
        satisfaction(cx, line),
    ]);
    Row::new(line.id, &line.no, cells)
}

fn text(text: &str) -> Markup {
    if text.is_empty() {
        ui::none()
    } else {
        html! { (short(text, 60)) }
    }
}

fn unit(line: &HistoryLine) -> Markup {
    match line.unit_id {
        Some(id) => ui::two_lines(ui::link(&format!("/units/{id}"), &line.model_name), &line.serial),
        None => text(&line.model_name),
    }
}

fn satisfaction(cx: &Cx, line: &HistoryLine) -> Markup {
    let class = CallbackClass::parse(&line.callback_class);
    let score = line.score.map(|score| format!("{score} {}", cx.t(T("分", "of 100"))));
    let tag = class.map(|class| {
        let tone = if class == CallbackClass::Satisfied { Tone::Green } else { Tone::Red };
        ui::tag(tone, cx.t(class.label()))
    });
    match (tag, score) {
        (Some(tag), Some(score)) => ui::two_lines(tag, score),
        (Some(tag), None) => tag,
        (None, Some(score)) => ui::num(score),
        (None, None) => ui::none(),
    }
}
