//! Purchase requisitions: what is missing is asked for, ordered from a supplier, and received by a receipt (PARTS-34).

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

use crate::perms::{PURCHASE_ORDER, PURCHASE_WRITE, STOCK_READ};

/// Pages and API.
pub fn routes(routes: Routes) -> Routes {
    routes
        .page("/purchases/new", Access::Perm(&PURCHASE_WRITE), pages::new)
        .form("/purchases/new", Access::Perm(&PURCHASE_WRITE), pages::create)
        .page("/purchases/{id}", Access::Perm(&STOCK_READ), pages::purchase)
        .form("/purchases/{id}/order", Access::Perm(&PURCHASE_ORDER), pages::order)
        .form("/purchases/{id}/cancel", Access::Perm(&PURCHASE_WRITE), pages::cancel)
        .api_post::<model::PurchaseInput, model::PurchaseOut, _, _>(
            "/purchases",
            Access::Perm(&PURCHASE_WRITE),
            T("申请采购", "Ask for goods to be bought"),
            rest::create,
        )
        .api_get::<model::PurchaseOut, _, _>(
            "/purchases/{id}",
            Access::Perm(&STOCK_READ),
            T("采购申请", "A purchase requisition"),
            rest::get,
        )
        .api_post::<model::OrderInput, model::PurchaseOut, _, _>(
            "/purchases/{id}/order",
            Access::Perm(&PURCHASE_ORDER),
            T("下采购单", "Order from a supplier"),
            rest::order,
        )
        .api_post::<model::CancelInput, model::PurchaseOut, _, _>(
            "/purchases/{id}/cancel",
            Access::Perm(&PURCHASE_WRITE),
            T("取消采购申请", "Cancel a requisition"),
            rest::cancel,
        )
}
