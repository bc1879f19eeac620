//! Clocks of units in the house, and what they hear of their orders.

use contracts::{OrderCompleted, OrderReopened, OrderStopped};
use kernel::{Id, T};
use kit::{
    DocRef, Result, Sub, TimerKind, Tx,
    notify::{Notice, tell_in},
    reaction,
    timers::{self, Fired, NewTimer, parse_span},
};

use super::{
    model::{PlaceKind, ShopUnit},
    service, store,
};
use crate::{
    perms::{MAKER_WRITE, SHOP_NOTIFY},
    settings,
};

/// Nobody picked the unit up; three of them, told apart by what follows `/`.
pub const UNCOLLECTED: &str = "workshop.uncollected";
const CHASES: [&str; 3] = ["workshop.uncollected/1", "workshop.uncollected/2", "workshop.uncollected/3"];
/// The maker's promised date (SHOP-22).
pub const MAKER: &str = "workshop.maker";

/// Kinds of clocks.
pub fn timers() -> Vec<TimerKind> {
    vec![
        TimerKind {
            kind: UNCOLLECTED,
            label: T("无人取机", "Not picked up"),
            fire: |tx, fired| Box::pin(uncollected(tx, fired)),
        },
        TimerKind {
            kind: MAKER,
            label: T("厂家承诺返回", "Promised by the maker"),
            fire: |tx, fired| Box::pin(maker_due(tx, fired)),
        },
    ]
}

/// Reactions: completed orders make units ready, reopened ones take that back, merged customers take theirs along.
pub fn subs() -> Vec<Sub> {
    vec![
        reaction!(OrderCompleted, "workshop.unit_ready", |tx, event| ready(tx, event.order_id)),
        reaction!(OrderStopped, "workshop.unit_to_return", |tx, event| stopped(tx, &event)),
        reaction!(OrderReopened, "workshop.unit_not_ready", |tx, event| not_ready(tx, event.order_id)),
        reaction!(contracts::ProcessAsked, "workshop.told_by_process", |tx, event| {
            crate::notice::service::heard_in(tx, &event)
        }),
        reaction!(contracts::CustomersMerged, "workshop.follow_merged_customer", |tx, event| {
            store::move_customer(tx, event.from, event.into)
        }),
    ]
}

/// The repair is done: the unit waits for its customer, reception hears of it, the clocks of chasing run.
async fn ready(tx: &mut Tx, order: Id) -> Result<()> {
    let Some(old) = store::find_in_house(tx, order).await? else { return Ok(()) };
    if old.ready_at.is_some() {
        return Ok(());
    }
    let now = tx.now();
    let mut new = old.clone();
    new.ready_at = Some(now);
    start_chasing(tx, &new).await?;
    let new = service::save(tx, &old, new).await?;
    let title = T("{no} 已修好，请通知客户取机", "{no} is repaired: tell the customer");
    tell(tx, &new, SHOP_NOTIFY.key, title, &new.order_no).await
}

/// The order was stopped on its own page: its unit is to be given back unrepaired all the same (SHOP-14, SHOP-15).
async fn stopped(tx: &mut Tx, event: &OrderStopped) -> Result<()> {
    let Some(old) = store::find_in_house(tx, event.order_id).await? else { return Ok(()) };
    if old.ready_at.is_some() {
        return Ok(());
    }
    let mut new = old.clone();
    new.back_note.clone_from(&event.reason);
    let new = if crate::maker::store::find_open(tx, old.id).await?.is_some() {
        // It has to come back from its maker first.
        service::save(tx, &old, new).await?
    } else {
        to_return(tx, &old, new).await?
    };
    let title =
        T("{no} 工单已停办，请通知客户取回", "{no}: the order was stopped, tell the customer to fetch it");
    tell(tx, &new, SHOP_NOTIFY.key, title, &new.order_no).await
}

/// Nothing more will be done to a unit: it waits for its customer, and the clocks of chasing run.
pub async fn to_return(tx: &mut Tx, old: &ShopUnit, mut new: ShopUnit) -> Result<ShopUnit> {
    let now = tx.now();
    service::put(&mut new, PlaceKind::Pickup, "", now);
    new.ready_at = Some(now);
    start_chasing(tx, &new).await?;
    service::save(tx, old, new).await
}

/// The order went back: the unit is to be repaired again.
async fn not_ready(tx: &mut Tx, order: Id) -> Result<()> {
    let Some(old) = store::find_in_house(tx, order).await? else { return Ok(()) };
    let mut new = old.clone();
    new.ready_at = None;
    // What is repaired again is checked again (QC-06).
    new.check_round += 1;
    timers::stop_in(tx, new.id, &CHASES).await?;
    service::save(tx, &old, new).await?;
    Ok(())
}

