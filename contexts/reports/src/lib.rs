//! Reports: what managers look at. Reads published views only and writes nothing of the business (REP-01…06, 11, 12).

mod board;
mod mailing;
mod perms;
mod supervision;

use kernel::T;
use kit::{Command, Module, Nav, Routes, Schedule};

pub use perms::{BOARD_READ, MAIL_WRITE, SUPERVISION_READ};

/// What the context brings to the product.
pub fn module() -> Module {
    Module {
        name: "reports",
        migrations: vec![db::Migration {
            context: "reports",
            number: 1,
            name: "reports",
            sql: include_str!("../migrations/0001_reports.sql"),
        }],
        perms: vec![&BOARD_READ, &SUPERVISION_READ, &MAIL_WRITE],
        lists: vec![mailing::mails()],
        jobs: mailing::jobs(),
        schedules: vec![
            mailing::schedule(),
            Schedule {
                name: "reports.count_areas",
                every_secs: 3600,
                run: |cx| Box::pin(board::service::count_areas(cx)),
            },
        ],
        docs: vec![mailing::doc_kind()],
        actions: vec![("mailed", T("已发送邮件", "mailed")), ("sent_now", T("立即发送", "sent at once"))],
        routes: routes(),
        nav: vec![
            Nav {
                group: T("经营", "Business"),
                order: 690,
                icon: "users",
                label: supervision::TITLE,
                href: "/supervision",
                perm: &SUPERVISION_READ,
            },
            Nav {
                group: T("经营", "Business"),
                order: 700,
                icon: "chart-bar",
                label: T("经营看板", "Dashboard"),
                href: "/reports",
                perm: &BOARD_READ,
            },
            Nav {
                group: T("经营", "Business"),
                order: 790,
                icon: "mail",
                label: T("定时邮件", "Scheduled mails"),
                href: "/report-mails",
                perm: &MAIL_WRITE,
            },
        ],
        commands: vec![Command {
            label: T("前往经营看板", "Go to the dashboard"),
            href: "/reports",
            icon: "chart-bar",
            keys: &["G", "B"],
            perm: &BOARD_READ,
        }],
        impersonal: vec![("report_mail_sending.note", "about a mail")],
        ..Module::default()
    }
}

fn routes() -> Routes {
    let mut routes = board::routes();
    routes.0.extend(supervision::routes().0);
    routes.0.extend(mailing::routes().0);
    routes
}
