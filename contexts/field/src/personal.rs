//! What engineers noted about customers.

use kernel::T;
use kit::personal::{Fate::*, Holding};

/// Tables with something about people in them.
pub fn holdings() -> Vec<Holding> {
    vec![Holding::new(
        "visit_report",
        T("上门记录", "Reports of visits"),
        ("order", "order_id"),
        &[("kind", Keep), ("code", Keep), ("at", Time), ("note", Words), ("detail", Json("{}"))],
    )]
}
