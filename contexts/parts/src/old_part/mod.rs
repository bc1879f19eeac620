//! Old parts owed for new ones given (PARTS-30, 51, 52, 54).

use kernel::T;
use kit::{Access, Routes};

pub mod lists;
pub mod model;
mod pages;
mod rest;
pub mod service;
pub mod store;
mod views;

use crate::perms::{OLD_PART_READ, OLD_PART_WRITE};

/// Pages and API.
pub fn routes(routes: Routes) -> Routes {
    let write = Access::Perm(&OLD_PART_WRITE);
    routes
        .page("/old-parts/{id}", Access::Perm(&OLD_PART_READ), pages::debt)
        .form("/old-parts/{id}/settle", write, pages::settle)
        .api_get::<model::DebtOut, _, _>(
            "/old-parts/{id}",
            Access::Perm(&OLD_PART_READ),
            T("旧件欠退", "An old part owed"),
            rest::get,
        )
        .api_post::<model::SettleInput, model::DebtOut, _, _>(
            "/old-parts/{id}/settle",
            write,
            T("收回、扣款或免退旧件", "Take an old part back, charge or waive it"),
            rest::settle,
        )
}
