//! Product models.

pub mod lists;
pub mod model;
mod pages;
mod rest;
pub mod rules;
pub mod service;
pub mod sheet;
pub mod store;
mod views;

use kernel::{Id, T};
use kit::{Access, DocBrief, DocKind, Routes};
use model::{ModelOut, NewModel};

use crate::perms::{MODEL_READ, MODEL_WRITE};

/// Pages and API. The list, its export and `GET /api/v1/models` come from [`lists::models`].
pub fn routes(routes: Routes) -> Routes {
    let (read, write) = (Access::Perm(&MODEL_READ), Access::Perm(&MODEL_WRITE));
    routes
        .page("/models/new", write, pages::new_model)
        .form("/models/new", write, pages::create)
        .page("/models/suggest", read, pages::suggest)
        .page("/models/{id}", read, pages::model)
        .page("/models/{id}/edit", write, pages::edit)
        .form("/models/{id}/edit", write, pages::change)
        .api_post::<NewModel, ModelOut, _, _>("/models", write, T("新建型号", "Create a model"), rest::create)
        .api_get::<ModelOut, _, _>("/models/{id}", read, T("产品型号", "A model"), rest::get)
        .api_put::<NewModel, ModelOut, _, _>(
            "/models/{id}",
            write,
            T("修改型号", "Change a model"),
            rest::change,
        )
}

/// How panels ask whether the caller may see or change a model. Its manuals and drawings are attachments (PROD-18).
pub fn doc_kind() -> DocKind {
    DocKind {
        kind: "model",
        label: T("产品型号", "Model"),
        href: "/models/{id}",
        find: |cx, conn, id, write| {
            Box::pin(async move {
                cx.require(if write { &MODEL_WRITE } else { &MODEL_READ })?;
                let row = store::get_model(conn, id).await?;
                Ok(DocBrief { doc: service::doc(&row), org: Id::NIL, title: row.name })
            })
        },
    }
}
