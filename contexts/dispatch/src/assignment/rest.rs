//! API of assignment.

use axum::Json;
use kernel::{Date, Id};
use kit::extract::{Path, Query};
use kit::{Body, Cx, Result, format};
use orders::api::{AssignOrder, OrderOut};
use serde::Deserialize;

use super::{model::Day, service};

/// Which day; today unless given.
#[derive(Deserialize)]
pub struct DayQuery {
    /// `YYYY-MM-DD`
    pub date: Option<String>,
    /// Only waiting orders of this service area.
    #[serde(default)]
    pub area: Option<String>,
}

impl DayQuery {
    /// The area asked for.
    pub fn area(&self) -> Option<&str> {
        self.area.as_deref().filter(|text| !text.is_empty())
    }

    /// The day asked for.
    pub fn date(&self, cx: &Cx) -> Result<Date> {
        match self.date.as_deref().filter(|text| !text.is_empty()) {
            Some(text) => Ok(Date::parse_iso(text).map_err(|error| error.field("date"))?),
            None => Ok(format::date_of(cx, cx.now())),
        }
    }
}

pub async fn assign(cx: Cx, Path(id): Path<Id>, Body(input): Body<AssignOrder>) -> Result<Json<OrderOut>> {
    service::assign_order(&cx, id, input).await.map(Json)
}

pub async fn day(cx: Cx, Query(query): Query<DayQuery>) -> Result<Json<Day>> {
    let date = query.date(&cx)?;
    service::day(&cx, date, query.area()).await.map(Json)
}
