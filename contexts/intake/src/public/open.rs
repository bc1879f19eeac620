//! The form for people without a code: whoever has a problem with something and knows the company's address (CALL-29).
//! Off until the company switches it on.

use axum::{Json, extract::Multipart, http::StatusCode, response::Response};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use kernel::{Id, RuleError, T};
use kit::{
    Body, Cx, DocRef, Error, FormErrors, Result, Scope,
    attachments::{self, Upload},
    begin,
    extract::Path,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    pages,
    service::{self, MOST_FILES, Report},
    store, views,
};
use crate::{
    request::{
        input::NewRequest,
        rules,
        service::{Numbers, doc, register_in},
    },
    settings, topic,
};

/// A report as programs send it; the same as the public forms.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct PublicReport {
    /// Name of whoever asks.
    pub name: String,
    /// Number to call, 7 to 15 digits.
    pub phone: String,
    /// Code of a content, `repair.noise`; a repair unless given.
    pub content: String,
    /// What is wrong.
    pub text: String,
    /// What they would like.
    pub demand: String,
    /// Model, in words; only where no unit is named.
    pub model: String,
    /// Serial number, in words; only where no unit is named.
    pub serial: String,
    /// Proof of purchase.
    pub proof: String,
    /// Where.
    pub address: String,
    /// Must stay empty: a trap for programs that fill everything.
    pub website: String,
    /// Key of the report: sent twice, it makes one request.
    pub form_key: String,
    /// Pictures, three at most.
    pub photos: Vec<Photo>,
}

/// A picture inside JSON.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
pub struct Photo {
    /// Name of the file.
    #[serde(default)]
    pub name: String,
    /// Data URL or Base64.
    pub data: String,
}

/// Where the request can be followed.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Reported {
    /// Path of the page that shows how it stands.
    pub status_path: String,
}

impl PublicReport {
    fn parts(self, cx: &Cx) -> Result<(Report, Vec<Upload>)> {
        let mut files = Vec::new();
        // One more than allowed is kept, so that the rule can say so.
        for (index, photo) in self.photos.iter().take(MOST_FILES + 1).enumerate() {
            let body = photo.data.rsplit(";base64,").next().unwrap_or_default().trim();
            let bytes = STANDARD.decode(body).map_err(|_| {
                RuleError::new("intake.picture", T("图片格式不正确", "The picture can't be read"))
                    .field(format!("photos.{index}.data"))
            })?;
            let name = if photo.name.is_empty() { "photo".to_string() } else { photo.name.clone() };
            files.push(Upload { id: cx.id(), name, label: "web".into(), bytes });
        }
        let text = about(&self.model, &self.serial, &self.text);
        let report = Report {
            name: self.name,
            phone: self.phone,
            content: self.content,
            text,
            demand: self.demand,
            proof: self.proof,
            address: self.address,
            website: self.website,
            form_key: self.form_key,
            ..Report::default()
        };
        Ok((report, files))
    }
}

/// Model and serial number stay words of a stranger: they open no files.
fn about(model: &str, serial: &str, text: &str) -> String {
    let thing =
        [model.trim(), serial.trim()].into_iter().filter(|t| !t.is_empty()).collect::<Vec<_>>().join(" ");
    if thing.is_empty() { text.to_string() } else { format!("【{thing}】{text}") }
}

/// 404 while the company has no such form.
async fn offered(cx: &Cx) -> Result<()> {
    let on: bool = cx.setting(&settings::OPEN_FORM, Id::NIL).await?;
    if on { Ok(()) } else { Err(Error::NotFound) }
}

/// Takes a request down for the topmost organisation, which hands it on; the answer is the token of its status page.
/// Pretends success to programs that fill the hidden field. 429 beyond the company's limit.
async fn report(cx: &Cx, report: Report, files: Vec<Upload>) -> Result<String> {
    offered(cx).await?;
    service::limit(cx).await?;
    if !report.website.is_empty() {
        return Ok(String::new());
    }
    let key: String = report.form_key.trim().chars().take(100).collect();
    let mut conn = cx.read().await?;
    let before = store::find_report(&mut conn, &key, Id::NIL).await?;
    let root = org::api::root(&mut conn).await?.id;
    cx.count(&conn);
    drop(conn);
    if let Some(status) = before.filter(|_| !key.is_empty()) {
        return Ok(status);
    }
    service::check(&report, &files)?;
    let text = about(&report.model, &report.serial, &report.text);
    let input = NewRequest { text: Some(text), ..service::words_of(&report, root) };
    rules::check_new(&input, cx.now())?;
    let numbers = Numbers::take(cx).await?;
    let about = DocRef::new("request", numbers.id, "");
    let mut stored = Vec::with_capacity(files.len());
    for file in &files {
        stored.push(attachments::store(cx, &about, root, file).await?);
    }
    let mut tx = begin!(cx, "intake.open_report", &report);
    let now = tx.now();
    if !key.is_empty() && !store::insert_report(&mut tx, &key, Id::NIL, numbers.id, now).await? {
        // The other one was faster.
        return store::find_report(&mut tx, &key, Id::NIL).await?.ok_or(Error::NotFound);
    }
    let (row, _) = register_in(&mut tx, &input, &Scope::Orgs([root].into()), numbers).await?;
    for file in &stored {
        attachments::insert_in(&mut tx, file).await?;
    }
    tx.log(doc(&row), "reported", serde_json::json!({ "files": stored.len() }));
    tx.commit(row.token).await
}

fn followed(secret: String) -> Json<Reported> {
    let status_path = if secret.is_empty() { String::new() } else { format!("/r/{secret}") };
    Json(Reported { status_path })
}

/// API: a report without a unit's code.
pub async fn api(cx: Cx, Body(input): Body<PublicReport>) -> Result<Json<Reported>> {
    let (sent, files) = input.parts(&cx)?;
    report(&cx, sent, files).await.map(followed)
}

/// API: a report about the unit behind a code.
pub async fn api_unit(
    cx: Cx,
    Path(token): Path<String>,
    Body(input): Body<PublicReport>,
) -> Result<Json<Reported>> {
    let (sent, files) = input.parts(&cx)?;
    service::report(&cx, &token, sent, files).await.map(followed)
}

/// The form.
pub async fn form(cx: Cx) -> Result<Response> {
    offered(&cx).await?;
    let topics = topic::service::topics(&cx).await?;
    let main = views::open_report(&cx, &topics, &Report::default(), &FormErrors::default());
    Ok(cx.bare(cx.t(T("报修与服务", "Ask for service")), main, StatusCode::OK))
}

pub async fn submit(cx: Cx, form: Multipart) -> Result<Response> {
    let (sent, files) = pages::read(&cx, form).await?;
    match cx.form(report(&cx, sent.clone(), files).await)? {
        Ok(secret) if secret.is_empty() => Ok(cx.redirect("/report")),
        Ok(secret) => Ok(cx.redirect(&format!("/r/{secret}"))),
        Err(errors) => {
            let topics = topic::service::topics(&cx).await?;
            let main = views::open_report(&cx, &topics, &sent, &errors);
            if cx.req.partial {
                return Ok(cx.refused(main));
            }
            Ok(cx.bare(cx.t(T("报修与服务", "Ask for service")), main, StatusCode::UNPROCESSABLE_ENTITY))
        }
    }
}
