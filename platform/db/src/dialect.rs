//! The few places where the engines differ. Nobody else asks which engine it is.

use crate::{Conn, Engine, Result, Sql};

/// Row lock of a SELECT: PostgreSQL needs it, SQLite has one writer anyway.
pub fn for_update(engine: Engine) -> &'static str {
    match engine {
        Engine::Sqlite => "",
        Engine::Postgres => " for update",
    }
}

/// Row lock that passes over rows others hold, for queues.
pub fn for_update_skip_locked(engine: Engine) -> &'static str {
    match engine {
        Engine::Sqlite => "",
        Engine::Postgres => " for update skip locked",
    }
}

/// Appends a condition that matches documents of the search index holding every token.
///
/// `tokens` come from `kernel::query_tokens` and hold only letters, digits and Han characters.
pub fn search_condition(engine: Engine, sql: &mut Sql, tokens: &[String]) {
    match engine {
        Engine::Sqlite => {
            let query = tokens.iter().map(|t| format!("\"{t}\"")).collect::<Vec<_>>().join(" AND ");
            sql.push("search_fts match ").bind(query);
        }
        Engine::Postgres => {
            let query = tokens.iter().map(|t| format!("'{t}'")).collect::<Vec<_>>().join(" & ");
            sql.push("d.tokens @@ cast(").bind(query).push(" as tsquery)");
        }
    }
}

/// Where [`search_condition`] is to be used: alias `d` has `id, kind, ref_id, org_id, owner_id, title, sub, at`.
pub fn search_from(engine: Engine) -> &'static str {
    match engine {
        Engine::Sqlite => "search_fts f join search_doc d on d.id = f.rowid",
        Engine::Postgres => "search_doc d",
    }
}

/// What hits are ordered by, newest first. The full-text index walks its own row numbers backwards and stops at
/// the limit; ordered by anything else it would fetch and sort every hit of a broad word.
pub fn search_row(engine: Engine) -> &'static str {
    match engine {
        Engine::Sqlite => "f.rowid",
        Engine::Postgres => "d.id",
    }
}

/// Writes the tokens of search document number `id` (see kit's search); `old` is what was indexed before.
pub async fn search_put(conn: &mut Conn, id: i64, old: Option<&str>, tokens: &str) -> Result<()> {
    match conn.engine() {
        Engine::Sqlite => {
            if old.is_some() {
                conn.exec("delete from search_fts where rowid = $1", crate::args![id]).await?;
            }
            conn.exec("insert into search_fts (rowid, tokens) values ($1, $2)", crate::args![id, tokens])
                .await?;
        }
        Engine::Postgres => {
            conn.exec(
                "update search_doc set tokens = to_tsvector('simple', $2) where id = $1",
                crate::args![id, tokens],
            )
            .await?;
        }
    }
    Ok(())
}

/// Lets several nodes agree on one doer until the transaction ends. SQLite has one writer anyway.
pub async fn advisory_lock(conn: &mut Conn, key: i64) -> Result<()> {
    if conn.engine() == Engine::Postgres {
        conn.exec("select pg_advisory_xact_lock($1)", crate::args![key]).await?;
    }
    Ok(())
}

/// Refreshes planner statistics.
pub async fn analyze(conn: &mut Conn) -> Result<()> {
    conn.exec("analyze", vec![]).await.map(drop)
}
