//! Kinds of work (WO-01): configurable, driving price, commission and the steps of an order. They live with the prices,
//! the lowest floor that needs them.

pub mod model;
pub mod service;
pub mod store;
pub mod web;

use kernel::T;
use kit::{Access, Routes};

use crate::perms::KIND_WRITE;
use model::{KindsOut, WorkKind, WorkKindInput};

/// Pages and API.
pub fn routes(routes: Routes) -> Routes {
    routes
        .page("/work-kinds", Access::Perm(&KIND_WRITE), web::page)
        .page("/work-kinds/{code}/edit", Access::Perm(&KIND_WRITE), web::form)
        .form("/work-kinds/{code}", Access::Perm(&KIND_WRITE), web::save_form)
        .api_get::<KindsOut, _, _>(
            "/work-kinds",
            // Every form that names one offers them all.
            Access::SignedIn,
            T("服务工种", "Kinds of work"),
            web::list,
        )
        .api_put::<WorkKindInput, WorkKind, _, _>(
            "/work-kinds/{code}",
            Access::Perm(&KIND_WRITE),
            T("新增或修改服务工种", "Add or change a kind of work"),
            web::save,
        )
}
