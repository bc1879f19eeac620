//! Stock of document lines: issue, give back, reserve, release (PARTS-33). Joins the caller's transaction.
//!
//! A line's quantity is *set*, not added: saving a sheet twice, editing it or deleting a line always ends with the
//! stock that belongs to what is on the sheet.

use std::collections::HashMap;

use kernel::{Id, Money, Quantity};
use kit::{DocRef, Error, Result, Tx};

use super::{
    levels,
    model::{End, Held, IssueKind, LineMoved, LineStock, MoveKind, Pick, Place},
    rules::{self, Step},
    store::{self, Change, NewMove},
};

/// Locks everything that these lines may touch, in one order, so that sheets with several lines never wait for
/// each other in a circle. Call it before several [`set_line_in`] of one document.
pub async fn lock_lines_in(tx: &mut Tx, lines: &[LineStock]) -> Result<()> {
    if lines.len() > 1 {
        store::lock_balances_of(tx, lines).await?;
    }
    Ok(())
}

/// Makes the quantity issued for a line equal `quantity`: see [`set_line_picked_in`].
pub async fn set_line_in(tx: &mut Tx, line: &LineStock, quantity: Quantity) -> Result<LineMoved> {
    set_line_picked_in(tx, line, quantity, Pick::RepairedFirst).await
}

/// Makes the quantity issued for a line equal `quantity` (thousandths, 0 or more): issues what is missing, the
/// line's own reservation first, gives back what is too much at the cost it was issued for, and gives everything
/// back from a part or depot that the line no longer names.
///
/// Statements: 4 without reservation (lock, balance, movement, line), 5 with one; one more per further balance.
/// Errors: `parts.not_enough` (409) at field `quantity`; `parts.quantity` (422).
pub async fn set_line_picked_in(
    tx: &mut Tx,
    line: &LineStock,
    quantity: Quantity,
    pick: Pick,
) -> Result<LineMoved> {
    let want = rules::not_negative(quantity, "quantity")?;
    check_whole(tx, line.part_id, want).await?;
    let mut held = store::lock_line(tx, line).await?;
    let before = levels::free_by_key(&held);
    let mut work = Work::default();
    let elsewhere: Vec<usize> = (0..held.len())
        .filter(|at| held[*at].part_id != line.part_id || held[*at].depot_id != line.depot_id)
        .collect();
    for at in elsewhere {
        work.give_back(&mut held, Step { at, quantity: i64::MAX, promised: 0 });
        work.release(&mut held, at);
    }
    let here: Vec<Held> =
        held.iter().filter(|h| h.part_id == line.part_id && h.depot_id == line.depot_id).cloned().collect();
    let has: i64 = here.iter().map(|h| h.issued).sum();
    // Steps count within `here`; the position in `held` is found by id.
    let place =
        |step: &Step, held: &[Held]| held.iter().position(|h| h.id == here[step.at].id).unwrap_or(step.at);
    if want > has {
        match rules::plan_take(&here, pick, want - has) {
            Ok(steps) => {
                for step in &steps {
                    let at = place(step, &held);
                    work.take(&mut held, Step { at, ..*step });
                }
            }
            Err(had) => {
                let (part, depot) = store::find_names(tx, line.part_id, line.depot_id).await?;
                return Err(Error::Conflict(rules::not_enough(has + had, want, &part, &depot)));
            }
        }
    } else {
        for step in rules::plan_back(&here, pick, has - want) {
            let at = place(&step, &held);
            work.give_back(&mut held, Step { at, ..step });
        }
    }
    work.write(tx, line, &mut held).await?;
    levels::watch_held(tx, &before, &held).await?;
    let cost = work.totals(&held);
    let reserved = Quantity(held.iter().map(|h| h.mine).sum());
    Ok(LineMoved { cost: Money(cost), quantity, reserved })
}

