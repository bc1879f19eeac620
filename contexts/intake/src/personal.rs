//! What is held about callers.

use kernel::{Id, RuleError, T};
use kit::{
    Error, Result, Tx,
    personal::{self, Fate::*, Holding, col},
};

use crate::{call, request::store};

/// Tables with something about people in them.
pub fn holdings() -> Vec<Holding> {
    vec![
        // Whoever called before there was a file is found by the number he called from.
        Holding::by_phone("service_request", ("request", "no"), |conn, phones, _| {
            Box::pin(store::select_of_nobody(conn, phones))
        }),
        Holding::new(
            "service_request",
            T("受理单", "Requests"),
            ("request", "id"),
            [
                col("no", Keep),
                col("created_at", Time),
                col("channel", Keep),
                col("caller_name", Name),
                col("caller_phone", Reach),
                col("phone_key", Key),
                col("customer_name", Name),
                col("address", Reach),
                col("model_name", Keep),
                col("serial", Keep),
                col("proof", Words).called("购机凭证", "Proof of purchase"),
                col("text", Words),
                col("demand", Words).called("客户要求", "Demand"),
                col("class_reason", Words).called("分类理由", "Why classed so"),
                col("clear_note", Words).called("澄清说明", "Cleared up"),
                col("confirm_note", Words).called("核实说明", "Verified"),
                col("answer", Name),
                col("close_note", Words).called("办结说明", "Closed with"),
                col("state", Keep),
                col("version", Version),
            ],
        ),
        Holding::way("service_request", ("customer", "customer_id"), ("request", "no")),
        // A call leads to the person in three ways, and by its number.
        Holding::way("call_log", ("customer", "customer_id"), ("call", "external_id")),
        Holding::way("call_log", ("order", "order_id"), ("call", "external_id")),
        Holding::way("call_log", ("request", "request_id"), ("call", "external_id")),
        Holding::by_phone("call_log", ("call", "external_id"), |conn, phones, _| {
            Box::pin(call::store::select_of_nobody(conn, phones))
        }),
        Holding::new(
            "call_log",
            T("来电去电", "Calls"),
            ("call", "id"),
            [
                col("at", Time),
                col("medium", Keep),
                col("direction", Keep),
                col("phone", Reach),
                col("phone_key", Key),
                col("party", Name),
                col("note", Words),
                col("seconds", Keep),
            ],
        ),
    ]
}

/// A customer who waits for an answer is not made anonymous. Error: 409 `intake.erase_open`.
pub async fn may_erase(tx: &mut Tx, customer: Id, action: &str) -> Result<()> {
    if action != "erase" {
        return Ok(());
    }
    let mut open = store::select_open_numbers(tx, customer).await?;
    let cx = tx.cx().clone();
    let phones = personal::phones(&cx, tx, ("customer", customer)).await?.0;
    if !phones.is_empty() {
        open.extend(store::select_open_of_nobody(tx, &phones).await?);
    }
    let open: Vec<String> = open.into_iter().map(|(no,)| no).collect();
    if open.is_empty() {
        return Ok(());
    }
    let text = T("还有未办结的受理单：{requests}", "Requests are not answered yet: {requests}");
    Err(Error::Conflict(RuleError::new("intake.erase_open", text).arg("requests", open.join("、"))))
}
