//! Acting substitutes (ORG-14): who is off duty, who stands in, from when until when.
//!
//! While a period runs, the substitute's [`kit::Actor`] reaches the absent person's own documents, holds the
//! absent person's permissions except those of administration, and is logged under both names.

mod model;
mod pages;
mod rest;
mod rules;
mod service;
mod store;
mod views;

use kernel::T;
use kit::{Access, Routes};

pub use model::*;

use crate::ACTING_WRITE;

pub(crate) fn routes() -> Routes {
    use Access::Perm;
    Routes::new()
        .page("/acting", Perm(&ACTING_WRITE), pages::acting)
        .form("/acting", Perm(&ACTING_WRITE), pages::appoint)
        .form("/acting/{id}/end", Perm(&ACTING_WRITE), pages::end)
        .api_get::<Vec<ActingOut>, _, _>(
            "/acting",
            Perm(&ACTING_WRITE),
            T("现在和将来的代班", "Substitutes now and later"),
            rest::acting,
        )
        .api_post::<NewActing, ActingOut, _, _>(
            "/acting",
            Perm(&ACTING_WRITE),
            T("指定代班人", "Appoint a substitute"),
            rest::appoint,
        )
        .api_post::<(), ActingOut, _, _>(
            "/acting/{id}/end",
            Perm(&ACTING_WRITE),
            T("提前结束代班", "End a substitution early"),
            rest::end,
        )
}
