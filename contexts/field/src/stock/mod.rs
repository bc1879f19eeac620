//! The engineer's van, and the page about oneself.

pub mod model;
mod pages;
mod rest;
pub mod service;
pub mod store;
mod views;

use kernel::T;
use kit::{Access, Routes};

use crate::perms::PHONE_USE;

/// Pages and API.
pub fn routes(routes: Routes) -> Routes {
    let phone = Access::Perm(&PHONE_USE);
    routes.page("/m/stock", phone, pages::stock).page("/m/me", phone, pages::me).api_get::<model::Van, _, _>(
        "/field/stock",
        phone,
        T("本人车载库存（?q=）", "Stock of the own van (?q=)"),
        rest::stock,
    )
}
