//! Sending, receiving, sending back.

use kernel::{Id, Money, Quantity, RuleError, T};
use kit::{Cx, DocRef, Error, Result, Sens, Show, Tx, begin, inputs::chosen, search};

use super::{
    model::{
        ArriveInput, PositionInput, SendBackInput, TransferInput, TransferKind, TransferLineOut,
        TransferLineRow, TransferOut, TransferRow, TransferState,
    },
    rules, store,
};
use crate::{
    depot::{self, model::DepotRow},
    input, part,
    part::model::PartRow,
    perms::{STOCK_MOVE, STOCK_READ},
    settings::RETURN_DAYS,
    stock::{
        ledger,
        model::{End, MoveKind, Posting, StockState, Worth},
    },
};

/// Sends stock from one depot to another. Draws and returns arrive at once; transfers are on the way until
/// [`receive_transfer`].
pub async fn create_transfer(cx: &Cx, given: TransferInput) -> Result<TransferOut> {
    cx.require(&STOCK_MOVE)?;
    let no = cx.number("DB").await?;
    let days: i64 = cx.setting(&RETURN_DAYS, cx.actor()?.org).await?;
    let mut tx = begin!(cx, "parts.create_transfer", &given);
    chosen(given.from_id, "from_id")?;
    chosen(given.to_id, "to_id")?;
    let from = depot::store::get_depot(&mut tx, given.from_id).await?;
    tx.authorize(&STOCK_MOVE, &from)?;
    let to = depot::store::get_depot(&mut tx, given.to_id).await?;
    rules::check(&given, &from, &to)?;
    let names: Vec<&str> = given.lines.iter().map(|line| input::named(&line.part, &line.part_text)).collect();
    let parts = input::parts_in(&mut tx, &names).await?;
    let no = no.take(&mut tx, from.org_id).await?;
    let mut row = new_row(&tx, &given, no, &from, &to);
    if given.kind == TransferKind::Draw && row.due.is_none() {
        row.due = Some(kit::format::date_of(&tx, tx.now()).plus_days(days));
    }
    let mut lines = new_lines(&mut tx, &given, &parts).await?;
    let postings = departures(&mut tx, &row, &lines, to.org_id).await?;
    let posted = ledger::post_in(&mut tx, &postings).await?;
    for (line, posted) in lines.iter_mut().zip(posted) {
        line.cost = posted.cost;
        if given.kind != TransferKind::Move {
            (line.received, line.received_cost) = (line.quantity, line.cost);
        }
    }
    store::insert_transfer(&mut tx, &row, &lines).await?;
    tx.created(doc_ref(&row), &row)?;
    index(&mut tx, &row, &parts).await?;
    let out = out(cx, row, lines, &parts, [&from, &to]);
    tx.commit(out).await
}

fn new_row(tx: &Tx, given: &TransferInput, no: String, from: &DepotRow, to: &DepotRow) -> TransferRow {
    let text = |text: &str| text.trim().to_string();
    let now = tx.now();
    let at_once = given.kind != TransferKind::Move;
    TransferRow {
        id: tx.id(),
        no,
        kind: given.kind,
        from_id: from.id,
        to_id: to.id,
        org_id: from.org_id,
        holder_id: to.holder_id.or(from.holder_id),
        to_org_id: to.org_id,
        state: if at_once { TransferState::Received } else { TransferState::Sent },
        carrier: text(&given.carrier),
        waybill: text(&given.waybill),
        place: String::new(),
        due: given.due,
        reason: text(&given.reason),
        note: text(&given.note),
        staff_id: tx.staff(),
        sent_at: now,
        received_at: at_once.then_some(now),
        version: 1,
        created_at: now,
        updated_at: now,
    }
}

