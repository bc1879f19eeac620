//! Reactions to events of other contexts.

use contracts::CustomersMerged;
use kit::{Sub, reaction};

use crate::{
    order::store,
    process::{bill, supply},
};

/// All of them.
pub fn all() -> Vec<Sub> {
    vec![
        reaction!(CustomersMerged, "orders.follow_merged_customer", |tx, event| store::move_customer(
            tx, event.from, event.into
        )),
        reaction!(contracts::ProcessAsked, "orders.supply_asked", |tx, event| supply::asked_in(tx, &event)),
        reaction!(contracts::ProcessAsked, "orders.bill_asked", |tx, event| bill::asked_in(tx, &event)),
    ]
}
