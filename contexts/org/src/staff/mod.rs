//! Staff files (ORG-03, ORG-05).

pub mod model;
mod pages;
mod rest;
mod rules;
mod service;
mod sheet;
pub(crate) mod store;
mod views;

use kernel::T;
use kit::{Access, DocBrief, DocKind, DocRef, Routes};

use crate::{STAFF_READ, STAFF_REVEAL, STAFF_WRITE};
use model::*;
pub(crate) use rules::check_email;
pub use service::create_staff_in;
pub(crate) use service::of_org;
pub(crate) use sheet::sheet;

pub(crate) fn routes() -> Routes {
    use Access::Perm;
    Routes::new()
        .page("/staff/new", Perm(&STAFF_WRITE), pages::new)
        .form("/staff/new", Perm(&STAFF_WRITE), pages::create)
        .page("/staff/{id}", Perm(&STAFF_READ), pages::staff)
        .page("/staff/{id}/edit", Perm(&STAFF_WRITE), pages::edit)
        .form("/staff/{id}/edit", Perm(&STAFF_WRITE), pages::change)
        .form("/staff/{id}/reveal/{field}", Perm(&STAFF_REVEAL), pages::reveal)
        .api_post::<NewStaff, StaffOut, _, _>(
            "/staff",
            Perm(&STAFF_WRITE),
            T("新建员工档案", "Make a staff file"),
            rest::create,
        )
        .api_get::<StaffOut, _, _>(
            "/staff/{id}",
            Perm(&STAFF_READ),
            T("一份员工档案", "One staff file"),
            rest::staff,
        )
        .api_put::<ChangeStaff, StaffOut, _, _>(
            "/staff/{id}",
            Perm(&STAFF_WRITE),
            T("修改员工档案", "Change a staff file"),
            rest::change,
        )
        .api_post::<(), Revealed, _, _>(
            "/staff/{id}/reveal/{field}",
            Perm(&STAFF_REVEAL),
            T(
                "查看完整的电话或邮箱，操作会被记录",
                "See a telephone number or e-mail in full; this is recorded",
            ),
            rest::reveal,
        )
}

pub(crate) fn doc_kind() -> DocKind {
    DocKind {
        kind: "staff",
        label: T("员工", "Staff"),
        href: "/staff/{id}",
        find: |cx, conn, id, write| {
            Box::pin(async move {
                let row = store::staff(conn, id).await?;
                cx.authorize(if write { &STAFF_WRITE } else { &STAFF_READ }, &row)?;
                Ok(DocBrief { doc: DocRef::new("staff", id, &row.no), org: row.org_id, title: row.name })
            })
        },
    }
}
