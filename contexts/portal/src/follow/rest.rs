//! API for customers.

use axum::Json;
use callbacks::api::Rating;
use kit::{Body, Cx, Result, extract::Path};

use super::{
    model::{ConfirmWork, OrderSeen, RequestSeen},
    service,
};
use crate::talk::model::NewMessage;

pub async fn request(cx: Cx, Path(token): Path<String>) -> Result<Json<RequestSeen>> {
    service::request(&cx, &token).await.map(Json)
}

pub async fn order(cx: Cx, Path(token): Path<String>) -> Result<Json<OrderSeen>> {
    service::order(&cx, &token).await.map(Json)
}

pub async fn say(
    cx: Cx,
    Path(token): Path<String>,
    Body(input): Body<NewMessage>,
) -> Result<Json<OrderSeen>> {
    service::say(&cx, &token, &input.text).await.map(Json)
}

pub async fn confirm(
    cx: Cx,
    Path(token): Path<String>,
    Body(input): Body<ConfirmWork>,
) -> Result<Json<OrderSeen>> {
    service::confirm(&cx, &token, &input).await.map(Json)
}

pub async fn rate(cx: Cx, Path(token): Path<String>, Body(input): Body<Rating>) -> Result<Json<OrderSeen>> {
    service::rate(&cx, &token, &input).await.map(Json)
}
