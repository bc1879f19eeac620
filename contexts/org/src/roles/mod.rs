//! Roles: built-in and own, what they allow and what they show (ORG-08, ORG-09, ORG-11).

mod matrix;
mod model;
mod pages;
mod rest;
mod rules;
mod service;
mod store;
mod views;

use kernel::T;
use kit::{Access, Cx, Role, Routes, Show};

pub use matrix::matrix;
pub use model::*;

use crate::{ROLE_READ, ROLE_WRITE};

/// The stored code of what is shown of a field.
pub(crate) const fn show_code(show: Show) -> &'static str {
    match show {
        Show::Absent => "absent",
        Show::Masked => "masked",
        Show::Full => "full",
    }
}

/// What a role without its own word shows of a kind.
pub(crate) fn default_shown(kind: kit::Sens) -> Shown {
    if kind.default_show() == Show::Full { Shown::Full } else { Shown::Masked }
}

/// A role's name: a built-in one that nobody renamed reads in the caller's language.
pub(crate) fn name(cx: &Cx, code: &str, stored: &str) -> String {
    let built_in =
        Role::ALL.iter().map(|role| role.info()).find(|(known, label)| *known == code && label.0 == stored);
    built_in.map_or_else(|| stored.to_string(), |(_, label)| cx.t(label).to_string())
}

pub(crate) fn routes() -> Routes {
    use Access::Perm;
    Routes::new()
        .page("/roles", Perm(&ROLE_READ), pages::roles)
        .page("/roles/new", Perm(&ROLE_WRITE), pages::new)
        .form("/roles/new", Perm(&ROLE_WRITE), pages::create)
        .page("/roles/{id}", Perm(&ROLE_READ), pages::role)
        .form("/roles/{id}", Perm(&ROLE_WRITE), pages::change)
        .form("/roles/{id}/delete", Perm(&ROLE_WRITE), pages::delete)
        .api_get::<Vec<RoleBrief>, _, _>("/roles", Perm(&ROLE_READ), T("全部角色", "All roles"), rest::roles)
        .api_get::<RoleOut, _, _>(
            "/roles/{id}",
            Perm(&ROLE_READ),
            T("一个角色的权限", "What a role allows"),
            rest::role,
        )
        .api_post::<NewRole, RoleOut, _, _>(
            "/roles",
            Perm(&ROLE_WRITE),
            T("新建角色", "Make a role"),
            rest::create,
        )
        .api_put::<ChangeRole, RoleOut, _, _>(
            "/roles/{id}",
            Perm(&ROLE_WRITE),
            T("修改角色的权限", "Change what a role allows"),
            rest::change,
        )
        .api_delete::<(), _, _>(
            "/roles/{id}",
            Perm(&ROLE_WRITE),
            T("删除自定义角色", "Delete an own role"),
            rest::delete,
        )
}