/// One line per part and state: where no state is asked for, repaired pieces go first.
async fn new_lines(tx: &mut Tx, given: &TransferInput, parts: &[PartRow]) -> Result<Vec<TransferLineRow>> {
    let ids: Vec<Id> = parts.iter().map(|part| part.id).collect();
    let mut repaired = store::select_free_repaired(tx, given.from_id, &ids).await?;
    let mut lines = Vec::with_capacity(parts.len());
    for (line, part) in given.lines.iter().zip(parts) {
        let free = repaired.entry(part.id).or_default();
        let pieces = match line.state {
            Some(state) => vec![(state, line.quantity.0)],
            None => rules::split(line.quantity.0, *free),
        };
        for (state, quantity) in pieces {
            if state == StockState::Repaired {
                *free -= quantity;
            }
            lines.push(TransferLineRow {
                id: tx.id(),
                n: i64::try_from(lines.len()).unwrap_or(0) + 1,
                part_id: part.id,
                stock_state: state,
                quantity: Quantity(quantity),
                cost: Money::ZERO,
                received: Quantity::ZERO,
                received_cost: Money::ZERO,
                returned: Quantity::ZERO,
                returned_cost: Money::ZERO,
            });
        }
    }
    Ok(lines)
}

fn posting(row: &TransferRow, line: &TransferLineRow, kind: MoveKind, from: End, to: End) -> Posting {
    Posting {
        kind,
        part_id: line.part_id,
        from,
        to,
        quantity: line.quantity,
        worth: Worth::Average,
        doc: doc_ref(row),
        line_id: Some(line.id),
        reason: row.reason.clone(),
        reversal_of: None,
    }
}

async fn departures(
    tx: &mut Tx,
    row: &TransferRow,
    lines: &[TransferLineRow],
    to_org: Id,
) -> Result<Vec<Posting>> {
    let transit = match row.kind {
        TransferKind::Move => Some(depot::store::ensure_transit(tx, to_org).await?.id),
        _ => None,
    };
    let kind = match row.kind {
        TransferKind::Move => MoveKind::Send,
        TransferKind::Draw => MoveKind::Draw,
        TransferKind::ReturnUnused => MoveKind::ReturnUnused,
    };
    Ok(lines
        .iter()
        .map(|line| {
            let from = End::Stock { depot_id: row.from_id, state: line.stock_state };
            let to = match transit {
                Some(depot_id) => End::Stock { depot_id, state: StockState::InTransit },
                None => End::Stock { depot_id: row.to_id, state: line.stock_state },
            };
            posting(row, line, kind, from, to)
        })
        .collect())
}

/// Receives what arrived: all that is on the way, or the quantities given by line. The rest stays on the way.
///
/// Errors: `parts.not_on_the_way` (409), `parts.too_many` (422).
pub async fn receive_transfer(cx: &Cx, id: Id, given: ArriveInput) -> Result<TransferOut> {
    let mut tx = begin!(cx, "parts.receive_transfer", &(id, &given));
    let old = store::lock_transfer(&mut tx, id).await?;
    let [from, to] = ends(&mut tx, &old).await?;
    tx.authorize(&STOCK_MOVE, &to)?;
    let lines = store::select_lines(&mut tx, id).await?;
    let wanted = wanted(&old, &lines, &given)?;
    let (new, lines) = close(&mut tx, old, lines, &wanted, to.id, MoveKind::Arrive).await?;
    finish(cx, tx, new, lines, [from, to]).await
}

/// Sends back what was not received.
pub async fn return_transfer(cx: &Cx, id: Id, given: SendBackInput) -> Result<TransferOut> {
    let mut tx = begin!(cx, "parts.return_transfer", &(id, &given));
    let old = store::lock_transfer(&mut tx, id).await?;
    let [from, to] = ends(&mut tx, &old).await?;
    tx.authorize(&STOCK_MOVE, &from).or_else(|_| tx.authorize(&STOCK_MOVE, &to))?;
    let reason = input::reason(&given.reason)?;
    let lines = store::select_lines(&mut tx, id).await?;
    let wanted = wanted(&old, &lines, &ArriveInput::default())?;
    let old = TransferRow { reason, ..old };
    let (new, lines) = close(&mut tx, old, lines, &wanted, from.id, MoveKind::Reverse).await?;
    finish(cx, tx, new, lines, [from, to]).await
}

