//! API of the site view.

use axum::{Json, extract::Path};
use kernel::Id;
use kit::{Cx, Result};

use super::{model::FieldOrder, service};

pub async fn job(cx: Cx, Path(id): Path<Id>) -> Result<Json<FieldOrder>> {
    service::job(&cx, id).await.map(Json)
}
