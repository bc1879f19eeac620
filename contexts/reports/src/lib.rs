//! Reports: what managers look at. Reads published views only and writes nothing (REP-01…06, 11, 12).

mod board;
mod perms;

use kernel::T;
use kit::{Command, Module, Nav};

pub use perms::BOARD_READ;

/// What the context brings to the product.
pub fn module() -> Module {
    Module {
        name: "reports",
        perms: vec![&BOARD_READ],
        routes: board::routes(),
        nav: vec![Nav {
            group: T("经营", "Business"),
            order: 700,
            icon: "chart-bar",
            label: T("经营看板", "Dashboard"),
            href: "/reports",
            perm: &BOARD_READ,
        }],
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
