//! The API.

use axum::Json;
use kernel::Id;
use kit::{Body, Cx, Result, extract::Path, personal::Copy};

use super::{
    model::{Erase, ErasedOut},
    service,
};

pub async fn copy(cx: Cx, Path(id): Path<Id>) -> Result<Json<Copy>> {
    service::copy(&cx, id).await.map(Json)
}

pub async fn erase(cx: Cx, Path(id): Path<Id>, Body(input): Body<Erase>) -> Result<Json<ErasedOut>> {
    service::erase(&cx, id, input).await.map(Json)
}
