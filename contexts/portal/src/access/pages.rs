//! Pages of codes and passes.

use axum::{http::StatusCode, response::Response};
use kernel::T;
use kit::{Body, Cx, FormErrors, Result, extract::Path};
use serde::Deserialize;

use super::{
    model::{AskCode, UseCode},
    service, views,
};
use crate::{guest, unit};

/// The title of these pages.
const TITLE: T = T("我的服务进度", "My services");

async fn show(
    cx: &Cx,
    token: &str,
    phone: &str,
    typed: Option<&UseCode>,
    errors: &FormErrors,
) -> Result<Response> {
    let page = unit::service::load(cx, token).await?;
    let main = match typed {
        None => views::ask(cx, token, &page, phone, errors),
        Some(typed) => views::enter(cx, token, &page, typed, errors),
    };
    if !errors.is_empty() && cx.req.partial {
        return Ok(cx.refused(main));
    }
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok(guest::page(cx, cx.t(TITLE), main, status))
}

pub async fn ask(cx: Cx, Path(token): Path<String>) -> Result<Response> {
    show(&cx, &token, "", None, &FormErrors::default()).await
}

/// Either form of the page, at its one address.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Typed {
    phone: String,
    /// A code is entered.
    enter: bool,
    code: String,
}

pub async fn act(cx: Cx, Path(token): Path<String>, Body(typed): Body<Typed>) -> Result<Response> {
    let Typed { phone, enter, code } = typed;
    if enter {
        let input = UseCode { phone, code };
        return match cx.form(service::enter(&cx, &token, &input).await)? {
            Ok(entered) => Ok(cx.redirect(&entered.path)),
            Err(errors) => show(&cx, &token, "", Some(&input), &errors).await,
        };
    }
    let input = AskCode { phone };
    let sent = cx.form(service::send_code(&cx, &token, &input).await)?;
    let next = UseCode { phone: input.phone, code: String::new() };
    match sent {
        Ok(()) => show(&cx, &token, "", Some(&next), &FormErrors::default()).await,
        Err(errors) => show(&cx, &token, &next.phone, None, &errors).await,
    }
}

pub async fn mine(cx: Cx, Path(token): Path<String>) -> Result<Response> {
    let page = service::mine(&cx, &token).await?;
    Ok(guest::page(&cx, cx.t(TITLE), views::mine(&cx, &page), StatusCode::OK))
}
