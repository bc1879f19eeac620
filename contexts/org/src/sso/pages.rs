//! Pages of single sign-on: to the provider, back, and out.

use axum::{
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::Response,
};
use kit::{Cx, Result, extract::Query};
use serde::Deserialize;

use super::{
    rules::Trouble,
    service::{self, Answer, MINUTES},
};
use crate::sessions;

const COOKIE: &str = "aftercare_sso";

/// Where to go after signing in.
#[derive(Deserialize)]
pub struct NextQuery {
    #[serde(default)]
    next: Option<String>,
}

/// What comes back from the provider.
#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Back {
    code: String,
    state: String,
    error: String,
}

fn with_cookie(cx: &Cx, mut response: Response, value: &str, seconds: i64) -> Response {
    let secure = if cx.app.config.secure_cookies { "; Secure" } else { "" };
    let cookie =
        format!("{COOKIE}={value}; Path=/login/sso; HttpOnly; SameSite=Lax; Max-Age={seconds}{secure}");
    if let Ok(value) = HeaderValue::from_str(&cookie) {
        response.headers_mut().append(header::SET_COOKIE, value);
    }
    response
}

fn cookie(headers: &HeaderMap) -> &str {
    let all = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = all.flat_map(|value| value.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(name, _)| *name == COOKIE).map_or("", |(_, value)| value)
}

fn refused(cx: &Cx, trouble: Trouble) -> Response {
    let status = StatusCode::from_u16(trouble.status()).unwrap_or(StatusCode::FORBIDDEN);
    sessions::login_page(cx, "/", cx.t(trouble.text()), status)
}

pub async fn begin(cx: Cx, Query(query): Query<NextQuery>) -> Result<Response> {
    let sso = service::sso(&cx)?;
    let next = sessions::local_path(query.next.as_deref());
    Ok(match service::begin(&cx, &sso, next).await? {
        Ok((url, sealed)) => with_cookie(&cx, cx.redirect(&url), &sealed, MINUTES * 60),
        Err(trouble) => refused(&cx, trouble),
    })
}

pub async fn callback(cx: Cx, headers: HeaderMap, Query(back): Query<Back>) -> Result<Response> {
    let sso = service::sso(&cx)?;
    let answer = Answer {
        code: &back.code,
        state: &back.state,
        error: &back.error,
        cookie: cookie(&headers),
        user_agent: sessions::user_agent(&headers),
    };
    let response = match service::enter(&cx, &sso, &answer).await? {
        Ok((signed, next)) => sessions::entered(&cx, &signed, sessions::local_path(Some(&next))),
        Err(trouble) => refused(&cx, trouble),
    };
    Ok(with_cookie(&cx, response, "", 0))
}

pub async fn out(cx: Cx) -> Result<Response> {
    let sso = service::sso(&cx)?;
    Ok(cx.redirect(&service::out(&cx, &sso).await?))
}
