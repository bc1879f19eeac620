//! Duplicates: found by rule, merged by hand.

pub mod model;
mod pages;
mod rest;
pub mod rules;
pub mod service;
mod store;
pub mod views;

use kernel::T;
use kit::{Access, Routes};
use model::{Merge, SuspectPair};

use crate::{customer::model::CustomerOut, perms::CUSTOMER_MERGE};

/// Pages and API.
pub fn routes(routes: Routes) -> Routes {
    let merge = Access::Perm(&CUSTOMER_MERGE);
    routes
        .page("/customer-duplicates", merge, pages::duplicates)
        .page("/customers/{id}/merge", merge, pages::merge_form)
        .form("/customers/{id}/merge", merge, pages::merge)
        .api_get::<Vec<SuspectPair>, _, _>(
            "/customers/duplicates",
            merge,
            T("疑似重复的客户档案", "Suspected duplicates"),
            rest::list,
        )
        .api_post::<Merge, CustomerOut, _, _>(
            "/customers/{id}/merge",
            merge,
            T("把另一份档案并入这份", "Merge another file into this one"),
            rest::merge,
        )
}
