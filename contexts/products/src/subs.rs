//! Reactions to events of other contexts.

use contracts::CustomersMerged;
use kit::{Event, Sub, begin};

use crate::unit;

/// All of them.
pub fn subs() -> Vec<Sub> {
    vec![Sub {
        event: CustomersMerged::NAME,
        name: "products.follow_merged_customer",
        run: |cx, payload| {
            Box::pin(async move {
                let event: CustomersMerged = serde_json::from_value(payload)?;
                let mut tx = begin!(cx, "products.follow_merged_customer", &event);
                unit::store::move_customer(&mut tx, event.from, event.into).await?;
                tx.commit(()).await
            })
        },
    }]
}
