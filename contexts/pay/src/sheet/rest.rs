//! REST of pay sheets.

use axum::Json;
use kernel::Id;
use kit::extract::{Path, Query};
use kit::{Body, Cx, Result};
use serde::Deserialize;

use super::{
    model::{Settle, Settled, Statement},
    service,
};

/// The month asked for.
#[derive(Deserialize)]
pub struct Month {
    #[serde(default)]
    pub period: Option<String>,
}

pub async fn mine(cx: Cx, Query(month): Query<Month>) -> Result<Json<Statement>> {
    service::mine(&cx, month.period).await.map(Json)
}

pub async fn get(cx: Cx, Path(id): Path<Id>) -> Result<Json<Statement>> {
    service::statement(&cx, id).await.map(Json)
}

pub async fn build(cx: Cx, Body(input): Body<Settle>) -> Result<Json<Settled>> {
    service::build(&cx, input).await.map(Json)
}

pub async fn lock(cx: Cx, Body(input): Body<Settle>) -> Result<Json<Settled>> {
    service::lock(&cx, input).await.map(Json)
}
