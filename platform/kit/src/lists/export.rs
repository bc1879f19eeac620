//! Exports: the rows a person sees, all pages of them, with the same scope, filters and masks (PLAT-09).
//!
//! Rows are fetched page by page behind a cursor, so a hundred thousand need no more memory than five hundred,
//! and no database connection is held while a slow client reads.

use std::{collections::HashSet, sync::Arc};

use axum::{
    body::{Body, Bytes},
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use futures::{Stream, TryStreamExt, stream};
use kernel::{Id, RuleError, T};

use super::{
    cells::{Cell, ListPage, ListRow},
    query::{COUNT_LIMIT, ListQuery, MOST_ROWS, all_hits, fetch_whole, plan},
    spec::{Col, Kind, ListSpec},
    summary, sums, views,
};
use crate::{
    Cx, DocRef, Result, Show, begin,
    perm::{Perm, Reach, Role},
    tabular::{
        CellKind, CellValue, ColumnSpec, CsvWriter, OutRow, Output, XlsxWriter, write_csv, write_json,
        write_xlsx,
    },
};

/// Take lists out of the product as files.
pub static EXPORT: Perm = Perm {
    key: "kit.list.export",
    label: T("导出列表", "Export lists"),
    grants: &[
        (Role::Admin, Reach::All),
        (Role::Manager, Reach::All),
        (Role::Dispatcher, Reach::All),
        (Role::Storekeeper, Reach::All),
        (Role::Cashier, Reach::All),
        (Role::Auditor, Reach::All),
    ],
};

/// Forms of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExportFormat {
    /// workbook
    Xlsx,
    /// comma-separated, UTF-8 with mark
    Csv,
    /// array of objects
    Json,
}

impl ExportFormat {
    /// From `?format=`; the workbook unless said otherwise. Error `export.format`.
    pub fn parse(code: &str) -> Result<Self, RuleError> {
        match code {
            "" | "xlsx" => Ok(Self::Xlsx),
            "csv" => Ok(Self::Csv),
            "json" => Ok(Self::Json),
            _ => Err(RuleError::new(
                "export.format",
                T("导出格式应为 xlsx、csv 或 json", "The format must be xlsx, csv or json"),
            )
            .field("format")),
        }
    }

    /// Ending of the file's name and its media type.
    pub fn info(self) -> (&'static str, &'static str) {
        match self {
            Self::Xlsx => ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
            Self::Csv => ("csv", "text/csv; charset=utf-8"),
            Self::Json => ("json", "application/json"),
        }
    }
}

pub(super) fn kind(col: &Col) -> CellKind {
    match col.kind {
        Kind::Text | Kind::No | Kind::Person | Kind::Id => CellKind::Text { max: 80 },
        Kind::Int | Kind::Priority => CellKind::Int { min: i64::MIN, max: i64::MAX },
        Kind::Money => CellKind::Money,
        Kind::Qty => CellKind::Qty,
        Kind::Time | Kind::Due => CellKind::DateTime,
        Kind::Date => CellKind::Date,
        Kind::Bool => CellKind::Bool,
        Kind::Code(options) | Kind::State(options) => CellKind::Choice(options),
    }
}

/// What the heading of a masked column says. Such a column is not recognised by an import: stars must never
/// replace what they hide.
fn masked_label(col: &Col) -> T {
    match col.sens.map(crate::Sens::label) {
        Some(T("电话", _)) => T("电话（已隐藏）", "Phone (masked)"),
        Some(T("地址", _)) => T("地址（已隐藏）", "Address (masked)"),
        Some(T("成本", _)) => T("成本（已隐藏）", "Cost (masked)"),
        Some(T("证件", _)) => T("证件（已隐藏）", "Identity (masked)"),
        Some(T("客户姓名", _)) => T("客户姓名（已隐藏）", "Customer name (masked)"),
        Some(T("备注", _)) => T("备注（已隐藏）", "Remarks (masked)"),
        Some(T("序列号", _)) => T("序列号（已隐藏）", "Serial number (masked)"),
        Some(T("销售价", _)) => T("销售价（已隐藏）", "Sale price (masked)"),
        _ => T("已隐藏", "Masked"),
    }
}

