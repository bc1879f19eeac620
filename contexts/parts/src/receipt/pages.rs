//! Pages of receipts.

use axum::{extract::RawQuery, response::Response};
use kernel::{Id, Quantity, T};
use kit::extract::Path;
use kit::{Body, Cx, FormErrors, Result};
use serde::Deserialize;

use super::{
    model::{ReceiptInput, ReceiptKind, ReceiptLineInput, ReverseInput},
    service, store, views,
};
use crate::{input, perms::STOCK_RECEIVE, purchase, widgets};

/// The page from which somebody came.
#[derive(Default, Deserialize)]
struct Begin {
    #[serde(default)]
    depot_id: Option<Id>,
    /// The requisition whose goods have come.
    #[serde(default)]
    purchase_id: Option<Id>,
}

pub async fn receipt(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    page(&cx, id, &FormErrors::default(), false).await
}

async fn page(cx: &Cx, id: Id, errors: &FormErrors, refused: bool) -> Result<Response> {
    let out = service::get_receipt(cx, id).await?;
    let side = kit::panels::side(cx, &mut cx.read().await?, "receipt", id).await?;
    let main = views::receipt_page(cx, &out, side, errors);
    if refused { Ok(cx.refused(main)) } else { cx.page(&out.no, main).await }
}

pub async fn new(cx: Cx, RawQuery(query): RawQuery) -> Result<Response> {
    let mut begin: Begin = input::query(query.as_deref())?;
    if begin.depot_id.is_none() {
        let last = match cx.actor()?.staff {
            Some(staff) => store::find_last_depot(&mut cx.read().await?, staff).await?,
            None => None,
        };
        begin.depot_id = widgets::own_depot(&cx, &STOCK_RECEIVE, last).await?;
    }
    let mut given = ReceiptInput {
        kind: ReceiptKind::Ordered,
        depot_id: begin.depot_id.unwrap_or(Id::NIL),
        supplier: String::new(),
        source_no: String::new(),
        deliverer: String::new(),
        note: String::new(),
        purchase_id: begin.purchase_id,
        lines: Vec::new(),
        scan: String::new(),
        unknown: String::new(),
        seen: false,
        add: false,
        remove: None,
    };
    if let Some(id) = begin.purchase_id {
        let bought = purchase::service::get_purchase(&cx, id).await?;
        given.depot_id = bought.depot_id;
        given.supplier = bought.supplier;
        given.source_no = bought.no;
        given.lines.push(ReceiptLineInput {
            part: bought.part_id.to_string(),
            part_text: format!("{} {}", bought.code, bought.name),
            quantity: Quantity((bought.quantity.0 - bought.received.0).max(0)),
            ..ReceiptLineInput::default()
        });
    }
    form(&cx, &given, &FormErrors::default(), false).await
}

async fn form(cx: &Cx, given: &ReceiptInput, errors: &FormErrors, refused: bool) -> Result<Response> {
    let depots = widgets::depots(cx, &STOCK_RECEIVE).await?;
    let main = views::receipt_form(cx, given, &depots, errors);
    if refused { Ok(cx.refused(main)) } else { cx.page(cx.t(T("入库", "Receive goods")), main).await }
}

/// Saves the receipt; a scanned code or the button beside it only adds a line to the form, the one in a line takes it out.
pub async fn create(cx: Cx, Body(mut given): Body<ReceiptInput>) -> Result<Response> {
    if given.add || !given.scan.trim().is_empty() {
        let heard = given.unknown.len();
        let added = cx.form(add_line(&cx, &mut given).await)?;
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
    match cx.form(service::create_receipt(&cx, given.clone()).await)? {
        Ok(out) => Ok(cx.redirect(&format!("/receipts/{}", out.id))),
        Err(errors) => form(&cx, &given, &errors, true).await,
    }
}

/// The same code scanned again counts one more.
async fn add_line(cx: &Cx, given: &mut ReceiptInput) -> Result<()> {
    // Taken out in any case: the next scan must not be appended to this one.
    let code = std::mem::take(&mut given.scan);
    for found in widgets::scanned(cx, &code, &mut given.unknown).await? {
        let part = found.as_ref().map(|part| part.id.to_string()).unwrap_or_default();
        match given.lines.iter_mut().find(|line| !part.is_empty() && line.part == part) {
            Some(line) => line.quantity.0 += Quantity::ONE.0,
            None => given.lines.push(ReceiptLineInput {
                part,
                part_text: found.as_ref().map(widgets::named).unwrap_or_default(),
                quantity: Quantity::ONE,
                old_part_due: found.map(|part| part.old_part_due),
                ..ReceiptLineInput::default()
            }),
        }
    }
    Ok(())
}

pub async fn reverse(cx: Cx, Path(id): Path<Id>, Body(given): Body<ReverseInput>) -> Result<Response> {
    match cx.form(service::reverse_receipt(&cx, id, given).await)? {
        Ok(_) => Ok(cx.redirect(&format!("/receipts/{id}"))),
        Err(errors) => page(&cx, id, &errors, true).await,
    }
}
