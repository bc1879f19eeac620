//! The clock within which a file opened in a hurry must be completed (CUST-05).

use futures::future::BoxFuture;
use kernel::T;
use kit::{
    Result, TimerKind, Tx,
    notify::{self, Notice},
    settings::{Setting, SettingKind},
    timers::{self, Fired, NewTimer},
};

use crate::customer::{model::CustomerRow, service, store};

/// Kind of the clock.
pub const FILE_COMPLETE: &str = "customers.file_complete";

/// How long a file may stay incomplete: 2 h in a repair shop, the same day, 2 days at a car dealer.
pub static COMPLETE_WITHIN: Setting = Setting {
    key: "customers.complete_within",
    label: T("客户档案完善时限", "Customer file to be completed within"),
    unit: T("如 30m、4h、8wh、2wd", "such as 30m, 4h, 8wh, 2wd"),
    kind: SettingKind::Span,
    default: "\"2h\"",
    per_org: true,
};

/// The kind, for the module.
pub fn timer() -> TimerKind {
    TimerKind { kind: FILE_COMPLETE, label: T("完善客户档案", "Complete the customer file"), fire }
}

/// Starts the clock of a new file.
pub async fn start_in(tx: &mut Tx, row: &CustomerRow) -> Result<()> {
    let within: String = tx.cx().clone().setting(&COMPLETE_WITHIN, row.org_id).await?;
    let doc = service::doc(row);
    let span = timers::parse_span(&within)?;
    let timer = NewTimer {
        doc: &doc,
        org: row.org_id,
        kind: FILE_COMPLETE,
        span,
        start: row.created_at,
        warn_percent: 25,
    };
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
