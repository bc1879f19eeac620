//! Pages of customer files.

use axum::response::Response;
use kernel::{Id, T};
use kit::extract::{Path, Query};
use kit::{Body, Cx, FormErrors, Result, search};
use serde::Deserialize;

use super::{
    model::{NewCustomer, SecretField},
    service, views,
};
use crate::{class, contact, duplicate, perms::CUSTOMER_READ};

/// Text typed into a combo box.
#[derive(Deserialize)]
pub struct SuggestQuery {
    #[serde(default)]
    q: String,
}

/// The customer on one screen (CUST-01). A merged file leads to the one it went into.
pub async fn customer(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    let row = service::load_customer(&cx, id).await?;
    if row.id != id {
        return Ok(cx.redirect(&format!("/customers/{}", row.id)));
    }
    let mut conn = cx.read().await?;
    let page = views::CustomerPage {
        classes: class::store::select_classes(&mut conn).await?,
        contacts: contact::store::select_contacts(&mut conn, id).await?,
        addresses: contact::store::select_addresses(&mut conn, id).await?,
        timers: kit::timers::of_doc(&mut conn, id).await?,
        suspects: duplicate::service::suspects_of(&cx, &mut conn, &row).await?,
        side: kit::panels::side(&cx, &mut conn, "customer", id).await?,
        row,
    };
    cx.count(&conn);
    drop(conn);
    cx.page(&cx.mask(kit::Sens::Name, &page.row.name), views::customer_page(&cx, &page)).await
}

pub async fn new_customer(cx: Cx) -> Result<Response> {
    form_page(&cx, None, &NewCustomer::default(), &FormErrors::default(), false).await
}

pub async fn create(cx: Cx, Body(input): Body<NewCustomer>) -> Result<Response> {
    match cx.form(service::create_customer(&cx, input.clone()).await)? {
        Ok(out) => Ok(cx.redirect(&format!("/customers/{}", out.id))),
        Err(errors) => form_page(&cx, None, &input, &errors, true).await,
    }
}

pub async fn edit(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    let row = service::load_customer(&cx, id).await?;
    let input = views::input_of(&cx, &row);
    form_page(&cx, Some(row.id), &input, &FormErrors::default(), false).await
}

pub async fn change(cx: Cx, Path(id): Path<Id>, Body(input): Body<NewCustomer>) -> Result<Response> {
    match cx.form(service::change_customer(&cx, id, input.clone()).await)? {
        Ok(_) => Ok(cx.redirect(&format!("/customers/{id}"))),
        Err(errors) => form_page(&cx, Some(id), &input, &errors, true).await,
    }
}

async fn form_page(
    cx: &Cx,
    id: Option<Id>,
    input: &NewCustomer,
    errors: &FormErrors,
    refused: bool,
) -> Result<Response> {
    let classes = class::store::select_classes(&mut cx.read().await?).await?;
    let main = views::customer_form(cx, id, input, &classes, errors);
    let title = cx.t(if id.is_some() {
        T("修改客户档案", "Change customer file")
    } else {
        T("新建客户", "New customer")
    });
    if refused { Ok(cx.refused(main)) } else { cx.page(title, main).await }
}

pub async fn archive(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    service::archive_customer(&cx, id).await?;
    Ok(cx.redirect(&format!("/customers/{id}")))
}

pub async fn restore(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    service::restore_customer(&cx, id).await?;
    Ok(cx.redirect(&format!("/customers/{id}")))
}

/// The full value in place of the masked one; the page hides it again by itself.
pub async fn reveal(cx: Cx, Path((id, field)): Path<(Id, SecretField)>) -> Result<Response> {
    let revealed = service::reveal_field(&cx, id, field).await?;
    let anchor = contact::views::anchor(id, field);
    Ok(cx.fragment(ui::revealed(cx.lang, &anchor, &revealed.value, &revealed.masked)))
}

/// Customers for a combo box: by name, pinyin initials, number or phone.
pub async fn suggest(cx: Cx, Query(query): Query<SuggestQuery>) -> Result<Response> {
    let scope = cx.scope(&CUSTOMER_READ)?;
    let mut conn = cx.read().await?;
    let hits = search::find(&cx, &mut conn, "customer", &scope, &query.q, 12).await?;
    cx.count(&conn);
    let item =
        |hit: search::Hit| ui::Suggestion { id: hit.ref_id.to_string(), text: hit.title, hint: hit.sub };
    let items: Vec<ui::Suggestion> = hits.into_iter().map(item).collect();
    Ok(cx.fragment(ui::suggestions(cx.lang, &items, None)))
}
