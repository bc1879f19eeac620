//! Issuing and reserving on slips.

use db::Conn;
use kernel::{Id, Money, Quantity, RuleError, T};
use kit::{Cx, DocRef, Error, Result, Sens, Show, Tx, begin, inputs::chosen, search};

use super::{
    model::{
        CancelInput, LineChange, SlipInput, SlipLineOut, SlipLineRow, SlipOut, SlipPick, SlipRow, SlipState,
    },
    rules, store,
};
use crate::{
    depot::{self, model::DepotRow},
    input, part,
    part::model::PartRow,
    perms::{STOCK_EDIT, STOCK_ISSUE, STOCK_READ},
    stock::{
        line::{lock_lines_in, release_line_in, reserve_line_in, set_line_picked_in},
        model::LineStock,
    },
};

/// Makes a slip: issues its lines at once, or reserves them. All or nothing.
///
/// Errors: `parts.not_enough` (409) at `lines.{n}.quantity`.
pub async fn create_slip(cx: &Cx, given: SlipInput) -> Result<SlipOut> {
    cx.require(&STOCK_ISSUE)?;
    let no = cx.number("CK").await?;
    let mut tx = begin!(cx, "parts.create_slip", &given);
    chosen(given.depot_id, "depot_id")?;
    rules::check(&given)?;
    let depot = depot::store::get_depot(&mut tx, given.depot_id).await?;
    tx.authorize(&STOCK_ISSUE, &depot)?;
    let names: Vec<&str> = given.lines.iter().map(|line| input::named(&line.part, &line.part_text)).collect();
    let parts = input::parts_in(&mut tx, &names).await?;
    let no = no.take(&mut tx, depot.org_id).await?;
    let row = new_row(&tx, &given, no, &depot);
    let mut lines: Vec<SlipLineRow> = Vec::with_capacity(parts.len());
    for (n, (line, part)) in (1_i64..).zip(given.lines.iter().zip(&parts)) {
        lines.push(SlipLineRow {
            id: tx.id(),
            n,
            part_id: part.id,
            quantity: line.quantity,
            cost: Money::ZERO,
        });
    }
    make_in(&mut tx, &row, &mut lines, &parts).await?;
    let out = out(cx, row, lines, &parts, depot.name);
    tx.commit(out).await
}

/// Moves the stock and writes the slip, in the caller's transaction.
pub async fn make_in(tx: &mut Tx, row: &SlipRow, lines: &mut [SlipLineRow], parts: &[PartRow]) -> Result<()> {
    move_all(tx, row, lines).await?;
    store::insert_slip(tx, row).await?;
    store::insert_lines(tx, row.id, lines).await?;
    tx.created(doc_ref(row), row)?;
    index(tx, row, parts).await
}

fn new_row(tx: &Tx, given: &SlipInput, no: String, depot: &DepotRow) -> SlipRow {
    let text = |text: &str| text.trim().to_string();
    SlipRow {
        id: tx.id(),
        no,
        kind: given.kind,
        depot_id: depot.id,
        org_id: depot.org_id,
        holder_id: depot.holder_id,
        recipient: text(&given.recipient),
        voucher: text(&given.voucher),
        pick: given.pick.unwrap_or(SlipPick::RepairedFirst),
        reason: text(&given.reason),
        note: text(&given.note),
        state: if given.reserve { SlipState::Reserved } else { SlipState::Issued },
        staff_id: tx.staff(),
        version: 1,
        created_at: tx.now(),
        updated_at: tx.now(),
    }
}

fn line_stock(row: &SlipRow, line: &SlipLineRow) -> LineStock {
    LineStock {
        doc: doc_ref(row),
        line_id: line.id,
        part_id: line.part_id,
        depot_id: row.depot_id,
        kind: row.kind,
        org_id: row.org_id,
    }
}

/// Gives every line the stock that the slip's state asks for.
async fn move_all(tx: &mut Tx, row: &SlipRow, lines: &mut [SlipLineRow]) -> Result<()> {
    let stock: Vec<LineStock> = lines.iter().map(|line| line_stock(row, line)).collect();
    lock_lines_in(tx, &stock).await?;
    for (index, line) in lines.iter_mut().enumerate() {
        let done = match row.state {
            SlipState::Reserved => {
                reserve_line_in(tx, &stock[index], line.quantity).await.map(|()| Money::ZERO)
            }
            SlipState::Issued => set_line_picked_in(tx, &stock[index], line.quantity, rules::pick(row.pick))
                .await
                .map(|moved| moved.cost),
            SlipState::Cancelled => {
                set_line_picked_in(tx, &stock[index], Quantity::ZERO, rules::pick(row.pick)).await?;
                release_line_in(tx, line.id).await.map(|()| Money::ZERO)
            }
        };
        line.cost = done.map_err(|error| at_line(error, index))?;
    }
    Ok(())
}

