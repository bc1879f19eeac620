//! Reactions to events of lower contexts.

use kit::{Cx, Event, Result, Sub};
use serde_json::Value;

use crate::line::service;

/// What pay listens to.
pub fn all() -> Vec<Sub> {
    vec![
        Sub {
            event: contracts::OrderAudited::NAME,
            name: "pay.compute",
            run: |cx, event| Box::pin(audited(cx, event)),
        },
        Sub {
            event: contracts::OrderReopened::NAME,
            name: "pay.reverse",
            run: |cx, event| Box::pin(reopened(cx, event)),
        },
        kit::reaction!(contracts::ProcessAsked, "pay.settle_asked", |tx, event| service::settle_asked_in(
            tx, &event
        )),
        Sub {
            event: contracts::CallbackResulted::NAME,
            name: "pay.note_result",
            run: |cx, event| Box::pin(called_back(cx, event)),
        },
    ]
}

/// The audit of a completion sheet makes pay by itself (PAY-02).
async fn audited(cx: Cx, payload: Value) -> Result<()> {
    let event: contracts::OrderAudited = serde_json::from_value(payload)?;
    let mut tx = kit::begin!(cx, "pay.compute", &event.order_id);
    service::compute_in(&mut tx, event.order_id).await?;
    tx.commit(()).await
}

/// An order opened again after its audit gives its pay back (PAY-15).
async fn reopened(cx: Cx, payload: Value) -> Result<()> {
    let event: contracts::OrderReopened = serde_json::from_value(payload)?;
    let mut tx = kit::begin!(cx, "pay.reverse", &event.order_id);
    service::reverse_in(&mut tx, event.order_id, event.reworks).await?;
    tx.commit(()).await
}

/// What customers say at callbacks brings rewards and penalties (PAY-04, 06).
async fn called_back(cx: Cx, payload: Value) -> Result<()> {
    let event: contracts::CallbackResulted = serde_json::from_value(payload)?;
    let mut tx = kit::begin!(cx, "pay.note_result", &event.callback_id);
    service::note_result_in(&mut tx, event.callback_id, event.order_id, &event.class, event.at).await?;
    tx.commit(()).await
}
