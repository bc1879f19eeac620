//! Pages of purchase requisitions.

use axum::{extract::RawQuery, response::Response};
use kernel::{Id, T};
use kit::extract::Path;
use kit::{Body, Cx, FormErrors, Result};

use super::{
    model::{CancelInput, OrderInput, PurchaseInput},
    service, views,
};
use crate::{input, perms::PURCHASE_WRITE, widgets};

pub async fn purchase(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    page(&cx, id, &FormErrors::default(), false).await
}

async fn page(cx: &Cx, id: Id, errors: &FormErrors, refused: bool) -> Result<Response> {
    let out = service::get_purchase(cx, id).await?;
    let side = kit::panels::side(cx, &mut cx.read().await?, "purchase", id).await?;
    let main = views::purchase_page(cx, &out, side, errors);
    if refused { Ok(cx.refused(main)) } else { cx.page(&out.no, main).await }
}

/// The form, filled in by whoever led here: the draw screen, a level.
pub async fn new(cx: Cx, RawQuery(query): RawQuery) -> Result<Response> {
    let mut given: PurchaseInput = input::query(query.as_deref())?;
    if !given.part.is_empty() {
        let code = std::mem::take(&mut given.part);
        (given.part, given.part_text) = widgets::known(&cx, &code).await?.unwrap_or((String::new(), code));
    }
    form(&cx, &given, &FormErrors::default(), false).await
}

async fn form(cx: &Cx, given: &PurchaseInput, errors: &FormErrors, refused: bool) -> Result<Response> {
    let depots = widgets::depots(cx, &PURCHASE_WRITE).await?;
    let main = views::purchase_form(cx, given, &depots, errors);
    if refused { Ok(cx.refused(main)) } else { cx.page(cx.t(T("申请采购", "Ask to buy")), main).await }
}

pub async fn create(cx: Cx, Body(given): Body<PurchaseInput>) -> Result<Response> {
    match cx.form(service::create_purchase(&cx, given.clone()).await)? {
        Ok(out) => Ok(cx.redirect(&format!("/purchases/{}", out.id))),
        Err(errors) => form(&cx, &given, &errors, true).await,
    }
}

pub async fn order(cx: Cx, Path(id): Path<Id>, Body(given): Body<OrderInput>) -> Result<Response> {
    match cx.form(service::order_purchase(&cx, id, given).await)? {
        Ok(_) => Ok(cx.redirect(&format!("/purchases/{id}"))),
        Err(errors) => page(&cx, id, &errors, true).await,
    }
}

pub async fn cancel(cx: Cx, Path(id): Path<Id>, Body(given): Body<CancelInput>) -> Result<Response> {
    match cx.form(service::cancel_purchase(&cx, id, given).await)? {
        Ok(_) => Ok(cx.redirect(&format!("/purchases/{id}"))),
        Err(errors) => page(&cx, id, &errors, true).await,
    }
}
