//! The start page of the phone.

use axum::response::Response;
use kernel::T;
use kit::extract::Query;
use kit::{Cx, Result};
use ui::Phone;

use super::{rest::DayQuery, service, views};

pub async fn today(cx: Cx, Query(query): Query<DayQuery>) -> Result<Response> {
    let day = service::day(&cx, query.view()).await?;
    let actor = cx.actor()?;
    let title = T("{name}，今天 {n} 单", "{name}, {n} today").fill(
        cx.lang,
        &[("name", actor.name.clone()), ("n", (day.in_progress + day.to_visit + day.done_today).to_string())],
    );
    let subtitle = format!("{} {} · {}", day.date, views::weekday(&cx, day.date), actor.org_name);
    let tabs = views::tabs("/m");
    let phone = Phone {
        title: &title,
        subtitle: &subtitle,
        back: None,
        tools: maud::html! {},
        tabs: &tabs,
        actions: maud::html! {},
    };
    cx.phone(cx.t(T("我的工单", "My visits")), &phone, views::day(&cx, &day)).await
}
