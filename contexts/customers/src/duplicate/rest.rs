//! API of duplicates.

use axum::Json;
use kernel::Id;
use kit::extract::Path;
use kit::{Body, Cx, Result};

use super::{
    model::{Merge, SuspectPair},
    service,
};
use crate::customer::model::CustomerOut;

pub async fn list(cx: Cx) -> Result<Json<Vec<SuspectPair>>> {
    service::list_suspects(&cx).await.map(Json)
}

pub async fn merge(cx: Cx, Path(id): Path<Id>, Body(input): Body<Merge>) -> Result<Json<CustomerOut>> {
    service::merge_customers(&cx, id, input).await.map(Json)
}
