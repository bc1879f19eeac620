//! Work of subordinates: for every post below the caller's, who did what, does what, plans what, and what has not been
//! carried out yet (ORG-05, ORG-06, WO-49). Read from published views in a handful of grouped statements.

pub mod model;
mod pages;
mod rest;
pub mod rules;
mod service;
mod store;
mod views;

pub use views::TITLE;

use kernel::T;
use kit::{Access, Routes};

use crate::perms::SUPERVISION_READ;

/// Pages and API.
pub fn routes() -> Routes {
    let read = Access::Perm(&SUPERVISION_READ);
    Routes::new()
        .page("/supervision", read, pages::overview)
        .page("/supervision/{id}", read, pages::person)
        .api_get::<model::Overview, _, _>(
            "/supervision",
            read,
            T("本人及下属岗位的工作", "Work of the caller and of all posts below"),
            rest::overview,
        )
        .api_get::<Vec<model::Stuck>, _, _>(
            "/supervision/stuck",
            read,
            T("多久没有进展的工单（?hours=）", "Orders without progress for so long (?hours=)"),
            rest::stuck,
        )
        .api_get::<model::PersonDay, _, _>(
            "/supervision/{id}",
            read,
            T("一名下属的工作", "Work of one subordinate"),
            rest::person,
        )
}
