//! Asking for goods, ordering them, and what a receipt brings of them.

use db::Conn;
use kernel::{Id, Quantity, RuleError, T};
use kit::{Cx, DocRef, Error, Result, Tx, begin};

use super::{
    model::{CancelInput, OrderInput, PurchaseInput, PurchaseOut, PurchaseRow, PurchaseState},
    rules, store,
};
use crate::{
    depot, input, part,
    perms::{PURCHASE_ORDER, PURCHASE_WRITE, STOCK_READ, STOCK_RECEIVE},
    receipt::model::ReceiptLineRow,
};

/// The reference under which panels attach.
pub fn doc_ref(row: &PurchaseRow) -> DocRef {
    DocRef::new("purchase", row.id, &row.no)
}

/// Asks for a part to be bought for a depot.
pub async fn create_purchase(cx: &Cx, given: PurchaseInput) -> Result<PurchaseOut> {
    cx.require(&PURCHASE_WRITE)?;
    let no = cx.number("CG").await?;
    let mut tx = begin!(cx, "parts.create_purchase", &given);
    rules::check(&given)?;
    let depot = depot::store::get_depot(&mut tx, given.depot_id.unwrap_or(Id::NIL)).await?;
    tx.authorize(&PURCHASE_WRITE, &depot)?;
    let part = one_part(&mut tx, &given).await?;
    let text = |text: &str| text.trim().to_string();
    let row = PurchaseRow {
        id: tx.id(),
        no: no.take(&mut tx, depot.org_id).await?,
        part_id: part,
        depot_id: depot.id,
        org_id: depot.org_id,
        quantity: given.quantity,
        received: Quantity::ZERO,
        source_no: text(&given.source_no),
        wanted_on: given.wanted_on,
        supplier: String::new(),
        expected_on: None,
        note: text(&given.note),
        state: PurchaseState::Draft,
        reason: String::new(),
        staff_id: tx.staff(),
        version: 1,
        created_at: tx.now(),
        updated_at: tx.now(),
    };
    store::insert_purchase(&mut tx, &row).await?;
    tx.created(doc_ref(&row), &row)?;
    let out = out(&mut tx, row).await?;
    tx.commit(out).await
}

async fn one_part(tx: &mut Tx, given: &PurchaseInput) -> Result<Id> {
    let name = input::named(&given.part, &given.part_text);
    let found = match name.parse::<Id>() {
        Ok(id) => part::store::select_by_ids(tx, &[id]).await?.pop(),
        Err(_) => part::store::find_by_code(tx, name).await?,
    };
    match found.filter(|part| part.active) {
        Some(part) => Ok(part.id),
        None => Err(RuleError::new("parts.unknown_part", T("没有配件 {code}", "There is no part {code}"))
            .arg("code", name)
            .field("part")
            .into()),
    }
}

async fn save(tx: &mut Tx, old: &PurchaseRow, new: PurchaseRow) -> Result<PurchaseRow> {
    store::update_purchase(tx, old, &new).await?;
    let new = PurchaseRow { version: old.version + 1, ..new };
    tx.changed(doc_ref(&new), old, &new)?;
    Ok(new)
}

/// A wrong state is a conflict with what somebody else did meanwhile; a wrong field is the caller's.
fn refused(error: RuleError) -> Error {
    if error.code == "parts.purchase_state" { Error::Conflict(error) } else { error.into() }
}

/// Orders it from a supplier: from now on it counts as on order (预订).
pub async fn order_purchase(cx: &Cx, id: Id, given: OrderInput) -> Result<PurchaseOut> {
    let mut tx = begin!(cx, "parts.order_purchase", &(id, &given));
    let old = store::lock_purchase(&mut tx, id).await?;
    tx.authorize(&PURCHASE_ORDER, &old)?;
    let new = rules::order(&old, &given).map_err(refused)?;
    let new = save(&mut tx, &old, new).await?;
    let out = out(&mut tx, new).await?;
    tx.commit(out).await
}

