//! The service order: the hub of the product (DESIGN §7.2). See `README.md`.

pub mod api;
mod flow;
mod history;
mod import;
mod key;
mod level;
mod line;
mod order;
mod perms;
mod personal;
mod process;
mod record;
mod routes;
mod settings;
mod sheet;
mod subs;
mod texts;
mod unit;

use kernel::T;
use kit::{Check, Command, DocKind, Module, Nav, Schedule, Subject};

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
        lists: vec![order::lists::orders()],
        sheets: vec![import::sheet()],
        subs: subs::all(),
        flows: vec![&flow::FLOW],
        subjects: vec![Subject {
            kind: "order",
            moved: |tx, step| Box::pin(process::service::moved(tx, step)),
            past: |cx, conn, most| Box::pin(process::service::past(cx, conn, most)),
        }],
        schedules: vec![
            Schedule {
                name: "orders.mark_stale",
                every_secs: 1800,
                run: |cx| Box::pin(order::stale::mark(cx)),
            },
            Schedule {
                name: "orders.raise_levels",
                every_secs: 600,
                run: |cx| Box::pin(level::service::raise_due(cx)),
            },
        ],
        actions: vec![
            ("create", T("建单", "opened")),
            ("callback", T("回访", "called back")),
            ("called", T("客户又来电", "the customer called again")),
            ("key_renewed", T("更换客户链接与验收码", "customer's link and code renewed")),
            ("code_wrong", T("验收码输错", "wrong acceptance code")),
            order::job::VERIFIED[0],
            order::job::VERIFIED[1],
            ("import", T("导入", "imported")),
            ("import_undone", T("撤销导入", "import undone")),
        ],
        starts: vec![start_page],
        nav: vec![
            Nav {
                group: T("服务", "Service"),
                order: 100,
                icon: "clipboard-list",
                label: T("服务工单", "Service orders"),
                href: "/orders",
                perm: &perms::ORDER_READ,
            },
            Nav {
                group: T("设置", "Set-up"),
                order: 911,
                icon: "route",
                label: T("工单流程", "Processes of orders"),
                href: "/order-processes",
                perm: &pricing::api::KIND_WRITE,
            },
        ],
        commands: vec![Command {
            label: T("新建服务工单", "New service order"),
            href: "/orders/new",
            icon: "plus",
            keys: &["N"],
            perm: &perms::ORDER_CREATE,
        }],
        timers: order::clocks::kinds(),
        docs: vec![DocKind {
            kind: "order",
            label: T("服务工单", "Service order"),
            href: "/orders/{id}",
            find: |cx, conn, id, write| Box::pin(order::service::brief_for(cx, conn, id, write)),
        }],
        checks: vec![Check {
            name: "orders.sums_and_states",
            run: |conn| Box::pin(order::store::faults(conn)),
        }],
        guards: vec![kit::Guard {
            doc: "customer",
            check: |tx, id, action| Box::pin(personal::may_erase(tx, id, action)),
            ahead: None,
        }],
        personal: personal::holdings(),
        impersonal: vec![
            ("order_unit.serial", "of the machine; stays with its history"),
            ("service_order.serial", "of the machine; stays with its history"),
            ("service_order.symptom", "of the machine; stays with its history"),
        ],
        ..Module::default()
    }
}

/// Whoever keeps the stock and neither opens, sends nor repairs starts where the parts are.
fn start_page(cx: &kit::Cx, _browser: &str) -> Option<&'static str> {
    let others = [&perms::ORDER_CREATE, &perms::ORDER_ASSIGN, &perms::ORDER_WORK];
    let keeps = cx.can(&parts::api::STOCK_ISSUE) && !others.iter().any(|perm| cx.can(perm));
    keeps.then_some("/stock")
}

#[cfg(test)]
mod schema {
    /// What the program knows and what the database takes are the same (DESIGN §5).
    #[test]
    fn the_database_takes_only_states_that_there_are() {
        let sql = include_str!("../migrations/0001_orders.sql");
        let takes = |table, column, codes| testkit::column_takes(sql, table, column, codes);
        takes("service_order", "state", crate::flow::State::OPTIONS);
        takes("service_order", "mode", crate::order::model::Mode::OPTIONS);
        takes("service_order", "warranty", crate::order::model::WarrantyClass::OPTIONS);
    }
}
