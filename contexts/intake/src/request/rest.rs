//! API of requests.

use axum::Json;
use kernel::Id;
use kit::extract::Path;
use kit::{Body, Cx, Result};
use orders::api::{NewOrder, OrderOut};

use super::{
    input::{
        AnswerRequest, ClassifyRequest, ClearRequest, CloseRequest, ConfirmRequest, DraftRequest,
        DropRequest, JoinOrder, NewRequest, PromiseReply, RequestOut, SolveRequest,
    },
    service,
};

pub async fn create(cx: Cx, Body(input): Body<NewRequest>) -> Result<Json<RequestOut>> {
    service::register(&cx, input).await.map(Json)
}

pub async fn draft(cx: Cx, Body(input): Body<DraftRequest>) -> Result<Json<RequestOut>> {
    service::draft(&cx, input).await.map(Json)
}

pub async fn discard(cx: Cx, Path(id): Path<Id>, Body(input): Body<DropRequest>) -> Result<Json<RequestOut>> {
    service::discard(&cx, id, input).await.map(Json)
}

pub async fn get(cx: Cx, Path(id): Path<Id>) -> Result<Json<RequestOut>> {
    service::get(&cx, id).await.map(Json)
}

pub async fn answer(
    cx: Cx,
    Path(id): Path<Id>,
    Body(input): Body<AnswerRequest>,
) -> Result<Json<RequestOut>> {
    service::answer(&cx, id, input).await.map(Json)
}

pub async fn solve(cx: Cx, Path(id): Path<Id>, Body(input): Body<SolveRequest>) -> Result<Json<RequestOut>> {
    service::solve(&cx, id, input).await.map(Json)
}

pub async fn order(cx: Cx, Path(id): Path<Id>, Body(input): Body<NewOrder>) -> Result<Json<OrderOut>> {
    service::order(&cx, id, input).await.map(Json)
}

pub async fn join(cx: Cx, Path(id): Path<Id>, Body(input): Body<JoinOrder>) -> Result<Json<RequestOut>> {
    service::join(&cx, id, input).await.map(Json)
}

pub async fn close(cx: Cx, Path(id): Path<Id>, Body(input): Body<CloseRequest>) -> Result<Json<RequestOut>> {
    service::close(&cx, id, input).await.map(Json)
}

pub async fn promise(
    cx: Cx,
    Path(id): Path<Id>,
    Body(input): Body<PromiseReply>,
) -> Result<Json<RequestOut>> {
    service::promise(&cx, id, input).await.map(Json)
}

pub async fn confirm(
    cx: Cx,
    Path(id): Path<Id>,
    Body(input): Body<ConfirmRequest>,
) -> Result<Json<RequestOut>> {
    service::confirm(&cx, id, input).await.map(Json)
}

pub async fn classify(
    cx: Cx,
    Path(id): Path<Id>,
    Body(input): Body<ClassifyRequest>,
) -> Result<Json<RequestOut>> {
    service::classify(&cx, id, input).await.map(Json)
}

pub async fn clear(cx: Cx, Path(id): Path<Id>, Body(input): Body<ClearRequest>) -> Result<Json<RequestOut>> {
    service::clear(&cx, id, input).await.map(Json)
}
