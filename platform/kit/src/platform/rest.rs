//! API of the platform's mechanisms.

use axum::{Json, body::Bytes};
use kernel::{Id, T};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::extract::{Path, Query};
use crate::{
    Body, Cx, DocRef, Error, Result, attachments, audit, begin, comments, jobs, notify, openapi, search,
    settings, timers,
};

/// A search.
#[derive(Deserialize)]
pub struct SearchQuery {
    #[serde(default)]
    q: String,
}

pub async fn openapi(cx: Cx) -> Json<Value> {
    Json(openapi::document(&cx.app.registry, cx.lang))
}

pub async fn search(cx: Cx, Query(query): Query<SearchQuery>) -> Result<Json<Vec<search::Hit>>> {
    Ok(Json(search::everywhere(&cx, &query.q, 20).await?))
}

pub async fn notifications(cx: Cx) -> Result<Json<Vec<notify::Notification>>> {
    let mut conn = cx.read().await?;
    Ok(Json(notify::mine(&cx, &mut conn, 100).await?))
}

/// How many notifications the caller has not seen.
#[derive(Serialize, schemars::JsonSchema)]
pub struct Unread {
    /// Number.
    pub unread: i64,
}

pub async fn unread(cx: Cx) -> Result<Json<Unread>> {
    Ok(Json(Unread { unread: cx.unread().await }))
}

pub async fn notifications_read(cx: Cx) -> Result<Json<()>> {
    notify::read_all(&cx).await.map(Json)
}

/// A job of the caller, or any for those who may see all.
pub async fn find_job(cx: &Cx, id: Id) -> Result<jobs::JobState> {
    let mut conn = cx.read().await?;
    let job = jobs::state(&mut conn, id).await?;
    if job.created_by == Some(cx.actor()?.user) || crate::sheets::sees_everything(cx) {
        Ok(job)
    } else {
        Err(Error::NotFound)
    }
}

pub async fn job(cx: Cx, Path(id): Path<Id>) -> Result<Json<jobs::JobState>> {
    find_job(&cx, id).await.map(Json)
}

pub async fn job_cancel(cx: Cx, Path(id): Path<Id>) -> Result<Json<jobs::JobState>> {
    cancel_job(&cx, id).await.map(Json)
}

/// Cancels a job that has not ended; work done so far by a running one stays.
pub async fn cancel_job(cx: &Cx, id: Id) -> Result<jobs::JobState> {
    find_job(cx, id).await?;
    let mut tx = begin!(cx, "jobs.cancel", &id);
    let now = tx.now();
    tx.exec(
        "update job set state = 'cancelled', finished_at = $2 where id = $1 and state in ('ready', 'running')",
        db::args![id, now],
    )
    .await?;
    let job = jobs::state(&mut tx, id).await?;
    tx.commit(job).await
}

/// A parameter and its values.
#[derive(Serialize, schemars::JsonSchema)]
pub struct SettingOut {
    /// Key.
    pub key: &'static str,
    /// For people.
    pub label: &'static str,
    /// Unit.
    pub unit: &'static str,
    /// Default.
    pub default: Value,
    /// Stored values, newest first.
    pub values: Vec<settings::SettingRow>,
}

/// All parameters with their values.
pub async fn all_settings(cx: &Cx) -> Result<Vec<SettingOut>> {
    let mut conn = cx.read().await?;
    let mut out = Vec::new();
    for setting in &cx.app.registry.settings {
        out.push(SettingOut {
            key: setting.key,
            label: cx.t(setting.label),
            unit: cx.t(setting.unit),
            default: serde_json::from_str(setting.default)?,
            values: settings::history(&mut conn, setting.key).await?,
        });
    }
    Ok(out)
}

pub async fn settings(cx: Cx) -> Result<Json<Vec<SettingOut>>> {
    all_settings(&cx).await.map(Json)
}

pub async fn set_setting(
    cx: Cx,
    Body(input): Body<settings::SetSetting>,
) -> Result<Json<settings::SettingRow>> {
    save_setting(&cx, &input).await.map(Json)
}

/// Stores a parameter.
pub async fn save_setting(cx: &Cx, input: &settings::SetSetting) -> Result<settings::SettingRow> {
    cx.require(&super::SETTINGS_WRITE)?;
    let mut tx = begin!(cx, "settings.set", input);
    let row = settings::set_in(&mut tx, input).await?;
    tx.commit(row).await
}

pub async fn withdraw_setting(cx: Cx, Path(id): Path<Id>) -> Result<Json<settings::SettingRow>> {
    withdraw(&cx, id).await.map(Json)
}

/// Takes back a value of a parameter that has not begun yet.
pub async fn withdraw(cx: &Cx, id: Id) -> Result<settings::SettingRow> {
    cx.require(&super::SETTINGS_WRITE)?;
    let mut tx = begin!(cx, "settings.withdraw", &id);
    let row = settings::withdraw_in(&mut tx, id).await?;
    tx.commit(row).await
}

