//! API of supervision.

use axum::Json;
use kernel::Id;
use kit::extract::{Path, Query};
use kit::{Cx, Result};
use serde::Deserialize;

use super::{
    model::{Overview, PersonDay, Stuck},
    service,
};

/// How long without progress.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct StuckQuery {
    /// Hours; the company's own number unless given.
    pub hours: Option<i64>,
}

pub async fn overview(cx: Cx) -> Result<Json<Overview>> {
    service::overview(&cx).await.map(Json)
}

pub async fn person(cx: Cx, Path(id): Path<Id>) -> Result<Json<PersonDay>> {
    service::person_day(&cx, id).await.map(Json)
}

pub async fn stuck(cx: Cx, Query(query): Query<StuckQuery>) -> Result<Json<Vec<Stuck>>> {
    service::stuck(&cx, query.hours).await.map(|(_, found)| Json(found))
}
