//! API of product models.

use axum::Json;
use kernel::Id;
use kit::extract::Path;
use kit::{Body, Cx, Result};

use super::{
    model::{ModelOut, NewModel},
    service,
};

pub async fn get(cx: Cx, Path(id): Path<Id>) -> Result<Json<ModelOut>> {
    service::load_model(&cx, id).await.map(Json)
}

pub async fn create(cx: Cx, Body(input): Body<NewModel>) -> Result<Json<ModelOut>> {
    service::create_model(&cx, input).await.map(Json)
}

pub async fn change(cx: Cx, Path(id): Path<Id>, Body(input): Body<NewModel>) -> Result<Json<ModelOut>> {
    service::change_model(&cx, id, input).await.map(Json)
}
