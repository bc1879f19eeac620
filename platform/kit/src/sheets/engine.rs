//! Running a file through its sheet: chunk by chunk, each in one transaction, each row behind a savepoint.
//!
//! A dry run does exactly what the real run does and keeps nothing, so it can't promise what the real run
//! refuses. (Rows of different chunks don't see each other in a dry run: a record that one row creates and a
//! row far below changes is counted as created twice.)

use std::collections::HashMap;

use kernel::{Id, T};

use super::{
    batch,
    spec::{Applied, SheetSpec},
};
use crate::{
    Begun, Cx, Error, Result, Show, Tx, jobs,
    tabular::{
        CellOptions, Change, ColumnSpec, ImportReport, Limits, Mapping, Plan, Problem, RawRow, RowAction,
        RowOutcome, RowReader, Table, read_table,
    },
};

/// Rows per transaction: long enough to share a commit, short enough to let others write in between.
const CHUNK: usize = 100;

/// Rows per transaction of a dry run.
const DRY_CHUNK: usize = 400;

/// Times a chunk is tried when the database is busy.
const TRIES: u32 = 6;

/// A file that was read, with its mapping.
pub struct File {
    pub table: Table,
    pub mapping: Mapping,
    pub columns: Vec<ColumnSpec>,
}

impl File {
    /// Reads the table and fills the gaps of the mapping by the names of the columns.
    ///
    /// Errors: those of [`read_table`]; the mapping is judged when it is used.
    pub fn read(spec: &SheetSpec, bytes: &[u8], name: &str, mapping: Mapping) -> Result<Self> {
        let columns = (spec.columns)();
        let table = read_table(bytes, name, &Limits::default()).map_err(|error| error.field("file"))?;
        let mapping = mapping.completed(&columns, &table.header);
        Ok(Self { table, mapping, columns })
    }
}

/// What happens with the rows, and who is told.
#[derive(Clone, Copy)]
pub struct Run {
    /// Keep what is applied under this batch; none: dry run.
    pub batch: Option<Id>,
    /// Job whose progress is told and that may be cancelled.
    pub job: Option<Id>,
}

/// What a run came to.
pub struct Ran {
    pub report: ImportReport,
    /// Somebody cancelled the job.
    pub cancelled: bool,
}

/// Applies every row. Good rows are kept whatever becomes of the others.
///
/// Errors: those of the mapping; the database being unusable. Rows kept so far stay, and a second run of the
/// same batch goes on behind them.
pub async fn run(cx: &Cx, spec: &SheetSpec, file: &File, run: Run) -> Result<Ran> {
    // The job is marked done by the transaction that ends it, so the chunks must not carry its id; nor the
    // idempotency key of the request, which stands for one transaction.
    let cx = &Cx {
        req: std::sync::Arc::new(crate::Req {
            ip: cx.req.ip.clone(),
            hidden: cx.req.hidden,
            veils: cx.req.veils,
            ..Default::default()
        }),
        ..cx.clone()
    };
    let plan = Plan::new(
        &file.columns,
        &file.mapping,
        &file.table.header,
        &CellOptions { zone: cx.zone(), ..Default::default() },
    )?;
    let mut conn = cx.read().await?;
    if let Some(prepare) = spec.prepare {
        prepare(cx, &mut conn).await?;
    }
    let before: HashMap<i64, String> = match run.batch {
        Some(batch) => batch::applied_numbers(&mut conn, batch).await?.into_iter().collect(),
        None => HashMap::new(),
    };
    drop(conn);
    let mut ran = Ran { report: ImportReport::default(), cancelled: false };
    let rows: Vec<&RawRow> = file.table.rows.iter().collect();
    let size = if run.batch.is_some() { CHUNK } else { DRY_CHUNK };
    let total = rows.len();
    for rows in rows.chunks(size) {
        let (known, new): (Vec<&RawRow>, Vec<&RawRow>) =
            rows.iter().partition(|row| before.contains_key(&(row.number as i64)));
        for row in known {
            ran.report.accept(RowOutcome {
                row: row.number,
                action: action(&before[&(row.number as i64)]),
                changes: Vec::new(),
            });
        }
        if !new.is_empty() {
            merge(&mut ran.report, chunk_again(cx, spec, &plan, &new, run.batch).await?);
        }
        if let Some(job) = run.job
            && !jobs::progress(&cx.app, job, ran.report.rows, total).await?
        {
            ran.cancelled = true;
            break;
        }
    }
    Ok(ran)
}

fn action(code: &str) -> RowAction {
    match code {
        "create" => RowAction::Create,
        "update" => RowAction::Update,
        _ => RowAction::Skip,
    }
}

