//! The phone's page of reports.

use axum::response::Response;
use kernel::{Id, T};
use kit::extract::Path;
use kit::{Body, Cx, FormErrors, Result};
use serde::{Deserialize, Serialize};

use super::{
    model::{AttemptCode, DelayCode, IncidentCode, NewAttempt, NewDelay, NewIncident},
    service, views,
};
use crate::job;

/// Everything typed on the page, so that a refused form comes back as it was.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct ReportForm {
    /// Code of the attempt or incident.
    pub code: String,
    /// Code of the delay's reason.
    pub reason: String,
    /// When the engineer will be there, local.
    pub expected_at: String,
    /// The customer was phoned.
    pub customer_told: bool,
    /// In words.
    pub note: Option<String>,
    /// What was offered.
    pub compensation: Option<String>,
    /// The engineer apologised.
    pub apologised: bool,
}

/// Which of the three forms was sent.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Which {
    Attempt,
    Delay,
    Incident,
}

async fn show(cx: &Cx, id: Id, sent: Option<(Which, &ReportForm)>, errors: &FormErrors) -> Result<Response> {
    let job = job::service::job(cx, id).await?;
    let main = views::page(cx, &job, sent, errors);
    let bar = [ui::Btn::link(cx.t(T("返回工单", "Back to the visit")), format!("/m/orders/{id}")).grow()];
    job::answer(cx, &job, cx.t(T("联系与上报", "Contact and reports")), main, &bar, errors).await
}

pub async fn reports(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    show(&cx, id, None, &FormErrors::default()).await
}

fn choose(cx: &Cx, field: &str) -> FormErrors {
    let rule = kernel::RuleError::new("field.choose", T("请选择一项", "Choose one")).field(field);
    FormErrors::new(&rule.into(), cx.lang)
}

fn done(cx: &Cx, id: Id) -> Response {
    cx.redirect(&format!("/m/orders/{id}/reports"))
}

pub async fn attempt(cx: Cx, Path(id): Path<Id>, Body(form): Body<ReportForm>) -> Result<Response> {
    let Some(code) = AttemptCode::parse(&form.code) else {
        return show(&cx, id, Some((Which::Attempt, &form)), &choose(&cx, "code")).await;
    };
    match job::outcome(
        &cx,
        service::record_attempt(&cx, id, NewAttempt { code, note: form.note.clone() }).await,
    )? {
        Ok(_) => Ok(done(&cx, id)),
        Err(errors) => show(&cx, id, Some((Which::Attempt, &form)), &errors).await,
    }
}

pub async fn delay(cx: Cx, Path(id): Path<Id>, Body(form): Body<ReportForm>) -> Result<Response> {
    let Some(reason) = DelayCode::parse(&form.reason) else {
        return show(&cx, id, Some((Which::Delay, &form)), &choose(&cx, "reason")).await;
    };
    let (expected_at, note, customer_told) =
        (form.expected_at.clone(), form.note.clone(), form.customer_told);
    let input = NewDelay { expected_at, reason, note, customer_told };
    match job::outcome(&cx, service::report_delay(&cx, id, input).await)? {
        Ok(_) => Ok(done(&cx, id)),
        Err(errors) => show(&cx, id, Some((Which::Delay, &form)), &errors).await,
    }
}

pub async fn incident(cx: Cx, Path(id): Path<Id>, Body(form): Body<ReportForm>) -> Result<Response> {
    let Some(code) = IncidentCode::parse(&form.code) else {
        return show(&cx, id, Some((Which::Incident, &form)), &choose(&cx, "code")).await;
    };
    let (note, compensation) = (form.note.clone(), form.compensation.clone());
    let input = NewIncident { code, note, compensation, apologised: form.apologised };
    match job::outcome(&cx, service::report_incident(&cx, id, input).await)? {
        Ok(_) => Ok(done(&cx, id)),
        Err(errors) => show(&cx, id, Some((Which::Incident, &form)), &errors).await,
    }
}

/// One tap: the centre takes over (FIELD-17).
pub async fn alarm(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    let input = NewIncident { code: IncidentCode::Alarm, note: None, compensation: None, apologised: false };
    service::report_incident(&cx, id, input).await?;
    Ok(done(&cx, id))
}
