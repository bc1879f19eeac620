//! What is held about customers in callbacks.

use kernel::{Id, RuleError, T};
use kit::{
    Error, Result, Tx,
    personal::{Fate::*, Holding, col},
};

use crate::callback::{store, views};

/// Tables with something about people in them.
pub fn holdings() -> Vec<Holding> {
    vec![
        Holding::new(
            "callback",
            T("回访", "Callbacks"),
            ("customer", "customer_id"),
            [
                col("no", Keep),
                col("planned_at", Time),
                col("called_at", Time),
                col("class", Keep),
                col("quality", Keep),
                col("attitude", Keep),
                col("answers", Json("[]")).called("问答", "Questions and answers").say(views::answers_said),
                col("suggestion", Words).called("意见建议", "Suggestions"),
                col("demand", Words),
                col("new_need", Words).called("新需求", "New needs"),
                col("proposal", Words).called("处理建议", "What we propose"),
                col("note", Words).called("备注", "Note"),
                col("version", Version),
            ],
        )
        .doc("callback", "no"),
    ]
}

/// A customer who is still to be called is not made anonymous. Error: 409 `callbacks.erase_planned`.
pub async fn may_erase(tx: &mut Tx, customer: Id, action: &str) -> Result<()> {
    if action != "erase" {
        return Ok(());
    }
    let planned: Vec<String> =
        store::select_planned_numbers(tx, customer).await?.into_iter().map(|(no,)| no).collect();
    if planned.is_empty() {
        return Ok(());
    }
    let text = T(
        "还有未完成的回访：{calls}，请先完成或取消",
        "Calls are still planned: {calls}; make or cancel them first",
    );
    Err(Error::Conflict(RuleError::new("callbacks.erase_planned", text).arg("calls", planned.join("、"))))
}
