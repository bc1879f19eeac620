//! What the processes of orders say about callbacks: asked for in their own time, made by themselves, or made in vain.

use contracts::{FIRST_CALLBACK, ProcessAsked, UNREACHED_CALLBACK};
use kit::{
    DocRef, Result, Tx,
    timers::{self, NewTimer},
};

use super::{
    model::{CallbackRow, ResultClass},
    rules,
    service::{self, DUE_TIMER, FIRST_TIMER},
    store,
};

/// The process of an order asks for its first callback in its own time: that takes the place of the company's clock
/// (DOC-04). One that it made itself is the order's callback: nobody calls again (CB-09). Any other call, about
/// maintenance months ahead for instance, leaves the clock alone: it is a task of the process.
pub async fn heard_in(tx: &mut Tx, event: &ProcessAsked) -> Result<()> {
    if event.what != "callback" || event.doc_kind != "order" {
        return Ok(());
    }
    if event.code == UNREACHED_CALLBACK {
        timers::stop_in(tx, event.doc_id, &[FIRST_TIMER]).await?;
        return service::drop_open_in(tx, event.doc_id, &event.text).await;
    }
    if let Some(class) = ResultClass::parse(&event.code) {
        return called_in(tx, event, class).await;
    }
    if event.code != FIRST_CALLBACK {
        return Ok(());
    }
    timers::stop_in(tx, event.doc_id, &[FIRST_TIMER]).await?;
    let timer = NewTimer {
        doc: &DocRef::new("order", event.doc_id, &event.doc_no),
        org: event.org_id,
        kind: FIRST_TIMER,
        span: kernel::Span::Hours(0),
        start: event.at,
        warn_percent: 0,
    };
    timers::start_at_in(tx, &timer, Some(event.due.unwrap_or(event.at)), 0).await
}

/// The process called the customer: what he said stands among the callbacks and on the order, as if a clerk had recorded
/// it (CB-09, OUTLET-05). Where the order goes next is the process's to say.
async fn called_in(tx: &mut Tx, event: &ProcessAsked, class: ResultClass) -> Result<()> {
    timers::stop_in(tx, event.doc_id, &[FIRST_TIMER]).await?;
    let earlier = store::select_of_order(tx, event.doc_id).await?;
    // Who called from the order's own list told the process, which may go on from there by hand.
    let known =
        |row: &&CallbackRow| row.class == Some(class) && row.called_at.is_some_and(|at| at >= event.since);
    if earlier.iter().any(|row| known(&row)) {
        return Ok(());
    }
    let class = rules::class_after(class, &earlier);
    let old = match earlier.into_iter().find(|row| row.state == super::model::CallbackState::Planned) {
        Some(row) => row,
        None => {
            let brief = orders::api::brief(tx, event.doc_id).await?;
            service::plan_first_in(tx, &brief).await?
        }
    };
    let mut new = rules::called(&old, class, &event.said, &event.text, event.at);
    new.clerk_id = Some(event.staff_id).filter(|staff| !staff.is_nil());
    store::update_callback(tx, &new).await?;
    timers::stop_in(tx, new.id, &[DUE_TIMER]).await?;
    tx.changed(service::doc(&new), &old, &new)?;
    orders::api::callback_known_in(tx, event.doc_id, class.as_str(), &rules::words(&new)).await?;
    tx.emit(&contracts::CallbackResulted {
        callback_id: new.id,
        order_id: event.doc_id,
        class: class.as_str().to_string(),
        // The process looks after what the customer is not content with, whether it sends the order back or not.
        sent_back: class != ResultClass::Satisfied,
        said: rules::words(&new),
        at: event.at,
    })
}
