//! What an order's process settles with the customer is on the order's bill.

use contracts::ProcessAsked;
use kernel::{Money, T};
use kit::{
    Error, Result, Tx,
    notify::{Notice, tell_in},
};

use crate::{line, perms::ORDER_AUDIT};

/// A settlement with the customer below nothing is taken off what he pays (BILL-10). Where the order is locked already,
/// the auditors hear of it.
pub async fn asked_in(tx: &mut Tx, event: &ProcessAsked) -> Result<()> {
    let off = event.what == "settlement" && event.party == "customer" && event.amount < 0;
    if !off || event.doc_kind != "order" {
        return Ok(());
    }
    let by = Money(event.amount.saturating_neg());
    match line::service::reduce_in(tx, event.doc_id, by, &event.text).await {
        Err(Error::Conflict(_)) => {}
        done => return done,
    }
    let users = org::api::users_with(tx, ORDER_AUDIT.key, event.org_id).await?;
    let title =
        T("{no} 已锁定，减免 {sum} 未记账", "{no} is locked: a reduction of {sum} is not on its bill")
            .told(&[("no", event.doc_no.clone()), ("sum", kit::format::money(by))]);
    let href = format!("/orders/{}", event.doc_id);
    tell_in(tx, &Notice { users: &users, title: &title, detail: &event.text, href: &href, mail: false }).await
}
