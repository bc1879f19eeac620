//! What people and programs do with imports: upload, check, start, stop, undo (PLAT-09).

use kernel::{Id, Problems, RuleError, T};
use serde::{Deserialize, Serialize};

use super::{
    batch::{self, Batch, BatchOut, BatchState, Report},
    engine::{self, File, Run},
    spec::{Applied, SheetSpec},
};
use crate::{
    Cx, DocRef, Error, Result, begin, jobs,
    module::{JobKind, Lane},
    platform::JOBS_READ,
    tabular::{ImportReport, Mapping, read_table},
};

const JOB: &str = "kit.import";

/// The background work of imports.
pub(crate) fn job() -> JobKind {
    JobKind {
        kind: JOB,
        lane: Lane::Slow,
        run: |cx, payload| Box::pin(async move { run_job(cx, serde_json::from_value(payload)?).await }),
    }
}

#[derive(Serialize, Deserialize)]
struct Work {
    batch: Id,
    dry_run: bool,
}

/// The import called `kind`, if the caller may use it: 404, 403.
pub fn find<'a>(cx: &'a Cx, kind: &str) -> Result<&'a SheetSpec> {
    let spec = cx.app.registry.sheets.get(kind).ok_or(Error::NotFound)?;
    cx.require(spec.perm)?;
    Ok(spec)
}

/// Imports the caller may use, by title.
pub fn kinds(cx: &Cx) -> Vec<&SheetSpec> {
    let mut kinds: Vec<&SheetSpec> =
        cx.app.registry.sheets.values().filter(|spec| cx.can(spec.perm)).collect();
    kinds.sort_by_key(|spec| spec.kind);
    kinds
}

/// Background work belongs to no organisation: who may not see everything sees only his own.
pub(crate) fn sees_everything(cx: &Cx) -> bool {
    cx.scope(&JOBS_READ).is_ok_and(|scope| scope == crate::Scope::All)
}

/// A batch of the caller's, or any for those who may see all background work: 404 otherwise.
pub async fn get(cx: &Cx, id: Id) -> Result<Batch> {
    let mut conn = cx.read().await?;
    let batch = batch::get(&mut conn, id).await?;
    let mine = batch.user_id == cx.actor()?.user || sees_everything(cx);
    if mine { Ok(batch) } else { Err(Error::NotFound) }
}

/// A batch with the state of its work.
pub async fn show(cx: &Cx, id: Id) -> Result<BatchOut> {
    let batch = get(cx, id).await?;
    let mut conn = cx.read().await?;
    let job = match batch.job_id {
        // Finished jobs are tidied away after some days; the batch stays.
        Some(job) => jobs::state(&mut conn, job).await.ok(),
        None => None,
    };
    batch.out(cx, job)
}

/// The caller's newest batches; everybody's for those who may see all background work.
pub async fn newest(cx: &Cx, kind: Option<&str>, limit: i64) -> Result<Vec<Batch>> {
    let user = cx.actor()?.user;
    let mut conn = cx.read().await?;
    batch::newest(&mut conn, Some(user).filter(|_| !sees_everything(cx)), kind, limit).await
}

/// Dry run without keeping anything: what would happen, row by row.
pub async fn preview(
    cx: &Cx,
    kind: &str,
    name: &str,
    bytes: &[u8],
    mapping: Mapping,
) -> Result<ImportReport> {
    let spec = find(cx, kind)?;
    let file = File::read(spec, bytes, name, mapping)?;
    Ok(engine::run(cx, spec, &file, Run { batch: None, job: None }).await?.report)
}

/// What the caller said last time about a file with the same columns.
async fn remembered(cx: &Cx, kind: &str, header: &[String]) -> Result<Mapping> {
    let user = cx.actor()?.user;
    let mut conn = cx.read().await?;
    let last = batch::newest(&mut conn, Some(user), Some(kind), 5).await?;
    let Some(last) =
        last.into_iter().find(|batch| !matches!(batch.state, BatchState::New | BatchState::Failed))
    else {
        return Ok(Mapping::default());
    };
    let mut mapping = last.mapping()?;
    mapping.columns.retain(|_, source| header.contains(source));
    Ok(mapping)
}

/// Keeps a file for mapping; nothing is imported yet.
///
/// Errors: those of reading the file, at the field `file`.
pub async fn upload(cx: &Cx, kind: &str, name: &str, bytes: Vec<u8>) -> Result<Batch> {
    let spec = find(cx, kind)?;
    let table = read_table(&bytes, name, &Default::default()).map_err(|error| error.field("file"))?;
    let mapping = remembered(cx, kind, &table.header).await?.completed(&(spec.columns)(), &table.header);
    keep(cx, spec, name, bytes, &mapping, BatchState::New).await
}

