//! The search index (kit's search) on both engines: FTS5 on SQLite, a tsvector with GIN on PostgreSQL.
//!
//! A row of FTS5 has nothing but its number to be chosen by, so on SQLite the number says the kind: every kind has a
//! range of numbers of its own, and within it a document's number is the next one. A search among parts then reads
//! the part of a word's list that belongs to parts, newest first, and stops at its limit, however many orders hold
//! the same word.

use kernel::{Id, Ts};

use crate::{Conn, Engine, Result, Sql, args};

/// Numbers a kind has: enough for a million new documents per second over half a year.
const RANGE: i64 = 1 << 44;

/// First number of a kind. Two kinds that share a range by chance only read a little more.
fn first_number(kind: &str) -> i64 {
    let hash =
        kind.bytes().fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
    i64::from(hash >> 14) * RANGE
}

/// Appends `from … where …` that gives the documents of a kind that hold one of each group of tokens, under the alias
/// `d` with the columns of `search_doc`.
///
/// Tokens are made of what `kernel::query_tokens` gives and hold only letters, digits and Han characters.
pub fn push_search(engine: Engine, sql: &mut Sql, kind: &str, tokens: &[Vec<String>]) {
    let all = |mark: &str, or: &str, and: &str| {
        let any = |group: &Vec<String>| {
            let quoted: Vec<String> = group.iter().map(|token| format!("{mark}{token}{mark}")).collect();
            format!("({})", quoted.join(or))
        };
        tokens.iter().map(any).collect::<Vec<_>>().join(and)
    };
    match engine {
        Engine::Sqlite => {
            let first = first_number(kind);
            // The words lead: from the documents' side every one of them would ask the index anew.
            sql.push(" from search_fts f cross join search_doc d on d.id = f.rowid where search_fts match ")
                .bind(all("\"", " OR ", " AND "))
                .push(&format!(" and f.rowid > {first} and f.rowid < {}", first + RANGE));
        }
        Engine::Postgres => {
            sql.push(" from search_doc d where d.tokens @@ cast(")
                .bind(all("'", " | ", " & "))
                .push(" as tsquery)");
        }
    }
    sql.and("d.kind =", kind);
}

/// Order of hits, newest documents first. The full-text index walks its own row numbers backwards and stops at the
/// limit; ordered by anything else it would fetch and sort every hit of a broad word.
pub fn search_newest(engine: Engine) -> &'static str {
    match engine {
        Engine::Sqlite => " order by f.rowid desc",
        Engine::Postgres => " order by d.id desc",
    }
}

/// One document of the search index.
pub struct SearchRow<'a> {
    /// Kind of document.
    pub kind: &'a str,
    /// The document.
    pub ref_id: Id,
    /// Whose it is.
    pub org: Id,
    /// Staff it belongs to.
    pub owner: Option<Id>,
    /// First line of a hit.
    pub title: &'a str,
    /// Second line of a hit.
    pub sub: &'a str,
    /// Gives what it is found by, separated by single spaces. Asked only when needed.
    pub tokens: &'a (dyn Fn() -> String + Sync),
    /// Hash of what the tokens are made from: what has not changed is not indexed again.
    pub hash: &'a str,
    /// Instant of the change.
    pub at: Ts,
}

