//! What is held about the owners of units.

use kernel::T;
use kit::personal::{Fate::*, Holding};

/// Tables with something about people in them.
pub fn holdings() -> Vec<Holding> {
    vec![
        Holding::new(
            "unit",
            T("名下设备", "Units"),
            ("customer", "customer_id"),
            &[
                ("no", Keep),
                ("serial", Keep),
                ("purchase_date", Keep),
                ("install_date", Keep),
                ("invoice_no", Reach),
                ("dealer", Keep),
                ("place", Reach),
                ("notes", Words),
                ("created_at", Time),
                ("version", Version),
            ],
        )
        .doc("unit", "no || ' ' || t.serial"),
        Holding::new(
            "unit_note",
            T("设备发现记录", "Findings on units"),
            ("unit", "unit_id"),
            &[("opened_at", Time), ("text", Words), ("result", Words)],
        ),
        Holding::new(
            "unit_wear",
            T("设备磨损记录", "Wear of units"),
            ("unit", "unit_id"),
            &[("part", Keep), ("remark", Words)],
        ),
        Holding::new(
            "unit_event",
            T("设备转出", "Units handed on"),
            ("customer", "from_customer_id"),
            &[("at", Time), ("from_place", Reach), ("remark", Words)],
        ),
        Holding::new(
            "unit_event",
            T("设备转入", "Units taken over"),
            ("customer", "to_customer_id"),
            &[("at", Time), ("to_place", Reach), ("remark", Words)],
        ),
    ]
}
