//! Callbacks: planned by clocks, recorded by clerks, heard by the order (CB-01…09, CALL-11).

mod asked;
mod lists;
pub mod model;
mod pages;
mod rest;
pub mod rules;
pub mod service;
pub(crate) mod store;
pub(crate) mod views;

pub use lists::callbacks;

use kernel::T;
use kit::{Access, DocKind, Routes, Sub, TimerKind};

use crate::perms::{CALLBACK_READ, CALLBACK_WRITE};
use crate::settings::Question;
use contracts::Event;
use model::{CallbackOut, PlanCallback, RecordAttempt, RecordResult};

/// Pages and API.
pub fn routes() -> Routes {
    let (read, write) = (Access::Perm(&CALLBACK_READ), Access::Perm(&CALLBACK_WRITE));
    Routes::new()
        .page("/callbacks/{id}", read, pages::callback)
        .page("/callbacks/{id}/sheet", read, pages::sheet)
        .api_get::<Vec<Question>, _, _>(
            "/callbacks/{id}/questions",
            read,
            T("这次回访要问的问题", "Questions of this call"),
            rest::questions,
        )
        .form("/callbacks/{id}/result", write, pages::result)
        .form("/callbacks/{id}/attempt", write, pages::attempt)
        .form("/orders/{id}/callbacks", write, pages::plan)
        .api_get::<CallbackOut, _, _>("/callbacks/{id}", read, T("一次回访", "A callback"), rest::get)
        .api_get::<Vec<CallbackOut>, _, _>(
            "/orders/{id}/callbacks",
            read,
            T("工单的回访", "Callbacks of an order"),
            rest::of_order,
        )
        .api_post::<PlanCallback, CallbackOut, _, _>(
            "/orders/{id}/callbacks",
            write,
            T("安排回访（已有待回访时返回它）", "Plan a callback; returns the open one if there is one"),
            rest::plan,
        )
        .api_post::<RecordAttempt, CallbackOut, _, _>(
            "/callbacks/{id}/attempt",
            write,
            T("登记未接通", "Record a call that reached nobody"),
            rest::attempt,
        )
        .api_post::<RecordResult, CallbackOut, _, _>(
            "/callbacks/{id}/result",
            write,
            T("登记回访结果", "Record the result"),
            rest::result,
        )
}

/// Events that start clocks.
pub fn subs() -> Vec<Sub> {
    vec![
        Sub {
            event: contracts::OrderCompleted::NAME,
            name: "callbacks.start_first_clock",
            run: |cx, payload| {
                Box::pin(
                    async move { service::start_first_clock(&cx, &serde_json::from_value(payload)?).await },
                )
            },
        },
        Sub {
            event: contracts::RequestSolvedByPhone::NAME,
            name: "callbacks.start_advice_clock",
            run: |cx, payload| {
                Box::pin(
                    async move { service::start_advice_clock(&cx, &serde_json::from_value(payload)?).await },
                )
            },
        },
        kit::reaction!(contracts::ProcessAsked, "callbacks.hear_process", |tx, event| {
            asked::heard_in(tx, &event)
        }),
        kit::reaction!(contracts::OrderStopped, "callbacks.drop_of_stopped_order", |tx, event| {
            service::drop_of_order(tx, &event)
        }),
        kit::reaction!(contracts::CustomersMerged, "callbacks.follow_merged_customer", |tx, event| {
            store::move_customer(tx, event.from, event.into)
        }),
    ]
}

/// Clocks.
pub fn timers() -> Vec<TimerKind> {
    vec![
        TimerKind {
            kind: service::FIRST_TIMER,
            label: T("首次回访", "First callback"),
            fire: |tx, fired| Box::pin(service::clock_fired(tx, fired)),
        },
        TimerKind {
            kind: service::ADVICE_TIMER,
            label: T("电话解决跟踪", "Follow-up after phone advice"),
            fire: |tx, fired| Box::pin(service::clock_fired(tx, fired)),
        },
        TimerKind {
            kind: service::DUE_TIMER,
            label: T("回访时限", "Callback due"),
            fire: |tx, fired| Box::pin(service::overdue(tx, fired)),
        },
    ]
}

/// What the order's callback sheet shows of its calls.
pub fn sheet_part() -> kit::SheetPart {
    kit::SheetPart { doc: "order", sheet: "callback", render: |cx, id| Box::pin(pages::order_block(cx, id)) }
}

/// The kind of document.
pub fn doc_kind() -> DocKind {
    DocKind {
        kind: "callback",
        label: T("回访", "Callback"),
        href: "/callbacks/{id}",
        find: |cx, conn, id, write| Box::pin(service::find_doc(cx, conn, id, write)),
    }
}
