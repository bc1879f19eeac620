//! JSON door of accounts.

use axum::Json;
use kernel::Id;
use kit::extract::Path;
use kit::{Body, Cx, Result};

use super::{model::*, service};

pub async fn user(cx: Cx, Path(id): Path<Id>) -> Result<Json<UserOut>> {
    service::user(&cx, id).await.map(Json)
}

pub async fn create(cx: Cx, Body(input): Body<NewUser>) -> Result<Json<UserOut>> {
    service::create(&cx, input).await.map(Json)
}

pub async fn change(cx: Cx, Path(id): Path<Id>, Body(input): Body<ChangeUser>) -> Result<Json<UserOut>> {
    service::change(&cx, id, input).await.map(Json)
}

pub async fn invite(cx: Cx, Path(id): Path<Id>) -> Result<Json<Invite>> {
    service::invite(&cx, id).await.map(Json)
}
