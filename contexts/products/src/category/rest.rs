//! API of the product tree.

use axum::Json;
use kernel::Id;
use kit::extract::Path;
use kit::{Body, Cx, Result};

use super::{
    model::{CategoryRow, NewCategory},
    service,
};

pub async fn list(cx: Cx) -> Result<Json<Vec<CategoryRow>>> {
    service::list_categories(&cx).await.map(Json)
}

pub async fn create(cx: Cx, Body(input): Body<NewCategory>) -> Result<Json<CategoryRow>> {
    service::create_category(&cx, input).await.map(Json)
}

pub async fn change(cx: Cx, Path(id): Path<Id>, Body(input): Body<NewCategory>) -> Result<Json<CategoryRow>> {
    service::change_category(&cx, id, input).await.map(Json)
}