/// What a command does to the balances it locked; `held` already shows the line's new amounts, the balances
/// themselves are changed by [`Work::write`].
#[derive(Default)]
struct Work {
    changes: HashMap<usize, Change>,
    /// Index, quantity, cost; negative: given back.
    moves: Vec<(usize, i64, i64)>,
    promised: Vec<usize>,
}

impl Work {
    fn change(&mut self, at: usize) -> &mut Change {
        self.changes.entry(at).or_insert(Change { on_hand: 0, reserved: 0, value: 0 })
    }

    fn take(&mut self, held: &mut [Held], step: Step) {
        let balance = &mut held[step.at];
        let cost = rules::leaving(balance.on_hand, balance.value, step.quantity, None);
        balance.issued += step.quantity;
        balance.issued_cost += cost;
        balance.mine -= step.promised;
        let change = self.change(step.at);
        change.on_hand -= step.quantity;
        change.reserved -= step.promised;
        change.value -= cost;
        self.moves.push((step.at, step.quantity, cost));
        if step.promised > 0 {
            self.promised.push(step.at);
        }
    }

    fn give_back(&mut self, held: &mut [Held], step: Step) {
        let balance = &mut held[step.at];
        let quantity = step.quantity.min(balance.issued);
        if quantity == 0 {
            return;
        }
        let cost = rules::share(balance.issued_cost, quantity, balance.issued);
        balance.issued -= quantity;
        balance.issued_cost -= cost;
        let change = self.change(step.at);
        change.on_hand += quantity;
        change.value += cost;
        self.moves.push((step.at, -quantity, -cost));
    }

    fn release(&mut self, held: &mut [Held], at: usize) {
        let mine = std::mem::take(&mut held[at].mine);
        if mine > 0 {
            self.change(at).reserved -= mine;
            self.promised.push(at);
        }
    }

    async fn write(&self, tx: &mut Tx, line: &LineStock, held: &mut [Held]) -> Result<()> {
        let mut order: Vec<(usize, Change)> =
            self.changes.iter().map(|(at, change)| (*at, *change)).collect();
        order.sort_by_key(|(at, _)| *at);
        for (at, change) in order {
            store::update_balance(tx, &mut held[at], change).await?;
        }
        let moves: Vec<NewMove<'_>> = self.moves.iter().map(|m| new_move(line, held, *m)).collect();
        store::insert_moves(tx, &moves).await?;
        let mut touched: Vec<usize> = self.moves.iter().map(|(at, ..)| *at).collect();
        touched.sort_unstable();
        touched.dedup();
        let issues: Vec<(Id, i64, i64, i64)> = touched
            .iter()
            .map(|at| &held[*at])
            .map(|h| (h.id, h.issued, h.issued_cost, h.issued_version))
            .collect();
        store::put_line_issues(tx, line.line_id, &issues).await?;
        let mut promised = self.promised.clone();
        promised.sort_unstable();
        promised.dedup();
        let rows: Vec<(&Held, i64)> = promised.iter().map(|at| (&held[*at], held[*at].mine)).collect();
        store::put_reservations(tx, line, &rows, true).await
    }

    fn totals(&self, held: &[Held]) -> i64 {
        held.iter().map(|h| h.issued_cost).sum()
    }
}

fn new_move<'a>(line: &'a LineStock, held: &[Held], (at, quantity, cost): (usize, i64, i64)) -> NewMove<'a> {
    let balance = &held[at];
    let ours = (End::Stock { depot_id: balance.depot_id, state: balance.state }, Some(balance.id));
    let theirs = (End::Outside(Place::Customer), None);
    let issue = quantity > 0;
    NewMove {
        kind: if issue { MoveKind::Issue } else { MoveKind::GiveBack },
        issue_kind: line.kind.as_str(),
        part_id: balance.part_id,
        quantity: quantity.abs(),
        cost: cost.abs(),
        from: if issue { ours } else { theirs },
        to: if issue { theirs } else { ours },
        doc: &line.doc,
        line_id: Some(line.line_id),
        reason: "",
        reversal_of: None,
        org_id: balance.org_id,
    }
}

