//! Assignment by hand, and the day list.

pub mod model;
mod pages;
mod rest;
pub mod rules;
pub mod service;
pub mod store;
mod views;

use kernel::T;
use kit::{Access, Routes};
use orders::api::{AssignOrder, ORDER_ASSIGN, OrderOut};

use crate::perms::DAY_READ;

/// Pages and API. The address of assignment is the order's; the clash check belongs here.
pub fn routes() -> Routes {
    let (read, assign) = (Access::Perm(&DAY_READ), Access::Perm(&ORDER_ASSIGN));
    Routes::new()
        .page("/dispatch", read, pages::day)
        .page("/orders/{id}/assign", assign, pages::assign_dialog)
        .form("/orders/{id}/assign", assign, pages::assign)
        .api_get::<model::Day, _, _>(
            "/dispatch/day",
            read,
            T("某日派工日程（?date=）", "The dispatch day (?date=)"),
            rest::day,
        )
        .api_post::<AssignOrder, OrderOut, _, _>(
            "/orders/{id}/assign",
            assign,
            T("派工或改派；时间冲突会被拒绝", "Assign or reassign; clashes are refused"),
            rest::assign,
        )
}
