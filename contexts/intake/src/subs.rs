//! Reactions to events of other contexts.

use contracts::{Event, OrderAudited};
use db::args;
use kernel::Id;
use kit::{Cx, Result, Sub, begin};

use crate::request::{
    input::CloseRequest,
    model::{RequestRow, State},
    rules, service, store,
};

/// All of them.
pub fn all() -> Vec<Sub> {
    vec![Sub {
        event: OrderAudited::NAME,
        name: "intake.close_with_order",
        run: |cx, payload| {
            Box::pin(async move {
                let event: OrderAudited = serde_json::from_value(payload)?;
                close_with_order(&cx, event.order_id).await
            })
        },
    }]
}

/// A request whose orders are all over is over too, once it has an answer (CALL-24, CALL-25).
async fn close_with_order(cx: &Cx, order: Id) -> Result<()> {
    let mut tx = begin!(cx, "intake.close_with_order", &order);
    let sql = format!(
        "select {} from service_request r join request_order l on l.request_id = r.id
         where l.order_id = $1 and r.state = 'ordered' and r.answer <> '' and r.promised_at is null
           and not exists (select 1 from request_order x join pub_order o on o.id = x.order_id
                           where x.request_id = r.id and o.open)",
        RequestRow::cols("r")
    );
    let over: Vec<RequestRow> = tx.all(&sql, args![order]).await?;
    for row in over {
        let old = store::lock_request(&mut tx, row.id).await?;
        if old.state == State::Ordered {
            let new = rules::close(&old, &CloseRequest::default(), &service::by(&tx))?;
            service::save_in(&mut tx, &old, &new).await?;
        }
    }
    tx.commit(()).await
}
