//! The product tree.

pub mod model;
mod pages;
mod rest;
pub mod rules;
pub mod service;
pub mod store;
pub mod views;

use kernel::T;
use kit::{Access, Routes};
use model::{CategoryRow, NewCategory};

use crate::perms::{MODEL_READ, MODEL_WRITE};

/// Pages and API.
pub fn routes(routes: Routes) -> Routes {
    let (read, write) = (Access::Perm(&MODEL_READ), Access::Perm(&MODEL_WRITE));
    routes
        .page("/categories", read, pages::tree)
        .form("/categories", write, pages::create)
        .page("/categories/suggest", read, pages::suggest)
        .page("/categories/new", write, pages::new_category)
        .page("/categories/{id}/edit", write, pages::edit)
        .form("/categories/{id}/edit", write, pages::change)
        .api_get::<Vec<CategoryRow>, _, _>(
            "/categories",
            read,
            T("产品分类树", "The product tree"),
            rest::list,
        )
        .api_post::<NewCategory, CategoryRow, _, _>(
            "/categories",
            write,
            T("新建分类", "Add a branch"),
            rest::create,
        )
        .api_put::<NewCategory, CategoryRow, _, _>(
            "/categories/{id}",
            write,
            T("修改分类", "Change a branch"),
            rest::change,
        )
}
