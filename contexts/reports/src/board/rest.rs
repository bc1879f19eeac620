//! API of the dashboard.

use axum::Json;
use kernel::Date;
use kit::extract::Query;
use kit::{Cx, Result};
use serde::Deserialize;

use super::{
    model::{Board, PartOrder, Period},
    rules::{LONGEST_RANKING, TOP},
    service,
};

/// Which days.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct PeriodQuery {
    /// First day, `YYYY-MM-DD`.
    pub from: Option<String>,
    /// Last day.
    pub to: Option<String>,
    /// Lines of rankings; 10 unless said otherwise, at most 10,000.
    pub most: Option<usize>,
}

impl PeriodQuery {
    /// The days asked for. Errors at `from` and `to`.
    pub fn period(&self, cx: &Cx) -> Result<Period> {
        let date = |text: &Option<String>, field: &'static str| {
            let text = text.as_deref().map(str::trim).filter(|text| !text.is_empty());
            text.map(|text| Date::parse_iso(text).map_err(|error| error.field(field))).transpose()
        };
        Ok(service::period(cx, date(&self.from, "from")?, date(&self.to, "to")?)?)
    }
}

/// Which part on which days.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct PartQuery {
    /// Code of the part.
    #[serde(default)]
    pub code: String,
    /// First day.
    pub from: Option<String>,
    /// Last day.
    pub to: Option<String>,
    /// Only repairs, which count as faults of the part.
    #[serde(default)]
    pub faults: bool,
}

impl PartQuery {
    /// The days asked for. Errors at `from` and `to`.
    pub fn period(&self, cx: &Cx) -> Result<Period> {
        PeriodQuery { from: self.from.clone(), to: self.to.clone(), most: None }.period(cx)
    }
}

pub async fn part_orders(cx: Cx, Query(query): Query<PartQuery>) -> Result<Json<Vec<PartOrder>>> {
    let period = query.period(&cx)?;
    service::part_orders(&cx, &query.code, period, query.faults).await.map(Json)
}

pub async fn board(cx: Cx, Query(query): Query<PeriodQuery>) -> Result<Json<Board>> {
    let period = query.period(&cx)?;
    let most = query.most.unwrap_or(TOP).min(LONGEST_RANKING);
    service::board(&cx, period, most).await.map(Json)
}