/// What is counted in pieces is taken in whole ones: `parts.whole` (422). Only a fraction costs a look at the part.
async fn check_whole(tx: &mut Tx, part: Id, quantity: i64) -> Result<()> {
    if quantity % Quantity::ONE.0 == 0 {
        return Ok(());
    }
    let unit = crate::part::store::get_part(tx, part).await?.unit;
    if rules::counted(&unit) { Err(rules::not_whole(&unit).into()) } else { Ok(()) }
}

/// Makes the open reservation of a line equal `quantity`; zero releases it. What the line was already issued
/// stays as it is.
///
/// Statements: 3; one more per further balance. Errors: `parts.not_enough` (409), `parts.quantity` (422).
pub async fn reserve_line_in(tx: &mut Tx, line: &LineStock, quantity: Quantity) -> Result<()> {
    let want = rules::not_negative(quantity, "quantity")?;
    check_whole(tx, line.part_id, want).await?;
    let mut held = store::lock_line(tx, line).await?;
    let before = levels::free_by_key(&held);
    let mut changes: HashMap<usize, i64> = HashMap::new();
    let mut has = 0;
    for (at, balance) in held.iter_mut().enumerate() {
        if balance.part_id == line.part_id && balance.depot_id == line.depot_id {
            has += balance.mine;
        } else if balance.mine > 0 {
            changes.insert(at, -std::mem::take(&mut balance.mine));
        }
    }
    let order: Vec<usize> = Pick::RepairedFirst
        .states()
        .iter()
        .flat_map(|state| held.iter().enumerate().filter(move |(_, h)| h.state == *state).map(|(at, _)| at))
        .filter(|at| held[*at].part_id == line.part_id && held[*at].depot_id == line.depot_id)
        .collect();
    let mut left = want - has;
    for at in if left >= 0 { order.clone() } else { order.iter().rev().copied().collect() } {
        let balance = &mut held[at];
        let step =
            if left > 0 { left.min(balance.on_hand - balance.reserved) } else { left.max(-balance.mine) };
        if step != 0 {
            balance.mine += step;
            left -= step;
            changes.insert(at, step);
        }
    }
    if left > 0 {
        let (part, depot) = store::find_names(tx, line.part_id, line.depot_id).await?;
        return Err(Error::Conflict(rules::not_enough(want - left, want, &part, &depot)));
    }
    write_reserved(tx, line, &mut held, &changes).await?;
    levels::watch_held(tx, &before, &held).await
}

async fn write_reserved(
    tx: &mut Tx,
    line: &LineStock,
    held: &mut [Held],
    changes: &HashMap<usize, i64>,
) -> Result<()> {
    let mut order: Vec<(usize, i64)> = changes.iter().map(|(at, step)| (*at, *step)).collect();
    order.sort_unstable();
    for (at, step) in &order {
        store::update_balance(tx, &mut held[*at], Change { on_hand: 0, reserved: *step, value: 0 }).await?;
    }
    let rows: Vec<(&Held, i64)> = order.iter().map(|(at, _)| (&held[*at], held[*at].mine)).collect();
    store::put_reservations(tx, line, &rows, false).await
}

/// Gives up what a line has reserved, wherever that is. Nothing reserved: nothing happens.
pub async fn release_line_in(tx: &mut Tx, line_id: Id) -> Result<()> {
    // Nil part and depot match no balance, so only what the line holds is locked.
    let line = LineStock {
        doc: DocRef::new("", Id::NIL, ""),
        line_id,
        part_id: Id::NIL,
        depot_id: Id::NIL,
        kind: IssueKind::Sale,
        org_id: Id::NIL,
    };
    reserve_line_in(tx, &line, Quantity::ZERO).await
}

/// Everything a line has goes back and its reservation is released: for a line, or a sheet, that is deleted.
pub async fn clear_line_in(tx: &mut Tx, line: &LineStock) -> Result<()> {
    set_line_in(tx, line, Quantity::ZERO).await?;
    release_line_in(tx, line.line_id).await
}
