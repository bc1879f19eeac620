//! API of units.

use axum::Json;
use kernel::Id;
use kit::extract::{Path, Query};
use kit::{Body, Cx, Result};
use serde::Deserialize;

use super::{
    model::{NewUnit, UnitOut},
    service,
};

/// A serial number to look for.
#[derive(Deserialize)]
pub struct SerialQuery {
    #[serde(default)]
    serial: String,
}

pub async fn get(cx: Cx, Path(id): Path<Id>) -> Result<Json<UnitOut>> {
    let row = service::load_unit(&cx, id).await?;
    Ok(Json(service::out(&cx, &row)))
}

pub async fn by_serial(cx: Cx, Query(query): Query<SerialQuery>) -> Result<Json<Vec<UnitOut>>> {
    service::find_by_serial(&cx, &query.serial).await.map(Json)
}

pub async fn of_customer(cx: Cx, Path(id): Path<Id>) -> Result<Json<Vec<UnitOut>>> {
    let found = service::units_of_customer(&cx, id).await?;
    Ok(Json(found.units.iter().map(|row| service::out(&cx, row)).collect()))
}

pub async fn create(cx: Cx, Body(input): Body<NewUnit>) -> Result<Json<UnitOut>> {
    service::create_unit(&cx, input).await.map(Json)
}

pub async fn change(cx: Cx, Path(id): Path<Id>, Body(input): Body<NewUnit>) -> Result<Json<UnitOut>> {
    service::change_unit(&cx, id, input).await.map(Json)
}
