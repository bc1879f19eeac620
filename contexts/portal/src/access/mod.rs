//! The owner of a unit shows who they are with a code told to the registered number, and sees their documents for a day.

pub mod model;
mod pages;
mod rest;
pub mod rules;
pub mod service;
mod store;
mod views;

use kernel::T;
use kit::{Access::Public, Routes};

use model::{AskCode, Entered, MinePage, UseCode};

/// Pages and API.
pub fn routes() -> Routes {
    Routes::new()
        .page("/u/{token}/mine", Public, pages::ask)
        .form("/u/{token}/mine", Public, pages::act)
        .page("/p/{token}", Public, pages::mine)
        .api_post::<AskCode, (), _, _>(
            "/public/units/{token}/code",
            Public,
            T(
                "客户申请查询验证码；无论号码是否登记，回答相同",
                "A customer asks for a code; the answer is the same whether or not the number is registered",
            ),
            rest::send_code,
        )
        .api_post::<UseCode, Entered, _, _>(
            "/public/units/{token}/enter",
            Public,
            T("客户凭验证码查询", "A customer enters with the code"),
            rest::enter,
        )
        .api_get::<MinePage, _, _>(
            "/public/mine/{token}",
            Public,
            T("客户自己的请求与工单", "A customer's own requests and orders"),
            rest::mine,
        )
}
