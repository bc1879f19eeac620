//! The clock within which a file opened in a hurry must be completed (CUST-05).

use futures::future::BoxFuture;
use kernel::T;
use kit::{
    Result, TimerKind, Tx,
    notify::{self, Notice},
    settings::{Setting, SettingKind},
    timers::{self, Fired, NewTimer},
};

use crate::customer::{
    model::{CustomerRow, FileState},
    service, store,
};

/// Kind of the clock.
pub const FILE_COMPLETE: &str = "customers.file_complete";

/// How long a file may stay incomplete: 2 h in a repair shop, the same day, 2 days at a car dealer.
pub static COMPLETE_WITHIN: Setting = Setting {
    key: "customers.complete_within",
    label: T("客户档案完善时限", "Customer file to be completed within"),
    unit: T("如 2h、8wh（当天）、2wd", "such as 2h, 8wh (the same day), 2wd"),
    kind: SettingKind::Span,
    default: "\"2h\"",
    per_org: true,
};

/// When that time begins: once the customer was served, or as soon as the file is opened.
pub static COMPLETE_FROM: Setting = Setting {
    key: "customers.complete_from",
    label: T("客户档案时限从何时起算", "The time for a customer file begins"),
    unit: T("", ""),
    kind: SettingKind::Choice(&[
        ("service", T("首次服务完成后", "after the first service")),
        ("opening", T("建档时", "when it is opened")),
    ]),
    default: "\"service\"",
    per_org: true,
};

/// The kind, for the module.
pub fn timer() -> TimerKind {
    TimerKind { kind: FILE_COMPLETE, label: T("完善客户档案", "Complete the customer file"), fire }
}

/// A file was opened with something missing: its clock starts now only where the company counts from there.
pub async fn opened_in(tx: &mut Tx, row: &CustomerRow) -> Result<()> {
    let from: String = tx.cx().clone().setting(&COMPLETE_FROM, row.org_id).await?;
    if from == "opening" { start_in(tx, row).await } else { Ok(()) }
}

/// The customer was served: a file that still lacks something is to be completed from now on (CUST-05).
pub async fn served_in(tx: &mut Tx, event: &contracts::OrderCompleted) -> Result<()> {
    let row = store::get_customer(tx, event.customer_id).await?;
    let running = timers::of_doc(tx, row.id)
        .await?
        .iter()
        .any(|timer| timer.kind == FILE_COMPLETE && matches!(timer.state.as_str(), "open" | "paused"));
    if row.complete || row.state != FileState::Active || running {
        return Ok(());
    }
    start_in(tx, &row).await
}

/// Starts the clock of a file.
async fn start_in(tx: &mut Tx, row: &CustomerRow) -> Result<()> {
    let within: String = tx.cx().clone().setting(&COMPLETE_WITHIN, row.org_id).await?;
    let doc = service::doc(row);
    let span = timers::parse_span(&within)?;
    let timer =
        NewTimer { doc: &doc, org: row.org_id, kind: FILE_COMPLETE, span, start: tx.now(), warn_percent: 25 };
    timers::start_in(tx, &[timer]).await
}

/// Reminds whoever opened the file, once before and once when its time is over.
fn fire<'a>(tx: &'a mut Tx, fired: &'a Fired) -> BoxFuture<'a, Result<()>> {
    Box::pin(async move {
        let row = store::get_customer(tx, fired.timer.doc_id).await?;
        let Some(user) = row.created_by else { return Ok(()) };
        let title = if fired.over {
            T("客户档案逾期未完善", "A customer's file is overdue")
        } else {
            T("客户档案待完善", "A customer's file is to be completed")
        };
        let notice = Notice {
            users: &[user],
            title: &T::both(title.0, title.1),
            detail: &row.no,
            href: &format!("/customers/{}", row.id),
            mail: false,
        };
        notify::tell_in(tx, &notice).await
    })
}
