//! Pages of the second factor.

use axum::response::Response;
use kernel::Id;
use kit::extract::Path;
use kit::{Body, Cx, FormErrors, Result};

use super::{model::*, service, views};

async fn load(cx: &Cx) -> Result<views::Page> {
    Ok(views::Page {
        state: service::mine(cx).await?,
        pending: service::pending(cx).await?,
        ..Default::default()
    })
}

pub async fn page(cx: Cx) -> Result<Response> {
    let page = load(&cx).await?;
    cx.page(cx.t(views::TITLE), views::page(&cx, &page)).await
}

pub async fn start(cx: Cx) -> Result<Response> {
    service::start(&cx).await?;
    Ok(cx.redirect(views::HREF))
}

/// The codes are shown in the answer itself and nowhere again.
async fn shown(
    cx: &Cx,
    result: Result<RecoveryCodes>,
    of: fn(FormErrors) -> views::Page,
) -> Result<Response> {
    match cx.form(result)? {
        Ok(made) => {
            let page = views::Page { made: made.codes, ..load(cx).await? };
            cx.page(cx.t(views::TITLE), views::page(cx, &page)).await
        }
        Err(errors) => {
            let wrong = of(errors);
            let page = load(cx).await?;
            let page = views::Page { state: page.state, pending: page.pending, ..wrong };
            Ok(cx.refused(views::page(cx, &page)))
        }
    }
}

pub async fn confirm(cx: Cx, Body(input): Body<Code>) -> Result<Response> {
    let made = service::confirm(&cx, &input).await;
    shown(&cx, made, |errors| views::Page { code: errors, ..Default::default() }).await
}

pub async fn new_codes(cx: Cx, Body(input): Body<Password>) -> Result<Response> {
    let made = service::new_codes(&cx, &input).await;
    shown(&cx, made, |errors| views::Page { codes: errors, ..Default::default() }).await
}

pub async fn off(cx: Cx, Body(input): Body<Password>) -> Result<Response> {
    match cx.form(service::off(&cx, &input).await)? {
        Ok(_) => Ok(cx.redirect("/me")),
        Err(errors) => {
            let page = views::Page { off: errors, ..load(&cx).await? };
            Ok(cx.refused(views::page(&cx, &page)))
        }
    }
}

pub async fn reset(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    service::reset(&cx, id).await?;
    Ok(cx.redirect(&format!("/users/{id}")))
}
