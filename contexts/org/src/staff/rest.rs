//! JSON door of staff files.

use axum::Json;
use kernel::Id;
use kit::extract::Path;
use kit::{Body, Cx, Result};

use super::{model::*, service};

pub async fn staff(cx: Cx, Path(id): Path<Id>) -> Result<Json<StaffOut>> {
    service::staff(&cx, id).await.map(Json)
}

pub async fn create(cx: Cx, Body(input): Body<NewStaff>) -> Result<Json<StaffOut>> {
    service::create(&cx, input).await.map(Json)
}

pub async fn change(cx: Cx, Path(id): Path<Id>, Body(input): Body<ChangeStaff>) -> Result<Json<StaffOut>> {
    service::change(&cx, id, input).await.map(Json)
}

pub async fn reveal(cx: Cx, Path((id, field)): Path<(Id, String)>) -> Result<Json<Revealed>> {
    service::reveal(&cx, id, &field).await.map(Json)
}
