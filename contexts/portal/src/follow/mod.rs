//! Requests and orders as their customer sees them: in plain words, with what they may do (CALL-24, CALL-29, WO-36, WO-40,
//! WO-41, CB-15). Whoever holds the link is the customer of that one document.

pub mod model;
mod pages;
mod rest;
pub mod rules;
pub mod service;
mod store;
mod views;

use callbacks::api::Rating;
use kernel::T;
use kit::{Access::Public, Routes};

use crate::talk::model::NewMessage;
use model::{ConfirmWork, OrderSeen, RequestSeen};

/// Pages and API.
pub fn routes() -> Routes {
    Routes::new()
        .page("/f/{token}", Public, pages::order)
        .form("/f/{token}", Public, pages::act)
        .page("/r/{token}", Public, pages::request)
        .api_get::<RequestSeen, _, _>(
            "/public/requests/{token}",
            Public,
            T("客户查看自己的请求", "A request as its customer sees it"),
            rest::request,
        )
        .api_get::<OrderSeen, _, _>(
            "/public/orders/{token}",
            Public,
            T("客户查看自己的工单", "An order as its customer sees it"),
            rest::order,
        )
        .api_post::<NewMessage, OrderSeen, _, _>(
            "/public/orders/{token}/messages",
            Public,
            T("客户留言", "A message of the customer"),
            rest::say,
        )
        .api_post::<ConfirmWork, OrderSeen, _, _>(
            "/public/orders/{token}/confirm",
            Public,
            T("客户确认完工", "The customer accepts the work"),
            rest::confirm,
        )
        .api_post::<Rating, OrderSeen, _, _>(
            "/public/orders/{token}/rate",
            Public,
            T("客户评价", "The customer rates the service"),
            rest::rate,
        )
}
