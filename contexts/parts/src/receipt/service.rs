//! Receiving goods, and taking a receipt back.

use kernel::{Id, Money, RuleError, T};
use kit::{Cx, DocRef, Error, Result, Sens, Show, Tx, begin, inputs::chosen, search};

use super::{
    model::{
        ReceiptInput, ReceiptLineOut, ReceiptLineRow, ReceiptOut, ReceiptRow, ReceiptState, ReverseInput,
    },
    rules, store,
};
use crate::{
    depot, input, part,
    part::model::PartRow,
    perms::{STOCK_EDIT, STOCK_READ, STOCK_RECEIVE},
    purchase,
    stock::{
        ledger,
        model::{End, MoveKind, Place, Posting, Worth},
    },
};

/// Receives goods: stock, movements and the receipt at once.
pub async fn create_receipt(cx: &Cx, given: ReceiptInput) -> Result<ReceiptOut> {
    cx.require(&STOCK_RECEIVE)?;
    let no = cx.number("RK").await?;
    let mut tx = begin!(cx, "parts.create_receipt", &given);
    rules::check(&given)?;
    chosen(given.depot_id, "depot_id")?;
    let depot = depot::store::get_depot(&mut tx, given.depot_id).await?;
    tx.authorize(&STOCK_RECEIVE, &depot)?;
    let names: Vec<&str> = given.lines.iter().map(|line| input::named(&line.part, &line.part_text)).collect();
    let parts = input::parts_in(&mut tx, &names).await?;
    let no = no.take(&mut tx, depot.org_id).await?;
    let row = new_row(&tx, &given, no, depot.org_id);
    let lines = new_lines(&tx, &given, &parts)?;
    store::insert_receipt(&mut tx, &row, &lines).await?;
    ledger::post_in(&mut tx, &postings(&row, &lines)).await?;
    if let Some(purchase) = row.purchase_id {
        purchase::service::receive_in(&mut tx, purchase, row.depot_id, &lines).await?;
    }
    tx.created(doc_ref(&row), &row)?;
    index(&mut tx, &row, &parts).await?;
    let out = out(cx, row, lines, &parts, depot.name);
    tx.commit(out).await
}

fn new_row(tx: &Tx, given: &ReceiptInput, no: String, org_id: Id) -> ReceiptRow {
    let text = |text: &str| text.trim().to_string();
    ReceiptRow {
        id: tx.id(),
        no,
        kind: given.kind,
        depot_id: given.depot_id,
        org_id,
        supplier: text(&given.supplier),
        source_no: text(&given.source_no),
        deliverer: text(&given.deliverer),
        note: text(&given.note),
        purchase_id: given.purchase_id,
        state: ReceiptState::Posted,
        reversed_reason: String::new(),
        staff_id: tx.staff(),
        version: 1,
        created_at: tx.now(),
        updated_at: tx.now(),
    }
}

fn new_lines(tx: &Tx, given: &ReceiptInput, parts: &[PartRow]) -> Result<Vec<ReceiptLineRow>> {
    let mut lines = Vec::with_capacity(given.lines.len());
    for (n, (line, part)) in (1_i64..).zip(given.lines.iter().zip(parts)) {
        let unit_cost = rules::unit_cost(given.kind, line, part.cost);
        lines.push(ReceiptLineRow {
            id: tx.id(),
            n,
            part_id: part.id,
            stock_state: rules::state_of(given.kind, line),
            quantity: line.quantity,
            unit_cost,
            cost: unit_cost.checked_mul(line.quantity)?,
            rejected: line.rejected,
            reject_reason: line.reject_reason.trim().to_string(),
            certificate: line.certificate.trim().to_string(),
            old_part_due: line.old_part_due.unwrap_or(part.old_part_due),
        });
    }
    Ok(lines)
}

fn postings(row: &ReceiptRow, lines: &[ReceiptLineRow]) -> Vec<Posting> {
    lines
        .iter()
        .filter(|line| line.quantity.0 > 0)
        .map(|line| Posting {
            kind: MoveKind::Receipt,
            part_id: line.part_id,
            from: End::Outside(Place::Supplier),
            to: End::Stock { depot_id: row.depot_id, state: line.stock_state },
            quantity: line.quantity,
            worth: Worth::Exactly(line.cost),
            doc: doc_ref(row),
            line_id: Some(line.id),
            reason: String::new(),
            reversal_of: None,
        })
        .collect()
}