/// A shortage is shown at its line.
fn at_line(error: Error, index: usize) -> Error {
    match error {
        Error::Conflict(rule) if rule.code == "parts.not_enough" => {
            Error::Conflict(rule.field(format!("lines.{index}.quantity")))
        }
        other => other,
    }
}

/// Issues what a slip has reserved.
pub async fn issue_slip(cx: &Cx, id: Id) -> Result<SlipOut> {
    let mut tx = begin!(cx, "parts.issue_slip", &id);
    let old = store::lock_slip(&mut tx, id).await?;
    tx.authorize(&STOCK_ISSUE, &old)?;
    in_state(&old, SlipState::Reserved)?;
    let mut lines = store::select_lines(&mut tx, id).await?;
    let new = SlipRow { state: SlipState::Issued, ..old.clone() };
    move_all(&mut tx, &new, &mut lines).await?;
    for line in &lines {
        store::update_line(&mut tx, line.id, line.quantity, line.cost).await?;
    }
    finish(cx, tx, &old, new).await
}

/// The same for who handed it over as a step of the process that it was held for; who may was for the process to say.
pub async fn hand_over_in(tx: &mut Tx, id: Id, staff: Id) -> Result<()> {
    let old = store::lock_slip(tx, id).await?;
    let mut lines = store::select_lines(tx, id).await?;
    let new = SlipRow { state: SlipState::Issued, staff_id: staff, ..old.clone() };
    move_all(tx, &new, &mut lines).await?;
    for line in &lines {
        store::update_line(tx, line.id, line.quantity, line.cost).await?;
    }
    store::update_slip(tx, &new).await?;
    tx.changed(doc_ref(&new), &old, &SlipRow { version: new.version + 1, ..new.clone() })
}

/// Adds a line, changes its quantity, or deletes it with zero; stock follows up and down (PARTS-33).
pub async fn change_line(cx: &Cx, id: Id, given: LineChange) -> Result<SlipOut> {
    let mut tx = begin!(cx, "parts.change_slip_line", &(id, &given));
    let old = store::lock_slip(&mut tx, id).await?;
    tx.authorize(&STOCK_ISSUE, &old)?;
    if old.state == SlipState::Cancelled {
        in_state(&old, SlipState::Issued)?;
    }
    may_edit(&tx, &old)?;
    crate::stock::rules::not_negative(given.quantity, "quantity")?;
    let line = match given.line_id {
        Some(line_id) => {
            let lines = store::select_lines(&mut tx, id).await?;
            lines.into_iter().find(|line| line.id == line_id).ok_or(Error::NotFound)?
        }
        None => add_line(&mut tx, id, &given).await?,
    };
    let mut lines = [SlipLineRow { quantity: given.quantity, ..line }];
    move_all(&mut tx, &old, &mut lines).await.map_err(|error| match error {
        Error::Conflict(rule) if rule.code == "parts.not_enough" => Error::Conflict(rule.field("quantity")),
        other => other,
    })?;
    store::update_line(&mut tx, lines[0].id, lines[0].quantity, lines[0].cost).await?;
    tx.log(doc_ref(&old), "line_set", serde_json::json!({ "line": lines[0].id, "quantity": given.quantity }));
    finish(cx, tx, &old, old.clone()).await
}

async fn add_line(tx: &mut Tx, id: Id, given: &LineChange) -> Result<SlipLineRow> {
    crate::stock::rules::positive(given.quantity, "quantity")?;
    let parts = input::parts_in(tx, &[input::named(&given.part, &given.part_text)]).await?;
    let n = store::next_line(tx, id).await?;
    let line =
        SlipLineRow { id: tx.id(), n, part_id: parts[0].id, quantity: given.quantity, cost: Money::ZERO };
    store::insert_lines(tx, id, std::slice::from_ref(&line)).await?;
    Ok(line)
}

/// Cancels a slip: everything goes back, reservations are released.
pub async fn cancel_slip(cx: &Cx, id: Id, given: CancelInput) -> Result<SlipOut> {
    let mut tx = begin!(cx, "parts.cancel_slip", &(id, &given));
    let old = store::lock_slip(&mut tx, id).await?;
    tx.authorize(&STOCK_ISSUE, &old)?;
    may_edit(&tx, &old)?;
    let reason = input::reason(&given.reason)?;
    if old.state == SlipState::Cancelled {
        return Err(wrong_state(&old));
    }
    let new = take_back_in(&mut tx, &old, reason).await?;
    finish(cx, tx, &old, new).await
}

