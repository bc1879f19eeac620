//! API of callbacks.

use axum::Json;
use kernel::Id;
use kit::extract::Path;
use kit::{Body, Cx, Result};

use super::{
    model::{CallbackOut, PlanCallback, RecordAttempt, RecordResult},
    service,
};
use crate::settings::Question;

pub async fn get(cx: Cx, Path(id): Path<Id>) -> Result<Json<CallbackOut>> {
    let mut conn = cx.read().await?;
    let row = service::get_callback(&cx, &mut conn, id).await?;
    Ok(Json(service::out(&row, None)))
}

pub async fn questions(cx: Cx, Path(id): Path<Id>) -> Result<Json<Vec<Question>>> {
    let mut conn = cx.read().await?;
    let row = service::get_callback(&cx, &mut conn, id).await?;
    service::questions_of(&mut conn, &cx, &row).await.map(Json)
}

pub async fn of_order(cx: Cx, Path(order): Path<Id>) -> Result<Json<Vec<CallbackOut>>> {
    service::of_order(&cx, order).await.map(Json)
}

pub async fn plan(
    cx: Cx,
    Path(order): Path<Id>,
    Body(input): Body<PlanCallback>,
) -> Result<Json<CallbackOut>> {
    service::plan_callback(&cx, order, input).await.map(Json)
}

pub async fn attempt(
    cx: Cx,
    Path(id): Path<Id>,
    Body(input): Body<RecordAttempt>,
) -> Result<Json<CallbackOut>> {
    service::record_attempt(&cx, id, input).await.map(Json)
}

pub async fn result(
    cx: Cx,
    Path(id): Path<Id>,
    Body(input): Body<RecordResult>,
) -> Result<Json<CallbackOut>> {
    service::record_result(&cx, id, input).await.map(Json)
}