/// Starts the clocks of a unit that may be picked up.
pub async fn start_chasing(tx: &mut Tx, unit: &ShopUnit) -> Result<()> {
    let cx = tx.cx().clone();
    let doc = unit.doc();
    let settings = [&settings::CHASE_FIRST, &settings::CHASE_SECOND, &settings::CHASE_LAST];
    let start = tx.now();
    let mut new = Vec::new();
    for (setting, kind) in settings.into_iter().zip(CHASES) {
        let span: String = cx.setting(setting, unit.org_id).await?;
        let span = parse_span(&span)?;
        new.push(NewTimer { doc: &doc, org: unit.org_id, kind, span, start, warn_percent: 0 });
    }
    timers::start_in(tx, &new).await
}

/// The unit leaves: no clock of it runs on.
pub async fn stop_all(tx: &mut Tx, unit: &ShopUnit) -> Result<()> {
    timers::stop_in(tx, unit.id, &[CHASES[0], CHASES[1], CHASES[2], MAKER]).await
}

/// Nobody picked it up: reception is reminded; the count makes it stand in the list of units to chase.
async fn uncollected(tx: &mut Tx, fired: &Fired) -> Result<()> {
    let old = store::lock_unit(tx, fired.timer.doc_id).await?;
    if !fired.over || old.left_at.is_some() {
        return Ok(());
    }
    let mut new = old.clone();
    new.chases += 1;
    let days = tx.now().mins_since(old.ready_at.unwrap_or(old.received_at)) / 1440;
    let new = service::save(tx, &old, new).await?;
    let title = if fired.timer.kind == CHASES[2] {
        T("{no} 修好 {days} 天无人取，按约定处理", "{no}: {days} days not picked up, deal with it as agreed")
    } else {
        T("{no} 修好 {days} 天无人取，请再次联系", "{no}: {days} days not picked up, call again")
    };
    let title = title.told(&[("days", days.to_string()), ("no", new.no.clone())]);
    say(tx, &new, SHOP_NOTIFY.key, &title, &new.order_no).await
}

/// Some hours before the maker's date: ask how it stands (SHOP-22); at the date: it is late.
async fn maker_due(tx: &mut Tx, fired: &Fired) -> Result<()> {
    let unit = store::get_unit(tx, fired.timer.doc_id).await?;
    let Some(sent) = crate::maker::store::find_open(tx, unit.id).await? else { return Ok(()) };
    let title = if fired.over {
        T("{no} 厂家逾期未返，请采取应急措施", "{no}: the maker is late, take emergency measures")
    } else {
        T("{no} 临近厂家承诺时间，请询问进度", "{no}: ask the maker how it stands")
    };
    tell(tx, &unit, MAKER_WRITE.key, title, &format!("{} · {}", sent.no, sent.maker)).await
}

async fn tell(tx: &mut Tx, unit: &ShopUnit, perm: &str, title: T, detail: &str) -> Result<()> {
    let title = title.told(&[("no", unit.no.clone())]);
    say(tx, unit, perm, &title, detail).await
}

async fn say(tx: &mut Tx, unit: &ShopUnit, perm: &str, title: &str, detail: &str) -> Result<()> {
    let users = org::api::users_with(tx, perm, unit.org_id).await?;
    let href = format!("/workshop/units/{}", unit.id);
    tell_in(tx, &Notice { users: &users, title, detail, href: &href, mail: false }).await
}

/// Starts the clock of the maker's promised date; it warns some hours before (N-27).
pub async fn start_maker(tx: &mut Tx, unit: &ShopUnit, promised: kernel::Ts) -> Result<()> {
    let cx = tx.cx().clone();
    let before: String = cx.setting(&settings::MAKER_ASK, unit.org_id).await?;
    let minutes = match parse_span(&before)? {
        kernel::Span::Hours(minutes) => minutes,
        _ => 12 * 60,
    };
    let doc: DocRef = unit.doc();
    let start = tx.now();
    timers::stop_in(tx, unit.id, &[MAKER]).await?;
    let timer = NewTimer {
        doc: &doc,
        org: unit.org_id,
        kind: MAKER,
        span: kernel::Span::Hours(0),
        start,
        warn_percent: 0,
    };
    timers::start_at_in(tx, &timer, Some(promised), minutes * 60_000_000).await
}

/// The unit is back from its maker.
pub async fn stop_maker(tx: &mut Tx, unit: Id) -> Result<()> {
    timers::stop_in(tx, unit, &[MAKER]).await
}
