//! REST of proofs.

use axum::Json;
use kernel::Id;
use kit::extract::Path;
use kit::{Body, Cx, Result};

use super::{
    model::{NewProof, ProofRow},
    service,
};

pub async fn list(cx: Cx, Path(id): Path<Id>) -> Result<Json<Vec<ProofRow>>> {
    service::proofs(&cx, id).await.map(Json)
}

pub async fn add(cx: Cx, Path(id): Path<Id>, Body(input): Body<NewProof>) -> Result<Json<ProofRow>> {
    service::add_proof(&cx, id, input).await.map(Json)
}
