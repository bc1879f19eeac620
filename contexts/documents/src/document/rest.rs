//! JSON door of documents.

use axum::Json;
use kernel::Id;
use kit::extract::Path;
use kit::{Body, Cx, Result};

use super::{clocks, correct, model::*, service};

pub async fn create(cx: Cx, Body(input): Body<NewDocument>) -> Result<Json<DocumentOut>> {
    service::create(&cx, input).await.map(Json)
}

pub async fn get(cx: Cx, Path(id): Path<Id>) -> Result<Json<DocumentOut>> {
    service::get(&cx, id).await.map(Json)
}

pub async fn act(cx: Cx, Path(id): Path<Id>, Body(input): Body<ActOn>) -> Result<Json<DocumentOut>> {
    service::act(&cx, id, input).await.map(Json)
}

pub async fn save(cx: Cx, Path(id): Path<Id>, Body(input): Body<SaveEntry>) -> Result<Json<DocumentOut>> {
    service::save(&cx, id, input).await.map(Json)
}

pub async fn correct(cx: Cx, Path(id): Path<Id>, Body(input): Body<CorrectOn>) -> Result<Json<DocumentOut>> {
    correct::correct(&cx, id, input).await.map(Json)
}

pub async fn tell(cx: Cx, Path(id): Path<Id>, Body(input): Body<Tell>) -> Result<Json<DocumentOut>> {
    service::tell(&cx, id, input).await.map(Json)
}

pub async fn history(cx: Cx, Path(id): Path<Id>) -> Result<Json<Vec<EntryRow>>> {
    service::history(&cx, id).await.map(Json)
}

pub async fn clocks(cx: Cx, Path(id): Path<Id>) -> Result<Json<Vec<ClockOut>>> {
    clocks::clocks(&cx, id).await.map(Json)
}

pub async fn tasks(cx: Cx, Path(id): Path<Id>) -> Result<Json<Vec<TaskRow>>> {
    super::tasks::tasks(&cx, id).await.map(Json)
}

pub async fn messages(cx: Cx, Path(id): Path<Id>) -> Result<Json<Vec<MessageRow>>> {
    service::messages(&cx, id).await.map(Json)
}

pub async fn finish_task(cx: Cx, Path(id): Path<Id>) -> Result<Json<TaskRow>> {
    super::tasks::finish_task(&cx, id).await.map(Json)
}

pub async fn reveal(cx: Cx, Path((id, field)): Path<(Id, String)>) -> Result<Json<Revealed>> {
    service::reveal(&cx, id, &field).await.map(Json)
}
