//! Pages of acting.

use axum::response::Response;
use kernel::Id;
use kit::extract::Path;
use kit::{Body, Cx, FormErrors, Result};

use super::{model::*, service, views};

async fn show(cx: &Cx, input: Option<&NewActing>, errors: &FormErrors) -> Result<ui::Markup> {
    let (periods, people) = (service::acting(cx).await?, service::people(cx).await?);
    Ok(views::acting(cx, &periods, &people, input, errors))
}

pub async fn acting(cx: Cx) -> Result<Response> {
    let markup = show(&cx, None, &FormErrors::default()).await?;
    cx.page(cx.t(views::TITLE), markup).await
}

pub async fn appoint(cx: Cx, Body(input): Body<NewActing>) -> Result<Response> {
    match cx.form(service::appoint(&cx, input.clone()).await)? {
        Ok(_) => Ok(cx.redirect("/acting")),
        Err(errors) => Ok(cx.refused(show(&cx, Some(&input), &errors).await?)),
    }
}

pub async fn end(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    service::end(&cx, id).await?;
    Ok(cx.redirect("/acting"))
}