async fn keep(
    cx: &Cx,
    spec: &SheetSpec,
    name: &str,
    bytes: Vec<u8>,
    mapping: &Mapping,
    state: BatchState,
) -> Result<Batch> {
    let actor = cx.actor()?;
    let batch = Batch {
        id: batch_id(cx)?,
        kind: spec.kind.to_string(),
        file_name: name.chars().filter(|c| !c.is_control()).take(200).collect(),
        user_id: actor.user,
        org_id: actor.org,
        state,
        mapping: serde_json::to_string(mapping)?,
        report: "{}".into(),
        job_id: None,
        at: cx.now(),
        undone_at: None,
    };
    // On disk before it is in the database: a crash in between leaves an unused file, never a batch without.
    batch::store_file(cx, batch.id, bytes).await?;
    let mut tx = engine::open(&without_key(cx), "imports.upload").await?;
    batch::insert(&mut tx, &batch).await?;
    tx.log(doc(&batch), "uploaded", serde_json::json!({ "kind": spec.kind, "file": batch.file_name }));
    tx.commit(()).await?;
    Ok(batch)
}

/// The same request sent again means the same batch.
fn batch_id(cx: &Cx) -> Result<Id> {
    let Some(key) = &cx.req.idem else { return Ok(cx.id()) };
    let hash = crate::http::secret_hash(&format!("{} {key}", cx.actor()?.user));
    let parts = [&hash[..8], &hash[8..12], &hash[12..16], &hash[16..20], &hash[20..32]];
    Ok(parts.join("-").parse().unwrap_or_else(|_| cx.id()))
}

/// One request makes several transactions here; its key stands for the last of them.
fn without_key(cx: &Cx) -> Cx {
    let req = crate::Req {
        ip: cx.req.ip.clone(),
        hidden: cx.req.hidden,
        veils: cx.req.veils,
        id: cx.req.id.clone(),
        ..Default::default()
    };
    Cx { req: std::sync::Arc::new(req), ..cx.clone() }
}

fn doc(batch: &Batch) -> DocRef {
    DocRef::new("import", batch.id, &batch.file_name)
}

/// Starts the dry run of a batch with a mapping, in the background.
///
/// Errors: everything wrong with the mapping, at fields `col.KEY`; `import.state`.
pub async fn check(cx: &Cx, id: Id, mapping: Mapping) -> Result<BatchOut> {
    let mut batch = get(cx, id).await?;
    let spec = find(cx, &batch.kind)?;
    let bytes = batch::load_file(cx, id).await?;
    let file = File::read(spec, &bytes, &batch.file_name, mapping)?;
    file.mapping.validate(&file.columns, &file.table.header)?;
    let mut from = vec![BatchState::New, BatchState::Checked, BatchState::Failed];
    if stuck(cx, &batch).await? {
        from.push(BatchState::Checking);
    }
    batch.mapping = serde_json::to_string(&file.mapping)?;
    batch.state = BatchState::Checking;
    let mut tx = begin!(cx, "imports.check", &(id, &batch.mapping));
    batch.job_id = Some(tx.enqueue(JOB, &Work { batch: id, dry_run: true }, None)?);
    batch::advance(&mut tx, &batch, &from).await?;
    let out = batch.out(cx, None)?;
    tx.commit(out).await
}

/// True when a batch waits for work that was given up.
pub async fn stuck(cx: &Cx, batch: &Batch) -> Result<bool> {
    if !matches!(batch.state, BatchState::Checking | BatchState::Running) {
        return Ok(false);
    }
    let Some(job) = batch.job_id else { return Ok(true) };
    let mut conn = cx.read().await?;
    Ok(jobs::state(&mut conn, job)
        .await
        .is_ok_and(|job| matches!(job.state.as_str(), "dead" | "cancelled" | "done")))
}

/// Starts the import of a checked batch, in the background; goes on with one that was stopped.
pub async fn start(cx: &Cx, id: Id) -> Result<BatchOut> {
    let mut batch = get(cx, id).await?;
    find(cx, &batch.kind)?;
    let stuck = stuck(cx, &batch).await?;
    let mut tx = begin!(cx, "imports.start", &id);
    let from = [batch.state];
    if !stuck && !matches!(batch.state, BatchState::Checked | BatchState::New | BatchState::Cancelled) {
        return Err(Error::Conflict(RuleError::new(
            "import.state",
            T("这批导入不能再开始", "This import can't be started again"),
        )));
    }
    batch.state = BatchState::Running;
    batch.job_id = Some(tx.enqueue(JOB, &Work { batch: id, dry_run: false }, None)?);
    batch::advance(&mut tx, &batch, &from).await?;
    tx.log(doc(&batch), "started", serde_json::Value::Null);
    let out = batch.out(cx, None)?;
    tx.commit(out).await
}

