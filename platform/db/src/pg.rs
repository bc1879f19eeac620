//! PostgreSQL: statements, and a transaction that asks the server as seldom as it can.
//!
//! A round trip costs the server about as much as a small statement does, so BEGIN waits for the first statement that
//! needs a transaction, writes that nobody waits for go together ([`PgTx::later`]), and a command that only reads
//! before its writes has one statement that writes all, which is a transaction by itself.
//!
//! Reads before BEGIN see what they would see behind it: the isolation level is READ COMMITTED, where every statement
//! sees what is committed when it starts.

use std::pin::Pin;

use sqlx::{AssertSqlSafe, Executor, PgConnection, pool::PoolConnection};

use crate::{Error, Result, Row, Sql, Val, Write, dialect};

/// Futures of the driver are large and made of many types; boxed, the code around them stays out of every crate
/// that asks for a row.
pub(crate) type Boxed<'a, T> = Pin<Box<dyn Future<Output = Result<T>> + Send + 'a>>;

/// The statement with its values.
fn bound<'q>(
    sql: &'q str,
    args: Vec<Val>,
) -> sqlx::query::Query<'q, sqlx::Postgres, sqlx::postgres::PgArguments> {
    let mut query = sqlx::query::<sqlx::Postgres>(AssertSqlSafe(sql));
    for arg in args {
        query = match arg {
            Val::Id(v) => query.bind(v.map(|id| id.0)),
            Val::Int(v) => query.bind(v),
            Val::Text(v) => query.bind(v.map(|text| kernel::text::storable(&text).into_owned())),
            Val::Bool(v) => query.bind(v),
            Val::Bytes(v) => query.bind(v),
        };
    }
    query
}

/// All rows; `keep` keeps the plan for the next time.
pub(crate) fn pg_rows<'a>(
    conn: &'a mut PgConnection,
    sql: &'a str,
    args: Vec<Val>,
    keep: bool,
) -> Boxed<'a, Vec<Row>> {
    Box::pin(async move {
        let rows = bound(sql, args).persistent(keep).fetch_all(conn).await?;
        Ok(rows.into_iter().map(Row::Postgres).collect())
    })
}

/// Rows changed.
pub(crate) fn pg_execute<'a>(conn: &'a mut PgConnection, sql: &'a str, args: Vec<Val>) -> Boxed<'a, u64> {
    Box::pin(async move { Ok(bound(sql, args).execute(conn).await?.rows_affected()) })
}

/// Several fixed statements.
pub(crate) fn pg_batch<'a>(conn: &'a mut PgConnection, sql: &str) -> Boxed<'a, ()> {
    let text = AssertSqlSafe(sql.to_string());
    Box::pin(async move { Ok(conn.execute(sqlx::raw_sql(text)).await.map(drop)?) })
}

/// True when a statement writes nothing, though it may lock.
pub(crate) fn is_select(sql: &str) -> bool {
    sql.trim_start().get(..6).is_some_and(|word| word.eq_ignore_ascii_case("select"))
}

/// True when a statement neither writes nor locks.
fn only_reads(sql: &str) -> bool {
    is_select(sql) && !sql.contains(" for update") && !sql.contains("pg_advisory")
}

/// The table that a statement writes; none when it can't be told.
fn target(sql: &str) -> Option<&str> {
    let mut words = sql.split(|c: char| c.is_whitespace() || c == '(').filter(|word| !word.is_empty());
    match words.next()? {
        "insert" | "delete" => words.nth(1),
        "update" => words.next(),
        _ => None,
    }
}

fn is_plain_insert(sql: &str) -> bool {
    sql.trim_start().starts_with("insert") && !sql.contains("select") && !sql.contains(" on conflict")
}

/// True when `text` holds `name` as a word of its own.
fn mentions(text: &str, name: &str) -> bool {
    let word = |c: u8| c.is_ascii_alphanumeric() || c == b'_';
    text.match_indices(name).any(|(at, _)| {
        let (before, after) = (text.as_bytes()[..at].last(), text.as_bytes().get(at + name.len()));
        !before.is_some_and(|c| word(*c)) && !after.is_some_and(|c| word(*c))
    })
}

/// Parameters that one statement takes at most; the protocol ends at 65535.
const MOST_ARGS: usize = 8000;

/// A transaction, from before its BEGIN.
pub(crate) struct PgTx {
    /// Taken out only for good.
    conn: Option<PoolConnection<sqlx::Postgres>>,
    begun: bool,
    later: Vec<Write>,
}

impl PgTx {
    pub(crate) fn new(conn: PoolConnection<sqlx::Postgres>) -> Self {
        Self { conn: Some(conn), begun: false, later: Vec::new() }
    }

    pub(crate) fn conn(&mut self) -> Result<&mut PgConnection> {
        self.conn.as_deref_mut().ok_or_else(|| Error::Other("the transaction has ended".into()))
    }

    /// Whatever a statement needs to be done first; returns how many statements that took.
    pub(crate) async fn ready_for(&mut self, sql: &str) -> Result<u64> {
        let mut ran = 0;
        // Views (`pub_…`) hide which tables they read.
        if !self.later.is_empty() && (!is_select(sql) || sql.contains("pub_") || self.touched_by(sql)) {
            ran = self.settle().await?;
        }
        if !only_reads(sql) {
            self.begin().await?;
        }
        Ok(ran)
    }

    fn touched_by(&self, sql: &str) -> bool {
        self.later.iter().any(|w| target(w.sql.text()).is_none_or(|table| mentions(sql, table)))
    }

