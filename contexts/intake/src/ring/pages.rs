//! Pages of ringing calls.

use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};
use kernel::{Id, T};
use kit::{Body, Cx, FormErrors, Result, extract::Path};

use super::{
    model::{CallStep, NewCallEvent, SetExtension, TestRing},
    service,
    views::{self, Desk},
};
use crate::perms::CALL_READ;

async fn load(cx: &Cx, test: TestRing) -> Result<Desk> {
    let figures = if cx.can(&CALL_READ) { Some(service::figures(cx, 30).await?) } else { None };
    Ok(Desk { mine: service::mine(cx).await?, extensions: service::extensions(cx).await?, figures, test })
}

async fn show(cx: &Cx, test: TestRing, errors: Option<&FormErrors>) -> Result<Response> {
    let desk = load(cx, test).await?;
    let main = views::desk(cx, &desk, errors.unwrap_or(&FormErrors::default()));
    if errors.is_some() && cx.req.partial {
        return Ok(cx.refused(main));
    }
    let status = if errors.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    cx.page_with(cx.t(T("来电弹屏与分机", "Call pop-up and extensions")), main, status, &[], false).await
}

pub async fn desk(cx: Cx) -> Result<Response> {
    let test: TestRing = crate::desk::query(&cx)?;
    show(&cx, test, None).await
}

pub async fn set_extension(cx: Cx, Body(input): Body<SetExtension>) -> Result<Response> {
    match cx.form(service::set_extension(&cx, input.clone()).await)? {
        Ok(_) => Ok(cx.redirect("/calls/desk")),
        Err(errors) => show(&cx, TestRing::default(), Some(&errors)).await,
    }
}

/// An event made by hand, to see the pop-up without a telephone system.
pub async fn test(cx: Cx, Body(form): Body<TestRing>) -> Result<Response> {
    let call_id = form.call_id.clone().unwrap_or_else(|| format!("test-{}", cx.id()));
    let input = NewCallEvent {
        call_id: call_id.clone(),
        event: CallStep::parse(&form.event).unwrap_or(CallStep::Ring),
        caller: form.caller.clone(),
        line: None,
        extension: form.extension.clone(),
        staff_no: None,
        rings: None,
        at: None,
    };
    match cx.form(service::event(&cx, input).await)? {
        Ok(call) if call.ended => Ok(cx.redirect("/calls/desk")),
        Ok(_) => {
            let part = |text: &Option<String>| text.clone().unwrap_or_default();
            let query = form_urlencoded(&[
                ("call_id", &call_id),
                ("event", &form.event),
                ("caller", &part(&form.caller)),
                ("extension", &part(&form.extension)),
            ]);
            Ok(cx.redirect(&format!("/calls/desk?{query}")))
        }
        Err(errors) => show(&cx, form, Some(&errors)).await,
    }
}

/// A query string; what is not a letter, digit or `-` is escaped.
fn form_urlencoded(pairs: &[(&str, &str)]) -> String {
    let escape = |text: &str| {
        text.bytes()
            .map(|b| match b {
                b if b.is_ascii_alphanumeric() || b == b'-' => char::from(b).to_string(),
                b => format!("%{b:02X}"),
            })
            .collect::<String>()
    };
    pairs.iter().map(|(name, value)| format!("{name}={}", escape(value))).collect::<Vec<_>>().join("&")
}

/// The pop-up of a call; nothing once somebody else took it.
pub async fn pop(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    let popped = service::popped(&cx, id).await?;
    if popped.elsewhere {
        return Ok(StatusCode::NO_CONTENT.into_response());
    }
    Ok(cx.fragment(views::pop(&cx, &popped)))
}
