//! The page behind a unit's label: whoever has seen the label sees the product, its warranty and its manuals, and nothing
//! of its owner (CALL-29).

pub mod model;
mod pages;
mod rest;
pub mod service;
mod views;

use kernel::T;
use kit::{Access::Public, Routes};

use model::UnitPage;
pub use views::cover;

/// Pages and API.
pub fn routes() -> Routes {
    Routes::new()
        .page("/u/{token}", Public, pages::unit)
        .page("/u/{token}/papers/{file}", Public, pages::paper)
        .api_get::<UnitPage, _, _>(
            "/public/units/{token}",
            Public,
            T("扫码可见的设备信息", "What anybody sees who scans a unit's code"),
            rest::unit,
        )
}
