//! The few places where the engines differ. Nobody else asks which engine it is.

use kernel::{Id, Ts};

use crate::{Conn, Engine, Result, Sql, args};

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

/// One document of the search index (see kit's search).
pub struct SearchRow<'a> {
    /// Row number a new document gets.
    pub id: i64,
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
    /// Last change.
    pub at: Ts,
}

/// Puts a document into the search index, or renews it there.
pub async fn search_put(conn: &mut Conn, row: &SearchRow<'_>) -> Result<()> {
    let fields =
        args![row.org, row.owner, row.title, row.sub, row.hash, row.at, row.kind, row.ref_id, row.id];
    if conn.engine() == Engine::Postgres {
        let mut fields = fields;
        fields.push((row.tokens)().into());
        conn.exec(
            "insert into search_doc (org_id, owner_id, title, sub, indexed, at, kind, ref_id, id, tokens)
             values ($1,$2,$3,$4,$5,$6,$7,$8,$9, array_to_tsvector(string_to_array($10, ' ')))
             on conflict (kind, ref_id) do update set org_id = excluded.org_id, owner_id = excluded.owner_id,
                title = excluded.title, sub = excluded.sub, at = excluded.at, indexed = excluded.indexed,
                tokens = case when search_doc.indexed = excluded.indexed then search_doc.tokens
                    else excluded.tokens end",
            fields,
        )
        .await?;
        return Ok(());
    }
    let old: Option<(i64, String)> = conn
        .opt(
            "select id, indexed from search_doc where kind = $1 and ref_id = $2",
            args![row.kind, row.ref_id],
        )
        .await?;
    conn.exec(
        "insert into search_doc (org_id, owner_id, title, sub, indexed, at, kind, ref_id, id)
         values ($1,$2,$3,$4,$5,$6,$7,$8,$9)
         on conflict (kind, ref_id) do update set org_id = excluded.org_id, owner_id = excluded.owner_id,
            title = excluded.title, sub = excluded.sub, at = excluded.at, indexed = excluded.indexed",
        fields,
    )
    .await?;
    let id = old.as_ref().map_or(row.id, |(id, _)| *id);
    match old {
        Some((_, hash)) if hash == row.hash => return Ok(()),
        Some(_) => conn.exec("delete from search_fts where rowid = $1", args![id]).await?,
        None => 0,
    };
    conn.exec("insert into search_fts (rowid, tokens) values ($1, $2)", args![id, (row.tokens)()]).await?;
    Ok(())
}

/// Runs statements that don't depend on each other, on PostgreSQL in one round trip; returns how many rows each
/// changed.
pub async fn exec_together(conn: &mut Conn, statements: Vec<Sql>) -> Result<Vec<u64>> {
    if conn.engine() == Engine::Sqlite || statements.len() < 2 {
        let mut changed = Vec::with_capacity(statements.len());
        for statement in statements {
            changed.push(conn.exec_sql(statement).await?);
        }
        return Ok(changed);
    }
    let (mut text, mut counts, mut args) = (String::from("with "), String::from("select "), Vec::new());
    for (index, statement) in statements.iter().enumerate() {
        if index > 0 {
            text.push_str(", ");
            counts.push_str(", ");
        }
        text.push_str(&format!("w{index} as ({} returning 1)", renumbered(statement.text(), args.len())));
        counts.push_str(&format!("(select count(*) from w{index})"));
        args.extend_from_slice(statement.args());
    }
    let rows = conn.rows(&format!("{text} {counts}"), args).await?;
    let row = rows.first().ok_or(crate::Error::NotFound)?;
    (0..statements.len()).map(|index| Ok(u64::try_from(row.at::<i64>(index)?).unwrap_or(0))).collect()
}

/// The text with every `$n` raised by `by`.
fn renumbered(text: &str, by: usize) -> String {
    if by == 0 {
        return text.to_string();
    }
    let mut out = String::with_capacity(text.len() + 16);
    let mut rest = text;
    while let Some(at) = rest.find('$') {
        let digits = rest[at + 1..].bytes().take_while(u8::is_ascii_digit).count();
        out.push_str(&rest[..=at]);
        match rest[at + 1..at + 1 + digits].parse::<usize>() {
            Ok(number) => out.push_str(&(number + by).to_string()),
            Err(_) => out.push_str(&rest[at + 1..at + 1 + digits]),
        }
        rest = &rest[at + 1 + digits..];
    }
    out.push_str(rest);
    out
}

/// Lets several nodes agree on one doer until the transaction ends. SQLite has one writer anyway.
pub async fn advisory_lock(conn: &mut Conn, key: i64) -> Result<()> {
    if conn.engine() == Engine::Postgres {
        conn.exec("select pg_advisory_xact_lock($1)", args![key]).await?;
    }
    Ok(())
}

/// Refreshes planner statistics.
pub async fn analyze(conn: &mut Conn) -> Result<()> {
    conn.exec("analyze", vec![]).await.map(drop)
}

#[cfg(test)]
mod tests {
    use super::renumbered;

    #[test]
    fn placeholders_are_raised_and_nothing_else() {
        assert_eq!(
            renumbered("a = $1 and b = $12 or c = '$' || $2", 3),
            "a = $4 and b = $15 or c = '$' || $5"
        );
        assert_eq!(renumbered("$1", 0), "$1");
    }
}
