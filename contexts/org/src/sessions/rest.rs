//! JSON door of sessions.

use axum::Json;
use kernel::Id;
use kit::extract::Path;
use kit::{Body, Cx, Result};

use super::{model::*, service};

pub async fn me(cx: Cx) -> Result<Json<Me>> {
    service::me(&cx).map(Json)
}

pub async fn change_password(cx: Cx, Body(input): Body<ChangePassword>) -> Result<Json<()>> {
    service::change_password(&cx, &input).await.map(Json)
}

pub async fn sessions(cx: Cx) -> Result<Json<Vec<CredentialOut>>> {
    service::mine(&cx, CredentialKind::Session).await.map(Json)
}

pub async fn tokens(cx: Cx) -> Result<Json<Vec<CredentialOut>>> {
    service::mine(&cx, CredentialKind::Token).await.map(Json)
}

pub async fn new_token(cx: Cx, Body(input): Body<NewToken>) -> Result<Json<TokenOut>> {
    service::new_token(&cx, input).await.map(Json)
}

pub async fn revoke(cx: Cx, Path(id): Path<Id>) -> Result<Json<()>> {
    service::revoke(&cx, id).await.map(Json)
}

pub async fn of_user(cx: Cx, Path(id): Path<Id>) -> Result<Json<Vec<CredentialOut>>> {
    service::of_user(&cx, id).await.map(Json)
}

pub async fn sign_out_user(cx: Cx, Path(id): Path<Id>) -> Result<Json<()>> {
    service::sign_out_user(&cx, id).await.map(Json)
}
