//! Pages of transfers.

use axum::{extract::RawQuery, response::Response};
use kernel::{Id, Quantity};
use kit::extract::Path;
use kit::{Body, Cx, FormErrors, Result};
use serde::Deserialize;

use super::{
    model::{
        ArriveInput, PositionInput, SendBackInput, TransferInput, TransferKind, TransferLineInput,
        TransferOut,
    },
    service, views,
};
use crate::{
    depot::{self, model::DepotKind},
    input,
    perms::{STOCK_MOVE, STOCK_READ},
    widgets,
};

/// What the page somebody came from knows already.
#[derive(Default, Deserialize)]
struct Begin {
    #[serde(default)]
    kind: Option<TransferKind>,
    #[serde(default)]
    from_id: Option<Id>,
    #[serde(default)]
    to_id: Option<Id>,
    #[serde(default)]
    part: String,
    #[serde(default, deserialize_with = "input::quantity")]
    quantity: Quantity,
}

pub async fn transfer(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    page(&cx, id, &FormErrors::default(), false).await
}

async fn page(cx: &Cx, id: Id, errors: &FormErrors, refused: bool) -> Result<Response> {
    let out = service::get_transfer(cx, id).await?;
    let side = kit::panels::side(cx, &mut cx.read().await?, "transfer", id).await?;
    let main = views::transfer_page(cx, &out, side, errors);
    if refused { Ok(cx.refused(main)) } else { cx.page(&out.no, main).await }
}

pub async fn new(cx: Cx, RawQuery(query): RawQuery) -> Result<Response> {
    let begin: Begin = input::query(query.as_deref())?;
    let mut given = TransferInput {
        kind: begin.kind.unwrap_or(TransferKind::Move),
        from_id: begin.from_id.unwrap_or(Id::NIL),
        to_id: begin.to_id.unwrap_or(Id::NIL),
        carrier: String::new(),
        waybill: String::new(),
        due: None,
        reason: String::new(),
        note: String::new(),
        lines: Vec::new(),
        scan: begin.part,
        unknown: String::new(),
        seen: false,
        add: false,
        remove: None,
    };
    if let (TransferKind::ReturnUnused, Some(staff)) = (given.kind, cx.actor()?.staff) {
        // Who returns unused parts returns them out of their own van.
        if let Some(van) = depot::store::find_van(&mut cx.read().await?, staff).await? {
            given.from_id = van.id;
        }
    }
    let mut errors = FormErrors::default();
    if !given.scan.is_empty() {
        errors = cx.form(add_line(&cx, &mut given, begin.quantity).await)?.err().unwrap_or_default();
    }
    form(&cx, &given, &errors, false).await
}

async fn form(cx: &Cx, given: &TransferInput, errors: &FormErrors, refused: bool) -> Result<Response> {
    let mut from = widgets::depots(cx, &STOCK_MOVE).await?;
    let mut to = if cx.can(&STOCK_READ) { widgets::depots(cx, &STOCK_READ).await? } else { from.clone() };
    match given.kind {
        TransferKind::Draw => to.retain(|d| d.kind == DepotKind::Van),
        TransferKind::ReturnUnused => from.retain(|d| d.kind == DepotKind::Van),
        TransferKind::Move => {}
    }
    let main = views::transfer_form(cx, given, &from, &to, errors);
    if refused { Ok(cx.refused(main)) } else { cx.page(cx.t(given.kind.label()), main).await }
}

/// Saves the transfer; a scanned code or the button beside it only adds a line to the form, the one in a line takes it out.
pub async fn create(cx: Cx, Body(mut given): Body<TransferInput>) -> Result<Response> {
    if given.add || !given.scan.trim().is_empty() {
        let heard = given.unknown.len();
        let added = cx.form(add_line(&cx, &mut given, Quantity::ZERO).await)?;
        let errors = added.err().unwrap_or_default();
        let refused = !errors.is_empty() || given.unknown.len() > heard;
        return form(&cx, &given, &errors, refused).await;
    }
    if given.remove.is_some() || given.seen {
        if let Some(line) = given.remove.filter(|line| *line < given.lines.len()) {
            given.lines.remove(line);
        }
        if given.seen {
            given.unknown.clear();
        }
        return form(&cx, &given, &FormErrors::default(), false).await;
    }
    if let Err(errors) = widgets::all_known(&cx, &given.unknown) {
        return form(&cx, &given, &errors, true).await;
    }
    match cx.form(service::create_transfer(&cx, given.clone()).await)? {
        Ok(out) => Ok(cx.redirect(&format!("/transfers/{}", out.id))),
        Err(errors) => form(&cx, &given, &errors, true).await,
    }
}

/// The same code scanned again counts one more.
async fn add_line(cx: &Cx, given: &mut TransferInput, quantity: Quantity) -> Result<()> {
    let quantity = if quantity.0 > 0 { quantity } else { Quantity::ONE };
    // Taken out in any case: the next scan must not be appended to this one.
    let code = std::mem::take(&mut given.scan);
    for found in widgets::scanned(cx, &code, &mut given.unknown).await? {
        let part = found.as_ref().map(|part| part.id.to_string()).unwrap_or_default();
        match given.lines.iter_mut().find(|line| !part.is_empty() && line.part == part) {
            Some(line) => line.quantity.0 += quantity.0,
            None => {
                let part_text = found.as_ref().map(widgets::named).unwrap_or_default();
                given.lines.push(TransferLineInput {
                    part,
                    part_text,
                    quantity,
                    ..TransferLineInput::default()
                });
            }
        }
    }
    Ok(())
}

async fn done(cx: &Cx, id: Id, result: Result<TransferOut>) -> Result<Response> {
    match cx.form(result)? {
        Ok(_) => Ok(cx.redirect(&format!("/transfers/{id}"))),
        Err(errors) => page(cx, id, &errors, true).await,
    }
}

pub async fn receive(cx: Cx, Path(id): Path<Id>, Body(given): Body<ArriveInput>) -> Result<Response> {
    let result = service::receive_transfer(&cx, id, given).await;
    done(&cx, id, result).await
}

pub async fn send_back(cx: Cx, Path(id): Path<Id>, Body(given): Body<SendBackInput>) -> Result<Response> {
    let result = service::return_transfer(&cx, id, given).await;
    done(&cx, id, result).await
}

pub async fn position(cx: Cx, Path(id): Path<Id>, Body(given): Body<PositionInput>) -> Result<Response> {
    let result = service::set_position(&cx, id, given).await;
    done(&cx, id, result).await
}
