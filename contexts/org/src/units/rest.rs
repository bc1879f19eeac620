//! JSON door of organisations.

use axum::Json;
use kernel::Id;
use kit::extract::Path;
use kit::{Body, Cx, Result};

use super::{model::*, service};

pub async fn tree(cx: Cx) -> Result<Json<Vec<TreeNode>>> {
    service::tree(&cx).await.map(Json)
}

pub async fn unit(cx: Cx, Path(id): Path<Id>) -> Result<Json<UnitOut>> {
    service::unit(&cx, id).await.map(Json)
}

pub async fn create(cx: Cx, Body(input): Body<NewUnit>) -> Result<Json<UnitOut>> {
    service::create(&cx, input).await.map(Json)
}

pub async fn change(cx: Cx, Path(id): Path<Id>, Body(input): Body<ChangeUnit>) -> Result<Json<UnitOut>> {
    service::change(&cx, id, input).await.map(Json)
}
