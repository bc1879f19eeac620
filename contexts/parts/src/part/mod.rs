//! The catalogue (PARTS-01, 02, 03, 08).

use kernel::T;
use kit::{Access, DocBrief, DocKind, Routes};

pub mod lists;
pub mod model;
mod pages;
mod rest;
pub mod rules;
pub mod service;
pub mod sheet;
pub mod store;
mod views;

pub use pages::refused as refused_page;

use crate::perms::{PART_READ, PART_WRITE};

/// Pages and API.
pub fn routes(routes: Routes) -> Routes {
    let (read, write) = (Access::Perm(&PART_READ), Access::Perm(&PART_WRITE));
    routes
        .page("/parts/new", write, pages::new)
        .form("/parts/new", write, pages::create)
        .page("/parts/suggest", read, pages::suggest)
        .page("/parts/{id}", read, pages::part)
        .page("/parts/{id}/edit", write, pages::edit)
        .form("/parts/{id}/edit", write, pages::change)
        .page("/parts/{id}/card", read, pages::bin_card)
        .form("/parts/{id}/substitutes", write, pages::add_substitute)
        .form("/parts/{id}/substitutes/{link}/remove", write, pages::remove_substitute)
        .api_post::<model::PartInput, model::PartOut, _, _>(
            "/parts",
            write,
            T("新建配件", "Make a part"),
            rest::create,
        )
        .api_get::<model::PartOut, _, _>("/parts/{id}", read, T("配件", "A part"), rest::get)
        .api_put::<model::PartInput, model::PartOut, _, _>(
            "/parts/{id}",
            write,
            T("修改配件", "Change a part"),
            rest::change,
        )
        .api_get::<Vec<model::Substitute>, _, _>(
            "/parts/{id}/substitutes",
            read,
            T("代用件", "Substitutes"),
            rest::substitutes,
        )
        .api_post::<model::SubstituteInput, Vec<model::Substitute>, _, _>(
            "/parts/{id}/substitutes",
            write,
            T("增加代用件", "Add a substitute"),
            rest::add_substitute,
        )
        .api_delete::<Vec<model::Substitute>, _, _>(
            "/parts/{id}/substitutes/{link}",
            write,
            T("删除代用件", "Remove a substitute"),
            rest::remove_substitute,
        )
}

/// How panels ask whether the caller may see or change a part. The catalogue belongs to everybody.
pub fn doc_kind() -> DocKind {
    DocKind {
        kind: "part",
        label: T("配件", "Part"),
        href: "/parts/{id}",
        find: |cx, conn, id, write| {
            Box::pin(async move {
                cx.require(if write { &PART_WRITE } else { &PART_READ })?;
                let row = store::get_part(conn, id).await?;
                Ok(DocBrief { doc: service::doc_ref(&row), org: kernel::Id::NIL, title: row.name })
            })
        },
    }
}
