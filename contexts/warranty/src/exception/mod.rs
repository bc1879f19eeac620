//! Goodwill and borderline decisions, with amount and reason (WARR-24).

pub mod lists;
pub mod model;
mod pages;
mod rest;
pub mod rules;
pub mod service;
pub mod store;
mod views;

use kernel::T;
use kit::{Access::Perm, Routes};

use self::model::{ExceptionRow, NewException};
use crate::perms::EXCEPTION_GRANT;

/// Pages and endpoints.
pub fn routes() -> Routes {
    Routes::new()
        .page("/warranty/exceptions/new", Perm(&EXCEPTION_GRANT), pages::new)
        .form("/warranty/exceptions", Perm(&EXCEPTION_GRANT), pages::grant)
        .api_post::<NewException, ExceptionRow, _, _>(
            "/warranty/exceptions",
            Perm(&EXCEPTION_GRANT),
            T(
                "批准质保例外：减免或边界判定，附金额和理由",
                "Grant goodwill or decide a borderline case, with amount and reason",
            ),
            rest::grant,
        )
}