/// Notes where the goods are and when they will arrive.
pub async fn set_position(cx: &Cx, id: Id, given: PositionInput) -> Result<TransferOut> {
    let mut tx = begin!(cx, "parts.transfer_position", &(id, &given));
    let old = store::lock_transfer(&mut tx, id).await?;
    let [from, to] = ends(&mut tx, &old).await?;
    tx.authorize(&STOCK_MOVE, &from).or_else(|_| tx.authorize(&STOCK_MOVE, &to))?;
    let new = TransferRow {
        carrier: given.carrier.trim().to_string(),
        waybill: given.waybill.trim().to_string(),
        place: given.place.trim().to_string(),
        due: given.due,
        ..old.clone()
    };
    store::update_transfer(&mut tx, &new).await?;
    tx.changed(doc_ref(&new), &old, &new)?;
    let lines = store::select_lines(&mut tx, id).await?;
    finish(cx, tx, TransferRow { version: new.version + 1, ..new }, lines, [from, to]).await
}

async fn ends(conn: &mut db::Conn, row: &TransferRow) -> Result<[DepotRow; 2]> {
    let depots = depot::store::select_by_ids(conn, &[row.from_id, row.to_id]).await?;
    let find = |id: Id| depots.iter().find(|d| d.id == id).cloned().ok_or(Error::NotFound);
    Ok([find(row.from_id)?, find(row.to_id)?])
}

/// Quantities per line that are to leave transit now.
fn wanted(row: &TransferRow, lines: &[TransferLineRow], given: &ArriveInput) -> Result<Vec<i64>> {
    if !matches!(row.state, TransferState::Sent | TransferState::Partly) {
        return Err(Error::Conflict(RuleError::new(
            "parts.not_on_the_way",
            T("调拨单已不在途", "The transfer is not on the way any more"),
        )));
    }
    if given.lines.is_empty() {
        return Ok(lines.iter().map(TransferLineRow::open).collect());
    }
    let mut wanted = Vec::with_capacity(lines.len());
    for line in lines {
        let asked = given.lines.iter().enumerate().find(|(_, asked)| asked.line_id == line.id);
        let quantity = asked.map_or(0, |(_, asked)| asked.quantity.0);
        if quantity < 0 || quantity > line.open() {
            let index = asked.map_or(0, |(index, _)| index);
            return Err(Error::rule(
                RuleError::new("parts.too_many", T("在途只有 {open}", "Only {open} are on the way"))
                    .arg("open", Quantity(line.open()))
                    .field(format!("lines.{index}.quantity")),
            ));
        }
        wanted.push(quantity);
    }
    if wanted.iter().all(|n| *n == 0) {
        return Err(Error::rule(
            RuleError::new("parts.nothing", T("请填写收到的数量", "Say how many arrived"))
                .field("lines.0.quantity"),
        ));
    }
    Ok(wanted)
}

/// Takes quantities out of transit into a depot and notes them on the lines.
async fn close(
    tx: &mut Tx,
    old: TransferRow,
    mut lines: Vec<TransferLineRow>,
    wanted: &[i64],
    into: Id,
    kind: MoveKind,
) -> Result<(TransferRow, Vec<TransferLineRow>)> {
    let transit = depot::store::ensure_transit(tx, old.to_org_id).await?.id;
    let mut postings = Vec::new();
    for (line, quantity) in lines.iter_mut().zip(wanted).filter(|(_, quantity)| **quantity > 0) {
        let cost = rules::part_of(line.open(), line.open_cost(), *quantity);
        let from = End::Stock { depot_id: transit, state: StockState::InTransit };
        let to = End::Stock { depot_id: into, state: line.stock_state };
        postings.push(Posting {
            quantity: Quantity(*quantity),
            worth: Worth::Exactly(Money(cost)),
            ..posting(&old, line, kind, from, to)
        });
        let (pieces, value) = if kind == MoveKind::Arrive {
            (&mut line.received, &mut line.received_cost)
        } else {
            (&mut line.returned, &mut line.returned_cost)
        };
        pieces.0 += quantity;
        value.0 += cost;
        store::update_line(tx, line).await?;
    }
    ledger::post_in(tx, &postings).await?;
    let open: i64 = lines.iter().map(TransferLineRow::open).sum();
    let any = lines.iter().any(|line| line.received.0 > 0);
    let state = match (open > 0, any) {
        (true, true) => TransferState::Partly,
        (true, false) => old.state,
        (false, true) => TransferState::Received,
        (false, false) => TransferState::Returned,
    };
    let received_at = if any { Some(old.received_at.unwrap_or(tx.now())) } else { None };
    let new = TransferRow { state, received_at, ..old.clone() };
    store::update_transfer(tx, &new).await?;
    tx.changed(doc_ref(&new), &old, &new)?;
    Ok((TransferRow { version: new.version + 1, ..new }, lines))
}

