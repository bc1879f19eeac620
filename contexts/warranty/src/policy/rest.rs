//! REST of policies.

use axum::Json;
use kernel::Id;
use kit::extract::{Path, Query};
use kit::{Body, Cx, Result};

use super::{
    model::{ChangePolicy, Decision, NewPolicy, NewTerm, PolicyOut, Question, UnitQuery},
    service,
};

pub async fn get(cx: Cx, Path(id): Path<Id>) -> Result<Json<PolicyOut>> {
    service::policy(&cx, id).await.map(Json)
}

pub async fn create(cx: Cx, Body(input): Body<NewPolicy>) -> Result<Json<PolicyOut>> {
    service::create_policy(&cx, input).await.map(Json)
}

pub async fn change(cx: Cx, Path(id): Path<Id>, Body(input): Body<ChangePolicy>) -> Result<Json<PolicyOut>> {
    service::change_policy(&cx, id, input).await.map(Json)
}

pub async fn add_term(cx: Cx, Path(id): Path<Id>, Body(input): Body<NewTerm>) -> Result<Json<PolicyOut>> {
    service::add_term(&cx, id, input).await.map(Json)
}

pub async fn decide(cx: Cx, Body(question): Body<Question>) -> Result<Json<Decision>> {
    service::try_it(&cx, &question).await.map(Json)
}

pub async fn unit(cx: Cx, Path(id): Path<Id>, Query(query): Query<UnitQuery>) -> Result<Json<Decision>> {
    service::unit_decision(&cx, id, &query).await.map(Json)
}
