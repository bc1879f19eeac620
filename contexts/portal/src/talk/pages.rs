//! Pages of messages, for the service.

use axum::response::Response;
use kernel::{Id, T};
use kit::{Body, Cx, Error, FormErrors, Result, extract::Path};
use orders::api::{KeyOut, ORDER_KEY};

use super::{model::NewMessage, service, views};

/// Link and code, for those who may hand them out; none of past orders of other systems.
async fn key(cx: &Cx, id: Id) -> Result<Option<KeyOut>> {
    if !cx.can(&ORDER_KEY) {
        return Ok(None);
    }
    match orders::api::key(cx, id).await {
        Ok(key) => Ok(Some(key)),
        Err(Error::NotFound) => Ok(None),
        Err(other) => Err(other),
    }
}

/// The part of the order's page.
pub async fn panel(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    let (order, messages) = service::messages(&cx, id).await?;
    let key = key(&cx, id).await?;
    let panel = views::panel(&cx, &order, key.as_ref(), &messages);
    if cx.req.partial { Ok(cx.fragment(panel)) } else { cx.page(&order.no, panel).await }
}

async fn show(cx: &Cx, id: Id, typed: &str, errors: &FormErrors) -> Result<Response> {
    let (order, messages) = service::messages(cx, id).await?;
    let key = key(cx, id).await?;
    let main = views::page(cx, &order, key.as_ref(), &messages, typed, errors);
    if errors.is_empty() {
        cx.page(cx.t(T("与客户的留言", "Messages with the customer")), main).await
    } else {
        Ok(cx.refused(main))
    }
}

pub async fn messages(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    show(&cx, id, "", &FormErrors::default()).await
}

pub async fn write(cx: Cx, Path(id): Path<Id>, Body(input): Body<NewMessage>) -> Result<Response> {
    match cx.form(service::write(&cx, id, input.clone()).await)? {
        Ok(_) => Ok(cx.redirect(&format!("/orders/{id}/messages"))),
        Err(errors) => show(&cx, id, &input.text, &errors).await,
    }
}

pub async fn renew(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    orders::api::renew_key(&cx, id).await?;
    Ok(cx.redirect(&format!("/orders/{id}/messages")))
}
