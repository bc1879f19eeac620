//! API of contacts and further addresses.

use axum::Json;
use kernel::Id;
use kit::extract::Path;
use kit::{Body, Cx, Result};

use super::{
    model::{AddressOut, ContactOut, NewAddress, NewContact},
    service,
};
use crate::customer::model::{Revealed, SecretField};

pub async fn contacts(cx: Cx, Path(id): Path<Id>) -> Result<Json<Vec<ContactOut>>> {
    service::list_contacts(&cx, id).await.map(Json)
}

pub async fn addresses(cx: Cx, Path(id): Path<Id>) -> Result<Json<Vec<AddressOut>>> {
    service::list_addresses(&cx, id).await.map(Json)
}

pub async fn add_contact(
    cx: Cx,
    Path(id): Path<Id>,
    Body(input): Body<NewContact>,
) -> Result<Json<ContactOut>> {
    service::add_contact(&cx, id, input).await.map(Json)
}

pub async fn add_address(
    cx: Cx,
    Path(id): Path<Id>,
    Body(input): Body<NewAddress>,
) -> Result<Json<AddressOut>> {
    service::add_address(&cx, id, input).await.map(Json)
}

pub async fn reveal(cx: Cx, Path((id, item, field)): Path<(Id, Id, SecretField)>) -> Result<Json<Revealed>> {
    service::reveal_item(&cx, id, item, field).await.map(Json)
}

pub async fn remove_contact(cx: Cx, Path((id, contact)): Path<(Id, Id)>) -> Result<Json<()>> {
    service::remove_contact(&cx, id, contact).await.map(Json)
}

pub async fn remove_address(cx: Cx, Path((id, address)): Path<(Id, Id)>) -> Result<Json<()>> {
    service::remove_address(&cx, id, address).await.map(Json)
}
