//! Reactions to events of other contexts.

use contracts::{AdviceFollowedUp, CallbackResulted, CustomersMerged, Event, OrderAudited, OrderStopped};
use kernel::Id;
use kit::{Cx, Result, Scope, Sub, Tx, begin, reaction};
use orders::api::CallbackClass;
use serde_json::json;

use crate::{
    request::{
        input::CloseRequest,
        model::State,
        rules,
        service::{self, Numbers, register_in},
        store,
    },
    settings, topic,
};

/// All of them.
pub fn all() -> Vec<Sub> {
    vec![
        Sub {
            event: OrderAudited::NAME,
            name: "intake.close_with_order",
            run: |cx, payload| {
                Box::pin(async move {
                    let event: OrderAudited = serde_json::from_value(payload)?;
                    close_with_order(&cx, event.order_id).await
                })
            },
        },
        Sub {
            event: AdviceFollowedUp::NAME,
            name: "intake.visit_after_advice",
            run: |cx, payload| {
                Box::pin(async move {
                    let event: AdviceFollowedUp = serde_json::from_value(payload)?;
                    if event.remains && service::reopen_after_advice(&cx, &event).await? {
                        visit(&cx, &event).await;
                    }
                    Ok(())
                })
            },
        },
        Sub {
            event: CallbackResulted::NAME,
            name: "intake.complaint_when_called",
            run: |cx, payload| {
                Box::pin(async move {
                    let event: CallbackResulted = serde_json::from_value(payload)?;
                    complain(&cx, &event).await
                })
            },
        },
        reaction!(OrderStopped, "intake.open_with_stopped_order", |tx, event| open_again(tx, &event)),
        reaction!(CustomersMerged, "intake.follow_merged_customer", |tx, event| store::move_customer(
            tx, event.from, event.into
        )),
    ]
}

/// Orders the visit by itself, in a transaction of its own: a request that says too little for an order has been opened
/// again for the desk all the same, and its promise runs.
async fn visit(cx: &Cx, event: &AdviceFollowedUp) {
    let cx = Cx::system(&cx.app);
    if let Err(error) = service::order_after_advice(&cx, event).await {
        tracing::info!(request = %event.request_id, ?error, "the desk orders the visit");
    }
}

/// The customer is not content and the order did not go back for it, because the manner was at fault and not the work, or
/// because the order is locked: it is a complaint, and somebody owes an answer (CB-09).
async fn complain(cx: &Cx, event: &CallbackResulted) -> Result<()> {
    if event.sent_back || event.class == CallbackClass::Satisfied.as_str() {
        return Ok(());
    }
    let numbers = Numbers::take(cx).await?;
    let mut tx = begin!(cx, "intake.complaint_when_called", &event.callback_id);
    let order = orders::api::brief(&mut tx, event.order_id).await?;
    let mut input = rules::complaint(&order, event);
    let content = topic::store::find_content(&mut tx, input.content.as_deref().unwrap_or_default()).await?;
    input.content = content.filter(|content| content.active).map(|content| content.code);
    // A company without this topic does not work by requests of this kind.
    if topic::store::find_topic(&mut tx, &input.topic).await?.is_some_and(|topic| topic.active) {
        register_in(&mut tx, &input, &Scope::All, numbers).await?;
    }
    tx.commit(()).await
}

/// Orders that ended without their work leave the request as it was before them: somebody owes the customer an answer
/// (CALL-24). A request with another order that goes on, or went well, is not touched.
async fn open_again(tx: &mut Tx, event: &OrderStopped) -> Result<()> {
    let now = tx.now();
    for row in store::select_stopped(tx, event.order_id).await? {
        let old = store::lock_request(tx, row.id).await?;
        let promised = settings::due(tx.cx(), &settings::REPLY, old.org_id, now).await?.1;
        let new = rules::order_stopped(&old, promised, &service::by(tx));
        service::save_in(tx, &old, &new).await?;
        tx.log(service::doc(&new), "order_stopped", json!({ "order": event.no, "reason": event.reason }));
    }
    close_over(tx, event.order_id).await
}

/// A request whose orders are all over is over too, once it has an answer (CALL-24, CALL-25).
async fn close_with_order(cx: &Cx, order: Id) -> Result<()> {
    let mut tx = begin!(cx, "intake.close_with_order", &order);
    close_over(&mut tx, order).await?;
    tx.commit(()).await
}

async fn close_over(tx: &mut Tx, order: Id) -> Result<()> {
    for row in store::select_over(tx, order).await? {
        let old = store::lock_request(tx, row.id).await?;
        if old.state == State::Ordered {
            let new = rules::close(&old, &CloseRequest::default(), &service::by(tx))?;
            service::save_in(tx, &old, &new).await?;
        }
    }
    Ok(())
}
