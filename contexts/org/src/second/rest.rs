//! JSON door of the second factor.

use axum::Json;
use kernel::Id;
use kit::extract::Path;
use kit::{Body, Cx, Result};

use super::{model::*, service};

pub async fn get(cx: Cx) -> Result<Json<SecondFactor>> {
    service::mine(&cx).await.map(Json)
}

pub async fn start(cx: Cx) -> Result<Json<SetUp>> {
    service::start(&cx).await.map(Json)
}

pub async fn confirm(cx: Cx, Body(input): Body<Code>) -> Result<Json<RecoveryCodes>> {
    service::confirm(&cx, &input).await.map(Json)
}

pub async fn new_codes(cx: Cx, Body(input): Body<Password>) -> Result<Json<RecoveryCodes>> {
    service::new_codes(&cx, &input).await.map(Json)
}

pub async fn off(cx: Cx, Body(input): Body<Password>) -> Result<Json<SecondFactor>> {
    service::off(&cx, &input).await.map(Json)
}

pub async fn reset(cx: Cx, Path(id): Path<Id>) -> Result<Json<()>> {
    service::reset(&cx, id).await.map(Json)
}
