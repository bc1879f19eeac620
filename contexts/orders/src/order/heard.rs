//! What a customer says about an order that is under way (CALL-19).

use kernel::{Id, T};
use kit::{
    Result, Tx,
    notify::{Notice, tell_in},
};
use serde_json::json;

use super::{clocks::short, model::OrderStep, store};
use crate::record::ids_of;

/// The customer called again about an open order: request `no` and their words stand in its history, and those who
/// work on it hear of it. The order itself stays as it is.
pub async fn called_in(tx: &mut Tx, id: Id, no: &str, words: &str) -> Result<()> {
    let row = store::get_order(tx, id).await?;
    let words = short(&words.replace('\n', " "), 400);
    let state = row.state.as_str().to_string();
    let step = OrderStep {
        id: tx.id(),
        order_id: row.id,
        org_id: row.org_id,
        action: "called".to_string(),
        from_state: state.clone(),
        to_state: state,
        at: tx.now(),
        staff_id: tx.staff(),
        staff_name: tx.cx().signature(),
        on_behalf: tx.cx().on_behalf(),
        reason: format!("{no} {words}").trim().to_string(),
        lat: None,
        lon: None,
        late: false,
    };
    store::insert_step(tx, &step).await?;
    // The words stay in the history, from which they can be erased.
    tx.log(row.doc(), "called", json!({ "request": no }));
    let people: Vec<Id> = row.engineer_id.into_iter().chain(ids_of(&row.helpers)).collect();
    if people.is_empty() {
        return Ok(());
    }
    let at = tx.now();
    let mut users = org::api::users_of(tx, &people, at).await?;
    let own = tx.cx().actor.as_ref().map(|actor| actor.user);
    users.retain(|user| Some(*user) != own);
    let title = T("{no} 客户又来电", "{no}: the customer called again").told(&[("no", row.no.clone())]);
    let href = format!("/orders/{}", row.id);
    tell_in(tx, &Notice { users: &users, title: &title, detail: &words, href: &href, mail: false }).await
}
