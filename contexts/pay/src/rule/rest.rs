//! REST of pay rules.

use axum::Json;
use kernel::{Date, Id};
use kit::extract::{Path, Query};
use kit::{Body, Cx, Result};
use serde::Deserialize;

use super::{
    model::{
        CommissionRow, EndOn, ItemRow, NewCommission, NewItem, NewStep, NewWage, Rules, StepRow, WageRow,
    },
    service,
    store::Kind,
};

/// The day asked for.
#[derive(Deserialize)]
pub struct On {
    #[serde(default)]
    on: Option<Date>,
}

pub async fn rules(cx: Cx, Query(query): Query<On>) -> Result<Json<Rules>> {
    service::rules(&cx, query.on).await.map(Json)
}

pub async fn add_commission(cx: Cx, Body(input): Body<NewCommission>) -> Result<Json<CommissionRow>> {
    service::add_commission(&cx, input).await.map(Json)
}

pub async fn add_step(cx: Cx, Body(input): Body<NewStep>) -> Result<Json<StepRow>> {
    service::add_step(&cx, input).await.map(Json)
}

pub async fn add_item(cx: Cx, Body(input): Body<NewItem>) -> Result<Json<ItemRow>> {
    service::add_item(&cx, input).await.map(Json)
}

pub async fn set_wage(cx: Cx, Body(input): Body<NewWage>) -> Result<Json<WageRow>> {
    service::set_wage(&cx, input).await.map(Json)
}

pub async fn end_commission(cx: Cx, Path(id): Path<Id>, Body(input): Body<EndOn>) -> Result<Json<EndOn>> {
    service::end(&cx, Kind::Commission, id, input).await.map(Json)
}

pub async fn end_step(cx: Cx, Path(id): Path<Id>, Body(input): Body<EndOn>) -> Result<Json<EndOn>> {
    service::end(&cx, Kind::Step, id, input).await.map(Json)
}

pub async fn end_item(cx: Cx, Path(id): Path<Id>, Body(input): Body<EndOn>) -> Result<Json<EndOn>> {
    service::end(&cx, Kind::Item, id, input).await.map(Json)
}
