//! Dialogs of items.

use axum::response::Response;
use kernel::Id;
use kit::extract::Path;
use kit::{Body, Cx, Error, FormErrors, Result};
use maud::Markup;
use serde_json::{Value, json};

use super::{model::EditUnit, service, views};
use crate::{
    order::{input::NewOrderUnit, store},
    perms::ORDER_LINES,
};

async fn dialog(cx: &Cx, order: Id, item: Option<Id>, typed: &Value, errors: &FormErrors) -> Result<Markup> {
    let mut conn = cx.read().await?;
    let row = store::get_order(&mut conn, order).await?;
    cx.authorize(&ORDER_LINES, &row)?;
    let units = store::select_units(&mut conn, order).await?;
    let found = match item {
        Some(id) => Some(units.iter().find(|unit| unit.id == id).ok_or(Error::NotFound)?),
        None => None,
    };
    let kinds = pricing::api::work_kinds(&mut conn).await?;
    let groups = match found.map_or(row.model_id, |unit| unit.model_id) {
        Some(model) => products::api::groups(&mut conn, model).await?,
        None => Vec::new(),
    };
    Ok(views::dialog(cx, &row, found, &kinds, &groups, typed, errors))
}

pub async fn new(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    Ok(cx.fragment(dialog(&cx, id, None, &json!({}), &FormErrors::default()).await?))
}

pub async fn edit(cx: Cx, Path((id, item)): Path<(Id, Id)>) -> Result<Response> {
    Ok(cx.fragment(dialog(&cx, id, Some(item), &json!({}), &FormErrors::default()).await?))
}

pub async fn add(cx: Cx, Path(id): Path<Id>, Body(input): Body<NewOrderUnit>) -> Result<Response> {
    let typed = serde_json::to_value(&input)?;
    match cx.form(service::add(&cx, id, input).await)? {
        Ok(_) => Ok(cx.redirect(&format!("/orders/{id}"))),
        Err(errors) => Ok(cx.refused(dialog(&cx, id, None, &typed, &errors).await?)),
    }
}

pub async fn change(
    cx: Cx,
    Path((id, item)): Path<(Id, Id)>,
    Body(input): Body<EditUnit>,
) -> Result<Response> {
    let typed = serde_json::to_value(&input)?;
    match cx.form(service::change(&cx, id, item, input).await)? {
        Ok(_) => Ok(cx.redirect(&format!("/orders/{id}"))),
        Err(errors) => Ok(cx.refused(dialog(&cx, id, Some(item), &typed, &errors).await?)),
    }
}

pub async fn remove(cx: Cx, Path((id, item)): Path<(Id, Id)>) -> Result<Response> {
    service::remove(&cx, id, item).await?;
    Ok(cx.redirect(&format!("/orders/{id}")))
}
