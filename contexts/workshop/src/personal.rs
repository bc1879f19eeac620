//! What is held about those who bring and take units.

use kernel::T;
use kit::{
    lists::Kind,
    personal::{Fate::*, Holding, col},
};

use crate::unit::model::Identity;

/// Tables with something about people in them.
pub fn holdings() -> Vec<Holding> {
    vec![
        Holding::new(
            "shop_unit",
            T("送修接收", "Units in the workshop"),
            ("customer", "customer_id"),
            [
                col("no", Keep),
                col("received_at", Time),
                col("taker", Name),
                col("identity", Reach).of("身份核对", "Recognised by", Kind::Code(Identity::OPTIONS)),
                col("unsigned_reason", Words).called("未签字原因", "Why not signed"),
                col("back_note", Words).called("未修说明", "Why unrepaired, in words"),
                col("left_at", Time),
                col("version", Version),
            ],
        )
        .doc("shop_unit", "no"),
        Holding::new(
            "shop_notice",
            T("取机通知", "Notices to take units"),
            ("shop_unit", "shop_unit_id"),
            [col("at", Time), col("channel", Keep), col("text", Words), col("answer", Words)],
        ),
        Holding::new(
            "extra_item",
            T("追加项目征询", "Answers about further work"),
            ("shop_unit", "shop_unit_id"),
            [
                col("what", Keep).called("项目", "Item"),
                col("price", Keep).of("价格", "Price", Kind::Money),
                col("answered_by", Name).called("答复人", "Answered by"),
                col("answered_at", Time).called("答复时间", "Answered at"),
            ],
        ),
    ]
}
