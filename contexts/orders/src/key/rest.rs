//! API of customers' keys.

use axum::Json;
use kernel::Id;
use kit::{Cx, Result, extract::Path};

use super::{model::KeyOut, service};

pub async fn get(cx: Cx, Path(id): Path<Id>) -> Result<Json<KeyOut>> {
    service::get(&cx, id).await.map(Json)
}

pub async fn renew(cx: Cx, Path(id): Path<Id>) -> Result<Json<KeyOut>> {
    service::renew(&cx, id).await.map(Json)
}
