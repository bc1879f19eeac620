//! Form posts of the phone: each one command of orders, then back to what is next.

use axum::{extract::Multipart, response::Response};
use kernel::{Id, Problems, RuleError, T};
use kit::extract::Path;
use kit::{Body, Cx, Error, FormErrors, Result};
use orders::api::{self as flow, Arrive, Confirm, Consent, EditLine, Note, Place, Quote, Wait};
use serde::{Deserialize, Serialize};

use super::{
    forms::{CompleteForm, DepartForm, LineForm, PartForm, QuoteForm, outcome},
    pages, service,
    upload::Uploaded,
};
use crate::{report, report::model::DepartureCheck, settings::ARRIVAL_PHOTO};

fn back(cx: &Cx, id: Id) -> Response {
    cx.redirect(&format!("/m/orders/{id}"))
}

/// Dials: the browser goes to a `tel:` address.
pub async fn call(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    Ok(cx.redirect(&service::dial(&cx, id).await?))
}

/// Opens the map.
pub async fn route(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    Ok(cx.redirect(&service::route(&cx, id).await?))
}

/// Departure: the check first, kept whether or not it is complete (FIELD-01).
pub async fn depart(cx: Cx, Path(id): Path<Id>, Body(form): Body<DepartForm>) -> Result<Response> {
    let check = DepartureCheck { ticked: form.ticked.clone(), note: None };
    // The check has a key of its own: the form's key belongs to the departure.
    let once = cx.keyed(cx.id().to_string());
    let seen = report::service::check_departure(&once, id, check).await?;
    if !seen.missing.is_empty() && (seen.blocks || !form.anyway) {
        let names: Vec<&str> = seen.missing.iter().map(|item| item.text(cx.lang)).collect();
        let rule = RuleError::new("field.check_missing", T("还缺：{items}", "Still missing: {items}"));
        let rule = rule.arg("items", names.join(cx.t(T("、", ", ")))).field("ticked");
        return pages::refused(&cx, id, &FormErrors::new(&rule.into(), cx.lang), Some(&form)).await;
    }
    let input = Place { lat: form.lat, lng: form.lng, ..Place::default() };
    match outcome(&cx, flow::depart(&cx, id, input).await)? {
        Ok(_) => Ok(back(&cx, id)),
        Err(errors) => pages::refused(&cx, id, &errors, Some(&form)).await,
    }
}

/// Arrival: place, time, and the photo of the surroundings or why there is none (WO-43).
pub async fn arrive(cx: Cx, Path(id): Path<Id>, form: Multipart) -> Result<Response> {
    let form = Uploaded::read(form).await?;
    let note = form.text("note");
    let photo: bool = cx.setting(&ARRIVAL_PHOTO, cx.actor()?.org).await?;
    if photo && form.photos.is_empty() && note.is_none() {
        let text = T(
            "请先拍摄现场环境；不能拍时写明原因",
            "Photograph the surroundings first, or say why you can't",
        );
        let rule = RuleError::new("field.arrival_photo", text).field("note");
        return pages::refused(&cx, id, &FormErrors::new(&rule.into(), cx.lang), None).await;
    }
    let input = Arrive { lat: form.number("lat"), lng: form.number("lng"), note, ..Arrive::default() };
    form.attach(&cx, id, "arrival").await?;
    match outcome(&cx, flow::arrive(&cx, id, input).await)? {
        Ok(_) => Ok(back(&cx, id)),
        Err(errors) => pages::refused(&cx, id, &errors, None).await,
    }
}

/// More photos, at any time.
pub async fn photos(cx: Cx, Path(id): Path<Id>, form: Multipart) -> Result<Response> {
    let form = Uploaded::read(form).await?;
    let label = form.text("label").unwrap_or_else(|| "site".into());
    form.attach(&cx, id, &label).await?;
    Ok(back(&cx, id))
}

pub async fn start(cx: Cx, Path(id): Path<Id>, Body(input): Body<Place>) -> Result<Response> {
    match outcome(&cx, flow::start(&cx, id, input).await)? {
        Ok(_) => Ok(back(&cx, id)),
        Err(errors) => pages::refused(&cx, id, &errors, None).await,
    }
}

pub async fn resume(cx: Cx, Path(id): Path<Id>, Body(input): Body<Note>) -> Result<Response> {
    match outcome(&cx, flow::resume(&cx, id, input).await)? {
        Ok(_) => Ok(back(&cx, id)),
        Err(errors) => pages::refused(&cx, id, &errors, None).await,
    }
}

/// The customer's acknowledgement, with points.
pub async fn confirm(cx: Cx, Path(id): Path<Id>, Body(input): Body<Confirm>) -> Result<Response> {
    match outcome(&cx, flow::confirm(&cx, id, input).await)? {
        Ok(_) => Ok(back(&cx, id)),
        Err(errors) => pages::refused(&cx, id, &errors, None).await,
    }
}

pub async fn close_note(cx: Cx, Path((id, note)): Path<(Id, Id)>) -> Result<Response> {
    service::close_note(&cx, id, note).await?;
    Ok(back(&cx, id))
}