/// Headings and kinds: those of the list's import sheet where the keys agree, so that the file can be imported
/// again.
fn columns(cx: &Cx, list: &ListSpec, chosen: &[&Col]) -> Vec<ColumnSpec> {
    let sheet = list
        .sheet
        .and_then(|kind| cx.app.registry.sheets.get(kind))
        .map(|sheet| (sheet.columns)())
        .unwrap_or_default();
    let spec = |col: &&Col| {
        let masked = col.sens.is_some_and(|sens| cx.shows(sens) != Show::Full);
        let label = match sheet.iter().find(|spec| spec.key == col.key) {
            _ if masked => masked_label(col),
            Some(spec) => spec.label,
            None => col.label,
        };
        ColumnSpec::new(if masked { "" } else { col.key }, label, kind(col))
    };
    chosen.iter().map(spec).collect()
}

pub(super) fn value(col: &Col, cell: &Cell) -> Option<CellValue> {
    Some(match cell {
        Cell::Empty => return None,
        Cell::Text(text) => match col.kind {
            Kind::Code(options) | Kind::State(options) => match options.iter().find(|(code, _)| code == text)
            {
                Some((code, _)) => CellValue::Choice(code),
                None => CellValue::Text(text.clone()),
            },
            _ => CellValue::Text(text.clone()),
        },
        Cell::Int(n) => CellValue::Int(*n),
        Cell::Money(amount) => CellValue::Money(*amount),
        Cell::Qty(quantity) => CellValue::Qty(*quantity),
        Cell::Time(at) => CellValue::DateTime(*at),
        Cell::Date(date) => CellValue::Date(*date),
        Cell::Bool(yes) => CellValue::Bool(*yes),
        Cell::Id(id) => CellValue::Text(id.to_string()),
    })
}

/// Everything that stays the same over the pages of one export.
#[derive(Clone)]
pub(super) struct Job {
    cx: Cx,
    list: &'static str,
    pub query: ListQuery,
    /// What a broad search finds: the list is read without it and what is not among them is dropped.
    pub hits: Option<Arc<HashSet<Id>>>,
    specs: Vec<ColumnSpec>,
    cols: Vec<Col>,
}

impl Job {
    fn spec(&self) -> Result<&ListSpec> {
        super::rest::find(&self.cx, self.list)
    }

    /// The next page that has rows, or the last one.
    pub async fn page(&self, mut after: Option<String>) -> Result<ListPage> {
        loop {
            let query = ListQuery { after, ..self.query.clone() };
            let mut conn = self.cx.read().await?;
            let mut page = fetch_whole(&self.cx, &mut conn, self.spec()?, &query).await?;
            if let Some(hits) = &self.hits {
                page.rows.retain(|row| hits.contains(&row.id));
            }
            if !page.rows.is_empty() || page.next.is_none() {
                return Ok(page);
            }
            after = page.next;
        }
    }

    fn cells(&self, rows: &[ListRow]) -> Vec<OutRow> {
        let row =
            |row: &ListRow| self.cols.iter().zip(&row.cells).map(|(col, cell)| value(col, cell)).collect();
        rows.iter().map(row).collect()
    }
}

/// `broad`: a search with more hits is not asked again for each page.
pub(super) async fn prepare(cx: &Cx, list: &ListSpec, asked: &ListQuery, broad: i64) -> Result<Job> {
    let mut conn = cx.read().await?;
    let mut query = views::resolve(cx, &mut conn, list, asked).await?;
    query = ListQuery { limit: Some(MOST_ROWS), ..query.first_page() };
    let hits = all_hits(cx, &mut conn, list, query.q.as_deref(), broad).await?;
    drop(conn);
    if hits.is_some() {
        query.q = None;
    }
    let chosen = plan(cx, list, &query, true)?.columns;
    let shown = |col: &&Col| col.sens.is_none_or(|sens| cx.shows(sens) != Show::Absent);
    let chosen: Vec<&Col> =
        chosen.into_iter().filter(shown).filter(|col| !matches!(col.kind, Kind::Id)).collect();
    // The columns are fixed by name from here on, so that cells and headings can't come apart.
    query.columns = Some(chosen.iter().map(|col| col.key).collect::<Vec<_>>().join(","));
    let specs = columns(cx, list, &chosen);
    Ok(Job {
        cx: cx.clone(),
        list: list.key,
        query,
        hits: hits.map(Arc::new),
        specs,
        cols: chosen.into_iter().cloned().collect(),
    })
}

