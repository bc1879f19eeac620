//! The second factor of a sign-in: one-time codes of an app (RFC 6238), with recovery codes for lost telephones.
//! Everybody decides for the own account; administrators can take it off.

mod model;
mod pages;
mod rest;
pub(crate) mod rules;
mod service;
pub(crate) mod store;
mod views;

use kernel::T;
use kit::{Access, Routes};

use crate::USER_WRITE;
use model::*;
pub(crate) use service::{is_on, mine, secret};
pub(crate) use views::code_field;

pub(crate) fn routes() -> Routes {
    use Access::{Perm, SignedIn};
    Routes::new()
        .page("/me/second-factor", SignedIn, pages::page)
        .form("/me/second-factor", SignedIn, pages::start)
        .form("/me/second-factor/confirm", SignedIn, pages::confirm)
        .form("/me/second-factor/codes", SignedIn, pages::new_codes)
        .form("/me/second-factor/off", SignedIn, pages::off)
        .form("/users/{id}/second-factor/reset", Perm(&USER_WRITE), pages::reset)
        .api_get::<SecondFactor, _, _>(
            "/me/second-factor",
            SignedIn,
            T("我的两步验证", "My second factor"),
            rest::get,
        )
        .api_post::<(), SetUp, _, _>(
            "/me/second-factor",
            SignedIn,
            T("开始设置两步验证：返回密钥", "Begin to set up the second factor: answers the key"),
            rest::start,
        )
        .api_post::<Code, RecoveryCodes, _, _>(
            "/me/second-factor/confirm",
            SignedIn,
            T("用验证码启用两步验证：返回恢复码", "Switch it on with a code: answers the recovery codes"),
            rest::confirm,
        )
        .api_post::<Password, RecoveryCodes, _, _>(
            "/me/second-factor/codes",
            SignedIn,
            T("重新生成恢复码", "New recovery codes"),
            rest::new_codes,
        )
        .api_post::<Password, SecondFactor, _, _>(
            "/me/second-factor/off",
            SignedIn,
            T("关闭两步验证", "Switch the second factor off"),
            rest::off,
        )
        .api_post::<(), (), _, _>(
            "/users/{id}/second-factor/reset",
            Perm(&USER_WRITE),
            T("取消用户的两步验证", "Take a user's second factor off"),
            rest::reset,
        )
}
