//! Batches: what was uploaded, how it was mapped, what became of it.

use db::{Conn, Sql, args};
use kernel::{Id, Lang, RuleError, T, Ts};
use object_store::{ObjectStoreExt, path::Path};
use serde::{Deserialize, Serialize};

use super::spec::Applied;
use crate::{
    Cx, Error, Result, Tx,
    jobs::JobState,
    tabular::{ImportReport, Mapping, Problem, RowAction},
};

db::codes! {
    /// How far an import has come.
    pub enum BatchState {
        /// Uploaded; columns are being mapped.
        New = "new" ("待对应列", "Columns to be mapped"),
        /// The dry run is under way.
        Checking = "checking" ("检查中", "Checking"),
        /// The dry run has a result.
        Checked = "checked" ("已检查", "Checked"),
        /// Rows are being applied.
        Running = "running" ("导入中", "Importing"),
        /// All good rows are applied.
        Done = "done" ("已导入", "Imported"),
        /// Stopped by a person; rows applied so far are there.
        Cancelled = "cancelled" ("已中止", "Stopped"),
        /// The file can't be imported as it is.
        Failed = "failed" ("失败", "Failed"),
        /// Taken back as a whole.
        Undone = "undone" ("已撤销", "Undone"),
    }
}

impl BatchState {
    /// The colour of its badge, by the codes of the design system.
    pub fn badge(self) -> &'static str {
        match self {
            Self::New | Self::Checked => "new",
            Self::Checking | Self::Running => "working",
            Self::Done => "done",
            Self::Cancelled | Self::Undone => "canceled",
            Self::Failed => "hold",
        }
    }
}

db::row! {
    /// A stored batch.
    #[derive(Clone, Debug)]
    pub struct Batch {
        /// Which.
        pub id: Id,
        /// Kind of import.
        pub kind: String,
        /// Name of the file.
        pub file_name: String,
        /// Who.
        pub user_id: Id,
        /// Their organisation then.
        pub org_id: Id,
        /// How far.
        pub state: BatchState,
        /// [`Mapping`] as JSON.
        pub mapping: String,
        /// [`Report`] as JSON.
        pub report: String,
        /// Its background work, the last one.
        pub job_id: Option<Id>,
        /// When uploaded.
        pub at: Ts,
        /// When taken back.
        pub undone_at: Option<Ts>,
    }
}

/// A problem of a row or cell, kept in both languages.
#[derive(Clone, Debug, Default, Serialize, Deserialize, schemars::JsonSchema)]
pub struct ProblemRow {
    /// Row number as in the file; the header is 1.
    pub row: usize,
    /// Column of the file.
    pub column: Option<String>,
    /// Machine code.
    pub code: String,
    /// Message in the language of the request.
    pub message: String,
    /// The other language's; empty in answers.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub english: String,
}

/// One field that a row changes.
#[derive(Clone, Debug, Default, Serialize, Deserialize, schemars::JsonSchema)]
pub struct FieldChange {
    /// Key.
    pub key: String,
    /// Heading in the language of the request.
    pub label: String,
    /// Value before.
    pub old: String,
    /// Value after.
    pub new: String,
    /// The other language's heading; empty in answers.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub english: String,
}

/// What a row does.
#[derive(Clone, Debug, Default, Serialize, Deserialize, schemars::JsonSchema)]
pub struct RowChange {
    /// Row number as in the file.
    pub row: usize,
    /// `create` or `update`.
    pub action: String,
    /// Field by field.
    pub fields: Vec<FieldChange>,
}

/// What an import did or, after a dry run, would do.
#[derive(Clone, Debug, Default, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default)]
pub struct Report {
    /// Nothing was kept.
    pub dry_run: bool,
    /// Rows in the file.
    pub rows: usize,
    /// Created.
    pub created: usize,
    /// Changed.
    pub updated: usize,
    /// Left alone: nothing to do, or a problem.
    pub skipped: usize,
    /// Problems in all; `problems` holds the first thousand.
    pub problem_count: usize,
    /// Problems.
    pub problems: Vec<ProblemRow>,
    /// The first rows that create or change something.
    pub changes: Vec<RowChange>,
}

/// Problems kept with a batch.
const MOST_PROBLEMS: usize = 1000;

