//! API of codes and passes.

use axum::Json;
use kit::{Body, Cx, Result, extract::Path};

use super::{
    model::{AskCode, Entered, MinePage, UseCode},
    service,
};

pub async fn send_code(cx: Cx, Path(token): Path<String>, Body(input): Body<AskCode>) -> Result<Json<()>> {
    service::send_code(&cx, &token, &input).await.map(Json)
}

pub async fn enter(cx: Cx, Path(token): Path<String>, Body(input): Body<UseCode>) -> Result<Json<Entered>> {
    service::enter(&cx, &token, &input).await.map(Json)
}

pub async fn mine(cx: Cx, Path(token): Path<String>) -> Result<Json<MinePage>> {
    service::mine(&cx, &token).await.map(Json)
}
