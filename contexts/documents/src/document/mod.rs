//! Documents that run by a template: every custom document, and every run for something else (DOC-01…04).

pub mod apply;
pub mod clocks;
pub mod correct;
pub mod erase;
mod forms;
pub mod guard;
mod lists;
mod load;
pub mod model;
pub mod pages;
mod panels;
pub mod people;
pub mod print;
mod rest;
pub mod service;
pub mod store;
pub mod subject;
pub mod tasks;
pub mod told;
mod values;
pub mod views;

pub use lists::documents;

use kernel::T;
use kit::{Access, Check, DocKind, Routes, TimerKind};
use model::*;

use crate::perms::{DOCUMENT_READ, DOCUMENT_REVEAL, DOCUMENT_WRITE};

/// Pages and API.
pub fn routes() -> Routes {
    let (read, write) = (Access::Perm(&DOCUMENT_READ), Access::Perm(&DOCUMENT_WRITE));
    let own = kit::lists::dynamic_routes("/documents/of/{code}", &DOCUMENT_READ, |cx, code| {
        Box::pin(lists::of_template(cx, code))
    });
    own.page("/documents/new", write, pages::kinds)
        .page("/documents/new/{code}", write, pages::new)
        .form("/documents/new/{code}", write, pages::create)
        .page("/documents/{id}", read, pages::document)
        .form("/documents/{id}/work", write, pages::work)
        .page("/documents/{id}/act/{act}", write, pages::move_form)
        .form("/documents/{id}/act/{act}", write, pages::make_move)
        .page("/documents/{id}/correct", write, correct::pages::form)
        .form("/documents/{id}/correct", write, correct::pages::correct)
        .form("/documents/{id}/tell", write, pages::tell)
        .form("/documents/{id}/reveal/{field}", Access::Perm(&DOCUMENT_REVEAL), pages::reveal)
        .page("/documents/{id}/signature/{label}", write, pages::sign)
        .form("/documents/{id}/signature/{label}", write, pages::signature)
        .page("/documents/{id}/print/{key}", read, pages::print)
        .form("/document-tasks/{id}/done", write, pages::task_done)
        .page("/inbox", Access::SignedIn, pages::inbox)
        .api_post::<NewDocument, DocumentOut, _, _>(
            "/documents",
            write,
            T("开单", "Open a document"),
            rest::create,
        )
        .api_get::<DocumentOut, _, _>(
            "/documents/{id}",
            read,
            T("一张单据与可做的动作", "A document and what may be done next"),
            rest::get,
        )
        .api_post::<ActOn, DocumentOut, _, _>(
            "/documents/{id}/act",
            write,
            T("办理一步", "Make a move"),
            rest::act,
        )
        .api_post::<SaveEntry, DocumentOut, _, _>(
            "/documents/{id}/save",
            write,
            T("保存本步填写的内容", "Store what was entered at the step"),
            rest::save,
        )
        .api_post::<CorrectOn, DocumentOut, _, _>(
            "/documents/{id}/correct",
            write,
            T("更正开单内容（留痕）", "Correct what was said at opening; recorded"),
            rest::correct,
        )
        .api_post::<Tell, DocumentOut, _, _>(
            "/documents/{id}/tell",
            write,
            T("通知客户并计次", "Give the customer a message"),
            rest::tell,
        )
        .api_post::<(), Revealed, _, _>(
            "/documents/{id}/reveal/{field}",
            Access::Perm(&DOCUMENT_REVEAL),
            T("查看一项敏感信息（留痕）", "Show a sensitive field in full; recorded"),
            rest::reveal,
        )
        .api_get::<Vec<EntryRow>, _, _>(
            "/documents/{id}/history",
            read,
            T("办理经过", "History"),
            rest::history,
        )
        .api_get::<Vec<ClockOut>, _, _>(
            "/documents/{id}/clocks",
            read,
            T("时限与算法", "Clocks, explained"),
            rest::clocks,
        )
        .api_get::<Vec<TaskRow>, _, _>("/documents/{id}/tasks", read, T("任务", "Tasks"), rest::tasks)
        .api_get::<Vec<MessageRow>, _, _>(
            "/documents/{id}/messages",
            read,
            T("客户通知", "Messages to the customer"),
            rest::messages,
        )
        .api_post::<(), TaskRow, _, _>(
            "/document-tasks/{id}/done",
            write,
            T("任务完成", "A task is done"),
            rest::finish_task,
        )
}

/// Clocks of processes.
pub fn timers() -> Vec<TimerKind> {
    vec![TimerKind {
        kind: apply::TIMER,
        label: T("流程时限", "Deadline of a process"),
        fire: |tx, fired| Box::pin(service::clock_fired(tx, fired)),
    }]
}

/// The kind of document.
pub fn doc_kind() -> DocKind {
    DocKind {
        kind: "document",
        label: T("流程单据", "Document"),
        href: "/documents/{id}",
        find: |cx, conn, id, write| Box::pin(service::find_doc(cx, conn, id, write)),
    }
}

/// Invariants.
pub fn checks() -> Vec<Check> {
    vec![Check { name: "documents.ended_without_tasks", run: |conn| Box::pin(store::ended_with_tasks(conn)) }]
}
