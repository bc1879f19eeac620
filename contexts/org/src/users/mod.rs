//! Accounts: who may sign in, with which roles (ORG-07, ORG-08).

pub mod model;
mod pages;
mod rest;
mod rules;
mod service;
pub(crate) mod store;
mod views;

use kernel::T;
use kit::{Access, Check, Routes};

use crate::{USER_READ, USER_WRITE};
use model::*;
pub(crate) use rules::not_more_than_held;
pub use service::create_user_in;
pub(crate) use service::{
    follow_staff, insert_admin_in, invite_in, keep_an_admin, lock_admins, not_above, not_above_oneself,
};

pub(crate) fn routes() -> Routes {
    use Access::Perm;
    Routes::new()
        .page("/users/new", Perm(&USER_WRITE), pages::new)
        .form("/users/new", Perm(&USER_WRITE), pages::create)
        .page("/users/{id}", Perm(&USER_READ), pages::user)
        .form("/users/{id}", Perm(&USER_WRITE), pages::change)
        .form("/users/{id}/invite", Perm(&USER_WRITE), pages::invite)
        .api_post::<NewUser, UserOut, _, _>(
            "/users",
            Perm(&USER_WRITE),
            T("新建用户", "Make an account"),
            rest::create,
        )
        .api_get::<UserOut, _, _>("/users/{id}", Perm(&USER_READ), T("一个用户", "One account"), rest::user)
        .api_put::<ChangeUser, UserOut, _, _>(
            "/users/{id}",
            Perm(&USER_WRITE),
            T("修改用户、角色，停用用户", "Change an account and its roles, or close it"),
            rest::change,
        )
        .api_post::<(), Invite, _, _>(
            "/users/{id}/invite",
            Perm(&USER_WRITE),
            T("生成一次性设置密码链接", "Make a one-time link to set a password"),
            rest::invite,
        )
}

/// Somebody can always administer.
pub(crate) fn an_administrator() -> Check {
    Check {
        name: "org.an_administrator",
        run: |conn| {
            Box::pin(async move {
                let admins = store::admins(conn).await?;
                Ok(if admins == 0 {
                    vec!["no active account is an administrator".to_string()]
                } else {
                    Vec::new()
                })
            })
        },
    }
}