fn merge(all: &mut ImportReport, part: ImportReport) {
    all.rows += part.rows;
    all.created += part.created;
    all.updated += part.updated;
    all.skipped += part.skipped;
    all.problems.extend(part.problems);
    all.outcomes.extend(part.outcomes);
}

async fn chunk_again(
    cx: &Cx,
    spec: &SheetSpec,
    plan: &Plan<'_>,
    rows: &[&RawRow],
    batch: Option<Id>,
) -> Result<ImportReport> {
    let mut tried = 0;
    loop {
        match chunk(cx, spec, plan, rows, batch).await {
            Err(Error::Busy(_)) if tried < TRIES => {
                tried += 1;
                tokio::time::sleep(std::time::Duration::from_millis(10 << tried)).await;
            }
            other => return other,
        }
    }
}

/// A transaction that no stored answer can stand in for.
pub(super) async fn open(cx: &Cx, command: &'static str) -> Result<Box<Tx>> {
    match cx.begin(command, &()).await? {
        Begun::New(tx) => Ok(tx),
        Begun::Done(_) => Err(Error::Duplicate),
    }
}

async fn chunk(
    cx: &Cx,
    spec: &SheetSpec,
    plan: &Plan<'_>,
    rows: &[&RawRow],
    batch: Option<Id>,
) -> Result<ImportReport> {
    let mut report = ImportReport::default();
    let mut kept = Vec::with_capacity(rows.len());
    let mut tx = open(cx, "imports.apply").await?;
    for raw in rows {
        let row = plan.read(raw);
        if let Err(problems) = row.finish() {
            report.refuse(problems);
            continue;
        }
        let point = tx.savepoint().await?;
        let applied = match (spec.apply)(&mut tx, &row).await {
            Ok(applied) => tx.settle().await.map(|()| applied),
            Err(error) => Err(error),
        };
        match applied {
            Ok(applied) => {
                tx.keep(point).await?;
                report.problems.extend_from_slice(row.left_out());
                report.accept(outcome(cx, spec, (plan, raw), &applied));
                kept.push((raw.number, applied));
            }
            Err(Error::Busy(text)) => return Err(Error::Busy(text)),
            Err(error) => {
                tx.take_back(point).await?;
                report.refuse(problems(&row, error));
            }
        }
    }
    if let Some(batch) = batch {
        batch::insert_rows(&mut tx, batch, &kept).await?;
        tx.commit(()).await?;
    }
    Ok(report)
}

/// Fields of a new record that the report shows: enough to recognise it by.
const TOLD: usize = 4;

fn outcome(cx: &Cx, spec: &SheetSpec, (plan, raw): (&Plan<'_>, &RawRow), applied: &Applied) -> RowOutcome {
    let columns = (spec.columns)();
    let list = cx.app.registry.lists.get(spec.list);
    let change = |(key, old, new): &(&'static str, String, String)| {
        let label = columns.iter().find(|col| col.key == *key).map_or(T(key, key), |col| col.label);
        // The new value is the importer's own; the old one may be more than they are allowed to see.
        let sens = list.and_then(|list| list.column(key)).and_then(|col| col.sens);
        let old = match sens {
            Some(sens) if cx.shows(sens) != Show::Full => cx.mask(sens, old),
            _ => old.clone(),
        };
        Change { key, label, old, new: new.clone() }
    };
    let mut changes: Vec<Change> = applied.changes.iter().map(change).collect();
    let action = action(applied.action);
    // A record that is new has nothing to compare with: the row tells what becomes of it (IMP-03).
    if action == RowAction::Create && changes.is_empty() {
        let told = plan.given(raw).into_iter().take(TOLD);
        changes = told
            .map(|(col, new)| Change { key: col.key, label: col.label, old: String::new(), new })
            .collect();
    }
    RowOutcome { row: raw.number, action, changes }
}

/// Why a row was refused, each reason at its column.
fn problems(row: &RowReader<'_>, error: Error) -> Vec<Problem> {
    let plain = |code, text| vec![Problem::row(row.number(), code, text)];
    match error {
        Error::Invalid(found) => found.into_iter().map(|rule| row.refused(rule)).collect(),
        Error::Conflict(rule) => vec![row.refused(rule)],
        Error::NotFound => plain(
            "not_found",
            T(
                "引用的记录不存在，或不在您的范围内",
                "A record it refers to doesn't exist or is out of your reach",
            ),
        ),
        Error::Forbidden(_) => plain("auth.forbidden", T("没有权限", "You may not do this")),
        other => {
            tracing::error!(row = row.number(), error = %other, "import row");
            plain(
                "internal",
                T("这一行无法保存，系统已记录原因", "This row could not be saved; the reason was logged"),
            )
        }
    }
}
