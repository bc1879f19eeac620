//! What engineers report: departure checks, attempts to reach the customer, delays, incidents, how a visit closed.

pub mod lists;
pub mod model;
mod pages;
mod rest;
pub mod rules;
pub mod service;
pub mod store;
pub(crate) mod views;

use kernel::T;
use kit::{Access, Routes};
use orders::api::ORDER_WORK;

use self::model::{CheckOut, Closing, DepartureCheck, NewAttempt, NewClosing, NewDelay, NewIncident, Report};
use crate::perms::PHONE_USE;

/// Pages and API.
pub fn routes(routes: Routes) -> Routes {
    let (phone, work) = (Access::Perm(&PHONE_USE), Access::Perm(&ORDER_WORK));
    routes
        .page("/m/orders/{id}/reports", phone, pages::reports)
        .form("/m/orders/{id}/attempts", phone, pages::attempt)
        .form("/m/orders/{id}/delay", phone, pages::delay)
        .form("/m/orders/{id}/incidents", phone, pages::incident)
        .form("/m/orders/{id}/alarm", phone, pages::alarm)
        .api_post::<DepartureCheck, CheckOut, _, _>(
            "/orders/{id}/departure-check",
            work,
            T("出发自检", "Departure check"),
            rest::departure_check,
        )
        .api_post::<NewAttempt, Report, _, _>(
            "/orders/{id}/attempts",
            work,
            T("联系客户记录", "An attempt to reach the customer"),
            rest::attempt,
        )
        .api_post::<NewDelay, Report, _, _>(
            "/orders/{id}/delay",
            work,
            T("报告延误", "Report a delay"),
            rest::delay,
        )
        .api_post::<NewIncident, Report, _, _>(
            "/orders/{id}/incidents",
            work,
            T("上报现场情况", "Report an incident"),
            rest::incident,
        )
        .api_post::<NewClosing, Closing, _, _>(
            "/orders/{id}/closing",
            work,
            T("试机与把握程度", "Test run and certainty"),
            rest::closing,
        )
}
