//! API of issue slips.

use axum::Json;
use kernel::Id;
use kit::extract::Path;
use kit::{Body, Cx, Result};

use super::{
    model::{CancelInput, LineChange, Nothing, SlipInput, SlipOut},
    service,
};

pub async fn create(cx: Cx, Body(input): Body<SlipInput>) -> Result<Json<SlipOut>> {
    service::create_slip(&cx, input).await.map(Json)
}

pub async fn get(cx: Cx, Path(id): Path<Id>) -> Result<Json<SlipOut>> {
    service::get_slip(&cx, id).await.map(Json)
}

pub async fn issue(cx: Cx, Path(id): Path<Id>, Body(Nothing {}): Body<Nothing>) -> Result<Json<SlipOut>> {
    service::issue_slip(&cx, id).await.map(Json)
}

pub async fn change_line(cx: Cx, Path(id): Path<Id>, Body(input): Body<LineChange>) -> Result<Json<SlipOut>> {
    service::change_line(&cx, id, input).await.map(Json)
}

pub async fn cancel(cx: Cx, Path(id): Path<Id>, Body(input): Body<CancelInput>) -> Result<Json<SlipOut>> {
    service::cancel_slip(&cx, id, input).await.map(Json)
}
