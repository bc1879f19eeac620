//! Posting of movements that are not a document line's issue: receipts, transfers, counts, changes of state.

use std::collections::BTreeMap;

use kernel::{Id, Money};
use kit::{Error, Result, Tx};

use super::{
    levels,
    model::{End, Held, Posting, Worth},
    rules,
    store::{self, Change, Key, NewMove},
};
use crate::depot;

/// What a posting moved.
#[derive(Clone, Copy, Debug)]
pub struct Posted {
    /// The movement.
    pub move_id: Id,
    /// Its value.
    pub cost: Money,
}

fn key(part_id: Id, end: End) -> Option<Key> {
    match end {
        End::Stock { depot_id, state } => Some((part_id, depot_id, state)),
        End::Outside(_) => None,
    }
}

/// Posts movements, all or nothing. Only what is free may leave: what is promised to document lines stays.
///
/// Errors: `parts.not_enough` (409) with the index of the posting in the field (`lines.2.quantity`);
/// `parts.quantity` (422). Statements: one lock, one update per balance, one insert per 50 movements; for places
/// where the part never lay before, three more.
pub async fn post_in(tx: &mut Tx, postings: &[Posting]) -> Result<Vec<Posted>> {
    let mut held = lock(tx, postings).await?;
    let before = levels::free_by_key(held.values());
    let mut changes: BTreeMap<Id, Change> = BTreeMap::new();
    let mut costs = Vec::with_capacity(postings.len());
    for (index, posting) in postings.iter().enumerate() {
        let quantity = rules::positive(posting.quantity, &format!("lines.{index}.quantity"))?;
        let asked = match posting.worth {
            Worth::Average => None,
            Worth::Exactly(money) => Some(money.0.max(0)),
        };
        let mut cost = asked.unwrap_or(0);
        if let Some(from) = key(posting.part_id, posting.from).and_then(|key| held.get_mut(&key)) {
            let free = from.on_hand - from.reserved;
            if free < quantity {
                let (part_id, depot_id) = (from.part_id, from.depot_id);
                let (part, depot) = store::find_names(tx, part_id, depot_id).await?;
                let field = format!("lines.{index}.quantity");
                return Err(Error::Conflict(rules::not_enough(free, quantity, &part, &depot).field(field)));
            }
            cost = rules::leaving(from.on_hand, from.value, quantity, asked);
            shift(from, &mut changes, -quantity, -cost);
        }
        if let Some(to) = key(posting.part_id, posting.to).and_then(|key| held.get_mut(&key)) {
            shift(to, &mut changes, quantity, cost);
        }
        costs.push((quantity, cost));
    }
    write(tx, &held, &changes).await?;
    let moves = new_moves(postings, &costs, &held);
    let ids = store::insert_moves(tx, &moves).await?;
    levels::watch_held(tx, &before, held.values()).await?;
    Ok(ids.into_iter().zip(costs).map(|(move_id, (_, cost))| Posted { move_id, cost: Money(cost) }).collect())
}

/// Notes a change; later postings of the same batch see it.
fn shift(held: &mut Held, changes: &mut BTreeMap<Id, Change>, quantity: i64, cost: i64) {
    held.on_hand += quantity;
    held.value += cost;
    let change = changes.entry(held.id).or_insert(Change { on_hand: 0, reserved: 0, value: 0 });
    change.on_hand += quantity;
    change.value += cost;
}

async fn write(tx: &mut Tx, held: &BTreeMap<Key, Held>, changes: &BTreeMap<Id, Change>) -> Result<()> {
    for (id, change) in changes {
        let Some(row) = held.values().find(|row| row.id == *id) else { continue };
        store::update_balance(tx, &mut row.clone(), *change).await?;
    }
    Ok(())
}

fn new_moves<'a>(
    postings: &'a [Posting],
    costs: &[(i64, i64)],
    held: &BTreeMap<Key, Held>,
) -> Vec<NewMove<'a>> {
    let balance = |posting: &Posting, end: End| key(posting.part_id, end).and_then(|key| held.get(&key));
    postings
        .iter()
        .zip(costs)
        .map(|(posting, (quantity, cost))| {
            let (from, to) = (balance(posting, posting.from), balance(posting, posting.to));
            NewMove {
                kind: posting.kind,
                issue_kind: "",
                part_id: posting.part_id,
                quantity: *quantity,
                cost: *cost,
                from: (posting.from, from.map(|h| h.id)),
                to: (posting.to, to.map(|h| h.id)),
                doc: &posting.doc,
                line_id: posting.line_id,
                reason: &posting.reason,
                reversal_of: posting.reversal_of,
                org_id: from.or(to).map_or(Id::NIL, |h| h.org_id),
            }
        })
        .collect()
}

/// Locks all balances of the postings, making empty ones where goods arrive for the first time.
async fn lock(tx: &mut Tx, postings: &[Posting]) -> Result<BTreeMap<Key, Held>> {
    let mut keys: Vec<Key> =
        postings.iter().flat_map(|p| [key(p.part_id, p.from), key(p.part_id, p.to)]).flatten().collect();
    keys.sort_unstable();
    keys.dedup();
    let mut held = by_key(store::lock_keys(tx, &keys).await?);
    let missing: Vec<Key> = keys.iter().filter(|key| !held.contains_key(key)).copied().collect();
    if missing.is_empty() {
        return Ok(held);
    }
    let ids: Vec<Id> = missing.iter().map(|(_, depot, _)| *depot).collect();
    let depots = depot::store::select_by_ids(tx, &ids).await?;
    let mut rows = Vec::with_capacity(missing.len());
    for key in &missing {
        let depot = depots.iter().find(|d| d.id == key.1).ok_or(Error::NotFound)?;
        rows.push((*key, depot.org_id, depot.holder_id));
    }
    store::insert_balances(tx, &rows).await?;
    held.extend(by_key(store::lock_keys(tx, &missing).await?));
    Ok(held)
}

fn by_key(held: Vec<Held>) -> BTreeMap<Key, Held> {
    held.into_iter().map(|h| ((h.part_id, h.depot_id, h.state), h)).collect()
}
