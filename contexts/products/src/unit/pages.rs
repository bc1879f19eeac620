//! Pages of units.

use axum::response::Response;
use kernel::{Id, T};
use kit::extract::{Beside, Path, Query};
use kit::{Body, Cx, FormErrors, Result, search};
use serde::Deserialize;

use super::{model::NewUnit, service, store, views};
use crate::{perms::UNIT_READ, product, record};

/// Text typed into a combo box, and the customer whose units come first.
#[derive(Deserialize)]
pub struct SuggestQuery {
    #[serde(default)]
    q: String,
    #[serde(default)]
    customer: Option<Id>,
}

/// What is known before the form of a new unit opens.
#[derive(Deserialize)]
pub struct NewQuery {
    #[serde(default)]
    model: Option<Id>,
    #[serde(default)]
    customer: Option<Id>,
}

/// A unit with its whole life on one screen (PROD-02, 05).
pub async fn unit(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    let row = service::load_unit(&cx, id).await?;
    let records = record::service::load_records(&cx, id).await?;
    let mut conn = cx.read().await?;
    let page = views::UnitPage {
        model: product::store::get_model(&mut conn, row.model_id).await?,
        customer: store::find_customer(&mut conn, row.customer_id).await?,
        owners: store::select_customer_names(&mut conn, &views::owners_of(&records)).await?,
        side: kit::panels::side(&cx, &mut conn, "unit", id).await?,
        records,
        row,
    };
    cx.count(&conn);
    drop(conn);
    cx.page(&page.model.name, views::unit_page(&cx, &page)).await
}

pub async fn new_unit(cx: Cx, Query(query): Query<NewQuery>) -> Result<Response> {
    let input = NewUnit { model_id: query.model, customer_id: query.customer, ..NewUnit::default() };
    form_page(&cx, None, &input, &FormErrors::default(), false).await
}

pub async fn create(cx: Cx, Body(input): Body<NewUnit>) -> Result<Response> {
    match cx.form(service::create_unit(&cx, input.clone()).await)? {
        Ok(out) => Ok(cx.redirect(&format!("/units/{}", out.id))),
        Err(errors) => form_page(&cx, None, &input, &errors, true).await,
    }
}

pub async fn edit(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    let input = views::input_of(&cx, &service::load_unit(&cx, id).await?);
    form_page(&cx, Some(id), &input, &FormErrors::default(), false).await
}

pub async fn change(cx: Cx, Path(id): Path<Id>, Body(input): Body<NewUnit>) -> Result<Response> {
    match cx.form(service::change_unit(&cx, id, input.clone()).await)? {
        Ok(_) => Ok(cx.redirect(&format!("/units/{id}"))),
        Err(errors) => form_page(&cx, Some(id), &input, &errors, true).await,
    }
}

async fn form_page(
    cx: &Cx,
    id: Option<Id>,
    input: &NewUnit,
    errors: &FormErrors,
    refused: bool,
) -> Result<Response> {
    let mut conn = cx.read().await?;
    let model = match input.model_id {
        Some(model) => Some(product::store::get_model(&mut conn, model).await?),
        None => None,
    };
    let customer = store::find_customer(&mut conn, input.customer_id).await?;
    drop(conn);
    let main = views::unit_form(cx, id, input, model.as_ref(), customer.as_ref(), errors);
    let title = cx.t(if id.is_some() {
        T("修改设备", "Change unit")
    } else {
        T("登记设备", "Register a unit")
    });
    if refused { Ok(cx.refused(main)) } else { cx.page(title, main).await }
}

/// Units of a customer, as a part of the customer's page.
pub async fn of_customer(cx: Cx, Path(id): Path<Id>, Query(side): Query<Beside>) -> Result<Response> {
    let found = service::units_of_customer(&cx, id).await?;
    if side.beside.is_some() {
        return Ok(cx.fragment(views::units_beside(&cx, &found)));
    }
    Ok(cx.fragment(views::customer_units(&cx, id, &found)))
}

/// Units for a combo box: those of the customer before anything is typed, else by serial, number, model, owner.
pub async fn suggest(cx: Cx, Query(query): Query<SuggestQuery>) -> Result<Response> {
    let items: Vec<ui::Suggestion> = match query.customer {
        Some(customer) if query.q.trim().is_empty() => {
            let found = service::units_of_customer(&cx, customer).await?;
            found.units.iter().map(|row| views::suggestion(row, &found.models)).collect()
        }
        _ => {
            let scope = cx.scope(&UNIT_READ)?;
            let mut conn = cx.read().await?;
            let hits = search::find(&cx, &mut conn, "unit", &scope, &query.q, 12).await?;
            cx.count(&conn);
            hits.into_iter()
                .map(|hit| ui::Suggestion { id: hit.ref_id.to_string(), text: hit.title, hint: hit.sub })
                .collect()
        }
    };
    Ok(cx.fragment(ui::suggestions(cx.lang, &items, None)))
}