async fn finish(
    cx: &Cx,
    mut tx: Box<Tx>,
    row: TransferRow,
    lines: Vec<TransferLineRow>,
    depots: [DepotRow; 2],
) -> Result<TransferOut> {
    let ids: Vec<Id> = lines.iter().map(|line| line.part_id).collect();
    let parts = part::store::select_by_ids(&mut tx, &ids).await?;
    let out = out(cx, row, lines, &parts, [&depots[0], &depots[1]]);
    tx.commit(out).await
}

/// A transfer; seen from both ends.
pub async fn get_transfer(cx: &Cx, id: Id) -> Result<TransferOut> {
    let mut conn = cx.read().await?;
    let row = store::get_transfer(&mut conn, id).await?;
    let [from, to] = ends(&mut conn, &row).await?;
    cx.authorize(&STOCK_READ, &from).or_else(|_| cx.authorize(&STOCK_READ, &to))?;
    let lines = store::select_lines(&mut conn, id).await?;
    let ids: Vec<Id> = lines.iter().map(|line| line.part_id).collect();
    let parts = part::store::select_by_ids(&mut conn, &ids).await?;
    cx.count(&conn);
    Ok(out(cx, row, lines, &parts, [&from, &to]))
}

fn out(
    cx: &Cx,
    row: TransferRow,
    lines: Vec<TransferLineRow>,
    parts: &[PartRow],
    [from, to]: [&DepotRow; 2],
) -> TransferOut {
    let costs = cx.shows(Sens::Cost) == Show::Full;
    let line_out = |line: TransferLineRow| {
        let part = parts.iter().find(|part| part.id == line.part_id);
        TransferLineOut {
            id: line.id,
            part_id: line.part_id,
            code: part.map_or_else(String::new, |p| p.code.clone()),
            name: part.map_or_else(String::new, |p| p.name.clone()),
            state: line.stock_state,
            open: Quantity(line.open()),
            quantity: line.quantity,
            received: line.received,
            returned: line.returned,
            cost: costs.then_some(line.cost),
        }
    };
    TransferOut {
        id: row.id,
        no: row.no,
        kind: row.kind,
        state: row.state,
        from_id: row.from_id,
        from: from.name.clone(),
        to_id: row.to_id,
        to: to.name.clone(),
        carrier: row.carrier,
        waybill: row.waybill,
        place: row.place,
        due: row.due,
        reason: row.reason,
        note: row.note,
        sent_at: row.sent_at,
        received_at: row.received_at,
        version: row.version,
        lines: lines.into_iter().map(line_out).collect(),
    }
}

/// The reference under which panels attach.
pub fn doc_ref(row: &TransferRow) -> DocRef {
    DocRef::new("transfer", row.id, &row.no)
}

async fn index(tx: &mut Tx, row: &TransferRow, parts: &[PartRow]) -> Result<()> {
    let codes: Vec<&str> = parts.iter().take(30).map(|part| part.code.as_str()).collect();
    search::put_in(
        tx,
        &search::SearchDoc {
            kind: "transfer",
            id: row.id,
            org: row.org_id,
            owner: row.holder_id,
            title: &row.no,
            sub: row.kind.label().0,
            text: &format!("{} {} {}", row.carrier, row.waybill, codes.join(" ")),
            secret: &[],
        },
    )
    .await
}
