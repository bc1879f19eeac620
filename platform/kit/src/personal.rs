//! What is held about one person: given out, and made anonymous, on request (PIPL, individual rights; REQUIREMENTS §M 4).
//!
//! Every context declares the tables in which it keeps something about people as [`Holding`]s of its module, columns and
//! what becomes of them included; a test fails by name for a column that looks personal and is declared nowhere. From
//! that the platform makes both the copy for the person and the erasure: names, numbers, addresses and words go, numbers
//! of documents, money, stock and times stay.
//!
//! The log keeps who did what and when; the content of an entry that names the person gives way to its fingerprint, under
//! which the chain of the log still proves itself ([`crate::audit::erased`]).

use std::collections::BTreeMap;

use db::{Conn, Row, Sql, Val};
use futures::future::BoxFuture;
use kernel::{Id, T, Ts};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::{Cx, Result, Tx, audit, search};

/// What stands where a name stood; stored, so in both languages at once.
pub const NOBODY: &str = "已匿名 Anonymised";

/// Values at once in one statement.
const CHUNK: usize = 400;

/// What becomes of a column when the person is made anonymous. All of them are in the copy but keys and secrets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// Stays: it says nothing of the person.
    Keep,
    /// An instant that stays.
    Time,
    /// A name: [`NOBODY`] stands there.
    Name,
    /// A way to reach or recognise the person: emptied.
    Reach,
    /// The folded form of a name or number, by which it is found: emptied.
    Key,
    /// Words about or by the person: emptied.
    Words,
    /// A list or object as JSON: emptied.
    Json(&'static str),
    /// A version: whoever has the page open can't put the old text back.
    Version,
}

impl Fate {
    fn shown(self) -> bool {
        !matches!(self, Self::Key | Self::Version)
    }

    /// The assignment in SQL; none for what stays.
    fn set(self, column: &str) -> Option<String> {
        match self {
            Self::Keep | Self::Time => None,
            Self::Name => Some(format!("{column} = case when {column} = '' then '' else '{NOBODY}' end")),
            Self::Reach | Self::Key | Self::Words => Some(format!("{column} = ''")),
            Self::Json(empty) => Some(format!("{column} = '{empty}'")),
            Self::Version => Some(format!("{column} = {column} + 1")),
        }
    }
}

/// A table with something about people in it.
pub struct Holding {
    /// The table.
    pub table: &'static str,
    /// What it holds, for people.
    pub label: T,
    /// Kind of document its rows belong to, and the column that names it: `("order", "order_id")`. The person's file
    /// itself is `("customer", "id")`.
    pub of: (&'static str, &'static str),
    /// Its rows are documents of this kind themselves, numbered by this column: what hangs on them is the person's too.
    pub doc: Option<(&'static str, &'static str)>,
    /// Columns in the order of the copy.
    pub columns: &'static [(&'static str, Fate)],
    /// The rows themselves go.
    pub delete: bool,
    /// What statements can't say: called with the documents of `of`.
    pub also: Option<Also>,
}

/// See [`Holding::also`].
pub type Also = for<'a> fn(&'a mut Tx, &'a [Id]) -> BoxFuture<'a, Result<()>>;

impl Holding {
    /// A table whose rows stay.
    pub const fn new(
        table: &'static str,
        label: T,
        of: (&'static str, &'static str),
        columns: &'static [(&'static str, Fate)],
    ) -> Self {
        Self { table, label, of, doc: None, columns, delete: false, also: None }
    }

    /// Its rows are documents.
    #[must_use]
    pub const fn doc(mut self, kind: &'static str, no: &'static str) -> Self {
        self.doc = Some((kind, no));
        self
    }

    /// Its rows go.
    #[must_use]
    pub const fn gone(mut self) -> Self {
        self.delete = true;
        self
    }

    /// With more to do.
    #[must_use]
    pub const fn also(mut self, also: Also) -> Self {
        self.also = Some(also);
        self
    }
}

/// What one table holds.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Held {
    /// The table.
    pub table: String,
    /// What it holds.
    pub label: String,
    /// Rows, column → value.
    pub rows: Vec<Map<String, Value>>,
}

/// A file that is held.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct HeldFile {
    /// Which file; `GET /api/v1/files/{id}` gives it.
    pub id: Id,
    /// Kind of document it hangs on.
    pub doc_kind: String,
    /// Name.
    pub name: String,
    /// What it shows, for example `signature`.
    pub label: String,
    /// Kind of content.
    pub mime: String,
    /// Bytes.
    pub size: i64,
    /// Stored.
    pub at: Ts,
}

/// Everything that is held about a person.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Copy {
    /// When this copy was made.
    pub at: Ts,
    /// By table.
    pub held: Vec<Held>,
    /// Files: pictures, signatures, recordings.
    pub files: Vec<HeldFile>,
}

/// How much was made anonymous.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Erased {
    /// Rows.
    pub rows: i64,
    /// Files deleted.
    pub files: i64,
    /// Entries of the log whose content gave way to its fingerprint.
    pub log: i64,
}

