//! API of the van.

use axum::Json;
use kit::extract::Query;
use kit::{Cx, Result};
use serde::Deserialize;

use super::{model::Van, service};

/// What to look for.
#[derive(Deserialize)]
pub struct StockQuery {
    /// Code, name, or first letters of the pinyin.
    #[serde(default)]
    pub q: String,
}

pub async fn stock(cx: Cx, Query(query): Query<StockQuery>) -> Result<Json<Van>> {
    service::van(&cx, &query.q).await.map(Json)
}
