//! Pages.

use axum::{
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use kernel::Id;
use kit::{Body, Cx, FormErrors, Result, extract::Path};

use super::{model::Erase, service, views};

pub async fn show(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    let row = service::file(&cx, id).await?;
    let copy = service::copy(&cx, id).await?;
    cx.page(cx.t(views::TITLE), views::page(&cx, &row, &copy)).await
}

/// The copy as a file, to be handed to the person.
pub async fn download(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    let row = service::file(&cx, id).await?;
    let copy = service::copy(&cx, id).await?;
    // What may be somebody else's is for the office to look at.
    let copy = kit::personal::Copy { unsure: Vec::new(), ..copy };
    let mut response = serde_json::to_vec_pretty(&copy)?.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json; charset=utf-8"));
    let name =
        format!("attachment; filename=\"personal-{}-{}.json\"", row.no, kit::format::date(&cx, copy.at));
    if let Ok(value) = HeaderValue::from_str(&name) {
        headers.insert(header::CONTENT_DISPOSITION, value);
    }
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}

pub async fn erase_form(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    let row = service::erasable(&cx, id).await?;
    cx.page(cx.t(views::ERASE), views::form(&cx, &row, &Erase::default(), &FormErrors::default())).await
}

pub async fn erase(cx: Cx, Path(id): Path<Id>, Body(input): Body<Erase>) -> Result<Response> {
    match cx.form(service::erase(&cx, id, input.clone()).await)? {
        Ok(_) => Ok(cx.redirect(&format!("/customers/{id}"))),
        Err(errors) => {
            let row = service::erasable(&cx, id).await?;
            Ok(cx.refused(views::form(&cx, &row, &input, &errors)))
        }
    }
}
