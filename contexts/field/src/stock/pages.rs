//! Pages of the van and of oneself.

use axum::response::Response;
use kernel::T;
use kit::extract::Query;
use kit::{Cx, Result};
use maud::{Markup, html};
use ui::Phone;

use super::{rest::StockQuery, service, views};
use crate::day::views::tabs;

async fn page(cx: &Cx, here: &str, title: &str, subtitle: &str, main: Markup) -> Result<Response> {
    let tabs = tabs(here);
    let phone = Phone { title, subtitle, back: None, tools: html! {}, tabs: &tabs, actions: html! {} };
    cx.phone(title, &phone, main).await
}

pub async fn stock(cx: Cx, Query(query): Query<StockQuery>) -> Result<Response> {
    let van = service::van(&cx, &query.q).await?;
    let subtitle =
        van.depot.as_ref().map(|depot| format!("{} {}", depot.code, depot.name)).unwrap_or_default();
    page(&cx, "/m/stock", cx.t(T("车载库存", "Van stock")), &subtitle, views::stock(&cx, &van, &query.q))
        .await
}

pub async fn me(cx: Cx) -> Result<Response> {
    let actor = cx.actor()?;
    page(&cx, "/m/me", &actor.name, &actor.org_name, views::me(&cx)).await
}
