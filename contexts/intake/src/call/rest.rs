//! API of the register.

use axum::Json;
use kit::{Body, Cx, Result};

use super::{
    model::{CallAnswer, NewCall},
    service,
};

pub async fn create(cx: Cx, Body(input): Body<NewCall>) -> Result<Json<CallAnswer>> {
    service::register(&cx, input).await.map(Json)
}
