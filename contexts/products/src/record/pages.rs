//! Pages of what is recorded on units: dialogs on the unit's page.

use axum::response::Response;
use kernel::Id;
use kit::extract::Path;
use kit::{Body, Cx, Error, FormErrors, Result};
use maud::Markup;

use super::{
    model::{CloseNote, NewItem, NewNote, NewReading, NewWear, Relocate, TickItem, Transfer},
    service,
    views::{self, Dialog},
};
use crate::{
    perms::{UNIT_TRANSFER, UNIT_WRITE},
    unit,
};

/// An empty dialog, if the caller may change the unit.
pub async fn dialog(cx: Cx, Path((id, what)): Path<(Id, Dialog)>) -> Result<Response> {
    let row = unit::service::load_unit(&cx, id).await?;
    cx.authorize(&UNIT_WRITE, &row)?;
    Ok(cx.fragment(views::dialog(&cx, id, what, &FormErrors::default())))
}

/// Back to the unit, or the dialog again with what is wrong.
fn done<V>(
    cx: &Cx,
    id: Id,
    result: Result<V>,
    again: impl FnOnce(&FormErrors) -> Markup,
) -> Result<Response> {
    match cx.form(result)? {
        Ok(_) => Ok(cx.redirect(&format!("/units/{id}"))),
        Err(errors) => Ok(cx.refused(again(&errors))),
    }
}

pub async fn add_item(cx: Cx, Path(id): Path<Id>, Body(input): Body<NewItem>) -> Result<Response> {
    let result = service::add_item(&cx, id, input).await;
    done(&cx, id, result, |errors| views::dialog(&cx, id, Dialog::Item, errors))
}

pub async fn tick_item(
    cx: Cx,
    Path((id, item)): Path<(Id, Id)>,
    Body(input): Body<TickItem>,
) -> Result<Response> {
    service::tick_item(&cx, id, item, input).await?;
    Ok(cx.redirect(&format!("/units/{id}")))
}

pub async fn add_note(cx: Cx, Path(id): Path<Id>, Body(input): Body<NewNote>) -> Result<Response> {
    let result = service::add_note(&cx, id, input).await;
    done(&cx, id, result, |errors| views::dialog(&cx, id, Dialog::Note, errors))
}

pub async fn close_form(cx: Cx, Path((id, note)): Path<(Id, Id)>) -> Result<Response> {
    let records = service::load_records(&cx, id).await?;
    let found = records.notes.iter().find(|n| n.id == note).ok_or(Error::NotFound)?;
    Ok(cx.fragment(views::close_form(&cx, id, found, &FormErrors::default())))
}

pub async fn close_note(
    cx: Cx,
    Path((id, note)): Path<(Id, Id)>,
    Body(input): Body<CloseNote>,
) -> Result<Response> {
    match cx.form(service::close_note(&cx, id, note, input).await)? {
        Ok(_) => Ok(cx.redirect(&format!("/units/{id}"))),
        Err(errors) => {
            let records = service::load_records(&cx, id).await?;
            let found = records.notes.iter().find(|n| n.id == note).ok_or(Error::NotFound)?;
            Ok(cx.refused(views::close_form(&cx, id, found, &errors)))
        }
    }
}

pub async fn add_wear(cx: Cx, Path(id): Path<Id>, Body(input): Body<NewWear>) -> Result<Response> {
    let result = service::add_wear(&cx, id, input).await;
    done(&cx, id, result, |errors| views::dialog(&cx, id, Dialog::Wear, errors))
}

pub async fn add_reading(cx: Cx, Path(id): Path<Id>, Body(input): Body<NewReading>) -> Result<Response> {
    let result = service::add_reading(&cx, id, input).await;
    done(&cx, id, result, |errors| views::dialog(&cx, id, Dialog::Reading, errors))
}

pub async fn transfer_form(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    cx.authorize(&UNIT_TRANSFER, &unit::service::load_unit(&cx, id).await?)?;
    Ok(cx.fragment(views::dialog(&cx, id, Dialog::Transfer, &FormErrors::default())))
}

pub async fn transfer(cx: Cx, Path(id): Path<Id>, Body(input): Body<Transfer>) -> Result<Response> {
    let result = service::transfer_unit(&cx, id, input).await;
    done(&cx, id, result, |errors| views::dialog(&cx, id, Dialog::Transfer, errors))
}

pub async fn relocate_form(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    cx.authorize(&UNIT_TRANSFER, &unit::service::load_unit(&cx, id).await?)?;
    Ok(cx.fragment(views::dialog(&cx, id, Dialog::Relocation, &FormErrors::default())))
}

pub async fn relocate(cx: Cx, Path(id): Path<Id>, Body(input): Body<Relocate>) -> Result<Response> {
    let result = service::relocate_unit(&cx, id, input).await;
    done(&cx, id, result, |errors| views::dialog(&cx, id, Dialog::Relocation, errors))
}
