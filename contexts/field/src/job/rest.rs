//! API of the site view.

use axum::Json;
use kernel::Id;
use kit::extract::Path;
use kit::{Cx, Result};

use super::{model::FieldOrder, service};

pub async fn job(cx: Cx, Path(id): Path<Id>) -> Result<Json<FieldOrder>> {
    service::job(&cx, id).await.map(Json)
}
