//! One SQLite connection and the statements it has prepared.

use std::{
    borrow::Cow,
    collections::HashMap,
    path::Path,
    sync::{Arc, Mutex, OnceLock, PoisonError},
};

use kernel::text::storable;
use rusqlite::{
    Connection, OpenFlags, Statement, ToSql,
    config::DbConfig,
    types::{ToSqlOutput, Value, ValueRef},
};

use super::SqliteRow;
use crate::{Error, Result, Val};

/// Prepared statements kept per connection.
const STATEMENTS: usize = 400;

/// Longer statements (rows in bulk) are run and forgotten.
const LONGEST_KEPT: usize = 16_000;

/// Pages (of 4 KiB) the log may grow before it is written back: rare enough that hot pages are written once.
const CHECKPOINT_PAGES: u32 = 4000;

/// Bytes of the file that are read through the mapping instead of by calls: all of any file to be expected.
const MAPPED: u64 = 64 << 30;

/// What is known of a statement besides its plan.
struct Shape {
    /// Its text with numbered parameters.
    text: String,
    /// Its columns, known once it was prepared.
    names: OnceLock<Arc<[Box<str>]>>,
}

/// By statement. Statements are ours, so the hash need not withstand an attacker.
type Shapes = HashMap<Box<str>, Arc<Shape>, foldhash::fast::RandomState>;

/// A connection.
pub(crate) struct SqliteConn {
    /// Never locked: the mutex makes a connection that is borrowed across an await acceptable to the runtime.
    conn: Mutex<Connection>,
    shapes: Shapes,
}

/// How a connection is used.
#[derive(Clone, Copy)]
pub(crate) struct Settings {
    /// Wait for the disk at COMMIT.
    pub durable: bool,
    /// Refuse every write.
    pub read_only: bool,
    /// Page cache in KiB.
    pub cache_kib: u32,
}

struct Arg<'a>(&'a Val);

impl ToSql for Arg<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        let value = match self.0 {
            Val::Id(Some(id)) => ValueRef::Blob(id.0.as_bytes()),
            Val::Int(Some(v)) => ValueRef::Integer(*v),
            Val::Bool(Some(v)) => ValueRef::Integer(i64::from(*v)),
            Val::Bytes(Some(bytes)) => ValueRef::Blob(bytes),
            Val::Text(Some(text)) => match storable(text) {
                Cow::Borrowed(text) => ValueRef::Text(text.as_bytes()),
                Cow::Owned(text) => return Ok(ToSqlOutput::Owned(Value::Text(text))),
            },
            Val::Id(None) | Val::Int(None) | Val::Bool(None) | Val::Bytes(None) | Val::Text(None) => {
                ValueRef::Null
            }
        };
        Ok(ToSqlOutput::Borrowed(value))
    }
}

/// The statement as SQLite understands it best: `$1` is a name to it, looked up among all others; `?1` a number.
/// Both are equally long, so the text stays as it is but for the mark. Nothing inside quotes is touched.
fn numbered(sql: &str) -> String {
    let (mut bytes, mut quoted) = (sql.as_bytes().to_vec(), false);
    for at in 0..bytes.len() {
        match bytes[at] {
            b'\'' => quoted = !quoted,
            b'$' if !quoted && bytes.get(at + 1).is_some_and(u8::is_ascii_digit) => bytes[at] = b'?',
            _ => {}
        }
    }
    // One ASCII character for another: it is still UTF-8.
    String::from_utf8_lossy(&bytes).into_owned()
}

