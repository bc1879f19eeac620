//! What the customer holds of an order: the secret of its page, and the code that stands for a signature when the work is
//! done (WO-40, WO-41). Engineers see neither: who enters the code has it from the customer.

pub mod model;
mod rest;
pub mod rules;
pub mod service;
pub mod store;

use kernel::T;
use kit::{Access, Routes};

use crate::perms::ORDER_KEY;
use model::KeyOut;

/// API; the pages are the portal's.
pub fn routes(routes: Routes) -> Routes {
    routes
        .api_get::<KeyOut, _, _>(
            "/orders/{id}/key",
            Access::Perm(&ORDER_KEY),
            T("客户的查询链接与验收码", "The customer's link and acceptance code"),
            rest::get,
        )
        .api_post::<(), KeyOut, _, _>(
            "/orders/{id}/key/renew",
            Access::Perm(&ORDER_KEY),
            T("更换客户链接与验收码（旧的作废）", "A new link and code; the old ones stop working"),
            rest::renew,
        )
}
