//! Pages of the register.

use axum::response::Response;
use kernel::T;
use kit::{Body, Cx, FormErrors, Result};

use super::{model::NewCall, service, views};

pub async fn new(cx: Cx) -> Result<Response> {
    let query = cx.req.uri.split_once('?').map_or("", |(_, query)| query);
    let input: NewCall = kit::body::parse_form(query.as_bytes())?;
    cx.page(
        cx.t(T("登记电话或信函", "Register a call or letter")),
        views::form(&cx, &input, &FormErrors::default()),
    )
    .await
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
