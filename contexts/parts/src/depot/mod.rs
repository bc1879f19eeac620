//! Depots, vans, outlets' stores (PARTS-09, 10, 14).

use kernel::T;
use kit::{Access, DocBrief, DocKind, Routes};

pub mod lists;
pub mod model;
mod pages;
mod rest;
pub mod rules;
pub mod service;
pub mod store;
mod views;

use crate::perms::{DEPOT_WRITE, STOCK_READ};

/// Pages and API.
pub fn routes(routes: Routes) -> Routes {
    let (read, write) = (Access::Perm(&STOCK_READ), Access::Perm(&DEPOT_WRITE));
    routes
        .page("/depots/new", write, pages::new)
        .form("/depots/new", write, pages::create)
        .page("/depots/{id}", read, pages::depot)
        .page("/depots/{id}/edit", write, pages::edit)
        .form("/depots/{id}/edit", write, pages::change)
        .page("/stock/{id}", read, pages::balance)
        .page("/stock-levels/{id}", read, pages::level)
        .api_post::<model::DepotInput, model::DepotOut, _, _>(
            "/depots",
            write,
            T("新建仓库", "Make a depot"),
            rest::create,
        )
        .api_get::<model::DepotOut, _, _>("/depots/{id}", read, T("仓库", "A depot"), rest::get)
        .api_put::<model::DepotInput, model::DepotOut, _, _>(
            "/depots/{id}",
            write,
            T("修改仓库", "Change a depot"),
            rest::change,
        )
}

/// How panels ask whether the caller may see or change a depot.
pub fn doc_kind() -> DocKind {
    DocKind {
        kind: "depot",
        label: T("仓库", "Depot"),
        href: "/depots/{id}",
        find: |cx, conn, id, write| {
            Box::pin(async move {
                let row = store::get_depot(conn, id).await?;
                cx.authorize(if write { &DEPOT_WRITE } else { &STOCK_READ }, &row)?;
                Ok(DocBrief { doc: service::doc_ref(&row), org: row.org_id, title: row.name })
            })
        },
    }
}