/// The export as a download; recorded in the audit log.
///
/// Errors: 403 without [`EXPORT`], those of the conditions, `sheet.too_many_rows` for a workbook beyond what a
/// sheet holds.
pub async fn export(cx: &Cx, list: &ListSpec, asked: &ListQuery, format: ExportFormat) -> Result<Response> {
    cx.require(&EXPORT)?;
    let mut conn = cx.read().await?;
    let query = views::resolve(cx, &mut conn, list, asked).await?;
    if query.grouped() {
        let summary = summary::summarise(cx, &mut conn, list, &query).await?;
        drop(conn);
        let (columns, rows) = sums::sheet(&summary);
        return table_file(cx, (list.key, list.title), &asked.text(), &columns, rows, format).await;
    }
    drop(conn);
    let job = prepare(cx, list, asked, COUNT_LIMIT).await?;
    // The first page is fetched before anything is answered, so that a wrong filter is an error and no file.
    let first = job.page(None).await?;
    record(cx, list.key, &asked.text(), format).await?;
    let body = match format {
        ExportFormat::Xlsx => Body::from(workbook(&job, first).await?),
        ExportFormat::Csv | ExportFormat::Json => Body::from_stream(chunks(job, first, format)),
    };
    Ok(download(cx, (list.key, list.title), format, body))
}

/// A list as a workbook, with as many rows as it has for this caller: for a mail. Who sends it records that.
///
/// Errors: 404 for a list that does not exist, those of [`export`].
pub async fn workbook_of(cx: &Cx, list: &str, asked: &ListQuery) -> Result<(Vec<u8>, usize)> {
    cx.require(&EXPORT)?;
    let spec = super::rest::find(cx, list)?;
    let mut conn = cx.read().await?;
    let query = views::resolve(cx, &mut conn, spec, asked).await?;
    if query.grouped() {
        let summary = summary::summarise(cx, &mut conn, spec, &query).await?;
        let (columns, rows) = sums::sheet(&summary);
        let count = rows.len();
        return Ok((write_xlsx(&columns, rows, &Output::of(cx))?, count));
    }
    drop(conn);
    let job = prepare(cx, spec, asked, COUNT_LIMIT).await?;
    let mut rows = 0;
    let mut writer = XlsxWriter::new(&job.specs, &Output::of(cx))?;
    let mut after = None;
    loop {
        let mut page = job.page(after.take()).await?;
        rows += page.rows.len();
        for row in job.cells(&page.rows) {
            writer.push(&row)?;
        }
        after = page.next.take();
        if after.is_none() {
            return Ok((writer.finish()?, rows));
        }
    }
}

