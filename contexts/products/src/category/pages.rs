//! Pages of the product tree.

use axum::response::Response;
use kernel::{Id, T};
use kit::extract::{Path, Query};
use kit::{Body, Cx, Error, FormErrors, Result};
use serde::Deserialize;

use super::{model::NewCategory, service, views};

/// Where a new branch shall hang.
#[derive(Deserialize)]
pub struct NewQuery {
    #[serde(default)]
    parent: Option<Id>,
}

/// Text typed into a combo box.
#[derive(Deserialize)]
pub struct SuggestQuery {
    #[serde(default)]
    q: String,
}

/// Branches for a combo box: by a part of the name, with the branch above as hint.
pub async fn suggest(cx: Cx, Query(query): Query<SuggestQuery>) -> Result<Response> {
    let rows = service::list_categories(&cx).await?;
    Ok(cx.fragment(ui::suggestions(cx.lang, &views::suggested(&rows, &query.q), None)))
}

pub async fn tree(cx: Cx) -> Result<Response> {
    let rows = service::list_categories(&cx).await?;
    cx.page(cx.t(T("产品分类", "Product tree")), views::tree_page(&cx, &rows)).await
}

pub async fn new_category(cx: Cx, Query(query): Query<NewQuery>) -> Result<Response> {
    let rows = service::list_categories(&cx).await?;
    let input = NewCategory { parent_id: query.parent, ..NewCategory::default() };
    Ok(cx.fragment(views::category_form(&cx, None, &input, &rows, &FormErrors::default())))
}

pub async fn create(cx: Cx, Body(input): Body<NewCategory>) -> Result<Response> {
    match cx.form(service::create_category(&cx, input.clone()).await)? {
        Ok(_) => Ok(cx.redirect("/categories")),
        Err(errors) => {
            let rows = service::list_categories(&cx).await?;
            Ok(cx.refused(views::category_form(&cx, None, &input, &rows, &errors)))
        }
    }
}

pub async fn edit(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    let rows = service::list_categories(&cx).await?;
    let row = rows.iter().find(|row| row.id == id).ok_or(Error::NotFound)?;
    let input = NewCategory {
        version: Some(row.version),
        parent_id: row.parent_id,
        name: row.name.clone(),
        sort: Some(row.sort),
        retired: !row.active,
    };
    Ok(cx.fragment(views::category_form(&cx, Some(id), &input, &rows, &FormErrors::default())))
}

pub async fn change(cx: Cx, Path(id): Path<Id>, Body(input): Body<NewCategory>) -> Result<Response> {
    match cx.form(service::change_category(&cx, id, input.clone()).await)? {
        Ok(_) => Ok(cx.redirect("/categories")),
        Err(errors) => {
            let rows = service::list_categories(&cx).await?;
            Ok(cx.refused(views::category_form(&cx, Some(id), &input, &rows, &errors)))
        }
    }
}
