//! API of scheduled mails.

use axum::Json;
use kernel::Id;
use kit::extract::Path;
use kit::{Body, Cx, Result};

use super::{
    model::{MailOut, PutMail},
    service,
};

pub async fn get(cx: Cx, Path(id): Path<Id>) -> Result<Json<MailOut>> {
    service::get(&cx, id).await.map(Json)
}

pub async fn create(cx: Cx, Body(input): Body<PutMail>) -> Result<Json<MailOut>> {
    service::create(&cx, input).await.map(Json)
}

pub async fn change(cx: Cx, Path(id): Path<Id>, Body(input): Body<PutMail>) -> Result<Json<MailOut>> {
    service::change(&cx, id, input).await.map(Json)
}

pub async fn send(cx: Cx, Path(id): Path<Id>) -> Result<Json<MailOut>> {
    service::send_now(&cx, id).await.map(Json)
}
