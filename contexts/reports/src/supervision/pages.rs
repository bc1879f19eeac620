//! Pages of supervision.

use axum::response::Response;
use kernel::Id;
use kit::extract::{Path, Query};
use kit::{Cx, Result};
use serde::Deserialize;

use super::{service, views};

/// How the page is shown.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct OverviewQuery {
    /// `tree`: by post; otherwise those with something overdue first.
    pub order: String,
    /// Hours without progress.
    pub hours: Option<i64>,
}

/// Everybody below the caller.
pub async fn overview(cx: Cx, Query(query): Query<OverviewQuery>) -> Result<Response> {
    let overview = service::overview(&cx).await?;
    let (hours, stuck) = service::stuck(&cx, query.hours).await?;
    let tree = query.order == "tree";
    cx.page(cx.t(views::TITLE), views::overview_page(&cx, &overview, tree, hours, &stuck)).await
}

/// One of them.
pub async fn person(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    let day = service::person_day(&cx, id).await?;
    cx.page(&day.person.name, views::person_page(&cx, &day)).await
}
