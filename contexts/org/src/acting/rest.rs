//! JSON door of acting.

use axum::Json;
use kernel::Id;
use kit::extract::Path;
use kit::{Body, Cx, Result};

use super::{model::*, service};

pub async fn acting(cx: Cx) -> Result<Json<Vec<ActingOut>>> {
    service::acting(&cx).await.map(Json)
}

pub async fn appoint(cx: Cx, Body(input): Body<NewActing>) -> Result<Json<ActingOut>> {
    service::appoint(&cx, input).await.map(Json)
}

pub async fn end(cx: Cx, Path(id): Path<Id>) -> Result<Json<ActingOut>> {
    service::end(&cx, id).await.map(Json)
}
