//! API of old parts.

use axum::Json;
use kernel::Id;
use kit::extract::Path;
use kit::{Body, Cx, Result};

use super::{
    model::{DebtOut, SettleInput},
    service,
};

pub async fn get(cx: Cx, Path(id): Path<Id>) -> Result<Json<DebtOut>> {
    service::get_debt(&cx, id).await.map(Json)
}

pub async fn settle(cx: Cx, Path(id): Path<Id>, Body(input): Body<SettleInput>) -> Result<Json<DebtOut>> {
    service::settle_debt(&cx, id, input).await.map(Json)
}