/// Rows of the diff kept with a batch.
const MOST_CHANGES: usize = 200;

impl Report {
    /// Keeps the beginning of a report in both languages.
    pub fn keep(report: &ImportReport, dry_run: bool) -> Self {
        let problem = |p: &Problem| ProblemRow {
            row: p.row,
            column: p.column.clone(),
            code: p.code.to_string(),
            message: p.text(Lang::Zh),
            english: p.text(Lang::En),
        };
        let rows = report.outcomes.iter().filter(|row| row.action != RowAction::Skip).take(MOST_CHANGES);
        let changes = rows.map(|row| RowChange {
            row: row.row,
            action: if row.action == RowAction::Create { "create" } else { "update" }.to_string(),
            fields: row
                .changes
                .iter()
                .map(|c| FieldChange {
                    key: c.key.to_string(),
                    label: c.label.0.to_string(),
                    old: c.old.clone(),
                    new: c.new.clone(),
                    english: c.label.1.to_string(),
                })
                .collect(),
        });
        Self {
            dry_run,
            rows: report.rows,
            created: report.created,
            updated: report.updated,
            skipped: report.skipped,
            problem_count: report.problems.len(),
            problems: report.problems.iter().take(MOST_PROBLEMS).map(problem).collect(),
            changes: changes.collect(),
        }
    }

    /// In one language.
    #[must_use]
    pub fn in_lang(mut self, lang: Lang) -> Self {
        for problem in &mut self.problems {
            let english = std::mem::take(&mut problem.english);
            if lang == Lang::En {
                problem.message = english;
            }
        }
        for field in self.changes.iter_mut().flat_map(|row| &mut row.fields) {
            let english = std::mem::take(&mut field.english);
            if lang == Lang::En {
                field.label = english;
            }
        }
        self
    }
}

/// A batch as the API shows it.
#[derive(Clone, Debug, Serialize, Deserialize, schemars::JsonSchema)]
pub struct BatchOut {
    /// Which; none for a dry run that is not kept.
    pub id: Option<Id>,
    /// Kind of import.
    pub kind: String,
    /// Name of the file.
    pub file_name: String,
    /// How far.
    pub state: BatchState,
    /// Its background work, while there is any.
    pub job: Option<JobState>,
    /// When uploaded.
    pub at: Ts,
    /// When taken back.
    pub undone_at: Option<Ts>,
    /// What it did or would do.
    #[serde(flatten)]
    pub report: Report,
}

impl Batch {
    /// The mapping.
    pub fn mapping(&self) -> Result<Mapping> {
        Ok(serde_json::from_str(&self.mapping)?)
    }

    /// The report in the caller's language.
    pub fn report(&self, cx: &Cx) -> Result<Report> {
        Ok(serde_json::from_str::<Report>(&self.report)?.in_lang(cx.lang))
    }

    /// For the API.
    pub fn out(&self, cx: &Cx, job: Option<JobState>) -> Result<BatchOut> {
        Ok(BatchOut {
            id: Some(self.id),
            kind: self.kind.clone(),
            file_name: self.file_name.clone(),
            state: self.state,
            job,
            at: self.at,
            undone_at: self.undone_at,
            report: self.report(cx)?,
        })
    }
}

/// A batch by id, whoever's.
pub async fn get(conn: &mut Conn, id: Id) -> Result<Batch> {
    let sql = format!("select {} from import_batch b where id = $1", Batch::cols("b"));
    Ok(conn.one(&sql, args![id]).await?)
}

/// The newest batches: of one user, or of everybody.
pub async fn newest(conn: &mut Conn, user: Option<Id>, kind: Option<&str>, limit: i64) -> Result<Vec<Batch>> {
    let mut sql = Sql::new(format!("select {} from import_batch b where 1 = 1", Batch::cols("b")));
    sql.and_opt("b.user_id =", user).and_opt("b.kind =", kind);
    sql.push(&format!(" order by b.at desc, b.id desc limit {limit}"));
    Ok(conn.all_sql(sql).await?)
}

