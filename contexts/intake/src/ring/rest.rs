//! API of ringing calls.

use axum::Json;
use kit::{Body, Cx, Result, extract::Query};
use serde::Deserialize;

use super::{
    model::{CallEventOut, CallFigures, Extension, NewCallEvent, SetExtension},
    service,
};

pub async fn event(cx: Cx, Body(input): Body<NewCallEvent>) -> Result<Json<CallEventOut>> {
    service::event(&cx, input).await.map(Json)
}

/// How far back.
#[derive(Deserialize)]
pub struct Days {
    days: Option<i64>,
}

pub async fn figures(cx: Cx, Query(days): Query<Days>) -> Result<Json<CallFigures>> {
    service::figures(&cx, days.days.unwrap_or(30)).await.map(Json)
}

pub async fn extensions(cx: Cx) -> Result<Json<Vec<Extension>>> {
    service::extensions(&cx).await.map(Json)
}

pub async fn set_extension(cx: Cx, Body(input): Body<SetExtension>) -> Result<Json<Vec<Extension>>> {
    service::set_extension(&cx, input).await.map(Json)
}
