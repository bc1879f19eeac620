//! Reading an order for the site, and the few things around it that orders do not do.

use kernel::{Id, RuleError, T};
use kit::{Cx, DocRef, Error, Result, Sens, attachments, begin};
use orders::api::{ORDER_WORK, OrderBrief};
use serde_json::json;

use super::{
    model::{CheckSeen, FieldOrder, UnitSeen},
    rules, store,
};
use crate::{report, settings::MAP_URL};

/// Everything of an order that an engineer needs on site; 404 when it is not theirs. 13 statements at most.
pub async fn job(cx: &Cx, id: Id) -> Result<FieldOrder> {
    let order = orders::api::get(cx, id).await?;
    let head = &order.order;
    let progress = rules::progress(&order.steps);
    let next = rules::next(head.state, head.mode.travels(), progress, head.over_quote);
    let mut conn = cx.read().await?;
    let (mut unit, mut notes, mut history) = (None, Vec::new(), Vec::new());
    if let Some(unit_id) = head.unit_id {
        unit = Some(products::api::unit(&mut conn, unit_id).await?);
        notes = products::api::open_notes(&mut conn, unit_id).await?;
        history = store::select_history(&mut conn, head.customer_id, unit_id, id).await?;
    }
    let reports = report::store::select_reports(&mut conn, id).await?;
    let check = report::store::find_check(&mut conn, id).await?;
    let began = rules::round_began(&order.steps);
    let check = check.filter(|row| began.is_none_or(|began| row.at >= began)).map(|row| CheckSeen {
        at: row.at,
        ticked: serde_json::from_str(&row.ticked).unwrap_or_default(),
        missing: serde_json::from_str(&row.missing).unwrap_or_default(),
    });
    let files = attachments::of_doc(&mut conn, "order", id).await?;
    let van = match cx.actor()?.staff {
        Some(staff) => parts::api::van_of(&mut conn, staff).await?,
        None => None,
    };
    cx.count(&conn);
    let unit = unit.map(|unit| UnitSeen {
        id: unit.id,
        no: unit.no,
        serial: unit.serial,
        model_name: unit.model_name,
        purchase_date: unit.purchase_date,
        install_date: unit.install_date,
        place: cx.mask(Sens::Address, &unit.place),
    });
    Ok(FieldOrder { order, next, progress, unit, notes, history, reports, check, files, van })
}

/// What the order would say to a completion, without completing anything: the transaction is dropped.
pub async fn try_complete(cx: &Cx, id: Id, command: &orders::api::Complete) -> Result<()> {
    let mut tx = begin!(cx, "field.try_complete", &(id, command));
    orders::api::complete_in(&mut tx, id, command, None).await.map(drop)
}

/// The order, if the caller works on it.
async fn mine(cx: &Cx, id: Id) -> Result<OrderBrief> {
    let mut conn = cx.read().await?;
    let order = orders::api::brief(&mut conn, id).await?;
    cx.authorize(&ORDER_WORK, &order)?;
    Ok(order)
}

/// Puts on record that somebody looked at a sensitive field, each time.
async fn note_look(cx: &Cx, order: &OrderBrief, field: &'static str) -> Result<()> {
    let look = cx.keyed(cx.id().to_string());
    let mut tx = begin!(look, "field.reveal", &(order.id, field));
    tx.log(DocRef::new("order", order.id, &order.no), "revealed", json!({ "field": field }));
    tx.commit(()).await
}

/// The `tel:` address of the person on site; the look is on record (ORG-11).
pub async fn dial(cx: &Cx, id: Id) -> Result<String> {
    let order = mine(cx, id).await?;
    let Some(number) = rules::dial(order.phone.expose()) else {
        return Err(Error::Conflict(RuleError::new(
            "field.no_phone",
            T("工单没有可拨打的电话", "The order has no phone to call"),
        )));
    };
    note_look(cx, &order, "phone").await?;
    Ok(number)
}

/// The address of a map that shows the way; the look is on record.
pub async fn route(cx: &Cx, id: Id) -> Result<String> {
    let order = mine(cx, id).await?;
    let address = order.address.expose();
    if address.trim().is_empty() {
        return Err(Error::Conflict(RuleError::new(
            "field.no_address",
            T("工单没有地址", "The order has no address"),
        )));
    }
    let template: String = cx.setting(&MAP_URL, order.org_id).await?;
    let encoded: String = form_urlencoded::byte_serialize(address.as_bytes()).collect();
    note_look(cx, &order, "address").await?;
    Ok(template.replace("{address}", &encoded.replace('+', "%20")))
}

/// Closes a reminder of the unit: it was dealt with on this order (PROD-08).
pub async fn close_note(cx: &Cx, id: Id, note: Id) -> Result<()> {
    let mut tx = begin!(cx, "field.close_note", &(id, note));
    let order = orders::api::brief(&mut tx, id).await?;
    tx.authorize(&ORDER_WORK, &order)?;
    let unit = order.unit_id.ok_or(Error::NotFound)?;
    if !products::api::open_notes(&mut tx, unit).await?.iter().any(|open| open.id == note) {
        return Err(Error::NotFound);
    }
    let result = T("在 {no} 处理", "Dealt with on {no}").fill(cx.lang, &[("no", order.no.clone())]);
    products::api::close_note_in(&mut tx, note, &result).await?;
    tx.commit(()).await
}
