//! Pages of product models.

use axum::response::Response;
use kernel::{Id, T};
use kit::extract::{Path, Query};
use kit::{Body, Cx, FormErrors, Result, Scope, search};
use serde::Deserialize;

use super::{model::NewModel, service, store, views};
use crate::category;

/// Text typed into a combo box.
#[derive(Deserialize)]
pub struct SuggestQuery {
    #[serde(default)]
    q: String,
}

pub async fn model(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    let out = service::load_model(&cx, id).await?;
    let mut conn = cx.read().await?;
    let category = store::find_category_name(&mut conn, out.model.category_id).await?;
    let units = store::count_units(&mut conn, id).await?;
    let side = kit::panels::side(&cx, &mut conn, "model", id).await?;
    cx.count(&conn);
    drop(conn);
    cx.page(&out.model.name, views::model_page(&cx, &out, &category, units, side)).await
}

pub async fn new_model(cx: Cx) -> Result<Response> {
    form_page(&cx, None, &NewModel::default(), &FormErrors::default(), false).await
}

pub async fn create(cx: Cx, Body(input): Body<NewModel>) -> Result<Response> {
    match cx.form(service::create_model(&cx, input.clone()).await)? {
        Ok(out) => Ok(cx.redirect(&format!("/models/{}", out.model.id))),
        Err(errors) => form_page(&cx, None, &input, &errors, true).await,
    }
}

pub async fn edit(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    let input = views::input_of(&service::load_model(&cx, id).await?);
    form_page(&cx, Some(id), &input, &FormErrors::default(), false).await
}

pub async fn change(cx: Cx, Path(id): Path<Id>, Body(input): Body<NewModel>) -> Result<Response> {
    // An empty box on the form means: no component groups.
    let input = NewModel { groups: Some(input.groups.unwrap_or_default()), ..input };
    match cx.form(service::change_model(&cx, id, input.clone()).await)? {
        Ok(_) => Ok(cx.redirect(&format!("/models/{id}"))),
        Err(errors) => form_page(&cx, Some(id), &input, &errors, true).await,
    }
}

async fn form_page(
    cx: &Cx,
    id: Option<Id>,
    input: &NewModel,
    errors: &FormErrors,
    refused: bool,
) -> Result<Response> {
    let categories = category::service::list_categories(cx).await?;
    let main = views::model_form(cx, id, input, &categories, errors);
    let title =
        cx.t(if id.is_some() { T("修改型号", "Change model") } else { T("新建型号", "New model") });
    if refused { Ok(cx.refused(main)) } else { cx.page(title, main).await }
}

/// Models for a combo box: by code, name, specification or pinyin initials; the newest before anything is typed.
pub async fn suggest(cx: Cx, Query(query): Query<SuggestQuery>) -> Result<Response> {
    let mut conn = cx.read().await?;
    let items: Vec<ui::Suggestion> = if query.q.trim().is_empty() {
        let rows = store::select_recent(&mut conn, 12).await?;
        rows.into_iter()
            .map(|row| ui::Suggestion { id: row.id.to_string(), text: row.name, hint: row.code })
            .collect()
    } else {
        let hits = search::find(&cx, &mut conn, "model", &Scope::All, &query.q, 12).await?;
        hits.into_iter()
            .map(|hit| ui::Suggestion { id: hit.ref_id.to_string(), text: hit.title, hint: hit.sub })
            .collect()
    };
    cx.count(&conn);
    Ok(cx.fragment(ui::suggestions(cx.lang, &items, None)))
}
