//! API of what is recorded on units.

use axum::Json;
use kernel::Id;
use kit::extract::Path;
use kit::{Body, Cx, Result};

use super::{
    model::{
        CloseNote, NewItem, NewNote, NewReading, NewWear, Reading, Records, Relocate, TickItem, Transfer,
        UnitItem, UnitNote, WearSeen,
    },
    service,
};
use crate::unit::model::UnitOut;

pub async fn records(cx: Cx, Path(id): Path<Id>) -> Result<Json<Records>> {
    service::load_records(&cx, id).await.map(Json)
}

pub async fn add_item(cx: Cx, Path(id): Path<Id>, Body(input): Body<NewItem>) -> Result<Json<UnitItem>> {
    service::add_item(&cx, id, input).await.map(Json)
}

pub async fn tick_item(
    cx: Cx,
    Path((id, item)): Path<(Id, Id)>,
    Body(input): Body<TickItem>,
) -> Result<Json<Records>> {
    service::tick_item(&cx, id, item, input).await.map(Json)
}

pub async fn add_note(cx: Cx, Path(id): Path<Id>, Body(input): Body<NewNote>) -> Result<Json<UnitNote>> {
    service::add_note(&cx, id, input).await.map(Json)
}

pub async fn close_note(
    cx: Cx,
    Path((id, note)): Path<(Id, Id)>,
    Body(input): Body<CloseNote>,
) -> Result<Json<Records>> {
    service::close_note(&cx, id, note, input).await.map(Json)
}

pub async fn add_wear(cx: Cx, Path(id): Path<Id>, Body(input): Body<NewWear>) -> Result<Json<WearSeen>> {
    service::add_wear(&cx, id, input).await.map(Json)
}

pub async fn add_reading(cx: Cx, Path(id): Path<Id>, Body(input): Body<NewReading>) -> Result<Json<Reading>> {
    service::add_reading(&cx, id, input).await.map(Json)
}

pub async fn transfer(cx: Cx, Path(id): Path<Id>, Body(input): Body<Transfer>) -> Result<Json<UnitOut>> {
    service::transfer_unit(&cx, id, input).await.map(Json)
}

pub async fn relocate(cx: Cx, Path(id): Path<Id>, Body(input): Body<Relocate>) -> Result<Json<UnitOut>> {
    service::relocate_unit(&cx, id, input).await.map(Json)
}
