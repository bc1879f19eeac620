//! Requests from people who are not signed in.

use kernel::{Id, Problems, RuleError, T};
use kit::{
    Cx, DocRef, Error, Result, Scope,
    attachments::{self, Attachment, Upload},
    begin,
};
use products::api::UnitBrief;
use serde::Serialize;

use super::store;
use crate::{
    request::{
        input::NewRequest,
        model::Channel,
        rules::{self, clean},
        service::{Numbers, doc, register_in},
    },
    settings,
};

/// Most pictures of one request.
pub const MOST_FILES: usize = 3;

/// Looks at a status page from one address per minute.
const MOST_LOOKS: u32 = 60;

/// What the form sends.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Report {
    pub name: String,
    pub phone: String,
    pub content: String,
    pub text: String,
    pub demand: String,
    /// Model in words, where no unit is named.
    pub model: String,
    /// Serial number in words, likewise.
    pub serial: String,
    pub proof: String,
    pub address: String,
    /// Must stay empty: people don't see it, programs fill it.
    pub website: String,
    /// Key of the form: sent twice, it makes one request. Nobody is signed in, so the platform's keys don't reach here.
    pub form_key: String,
}

/// The unit behind a code. 404 for unknown codes.
pub async fn unit(cx: &Cx, token: &str) -> Result<UnitBrief> {
    cx.app.limits.hit(&format!("intake.look:{}", cx.req.ip), MOST_LOOKS, cx.now())?;
    let mut conn = cx.read().await?;
    let unit = products::api::unit_by_token(&mut conn, token).await?;
    cx.count(&conn);
    unit.ok_or(Error::NotFound)
}

/// What a stranger must say.
pub fn check(report: &Report, files: &[Upload]) -> Result<(), Problems> {
    let mut problems = Problems::new();
    let mut need = |ok: bool, field: &'static str, text: T| {
        problems.check(ok, || RuleError::new("intake.needed", text).field(field));
    };
    need(!report.name.trim().is_empty(), "name", T("请填写您的称呼", "Tell us your name"));
    need(
        (7..=15).contains(&kernel::phone_key(&report.phone).len()),
        "phone",
        T("请填写可联系的电话", "Tell us a number to call"),
    );
    need(
        !report.text.trim().is_empty() || !report.content.is_empty(),
        "text",
        T("请描述遇到的问题", "Tell us what is wrong"),
    );
    need(files.len() <= MOST_FILES, "photo", T("最多上传 3 张照片", "3 pictures at most"));
    need(report.phone.chars().count() <= 40, "phone", T("电话号码太长", "The number is too long"));
    let media = |f: &Upload| {
        attachments::sniff(&f.bytes, &f.name).is_some_and(|m| m.starts_with("image/") || m == "video/mp4")
    };
    need(files.iter().all(media), "photo", T("只能上传照片或视频", "Pictures and videos only"));
    problems.finish()
}

/// Counts a report of this address; 429 beyond the company's limit.
pub async fn limit(cx: &Cx) -> Result<()> {
    let most: i64 = cx.setting(&settings::WEB_LIMIT, Id::NIL).await?;
    cx.app.limits.hit(&format!("intake.report:{}", cx.req.ip), u32::try_from(most).unwrap_or(1), cx.now())
}

/// Takes a request down for the unit behind a code; the answer is the token of its status page. Pretends success
/// to programs that fill the hidden field. 429 beyond the company's limit.
pub async fn report(cx: &Cx, token: &str, report: Report, files: Vec<Upload>) -> Result<String> {
    limit(cx).await?;
    let unit = unit(cx, token).await?;
    if !report.website.is_empty() {
        return Ok(String::new());
    }
    let key: String = report.form_key.trim().chars().take(100).collect();
    let mut conn = cx.read().await?;
    let before = store::find_report(&mut conn, &key, unit.id).await?;
    cx.count(&conn);
    drop(conn);
    if let Some(status) = before {
        return Ok(status);
    }
    check(&report, &files)?;
    let input = input_of(&report, &unit);
    rules::check_new(&input, cx.now())?;
    let numbers = Numbers::take(cx).await?;
    let stored = store_files(cx, &unit, numbers.id, &files).await?;
    let scope = Scope::Orgs([unit.org_id].into());
    let mut tx = begin!(cx, "intake.web_report", &(token, &report));
    let now = tx.now();
    if !key.is_empty() && !store::insert_report(&mut tx, &key, unit.id, numbers.id, now).await? {
        // The other one was faster.
        return store::find_report(&mut tx, &key, unit.id).await?.ok_or(Error::NotFound);
    }
    let (row, _) = register_in(&mut tx, &input, &scope, numbers).await?;
    for file in &stored {
        attachments::insert_in(&mut tx, file).await?;
    }
    tx.log(doc(&row), "reported", serde_json::json!({ "files": stored.len() }));
    tx.commit(row.token).await
}

/// Who fills the form is the caller, not the customer: a stranger's words never become a customer file.
fn input_of(report: &Report, unit: &UnitBrief) -> NewRequest {
    NewRequest { unit_id: Some(unit.id), ..words_of(report, unit.org_id) }
}

/// A stranger's words as a request to an organisation.
pub fn words_of(report: &Report, org: Id) -> NewRequest {
    let topic = report.content.split('.').next().filter(|t| !t.is_empty()).unwrap_or("repair");
    let some = |text: &str| Some(clean(Some(text))).filter(|t| !t.is_empty());
    NewRequest {
        org_id: Some(org),
        channel: Some(Channel::Web),
        topic: topic.to_string(),
        content: some(&report.content),
        caller_name: some(&report.name),
        caller_phone: some(&report.phone),
        address: some(&report.address),
        proof: some(&report.proof),
        text: some(&report.text),
        demand: some(&report.demand),
        ..NewRequest::default()
    }
}

async fn store_files(cx: &Cx, unit: &UnitBrief, request: Id, files: &[Upload]) -> Result<Vec<Attachment>> {
    // The request gets its number last of all.
    let doc = DocRef::new("request", request, "");
    let mut stored = Vec::with_capacity(files.len());
    for file in files {
        stored.push(attachments::store(cx, &doc, unit.org_id, file).await?);
    }
    Ok(stored)
}
