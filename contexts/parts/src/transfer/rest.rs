//! API of transfers.

use axum::Json;
use kernel::Id;
use kit::extract::Path;
use kit::{Body, Cx, Result};

use super::{
    model::{ArriveInput, PositionInput, SendBackInput, TransferInput, TransferOut},
    service,
};

pub async fn create(cx: Cx, Body(input): Body<TransferInput>) -> Result<Json<TransferOut>> {
    service::create_transfer(&cx, input).await.map(Json)
}

pub async fn get(cx: Cx, Path(id): Path<Id>) -> Result<Json<TransferOut>> {
    service::get_transfer(&cx, id).await.map(Json)
}

pub async fn receive(
    cx: Cx,
    Path(id): Path<Id>,
    Body(input): Body<ArriveInput>,
) -> Result<Json<TransferOut>> {
    service::receive_transfer(&cx, id, input).await.map(Json)
}

pub async fn send_back(
    cx: Cx,
    Path(id): Path<Id>,
    Body(input): Body<SendBackInput>,
) -> Result<Json<TransferOut>> {
    service::return_transfer(&cx, id, input).await.map(Json)
}

pub async fn position(
    cx: Cx,
    Path(id): Path<Id>,
    Body(input): Body<PositionInput>,
) -> Result<Json<TransferOut>> {
    service::set_position(&cx, id, input).await.map(Json)
}
