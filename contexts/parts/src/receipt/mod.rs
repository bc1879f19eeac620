//! Receipts: goods ordered, bought ad hoc, compensated, repaired (PARTS-16, 19, 20, 21).

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

use crate::perms::{STOCK_EDIT, STOCK_READ, STOCK_RECEIVE};

/// Pages and API.
pub fn routes(routes: Routes) -> Routes {
    routes
        .page("/receipts/new", Access::Perm(&STOCK_RECEIVE), pages::new)
        .form("/receipts/new", Access::Perm(&STOCK_RECEIVE), pages::create)
        .page("/receipts/{id}", Access::Perm(&STOCK_READ), pages::receipt)
        .form("/receipts/{id}/reverse", Access::Perm(&STOCK_EDIT), pages::reverse)
        .api_post::<model::ReceiptInput, model::ReceiptOut, _, _>(
            "/receipts",
            Access::Perm(&STOCK_RECEIVE),
            T("入库", "Receive goods"),
            rest::create,
        )
        .api_get::<model::ReceiptOut, _, _>(
            "/receipts/{id}",
            Access::Perm(&STOCK_READ),
            T("入库单", "A receipt"),
            rest::get,
        )
        .api_post::<model::ReverseInput, model::ReceiptOut, _, _>(
            "/receipts/{id}/reverse",
            Access::Perm(&STOCK_EDIT),
            T("冲销入库单", "Reverse a receipt"),
            rest::reverse,
        )
}
