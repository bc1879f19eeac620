//! JSON door of approvals.

use axum::Json;
use kernel::Id;
use kit::extract::Path;
use kit::{Body, Cx, Result};

use super::{model::*, service};

pub async fn get(cx: Cx, Path(id): Path<Id>) -> Result<Json<ApprovalOut>> {
    service::get(&cx, id).await.map(Json)
}

pub async fn sign(cx: Cx, Path(id): Path<Id>, Body(input): Body<Sign>) -> Result<Json<ApprovalOut>> {
    service::sign(&cx, id, input).await.map(Json)
}

pub async fn inbox(cx: Cx) -> Result<Json<Vec<ApprovalOut>>> {
    let mut conn = cx.read().await?;
    let list = service::inbox(&cx, &mut conn).await?;
    cx.count(&conn);
    Ok(Json(list))
}

pub async fn schemes(cx: Cx) -> Result<Json<Vec<SchemeOut>>> {
    service::schemes(&cx).await.map(Json)
}

pub async fn create_scheme(cx: Cx, Body(input): Body<NewScheme>) -> Result<Json<SchemeOut>> {
    service::create_scheme(&cx, input).await.map(Json)
}

pub async fn committees(cx: Cx) -> Result<Json<Vec<CommitteeOut>>> {
    service::committees(&cx).await.map(Json)
}

pub async fn put_committee(cx: Cx, Body(input): Body<PutCommittee>) -> Result<Json<()>> {
    service::put_committee(&cx, input).await.map(Json)
}
