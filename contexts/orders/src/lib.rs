//! The service order: the hub of the product (DESIGN §7.2). See `README.md`.

pub mod api;
mod flow;
mod kind;
mod line;
mod order;
mod perms;
mod record;
mod routes;
mod settings;
mod texts;

use kernel::T;
use kit::{Check, DocKind, Module};

/// What this context brings.
pub fn module() -> Module {
    Module {
        name: "orders",
        migrations: vec![db::Migration {
            context: "orders",
            number: 1,
            name: "service orders",
            sql: include_str!("../migrations/0001_orders.sql"),
        }],
        perms: perms::ALL.to_vec(),
        routes: routes::all(),
        settings: settings::ALL.to_vec(),
        flows: vec![&flow::FLOW],
        timers: order::clocks::kinds(),
        docs: vec![DocKind {
            kind: "order",
            label: T("服务工单", "Service order"),
            href: "/orders/{id}",
            find: |cx, conn, id, write| Box::pin(order::service::brief_for(cx, conn, id, write)),
        }],
        checks: vec![Check { name: "orders.sums_and_states", run: |conn| Box::pin(order::store::faults(conn)) }],
        ..Module::default()
    }
}
