//! Pages of exceptions.

use axum::response::Response;
use kernel::Id;
use kit::extract::Query;
use kit::{Body, Cx, FormErrors, Result};
use serde::Deserialize;

use super::{
    model::{ExceptionKind, NewException},
    service, views,
};
use crate::policy::model::Verdict;

/// Which document the form is about.
#[derive(Deserialize)]
pub struct About {
    kind: String,
    id: Id,
}

pub async fn new(cx: Cx, Query(about): Query<About>) -> Result<Response> {
    let input = NewException {
        doc_kind: about.kind,
        doc_id: about.id,
        unit_id: None,
        kind: ExceptionKind::Goodwill,
        verdict: Verdict::Covered,
        amount: Default::default(),
        reason: String::new(),
    };
    cx.page(cx.t(views::TITLE), views::form(&cx, &input, &FormErrors::default())).await
}

pub async fn grant(cx: Cx, Body(input): Body<NewException>) -> Result<Response> {
    match cx.form(service::grant(&cx, input.clone()).await)? {
        Ok(_) => Ok(cx.redirect("/warranty/exceptions")),
        Err(errors) => Ok(cx.refused(views::form(&cx, &input, &errors))),
    }
}
