//! API of imports.

use axum::{
    Json,
    body::Bytes,
    extract::{FromRequest, Multipart, Request},
    http::header,
    response::Response,
};
use kernel::{Id, T};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    batch::{BatchOut, BatchState, Report},
    pages, service,
};
use crate::extract::{Path, Query};
use crate::{Cx, Error, Result, tabular::Mapping};

/// A kind of import.
#[derive(Serialize, JsonSchema)]
pub struct KindOut {
    /// The word in addresses and on the command line.
    pub kind: &'static str,
    /// For people.
    pub title: &'static str,
    /// Columns.
    pub columns: Vec<ColumnOut>,
}

/// A column of an import.
#[derive(Serialize, JsonSchema)]
pub struct ColumnOut {
    /// Key, for mappings.
    pub key: &'static str,
    /// Heading.
    pub label: &'static str,
    /// A value is needed in every row.
    pub required: bool,
    /// What may stand there.
    pub content: String,
    /// Other headings it is known by.
    pub aliases: Vec<&'static str>,
}

pub async fn kinds(cx: Cx) -> Json<Vec<KindOut>> {
    let column = |col: crate::tabular::ColumnSpec| ColumnOut {
        key: col.key,
        label: cx.t(col.label),
        required: col.required,
        content: crate::tabular::describe(col.kind, cx.lang),
        aliases: col.aliases.to_vec(),
    };
    let kind = |spec: &super::SheetSpec| KindOut {
        kind: spec.kind,
        title: cx.t(spec.title),
        columns: (spec.columns)().into_iter().map(column).collect(),
    };
    Json(service::kinds(&cx).into_iter().map(kind).collect())
}

/// How a file is to be imported.
#[derive(Deserialize, Default)]
#[serde(default)]
pub struct ImportQuery {
    /// Tell what would happen and keep nothing.
    pub dry_run: bool,
    /// Name of the file.
    pub name: String,
    /// `field=Column,field2="Other column"`
    pub map: String,
}

/// The file as body, or a form with `file`, `map` (flag form) and `mapping` (TOML).
pub async fn create(
    cx: Cx,
    Path(kind): Path<String>,
    Query(query): Query<ImportQuery>,
    request: Request,
) -> Result<Json<BatchOut>> {
    let content =
        request.headers().get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let broken = || {
        Error::rule(
            kernel::RuleError::new("file.form", T("上传内容不完整", "The upload is incomplete"))
                .field("file"),
        )
    };
    let mut mapping = Mapping::from_flag(&query.map).map_err(|error| error.field("map"))?;
    let (name, bytes) = if content.starts_with("multipart/form-data") {
        let mut form = Multipart::from_request(request, &()).await.map_err(|_| broken())?;
        let (name, bytes, fields) = pages::read_upload(&mut form).await?;
        let of = |key: &str| fields.get(key).map_or("", String::as_str);
        mapping = Mapping::from_toml(of("mapping")).map_err(|error| error.field("mapping"))?.merged(mapping);
        mapping = mapping.merged(Mapping::from_flag(of("map")).map_err(|error| error.field("map"))?);
        (name, bytes)
    } else {
        let bytes = Bytes::from_request(request, &()).await.map_err(|_| broken())?;
        (if query.name.is_empty() { "file".to_string() } else { query.name }, bytes.to_vec())
    };
    if query.dry_run {
        let report = service::preview(&cx, &kind, &name, &bytes, mapping).await?;
        let report = Report::keep(&report, true).in_lang(cx.lang);
        return Ok(Json(BatchOut {
            id: None,
            kind,
            file_name: name,
            state: BatchState::Checked,
            job: None,
            at: cx.now(),
            undone_at: None,
            report,
        }));
    }
    service::import(&cx, &kind, &name, bytes, mapping).await.map(Json)
}

pub async fn list(cx: Cx) -> Result<Json<Vec<BatchOut>>> {
    let batches = service::newest(&cx, None, 50).await?;
    let brief = |batch: &super::batch::Batch| -> Result<BatchOut> {
        let mut out = batch.out(&cx, None)?;
        out.report.problems.clear();
        out.report.changes.clear();
        Ok(out)
    };
    batches.iter().map(brief).collect::<Result<_>>().map(Json)
}

pub async fn get(cx: Cx, Path(id): Path<Id>) -> Result<Json<BatchOut>> {
    service::show(&cx, id).await.map(Json)
}

pub async fn cancel(cx: Cx, Path(id): Path<Id>) -> Result<Json<BatchOut>> {
    service::cancel(&cx, id).await.map(Json)
}

pub async fn undo(cx: Cx, Path(id): Path<Id>) -> Result<Json<BatchOut>> {
    service::undo(&cx, id).await.map(Json)
}

pub async fn template(cx: Cx, path: Path<String>) -> Result<Response> {
    pages::template(cx, path).await
}