impl SqliteConn {
    /// Opens or makes the file.
    pub(crate) fn open(path: &Path, settings: Settings) -> Result<Self> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
            | OpenFlags::SQLITE_OPEN_CREATE
            | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let conn = Connection::open_with_flags(path, flags)?;
        conn.set_prepared_statement_cache_capacity(STATEMENTS);
        conn.busy_timeout(std::time::Duration::from_secs(5))?;
        let synchronous = if settings.durable { "full" } else { "off" };
        let query_only = if settings.read_only { "on" } else { "off" };
        conn.execute_batch(&format!(
            "pragma journal_mode = wal; pragma synchronous = {synchronous}; pragma foreign_keys = on;
             pragma temp_store = memory; pragma mmap_size = {MAPPED}; pragma journal_size_limit = 67108864;
             pragma wal_autocheckpoint = {CHECKPOINT_PAGES}; pragma cache_size = -{};
             pragma query_only = {query_only};",
            settings.cache_kib
        ))?;
        // The writer's statements go by keys: one plan for all values, not a new one for every value bound.
        conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, !settings.read_only)?;
        Ok(Self { conn: Mutex::new(conn), shapes: Shapes::default() })
    }

    /// Runs statements without arguments.
    pub(crate) fn batch(&mut self, sql: &str) -> Result<()> {
        Ok(exclusive(&mut self.conn).execute_batch(sql)?)
    }

    /// Runs one of the fixed statements around commands.
    pub(crate) fn control(&mut self, sql: &'static str) -> Result<()> {
        Ok(exclusive(&mut self.conn).prepare_cached(sql)?.raw_execute().map(drop)?)
    }

    /// All rows.
    pub(crate) fn query(&mut self, sql: &str, args: &[Val]) -> Result<Vec<SqliteRow>> {
        self.with(sql, args, |statement, names| {
            let mut found = Vec::new();
            let mut rows = statement.raw_query();
            while let Some(row) = rows.next()? {
                found.push(SqliteRow::copy(row, names)?);
            }
            Ok(found)
        })
    }

    /// Runs a statement to its end; returns how many rows it changed.
    pub(crate) fn execute(&mut self, sql: &str, args: &[Val]) -> Result<u64> {
        self.with(sql, args, |statement, names| {
            if names.is_empty() {
                return Ok(statement.raw_execute()? as u64);
            }
            let (mut rows, mut count) = (statement.raw_query(), 0);
            while rows.next()?.is_some() {
                count += 1;
            }
            Ok(count)
        })
    }

    /// Prepares or finds the statement and binds its values.
    fn with<T>(
        &mut self,
        sql: &str,
        args: &[Val],
        run: impl FnOnce(&mut Statement<'_>, &Arc<[Box<str>]>) -> Result<T>,
    ) -> Result<T> {
        let conn = exclusive(&mut self.conn);
        if sql.len() > LONGEST_KEPT {
            let mut statement = conn.prepare(&numbered(sql))?;
            bind(&mut statement, args)?;
            let names = names_of(&statement);
            return run(&mut statement, &names);
        }
        let shape = match self.shapes.get(sql) {
            Some(known) => Arc::clone(known),
            None => {
                // Built statements come in endless variety; their plans are forgotten as well.
                if self.shapes.len() >= 4 * STATEMENTS {
                    self.shapes.clear();
                }
                let shape = Arc::new(Shape { text: numbered(sql), names: OnceLock::new() });
                self.shapes.insert(sql.into(), Arc::clone(&shape));
                shape
            }
        };
        let mut statement = conn.prepare_cached(&shape.text)?;
        bind(&mut statement, args)?;
        let names = shape.names.get_or_init(|| names_of(&statement));
        run(&mut statement, names)
    }
}

fn exclusive(conn: &mut Mutex<Connection>) -> &mut Connection {
    conn.get_mut().unwrap_or_else(PoisonError::into_inner)
}

/// A statement that names its columns keeps them whatever migrations do; nobody asks for all columns of a table.
fn names_of(statement: &Statement<'_>) -> Arc<[Box<str>]> {
    statement.column_names().into_iter().map(Box::from).collect()
}

fn bind(statement: &mut Statement<'_>, args: &[Val]) -> Result<()> {
    if statement.parameter_count() != args.len() {
        let (wanted, given) = (statement.parameter_count(), args.len());
        return Err(Error::Other(format!("{wanted} parameters, {given} values")));
    }
    for (position, value) in args.iter().enumerate() {
        statement.raw_bind_parameter(position + 1, Arg(value))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::numbered;

    #[test]
    fn parameters_become_numbers_and_quoted_text_stays() {
        assert_eq!(
            numbered("a = $2 and b = '$7 it''s $3' or c = $12"),
            "a = ?2 and b = '$7 it''s $3' or c = ?12"
        );
        assert_eq!(numbered("名 = $1 -- $"), "名 = ?1 -- $");
    }
}
