//! Units and fault items of an order that is under way: added on site, corrected, taken away again (WO-46). Each has its
//! own work, component group and warranty decision (PROD-06), and so its own share of the bill.

pub mod model;
mod pages;
mod rest;
pub mod service;
mod views;

use kernel::T;
use kit::{Access, Routes};

use crate::{
    order::{input::NewOrderUnit, out::OrderOut},
    perms::ORDER_LINES,
};
use model::EditUnit;

/// Pages and API.
pub fn routes(routes: Routes) -> Routes {
    let write = || Access::Perm(&ORDER_LINES);
    routes
        .api_post::<NewOrderUnit, OrderOut, _, _>(
            "/orders/{id}/units",
            write(),
            T("添加设备或故障项", "Add a unit or fault item"),
            rest::add,
        )
        .api_put::<EditUnit, OrderOut, _, _>(
            "/orders/{id}/units/{item}",
            write(),
            T("修改故障项", "Change an item"),
            rest::change,
        )
        .api_delete::<OrderOut, _, _>(
            "/orders/{id}/units/{item}",
            write(),
            T("删除故障项", "Take an item away"),
            rest::remove,
        )
        .page("/orders/{id}/units/new", write(), pages::new)
        .form("/orders/{id}/units", write(), pages::add)
        .page("/orders/{id}/units/{item}/edit", write(), pages::edit)
        .form("/orders/{id}/units/{item}", write(), pages::change)
        .form("/orders/{id}/units/{item}/delete", write(), pages::remove)
}
