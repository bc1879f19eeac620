//! API of the dashboard.

use axum::Json;
use kernel::Date;
use kit::extract::Query;
use kit::{Cx, Result};
use serde::Deserialize;

use super::{
    model::{Board, Period},
    service,
};

/// Which days.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct PeriodQuery {
    /// First day, `YYYY-MM-DD`.
    pub from: Option<String>,
    /// Last day.
    pub to: Option<String>,
}

impl PeriodQuery {
    /// The days asked for. Errors at `from` and `to`.
    pub fn period(&self, cx: &Cx) -> Result<Period> {
        let date = |text: &Option<String>, field: &'static str| {
            let text = text.as_deref().map(str::trim).filter(|text| !text.is_empty());
            text.map(|text| Date::parse_iso(text).map_err(|error| error.field(field))).transpose()
        };
        Ok(service::period(cx.now(), date(&self.from, "from")?, date(&self.to, "to")?)?)
    }
}

pub async fn board(cx: Cx, Query(query): Query<PeriodQuery>) -> Result<Json<Board>> {
    let period = query.period(&cx)?;
    service::board(&cx, period).await.map(Json)
}