/// A small table that is no list, as a file; recorded like the export of a list. What is in it has been authorised
/// and masked by the caller.
pub async fn export_table(
    cx: &Cx,
    (key, title): (&'static str, T),
    columns: &[ColumnSpec],
    rows: Vec<OutRow>,
    format: ExportFormat,
) -> Result<Response> {
    cx.require(&EXPORT)?;
    table_file(cx, (key, title), &cx.req.uri, columns, rows, format).await
}

async fn table_file(
    cx: &Cx,
    (key, title): (&'static str, T),
    asked: &str,
    columns: &[ColumnSpec],
    rows: Vec<OutRow>,
    format: ExportFormat,
) -> Result<Response> {
    let output = Output::of(cx);
    let body = match format {
        ExportFormat::Xlsx => write_xlsx(columns, rows, &output)?,
        ExportFormat::Csv => write_csv(columns, rows, &output)?,
        ExportFormat::Json => write_json(columns, rows)?,
    };
    record(cx, key, asked, format).await?;
    Ok(download(cx, (key, title), format, Body::from(body)))
}

async fn record(cx: &Cx, key: &str, asked: &str, format: ExportFormat) -> Result<()> {
    let mut tx = begin!(cx, "lists.export", &(key, asked));
    let detail = serde_json::json!({ "query": asked, "format": format.info().0 });
    tx.log(DocRef::new("list", Id::NIL, key), "exported", detail);
    tx.commit(()).await
}

fn download(cx: &Cx, (key, title): (&str, T), format: ExportFormat, body: Body) -> Response {
    let (ending, mime) = format.info();
    let day = crate::format::date(cx, cx.now());
    let name: String = form_urlencoded::byte_serialize(title.get(cx.lang).as_bytes())
        .collect::<String>()
        .replace('+', "%20");
    let disposition =
        format!("attachment; filename=\"{}-{day}.{ending}\"; filename*=UTF-8''{name}-{day}.{ending}", key);
    let mut response = body.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(mime));
    if let Ok(value) = HeaderValue::from_str(&disposition) {
        headers.insert(header::CONTENT_DISPOSITION, value);
    }
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

async fn workbook(job: &Job, first: ListPage) -> Result<Vec<u8>> {
    let mut writer = XlsxWriter::new(&job.specs, &Output::of(&job.cx))?;
    let mut page = first;
    loop {
        for row in job.cells(&page.rows) {
            writer.push(&row)?;
        }
        let Some(next) = page.next.take() else { break };
        page = job.page(Some(next)).await?;
    }
    Ok(writer.finish()?)
}

/// What of a page's file is new: everything of the first, later pages without heading and brackets.
fn chunk(job: &Job, page: &ListPage, format: ExportFormat, first: bool) -> Result<Bytes> {
    let rows = job.cells(&page.rows);
    let last = page.next.is_none();
    if format == ExportFormat::Csv {
        let output = Output::of(&job.cx);
        let skip = if first { 0 } else { CsvWriter::new(&job.specs, &output)?.finish()?.len() };
        let mut writer = CsvWriter::new(&job.specs, &output)?;
        rows.iter().try_for_each(|row| writer.push(row))?;
        return Ok(Bytes::from(writer.finish()?).slice(skip..));
    }
    let mut text = write_json(&job.json_specs(), rows)?;
    text.pop();
    text.remove(0);
    let mut out = Vec::with_capacity(text.len() + 2);
    out.extend_from_slice(if first {
        b"["
    } else if text.is_empty() {
        b""
    } else {
        b","
    });
    out.extend_from_slice(&text);
    if last {
        out.push(b']');
    }
    Ok(Bytes::from(out))
}

impl Job {
    /// Objects are keyed by column, masked or not.
    fn json_specs(&self) -> Vec<ColumnSpec> {
        self.specs.iter().zip(&self.cols).map(|(spec, col)| ColumnSpec { key: col.key, ..*spec }).collect()
    }
}

fn chunks(
    job: Job,
    first: ListPage,
    format: ExportFormat,
) -> impl Stream<Item = Result<Bytes, std::io::Error>> {
    enum Step {
        Have(ListPage, bool),
        Fetch(String),
        Done,
    }
    let stream = stream::try_unfold((job, Step::Have(first, true)), move |(job, step)| async move {
        let (page, is_first) = match step {
            Step::Have(page, is_first) => (page, is_first),
            Step::Fetch(after) => (job.page(Some(after)).await?, false),
            Step::Done => return Ok::<_, crate::Error>(None),
        };
        let bytes = chunk(&job, &page, format, is_first)?;
        let next = page.next.map_or(Step::Done, Step::Fetch);
        Ok(Some((bytes, (job, next))))
    });
    // The answer has begun: all that can be done about an error now is to break it off visibly.
    stream.map_err(|error| {
        tracing::error!(%error, "export broke off");
        std::io::Error::other(error.to_string())
    })
}
