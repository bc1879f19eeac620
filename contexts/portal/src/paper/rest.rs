//! API of papers.

use axum::Json;
use kernel::Id;
use kit::{Body, Cx, Result, extract::Path};

use super::{
    model::{PaperOut, SetPaper},
    service,
};

pub async fn papers(cx: Cx, Path(id): Path<Id>) -> Result<Json<Vec<PaperOut>>> {
    Ok(Json(service::papers(&cx, id).await?.1))
}

pub async fn set(cx: Cx, Path(id): Path<Id>, Body(input): Body<SetPaper>) -> Result<Json<Vec<PaperOut>>> {
    service::set(&cx, id, input).await.map(Json)
}
