//! Pages of codes and passes.

use axum::{http::StatusCode, response::Response};
use kernel::T;
use kit::{Body, Cx, FormErrors, Result, extract::Path};

use super::{
    model::{AskCode, UseCode},
    service, views,
};
use crate::{guest, unit};

/// The title of these pages.
const TITLE: T = T("我的服务进度", "My services");

async fn show(cx: &Cx, token: &str, typed: Option<&UseCode>, errors: &FormErrors) -> Result<Response> {
    let page = unit::service::load(cx, token).await?;
    let main = match typed {
        None => views::ask(cx, token, &page, &AskCode::default(), errors),
        Some(typed) => views::enter(cx, token, &page, typed, errors),
    };
    if !errors.is_empty() && cx.req.partial {
        return Ok(cx.refused(main));
    }
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok(guest::page(cx, cx.t(TITLE), main, status))
}

pub async fn ask(cx: Cx, Path(token): Path<String>) -> Result<Response> {
    show(&cx, &token, None, &FormErrors::default()).await
}

pub async fn send_code(cx: Cx, Path(token): Path<String>, Body(input): Body<AskCode>) -> Result<Response> {
    match cx.form(service::send_code(&cx, &token, &input).await)? {
        Ok(()) => {
            let typed = UseCode { phone: input.phone, code: String::new() };
            show(&cx, &token, Some(&typed), &FormErrors::default()).await
        }
        Err(errors) => {
            let page = unit::service::load(&cx, &token).await?;
            let main = views::ask(&cx, &token, &page, &input, &errors);
            if cx.req.partial {
                return Ok(cx.refused(main));
            }
            Ok(guest::page(&cx, cx.t(TITLE), main, StatusCode::UNPROCESSABLE_ENTITY))
        }
    }
}

pub async fn enter(cx: Cx, Path(token): Path<String>, Body(input): Body<UseCode>) -> Result<Response> {
    match cx.form(service::enter(&cx, &token, &input).await)? {
        Ok(entered) => Ok(cx.redirect(&entered.path)),
        Err(errors) => show(&cx, &token, Some(&UseCode { code: String::new(), ..input }), &errors).await,
    }
}

pub async fn mine(cx: Cx, Path(token): Path<String>) -> Result<Response> {
    let page = service::mine(&cx, &token).await?;
    Ok(guest::page(&cx, cx.t(TITLE), views::mine(&cx, &page), StatusCode::OK))
}
