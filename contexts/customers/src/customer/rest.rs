//! API of customer files.

use axum::Json;
use kernel::Id;
use kit::extract::{Path, Query};
use kit::{Body, Cx, Result};
use serde::Deserialize;

use super::{
    model::{CustomerOut, NewCustomer, Revealed, SecretField},
    service,
};

/// A phone number to look for.
#[derive(Deserialize)]
pub struct PhoneQuery {
    #[serde(default)]
    phone: String,
}

pub async fn get(cx: Cx, Path(id): Path<Id>) -> Result<Json<CustomerOut>> {
    let row = service::load_customer(&cx, id).await?;
    Ok(Json(service::out(&cx, &row)))
}

pub async fn by_phone(cx: Cx, Query(query): Query<PhoneQuery>) -> Result<Json<Vec<CustomerOut>>> {
    service::find_by_phone(&cx, &query.phone).await.map(Json)
}

pub async fn create(cx: Cx, Body(input): Body<NewCustomer>) -> Result<Json<CustomerOut>> {
    service::create_customer(&cx, input).await.map(Json)
}

pub async fn change(cx: Cx, Path(id): Path<Id>, Body(input): Body<NewCustomer>) -> Result<Json<CustomerOut>> {
    service::change_customer(&cx, id, input).await.map(Json)
}

pub async fn archive(cx: Cx, Path(id): Path<Id>) -> Result<Json<CustomerOut>> {
    service::archive_customer(&cx, id).await.map(Json)
}

pub async fn restore(cx: Cx, Path(id): Path<Id>) -> Result<Json<CustomerOut>> {
    service::restore_customer(&cx, id).await.map(Json)
}

pub async fn reveal(cx: Cx, Path((id, field)): Path<(Id, SecretField)>) -> Result<Json<Revealed>> {
    service::reveal_field(&cx, id, field).await.map(Json)
}
