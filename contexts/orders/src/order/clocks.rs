//! SLA clocks of an order: which commands start and stop which (WO-08…14, WO-30, WO-50).

use kernel::{Id, Span, T, Ts};
use kit::{
    DocRef, Result, TimerKind, Tx,
    notify::{Notice, tell_in},
    timers::{self, Fired, NewTimer, Timer},
};

use super::{
    model::{NO_DUE, OrderRow},
    rules, store,
};
use crate::{perms::ORDER_ASSIGN, settings};

/// Until somebody takes the order.
pub const RESPONSE: &str = "orders.response";
/// Until an engineer is named.
pub const DISPATCH: &str = "orders.dispatch";
/// Until the engineer is there.
pub const ARRIVAL: &str = "orders.arrival";
/// Until it works again.
pub const FIX: &str = "orders.fix";
/// Until the signed sheet is back.
pub const PAPERWORK: &str = "orders.paperwork";
/// Until the unit is picked up (WO-38).
pub const PICKUP: &str = "orders.pickup";

/// Kinds with labels and what happens when they fire.
pub fn kinds() -> Vec<TimerKind> {
    let kind = |kind, label| TimerKind { kind, label, fire: |tx, fired| Box::pin(fire(tx, fired)) };
    vec![
        kind(RESPONSE, T("响应", "Response")),
        kind(DISPATCH, T("派工", "Assignment")),
        kind(ARRIVAL, T("到达", "Arrival")),
        kind(FIX, T("修复", "Repair")),
        kind(PAPERWORK, T("回单", "Signed sheet")),
        kind(PICKUP, T("取件", "Pick-up")),
    ]
}

