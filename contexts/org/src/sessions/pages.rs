//! Pages of signing in and of the own account.

use axum::{
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::Response,
};
use kernel::{Id, T};
use kit::extract::{Path, Query};
use kit::{Body, Cx, Error, Result, http::SESSION_COOKIE};
use serde::Deserialize;

use super::{model::*, rules, service, views};

/// Where to go after signing in.
#[derive(Deserialize)]
pub struct NextQuery {
    #[serde(default)]
    next: Option<String>,
    /// Just signed out here.
    #[serde(default)]
    out: Option<String>,
}

pub(crate) fn user_agent(headers: &HeaderMap) -> &str {
    headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

/// Lays the session cookie on a response; an empty secret takes it away.
fn with_cookie(cx: &Cx, mut response: Response, secret: &str, seconds: i64) -> Response {
    let secure = if cx.app.config.secure_cookies { "; Secure" } else { "" };
    let cookie =
        format!("{SESSION_COOKIE}={secret}; Path=/; HttpOnly; SameSite=Lax; Max-Age={seconds}{secure}");
    if let Ok(value) = HeaderValue::from_str(&cookie) {
        response.headers_mut().append(header::SET_COOKIE, value);
    }
    response
}

/// The sign-in page with what went wrong.
pub(crate) fn login_page(cx: &Cx, next: &str, problem: &str, status: StatusCode) -> Response {
    let input = SignIn { next: Some(next.to_string()), ..SignIn::default() };
    cx.bare(cx.t(views::SIGN_IN), views::login(cx, &input, Some(problem.to_string()), false), status)
}

pub async fn login(cx: Cx, Query(query): Query<NextQuery>) -> Response {
    let next = rules::local_path(query.next.as_deref());
    if cx.actor.is_some() {
        return cx.redirect(next);
    }
    let input = SignIn { next: Some(next.to_string()), ..SignIn::default() };
    cx.bare(cx.t(views::SIGN_IN), views::login(&cx, &input, None, query.out.is_some()), StatusCode::OK)
}

pub async fn sign_in(cx: Cx, headers: HeaderMap, Body(input): Body<SignIn>) -> Result<Response> {
    let signed = match service::sign_in(&cx, &input, user_agent(&headers)).await {
        Ok(signed) => signed,
        Err(error @ (Error::Invalid(_) | Error::TooMany(_))) => {
            let page = views::login(&cx, &input, Some(error.message(cx.lang)), false);
            return Ok(cx.bare(cx.t(views::SIGN_IN), page, error.status()));
        }
        Err(other) => return Err(other),
    };
    Ok(entered(&cx, &signed, rules::local_path(input.next.as_deref())))
}

/// A session goes into the cookie; a ticket into the form that asks for its code.
pub(crate) fn entered(cx: &Cx, signed: &service::Signed, next: &str) -> Response {
    if signed.code_due {
        let input = SignInCode {
            ticket: signed.secret.clone(),
            next: Some(next.to_string()),
            ..SignInCode::default()
        };
        return cx.bare(cx.t(views::SIGN_IN), views::code(cx, &input, None), StatusCode::OK);
    }
    let next = if signed.must_change { "/me" } else { next };
    with_cookie(cx, cx.redirect(next), &signed.secret, signed.seconds)
}

pub async fn sign_in_code(cx: Cx, headers: HeaderMap, Body(input): Body<SignInCode>) -> Result<Response> {
    match service::sign_in_code(&cx, &input, user_agent(&headers)).await {
        Ok(signed) => Ok(entered(&cx, &signed, rules::local_path(input.next.as_deref()))),
        Err(error @ (Error::Invalid(_) | Error::TooMany(_))) => {
            let page = views::code(&cx, &input, Some(error.message(cx.lang)));
            Ok(cx.bare(cx.t(views::SIGN_IN), page, error.status()))
        }
        // The ticket is too old: from the start.
        Err(Error::NotFound) => Ok(cx.redirect("/login")),
        Err(other) => Err(other),
    }
}

pub async fn sign_out(cx: Cx) -> Result<Response> {
    service::sign_out(&cx).await?;
    Ok(with_cookie(
        &cx,
        cx.redirect(if cx.app.config.sso.is_some() { "/login?out=1" } else { "/login" }),
        "",
        0,
    ))
}

pub async fn start(cx: Cx, Path(token): Path<String>) -> Result<Response> {
    let (_, account) = match service::link_account(&cx, &token).await {
        Ok(found) => found,
        Err(Error::NotFound) => return Ok(dead_link(&cx)),
        Err(other) => return Err(other),
    };
    Ok(cx.bare(cx.t(views::WELCOME), views::start(&cx, &token, &account.login, None), StatusCode::OK))
}

pub async fn set_first_password(
    cx: Cx,
    headers: HeaderMap,
    Path(token): Path<String>,
    Body(input): Body<FirstPassword>,
) -> Result<Response> {
    let (_, account) = match service::link_account(&cx, &token).await {
        Ok(found) => found,
        Err(Error::NotFound) => return Ok(dead_link(&cx)),
        Err(other) => return Err(other),
    };
    match cx.form(service::start(&cx, &token, &input, user_agent(&headers)).await)? {
        Ok(signed) => Ok(entered(&cx, &signed, "/")),
        Err(errors) => {
            let page = views::start(&cx, &token, &account.login, Some(&errors));
            Ok(cx.bare(cx.t(views::WELCOME), page, StatusCode::UNPROCESSABLE_ENTITY))
        }
    }
}

fn dead_link(cx: &Cx) -> Response {
    let title = cx.t(T("这个链接已失效", "This link no longer works"));
    let reason = cx.t(T(
        "链接只能使用一次，72 小时内有效；请向管理员索取新的链接",
        "A link works once, for 72 hours. Ask an administrator for a new one",
    ));
    let sign_in = ui::Btn::link(cx.t(views::SIGN_IN), "/login").primary();
    cx.bare(title, ui::error_view(404, title, reason, &[sign_in]), StatusCode::NOT_FOUND)
}

pub async fn me(cx: Cx) -> Result<Response> {
    let markup = views::me(&cx, &views::MyAccount::load(&cx).await?);
    cx.page(cx.t(views::ME), markup).await
}

pub async fn change_password(cx: Cx, Body(input): Body<ChangePassword>) -> Result<Response> {
    match cx.form(service::change_password(&cx, &input).await)? {
        Ok(()) => Ok(cx.redirect("/me")),
        Err(errors) => {
            let account = views::MyAccount { errors, ..views::MyAccount::load(&cx).await? };
            Ok(cx.refused(views::me(&cx, &account)))
        }
    }
}

pub async fn revoke(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    service::revoke(&cx, id).await?;
    Ok(cx.redirect("/me"))
}

pub async fn new_token(cx: Cx, Body(input): Body<NewToken>) -> Result<Response> {
    match cx.form(service::new_token(&cx, input).await)? {
        Ok(made) => {
            let account = views::MyAccount { made: made.secret, ..views::MyAccount::load(&cx).await? };
            let markup = views::me(&cx, &account);
            cx.page(cx.t(views::ME), markup).await
        }
        Err(errors) => {
            let account = views::MyAccount { errors, ..views::MyAccount::load(&cx).await? };
            Ok(cx.refused(views::me(&cx, &account)))
        }
    }
}

pub async fn sign_out_user(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    service::sign_out_user(&cx, id).await?;
    Ok(cx.redirect(&format!("/users/{id}")))
}
