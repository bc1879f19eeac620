//! Issue slips: stock for a customer, outlet or engineer outside a service order, reserved or issued at once
//! (PARTS-26, 32, 34, 35). A slip uses the same line commands as a service order does.

use kernel::T;
use kit::{Access, Routes};

pub mod lists;
pub mod model;
mod pages;
mod rest;
pub mod rules;
pub mod service;
pub mod store;
mod views;

use crate::perms::{STOCK_ISSUE, STOCK_READ};

/// Pages and API.
pub fn routes(routes: Routes) -> Routes {
    routes
        .page("/issue-slips/new", Access::Perm(&STOCK_ISSUE), pages::new)
        .form("/issue-slips/new", Access::Perm(&STOCK_ISSUE), pages::create)
        .page("/issue-slips/{id}", Access::Perm(&STOCK_READ), pages::slip)
        .form("/issue-slips/{id}/issue", Access::Perm(&STOCK_ISSUE), pages::issue)
        .form("/issue-slips/{id}/lines", Access::Perm(&STOCK_ISSUE), pages::change_line)
        .form("/issue-slips/{id}/cancel", Access::Perm(&STOCK_ISSUE), pages::cancel)
        .api_post::<model::SlipInput, model::SlipOut, _, _>(
            "/issue-slips",
            Access::Perm(&STOCK_ISSUE),
            T("出库或预约", "Issue or reserve stock"),
            rest::create,
        )
        .api_get::<model::SlipOut, _, _>(
            "/issue-slips/{id}",
            Access::Perm(&STOCK_READ),
            T("出库单", "An issue slip"),
            rest::get,
        )
        .api_post::<model::Nothing, model::SlipOut, _, _>(
            "/issue-slips/{id}/issue",
            Access::Perm(&STOCK_ISSUE),
            T("发出已预约的配件", "Issue what is reserved"),
            rest::issue,
        )
        .api_post::<model::LineChange, model::SlipOut, _, _>(
            "/issue-slips/{id}/lines",
            Access::Perm(&STOCK_ISSUE),
            T("增加、修改或删除一行", "Add, change or delete a line"),
            rest::change_line,
        )
        .api_post::<model::CancelInput, model::SlipOut, _, _>(
            "/issue-slips/{id}/cancel",
            Access::Perm(&STOCK_ISSUE),
            T("取消出库单", "Cancel a slip"),
            rest::cancel,
        )
}