/// Cancels it with a reason. What is ordered already is cancelled only by those who order.
pub async fn cancel_purchase(cx: &Cx, id: Id, given: CancelInput) -> Result<PurchaseOut> {
    let mut tx = begin!(cx, "parts.cancel_purchase", &(id, &given));
    let old = store::lock_purchase(&mut tx, id).await?;
    tx.authorize(&PURCHASE_WRITE, &old)?;
    if old.state == PurchaseState::Ordered {
        tx.authorize(&PURCHASE_ORDER, &old)?;
    }
    let reason = input::reason(&given.reason)?;
    let new = rules::cancel(&old, reason).map_err(refused)?;
    let new = save(&mut tx, &old, new).await?;
    let out = out(&mut tx, new).await?;
    tx.commit(out).await
}

/// Cancels a requisition that nobody needs any more and that was not ordered yet.
pub async fn withdraw_in(tx: &mut Tx, id: Id, reason: &str) -> Result<()> {
    let old = store::lock_purchase(tx, id).await?;
    if old.state == PurchaseState::Draft {
        let new = rules::cancel(&old, reason.to_string()).map_err(refused)?;
        save(tx, &old, new).await?;
    }
    Ok(())
}

fn brought(row: &PurchaseRow, lines: &[ReceiptLineRow]) -> Quantity {
    Quantity(lines.iter().filter(|line| line.part_id == row.part_id).map(|line| line.quantity.0).sum())
}

/// What a receipt brings of a requisition, in the receipt's transaction.
///
/// Errors: 404, `parts.purchase_state` (409), `parts.purchase_depot`, `parts.purchase_part`.
pub async fn receive_in(tx: &mut Tx, id: Id, depot: Id, lines: &[ReceiptLineRow]) -> Result<()> {
    let old = store::lock_purchase(tx, id).await?;
    tx.authorize(&STOCK_RECEIVE, &old)?;
    if old.depot_id != depot {
        let other = T("采购申请是为另一个仓库的", "The requisition is for another depot");
        return Err(RuleError::new("parts.purchase_depot", other).field("depot_id").into());
    }
    let quantity = brought(&old, lines);
    if quantity.0 <= 0 {
        let other = T("明细中没有所申请的配件", "None of the lines is the part that was asked for");
        return Err(RuleError::new("parts.purchase_part", other).field("lines").into());
    }
    let new = rules::receive(&old, quantity).map_err(refused)?;
    save(tx, &old, new).await?;
    Ok(())
}

/// A receipt is taken back, in its transaction.
pub async fn give_back_in(tx: &mut Tx, id: Id, lines: &[ReceiptLineRow]) -> Result<()> {
    let old = store::lock_purchase(tx, id).await?;
    let new = rules::give_back(&old, brought(&old, lines));
    save(tx, &old, new).await?;
    Ok(())
}

/// A requisition.
pub async fn get_purchase(cx: &Cx, id: Id) -> Result<PurchaseOut> {
    let mut conn = cx.read().await?;
    let row = store::get_purchase(&mut conn, id).await?;
    cx.authorize(&STOCK_READ, &row)?;
    let out = out(&mut conn, row).await?;
    cx.count(&conn);
    Ok(out)
}

async fn out(conn: &mut Conn, row: PurchaseRow) -> Result<PurchaseOut> {
    let part = part::store::get_part(conn, row.part_id).await?;
    let depot = depot::store::get_depot(conn, row.depot_id).await?;
    Ok(PurchaseOut {
        id: row.id,
        no: row.no,
        state: row.state,
        part_id: part.id,
        code: part.code,
        name: part.name,
        unit: part.unit,
        depot_id: depot.id,
        depot: depot.name,
        quantity: row.quantity,
        received: row.received,
        source_no: row.source_no,
        wanted_on: row.wanted_on,
        supplier: row.supplier,
        expected_on: row.expected_on,
        note: row.note,
        reason: row.reason,
        staff_id: row.staff_id,
        at: row.created_at,
        version: row.version,
    })
}
