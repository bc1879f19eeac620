//! What customers wrote and with what they came in.

use kernel::T;
use kit::personal::{Fate::*, Holding, col};

use crate::talk;

/// Tables with something about people in them.
pub fn holdings() -> Vec<Holding> {
    vec![
        Holding::new(
            "order_message",
            T("留言", "Messages"),
            ("order", "order_id"),
            [
                col("at", Time).called("时间", "Time"),
                col("author", Keep).called("留言人", "From"),
                col("text", Words).called("内容", "Words"),
            ],
        )
        .also(|tx, ids| {
            Box::pin(async move {
                talk::store::forget_authors(tx, ids).await?;
                Ok(Vec::new())
            })
        }),
        Holding::new(
            "portal_code",
            T("查询验证码", "Codes sent"),
            ("customer", "customer_id"),
            [col("created_at", Time).called("发送时间", "Sent at"), col("phone_key", Key)],
        )
        .gone(),
        Holding::new(
            "portal_pass",
            T("查询通行", "Day passes"),
            ("customer", "customer_id"),
            [col("created_at", Time).called("进入时间", "Came in at")],
        )
        .gone(),
    ]
}
