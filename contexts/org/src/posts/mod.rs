//! Posts and who is above whom (ORG-04).

mod model;
mod pages;
mod rest;
mod rules;
mod service;
pub(crate) mod store;
mod views;

use kernel::T;
use kit::{Access, Routes};

pub use model::*;
pub(crate) use service::of_org;
pub use service::{create_post_in, subordinates};

use crate::{UNIT_READ, UNIT_WRITE};

pub(crate) fn routes() -> Routes {
    use Access::Perm;
    Routes::new()
        .page("/posts/new", Perm(&UNIT_WRITE), pages::new)
        .form("/posts/new", Perm(&UNIT_WRITE), pages::create)
        .page("/posts/{id}", Perm(&UNIT_WRITE), pages::edit)
        .form("/posts/{id}", Perm(&UNIT_WRITE), pages::change)
        .api_get::<Vec<PostOut>, _, _>(
            "/orgs/{id}/posts",
            Perm(&UNIT_READ),
            T("一个组织的岗位", "Posts of an organisation"),
            rest::of_org,
        )
        .api_post::<NewPost, PostOut, _, _>(
            "/posts",
            Perm(&UNIT_WRITE),
            T("新建岗位", "Make a post"),
            rest::create,
        )
        .api_put::<ChangePost, PostOut, _, _>(
            "/posts/{id}",
            Perm(&UNIT_WRITE),
            T("修改岗位", "Change a post"),
            rest::change,
        )
}
