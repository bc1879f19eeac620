//! Reactions to events of other contexts.

use contracts::CustomersMerged;
use kit::{Event, Sub, begin};

use crate::order::store;

/// All of them.
pub fn all() -> Vec<Sub> {
    vec![Sub {
        event: CustomersMerged::NAME,
        name: "orders.follow_merged_customer",
        run: |cx, payload| {
            Box::pin(async move {
                let event: CustomersMerged = serde_json::from_value(payload)?;
                let mut tx = begin!(cx, "orders.follow_merged_customer", &event);
                store::move_customer(&mut tx, event.from, event.into).await?;
                tx.commit(()).await
            })
        },
    }]
}
