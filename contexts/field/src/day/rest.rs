//! API of the day.

use axum::Json;
use kit::extract::Query;
use kit::{Cx, Result};
use serde::Deserialize;

use super::{
    model::{Day, View},
    service,
};

/// Which segment; today unless given.
#[derive(Deserialize)]
pub struct DayQuery {
    /// `today`, `tomorrow`, `todo`, `done`
    pub view: Option<String>,
}

impl DayQuery {
    /// The segment asked for.
    pub fn view(&self) -> View {
        self.view.as_deref().and_then(View::parse).unwrap_or(View::Today)
    }
}

pub async fn today(cx: Cx, Query(query): Query<DayQuery>) -> Result<Json<Day>> {
    service::day(&cx, query.view()).await.map(Json)
}