/// Keeps a file and starts importing it at once, for programs.
pub async fn import(cx: &Cx, kind: &str, name: &str, bytes: Vec<u8>, mapping: Mapping) -> Result<BatchOut> {
    let spec = find(cx, kind)?;
    let file = File::read(spec, &bytes, name, mapping)?;
    file.mapping.validate(&file.columns, &file.table.header)?;
    let batch = keep(cx, spec, name, bytes, &file.mapping, BatchState::New).await?;
    start(cx, batch.id).await
}

/// Imports a file while the caller waits; the batch is returned with the report, so that it can be undone.
pub async fn run_now(
    cx: &Cx,
    kind: &str,
    name: &str,
    bytes: Vec<u8>,
    mapping: Mapping,
) -> Result<(Id, ImportReport)> {
    let spec = find(cx, kind)?;
    let file = File::read(spec, &bytes, name, mapping)?;
    file.mapping.validate(&file.columns, &file.table.header)?;
    let batch = keep(cx, spec, name, bytes, &file.mapping, BatchState::Running).await?;
    let id = batch.id;
    match engine::run(cx, spec, &file, Run { batch: Some(id), job: None }).await {
        Ok(ran) => {
            finish(&without_key(cx), batch, BatchState::Done, Report::keep(&ran.report, false)).await?;
            Ok((id, ran.report))
        }
        Err(error) => {
            // What was applied can be taken back.
            finish(&without_key(cx), batch, BatchState::Failed, Report::default()).await?;
            Err(error)
        }
    }
}

async fn finish(cx: &Cx, batch: Batch, state: BatchState, report: Report) -> Result<()> {
    let from = [batch.state];
    let batch = Batch { state, report: serde_json::to_string(&report)?, ..batch };
    let mut tx = engine::open(cx, "imports.finish").await?;
    batch::advance(&mut tx, &batch, &from).await?;
    let sums = serde_json::json!({ "rows": report.rows, "created": report.created, "updated": report.updated, "skipped": report.skipped });
    tx.log(doc(&batch), state.as_str(), sums);
    tx.commit(()).await
}

async fn run_job(cx: Cx, work: Work) -> Result<()> {
    let mut conn = cx.read().await?;
    let batch = batch::get(&mut conn, work.batch).await?;
    drop(conn);
    let expected = if work.dry_run { BatchState::Checking } else { BatchState::Running };
    if batch.state != expected {
        return Ok(());
    }
    let run = Run { batch: Some(batch.id).filter(|_| !work.dry_run), job: cx.req.job };
    let person = jobs::asked_by(&cx).await?;
    let ran = match &person {
        Some(person) => run_file(person, &batch, run).await,
        None => Err(closed()),
    };
    let cx = person.unwrap_or(cx);
    match ran {
        Ok(ran) if ran.cancelled => {
            let state = if work.dry_run { BatchState::New } else { BatchState::Cancelled };
            finish(&without_key(&cx), batch, state, Report::keep(&ran.report, work.dry_run)).await
        }
        Ok(ran) => {
            let state = if work.dry_run { BatchState::Checked } else { BatchState::Done };
            finish(&cx, batch, state, Report::keep(&ran.report, work.dry_run)).await
        }
        // The file or the caller's rights are the reason: trying again would not help.
        Err(error @ (Error::Invalid(_) | Error::Conflict(_) | Error::Forbidden(_) | Error::NotFound)) => {
            let english = error.message(kernel::Lang::En);
            let problem = batch::ProblemRow {
                row: 1,
                code: error.code().into(),
                message: error.message(kernel::Lang::Zh),
                english,
                column: None,
            };
            let report = Report {
                dry_run: work.dry_run,
                problem_count: 1,
                problems: vec![problem],
                ..Report::default()
            };
            finish(&cx, batch, BatchState::Failed, report).await
        }
        Err(error) => Err(error),
    }
}

/// Rows are applied by the rights of a person, and this one has none any more.
fn closed() -> Error {
    let words = T(
        "启动这批导入的账号已停用，没有导入；请由有权限的同事重新检查并导入",
        "The account that started this import is closed, so it was not run; a colleague with the right may check and start it again",
    );
    Error::Conflict(RuleError::new("import.account", words))
}

