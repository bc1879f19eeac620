//! The few places where the engines differ. Nobody else asks which engine it is.

mod search;

pub use search::{SearchRow, push_search, search_newest, search_put, search_remove};

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
