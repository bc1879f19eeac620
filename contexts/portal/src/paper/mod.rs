//! Which files of a model customers may read.

pub mod model;
mod pages;
mod rest;
pub mod service;
mod store;
mod views;

use kernel::T;
use kit::{Access::Perm, Routes};
use products::MODEL_READ;

use crate::perms::PAPER_WRITE;
use model::{PaperOut, SetPaper};

/// Pages and API.
pub fn routes() -> Routes {
    Routes::new()
        .page("/models/{id}/papers", Perm(&PAPER_WRITE), pages::papers)
        .form("/models/{id}/papers", Perm(&PAPER_WRITE), pages::set)
        .api_get::<Vec<PaperOut>, _, _>(
            "/models/{id}/papers",
            Perm(&MODEL_READ),
            T("型号的附件，及哪些向客户公开", "Files of a model, and which of them customers may read"),
            rest::papers,
        )
        .api_put::<SetPaper, Vec<PaperOut>, _, _>(
            "/models/{id}/papers",
            Perm(&PAPER_WRITE),
            T("公开或撤回一个附件", "Publish a file for customers, or withdraw it"),
            rest::set,
        )
}