    /// Plain BEGIN rather than sqlx's own, whose transaction depth goes wrong when a begin is cancelled: later writes
    /// are then silently lost. Marked as begun before it is sent, so that a rollback follows if it is cancelled.
    async fn begin(&mut self) -> Result<()> {
        if !std::mem::replace(&mut self.begun, true) {
            pg_batch(self.conn()?, "BEGIN").await?;
        }
        Ok(())
    }

    /// Queues a write. All that wait see the database as it was before any of them, in no order, and a row may be
    /// written by one only: whatever meets a table that is being written starts the next lot, unless the caller knows
    /// that the rows are others (`apart`). New rows go with changes of old ones, which don't see them either way.
    /// Returns the statements run.
    pub(crate) async fn later(&mut self, write: Write) -> Result<u64> {
        let (sql, apart) = (&write.sql, write.apart);
        let (plain, own) = (is_plain_insert(sql.text()), target(sql.text()).map(str::to_string));
        let meets = |w: &Write| match target(w.sql.text()) {
            None => true,
            Some(table) if own.as_deref() == Some(table) && apart => false,
            Some(table) if plain => {
                let goes = is_plain_insert(w.sql.text()) || w.sql.text().starts_with("update");
                own.as_deref() == Some(table) && !goes
            }
            Some(table) => mentions(sql.text(), table),
        };
        let args: usize = self.later.iter().map(|w| w.sql.args().len()).sum();
        let views = !plain && sql.text().contains("pub_");
        let mut ran = 0;
        if !self.later.is_empty()
            && (views || args + sql.args().len() > MOST_ARGS || self.later.iter().any(meets))
        {
            ran = self.settle().await?;
        }
        self.later.push(write);
        Ok(ran)
    }

    pub(crate) fn forget_later(&mut self) {
        self.later.clear();
    }

    /// Sends what waits, as part of the transaction.
    pub(crate) async fn settle(&mut self) -> Result<u64> {
        if self.later.is_empty() {
            return Ok(0);
        }
        self.begin().await?;
        self.send_later().await?;
        Ok(1)
    }

    async fn send_later(&mut self) -> Result<()> {
        let mut later = std::mem::take(&mut self.later);
        let sql =
            if later.len() == 1 && later[0].must.is_none() { later.remove(0).sql } else { together(&later) };
        let (text, args) = sql.into_parts();
        pg_execute(self.conn()?, &text, args).await.map(drop)
    }

    /// Sends what waits and ends the transaction; without one, the statement is the transaction. Returns the
    /// statements run, COMMIT not among them.
    pub(crate) async fn commit(&mut self) -> Result<u64> {
        let done = async {
            let waits = !self.later.is_empty();
            if waits {
                self.send_later().await?;
            }
            if self.begun {
                let conn = self.conn()?;
                let done = pg_batch(conn, "COMMIT").await;
                self.begun = false;
                if done.is_err() {
                    self.give_up();
                }
                done?;
            }
            Ok(u64::from(waits))
        };
        let done = done.await;
        if done.is_err() {
            self.rollback().await;
        }
        done
    }

    pub(crate) async fn rollback(&mut self) {
        self.later.clear();
        if std::mem::replace(&mut self.begun, false)
            && let Ok(conn) = self.conn()
            && pg_batch(conn, "ROLLBACK").await.is_err()
        {
            self.give_up();
        }
    }

    /// A connection in a state that nobody knows does not go back to its pool.
    fn give_up(&mut self) {
        if let Some(conn) = self.conn.take() {
            drop(conn.detach());
        }
    }
}

impl Drop for PgTx {
    fn drop(&mut self) {
        if !self.begun {
            return;
        }
        let Some(conn) = self.conn.take() else { return };
        let Ok(runtime) = tokio::runtime::Handle::try_current() else {
            drop(conn.detach());
            return;
        };
        let mut rest = Self { conn: Some(conn), begun: true, later: Vec::new() };
        runtime.spawn(async move { rest.rollback().await });
    }
}

/// Several writes as one statement, which fails as a whole when one that must hit a row hits none: the cast of a
/// text that is no number raises the error, and the text says which ([`Error::Missed`]).
fn together(later: &[Write]) -> Sql {
    let (mut text, mut checks, mut args) = (String::from("with "), String::new(), Vec::new());
    for (index, write) in later.iter().enumerate() {
        if index > 0 {
            text.push_str(", ");
        }
        let body = dialect::renumbered(write.sql.text(), args.len());
        args.extend_from_slice(write.sql.args());
        match write.must {
            None => text.push_str(&format!("w{index} as ({body})")),
            Some((rows, what)) => {
                text.push_str(&format!("w{index} as ({body} returning 1)"));
                checks.push_str(&format!(
                    ", (select case when count(*) < {rows} then cast('missed:{what}:' || count(*) as integer) end from w{index})"
                ));
            }
        }
    }
    text.push_str(" select 1");
    text.push_str(&checks);
    Sql::with(text, args)
}

#[cfg(test)]
mod tests {
    use super::{mentions, only_reads, target};

    #[test]
    fn a_statement_shows_what_it_does() {
        assert!(only_reads("select 1"));
        assert!(!only_reads("select * from a where id = $1 for update"));
        assert!(!only_reads("select pg_advisory_xact_lock($1)"));
        assert!(
            !only_reads("insert into a values ($1)")
                && !only_reads("with x as (select 1) update a set b = 1")
        );
        assert_eq!(target("insert into a (b) values ($1)"), Some("a"));
        assert_eq!(target("update a set b = 1"), Some("a"));
        assert_eq!(target("delete from a where b = 1"), Some("a"));
        assert_eq!(target("with x as (select 1) update a set b = 1"), None);
        assert!(mentions("select 1 from timer t", "timer") && mentions("timer", "timer"));
        assert!(!mentions("select 1 from timers", "timer") && !mentions("my_timer", "timer"));
    }
}
