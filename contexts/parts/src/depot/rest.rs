//! API of depots.

use axum::Json;
use kernel::Id;
use kit::extract::Path;
use kit::{Body, Cx, Result};

use super::{
    model::{DepotInput, DepotOut},
    service,
};

pub async fn create(cx: Cx, Body(input): Body<DepotInput>) -> Result<Json<DepotOut>> {
    service::create_depot(&cx, input).await.map(DepotOut::from).map(Json)
}

pub async fn get(cx: Cx, Path(id): Path<Id>) -> Result<Json<DepotOut>> {
    service::get_depot(&cx, id).await.map(DepotOut::from).map(Json)
}

pub async fn change(cx: Cx, Path(id): Path<Id>, Body(input): Body<DepotInput>) -> Result<Json<DepotOut>> {
    service::change_depot(&cx, id, input).await.map(DepotOut::from).map(Json)
}
