//! Pages of roles.

use axum::response::Response;
use kernel::Id;
use kit::extract::Path;
use kit::{Body, Cx, FormErrors, Result};

use super::{model::*, service, views};

pub async fn roles(cx: Cx) -> Result<Response> {
    let roles = service::roles(&cx).await?;
    cx.page(cx.t(views::TITLE), views::roles(&cx, &roles)).await
}

pub async fn new(cx: Cx) -> Result<Response> {
    let roles = service::roles(&cx).await?;
    cx.page(cx.t(views::NEW), views::new(&cx, &NewRole::default(), &roles, &FormErrors::default())).await
}

pub async fn create(cx: Cx, Body(input): Body<NewRole>) -> Result<Response> {
    match cx.form(service::create(&cx, input.clone()).await)? {
        Ok(role) => Ok(cx.redirect(&format!("/roles/{}", role.id))),
        Err(errors) => {
            let roles = service::roles(&cx).await?;
            Ok(cx.refused(views::new(&cx, &input, &roles, &errors)))
        }
    }
}

pub async fn role(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    let role = service::role(&cx, id).await?;
    cx.page(&role.name, views::role(&cx, &role, &FormErrors::default())).await
}

pub async fn change(cx: Cx, Path(id): Path<Id>, Body(input): Body<ChangeRole>) -> Result<Response> {
    let input = ChangeRole { note: Some(input.note.clone().unwrap_or_default()), ..input };
    match cx.form(service::change(&cx, id, input.clone()).await)? {
        Ok(role) => Ok(cx.redirect(&format!("/roles/{}", role.id))),
        Err(errors) => {
            let stored = service::role(&cx, id).await?;
            let role = RoleOut {
                name: input.name.unwrap_or(stored.name),
                note: input.note.unwrap_or(stored.note),
                grants: input.grants,
                fields: input.fields,
                ..stored
            };
            Ok(cx.refused(views::role(&cx, &role, &errors)))
        }
    }
}

pub async fn delete(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    match cx.form(service::delete(&cx, id).await)? {
        Ok(()) => Ok(cx.redirect("/roles")),
        Err(errors) => {
            let role = service::role(&cx, id).await?;
            Ok(cx.refused(views::role(&cx, &role, &errors)))
        }
    }
}
