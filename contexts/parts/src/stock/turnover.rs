//! In and out over a period, by part and depot (PARTS-46).

use kernel::{Date, Id, Quantity, Ts};
use kit::{Cx, Result};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::turnover_store;
use crate::perms::STOCK_READ;

/// Input: which period; the running month when left out.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
pub struct TurnoverAsk {
    /// First day.
    #[serde(default)]
    pub from: Option<Date>,
    /// Last day.
    #[serde(default)]
    pub to: Option<Date>,
    /// Only this depot.
    #[serde(default)]
    pub depot_id: Option<Id>,
    /// Parts after this code.
    #[serde(default)]
    pub after: Option<String>,
}

db::row! {
    /// What a part did in the depots of the caller, over the states that may be issued.
    #[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
    pub struct TurnoverRow {
        pub part_id: Id,
        pub code: String,
        pub name: String,
        /// At the beginning.
        pub opening: Quantity,
        /// Came in.
        pub came: Quantity,
        /// Went out.
        pub went: Quantity,
        /// At the end.
        pub closing: Quantity,
        /// Promised now.
        pub reserved: Quantity,
    }
}

/// Rows of one page.
pub const PAGE: i64 = 100;

/// The period asked for: days as instants, the end exclusive.
pub fn period(cx: &Cx, ask: &TurnoverAsk) -> (Date, Date, Ts, Ts) {
    let today = kit::format::date_of(cx, cx.now());
    let to = ask.to.unwrap_or(today);
    let from = ask.from.unwrap_or_else(|| to.first_of_month()).min(to);
    let start = |date: Date| kit::format::start_of(cx, date);
    (from, to, start(from), start(to.plus_days(1)))
}

/// A page of the summary, by code.
pub async fn list_turnover(cx: &Cx, ask: &TurnoverAsk) -> Result<Vec<TurnoverRow>> {
    let scope = cx.scope(&STOCK_READ)?;
    let (_, _, from, to) = period(cx, ask);
    let mut conn = cx.read().await?;
    let rows = turnover_store::select_turnover(&mut conn, &scope, ask, (from, to)).await?;
    cx.count(&conn);
    Ok(rows)
}
