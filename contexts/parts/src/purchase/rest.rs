//! API of purchase requisitions.

use axum::Json;
use kernel::Id;
use kit::extract::Path;
use kit::{Body, Cx, Result};

use super::{
    model::{CancelInput, OrderInput, PurchaseInput, PurchaseOut},
    service,
};

pub async fn create(cx: Cx, Body(input): Body<PurchaseInput>) -> Result<Json<PurchaseOut>> {
    service::create_purchase(&cx, input).await.map(Json)
}

pub async fn get(cx: Cx, Path(id): Path<Id>) -> Result<Json<PurchaseOut>> {
    service::get_purchase(&cx, id).await.map(Json)
}

pub async fn order(cx: Cx, Path(id): Path<Id>, Body(input): Body<OrderInput>) -> Result<Json<PurchaseOut>> {
    service::order_purchase(&cx, id, input).await.map(Json)
}

pub async fn cancel(cx: Cx, Path(id): Path<Id>, Body(input): Body<CancelInput>) -> Result<Json<PurchaseOut>> {
    service::cancel_purchase(&cx, id, input).await.map(Json)
}
