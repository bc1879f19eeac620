//! Pages of depots.

use axum::response::Response;
use kernel::{Id, T};
use kit::extract::Path;
use kit::{Body, Cx, FormErrors, Result};

use super::{
    model::{DepotInput, DepotKind},
    service, store, views,
};
use crate::perms::{DEPOT_WRITE, STOCK_READ};

pub async fn depot(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    let row = service::get_depot(&cx, id).await?;
    let mut conn = cx.read().await?;
    let lying = store::select_lying(&mut conn, id).await?;
    let org = org::api::org_names(&mut conn, &[row.org_id]).await?.remove(&row.org_id).unwrap_or_default();
    let holder = match row.holder_id {
        Some(holder) => org::api::staff_names(&mut conn, &[holder]).await?.remove(&holder),
        None => None,
    };
    let side = kit::panels::side(&cx, &mut conn, "depot", id).await?;
    cx.count(&conn);
    drop(conn);
    let title = row.name.clone();
    cx.page(&title, views::depot_page(&cx, &views::DepotPage { row, lying, org, holder, side })).await
}

/// A row of the stock list leads to its part.
pub async fn balance(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    let found = store::find_balance_part(&mut cx.read().await?, id).await?;
    to_part(&cx, found).await
}

/// A row of the list of levels leads to its part.
pub async fn level(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    let found = store::find_level_part(&mut cx.read().await?, id).await?;
    to_part(&cx, found).await
}

async fn to_part(cx: &Cx, (part, depot): (Id, Id)) -> Result<Response> {
    let depot = store::get_depot(&mut cx.read().await?, depot).await?;
    cx.authorize(&STOCK_READ, &depot)?;
    Ok(cx.redirect(&format!("/parts/{part}")))
}

pub async fn new(cx: Cx) -> Result<Response> {
    let input = DepotInput {
        code: String::new(),
        name: String::new(),
        kind: DepotKind::Parts,
        org_id: None,
        holder_id: None,
        address: String::new(),
        note: String::new(),
        inactive: false,
        version: None,
    };
    form(&cx, None, &input, &FormErrors::default(), false).await
}

pub async fn create(cx: Cx, Body(given): Body<DepotInput>) -> Result<Response> {
    match cx.form(service::create_depot(&cx, given.clone()).await)? {
        Ok(row) => Ok(cx.redirect(&format!("/depots/{}", row.id))),
        Err(errors) => form(&cx, None, &given, &errors, true).await,
    }
}

pub async fn edit(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    let row = service::get_depot(&cx, id).await?;
    let input = DepotInput {
        code: row.code,
        name: row.name,
        kind: row.kind,
        org_id: Some(row.org_id),
        holder_id: row.holder_id,
        address: row.address,
        note: row.note,
        inactive: !row.active,
        version: Some(row.version),
    };
    form(&cx, Some(id), &input, &FormErrors::default(), false).await
}

pub async fn change(cx: Cx, Path(id): Path<Id>, Body(given): Body<DepotInput>) -> Result<Response> {
    match cx.form(service::change_depot(&cx, id, given.clone()).await)? {
        Ok(_) => Ok(cx.redirect(&format!("/depots/{id}"))),
        Err(errors) => form(&cx, Some(id), &given, &errors, true).await,
    }
}

async fn form(
    cx: &Cx,
    id: Option<Id>,
    input: &DepotInput,
    errors: &FormErrors,
    refused: bool,
) -> Result<Response> {
    let scope = cx.scope(&DEPOT_WRITE)?;
    let mut conn = cx.read().await?;
    let people = org::api::engineers(&mut conn, &scope).await?;
    drop(conn);
    let people: Vec<(String, String)> = people.into_iter().map(|s| (s.id.to_string(), s.name)).collect();
    let main = views::depot_form(cx, id, input, &people, errors);
    let title =
        cx.t(if id.is_some() { T("修改仓库", "Change depot") } else { T("新建仓库", "New depot") });
    if refused { Ok(cx.refused(main)) } else { cx.page(title, main).await }
}
