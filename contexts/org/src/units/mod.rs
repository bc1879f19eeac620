//! The organisation tree (ORG-01, ORG-02, ORG-13).

pub mod model;
mod pages;
mod rest;
pub(crate) mod rules;
mod service;
mod sheet;
pub(crate) mod store;
mod views;

use kernel::T;
use kit::{Access, Check, DocBrief, DocKind, DocRef, Routes};

use crate::{UNIT_READ, UNIT_WRITE};
use model::*;
pub use service::create_org_in;
pub(crate) use sheet::sheet;

pub(crate) fn routes() -> Routes {
    use Access::Perm;
    Routes::new()
        .page("/orgs/tree", Perm(&UNIT_READ), pages::tree)
        .page("/orgs/tree/{id}", Perm(&UNIT_READ), pages::unit)
        .page("/orgs/new", Perm(&UNIT_WRITE), pages::new)
        .form("/orgs/new", Perm(&UNIT_WRITE), pages::create)
        .page("/orgs/{id}/edit", Perm(&UNIT_WRITE), pages::edit)
        .form("/orgs/{id}/edit", Perm(&UNIT_WRITE), pages::change)
        .api_get::<Vec<TreeNode>, _, _>(
            "/orgs/tree",
            Perm(&UNIT_READ),
            T("组织树，先上级后下级", "The organisation tree, parents first"),
            rest::tree,
        )
        .api_get::<UnitOut, _, _>(
            "/orgs/{id}",
            Perm(&UNIT_READ),
            T("一个组织", "One organisation"),
            rest::unit,
        )
        .api_post::<NewUnit, UnitOut, _, _>(
            "/orgs",
            Perm(&UNIT_WRITE),
            T("新建组织", "Make an organisation"),
            rest::create,
        )
        .api_put::<ChangeUnit, UnitOut, _, _>(
            "/orgs/{id}",
            Perm(&UNIT_WRITE),
            T("修改、移动或停用组织", "Change, move or close an organisation"),
            rest::change,
        )
}

pub(crate) fn doc_kind() -> DocKind {
    DocKind {
        kind: "org",
        label: T("组织", "Organisation"),
        href: "/orgs/tree/{id}",
        find: |cx, conn, id, write| {
            Box::pin(async move {
                let row = store::unit(conn, id).await?;
                cx.authorize(if write { &UNIT_WRITE } else { &UNIT_READ }, &row)?;
                Ok(DocBrief { doc: DocRef::new("org", id, &row.code), org: id, title: row.name })
            })
        },
    }
}

/// Every organisation reaches a root by going up.
pub(crate) fn no_circles() -> Check {
    Check {
        name: "org.tree_without_circles",
        run: |conn| {
            Box::pin(async move {
                let all = store::codes(conn).await?;
                let roots: Vec<kernel::Id> =
                    all.iter().filter(|(_, parent, _)| parent.is_none()).map(|(id, ..)| *id).collect();
                let shape = rules::Shape::new(all.iter().map(|(id, parent, _)| (*id, *parent)));
                let lost = |id: kernel::Id| shape.above(id).last().is_none_or(|top| !roots.contains(top));
                Ok(all
                    .iter()
                    .filter(|(id, ..)| lost(*id))
                    .map(|(.., code)| format!("organisation {code} is in a circle"))
                    .collect())
            })
        },
    }
}