/// Waiting, as the form sends it.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct WaitForm {
    /// Code of the reason.
    pub reason: String,
    /// In words.
    pub note: Option<String>,
    /// Who goes on.
    pub hand_over_to: Option<Id>,
}

pub async fn wait(cx: Cx, Path(id): Path<Id>, Body(form): Body<WaitForm>) -> Result<Response> {
    let Some(reason) = flow::Waiting::parse(&form.reason) else {
        let rule = RuleError::new("field.wait_reason", T("请选择原因", "Choose a reason")).field("reason");
        return pages::wait_again(&cx, id, &form, &FormErrors::new(&rule.into(), cx.lang)).await;
    };
    let input = Wait { version: None, reason, note: form.note.clone(), hand_over_to: form.hand_over_to };
    match outcome(&cx, flow::wait(&cx, id, input).await)? {
        Ok(_) => Ok(back(&cx, id)),
        Err(errors) => pages::wait_again(&cx, id, &form, &errors).await,
    }
}

fn to_parts(cx: &Cx, id: Id) -> Response {
    cx.redirect(&format!("/m/orders/{id}/parts"))
}

/// Takes a part out of the own van for the order (PARTS-33).
pub async fn add_part(cx: Cx, Path(id): Path<Id>, Body(form): Body<PartForm>) -> Result<Response> {
    let result = match form.line() {
        Ok(line) => flow::add_line(&cx, id, line).await,
        Err(error) => Err(error),
    };
    match outcome(&cx, result)? {
        Ok(_) => Ok(to_parts(&cx, id)),
        Err(errors) => pages::parts_again(&cx, id, &form, &errors).await,
    }
}

/// Another quantity; what is too much goes back to the van.
pub async fn change_part(
    cx: Cx,
    Path((id, line)): Path<(Id, Id)>,
    Body(form): Body<LineForm>,
) -> Result<Response> {
    let result = match form.quantity() {
        Ok(quantity) if quantity.is_zero() => flow::remove_line(&cx, id, line).await,
        Ok(quantity) => {
            let input = EditLine {
                quantity: Some(quantity),
                old_part_taken: Some(form.old_part_taken),
                ..EditLine::default()
            };
            flow::change_line(&cx, id, line, input).await
        }
        Err(error) => Err(error),
    };
    match outcome(&cx, result)? {
        Ok(_) => Ok(to_parts(&cx, id)),
        Err(errors) => pages::parts_again(&cx, id, &PartForm::default(), &errors).await,
    }
}

pub async fn remove_part(cx: Cx, Path((id, line)): Path<(Id, Id)>) -> Result<Response> {
    flow::remove_line(&cx, id, line).await?;
    Ok(to_parts(&cx, id))
}

pub async fn quote(cx: Cx, Path(id): Path<Id>, Body(form): Body<QuoteForm>) -> Result<Response> {
    let result = match form.total() {
        Ok(total) => {
            flow::quote(&cx, id, Quote { version: form.version, total, note: form.note.clone() }).await
        }
        Err(error) => Err(error),
    };
    match outcome(&cx, result)? {
        Ok(_) => Ok(cx.redirect(&format!("/m/orders/{id}/quote"))),
        Err(errors) => pages::quote_again(&cx, id, &form, &errors).await,
    }
}

/// The customer agrees, up to an amount (SHOP-18).
pub async fn consent(cx: Cx, Path(id): Path<Id>, Body(form): Body<QuoteForm>) -> Result<Response> {
    let result = match form.total() {
        Ok(total) => {
            flow::consent(
                &cx,
                id,
                Consent { version: form.version, total, by: form.by.clone(), note: form.note.clone() },
            )
            .await
        }
        Err(error) => Err(error),
    };
    match outcome(&cx, result)? {
        Ok(_) => Ok(back(&cx, id)),
        Err(errors) => pages::quote_again(&cx, id, &form, &errors).await,
    }
}

/// What the form lacks, and what the order says besides: people mend both in one go.
fn also(mut problems: Problems, tried: Result<()>) -> Error {
    match tried {
        Ok(()) => {}
        Err(Error::Invalid(more)) => problems.extend(more),
        Err(other) => return other,
    }
    Error::Invalid(problems)
}

/// Completion: how sure the engineer is is kept first, so that the follow-up can't be lost between two commits.
pub async fn complete(cx: Cx, Path(id): Path<Id>, Body(form): Body<CompleteForm>) -> Result<Response> {
    let (command, closing) = form.parts();
    let once = cx.keyed(cx.id().to_string());
    let result = match closing {
        Ok(closing) => match report::service::record_closing(&once, id, closing).await {
            Ok(_) => flow::complete(&cx, id, command).await,
            Err(error) => Err(error),
        },
        Err(problems) => Err(also(problems, service::try_complete(&once, id, &command).await)),
    };
    match outcome(&cx, result)? {
        Ok(_) => Ok(back(&cx, id)),
        Err(errors) => pages::complete_again(&cx, id, &form, &errors).await,
    }
}
