//! The dashboard: figures of a period, each with its formula and the list behind it.

mod formulas;
mod model;
mod pages;
mod rest;
pub mod rules;
pub mod service;
mod store;
mod views;

pub use model::{KindLine, Period};
pub use rules::TOP;
pub use service::board as figures;
pub use views::{class_label, kind_label, state_label};

use kernel::T;
use kit::{Access, Routes};

use crate::perms::BOARD_READ;

/// Page, API and tables for download.
pub fn routes() -> Routes {
    let read = Access::Perm(&BOARD_READ);
    Routes::new()
        .page("/reports", read, pages::board)
        .page("/reports/{table}/export", read, pages::export)
        .page("/reports/part-orders", read, pages::part_orders)
        .api_get::<Vec<model::PartOrder>, _, _>(
            "/reports/part-orders",
            read,
            T("用了某个备件的工单（?code=&from=&to=）", "Orders that used a part (?code=&from=&to=)"),
            rest::part_orders,
        )
        .api_get::<model::Board, _, _>(
            "/reports/board",
            read,
            T("经营看板（?from=&to=，缺省为本月）", "The dashboard (?from=&to=; this month unless given)"),
            rest::board,
        )
}
