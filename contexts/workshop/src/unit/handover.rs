//! Pick-up: checks in front of the customer, money, signature; and what was left unpaid (SHOP-25, SHOP-26, WO-38).

use kernel::{Id, Money, RuleError, T};
use kit::{Cx, Error, Result, Tx, attachments, begin};
use orders::api::{self as order, Confirm, State};

use super::{
    clocks,
    model::{PickUp, Settle, ShopUnit, UnitOut},
    rules,
    service::{answer, held, open, save, store_signature},
    store,
};
use crate::{check, perms::SHOP_HAND_OVER, settings};

/// Hands a unit over. Errors: `workshop.not_ready`, `workshop.checks_open` (409); `workshop.identity`,
/// `workshop.checks`, `workshop.pickup_signature`, `workshop.received`, `workshop.unsettled` by field.
pub async fn pick_up(cx: &Cx, id: Id, input: PickUp) -> Result<UnitOut> {
    cx.require(&SHOP_HAND_OVER)?;
    let mut conn = cx.read().await?;
    let seen = held(&mut conn, id).await?;
    drop(conn);
    cx.authorize(&SHOP_HAND_OVER, &seen)?;
    // The signature is the order's, where its sheets show it; of units given back unrepaired it is the slip's.
    let confirms = seen.order.state == State::Done;
    let doc =
        if confirms { kit::DocRef::new("order", seen.order.id, &seen.order.no) } else { seen.unit.doc() };
    let signature = match &input.signature {
        Some(text) => Some(store_signature(cx, &doc, seen.unit.org_id, text).await?),
        None => None,
    };
    let mut tx = begin!(cx, "workshop.pick_up", &(id, &input));
    let held = open(&mut tx, id, &SHOP_HAND_OVER).await?;
    if input.version.is_some_and(|seen| seen != held.unit.version)
        || (held.order.state == State::Done) != confirms
    {
        return Err(Error::stale());
    }
    let state = held.state();
    if !state.leaves() {
        let text = T("机器还没有修好或退回，不能取走", "The unit is neither repaired nor given back yet");
        return Err(Error::Conflict(RuleError::new("workshop.not_ready", text)));
    }
    let choice: String = cx.setting(&settings::UNSETTLED, held.unit.org_id).await?;
    let due = held.order.payable;
    rules::check_pick_up(&held.unit, state, &input, due, choice == "flag")?;
    if confirms {
        check::service::check_passed(&mut tx, &held.unit, &held.order.kind).await?;
    }
    let new = leave(&tx, &held.unit, &input, due, &held.order.contact)?;
    let unit = save(&mut tx, &held.unit, new).await?;
    clocks::stop_all(&mut tx, &unit).await?;
    if confirms {
        let received = [("received".to_string(), serde_json::json!(unit.received))];
        order::learn_in(&mut tx, held.order.id, &received.into()).await?;
        // The unit has left by now, so the guard on the order lets its confirmation pass.
        let confirm = Confirm {
            by: Some(unit.taker.clone()),
            // Who takes his unit back in person has no sheet at home that could still come in.
            proven: true,
            handed_over: true,
            call_time: input.call_time.clone(),
            ..Confirm::default()
        };
        order::confirm_in(&mut tx, held.order.id, &confirm, signature.as_ref()).await?;
    } else {
        if let Some(file) = &signature {
            attachments::insert_in(&mut tx, file).await?;
        }
        let call_time = input.call_time.as_deref().unwrap_or_default();
        customers::api::set_call_time_in(&mut tx, held.order.customer_id, call_time).await?;
    }
    let out = answer(&mut tx, unit).await?;
    tx.commit(out).await
}

fn leave(tx: &Tx, old: &ShopUnit, input: &PickUp, due: Money, contact: &str) -> Result<ShopUnit> {
    let now = tx.now();
    let taker = input.taker.trim();
    let received = input.received.map_or(Money::ZERO, |amount| amount.0);
    let settled = received >= due;
    Ok(ShopUnit {
        left_at: Some(now),
        days: now.mins_since(old.received_at) / 1440,
        taker: if taker.is_empty() { contact.to_string() } else { taker.to_string() },
        identity: input.identity.map(|how| how.as_str().to_string()).unwrap_or_default(),
        checks: serde_json::to_string(&input.checks)?,
        difference: input.difference.trim().to_string(),
        due,
        received,
        settled,
        unsettled_reason: input.unsettled_reason.as_deref().unwrap_or_default().trim().to_string(),
        settled_at: settled.then_some(now),
        handed_by: Some(tx.staff()).filter(|staff| !staff.is_nil()),
        handed_name: tx.cx().actor.as_ref().map(|actor| actor.name.clone()).unwrap_or_default(),
        ..old.clone()
    })
}

/// More of the money came after the unit had left. Errors: `workshop.settled` (409), `workshop.received` by field.
pub async fn settle(cx: &Cx, id: Id, input: Settle) -> Result<UnitOut> {
    let mut tx = begin!(cx, "workshop.settle", &(id, &input));
    let old = store::lock_unit(&mut tx, id).await?;
    let order = order::brief(&mut tx, old.order_id).await?;
    tx.authorize(&SHOP_HAND_OVER, &super::model::Held { unit: old.clone(), order })?;
    if old.left_at.is_none() || old.settled {
        let text = T("没有未结清的取机", "Nothing is owed for a unit that left");
        return Err(Error::Conflict(RuleError::new("workshop.settled", text)));
    }
    let total = old.received.checked_add(input.received.0)?;
    if input.received.0 <= Money::ZERO || total > old.due {
        let open = old.due.checked_sub(old.received)?;
        let text = T("本次实收应大于 0，不超过欠款 {open}", "More than 0 and at most {open}");
        return Err(RuleError::new("workshop.received", text).arg("open", open).field("received").into());
    }
    let mut new = old.clone();
    new.received = total;
    new.settled = total >= old.due;
    new.settled_at = new.settled.then_some(tx.now());
    if !input.note.trim().is_empty() {
        new.unsettled_reason = format!("{} {}", old.unsettled_reason, input.note.trim())
            .trim()
            .chars()
            .take(rules::LONG)
            .collect();
    }
    let unit = save(&mut tx, &old, new).await?;
    let out = answer(&mut tx, unit).await?;
    tx.commit(out).await
}
