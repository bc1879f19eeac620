//! Pages of old parts.

use axum::response::Response;
use kernel::Id;
use kit::extract::Path;
use kit::{Body, Cx, FormErrors, Result};

use super::{model::SettleInput, service, views};
use crate::{
    perms::{OLD_PART_WRITE, STOCK_RECEIVE},
    widgets,
};

pub async fn debt(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    page(&cx, id, &FormErrors::default(), false).await
}

async fn page(cx: &Cx, id: Id, errors: &FormErrors, refused: bool) -> Result<Response> {
    let out = service::get_debt(cx, id).await?;
    let may = cx.can(&OLD_PART_WRITE) && cx.can(&STOCK_RECEIVE);
    let depots = if may { widgets::depots(cx, &STOCK_RECEIVE).await? } else { Vec::new() };
    let side = kit::panels::side(cx, &mut cx.read().await?, "old_part", id).await?;
    let main = views::debt_page(cx, &out, &depots, side, errors);
    if refused { Ok(cx.refused(main)) } else { cx.page(&out.no, main).await }
}

pub async fn settle(cx: Cx, Path(id): Path<Id>, Body(given): Body<SettleInput>) -> Result<Response> {
    match cx.form(service::settle_debt(&cx, id, given).await)? {
        Ok(_) => Ok(cx.redirect(&format!("/old-parts/{id}"))),
        Err(errors) => page(&cx, id, &errors, true).await,
    }
}
