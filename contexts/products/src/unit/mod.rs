//! Units: the installed base.

pub mod lists;
pub mod model;
mod pages;
mod rest;
pub mod rules;
pub mod service;
pub mod sheet;
pub mod store;
pub mod views;

use kernel::T;
use kit::{Access, DocBrief, DocKind, Routes};
use model::{NewUnit, UnitOut};

use crate::perms::{UNIT_READ, UNIT_WRITE};

/// Pages and API. The list, its export and `GET /api/v1/units` come from [`lists::units`].
pub fn routes(routes: Routes) -> Routes {
    let (read, write) = (Access::Perm(&UNIT_READ), Access::Perm(&UNIT_WRITE));
    routes
        .page("/units/new", write, pages::new_unit)
        .form("/units/new", write, pages::create)
        .page("/units/suggest", read, pages::suggest)
        .page("/units/{id}", read, pages::unit)
        .page("/units/{id}/edit", write, pages::edit)
        .form("/units/{id}/edit", write, pages::change)
        .page("/customers/{id}/units", read, pages::of_customer)
        .api_get::<Vec<UnitOut>, _, _>(
            "/units/by-serial",
            read,
            T("按序列号查找设备", "Units by serial number"),
            rest::by_serial,
        )
        .api_get::<Vec<UnitOut>, _, _>(
            "/customers/{id}/units",
            read,
            T("客户的设备", "Units of a customer"),
            rest::of_customer,
        )
        .api_post::<NewUnit, UnitOut, _, _>("/units", write, T("登记设备", "Register a unit"), rest::create)
        .api_get::<UnitOut, _, _>("/units/{id}", read, T("设备", "A unit"), rest::get)
        .api_put::<NewUnit, UnitOut, _, _>("/units/{id}", write, T("修改设备", "Change a unit"), rest::change)
}

/// How panels ask whether the caller may see or change a unit. Its photos and papers are attachments (PROD-18).
pub fn doc_kind() -> DocKind {
    DocKind {
        kind: "unit",
        label: T("设备", "Unit"),
        href: "/units/{id}",
        find: |cx, conn, id, write| {
            Box::pin(async move {
                let row = store::get_unit(conn, id).await?;
                cx.authorize(if write { &UNIT_WRITE } else { &UNIT_READ }, &row)?;
                Ok(DocBrief {
                    doc: service::doc(&row),
                    org: row.org_id,
                    title: format!("{} {}", row.no, row.serial),
                })
            })
        },
    }
}
