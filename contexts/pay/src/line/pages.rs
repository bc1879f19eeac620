//! Pages of pay lines.

use axum::response::Response;
use kernel::{Id, T};
use kit::extract::Path;
use kit::{Body, Cx, FormErrors, Result};

use super::{
    model::{AnswerDispute, AskDispute, GiveReward},
    service, store, views,
};
use crate::{
    perms::{PAY_READ, PAY_REWARD},
    rule::views::people,
};

pub async fn of_order(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    let pay = service::of_order(&cx, id).await?;
    cx.page(cx.t(T("工单薪酬", "Pay of the order")), views::order_page(&cx, &pay)).await
}

/// One line: how it came about, and the order it was earned on.
pub async fn line(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    let mut conn = cx.read().await?;
    let row = store::get_line(&mut conn, id).await?;
    cx.count(&conn);
    drop(conn);
    cx.authorize(&PAY_READ, &row)?;
    cx.page(&row.label, views::line_page(&cx, &service::out(&cx, &row))).await
}

pub async fn new_reward(cx: Cx) -> Result<Response> {
    let input = GiveReward {
        staff_id: Id::NIL,
        item: String::new(),
        order_id: None,
        amount: None,
        reason: String::new(),
    };
    let (people, items) = (people(&cx, &PAY_REWARD).await?, views::items(&cx).await?);
    cx.page(cx.t(views::REWARD), views::reward_form(&cx, &people, &items, &input, &FormErrors::default()))
        .await
}

pub async fn give_reward(cx: Cx, Body(input): Body<GiveReward>) -> Result<Response> {
    match cx.form(service::give_reward(&cx, input.clone()).await)? {
        Ok(_) => Ok(cx.redirect("/pay/lines")),
        Err(errors) => {
            let (people, items) = (people(&cx, &PAY_REWARD).await?, views::items(&cx).await?);
            Ok(cx.refused(views::reward_form(&cx, &people, &items, &input, &errors)))
        }
    }
}

pub async fn ask(cx: Cx, Body(input): Body<AskDispute>) -> Result<Response> {
    service::ask(&cx, input).await?;
    Ok(cx.redirect("/pay/mine"))
}

pub async fn dispute(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    let mut conn = cx.read().await?;
    let row = store::get_dispute(&mut conn, id).await?;
    cx.authorize(&PAY_REWARD, &row)?;
    let line = store::get_line(&mut conn, row.line_id).await?;
    cx.count(&conn);
    drop(conn);
    let line = service::out(&cx, &line);
    cx.page(cx.t(views::DISPUTE), views::dispute_page(&cx, &row, &line, &FormErrors::default())).await
}

pub async fn answer(cx: Cx, Path(id): Path<Id>, Body(input): Body<AnswerDispute>) -> Result<Response> {
    service::answer(&cx, id, input).await?;
    Ok(cx.redirect("/pay/disputes"))
}
