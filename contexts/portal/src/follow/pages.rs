//! Pages for customers.

use axum::{http::StatusCode, response::Response};
use callbacks::api::Rating;
use kit::{Body, Cx, FormErrors, Result, extract::Path};

use super::{
    model::{ConfirmWork, OrderSeen},
    service,
    views::{self, Typed},
};
use crate::{guest, talk::model::NewMessage};

/// Back to the page, or the page with what was wrong.
async fn answer(cx: &Cx, token: &str, result: Result<OrderSeen>, typed: Typed) -> Result<Response> {
    let Err(errors) = cx.form(result)? else { return Ok(cx.redirect(&format!("/f/{token}"))) };
    let order = service::order(cx, token).await?;
    let cx = &cx.in_zone(&order.zone);
    let main = views::order(cx, token, &order, &typed, &errors);
    if cx.req.partial {
        return Ok(cx.refused(main));
    }
    Ok(guest::page(cx, &order.no, main, StatusCode::UNPROCESSABLE_ENTITY))
}

pub async fn order(cx: Cx, Path(token): Path<String>) -> Result<Response> {
    let order = service::order(&cx, &token).await?;
    let cx = cx.in_zone(&order.zone);
    let main = views::order(&cx, &token, &order, &Typed::default(), &FormErrors::default());
    Ok(guest::page(&cx, &order.no, main, StatusCode::OK))
}

pub async fn say(cx: Cx, Path(token): Path<String>, Body(input): Body<NewMessage>) -> Result<Response> {
    let result = service::say(&cx, &token, &input.text).await;
    answer(&cx, &token, result, Typed { message: input.text, rating: None }).await
}

pub async fn confirm(cx: Cx, Path(token): Path<String>, Body(input): Body<ConfirmWork>) -> Result<Response> {
    let result = service::confirm(&cx, &token, &input).await;
    answer(&cx, &token, result, Typed::default()).await
}

pub async fn rate(cx: Cx, Path(token): Path<String>, Body(input): Body<Rating>) -> Result<Response> {
    let result = service::rate(&cx, &token, &input).await;
    answer(&cx, &token, result, Typed { message: String::new(), rating: Some(input) }).await
}

pub async fn request(cx: Cx, Path(token): Path<String>) -> Result<Response> {
    let request = service::request(&cx, &token).await?;
    let cx = cx.in_zone(&request.zone);
    Ok(guest::page(&cx, &request.no, views::request(&cx, &request), StatusCode::OK))
}
