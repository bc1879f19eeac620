//! REST of exceptions.

use axum::Json;
use kit::{Body, Cx, Result};

use super::{
    model::{ExceptionRow, NewException},
    service,
};

pub async fn grant(cx: Cx, Body(input): Body<NewException>) -> Result<Json<ExceptionRow>> {
    service::grant(&cx, input).await.map(Json)
}