/// Documents of a person: kind → ids with their numbers.
#[derive(Default)]
struct Docs(BTreeMap<&'static str, Vec<(Id, String)>>);

impl Docs {
    fn ids(&self, kind: &str) -> Vec<Id> {
        self.0.get(kind).into_iter().flatten().map(|(id, _)| *id).collect()
    }

    fn all(&self) -> Vec<Id> {
        self.0.values().flatten().map(|(id, _)| *id).collect()
    }
}

fn within<'a>(ids: &'a [Id], sql: impl Fn() -> Sql + 'a) -> impl Iterator<Item = Sql> + 'a {
    ids.chunks(CHUNK).map(move |ids| {
        let mut sql = sql();
        sql.list(ids.iter().copied());
        sql
    })
}

async fn docs(cx: &Cx, conn: &mut Conn, (kind, id): (&'static str, Id)) -> Result<Docs> {
    let mut docs = Docs(BTreeMap::from([(kind, vec![(id, String::new())])]));
    for holding in &cx.app.registry.personal {
        let Some((kind, no)) = holding.doc else { continue };
        let ids = docs.ids(holding.of.0);
        let text = format!("select t.id, t.{no} from {} t where t.{} in ", holding.table, holding.of.1);
        for sql in within(&ids, || Sql::new(text.clone())) {
            let found: Vec<(Id, String)> = conn.all_sql(sql).await?;
            let known = docs.0.entry(kind).or_default();
            for (id, no) in found {
                match known.iter_mut().find(|(held, _)| *held == id) {
                    Some(held) => held.1 = no,
                    None => known.push((id, no)),
                }
            }
        }
    }
    Ok(docs)
}

async fn rows(conn: &mut Conn, holding: &Holding, ids: &[Id]) -> Result<Vec<Row>> {
    let columns: Vec<String> =
        holding.columns.iter().map(|(column, _)| format!("cast(t.{column} as text)")).collect();
    let text = format!("select {} from {} t where t.{} in ", columns.join(", "), holding.table, holding.of.1);
    let mut rows = Vec::new();
    for sql in within(ids, || Sql::new(text.clone())) {
        rows.extend(conn.rows_sql(sql).await?);
    }
    Ok(rows)
}

/// A copy of everything held about a person, by the holdings of all contexts. Whether the caller may have it is the
/// caller's business, and so is the entry in the log.
pub async fn copy(cx: &Cx, conn: &mut Conn, person: (&'static str, Id)) -> Result<Copy> {
    let docs = docs(cx, conn, person).await?;
    let mut held = Vec::new();
    for holding in cx.app.registry.personal.iter().filter(|holding| !holding.columns.is_empty()) {
        let found = rows(conn, holding, &docs.ids(holding.of.0)).await?;
        let rows = found.iter().map(|row| object(holding, row)).collect::<Result<Vec<_>>>()?;
        if !rows.is_empty() {
            held.push(Held { table: holding.table.into(), label: cx.t(holding.label).into(), rows });
        }
    }
    let ids = docs.all();
    let comments = "select text, at from comment where doc_id in ";
    let mut said = Vec::new();
    for sql in within(&ids, || Sql::new(comments)) {
        let found: Vec<(String, Ts)> = conn.all_sql(sql).await?;
        said.extend(found.into_iter().map(|(text, at)| {
            Map::from_iter([("text".to_string(), json!(text)), ("at".to_string(), json!(at))])
        }));
    }
    if !said.is_empty() {
        let label = cx.t(T("内部备注", "Comments")).into();
        held.push(Held { table: "comment".into(), label, rows: said });
    }
    let mut files = Vec::new();
    let text = "select id, doc_kind, name, label, mime, size, created_at from attachment where doc_id in ";
    for sql in within(&ids, || Sql::new(text)) {
        let found: Vec<(Id, String, String, String, String, i64, Ts)> = conn.all_sql(sql).await?;
        files.extend(found.into_iter().map(|(id, doc_kind, name, label, mime, size, at)| HeldFile {
            id,
            doc_kind,
            name,
            label,
            mime,
            size,
            at,
        }));
    }
    Ok(Copy { at: cx.now(), held, files })
}

fn object(holding: &Holding, row: &Row) -> Result<Map<String, Value>> {
    let mut out = Map::new();
    for (index, (column, fate)) in holding.columns.iter().enumerate().filter(|(_, (_, fate))| fate.shown()) {
        let text: Option<String> = row.at(index)?;
        let value = match (text, fate) {
            (Some(text), Fate::Time) => text.parse().map_or(Value::Null, |at| json!(Ts(at))),
            (Some(text), Fate::Json(_)) => serde_json::from_str(&text).unwrap_or(Value::String(text)),
            (text, _) => json!(text),
        };
        out.insert((*column).to_string(), value);
    }
    Ok(out)
}

/// Makes everything held about a person anonymous. Whether it may be is the caller's business.
pub async fn erase_in(tx: &mut Tx, person: (&'static str, Id)) -> Result<Erased> {
    let cx = tx.cx().clone();
    let docs = docs(&cx, tx, person).await?;
    let mut done = Erased::default();
    let mut told = Vec::new();
    for holding in &cx.app.registry.personal {
        let ids = docs.ids(holding.of.0);
        if !holding.columns.is_empty() {
            for row in rows(tx, holding, &ids).await? {
                told.extend(told_by(holding, &row)?);
            }
        }
        if let Some(also) = holding.also {
            also(tx, &ids).await?;
        }
        let sets: Vec<String> =
            holding.columns.iter().filter_map(|(column, fate)| fate.set(column)).collect();
        let (table, by) = (holding.table, holding.of.1);
        let text = match (holding.delete, sets.is_empty()) {
            (true, _) => format!("delete from {table} where {by} in "),
            (false, false) => format!("update {table} set {} where {by} in ", sets.join(", ")),
            (false, true) => continue,
        };
        done.rows += run(tx, &ids, &text).await?;
    }
    let ids = docs.all();
    done.rows += run(tx, &ids, &format!("update comment set text = '{NOBODY}' where doc_id in ")).await?;
    run(tx, &ids, "update import_row set before = null where doc_id in ").await?;
    done.files = files(tx, &ids).await?;
    notices(tx, &cx, &docs).await?;
    found_again(tx, &docs).await?;
    told.sort();
    told.dedup();
    done.log = audit::erased(tx, &ids, &told).await?;
    Ok(done)
}

/// Values by which somebody could be recognised in the log.
fn told_by(holding: &Holding, row: &Row) -> Result<Vec<String>> {
    let mut out = Vec::new();
    for (index, (_, fate)) in holding.columns.iter().enumerate() {
        let least = match fate {
            Fate::Name => 2,
            Fate::Reach | Fate::Words => 4,
            _ => continue,
        };
        let text: String = row.at::<Option<String>>(index)?.unwrap_or_default();
        if text.chars().count() >= least && text != NOBODY {
            out.push(text);
        }
    }
    Ok(out)
}

async fn run(tx: &mut Tx, ids: &[Id], text: &str) -> Result<i64> {
    let mut hit = 0;
    for sql in within(ids, || Sql::new(text)) {
        let (text, args) = sql.into_parts();
        hit += i64::try_from(tx.exec(&text, args).await?).unwrap_or(0);
    }
    Ok(hit)
}

/// Files go with the commit: their rows now, what is on disk by a job that comes after.
async fn files(tx: &mut Tx, ids: &[Id]) -> Result<i64> {
    let mut gone = Vec::new();
    for sql in within(ids, || Sql::new("select id from attachment where doc_id in ")) {
        let found: Vec<(Id,)> = tx.all_sql(sql).await?;
        gone.extend(found.into_iter().map(|(id,)| id));
    }
    run(tx, ids, "delete from attachment where doc_id in ").await?;
    if !gone.is_empty() {
        tx.enqueue(UNLINK, &gone, None)?;
    }
    Ok(i64::try_from(gone.len()).unwrap_or(i64::MAX))
}

/// Job that deletes the content of files whose rows are gone.
pub const UNLINK: &str = "kit.unlink";

/// Runs [`UNLINK`]; a file that is gone already is none.
pub(crate) async fn unlink(cx: Cx, ids: Vec<Id>) -> Result<()> {
    for id in ids {
        crate::attachments::unlink(&cx, id).await;
    }
    Ok(())
}

/// Notices that point at the person's documents say no more than that.
async fn notices(tx: &mut Tx, cx: &Cx, docs: &Docs) -> Result<()> {
    for (kind, held) in &docs.0 {
        let Some(doc) = cx.app.registry.docs.get(kind) else { continue };
        let hrefs: Vec<String> =
            held.iter().map(|(id, _)| doc.href.replace("{id}", &id.to_string())).collect();
        for hrefs in hrefs.chunks(CHUNK) {
            let mut sql =
                Sql::new(format!("update notification set title = '{NOBODY}', detail = '' where href in "));
            sql.list(hrefs.iter().map(|href| Val::from(href.as_str())));
            let (text, args) = sql.into_parts();
            tx.exec(&text, args).await?;
        }
    }
    Ok(())
}

/// In the index documents are found by their numbers alone.
async fn found_again(tx: &mut Tx, docs: &Docs) -> Result<()> {
    for (kind, held) in &docs.0 {
        let kind: &'static str = kind;
        let ids: Vec<Id> = held.iter().map(|(id, _)| *id).collect();
        for mut sql in
            within(&ids, || Sql::new("select ref_id, org_id, owner_id from search_doc where ref_id in "))
        {
            sql.push(" and kind = ").bind(kind);
            let found: Vec<(Id, Id, Option<Id>)> = tx.all_sql(sql).await?;
            for (id, org, owner) in found {
                let no = held.iter().find(|(held, _)| *held == id).map_or("", |(_, no)| no.as_str());
                let doc = search::SearchDoc { kind, id, org, owner, title: no, sub: NOBODY, text: "" };
                search::put_in(tx, &doc).await?;
            }
        }
    }
    Ok(())
}
