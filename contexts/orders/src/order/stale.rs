//! Orders without progress (WO-49): marked by the clock, unmarked by the next step.

use kit::{Cx, Result};

use super::store;
use crate::settings;

/// Marks open orders that have had no step for the hours set for the whole company.
pub async fn mark(cx: Cx) -> Result<()> {
    let hours: i64 = cx.setting(&settings::STALE_HOURS, kernel::Id::NIL).await?;
    let mut tx = kit::begin!(cx, "orders.mark_stale", &hours);
    let before = tx.now().plus_hours(-hours);
    store::mark_stale(&mut tx, before).await?;
    tx.commit(()).await
}
