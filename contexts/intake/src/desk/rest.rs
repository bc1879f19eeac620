//! API of the lookup.

use axum::Json;
use kit::{Cx, Result};

use super::{
    model::{Ask, Lookup},
    service,
};

pub async fn lookup(cx: Cx) -> Result<Json<Lookup>> {
    let ask: Ask = super::pages::query(&cx)?;
    service::lookup(&cx, &ask).await.map(Json)
}
