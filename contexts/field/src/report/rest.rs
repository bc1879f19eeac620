//! API of reports.

use axum::Json;
use kernel::Id;
use kit::extract::Path;
use kit::{Body, Cx, Result};

use super::{
    model::{CheckOut, Closing, DepartureCheck, NewAttempt, NewClosing, NewDelay, NewIncident, Report},
    service,
};

pub async fn departure_check(
    cx: Cx,
    Path(id): Path<Id>,
    Body(input): Body<DepartureCheck>,
) -> Result<Json<CheckOut>> {
    service::check_departure(&cx, id, input).await.map(Json)
}

pub async fn attempt(cx: Cx, Path(id): Path<Id>, Body(input): Body<NewAttempt>) -> Result<Json<Report>> {
    service::record_attempt(&cx, id, input).await.map(Json)
}

pub async fn delay(cx: Cx, Path(id): Path<Id>, Body(input): Body<NewDelay>) -> Result<Json<Report>> {
    service::report_delay(&cx, id, input).await.map(Json)
}

pub async fn incident(cx: Cx, Path(id): Path<Id>, Body(input): Body<NewIncident>) -> Result<Json<Report>> {
    service::report_incident(&cx, id, input).await.map(Json)
}

pub async fn closing(cx: Cx, Path(id): Path<Id>, Body(input): Body<NewClosing>) -> Result<Json<Closing>> {
    service::record_closing(&cx, id, input).await.map(Json)
}
