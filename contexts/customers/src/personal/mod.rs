//! A person's rights to what is held about them (PIPL): a copy of everything, and erasure.

mod holdings;
pub mod model;
mod pages;
mod rest;
pub mod service;
mod store;
mod views;

use kernel::T;
use kit::{Access, Routes};
use model::{Erase, ErasedOut};

pub use holdings::holdings;
pub use store::phones;

use crate::perms::{PERSONAL_ERASE, PERSONAL_EXPORT};

/// Pages and API.
pub fn routes(routes: Routes) -> Routes {
    let export = Access::Perm(&PERSONAL_EXPORT);
    let erase = Access::Perm(&PERSONAL_ERASE);
    routes
        .page("/customers/{id}/personal", export, pages::show)
        .page("/customers/{id}/personal.json", export, pages::download)
        .page("/customers/{id}/erase", erase, pages::erase_form)
        .form("/customers/{id}/erase", erase, pages::erase)
        .api_get::<kit::personal::Copy, _, _>(
            "/customers/{id}/personal",
            export,
            T("客户个人信息副本（留痕）", "A copy of everything held about a customer (recorded)"),
            rest::copy,
        )
        .api_post::<Erase, ErasedOut, _, _>(
            "/customers/{id}/erase",
            erase,
            T("匿名化客户的全部个人信息", "Make everything held about a customer anonymous"),
            rest::erase,
        )
}
