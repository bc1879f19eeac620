//! API of messages.

use axum::Json;
use kernel::Id;
use kit::{Body, Cx, Result, extract::Path};

use super::{
    model::{MessageOut, NewMessage},
    service,
};

pub async fn messages(cx: Cx, Path(id): Path<Id>) -> Result<Json<Vec<MessageOut>>> {
    Ok(Json(service::messages(&cx, id).await?.1))
}

pub async fn write(cx: Cx, Path(id): Path<Id>, Body(input): Body<NewMessage>) -> Result<Json<MessageOut>> {
    service::write(&cx, id, input).await.map(Json)
}