/// The document, if the caller may see it.
pub async fn find_doc(cx: &Cx, kind: &str, id: Id) -> Result<DocRef> {
    let docs = &cx.app.registry.docs;
    let found = docs.get(kind).ok_or(Error::NotFound)?;
    let mut conn = cx.read().await?;
    Ok((found.find)(cx, &mut conn, id, false).await?.doc)
}

pub async fn history(cx: Cx, Path((kind, id)): Path<(String, Id)>) -> Result<Json<Vec<audit::HistoryRow>>> {
    cx.require(&super::AUDIT_READ)?;
    find_doc(&cx, &kind, id).await?;
    let mut conn = cx.read().await?;
    let mut rows = audit::history(&cx, &mut conn, &kind, id, 200).await?;
    for row in &mut rows {
        // Texts kept in both languages are told in the caller's.
        if let Ok(mut detail) = serde_json::from_str::<serde_json::Value>(&row.detail) {
            in_one(cx.lang, &mut detail);
            row.detail = detail.to_string();
        }
    }
    Ok(Json(rows))
}

fn in_one(lang: kernel::Lang, value: &mut serde_json::Value) {
    match value {
        serde_json::Value::String(text) => *text = lang.of(text).to_string(),
        serde_json::Value::Array(list) => list.iter_mut().for_each(|value| in_one(lang, value)),
        serde_json::Value::Object(map) => map.values_mut().for_each(|value| in_one(lang, value)),
        _ => {}
    }
}

pub async fn timers(cx: Cx, Path((kind, id)): Path<(String, Id)>) -> Result<Json<Vec<timers::Timer>>> {
    find_doc(&cx, &kind, id).await?;
    let mut conn = cx.read().await?;
    Ok(Json(timers::of_doc(&mut conn, id).await?))
}

/// A due time in words.
#[derive(Serialize, schemars::JsonSchema)]
pub struct Explained {
    /// Due; none while paused.
    pub due: Option<kernel::Ts>,
    /// The time zone of the organisation whose calendar it follows.
    pub zone: String,
    /// How it came about, step by step.
    pub steps: Vec<String>,
}

/// Explains a clock of a document that the caller may see.
pub async fn explain_timer(cx: &Cx, id: Id) -> Result<Explained> {
    let mut conn = cx.read().await?;
    let sql = format!("select {} from timer t where id = $1", timers::Timer::cols("t"));
    let timer: timers::Timer = conn.one(&sql, db::args![id]).await?;
    drop(conn);
    find_doc(cx, &timer.doc_kind, timer.doc_id).await?;
    let explained = timers::explain(cx, &timer).await?;
    Ok(Explained {
        due: explained.due,
        zone: timer.zone,
        steps: explained.steps.iter().map(|step| step.text(cx.lang)).collect(),
    })
}

pub async fn explain(cx: Cx, Path(id): Path<Id>) -> Result<Json<Explained>> {
    explain_timer(&cx, id).await.map(Json)
}

pub async fn comments(cx: Cx, Path((kind, id)): Path<(String, Id)>) -> Result<Json<Vec<comments::Comment>>> {
    find_doc(&cx, &kind, id).await?;
    let mut conn = cx.read().await?;
    Ok(Json(comments::of_doc(&mut conn, &kind, id).await?))
}

pub async fn comment(
    cx: Cx,
    Path((kind, id)): Path<(String, Id)>,
    Body(input): Body<comments::NewComment>,
) -> Result<Json<comments::Comment>> {
    comments::add(&cx, &kind, id, &input).await.map(Json)
}

pub async fn files(
    cx: Cx,
    Path((kind, id)): Path<(String, Id)>,
) -> Result<Json<Vec<attachments::Attachment>>> {
    find_doc(&cx, &kind, id).await?;
    let mut conn = cx.read().await?;
    Ok(Json(attachments::of_doc(&mut conn, &kind, id).await?))
}

/// Name and use of an uploaded file.
#[derive(Deserialize)]
pub struct FileQuery {
    #[serde(default)]
    name: String,
    #[serde(default)]
    label: String,
}

pub async fn upload(
    cx: Cx,
    Path((kind, id, file)): Path<(String, Id, Id)>,
    Query(query): Query<FileQuery>,
    bytes: Bytes,
) -> Result<Json<attachments::Attachment>> {
    if query.name.is_empty() {
        return Err(kernel::RuleError::new(
            "file.name",
            T("缺少文件名（?name=）", "The file name (?name=) is missing"),
        )
        .field("name")
        .into());
    }
    let upload =
        attachments::Upload { id: file, name: query.name, label: query.label, bytes: bytes.to_vec() };
    attachments::attach(&cx, &DocRef::new(&kind, id, ""), upload).await.map(Json)
}
