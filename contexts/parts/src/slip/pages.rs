//! Pages of issue slips.

use axum::{extract::RawQuery, response::Response};
use kernel::{Id, Quantity, T};
use kit::extract::Path;
use kit::{Body, Cx, FormErrors, Result};
use serde::Deserialize;

use super::{
    model::{CancelInput, LineChange, SlipInput, SlipLineInput, SlipOut},
    service, store, views,
};
use crate::{input, perms::STOCK_ISSUE, stock::model::IssueKind, widgets};

/// What the page somebody came from knows already.
#[derive(Default, Deserialize)]
struct Begin {
    #[serde(default)]
    depot_id: Option<Id>,
    #[serde(default)]
    part: String,
    #[serde(default, deserialize_with = "input::quantity")]
    quantity: Quantity,
    #[serde(default)]
    reserve: bool,
}

pub async fn slip(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    page(&cx, id, &FormErrors::default(), false).await
}

async fn page(cx: &Cx, id: Id, errors: &FormErrors, refused: bool) -> Result<Response> {
    let out = service::get_slip(cx, id).await?;
    let side = kit::panels::side(cx, &mut cx.read().await?, "issue_slip", id).await?;
    let main = views::slip_page(cx, &out, side, errors);
    if refused { Ok(cx.refused(main)) } else { cx.page(&out.no, main).await }
}

pub async fn new(cx: Cx, RawQuery(query): RawQuery) -> Result<Response> {
    let mut begin: Begin = input::query(query.as_deref())?;
    if begin.depot_id.is_none() {
        let last = match cx.actor()?.staff {
            Some(staff) => store::find_last_depot(&mut cx.read().await?, staff).await?,
            None => None,
        };
        begin.depot_id = widgets::own_depot(&cx, &STOCK_ISSUE, last).await?;
    }
    let mut given = SlipInput {
        kind: IssueKind::Sale,
        depot_id: begin.depot_id.unwrap_or(Id::NIL),
        recipient: String::new(),
        voucher: String::new(),
        pick: None,
        reason: String::new(),
        note: String::new(),
        reserve: begin.reserve,
        lines: Vec::new(),
        scan: begin.part,
        unknown: String::new(),
        seen: false,
        add: false,
        remove: None,
    };
    let mut errors = FormErrors::default();
    if !given.scan.is_empty() {
        errors = cx.form(add_line(&cx, &mut given, begin.quantity).await)?.err().unwrap_or_default();
    }
    form(&cx, &given, &errors, false).await
}

async fn form(cx: &Cx, given: &SlipInput, errors: &FormErrors, refused: bool) -> Result<Response> {
    let depots = widgets::depots(cx, &STOCK_ISSUE).await?;
    let main = views::slip_form(cx, given, &depots, errors);
    if refused {
        Ok(cx.refused(main))
    } else {
        cx.page(cx.t(T("出库/预约", "Issue or reserve")), main).await
    }
}

/// Saves the slip; a scanned code or the button beside it only adds a line to the form, the one in a line takes it out.
pub async fn create(cx: Cx, Body(mut given): Body<SlipInput>) -> Result<Response> {
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
    let result = service::create_slip(&cx, given.clone()).await;
    match cx.form(result)? {
        Ok(out) => Ok(cx.redirect(&format!("/issue-slips/{}", out.id))),
        Err(errors) => form(&cx, &given, &errors, true).await,
    }
}

/// The same code scanned again counts one more.
async fn add_line(cx: &Cx, given: &mut SlipInput, quantity: Quantity) -> Result<()> {
    let quantity = if quantity.0 > 0 { quantity } else { Quantity::ONE };
    // Taken out in any case: the next scan must not be appended to this one.
    let code = std::mem::take(&mut given.scan);
    for found in widgets::scanned(cx, &code, &mut given.unknown).await? {
        let part = found.as_ref().map(|part| part.id.to_string()).unwrap_or_default();
        match given.lines.iter_mut().find(|line| !part.is_empty() && line.part == part) {
            Some(line) => line.quantity.0 += quantity.0,
            None => {
                let part_text = found.as_ref().map(widgets::named).unwrap_or_default();
                given.lines.push(SlipLineInput { part, part_text, quantity });
            }
        }
    }
    Ok(())
}

async fn done(cx: &Cx, id: Id, result: Result<SlipOut>) -> Result<Response> {
    match cx.form(result)? {
        Ok(_) => Ok(cx.redirect(&format!("/issue-slips/{id}"))),
        Err(errors) => page(cx, id, &errors, true).await,
    }
}

pub async fn issue(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    let result = service::issue_slip(&cx, id).await;
    done(&cx, id, result).await
}

pub async fn change_line(cx: Cx, Path(id): Path<Id>, Body(given): Body<LineChange>) -> Result<Response> {
    let result = service::change_line(&cx, id, given).await;
    done(&cx, id, result).await
}

pub async fn cancel(cx: Cx, Path(id): Path<Id>, Body(given): Body<CancelInput>) -> Result<Response> {
    let result = service::cancel_slip(&cx, id, given).await;
    done(&cx, id, result).await
}
