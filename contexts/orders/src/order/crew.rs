//! Who works on an order: the lead, the helpers, their shares.

use kernel::{Id, RuleError, T};
use kit::{
    Cx, Error, Result, Sens, Tx,
    notify::{Notice, tell_in},
    veil::marked,
};
use org::api::StaffBrief;

use super::{
    clocks::short,
    input::AssignOrder,
    job::Job,
    model::{OrderRow, Share},
    rules, store,
};
use crate::{
    perms::{ORDER_ASSIGN, ORDER_READ},
    record::ids_text,
};

/// People and outlets whom the caller may not steer are as if they did not exist: those of the order's own
/// organisations, and those within the caller's reach.
fn in_reach(cx: &Cx, order: &OrderRow, org: Id, staff: &[Id]) -> bool {
    let own = [Some(order.org_id), order.outlet_id, order.level_org_id];
    own.contains(&Some(org))
        || cx
            .scope(&ORDER_ASSIGN)
            .or_else(|_| cx.scope(&ORDER_READ))
            .is_ok_and(|scope| scope.covers(org, staff))
}

fn no_engineer(field: &str) -> Error {
    let text = T("没有这位在职工程师", "There is no such active engineer");
    RuleError::new("orders.engineer", text).field(field).into()
}

/// An engineer at work whom the caller may send.
fn able(cx: &Cx, order: &OrderRow, one: &StaffBrief) -> bool {
    one.active && one.engineer && in_reach(cx, order, one.org_id, &[one.id])
}

/// Name of the lead and the helpers' ids. Errors: `orders.engineer`, `orders.outlet` by field.
pub async fn engineers(tx: &mut Tx, order: &OrderRow, input: &AssignOrder) -> Result<(String, Vec<Id>)> {
    let helpers: Vec<Id> = input.helpers.iter().map(|h| h.staff_id).collect();
    let named: Vec<Id> = std::iter::once(input.engineer_id).chain(helpers.iter().copied()).collect();
    let people = org::api::staff_many(tx, &named).await?;
    let cx = tx.cx();
    let able = |id: Id| people.iter().find(|one| one.id == id && able(cx, order, one));
    let lead = able(input.engineer_id).ok_or_else(|| no_engineer("engineer_id"))?;
    if helpers.iter().any(|id| able(*id).is_none()) {
        return Err(no_engineer("helpers"));
    }
    if input.outlet_id.is_some_and(|outlet| !in_reach(cx, order, outlet, &[])) {
        let text = T("没有这个网点", "There is no such outlet");
        return Err(RuleError::new("orders.outlet", text).field("outlet_id").into());
    }
    Ok((lead.name.clone(), helpers))
}

/// Shares as said; none when nobody helps.
pub fn shares(input: &AssignOrder) -> Vec<Share> {
    let given: i64 = input.helpers.iter().map(|h| h.share_bp).sum();
    if input.helpers.is_empty() {
        return Vec::new();
    }
    let lead = Share { staff_id: input.engineer_id, share_bp: 10_000 - given, lead: true };
    let others =
        input.helpers.iter().map(|h| Share { staff_id: h.staff_id, share_bp: h.share_bp, lead: false });
    std::iter::once(lead).chain(others).collect()
}

/// Who goes on is the lead from now on, with the lead's share (PAY-14). Errors: `orders.engineer`.
pub async fn hand_over_in(tx: &mut Tx, job: &mut Job, next: Id) -> Result<()> {
    let staff = org::api::staff_many(tx, &[next]).await?.into_iter().next();
    let staff = staff.filter(|one| able(tx.cx(), &job.old, one));
    let next = staff.ok_or_else(|| no_engineer("hand_over_to"))?;
    (job.new.engineer_id, job.new.engineer_name) = (Some(next.id), next.name);
    let stored = store::select_shares(tx, job.old.id).await?;
    if stored.is_empty() {
        return Ok(());
    }
    let shares = rules::handed_over(&stored, next.id);
    let helpers: Vec<Id> = shares.iter().filter(|share| !share.lead).map(|share| share.staff_id).collect();
    job.new.helpers = ids_text(&helpers)?;
    store::replace_shares(tx, job.old.id, if helpers.is_empty() { &[] } else { &shares }).await
}

/// Another engineer has the order now: whoever keeps the calendars refuses what is not possible (DISP-23), and both
/// hear of it, the one who has it and the one who had it; not who did it for oneself.
pub async fn tell_assigned_in(tx: &mut Tx, before: Option<Id>, row: &OrderRow) -> Result<()> {
    kit::guarded(tx, "order", row.id, "appointment").await?;
    let Some(engineer_id) = row.engineer_id else { return Ok(()) };
    let (order_id, no, at) = (row.id, row.no.clone(), tx.now());
    tx.emit(&contracts::OrderAssigned { order_id, no, engineer_id, org_id: row.org_id, at })?;
    let given = T("{no} 已派给你", "{no} is assigned to you");
    let taken = T("{no} 已改派给 {name}", "{no} went to {name}");
    let what = format!("{} · {}", marked(Sens::Name, &row.customer_name), short(&row.symptom, 60));
    for (person, text) in [(Some(engineer_id), given), (before, taken)] {
        let Some(person) = person else { continue };
        let mut users = org::api::users_of(tx, &[person], at).await?;
        let own = tx.cx().actor.as_ref().map(|actor| actor.user);
        users.retain(|user| Some(*user) != own);
        let name = row.engineer_name.clone();
        let title = text.told(&[("no", row.no.clone()), ("name", T::both(&name, &name))]);
        // Who has lost it may not be able to open it any more.
        let href = if person == engineer_id { format!("/orders/{}", row.id) } else { "/orders".to_string() };
        tell_in(tx, &Notice { users: &users, title: &title, detail: &what, href: &href, mail: false })
            .await?;
    }
    Ok(())
}
