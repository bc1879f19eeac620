//! API of customer classes.

use axum::Json;
use kit::{Body, Cx, Result};

use super::{model::ClassRow, service};

pub async fn list(cx: Cx) -> Result<Json<Vec<ClassRow>>> {
    service::list_classes(&cx).await.map(Json)
}

pub async fn save(cx: Cx, Body(input): Body<ClassRow>) -> Result<Json<ClassRow>> {
    service::save_class(&cx, input).await.map(Json)
}
