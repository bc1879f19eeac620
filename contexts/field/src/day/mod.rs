//! The engineer's day: own visits by time.

pub mod model;
mod pages;
mod rest;
pub mod rules;
pub mod service;
pub mod store;
pub mod views;

use kernel::T;
use kit::{Access, Routes};

use crate::perms::PHONE_USE;

/// Pages and API.
pub fn routes() -> Routes {
    let phone = Access::Perm(&PHONE_USE);
    Routes::new().page("/m", phone, pages::today).api_get::<model::Day, _, _>(
        "/field/today",
        phone,
        T("我的工单（?view=today|tomorrow|todo|done）", "Own visits (?view=today|tomorrow|todo|done)"),
        rest::today,
    )
}
