//! Pages behind a label.

use axum::{http::StatusCode, response::Response};
use kernel::Id;
use kit::{Cx, Result, attachments, extract::Path};

use super::{service, views};
use crate::guest;

pub async fn unit(cx: Cx, Path(token): Path<String>) -> Result<Response> {
    let page = service::load(&cx, &token).await?;
    Ok(guest::page(&cx, &page.model_name, views::unit(&cx, &token, &page), StatusCode::OK))
}

pub async fn paper(cx: Cx, Path((token, file)): Path<(String, Id)>) -> Result<Response> {
    let (row, bytes) = service::paper(&cx, &token, file).await?;
    Ok(attachments::response(&row, bytes, false))
}
