//! Lists and the summary of service and repair as mails at their time, each reader with the own rights (WO-35, REP-07,
//! N-44, N-45).

mod compose;
mod lists;
pub mod model;
mod pages;
mod rest;
pub mod rules;
pub mod service;
mod store;
mod views;

pub use lists::mails;

use kernel::T;
use kit::{Access, DocKind, JobKind, Lane, Routes, Schedule};
use model::*;

use crate::perms::MAIL_WRITE;

/// Pages and API.
pub fn routes() -> Routes {
    let write = Access::Perm(&MAIL_WRITE);
    Routes::new()
        .page("/report-mails/new", write, pages::new)
        .form("/report-mails/new", write, pages::create)
        .page("/report-mails/{id}", write, pages::show)
        .form("/report-mails/{id}", write, pages::change)
        .form("/report-mails/{id}/send", write, pages::send)
        .api_post::<PutMail, MailOut, _, _>(
            "/report-mails",
            write,
            T("新建定时邮件", "Send a list or the summary by mail at its time"),
            rest::create,
        )
        .api_get::<MailOut, _, _>(
            "/report-mails/{id}",
            write,
            T("定时邮件与发送记录", "A scheduled mail with what was sent"),
            rest::get,
        )
        .api_put::<PutMail, MailOut, _, _>(
            "/report-mails/{id}",
            write,
            T("修改定时邮件", "Change a scheduled mail"),
            rest::change,
        )
        .api_post::<(), MailOut, _, _>(
            "/report-mails/{id}/send",
            write,
            T("立即发送今天的一封", "Send today's mail now"),
            rest::send,
        )
}

/// One letter.
pub fn jobs() -> Vec<JobKind> {
    vec![JobKind {
        kind: service::SEND,
        lane: Lane::Slow,
        run: |cx, payload| Box::pin(async move { service::send(cx, serde_json::from_value(payload)?).await }),
    }]
}

/// Looks whose time has come.
pub fn schedule() -> Schedule {
    Schedule { name: "reports.mails", every_secs: 60, run: |cx| Box::pin(service::plan_due(cx)) }
}

/// The kind of document.
pub fn doc_kind() -> DocKind {
    DocKind {
        kind: "report_mail",
        label: T("定时邮件", "Scheduled mail"),
        href: "/report-mails/{id}",
        find: |cx, conn, id, _| {
            Box::pin(async move {
                let row = store::get_mail(conn, id).await?;
                cx.authorize(&MAIL_WRITE, &row)?;
                Ok(kit::DocBrief { doc: row.doc(), org: row.org_id, title: row.name })
            })
        },
    }
}
