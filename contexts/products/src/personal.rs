//! What is held about the owners of units.

use kernel::T;
use kit::personal::{Fate::*, Holding, col};

/// Tables with something about people in them.
pub fn holdings() -> Vec<Holding> {
    vec![
        Holding::new(
            "unit",
            T("名下设备", "Units"),
            ("customer", "customer_id"),
            [
                col("no", Keep),
                col("serial", Keep),
                col("purchase_date", Keep),
                col("install_date", Keep),
                col("invoice_no", Reach),
                col("dealer", Keep),
                col("place", Reach),
                col("notes", Words),
                col("created_at", Time).called("登记时间", "Registered"),
                col("version", Version),
            ],
        )
        .doc("unit", "no || ' ' || t.serial"),
        Holding::new(
            "unit_note",
            T("设备发现记录", "Findings on units"),
            ("unit", "unit_id"),
            [
                col("opened_at", Time).called("发现时间", "Found at"),
                col("text", Words).called("发现的问题", "What was found"),
                col("result", Words).called("处理结果", "What became of it"),
            ],
        ),
        Holding::new(
            "unit_wear",
            T("设备磨损记录", "Wear of units"),
            ("unit", "unit_id"),
            [
                col("seen_at", Time).called("查看时间", "Seen at"),
                col("part", Keep).called("易损件", "Wear part"),
                col("remark", Words).called("备注", "Remarks"),
            ],
        ),
        Holding::new(
            "unit_event",
            T("设备转出", "Units handed on"),
            ("customer", "from_customer_id"),
            [
                col("at", Time).called("登记时间", "Entered at"),
                col("from_place", Reach).called("原地点", "From"),
                col("remark", Words).called("备注", "Remarks"),
            ],
        ),
        Holding::new(
            "unit_event",
            T("设备转入", "Units taken over"),
            ("customer", "to_customer_id"),
            [
                col("at", Time).called("登记时间", "Entered at"),
                col("to_place", Reach).called("新地点", "To"),
                col("remark", Words).called("备注", "Remarks"),
            ],
        ),
    ]
}
