//! Dispatch: who goes where and when (DISP-01…03, 23).

pub mod absence;
pub mod assignment;
mod perms;

use kernel::T;
use kit::{Command, Guard, Module, Nav};

pub use perms::{ABSENCE_WRITE, DAY_READ};

/// What this context brings.
pub fn module() -> Module {
    let mut routes = assignment::routes();
    routes.0.extend(absence::routes().0);
    Module {
        name: "dispatch",
        migrations: vec![db::Migration {
            context: "dispatch",
            number: 1,
            name: "dispatch",
            sql: include_str!("../migrations/0001_dispatch.sql"),
        }],
        perms: vec![&DAY_READ, &ABSENCE_WRITE],
        routes,
        lists: vec![absence::absences()],
        settings: vec![&assignment::service::VISIT],
        guards: vec![Guard {
            doc: "order",
            check: |tx, id, action| Box::pin(assignment::service::guard(tx, id, action)),
            ahead: None,
        }],
        nouns: vec![("absence", T("不在班", "Absence"))],
        nav: vec![Nav {
            group: T("服务", "Service"),
            order: 220,
            icon: "calendar-time",
            label: T("派工日程", "Dispatch day"),
            href: "/dispatch",
            perm: &DAY_READ,
        }],
        commands: vec![Command {
            label: T("前往派工日程", "Go to the dispatch day"),
            href: "/dispatch",
            icon: "calendar-time",
            keys: &["G", "D"],
            perm: &DAY_READ,
        }],
        impersonal: vec![("absence.note", "about an employee")],
        ..Module::default()
    }
}
