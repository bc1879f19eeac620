//! Callbacks: after every service somebody asks whether the customer is satisfied, and only that closes the
//! loop (CB-01…09).

pub mod api;
pub mod callback;
mod perms;
mod personal;
mod settings;

use kernel::T;
use kit::{Command, Module, Nav};

pub use perms::{CALLBACK_READ, CALLBACK_WRITE};

/// What this context brings.
pub fn module() -> Module {
    Module {
        name: "callbacks",
        migrations: vec![db::Migration {
            context: "callbacks",
            number: 1,
            name: "callbacks",
            sql: include_str!("../migrations/0001_callbacks.sql"),
        }],
        perms: vec![&CALLBACK_READ, &CALLBACK_WRITE],
        settings: vec![
            &settings::FIRST_AFTER,
            &settings::PHONE_ADVICE_AFTER,
            &settings::DUE_AFTER,
            &settings::SAMPLE_PERCENT,
            &settings::SELF_RATING,
            &settings::QUESTIONS,
            &settings::NUMBER_CALLBACK,
        ],
        routes: callback::routes(),
        lists: vec![callback::callbacks()],
        subs: callback::subs(),
        timers: callback::timers(),
        docs: vec![callback::doc_kind()],
        sheet_parts: vec![callback::sheet_part()],
        actions: vec![("self_rated", T("客户网上评价", "rated by the customer"))],
        starts: vec![|cx, _| {
            // Whoever calls back and opens no orders starts where the calls stand.
            let only = cx.can(&CALLBACK_WRITE) && !cx.can(&orders::api::ORDER_CREATE);
            only.then_some("/callbacks?view=open")
        }],
        nav: vec![Nav {
            group: T("服务", "Service"),
            order: 240,
            icon: "phone-outgoing",
            label: T("回访", "Callbacks"),
            href: "/callbacks",
            perm: &CALLBACK_READ,
        }],
        commands: vec![Command {
            label: T("待回访", "Callbacks to make"),
            href: "/callbacks?view=open",
            icon: "phone-outgoing",
            keys: &[],
            perm: &CALLBACK_READ,
        }],
        guards: vec![kit::Guard {
            doc: "customer",
            check: |tx, id, action| Box::pin(personal::may_erase(tx, id, action)),
            ahead: None,
        }],
        personal: personal::holdings(),
        ..Module::default()
    }
}
