//! What customers wrote and with what they came in.

use kernel::T;
use kit::personal::{Fate::*, Holding};

use crate::talk;

/// Tables with something about people in them.
pub fn holdings() -> Vec<Holding> {
    vec![
        Holding::new(
            "order_message",
            T("留言", "Messages"),
            ("order", "order_id"),
            &[("at", Time), ("author", Keep), ("text", Words)],
        )
        .also(|tx, ids| Box::pin(talk::store::forget_authors(tx, ids))),
        Holding::new(
            "portal_code",
            T("查询验证码", "Codes sent"),
            ("customer", "customer_id"),
            &[("phone_key", Key), ("created_at", Time)],
        )
        .gone(),
        Holding::new(
            "portal_pass",
            T("查询通行", "Day passes"),
            ("customer", "customer_id"),
            &[("created_at", Time)],
        )
        .gone(),
    ]
}
