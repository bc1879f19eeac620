//! Clocks of requests: the check with the customer, and the answer that was promised (CALL-13, CALL-21).

use futures::future::BoxFuture;
use kernel::{Span, T};
use kit::{
    Result, TimerKind, Tx,
    notify::{self, Notice},
    timers::{self, Fired, NewTimer},
};

use super::{model::RequestRow, service::doc, store};
use crate::{
    perms::{REQUEST_LEAD, REQUEST_WRITE},
    settings,
};

/// Check with the customer.
pub const CONFIRM: &str = "intake.confirm";
/// Answer owed.
pub const REPLY: &str = "intake.reply";

/// Part of the time that is left when people are warned, percent.
const WARN: i64 = 25;

/// Kinds of clocks.
pub fn kinds() -> Vec<TimerKind> {
    vec![
        TimerKind { kind: CONFIRM, label: T("请求确认", "Check with the customer"), fire },
        TimerKind { kind: REPLY, label: T("承诺答复", "Answer promised"), fire },
    ]
}

/// Starts and stops clocks after a change; none of a new request were there before.
pub async fn changed_in(tx: &mut Tx, old: Option<&RequestRow>, new: &RequestRow) -> Result<()> {
    let closed = new.closed_at.is_some();
    let promise = |row: &RequestRow| row.promised_at.filter(|_| row.closed_at.is_none());
    let confirm = |row: &RequestRow| {
        row.confirm_due_at.filter(|_| row.confirmed_at.is_none() && row.closed_at.is_none())
    };
    let mut stop = Vec::new();
    if let Some(old) = old {
        if confirm(old).is_some() && confirm(new).is_none() {
            stop.push(CONFIRM);
        }
        if promise(old).is_some() && promise(old) != promise(new) {
            stop.push(REPLY);
        }
    }
    if !stop.is_empty() {
        timers::stop_in(tx, new.id, &stop).await?;
    }
    let (doc, now, cx) = (doc(new), tx.now(), tx.cx().clone());
    let mut start = Vec::new();
    if old.is_none() && confirm(new).is_some() {
        let (span, _) = settings::due(&cx, &settings::CONFIRM, new.org_id, now).await?;
        start.push(NewTimer {
            doc: &doc,
            org: new.org_id,
            kind: CONFIRM,
            span,
            start: now,
            warn_percent: WARN,
        });
    }
    if let Some(at) = promise(new).filter(|at| !closed && old.and_then(promise) != Some(*at)) {
        let minutes = (at.micros_since(now) + 59_999_999) / 60_000_000;
        let span = Span::Hours(minutes.max(1));
        start.push(NewTimer {
            doc: &doc,
            org: new.org_id,
            kind: REPLY,
            span,
            start: now,
            warn_percent: WARN,
        });
    }
    timers::start_in(tx, &start).await
}

/// Tells the heads that a special request waits for them (CALL-18).
pub async fn escalate_in(tx: &mut Tx, row: &RequestRow) -> Result<()> {
    let users = org::api::users_with(tx, REQUEST_LEAD.key, row.org_id).await?;
    let title = T::both("特殊请求待审定", "A special request waits for you");
    let detail =
        format!("{} {} {}", row.no, kit::veil::marked(kit::Sens::Name, &row.customer_name), row.class_reason);
    let href = format!("/requests/{}", row.id);
    notify::tell_in(tx, &Notice { users: &users, title: &title, detail: &detail, href: &href, mail: false })
        .await
}

/// Tells the desk that advice on the phone did not help (CALL-11).
pub async fn visit_owed_in(tx: &mut Tx, row: &RequestRow, said: &str) -> Result<()> {
    let users = org::api::users_with(tx, REQUEST_WRITE.key, row.org_id).await?;
    let title = T::both("电话指导未奏效，须安排上门", "Advice on the phone did not help: a visit is due");
    let detail = format!("{} {} {said}", row.no, kit::veil::marked(kit::Sens::Name, &row.customer_name));
    let href = format!("/requests/{}", row.id);
    notify::tell_in(tx, &Notice { users: &users, title: &title, detail: &detail, href: &href, mail: false })
        .await
}

/// Whoever took the request is warned; when time is over, everybody who may answer hears of it.
fn fire<'a>(tx: &'a mut Tx, fired: &'a Fired) -> BoxFuture<'a, Result<()>> {
    Box::pin(async move {
        let row = store::get_request(tx, fired.timer.doc_id).await?;
        if fired.over {
            store::mark_overdue(tx, row.id).await?;
        }
        let now = tx.now();
        let mut users = match row.handler_id {
            Some(staff) => org::api::users_of(tx, &[staff], now).await?,
            None => Vec::new(),
        };
        if fired.over || users.is_empty() {
            users.extend(org::api::users_with(tx, REQUEST_WRITE.key, row.org_id).await?);
            users.sort_unstable();
            users.dedup();
        }
        let title = match (fired.timer.kind == CONFIRM, fired.over) {
            (true, true) => T("请求确认已超时", "A request was not confirmed in time"),
            (true, false) => T("请求待确认，快到时限", "A request must be confirmed soon"),
            (false, true) => T("承诺的答复已超时", "A promised answer is overdue"),
            (false, false) => T("承诺的答复快到时限", "A promised answer is due soon"),
        };
        let title = T::both(title.0, title.1);
        let detail = format!(
            "{} {} {}{}",
            row.no,
            kit::veil::marked(kit::Sens::Name, &row.customer_name),
            row.topic_name,
            row.content_name
        );
        let href = format!("/requests/{}", row.id);
        notify::tell_in(
            tx,
            &Notice { users: &users, title: &title, detail: &detail, href: &href, mail: fired.over },
        )
        .await
    })
}