/// What the search index writes on PostgreSQL: one statement for all documents, of which those are left alone that the
/// index holds already as they are. A document must be there once only.
fn search_put_together(rows: &[SearchRow<'_>]) -> Sql {
    let mut sql = Sql::new(
        "insert into search_doc (id, org_id, owner_id, title, sub, indexed, at, kind, ref_id, tokens)
         select n.id, n.org_id, n.owner_id, n.title, n.sub, n.indexed, n.at, n.kind, n.ref_id,
            array_to_tsvector(string_to_array(n.words, ' ')) from (values ",
    );
    for (index, row) in rows.iter().enumerate() {
        sql.push(if index == 0 { "" } else { ", " });
        sql.list(args![
            time_number(row.ref_id),
            row.org,
            row.owner,
            row.title,
            row.sub,
            row.hash,
            row.at,
            row.kind,
            row.ref_id,
            (row.tokens)()
        ]);
    }
    sql.push(
        ") n (id, org_id, owner_id, title, sub, indexed, at, kind, ref_id, words)
         where not exists (select 1 from search_doc d where d.kind = n.kind and d.ref_id = n.ref_id
            and d.indexed = n.indexed and d.org_id = n.org_id and d.owner_id is not distinct from n.owner_id
            and d.title = n.title and d.sub = n.sub)
         on conflict (kind, ref_id) do update set org_id = excluded.org_id, owner_id = excluded.owner_id,
            title = excluded.title, sub = excluded.sub, at = excluded.at, indexed = excluded.indexed,
            tokens = excluded.tokens",
    );
    sql
}

/// What the index holds of a document: number, hash, organisation, owner, first and second line.
type Old = (i64, String, Id, Option<Id>, String, String);

/// Puts documents into the search index, or renews there what has changed of them, at the latest with the commit. A
/// document must be there once only.
pub async fn search_put_all(conn: &mut Conn, rows: &[SearchRow<'_>]) -> Result<()> {
    if rows.is_empty() {
        return Ok(());
    }
    if conn.engine() == Engine::Postgres {
        return conn.later(search_put_together(rows)).await;
    }
    for row in rows {
        search_put(conn, row).await?;
    }
    Ok(())
}

async fn search_put(conn: &mut Conn, row: &SearchRow<'_>) -> Result<()> {
    let old: Option<Old> = conn
        .opt(
            "select id, indexed, org_id, owner_id, title, sub from search_doc where kind = $1 and ref_id = $2",
            args![row.kind, row.ref_id],
        )
        .await?;
    if let Some((id, hash, org, owner, title, sub)) = &old
        && hash == row.hash
    {
        if (*org, *owner, title.as_str(), sub.as_str()) != (row.org, row.owner, row.title, row.sub) {
            update_head(conn, *id, row).await?;
        }
        return Ok(());
    }
    put_fts(conn, row, old.map(|old| old.0)).await
}

/// Takes a document out of the search index.
pub async fn search_remove(conn: &mut Conn, kind: &str, ref_id: Id) -> Result<()> {
    let gone: Option<i64> = conn
        .scalar_opt(
            "delete from search_doc where kind = $1 and ref_id = $2 returning id",
            args![kind, ref_id],
        )
        .await?;
    if let (Some(id), Engine::Sqlite) = (gone, conn.engine()) {
        conn.exec("delete from search_fts where rowid = $1", args![id]).await?;
    }
    Ok(())
}

async fn update_head(conn: &mut Conn, id: i64, row: &SearchRow<'_>) -> Result<()> {
    conn.exec(
        "update search_doc set org_id = $2, owner_id = $3, title = $4, sub = $5, indexed = $6, at = $7 where id = $1",
        args![id, row.org, row.owner, row.title, row.sub, row.hash, row.at],
    )
    .await?;
    Ok(())
}

async fn put_fts(conn: &mut Conn, row: &SearchRow<'_>, old: Option<i64>) -> Result<()> {
    let id = match old {
        Some(id) => {
            update_head(conn, id, row).await?;
            conn.exec("delete from search_fts where rowid = $1", args![id]).await?;
            id
        }
        None => {
            // The only writer asks for the next number, so nobody takes the same.
            let first = first_number(row.kind);
            conn.scalar(
                "insert into search_doc (id, org_id, owner_id, title, sub, indexed, at, kind, ref_id)
                 values (coalesce((select max(id) from search_doc where id >= $1 and id < $2), $1) + 1,
                    $3, $4, $5, $6, $7, $8, $9, $10) returning id",
                args![
                    first,
                    first + RANGE,
                    row.org,
                    row.owner,
                    row.title,
                    row.sub,
                    row.hash,
                    row.at,
                    row.kind,
                    row.ref_id
                ],
            )
            .await?
        }
    };
    conn.exec("insert into search_fts (rowid, tokens) values ($1, $2)", args![id, (row.tokens)()]).await?;
    Ok(())
}

/// A row number made from the document's id: rising with time like the id, so that new rows go to the end of the
/// tree, and without a counter that writers would queue for. 47 bits of milliseconds would not leave room, so the 38
/// low bits of the time (8.7 years) and 25 of the random part are kept.
fn time_number(id: Id) -> i64 {
    let bits = id.0.as_u128();
    let millis = (bits >> 80) as u64 & ((1 << 38) - 1);
    let random = bits as u64 & ((1 << 25) - 1);
    (millis << 25 | random) as i64
}

#[cfg(test)]
mod tests {
    use super::{RANGE, first_number};

    #[test]
    fn kinds_have_ranges_of_their_own_within_the_numbers_there_are() {
        let kinds = [
            "customer", "unit", "order", "part", "staff", "request", "callback", "depot", "model", "product",
            "receipt", "slip", "transfer",
        ];
        let mut firsts: Vec<i64> = kinds.iter().map(|kind| first_number(kind)).collect();
        firsts.sort_unstable();
        firsts.dedup();
        assert_eq!(firsts.len(), kinds.len());
        assert!(firsts.iter().all(|first| *first >= 0 && first.checked_add(RANGE).is_some()));
    }
}
