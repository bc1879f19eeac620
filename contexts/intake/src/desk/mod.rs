//! The intake screen: who is calling, what about, what happens now (CALL-01…04, 07, 18, 19, 30, 31, 33…36).

pub mod model;
mod pages;
mod rest;
pub mod service;
mod store;
mod summary;
mod view_caller;
mod views;

use kernel::T;
use kit::{Access::Perm, Routes};

pub use pages::query;

use crate::perms::{CALL_WRITE, REQUEST_WRITE};
use model::{Lookup, YearOfCustomer};

/// Pages and API.
pub fn routes() -> Routes {
    Routes::new()
        .page("/intake", Perm(&REQUEST_WRITE), pages::desk)
        .form("/intake", Perm(&REQUEST_WRITE), pages::submit)
        .form("/intake/draft", Perm(&REQUEST_WRITE), pages::draft)
        .page("/intake/caller", Perm(&REQUEST_WRITE), pages::caller)
        .page("/customers/{id}/summary", Perm(&orders::api::ORDER_READ), summary::page)
        .page("/intake/similar", Perm(&REQUEST_WRITE), pages::similar)
        .api_get::<YearOfCustomer, _, _>(
            "/customers/{id}/summary",
            Perm(&orders::api::ORDER_READ),
            T("客户近 12 个月的工单、金额与满意率", "A customer's last twelve months"),
            summary::get,
        )
        .api_get::<Lookup, _, _>(
            "/lookup",
            Perm(&CALL_WRITE),
            T(
                "按号码、客户或设备查来电人（?phone= &customer_id= &unit_id=）",
                "Who is calling: ?phone= &customer_id= &unit_id=",
            ),
            rest::lookup,
        )
}