/// Stores a new batch; the same batch again changes nothing.
pub async fn insert(tx: &mut Tx, batch: &Batch) -> Result<()> {
    tx.exec(
        "insert into import_batch (id, kind, file_name, user_id, org_id, state, mapping, report, job_id, at)
         values ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10) on conflict (id) do nothing",
        args![
            batch.id,
            &batch.kind,
            &batch.file_name,
            batch.user_id,
            batch.org_id,
            batch.state,
            &batch.mapping,
            &batch.report,
            batch.job_id,
            batch.at
        ],
    )
    .await?;
    Ok(())
}

/// Moves a batch on, if it still is where the caller thinks; stores what else changed with it.
///
/// Errors: `import.state` when somebody was faster.
pub async fn advance(tx: &mut Tx, batch: &Batch, from: &[BatchState]) -> Result<()> {
    let mut sql = Sql::new("update import_batch set state = ");
    sql.bind(batch.state).push(", mapping = ").bind(&batch.mapping).push(", report = ").bind(&batch.report);
    sql.push(", job_id = ").bind(batch.job_id).push(", undone_at = ").bind(batch.undone_at);
    sql.push(" where id = ").bind(batch.id).push(" and state in ").list(from.iter().copied());
    if tx.exec_sql(sql).await? == 0 {
        return Err(Error::Conflict(RuleError::new(
            "import.state",
            T("这批导入的状态已经改变，请刷新", "This import has moved on; reload the page"),
        )));
    }
    Ok(())
}

/// Rows already applied: number and action.
pub async fn applied_numbers(conn: &mut Conn, batch: Id) -> Result<Vec<(i64, String)>> {
    Ok(conn.all("select number, action from import_row where batch_id = $1", args![batch]).await?)
}

/// Remembers applied rows, for resuming and for undo.
pub async fn insert_rows(tx: &mut Tx, batch: Id, rows: &[(usize, Applied)]) -> Result<()> {
    if rows.is_empty() {
        return Ok(());
    }
    let mut sql = Sql::new(
        "insert into import_row (batch_id, number, action, doc_kind, doc_id, version, before) values ",
    );
    for (index, (number, row)) in rows.iter().enumerate() {
        sql.push(if index == 0 { "" } else { ", " });
        sql.list(args![
            batch,
            *number,
            row.action,
            row.doc_kind,
            row.doc_id,
            row.version,
            row.before.clone()
        ]);
    }
    tx.exec_sql(sql).await?;
    Ok(())
}

db::row! {
    /// An applied row as stored.
    pub struct AppliedRow {
        pub number: i64,
        pub action: String,
        pub doc_kind: String,
        pub doc_id: Id,
        pub version: i64,
        pub before: Option<String>,
    }
}

/// Applied rows that changed something, the last one first.
pub async fn rows_backwards(conn: &mut Conn, batch: Id) -> Result<Vec<AppliedRow>> {
    let sql = format!(
        "select {} from import_row r where batch_id = $1 and action <> 'skip' order by number desc, doc_id desc",
        AppliedRow::cols("r")
    );
    Ok(conn.all(&sql, args![batch]).await?)
}

/// True for a document that an import has made and whose undo took it out of use: the corrected file means it again.
pub async fn left_by_undo(conn: &mut Conn, doc: Id) -> Result<bool> {
    let sql = "select exists (select 1 from import_row r join import_batch b on b.id = r.batch_id
                 where r.doc_id = $1 and r.action = 'create' and b.state = $2)";
    Ok(conn.scalar(sql, args![doc, BatchState::Undone]).await?)
}

fn place(id: Id) -> Path {
    let text = id.to_string();
    Path::from(format!("imports/{}/{text}", &text[text.len() - 2..]))
}

/// Keeps the file; only the batch knows where, so nobody else can ask for it.
pub async fn store_file(cx: &Cx, id: Id, bytes: Vec<u8>) -> Result<()> {
    let put = cx.app.blobs.put(&place(id), bytes.into()).await;
    put.map(drop).map_err(|error| Error::Internal(format!("file store: {error}")))
}

/// The file of a batch.
pub async fn load_file(cx: &Cx, id: Id) -> Result<Vec<u8>> {
    let broken = |error: object_store::Error| Error::Internal(format!("file store: {error}"));
    let object = cx.app.blobs.get(&place(id)).await.map_err(broken)?;
    Ok(object.bytes().await.map_err(broken)?.to_vec())
}