/// Takes a receipt back by reverse movements. Refused while any of its pieces are used or promised.
pub async fn reverse_receipt(cx: &Cx, id: Id, given: ReverseInput) -> Result<ReceiptOut> {
    let mut tx = begin!(cx, "parts.reverse_receipt", &(id, &given));
    let old = store::lock_receipt(&mut tx, id).await?;
    tx.authorize(&STOCK_EDIT, &old)?;
    let reason = input::reason(&given.reason)?;
    if old.state == ReceiptState::Reversed {
        return Err(Error::Conflict(RuleError::new(
            "parts.reversed",
            T("入库单已冲销", "The receipt is reversed already"),
        )));
    }
    let lines = store::select_lines(&mut tx, id).await?;
    let moves = crate::stock::store::select_moves_of(&mut tx, id).await?;
    let mut reverse = postings(&old, &lines);
    for posting in &mut reverse {
        std::mem::swap(&mut posting.from, &mut posting.to);
        posting.kind = MoveKind::Reverse;
        posting.reason.clone_from(&reason);
        posting.reversal_of = moves.iter().find(|m| m.line_id == posting.line_id).map(|m| m.id);
    }
    ledger::post_in(&mut tx, &reverse).await?;
    if let Some(purchase) = old.purchase_id {
        purchase::service::give_back_in(&mut tx, purchase, &lines).await?;
    }
    store::update_reversed(&mut tx, &old, &reason).await?;
    let new = ReceiptRow {
        state: ReceiptState::Reversed,
        reversed_reason: reason,
        version: old.version + 1,
        ..old.clone()
    };
    tx.changed(doc_ref(&new), &old, &new)?;
    let (depot, parts) = names(&mut tx, &new, &lines).await?;
    let out = out(cx, new, lines, &parts, depot);
    tx.commit(out).await
}

/// A receipt.
pub async fn get_receipt(cx: &Cx, id: Id) -> Result<ReceiptOut> {
    let mut conn = cx.read().await?;
    let row = store::get_receipt(&mut conn, id).await?;
    cx.authorize(&STOCK_READ, &row)?;
    let lines = store::select_lines(&mut conn, id).await?;
    let (depot, parts) = names(&mut conn, &row, &lines).await?;
    cx.count(&conn);
    Ok(out(cx, row, lines, &parts, depot))
}

async fn names(
    conn: &mut db::Conn,
    row: &ReceiptRow,
    lines: &[ReceiptLineRow],
) -> Result<(String, Vec<PartRow>)> {
    let depot = depot::store::get_depot(conn, row.depot_id).await?;
    let ids: Vec<Id> = lines.iter().map(|line| line.part_id).collect();
    Ok((depot.name, part::store::select_by_ids(conn, &ids).await?))
}

fn out(cx: &Cx, row: ReceiptRow, lines: Vec<ReceiptLineRow>, parts: &[PartRow], depot: String) -> ReceiptOut {
    let costs = cx.shows(Sens::Cost) == Show::Full;
    let show = |cost: Money| costs.then_some(cost);
    let line_out = |line: ReceiptLineRow| {
        let part = parts.iter().find(|part| part.id == line.part_id);
        ReceiptLineOut {
            id: line.id,
            part_id: line.part_id,
            code: part.map_or_else(String::new, |p| p.code.clone()),
            name: part.map_or_else(String::new, |p| p.name.clone()),
            state: line.stock_state,
            quantity: line.quantity,
            unit_cost: show(line.unit_cost),
            cost: show(line.cost),
            rejected: line.rejected,
            reject_reason: line.reject_reason,
            certificate: line.certificate,
            old_part_due: line.old_part_due,
        }
    };
    ReceiptOut {
        id: row.id,
        no: row.no,
        kind: row.kind,
        state: row.state,
        depot_id: row.depot_id,
        depot,
        supplier: row.supplier,
        source_no: row.source_no,
        deliverer: row.deliverer,
        note: row.note,
        purchase_id: row.purchase_id,
        reversed_reason: row.reversed_reason,
        at: row.created_at,
        staff_id: row.staff_id,
        version: row.version,
        lines: lines.into_iter().map(line_out).collect(),
    }
}

/// The reference under which panels attach.
pub fn doc_ref(row: &ReceiptRow) -> DocRef {
    DocRef::new("receipt", row.id, &row.no)
}

async fn index(tx: &mut Tx, row: &ReceiptRow, parts: &[PartRow]) -> Result<()> {
    let codes: Vec<&str> = parts.iter().take(30).map(|part| part.code.as_str()).collect();
    search::put_in(
        tx,
        &search::SearchDoc {
            kind: "receipt",
            id: row.id,
            org: row.org_id,
            owner: None,
            title: &row.no,
            sub: row.kind.label().0,
            text: &format!("{} {} {}", row.supplier, row.source_no, codes.join(" ")),
            secret: &[],
        },
    )
    .await
}
