//! The few places where the engines differ. Nobody else asks which engine it is.

mod search;

pub use search::{SearchRow, push_search, search_newest, search_put_all, search_remove};

use crate::{Conn, Engine, Result, args};

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

/// The text with every `$n` raised by `by`.
pub(crate) fn renumbered(text: &str, by: usize) -> String {
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
