//! JSON door of roles.

use axum::Json;
use kernel::Id;
use kit::extract::Path;
use kit::{Body, Cx, Result};

use super::{model::*, service};

pub async fn roles(cx: Cx) -> Result<Json<Vec<RoleBrief>>> {
    service::roles(&cx).await.map(Json)
}

pub async fn role(cx: Cx, Path(id): Path<Id>) -> Result<Json<RoleOut>> {
    service::role(&cx, id).await.map(Json)
}

pub async fn create(cx: Cx, Body(input): Body<NewRole>) -> Result<Json<RoleOut>> {
    service::create(&cx, input).await.map(Json)
}

pub async fn change(cx: Cx, Path(id): Path<Id>, Body(input): Body<ChangeRole>) -> Result<Json<RoleOut>> {
    service::change(&cx, id, input).await.map(Json)
}

pub async fn delete(cx: Cx, Path(id): Path<Id>) -> Result<Json<()>> {
    service::delete(&cx, id).await.map(Json)
}
