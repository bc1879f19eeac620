//! In-shop repair: receiving slips, the bench, inspection, notices, returns to the maker, pick-up (SHOP, QC). The
//! service order stays the one document of the work. See `README.md`.

pub mod check;
pub mod extra;
pub mod maker;
pub mod notice;
mod perms;
mod personal;
mod routes;
mod settings;
mod texts;
pub mod unit;

use kernel::T;
use kit::{Check, Command, DocKind, Guard, Module, Nav, Schedule};

pub use perms::{CHECK_FINAL, CHECK_TEAM, MAKER_WRITE, SHOP_HAND_OVER, SHOP_READ, SHOP_RECEIVE, SHOP_WORK};

/// What this context brings.
pub fn module() -> Module {
    Module {
        name: "workshop",
        migrations: vec![db::Migration {
            context: "workshop",
            number: 1,
            name: "workshop",
            sql: include_str!("../migrations/0001_workshop.sql"),
        }],
        perms: perms::ALL.to_vec(),
        settings: settings::ALL.to_vec(),
        routes: routes::all(),
        lists: vec![
            unit::lists::bench(),
            unit::lists::notices(),
            maker::lists::returns(),
            check::lists::sheets(),
        ],
        subs: unit::clocks::subs(),
        timers: unit::clocks::timers(),
        schedules: vec![Schedule {
            name: "workshop.count_days",
            every_secs: 3600,
            run: |cx| Box::pin(unit::service::count_days(cx)),
        }],
        nouns: vec![
            ("check_template", T("检验表", "Check sheet")),
            ("check_rule", T("检验规则", "Rule of checks")),
        ],
        actions: vec![
            ("told", T("通知客户", "told the customer")),
            ("assigned", T("分配维修人员", "assigned")),
            ("extra_asked", T("征询增项", "asked about an extra item")),
            ("extra_answered", T("增项答复", "extra item answered")),
            ("sent_to_maker", T("返厂送出", "sent to the maker")),
            ("maker_asked", T("询问厂家", "asked the maker")),
            ("back_from_maker", T("厂家返回", "back from the maker")),
            ("checked", T("检验", "checked")),
            ("check_failed", T("检验不合格，返工", "failed the check")),
        ],
        guards: vec![Guard {
            doc: "order",
            check: |tx, id, action| Box::pin(check::service::guard(tx, id, action)),
            ahead: Some(|conn, id, action| Box::pin(check::service::guard(conn, id, action))),
        }],
        docs: vec![DocKind {
            kind: "shop_unit",
            label: T("在修机器", "Unit in the workshop"),
            href: "/workshop/units/{id}",
            find: |cx, conn, id, write| Box::pin(unit::service::find_doc(cx, conn, id, write)),
        }],
        checks: vec![Check { name: "workshop.settled", run: |conn| Box::pin(unit::store::faults(conn)) }],
        nav: vec![
            nav(150, "tool", T("在修机器", "Workshop"), "/workshop", &perms::SHOP_READ),
            nav(
                152,
                "truck-return",
                T("返厂记录", "Returns to makers"),
                "/maker-returns",
                &perms::MAKER_WRITE,
            ),
            nav(154, "checks", T("检验记录", "Checks"), "/check-sheets", &perms::CHECK_TEAM),
            Nav {
                group: T("设置", "Set-up"),
                ..nav(
                    912,
                    "list-check",
                    T("检验模板", "Check lists"),
                    "/workshop/checks",
                    &perms::CHECK_SETUP,
                )
            },
        ],
        commands: vec![Command {
            label: T("收机登记", "Receive a unit"),
            href: "/workshop/receive",
            icon: "package-import",
            keys: &[],
            perm: &perms::SHOP_RECEIVE,
        }],
        personal: personal::holdings(),
        impersonal: vec![
            ("shop_unit.place", "a shelf"),
            ("check_sheet.answers", "about the machine"),
            ("check_sheet.note", "about the machine"),
            ("maker_return.note", "about the machine"),
        ],
        ..Module::default()
    }
}

fn nav(order: u32, icon: &'static str, label: T, href: &'static str, perm: &'static kit::Perm) -> Nav {
    Nav { group: T("服务", "Service"), order, icon, label, href, perm }
}
