//! Reading histories.

use std::collections::HashMap;

use kernel::{Id, Lang};
use kit::{Cx, Result, attachments::Attachment};

use super::{
    model::{HistoryLine, HistoryOut, HistoryPart, HistoryRow},
    store,
};
use crate::perms::ORDER_READ;

/// What was done for a customer, as far as the caller may see it (CUST-01).
pub async fn of_customer(cx: &Cx, id: Id) -> Result<HistoryOut> {
    let scope = cx.scope(&ORDER_READ)?;
    let mut conn = cx.read().await?;
    let rows = store::select_of_customer(&mut conn, &scope, id).await?;
    told(cx, &mut conn, rows, None).await
}

/// What was done to a unit, as far as the caller may see it (PROD-03).
pub async fn of_unit(cx: &Cx, id: Id) -> Result<HistoryOut> {
    let scope = cx.scope(&ORDER_READ)?;
    let mut conn = cx.read().await?;
    let rows = store::select_of_unit(&mut conn, &scope, id).await?;
    told(cx, &mut conn, rows, Some(id)).await
}

async fn told(cx: &Cx, conn: &mut db::Conn, rows: Vec<HistoryRow>, unit: Option<Id>) -> Result<HistoryOut> {
    let ids: Vec<Id> = rows.iter().map(|row| row.id).collect();
    let mut parts: HashMap<Id, Vec<HistoryPart>> = HashMap::new();
    for part in store::select_parts(conn, &ids, unit).await? {
        let used = HistoryPart { code: part.code, name: part.name, quantity: part.quantity };
        parts.entry(part.order_id).or_default().push(used);
    }
    cx.count(conn);
    let items = rows.into_iter().map(|row| {
        let parts = parts.remove(&row.id).unwrap_or_default();
        line(cx.lang, row, parts)
    });
    Ok(HistoryOut { items: items.collect() })
}

fn line(lang: Lang, row: HistoryRow, parts: Vec<HistoryPart>) -> HistoryLine {
    let english = lang == Lang::En && !row.kind_en.is_empty();
    HistoryLine {
        id: row.id,
        no: row.no,
        state: row.state,
        kind: row.kind,
        kind_name: if english { row.kind_en } else { row.kind_zh },
        unit_id: row.unit_id,
        model_name: row.model_name,
        serial: row.serial,
        fault: row.fault,
        cause: row.cause,
        root_cause: row.root_cause,
        result: row.result,
        parts,
        gross: row.gross,
        payable: row.payable,
        engineer_name: row.engineer_name,
        callback_class: row.callback_class,
        score: row.score,
        created_at: row.created_at,
        done_at: row.done_at,
    }
}

/// Pictures and videos of a unit's orders, as far as the caller may see those (PROD-18).
pub async fn photos_of_unit(cx: &Cx, unit: Id) -> Result<Vec<Attachment>> {
    let scope = cx.scope(&ORDER_READ)?;
    let mut conn = cx.read().await?;
    let photos = store::select_photos(&mut conn, &scope, unit).await?;
    cx.count(&conn);
    Ok(photos)
}
