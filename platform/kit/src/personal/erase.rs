//! Making anonymous what is held about a person.

use db::{Row, Sql, Val};
use kernel::Id;

use super::{
    CHUNK, Erased, Fate, Holding, NOBODY,
    copy::rows,
    docs::{Docs, docs, within},
};
use crate::{Cx, Result, Tx, audit, search};

/// Makes everything held about a person anonymous. Whether it may be is the caller's business.
pub async fn erase_in(tx: &mut Tx, person: (&'static str, Id)) -> Result<Erased> {
    let cx = tx.cx().clone();
    let docs = docs(&cx, tx, person, &[]).await?;
    let mut done = Erased::default();
    let mut told = Vec::new();
    for holding in &cx.app.registry.personal {
        let ids = docs.ids(holding.of.0);
        if !holding.columns.is_empty() {
            for row in rows(&cx, tx, holding, &ids).await? {
                told.extend(told_by(holding, &row)?);
            }
        }
        if let Some(also) = holding.also {
            told.extend(also(tx, &ids).await?);
        }
        let sets: Vec<String> =
            holding.columns.iter().filter_map(|column| column.fate.set(column.name)).collect();
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
    for (index, column) in holding.columns.iter().enumerate() {
        let least = match column.fate {
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
    for (kind, held) in &docs.kinds {
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
    for (kind, held) in &docs.kinds {
        let kind: &'static str = kind;
        let ids: Vec<Id> = held.iter().map(|(id, _)| *id).collect();
        for mut sql in
            within(&ids, || Sql::new("select ref_id, org_id, owner_id from search_doc where ref_id in "))
        {
            sql.push(" and kind = ").bind(kind);
            let found: Vec<(Id, Id, Option<Id>)> = tx.all_sql(sql).await?;
            for (id, org, owner) in found {
                let no = held.iter().find(|(held, _)| *held == id).map_or("", |(_, no)| no.as_str());
                let doc =
                    search::SearchDoc { kind, id, org, owner, title: no, sub: NOBODY, text: "", secret: &[] };
                search::put_in(tx, &doc).await?;
            }
        }
    }
    Ok(())
}
