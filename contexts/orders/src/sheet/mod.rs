//! The five sheets of an order, printed from the same data (WO-06): intake, dispatch, completion, callback, audit.

pub mod hand_over;
mod print;

use std::collections::{BTreeMap, BTreeSet};

use axum::{Json, extract::RawQuery, response::Response};
use db::Conn;
use kernel::{Id, RuleError, T};
use kit::extract::Path;
use kit::{
    Access, Cx, Error, Result, Routes,
    attachments::{self, Attachment},
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    line,
    order::{model::OrderRow, out::OrderFull, service, store},
    perms::ORDER_READ,
};

/// Orders whose sheets are printed at once.
const MOST_SHEETS: usize = 50;

/// Codes and titles, in the order of the chain.
pub const SHEETS: &[(&str, T)] = &[
    ("intake", T("前台接单", "Intake sheet")),
    ("dispatch", T("派工单", "Dispatch sheet")),
    ("completion", T("完工单", "Completion sheet")),
    ("callback", T("回访单", "Callback sheet")),
    ("audit", T("审核单", "Audit sheet")),
];

/// Pages.
pub fn routes(routes: Routes) -> Routes {
    let routes = routes.page("/orders/sheets/{sheet}", Access::Perm(&ORDER_READ), sheets);
    routes.page("/orders/{id}/sheets/{sheet}", Access::Perm(&ORDER_READ), sheet).api_get::<SheetOut, _, _>(
        "/orders/{id}/sheets/{sheet}",
        Access::Perm(&ORDER_READ),
        T("单据数据", "Data of a sheet"),
        sheet_json,
    )
}

/// A sheet as data: the order under the sheet's title.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct SheetOut {
    /// Code of the sheet.
    pub sheet: String,
    /// Its title.
    pub title: String,
    /// Everything that is printed on it.
    pub order: OrderFull,
    /// Address of the customer's signature, if there is one.
    pub signature: Option<String>,
}

fn title_of(code: &str) -> Result<T> {
    SHEETS.iter().find(|(known, _)| *known == code).map(|(_, title)| *title).ok_or(Error::NotFound)
}

async fn sheet_json(cx: Cx, Path((id, code)): Path<(Id, String)>) -> Result<Json<SheetOut>> {
    let title = cx.t(title_of(&code)?).to_string();
    let order = service::get(&cx, id).await?;
    let mut conn = cx.read().await?;
    let row = store::get_order(&mut conn, id).await?;
    let files = files_of(&mut conn, &row).await?;
    Ok(Json(SheetOut { sheet: code, title, order, signature: signature_of(&files) }))
}

/// Files of an order and of its process, oldest first.
async fn files_of(conn: &mut Conn, row: &OrderRow) -> Result<Vec<Attachment>> {
    let mut files = attachments::of_doc(conn, "order", row.id).await?;
    if let Some(run) = row.run_id {
        files.extend(attachments::of_doc(conn, "document", run).await?);
        files.sort_by_key(|file| (file.created_at, file.id));
    }
    Ok(files)
}

/// The last signature given.
fn signature_of(files: &[Attachment]) -> Option<String> {
    files.iter().rev().find(|file| file.label == "signature").map(|file| format!("/files/{}", file.id))
}

/// Everything that the sheets of an order print.
///
/// Errors: 404 out of reach.
async fn data_of(cx: &Cx, id: Id, code: &str) -> Result<print::Sheet> {
    let mut conn = cx.read().await?;
    let row = store::get_order(&mut conn, id).await?;
    cx.authorize(&ORDER_READ, &row)?;
    let files = files_of(&mut conn, &row).await?;
    let signature = signature_of(&files);
    let lines = line::store::select_lines(&mut conn, id).await?;
    let mut depots = BTreeMap::new();
    for depot in lines.iter().filter_map(|line| line.depot_id).collect::<BTreeSet<Id>>() {
        depots.insert(depot, parts::api::depot(&mut conn, depot).await?.name);
    }
    let data = print::Sheet {
        depots,
        lines,
        kind: pricing::api::find_work_kind(&mut conn, &row.kind).await?,
        units: store::select_units(&mut conn, id).await?,
        steps: store::select_steps(&mut conn, id).await?,
        shares: service::shares_of(&row, store::select_shares(&mut conn, id).await?),
        signature,
        hand_over: hand_over::load(&mut conn, row.id).await?,
        row,
        more: Vec::new(),
    };
    cx.count(&conn);
    drop(conn);
    Ok(print::Sheet { more: kit::sheet_parts(cx, "order", code, id).await?, ..data })
}

async fn sheet(cx: Cx, Path((id, code)): Path<(Id, String)>) -> Result<Response> {
    let title = cx.t(title_of(&code)?);
    let data = data_of(&cx, id, &code).await?;
    let main = print::sheet(&cx, &code, title, &data);
    Ok(cx.sheet(&format!("{title} {}", data.row.no), &format!("/orders/{id}"), main))
}

/// Sheets of the orders ticked in the list, one after another, each on a page of its own.
///
/// Errors: `orders.sheets` for none or more than [`MOST_SHEETS`]; 404 when one of them is out of reach.
async fn sheets(cx: Cx, Path(code): Path<String>, RawQuery(query): RawQuery) -> Result<Response> {
    let title = cx.t(title_of(&code)?);
    let pairs = form_urlencoded::parse(query.as_deref().unwrap_or_default().as_bytes());
    let ids: Vec<Id> = pairs.filter(|(key, _)| key == "ids").filter_map(|(_, id)| id.parse().ok()).collect();
    if ids.is_empty() || ids.len() > MOST_SHEETS {
        let text = T("请勾选 1 到 {most} 张工单", "Tick 1 to {most} orders");
        return Err(RuleError::new("orders.sheets", text).arg("most", MOST_SHEETS).into());
    }
    let mut main = Vec::new();
    for id in ids {
        main.push(print::sheet(&cx, &code, title, &data_of(&cx, id, &code).await?));
    }
    Ok(cx.sheet(title, "/orders", maud::html! { @for sheet in main { (sheet) } }))
}
