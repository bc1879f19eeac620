//! Approvals: by amount and post, in sequence or parallel, with deputies and committees (DOC-05…08, ORG-14, ORG-15).

mod lists;
pub mod model;
mod pages;
mod rest;
mod rules;
pub mod service;
mod setup;
mod shipped;
pub mod store;
mod views;
mod words;

pub use lists::approvals;

use kernel::T;
use kit::{Access, DocKind, Routes, TimerKind};
use model::*;

use crate::perms::{TEMPLATE_READ, TEMPLATE_WRITE};

/// Pages and API.
pub fn routes() -> Routes {
    let (read, write) = (Access::Perm(&TEMPLATE_READ), Access::Perm(&TEMPLATE_WRITE));
    let signed_in = Access::SignedIn;
    Routes::new()
        .page("/approvals/{id}", signed_in, pages::approval)
        .form("/approvals/{id}/sign", signed_in, pages::sign)
        .page("/approvals/{id}/print", signed_in, pages::print)
        .page("/approval-schemes", read, pages::schemes)
        .page("/approval-schemes/new", write, setup::new_scheme)
        .form("/approval-schemes/new", write, setup::create_scheme)
        .page("/committees/edit", write, setup::edit_committee)
        .form("/committees/edit", write, setup::put_committee)
        .api_get::<ApprovalOut, _, _>("/approvals/{id}", signed_in, T("一项审批", "An approval"), rest::get)
        .api_post::<Sign, ApprovalOut, _, _>(
            "/approvals/{id}/sign",
            signed_in,
            T("签署意见", "Sign or refuse"),
            rest::sign,
        )
        .api_get::<Vec<ApprovalOut>, _, _>(
            "/inbox/approvals",
            signed_in,
            T("待我审批", "What waits for the caller's signature"),
            rest::inbox,
        )
        .api_get::<Vec<SchemeOut>, _, _>(
            "/approval-schemes",
            read,
            T("审批方案", "Matrices of signatures"),
            rest::schemes,
        )
        .api_post::<NewScheme, SchemeOut, _, _>(
            "/approval-schemes",
            write,
            T("审批方案的新版本", "A new version of a matrix"),
            rest::create_scheme,
        )
        .api_get::<Vec<CommitteeOut>, _, _>(
            "/committees",
            read,
            T("按岗位组成的小组", "Committees by post"),
            rest::committees,
        )
        .api_post::<PutCommittee, (), _, _>(
            "/committees",
            write,
            T("保存小组", "Make or change a committee"),
            rest::put_committee,
        )
}

/// The reminder.
pub fn timers() -> Vec<TimerKind> {
    vec![TimerKind {
        kind: service::REMINDER,
        label: T("审批催办", "Reminder of an approval"),
        fire: |tx, fired| Box::pin(service::remind(tx, fired)),
    }]
}

/// The kind of document.
pub fn doc_kind() -> DocKind {
    DocKind {
        kind: "approval",
        label: T("审批", "Approval"),
        href: "/approvals/{id}",
        find: |cx, conn, id, _| {
            Box::pin(async move {
                let row = store::get_approval(conn, id).await?;
                service::authorize(cx, conn, &row).await?;
                let doc = kit::DocRef::new("approval", row.id, &row.doc_no);
                Ok(kit::DocBrief { doc, org: row.org_id, title: row.label(cx.lang).to_string() })
            })
        },
    }
}
