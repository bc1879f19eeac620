//! Handlers of the public pages.

use axum::{extract::Multipart, http::StatusCode, response::Response};
use kernel::{RuleError, T};
use kit::extract::Path;
use kit::{Cx, Error, FormErrors, Result, attachments::Upload};

use super::{
    service::{self, MOST_FILES, Report},
    views,
};
use crate::topic;

pub async fn report(cx: Cx, Path(token): Path<String>) -> Result<Response> {
    let unit = service::unit(&cx, &token).await?;
    let topics = topic::service::topics(&cx).await?;
    let main = views::report(&cx, &token, &unit, &topics, &Report::default(), &FormErrors::default());
    Ok(cx.bare(cx.t(T("报修与服务", "Ask for service")), main, StatusCode::OK))
}

pub async fn submit(cx: Cx, Path(token): Path<String>, form: Multipart) -> Result<Response> {
    let (report, files) = read(&cx, form).await?;
    match cx.form(service::report(&cx, &token, report.clone(), files).await)? {
        Ok(secret) if secret.is_empty() => Ok(cx.redirect(&format!("/u/{token}"))),
        Ok(secret) => Ok(cx.redirect(&format!("/r/{secret}"))),
        Err(errors) => {
            let unit = service::unit(&cx, &token).await?;
            let topics = topic::service::topics(&cx).await?;
            let main = views::report(&cx, &token, &unit, &topics, &report, &errors);
            if cx.req.partial {
                return Ok(cx.refused(main));
            }
            Ok(cx.bare(cx.t(T("报修与服务", "Ask for service")), main, StatusCode::UNPROCESSABLE_ENTITY))
        }
    }
}

/// What a form sent, with its pictures.
pub async fn read(cx: &Cx, mut form: Multipart) -> Result<(Report, Vec<Upload>)> {
    let broken = |_| {
        Error::rule(
            RuleError::new("file.form", T("上传内容不完整", "The upload is incomplete")).field("photo"),
        )
    };
    let (mut report, mut files) = (Report::default(), Vec::new());
    while let Some(field) = form.next_field().await.map_err(broken)? {
        let name = field.name().unwrap_or_default().to_string();
        if name == "photo" {
            let file = field.file_name().unwrap_or("photo").to_string();
            let bytes = field.bytes().await.map_err(broken)?.to_vec();
            // One more than allowed is kept, so that the rule can say so.
            if !bytes.is_empty() && files.len() <= MOST_FILES {
                files.push(Upload { id: cx.id(), name: file, label: "web".into(), bytes });
            }
            continue;
        }
        let text = field.text().await.map_err(broken)?;
        let place = match name.as_str() {
            "name" => &mut report.name,
            "phone" => &mut report.phone,
            "content" => &mut report.content,
            "text" => &mut report.text,
            "demand" => &mut report.demand,
            "model" => &mut report.model,
            "serial" => &mut report.serial,
            "proof" => &mut report.proof,
            "address" => &mut report.address,
            "website" => &mut report.website,
            "idem" => &mut report.form_key,
            _ => continue,
        };
        *place = text;
    }
    Ok((report, files))
}
