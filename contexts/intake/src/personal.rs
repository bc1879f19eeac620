//! What is held about callers.

use kernel::{Id, RuleError, T};
use kit::{
    Error, Result, Tx,
    personal::{
        Fate::{self, *},
        Holding,
    },
};

use crate::request::store;

/// A call, whoever it belongs to: each of the three ways to a person has the same columns.
const CALL: &[(&str, Fate)] = &[
    ("medium", Keep),
    ("direction", Keep),
    ("at", Time),
    ("phone", Reach),
    ("phone_key", Key),
    ("party", Name),
    ("note", Words),
    ("seconds", Keep),
];

/// Tables with something about people in them.
pub fn holdings() -> Vec<Holding> {
    vec![
        Holding::new(
            "service_request",
            T("受理单", "Requests"),
            ("customer", "customer_id"),
            &[
                ("no", Keep),
                ("created_at", Time),
                ("channel", Keep),
                ("caller_name", Name),
                ("caller_phone", Reach),
                ("phone_key", Key),
                ("customer_name", Name),
                ("address", Reach),
                ("model_name", Keep),
                ("serial", Keep),
                ("proof", Words),
                ("text", Words),
                ("demand", Words),
                ("class_reason", Words),
                ("clear_note", Words),
                ("confirm_note", Words),
                ("answer", Name),
                ("close_note", Words),
                ("state", Keep),
                ("version", Version),
            ],
        )
        .doc("request", "no"),
        Holding::new("call_log", T("来电去电", "Calls"), ("customer", "customer_id"), CALL)
            .doc("call", "external_id"),
        Holding::new("call_log", T("工单通话", "Calls about orders"), ("order", "order_id"), CALL),
        Holding::new("call_log", T("受理通话", "Calls about requests"), ("request", "request_id"), CALL),
    ]
}

/// A customer who waits for an answer is not made anonymous. Error: 409 `intake.erase_open`.
pub async fn may_erase(tx: &mut Tx, customer: Id, action: &str) -> Result<()> {
    if action != "erase" {
        return Ok(());
    }
    let open: Vec<String> =
        store::select_open_numbers(tx, customer).await?.into_iter().map(|(no,)| no).collect();
    if open.is_empty() {
        return Ok(());
    }
    let text = T("还有未办结的受理单：{requests}", "Requests are not answered yet: {requests}");
    Err(Error::Conflict(RuleError::new("intake.erase_open", text).arg("requests", open.join("、"))))
}
