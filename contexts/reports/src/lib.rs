//! Reports: what managers look at. Reads published views only and writes nothing (REP-01…06, 11, 12).

mod board;
mod perms;
mod supervision;

use kernel::T;
use kit::{Command, Module, Nav, Routes};

pub use perms::{BOARD_READ, SUPERVISION_READ};

/// What the context brings to the product.
pub fn module() -> Module {
    Module {
        name: "reports",
        perms: vec![&BOARD_READ, &SUPERVISION_READ],
        routes: routes(),
        nav: vec![
            Nav {
                group: T("经营", "Business"),
                order: 690,
                icon: "users-group",
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
        ],
        commands: vec![Command {
            label: T("前往经营看板", "Go to the dashboard"),
            href: "/reports",
            icon: "chart-bar",
            keys: &["G", "B"],
            perm: &BOARD_READ,
        }],
        ..Module::default()
    }
}

fn routes() -> Routes {
    let mut routes = board::routes();
    routes.0.extend(supervision::routes().0);
    routes
}
