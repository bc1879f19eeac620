//! JSON door of posts.

use axum::Json;
use kernel::Id;
use kit::extract::Path;
use kit::{Body, Cx, Result};

use super::{model::*, service};

pub async fn of_org(cx: Cx, Path(id): Path<Id>) -> Result<Json<Vec<PostOut>>> {
    service::of_org(&cx, id).await.map(Json)
}

pub async fn create(cx: Cx, Body(input): Body<NewPost>) -> Result<Json<PostOut>> {
    service::create(&cx, input).await.map(Json)
}

pub async fn change(cx: Cx, Path(id): Path<Id>, Body(input): Body<ChangePost>) -> Result<Json<PostOut>> {
    service::change(&cx, id, input).await.map(Json)
}
