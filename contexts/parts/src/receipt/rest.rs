//! API of receipts.

use axum::Json;
use kernel::Id;
use kit::extract::Path;
use kit::{Body, Cx, Result};

use super::{
    model::{ReceiptInput, ReceiptOut, ReverseInput},
    service,
};

pub async fn create(cx: Cx, Body(input): Body<ReceiptInput>) -> Result<Json<ReceiptOut>> {
    service::create_receipt(&cx, input).await.map(Json)
}

pub async fn get(cx: Cx, Path(id): Path<Id>) -> Result<Json<ReceiptOut>> {
    service::get_receipt(&cx, id).await.map(Json)
}

pub async fn reverse(
    cx: Cx,
    Path(id): Path<Id>,
    Body(input): Body<ReverseInput>,
) -> Result<Json<ReceiptOut>> {
    service::reverse_receipt(&cx, id, input).await.map(Json)
}
