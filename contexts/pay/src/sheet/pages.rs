//! Pages of pay sheets.

use axum::response::Response;
use kernel::{Id, T};
use kit::extract::{Path, Query};
use kit::{Body, Cx, FormErrors, Result, format::date_of};

use super::{
    model::{Settle, Settled},
    rest::Month,
    service, views,
};
use crate::line::rules::period_of;

pub async fn mine(cx: Cx, Query(month): Query<Month>) -> Result<Response> {
    if cx.staff().is_err() {
        return cx.page(cx.t(T("我的薪酬", "My pay")), views::no_staff(&cx)).await;
    }
    if cx.actor()?.staff.is_none() {
        return cx.page(cx.t(T("我的薪酬", "My pay")), views::nobody(&cx)).await;
    }
    let statement = service::mine(&cx, month.period).await?;
    cx.page(cx.t(T("我的薪酬", "My pay")), views::mine_page(&cx, &statement)).await
}

pub async fn sheet(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    let statement = service::statement(&cx, id).await?;
    cx.page(cx.t(T("工资结算单", "Pay sheet")), views::sheet_page(&cx, id, &statement)).await
}

pub async fn print(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    let statement = service::statement(&cx, id).await?;
    let title = cx.t(T("服务工资结算单", "Pay sheet"));
    Ok(cx.sheet(title, &format!("/pay/sheets/{id}"), views::print(&cx, title, &statement)))
}

pub async fn settle(cx: Cx) -> Result<Response> {
    let input = Settle { period: period_of(date_of(&cx, cx.now())), staff_id: None };
    cx.page(cx.t(views::SETTLE), views::settle_page(&cx, &input, None, &FormErrors::default())).await
}

async fn settled(cx: &Cx, input: &Settle, done: Result<Settled>) -> Result<Response> {
    match cx.form(done)? {
        Ok(out) => {
            cx.page(cx.t(views::SETTLE), views::settle_page(cx, input, Some(&out), &FormErrors::default()))
                .await
        }
        Err(errors) => Ok(cx.refused(views::settle_page(cx, input, None, &errors))),
    }
}

pub async fn build(cx: Cx, Body(input): Body<Settle>) -> Result<Response> {
    let done = service::build(&cx, input.clone()).await;
    settled(&cx, &input, done).await
}

pub async fn lock(cx: Cx, Body(input): Body<Settle>) -> Result<Response> {
    let done = service::lock(&cx, input.clone()).await;
    settled(&cx, &input, done).await
}
