//! Pages of the register.

use axum::response::Response;
use kernel::{Id, T};
use kit::{
    Body, Cx, FormErrors, Result,
    extract::{Beside, Path, Query},
};

use super::{model::NewCall, service, store, views};
use crate::perms::CALL_READ;

pub async fn new(cx: Cx) -> Result<Response> {
    let query = cx.req.uri.split_once('?').map_or("", |(_, query)| query);
    let input: NewCall = kit::body::parse_form(query.as_bytes())?;
    cx.page(
        cx.t(T("登记电话或信函", "Register a call or letter")),
        views::form(&cx, &input, &FormErrors::default()),
    )
    .await
}

/// The part of a customer's page: calls both ways, and letters (CUST-01, CALL-20).
pub async fn of_customer(cx: Cx, Path(id): Path<Id>, Query(side): Query<Beside>) -> Result<Response> {
    let scope = cx.scope(&CALL_READ)?;
    let mut conn = cx.read().await?;
    let rows = store::select_of_customer(&mut conn, &scope, id).await?;
    cx.count(&conn);
    let part = views::of_customer(&cx, id, &rows, side.beside.is_some());
    if cx.req.partial {
        Ok(cx.fragment(part))
    } else {
        cx.page(cx.t(T("电话与信函", "Calls and letters")), part).await
    }
}

pub async fn create(cx: Cx, Body(input): Body<NewCall>) -> Result<Response> {
    let request = input.request_id;
    match cx.form(service::register(&cx, input.clone()).await)? {
        Ok(_) => {
            Ok(cx.redirect(&request.map_or_else(|| "/calls".to_string(), |id| format!("/requests/{id}"))))
        }
        Err(errors) => Ok(cx.refused(views::form(&cx, &input, &errors))),
    }
}
