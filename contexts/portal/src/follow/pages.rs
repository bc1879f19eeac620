//! Pages for customers.

use axum::{http::StatusCode, response::Response};
use kit::{Body, Cx, FormErrors, Result, extract::Path};

use super::{
    model::{Act, OrderSeen, Typed},
    service, views,
};
use crate::guest;

fn show(cx: &Cx, token: &str, order: &OrderSeen, typed: &Typed, errors: &FormErrors) -> Response {
    let cx = &cx.in_zone(&order.zone);
    let main = views::order(cx, token, order, typed, errors);
    if !errors.is_empty() && cx.req.partial {
        return cx.refused(main);
    }
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    guest::page(cx, &order.no, main, status)
}

pub async fn order(cx: Cx, Path(token): Path<String>) -> Result<Response> {
    let order = service::order(&cx, &token).await?;
    Ok(show(&cx, &token, &order, &Typed::default(), &FormErrors::default()))
}

/// All buttons of the page, at its own address: whatever comes of it, what else was typed is still there.
pub async fn act(cx: Cx, Path(token): Path<String>, Body(typed): Body<Typed>) -> Result<Response> {
    let result = match typed.act {
        Act::Say => service::say(&cx, &token, &typed.message).await,
        Act::Confirm => service::confirm(&cx, &token, &typed.confirmation()).await,
        Act::Rate => service::rate(&cx, &token, &typed.rating()).await,
    };
    match cx.form(result)? {
        Ok(order) => {
            let rest = typed.without_done();
            if rest.is_left(&order) {
                return Ok(show(&cx, &token, &order, &rest, &FormErrors::default()));
            }
            Ok(cx.redirect(&format!("/f/{token}")))
        }
        Err(errors) => {
            let order = service::order(&cx, &token).await?;
            Ok(show(&cx, &token, &order, &typed, &typed.at_fields(errors)))
        }
    }
}

pub async fn request(cx: Cx, Path(token): Path<String>) -> Result<Response> {
    let request = service::request(&cx, &token).await?;
    let cx = cx.in_zone(&request.zone);
    Ok(guest::page(&cx, &request.no, views::request(&cx, &request), StatusCode::OK))
}
