//! Messages between customer and service about an order (WO-40): on the customer's page, and beside the order.

pub mod model;
mod pages;
mod rest;
pub mod rules;
pub mod service;
pub(crate) mod store;
mod views;

use kernel::T;
use kit::{Access::Perm, Routes};
use orders::api::ORDER_READ;

use crate::perms::MESSAGE_WRITE;
use model::{MessageOut, NewMessage};

pub use views::thread;

/// Pages and API of the staff side; the customer's is in `follow`.
pub fn routes() -> Routes {
    Routes::new()
        .page("/orders/{id}/portal", Perm(&ORDER_READ), pages::panel)
        .page("/orders/{id}/messages", Perm(&ORDER_READ), pages::messages)
        .form("/orders/{id}/messages", Perm(&MESSAGE_WRITE), pages::write)
        .form("/orders/{id}/portal/renew", Perm(&orders::api::ORDER_KEY), pages::renew)
        .api_get::<Vec<MessageOut>, _, _>(
            "/orders/{id}/messages",
            Perm(&ORDER_READ),
            T("与客户的留言", "Messages with the customer"),
            rest::messages,
        )
        .api_post::<NewMessage, MessageOut, _, _>(
            "/orders/{id}/messages",
            Perm(&MESSAGE_WRITE),
            T("给客户留言", "Write to the customer"),
            rest::write,
        )
}
