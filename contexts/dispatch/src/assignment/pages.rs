//! Pages of assignment.

use axum::response::Response;
use kernel::{Date, Id, RuleError, T};
use kit::extract::{Path, Query};
use kit::{Body, Cx, FormErrors, Result, format};
use orders::api::{AssignOrder, Helper};
use serde::{Deserialize, Serialize};

use super::{rest::DayQuery, service, views};

pub async fn day(cx: Cx, Query(query): Query<DayQuery>) -> Result<Response> {
    let date = query.date(&cx)?;
    let day = service::day(&cx, date, query.area()).await?;
    cx.page(cx.t(T("派工日程", "Dispatch day")), views::day_page(&cx, &day)).await
}

/// The dialog's fields, as a browser sends them.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct AssignForm {
    /// Version seen.
    pub version: Option<i64>,
    /// Engineer.
    pub engineer_id: Option<Id>,
    /// Visit from, local.
    pub from: String,
    /// Visit until, local.
    pub to: String,
    /// Why again.
    pub reason: Option<String>,
    /// Outlet that does the work.
    pub outlet_id: Option<Id>,
    /// Who helps; rows without a name are left out.
    pub helpers: Vec<HelperForm>,
    /// The day's list it was opened from, to go back to it.
    pub day: Option<Date>,
    /// The area shown there.
    pub area: Option<String>,
}

impl AssignForm {
    /// Where one goes on after it: to the list one came from, else to the order.
    fn next(&self, order: Id) -> String {
        let Some(day) = self.day else { return format!("/orders/{order}") };
        let area = self.area.as_deref().unwrap_or_default();
        format!("/dispatch?date={day}&area={}", format::url_text(area))
    }
}

/// A helper's row.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct HelperForm {
    /// Who.
    pub staff_id: Option<Id>,
    /// Percent of the commission.
    pub share: String,
}

async fn dialog(cx: &Cx, id: Id, form: &AssignForm, errors: &FormErrors) -> Result<Response> {
    let mut conn = cx.read().await?;
    let order = orders::api::brief(&mut conn, id).await?;
    drop(conn);
    cx.authorize(&orders::api::ORDER_ASSIGN, &order)?;
    let date = order.appoint_from.map_or_else(|| format::date_of(cx, cx.now()), |at| format::date_of(cx, at));
    let day = service::day(cx, date, None).await?;
    let outlets = service::outlets(cx).await?;
    let markup = views::assign_dialog(cx, &order, &day, &outlets, form, errors);
    Ok(if errors.is_empty() { cx.fragment(markup) } else { cx.refused(markup) })
}

pub async fn assign_dialog(cx: Cx, Path(id): Path<Id>, Query(from): Query<DayQuery>) -> Result<Response> {
    let day = from.date.is_some().then(|| from.date(&cx)).transpose()?;
    let form = AssignForm { day, area: from.area, ..AssignForm::default() };
    dialog(&cx, id, &form, &FormErrors::default()).await
}

pub async fn assign(cx: Cx, Path(id): Path<Id>, Body(form): Body<AssignForm>) -> Result<Response> {
    let Some(engineer_id) = form.engineer_id else {
        let rule = RuleError::new("dispatch.engineer", T("请选择工程师", "Choose an engineer"));
        let errors = FormErrors::new(&rule.field("engineer_id").into(), cx.lang);
        return dialog(&cx, id, &form, &errors).await;
    };
    let helpers = form.helpers.iter().filter_map(|row| {
        let share_bp = kernel::Quantity::parse(row.share.trim()).map_or(0, |percent| percent.0 / 10);
        row.staff_id.map(|staff_id| Helper { staff_id, share_bp })
    });
    let input = AssignOrder {
        helpers: helpers.collect(),
        outlet_id: form.outlet_id,
        version: form.version,
        engineer_id,
        appointment_from: format::parse_field_time(&cx, &form.from),
        appointment_to: format::parse_field_time(&cx, &form.to),
        reason: form.reason.clone(),
    };
    match cx.form(service::assign_order(&cx, id, input).await)? {
        Ok(_) => Ok(cx.redirect(&form.next(id))),
        Err(errors) => dialog(&cx, id, &form, &errors).await,
    }
}