async fn run_file(cx: &Cx, batch: &Batch, run: Run) -> Result<engine::Ran> {
    let spec = find(cx, &batch.kind)?;
    let bytes = batch::load_file(cx, batch.id).await?;
    let file = File::read(spec, &bytes, &batch.file_name, batch.mapping()?)?;
    engine::run(cx, spec, &file, run).await
}

/// Stops a batch's work: a dry run leaves no trace, an import keeps the rows applied so far.
pub async fn cancel(cx: &Cx, id: Id) -> Result<BatchOut> {
    let mut batch = get(cx, id).await?;
    let from = [batch.state];
    let mut tx = begin!(cx, "imports.cancel", &id);
    let now = tx.now();
    let waiting = tx
        .exec(
            "update job set state = 'cancelled', finished_at = $2 where id = $1 and state = 'ready'",
            db::args![batch.job_id, now],
        )
        .await?;
    if waiting > 0 {
        // It never began, so nobody but us can move the batch on.
        batch.state =
            if batch.state == BatchState::Checking { BatchState::New } else { BatchState::Cancelled };
        batch::advance(&mut tx, &batch, &from).await?;
    } else {
        tx.exec(
            "update job set state = 'cancelled', finished_at = $2 where id = $1 and state = 'running'",
            db::args![batch.job_id, now],
        )
        .await?;
    }
    let out = batch.out(cx, None)?;
    tx.commit(out).await
}

/// Rows of one undo that are named when it is refused.
const NAMED: usize = 50;

/// Takes a whole batch back, the last row first: everything or nothing.
///
/// Errors: `import.state`; with `row` numbers, whatever keeps single rows from being taken back.
pub async fn undo(cx: &Cx, id: Id) -> Result<BatchOut> {
    let mut batch = get(cx, id).await?;
    let spec = find(cx, &batch.kind)?;
    let from = [BatchState::Done, BatchState::Cancelled, BatchState::Failed];
    let mut tx = begin!(cx, "imports.undo", &id);
    batch.state = BatchState::Undone;
    batch.undone_at = Some(tx.now());
    batch::advance(&mut tx, &batch, &from).await?;
    let mut problems = Problems::new();
    let mut met = std::collections::HashSet::new();
    for row in batch::rows_backwards(&mut tx, id).await? {
        let mut applied = applied(cx, &row);
        if !met.insert(row.doc_id) {
            applied.version = 0;
        }
        let point = tx.savepoint().await?;
        let undone = match (spec.undo)(&mut tx, &applied).await {
            Ok(()) => tx.settle().await,
            Err(error) => Err(error),
        };
        match undone {
            Ok(()) => tx.keep(point).await?,
            Err(Error::Busy(text)) => return Err(Error::Busy(text)),
            Err(error) => {
                tx.take_back(point).await?;
                problems.push(hindrance(row.number, &error));
                if problems.0.len() >= NAMED {
                    break;
                }
            }
        }
    }
    problems.finish()?;
    tx.log(doc(&batch), "undone", serde_json::Value::Null);
    let out = batch.out(cx, None)?;
    tx.commit(out).await
}

fn hindrance(row: i64, error: &Error) -> RuleError {
    if matches!(error, Error::Internal(_)) {
        tracing::error!(row, %error, "undo of an import");
    }
    RuleError::new("import.undo_row", T("第 {row} 行不能撤销：{zh}", "Row {row} can't be taken back: {en}"))
        .arg("row", row)
        .arg("zh", error.message(kernel::Lang::Zh))
        .arg("en", error.message(kernel::Lang::En))
        .field(format!("row.{row}"))
}

/// A stored row with the names the context used.
fn applied(cx: &Cx, row: &batch::AppliedRow) -> Applied {
    let kinds = cx.app.registry.docs.keys().copied();
    // A kind without a page of its own is rare, and there are few: keeping its name costs nothing.
    let doc_kind =
        kinds.into_iter().find(|kind| *kind == row.doc_kind).unwrap_or_else(|| intern(&row.doc_kind));
    let action = if row.action == "create" { "create" } else { "update" };
    Applied {
        action,
        doc_kind,
        doc_id: row.doc_id,
        version: row.version,
        before: row.before.clone(),
        changes: Vec::new(),
    }
}

/// One copy of each name, for as long as the program runs.
fn intern(name: &str) -> &'static str {
    static NAMES: std::sync::Mutex<Vec<&'static str>> = std::sync::Mutex::new(Vec::new());
    let mut names = match NAMES.lock() {
        Ok(names) => names,
        Err(poisoned) => poisoned.into_inner(),
    };
    if let Some(known) = names.iter().find(|known| **known == name) {
        return known;
    }
    let kept: &'static str = Box::leak(name.to_string().into_boxed_str());
    names.push(kept);
    kept
}
