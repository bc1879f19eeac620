//! Reactions to events of other contexts.

use contracts::{CustomersMerged, Event, OrderAudited};
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
        reaction!(CustomersMerged, "intake.follow_merged_customer", |tx, event| store::move_customer(
            tx, event.from, event.into
        )),
    ]
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