/// Cancels a reserved slip that nobody needs any more.
pub async fn withdraw_in(tx: &mut Tx, id: Id, reason: &str) -> Result<()> {
    let old = store::lock_slip(tx, id).await?;
    if old.state != SlipState::Reserved {
        return Ok(());
    }
    let new = take_back_in(tx, &old, reason.to_string()).await?;
    store::update_slip(tx, &new).await?;
    let new = SlipRow { version: new.version + 1, ..new };
    tx.changed(doc_ref(&new), &old, &new)
}

/// What the lines hold or took goes back; the slip as it is then.
async fn take_back_in(tx: &mut Tx, old: &SlipRow, reason: String) -> Result<SlipRow> {
    let mut lines = store::select_lines(tx, old.id).await?;
    let new = SlipRow { state: SlipState::Cancelled, reason, ..old.clone() };
    move_all(tx, &new, &mut lines).await?;
    for line in &lines {
        store::update_line(tx, line.id, line.quantity, Money::ZERO).await?;
    }
    Ok(new)
}

/// What was posted is read-only without a permission of its own (ORG-10); a reservation is not posted yet.
fn may_edit(tx: &Tx, row: &SlipRow) -> Result<()> {
    if row.state == SlipState::Issued { tx.authorize(&STOCK_EDIT, row) } else { Ok(()) }
}

fn wrong_state(row: &SlipRow) -> Error {
    let label = row.state.label();
    Error::Conflict(
        RuleError::new("parts.slip_state", T("出库单当前为“{state}”", "The slip is in state \"{state}\""))
            .label("state", label),
    )
}

fn in_state(row: &SlipRow, state: SlipState) -> Result<()> {
    if row.state == state { Ok(()) } else { Err(wrong_state(row)) }
}

async fn finish(cx: &Cx, mut tx: Box<Tx>, old: &SlipRow, new: SlipRow) -> Result<SlipOut> {
    store::update_slip(&mut tx, &new).await?;
    let new = SlipRow { version: new.version + 1, ..new };
    tx.changed(doc_ref(&new), old, &new)?;
    let out = load(cx, &mut tx, new).await?;
    tx.commit(out).await
}

async fn load(cx: &Cx, conn: &mut Conn, row: SlipRow) -> Result<SlipOut> {
    let lines = store::select_lines(conn, row.id).await?;
    let ids: Vec<Id> = lines.iter().map(|line| line.part_id).collect();
    let parts = part::store::select_by_ids(conn, &ids).await?;
    let depot = depot::store::get_depot(conn, row.depot_id).await?;
    Ok(out(cx, row, lines, &parts, depot.name))
}

/// A slip.
pub async fn get_slip(cx: &Cx, id: Id) -> Result<SlipOut> {
    let mut conn = cx.read().await?;
    let row = store::get_slip(&mut conn, id).await?;
    cx.authorize(&STOCK_READ, &row)?;
    let out = load(cx, &mut conn, row).await?;
    cx.count(&conn);
    Ok(out)
}

fn out(cx: &Cx, row: SlipRow, lines: Vec<SlipLineRow>, parts: &[PartRow], depot: String) -> SlipOut {
    let costs = cx.shows(Sens::Cost) == Show::Full;
    let line_out = |line: SlipLineRow| {
        let part = parts.iter().find(|part| part.id == line.part_id);
        SlipLineOut {
            id: line.id,
            part_id: line.part_id,
            code: part.map_or_else(String::new, |p| p.code.clone()),
            name: part.map_or_else(String::new, |p| p.name.clone()),
            unit: part.map_or_else(String::new, |p| p.unit.clone()),
            price: part.map_or(Money::ZERO, |p| p.price),
            quantity: line.quantity,
            cost: costs.then_some(line.cost),
        }
    };
    SlipOut {
        id: row.id,
        no: row.no,
        kind: row.kind,
        state: row.state,
        depot_id: row.depot_id,
        depot,
        recipient: row.recipient,
        voucher: row.voucher,
        pick: row.pick,
        reason: row.reason,
        note: row.note,
        at: row.created_at,
        version: row.version,
        lines: lines.into_iter().map(line_out).collect(),
    }
}

/// The reference under which panels attach.
pub fn doc_ref(row: &SlipRow) -> DocRef {
    DocRef::new("issue_slip", row.id, &row.no)
}

async fn index(tx: &mut Tx, row: &SlipRow, parts: &[PartRow]) -> Result<()> {
    let codes: Vec<&str> = parts.iter().take(30).map(|part| part.code.as_str()).collect();
    search::put_in(
        tx,
        &search::SearchDoc {
            kind: "issue_slip",
            id: row.id,
            org: row.org_id,
            owner: row.holder_id,
            title: &row.no,
            sub: row.kind.label().0,
            text: &format!("{} {} {}", row.recipient, row.voucher, codes.join(" ")),
            secret: &[],
        },
    )
    .await
}
