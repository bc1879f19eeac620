//! Lines over the API.

use axum::Json;
use kernel::Id;
use kit::extract::Path;
use kit::{Body, Cx, Result};

use super::{
    model::{EditLine, LinesOut, NewLine},
    service,
};
use crate::order::out::OrderOut;

pub async fn list(cx: Cx, Path(id): Path<Id>) -> Result<Json<LinesOut>> {
    service::list(&cx, id).await.map(Json)
}

pub async fn add(cx: Cx, Path(id): Path<Id>, Body(input): Body<NewLine>) -> Result<Json<OrderOut>> {
    service::add(&cx, id, input).await.map(Json)
}

pub async fn change(
    cx: Cx,
    Path((id, line)): Path<(Id, Id)>,
    Body(input): Body<EditLine>,
) -> Result<Json<OrderOut>> {
    service::change(&cx, id, line, input).await.map(Json)
}

pub async fn remove(cx: Cx, Path((id, line)): Path<(Id, Id)>) -> Result<Json<OrderOut>> {
    service::remove(&cx, id, line).await.map(Json)
}
