//! API behind a label.

use axum::Json;
use kit::{Cx, Result, extract::Path};

use super::{model::UnitPage, service};

pub async fn unit(cx: Cx, Path(token): Path<String>) -> Result<Json<UnitPage>> {
    service::load(&cx, &token).await.map(Json)
}
