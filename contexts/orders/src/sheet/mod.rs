//! The five sheets of an order, printed from the same data (WO-06): intake, dispatch, completion, callback, audit.

mod print;

use axum::{extract::Path, response::Response};
use kernel::{Id, T};
use kit::{Access, Cx, Error, Result, Routes, attachments};

use crate::{
    kind, line,
    order::{service, store},
    perms::ORDER_READ,
};

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
    routes.page("/orders/{id}/sheets/{sheet}", Access::Perm(&ORDER_READ), sheet)
}

async fn sheet(cx: Cx, Path((id, code)): Path<(Id, String)>) -> Result<Response> {
    let title = SHEETS.iter().find(|(known, _)| *known == code).map(|(_, title)| *title).ok_or(Error::NotFound)?;
    let mut conn = cx.read().await?;
    let row = store::get_order(&mut conn, id).await?;
    cx.authorize(&ORDER_READ, &row)?;
    let files = attachments::of_doc(&mut conn, "order", id).await?;
    let signature = files.iter().rev().find(|file| file.label == "signature").map(|file| format!("/files/{}", file.id));
    let data = print::Sheet {
        kind: kind::store::find(&mut conn, &row.kind).await?,
        units: store::select_units(&mut conn, id).await?,
        lines: line::store::select_lines(&mut conn, id).await?,
        steps: store::select_steps(&mut conn, id).await?,
        shares: service::shares_of(&row, store::select_shares(&mut conn, id).await?),
        signature,
        row,
    };
    cx.count(&conn);
    drop(conn);
    let main = print::sheet(&cx, &code, cx.t(title), &data);
    Ok(cx.sheet(&format!("{} {}", cx.t(title), data.row.no), &format!("/orders/{id}"), main))
}
