//! Items over the API.

use axum::Json;
use kernel::Id;
use kit::extract::Path;
use kit::{Body, Cx, Result};

use super::{model::EditUnit, service};
use crate::order::{input::NewOrderUnit, out::OrderOut};

pub async fn add(cx: Cx, Path(id): Path<Id>, Body(input): Body<NewOrderUnit>) -> Result<Json<OrderOut>> {
    service::add(&cx, id, input).await.map(Json)
}

pub async fn change(
    cx: Cx,
    Path((id, item)): Path<(Id, Id)>,
    Body(input): Body<EditUnit>,
) -> Result<Json<OrderOut>> {
    service::change(&cx, id, item, input).await.map(Json)
}

pub async fn remove(cx: Cx, Path((id, item)): Path<(Id, Id)>) -> Result<Json<OrderOut>> {
    service::remove(&cx, id, item).await.map(Json)
}
