//! What is held about those who bring and take units.

use kernel::T;
use kit::personal::{Fate::*, Holding};

/// Tables with something about people in them.
pub fn holdings() -> Vec<Holding> {
    vec![
        Holding::new(
            "shop_unit",
            T("送修接收", "Units in the workshop"),
            ("customer", "customer_id"),
            &[
                ("no", Keep),
                ("received_at", Time),
                ("taker", Name),
                ("identity", Reach),
                ("unsigned_reason", Words),
                ("back_note", Words),
                ("left_at", Time),
                ("version", Version),
            ],
        )
        .doc("shop_unit", "no"),
        Holding::new(
            "shop_notice",
            T("取机通知", "Notices to take units"),
            ("shop_unit", "shop_unit_id"),
            &[("channel", Keep), ("at", Time), ("text", Words), ("answer", Words)],
        ),
        Holding::new(
            "extra_item",
            T("追加项目征询", "Answers about further work"),
            ("shop_unit", "shop_unit_id"),
            &[("what", Keep), ("price", Keep), ("answered_by", Name), ("answered_at", Time)],
        ),
    ]
}
