//! The low-stock alarm (PARTS-62): switched once when what is free falls to the minimum, and once when it rises.

use std::collections::BTreeMap;

use contracts::StockLow;
use kernel::Id;
use kit::{Result, Tx};

use super::{level_store, model::Held, rules, store};

/// Free pieces by part and depot before a command, for those that have levels.
pub type Free = BTreeMap<(Id, Id), i64>;

/// What is free now of the parts that have levels.
pub fn free_by_key<'a>(held: impl IntoIterator<Item = &'a Held>) -> Free {
    let mut free = Free::new();
    for h in held {
        if h.level.is_some() && h.state.is_issuable() {
            *free.entry((h.part_id, h.depot_id)).or_default() += h.on_hand - h.reserved;
        }
    }
    free
}

/// Switches alarms after a command that locked and changed `held`. Costs nothing unless what is free changed
/// across the minimum; then it looks once at all states, because a command may have locked only one of them.
pub async fn watch_held<'a>(
    tx: &mut Tx,
    before: &Free,
    held: impl IntoIterator<Item = &'a Held> + Clone,
) -> Result<()> {
    let after = free_by_key(held.clone());
    for (key, free) in &after {
        let was = before.get(key).copied().unwrap_or(0);
        let Some(row) = held.clone().into_iter().find(|h| (h.part_id, h.depot_id) == *key) else { continue };
        let Some(level) = row.level else { continue };
        if quiet(was, *free, level.minimum, level.low) {
            continue;
        }
        check_in(tx, key.0, key.1, row.org_id, level.id, level.minimum, level.low).await?;
    }
    Ok(())
}

/// True when the alarm can't have to be switched. Quantities come from locked rows and are right; `low` may be older
/// than they are, so it is only trusted where it agrees with them.
fn quiet(was: i64, is: i64, minimum: i64, low: bool) -> bool {
    match is.cmp(&was) {
        std::cmp::Ordering::Equal => true,
        std::cmp::Ordering::Greater => !low && was > minimum,
        std::cmp::Ordering::Less if low => was <= minimum,
        std::cmp::Ordering::Less => is > minimum,
    }
}

/// Looks at one part in one depot and switches its alarm if needed.
pub async fn check_in(
    tx: &mut Tx,
    part_id: Id,
    depot_id: Id,
    org_id: Id,
    level_id: Id,
    minimum: i64,
    low: bool,
) -> Result<()> {
    let available = store::find_available(tx, part_id, depot_id).await?.available.0;
    let Some(low) = rules::crossing(available, minimum, low) else { return Ok(()) };
    if store::update_low(tx, level_id, low).await? && low {
        tx.emit(&StockLow { part_id, depot_id, org_id, available, minimum })?;
    }
    Ok(())
}

/// Looks at a level that was just changed.
pub async fn check_level_in(tx: &mut Tx, level_id: Id) -> Result<()> {
    let found = level_store::find_alarm(tx, level_id).await?;
    let Some((part, depot, org, minimum, low)) = found else { return Ok(()) };
    check_in(tx, part, depot, org, level_id, minimum, low).await
}