/// What a command does to the clocks.
#[derive(Default)]
pub struct Clocks {
    /// Start: kind, length, from when.
    pub start: Vec<(&'static str, Span, Ts)>,
    /// Reached.
    pub stop: Vec<&'static str>,
    /// Reached some time ago and entered only now: what counts is when it happened (PAY-05).
    pub reached: Option<(Vec<&'static str>, Ts)>,
    /// Stand still, for a coded reason.
    pub pause: Option<&'static str>,
    /// Run on.
    pub resume: bool,
    /// End without a verdict.
    pub cancel: bool,
}

impl Clocks {
    /// Nothing to do.
    pub fn is_empty(&self) -> bool {
        let stops = !self.stop.is_empty() || self.reached.is_some();
        self.start.is_empty() && !stops && self.pause.is_none() && !self.resume && !self.cancel
    }

    /// When a clock of this kind is stopped; none when it runs on.
    pub fn stopped(&self, kind: &str, now: Ts) -> Option<Ts> {
        let before = self.reached.as_ref().filter(|(kinds, _)| kinds.contains(&kind)).map(|(_, at)| *at);
        before.or(self.stop.contains(&kind).then_some(now))
    }

    /// Applies everything in the command's transaction to the clocks of an order, and writes into the row which of
    /// them is due next. Returns whether one that is stopped here had run out.
    pub async fn apply_to(&self, tx: &mut Tx, row: &mut OrderRow) -> Result<bool> {
        if self.is_empty() {
            return Ok(false);
        }
        let doc = row.doc();
        if self.pause.is_some() || self.resume {
            self.apply(tx, &doc, row.org_id).await?;
            let left = timers::unfinished(tx, row.id).await?;
            set_due(row, next_of(&left));
            return Ok(false);
        }
        let cx = tx.cx().clone();
        let mut left = timers::unfinished(tx, row.id).await?;
        let now = tx.now();
        let stopped = |timer: &Timer| self.stopped(&timer.kind, now);
        let mut late = false;
        for timer in &left {
            let (Some(at), Some(due)) = (stopped(timer), timer.due_at) else { continue };
            late |= due < at;
            if due >= at {
                // It ran out only because what was done in time had not been entered yet.
                row.late = rules::without_kind(&row.late, &format!("{}!", timer.kind));
            }
        }
        left.retain(|timer| !self.cancel && stopped(timer).is_none());
        self.apply(tx, &doc, row.org_id).await?;
        let start: Vec<(Span, Ts)> = self.start.iter().map(|(_, span, start)| (*span, *start)).collect();
        let new = timers::first_due(&cx, row.org_id, &start).await?;
        set_due(row, next_of(&left).into_iter().chain(new).min());
        Ok(late)
    }

    /// Applies everything in the command's transaction.
    pub async fn apply(&self, tx: &mut Tx, doc: &DocRef, org: Id) -> Result<()> {
        if !self.stop.is_empty() {
            timers::stop_in(tx, doc.id, &self.stop).await?;
        }
        if let Some((kinds, at)) = &self.reached {
            timers::stop_at_in(tx, doc.id, kinds, *at).await?;
        }
        if self.cancel {
            timers::cancel_in(tx, doc.id).await?;
        }
        if let Some(reason) = self.pause {
            timers::pause_in(tx, doc.id, reason).await?;
        }
        if self.resume {
            timers::resume_in(tx, doc.id).await?;
        }
        if !self.start.is_empty() {
            let percent = tx.cx().clone().setting::<i64>(&settings::WARN, org).await?;
            let new: Vec<NewTimer<'_>> = self
                .start
                .iter()
                .map(|(kind, span, start)| NewTimer {
                    doc,
                    org,
                    kind,
                    span: *span,
                    start: *start,
                    warn_percent: percent,
                })
                .collect();
            timers::start_in(tx, &new).await?;
        }
        Ok(())
    }
}

/// When the first of these clocks is due, and when it was started; clocks that stand still are never due.
fn next_of(timers: &[Timer]) -> Option<(Ts, Ts)> {
    timers.iter().filter(|t| t.state == "open").filter_map(|t| Some((t.due_at?, t.started_at))).min()
}

/// Writes into the row which clock is due next, and the length of its time.
pub fn set_due(row: &mut OrderRow, next: Option<(Ts, Ts)>) {
    (row.next_due_at, row.next_due_total) =
        next.map_or((NO_DUE, 0), |(due, start)| (due, due.micros_since(start)));
}

/// The repair limit by warranty class (WO-11), by the number of the day the order was opened.
pub async fn fix_span(tx: &Tx, row: &OrderRow) -> Result<Span> {
    let setting =
        if row.warranty == super::model::WarrantyClass::Out { &settings::FIX_OUT } else { &settings::FIX_IN };
    settings::span_of(tx.cx(), setting, row.org_id, row.created_at).await
}

fn kind_label(kind: &str) -> T {
    kinds().iter().find(|k| k.kind == kind).map_or(T("时限", "Deadline"), |k| k.label)
}

/// A clock warns or ran out: the order shows it, and who answers for it is told; a repair in warranty that takes
/// too long asks for a loaner (WO-12). The order's version stays, so that nobody's open form goes stale by it.
async fn fire(tx: &mut Tx, fired: &Fired) -> Result<()> {
    let order = store::lock_order(tx, fired.timer.doc_id).await?;
    let kind = fired.timer.kind.as_str();
    if fired.over {
        let late = rules::with_kind(&order.late, &format!("{kind}!"));
        let demand =
            kind == FIX && order.warranty != super::model::WarrantyClass::Out && order.loaner.is_empty();
        let loaner = if demand { "due" } else { order.loaner.as_str() };
        store::mark_over(tx, order.id, &late, loaner).await?;
    } else {
        store::mark_warned(tx, order.id).await?;
    }
    tell(tx, &order, kind, fired.over).await
}

async fn tell(tx: &mut Tx, order: &OrderRow, kind: &str, over: bool) -> Result<()> {
    let now = tx.now();
    let mut users = match order.engineer_id {
        Some(engineer) if kind != RESPONSE && kind != DISPATCH => {
            org::api::users_of(tx, &[engineer], now).await?
        }
        _ => Vec::new(),
    };
    if users.is_empty() || over {
        users.extend(org::api::users_with(tx, ORDER_ASSIGN.key, order.org_id).await?);
        users.sort_unstable();
        users.dedup();
    }
    let text = if over {
        T("{no} {what}已超时", "{no}: {what} is overdue")
    } else {
        T("{no} {what}即将超时", "{no}: {what} is due soon")
    };
    let what = kind_label(kind);
    let title = text.told(&[("no", order.no.clone()), ("what", T::both(what.0, what.1))]);
    let detail = format!(
        "{} · {}",
        kit::veil::marked(kit::Sens::Name, &order.customer_name),
        short(&order.symptom, 60)
    );
    let href = format!("/orders/{}", order.id);
    tell_in(tx, &Notice { users: &users, title: &title, detail: &detail, href: &href, mail: over }).await
}

/// The beginning of a text.
pub fn short(text: &str, most: usize) -> String {
    let line = text.lines().next().unwrap_or_default();
    if line.chars().count() <= most {
        line.to_string()
    } else {
        line.chars().take(most).chain(['…']).collect()
    }
}
