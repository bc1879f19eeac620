//! Reactions to events of other contexts.

use contracts::{AdviceFollowedUp, CustomersMerged, Event, OrderAudited};
use kernel::Id;
use kit::{Cx, Result, Sub, begin, reaction};

use crate::request::{input::CloseRequest, model::State, rules, service, store};

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

/// A request whose orders are all over is over too, once it has an answer (CALL-24, CALL-25).
async fn close_with_order(cx: &Cx, order: Id) -> Result<()> {
    let mut tx = begin!(cx, "intake.close_with_order", &order);
    let over = store::select_over(&mut tx, order).await?;
    for row in over {
        let old = store::lock_request(&mut tx, row.id).await?;
        if old.state == State::Ordered {
            let new = rules::close(&old, &CloseRequest::default(), &service::by(&tx))?;
            service::save_in(&mut tx, &old, &new).await?;
        }
    }
    tx.commit(()).await
}
