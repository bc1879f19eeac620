//! Pages of the catalogue.

use axum::{extract::RawQuery, response::Response};
use kernel::{Id, T};
use kit::extract::Path;
use kit::{Body, Cx, FormErrors, Result, Scope, search};
use serde::Deserialize;

use super::{
    model::{PartInput, SubstituteInput},
    service, store, views,
};
use crate::{
    input,
    perms::{STOCK_ADJUST, STOCK_READ},
    stock::level,
    widgets,
};

/// Text typed into a combo box.
#[derive(Default, Deserialize)]
struct Typed {
    #[serde(default)]
    q: String,
}

pub async fn part(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    let part = service::get_part(&cx, id).await?;
    page(&cx, id, &part.name, &FormErrors::default(), false).await
}

async fn page(cx: &Cx, id: Id, title: &str, errors: &FormErrors, refused: bool) -> Result<Response> {
    let part = service::get_part(cx, id).await?;
    let stock = if cx.can(&STOCK_READ) { level::part_stock(cx, id).await? } else { Vec::new() };
    let substitutes = service::list_substitutes(cx, id).await?;
    let depots = if cx.can(&STOCK_ADJUST) { widgets::depots(cx, &STOCK_ADJUST).await? } else { Vec::new() };
    let side = kit::panels::side(cx, &mut cx.read().await?, "part", id).await?;
    let main = views::part_page(cx, &views::PartPage { part, stock, substitutes, depots, side }, errors);
    if refused { Ok(cx.refused(main)) } else { cx.page(title, main).await }
}

/// The page again with the faults of one of its small forms.
pub async fn refused(cx: &Cx, id: Id, errors: &FormErrors) -> Result<Response> {
    page(cx, id, "", errors, true).await
}

async fn form(cx: &Cx, id: Option<Id>, input: &PartInput, errors: &FormErrors) -> Result<maud::Markup> {
    let branches = products::api::branches(&mut cx.read().await?).await?;
    Ok(views::part_form(cx, id, input, &branches, errors))
}

pub async fn new(cx: Cx) -> Result<Response> {
    let main = form(&cx, None, &PartInput::named("", ""), &FormErrors::default()).await?;
    cx.page(cx.t(T("新建配件", "New part")), main).await
}

pub async fn create(cx: Cx, Body(given): Body<PartInput>) -> Result<Response> {
    match cx.form(service::create_part(&cx, given.clone()).await)? {
        Ok(out) => Ok(cx.redirect(&format!("/parts/{}", out.id))),
        Err(errors) => Ok(cx.refused(form(&cx, None, &given, &errors).await?)),
    }
}

pub async fn edit(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    let row = store::get_part(&mut cx.read().await?, id).await?;
    let main = form(&cx, Some(id), &views::input_of(&cx, &row), &FormErrors::default()).await?;
    cx.page(&row.name, main).await
}

pub async fn change(cx: Cx, Path(id): Path<Id>, Body(given): Body<PartInput>) -> Result<Response> {
    match cx.form(service::change_part(&cx, id, given.clone()).await)? {
        Ok(_) => Ok(cx.redirect(&format!("/parts/{id}"))),
        Err(errors) => Ok(cx.refused(form(&cx, Some(id), &given, &errors).await?)),
    }
}

pub async fn add_substitute(
    cx: Cx,
    Path(id): Path<Id>,
    Body(mut given): Body<SubstituteInput>,
) -> Result<Response> {
    given.code = input::named("", &given.code).to_string();
    match cx.form(service::add_substitute(&cx, id, given).await)? {
        Ok(_) => Ok(cx.redirect(&format!("/parts/{id}"))),
        Err(errors) => refused(&cx, id, &errors).await,
    }
}

pub async fn remove_substitute(cx: Cx, Path((id, link)): Path<(Id, Id)>) -> Result<Response> {
    service::remove_substitute(&cx, id, link).await?;
    Ok(cx.redirect(&format!("/parts/{id}")))
}

/// The card that hangs at the shelf (标识卡片, PARTS-13).
pub async fn bin_card(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    let part = service::get_part(&cx, id).await?;
    let stock = if cx.can(&STOCK_READ) { level::part_stock(&cx, id).await? } else { Vec::new() };
    Ok(cx.sheet(&part.name, &format!("/parts/{id}"), views::bin_card(&cx, &part, &stock)))
}

/// Parts offered while somebody types: by code first, then by words.
pub async fn suggest(cx: Cx, RawQuery(query): RawQuery) -> Result<Response> {
    let typed: Typed = input::query(query.as_deref())?;
    let mut conn = cx.read().await?;
    let mut found: Vec<(String, String, String)> = store::select_by_prefix(&mut conn, typed.q.trim(), 8)
        .await?
        .into_iter()
        .map(|p| (p.id.to_string(), format!("{} {}", p.code, p.name), p.spec))
        .collect();
    if found.len() < 8 {
        for hit in search::find(&cx, &mut conn, "part", &Scope::All, &typed.q, 8).await? {
            if !found.iter().any(|(id, ..)| *id == hit.ref_id.to_string()) {
                found.push((hit.ref_id.to_string(), hit.title, hit.sub));
            }
        }
    }
    let items: Vec<ui::Suggestion> =
        found.into_iter().map(|(id, text, hint)| ui::Suggestion { id, text, hint }).collect();
    Ok(cx.fragment(ui::suggestions(cx.lang, &items, None)))
}
