//! REST of pay lines.

use axum::Json;
use kernel::Id;
use kit::extract::Path;
use kit::{Body, Cx, Result};

use super::{
    model::{AnswerDispute, AskDispute, DisputeRow, GiveReward, LineOut, OrderPay},
    service,
};

pub async fn of_order(cx: Cx, Path(id): Path<Id>) -> Result<Json<OrderPay>> {
    service::of_order(&cx, id).await.map(Json)
}

pub async fn compute(cx: Cx, Path(id): Path<Id>) -> Result<Json<OrderPay>> {
    service::compute(&cx, id).await.map(Json)
}

pub async fn give_reward(cx: Cx, Body(input): Body<GiveReward>) -> Result<Json<LineOut>> {
    service::give_reward(&cx, input).await.map(Json)
}

pub async fn ask(cx: Cx, Body(input): Body<AskDispute>) -> Result<Json<DisputeRow>> {
    service::ask(&cx, input).await.map(Json)
}

pub async fn answer(
    cx: Cx,
    Path(id): Path<Id>,
    Body(input): Body<AnswerDispute>,
) -> Result<Json<DisputeRow>> {
    service::answer(&cx, id, input).await.map(Json)
}
