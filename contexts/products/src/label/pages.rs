//! The printable label and its QR code.

use axum::{
    Json,
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use kernel::{Id, T};
use kit::extract::Path;
use kit::{Cx, Result};

use super::{rules, service, views};
use crate::unit::model::UnitOut;

pub async fn label(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    let label = service::load_label(&cx, id).await?;
    let url = service::public_url(&cx, &label.unit);
    let main = views::label(&cx, &label, &url, &rules::qr_svg(&url));
    Ok(cx.sheet(cx.t(T("设备标签", "Unit label")), &format!("/units/{id}"), main))
}

/// The QR code alone, for label printers and other systems.
pub async fn qr(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    let label = service::load_label(&cx, id).await?;
    let mut response = rules::qr_svg(&service::public_url(&cx, &label.unit)).into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("image/svg+xml"));
    Ok(response)
}

pub async fn renew(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    service::renew_token(&cx, id).await?;
    Ok(cx.redirect(&format!("/units/{id}/label")))
}

pub async fn renew_api(cx: Cx, Path(id): Path<Id>) -> Result<Json<UnitOut>> {
    service::renew_token(&cx, id).await.map(Json)
}
