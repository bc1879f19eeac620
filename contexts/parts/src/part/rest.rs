//! API of the catalogue.

use axum::Json;
use kernel::Id;
use kit::extract::Path;
use kit::{Body, Cx, Result};

use super::{
    model::{PartInput, PartOut, Substitute, SubstituteInput},
    service,
};

pub async fn create(cx: Cx, Body(input): Body<PartInput>) -> Result<Json<PartOut>> {
    service::create_part(&cx, input).await.map(Json)
}

pub async fn get(cx: Cx, Path(id): Path<Id>) -> Result<Json<PartOut>> {
    service::get_part(&cx, id).await.map(Json)
}

pub async fn change(cx: Cx, Path(id): Path<Id>, Body(input): Body<PartInput>) -> Result<Json<PartOut>> {
    service::change_part(&cx, id, input).await.map(Json)
}

pub async fn substitutes(cx: Cx, Path(id): Path<Id>) -> Result<Json<Vec<Substitute>>> {
    service::list_substitutes(&cx, id).await.map(Json)
}

pub async fn add_substitute(
    cx: Cx,
    Path(id): Path<Id>,
    Body(input): Body<SubstituteInput>,
) -> Result<Json<Vec<Substitute>>> {
    service::add_substitute(&cx, id, input).await.map(Json)
}

pub async fn remove_substitute(cx: Cx, Path((id, link)): Path<(Id, Id)>) -> Result<Json<Vec<Substitute>>> {
    service::remove_substitute(&cx, id, link).await.map(Json)
}
