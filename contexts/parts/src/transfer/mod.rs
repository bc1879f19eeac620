//! Movements between depots: transfers with goods on the way, draws into vans, returns of unused parts
//! (PARTS-26, 47, 48, 63, 64).

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

use crate::perms::{STOCK_MOVE, STOCK_READ};

/// Pages and API.
pub fn routes(routes: Routes) -> Routes {
    routes
        .page("/transfers/new", Access::Perm(&STOCK_MOVE), pages::new)
        .form("/transfers/new", Access::Perm(&STOCK_MOVE), pages::create)
        .page("/transfers/{id}", Access::Perm(&STOCK_READ), pages::transfer)
        .form("/transfers/{id}/receive", Access::Perm(&STOCK_MOVE), pages::receive)
        .form("/transfers/{id}/return", Access::Perm(&STOCK_MOVE), pages::send_back)
        .form("/transfers/{id}/position", Access::Perm(&STOCK_MOVE), pages::position)
        .api_post::<model::TransferInput, model::TransferOut, _, _>(
            "/transfers",
            Access::Perm(&STOCK_MOVE),
            T("调拨、领料、退料", "Transfer, draw or return stock"),
            rest::create,
        )
        .api_get::<model::TransferOut, _, _>(
            "/transfers/{id}",
            Access::Perm(&STOCK_READ),
            T("调拨单", "A transfer"),
            rest::get,
        )
        .api_post::<model::ArriveInput, model::TransferOut, _, _>(
            "/transfers/{id}/receive",
            Access::Perm(&STOCK_MOVE),
            T("收到调拨", "Receive a transfer"),
            rest::receive,
        )
        .api_post::<model::SendBackInput, model::TransferOut, _, _>(
            "/transfers/{id}/return",
            Access::Perm(&STOCK_MOVE),
            T("退回未收到的调拨", "Send back what was not received"),
            rest::send_back,
        )
        .api_post::<model::PositionInput, model::TransferOut, _, _>(
            "/transfers/{id}/position",
            Access::Perm(&STOCK_MOVE),
            T("在途位置", "Where a transfer is"),
            rest::position,
        )
}
