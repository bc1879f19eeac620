//! Reactions to events of other contexts.

use contracts::CustomersMerged;
use kit::{Sub, reaction};

use crate::unit;

/// All of them.
pub fn subs() -> Vec<Sub> {
    vec![reaction!(CustomersMerged, "products.follow_merged_customer", |tx, event| {
        unit::store::move_customer(tx, event.from, event.into)
    })]
}
