//! Running statements, and transactions.

use std::ops::{Deref, DerefMut};

use sqlx::{AssertSqlSafe, Executor, pool::PoolConnection};

use crate::{
    Engine, Error, FromCol, FromRow, Result, Row, Sql, Val,
    writer::{Writer, WriterGuard},
};

/// A connection on which statements run.
pub struct Conn {
    pub(crate) inner: Inner,
    /// Statements run so far: tests hold pages to a number of queries.
    pub(crate) statements: u64,
}

pub(crate) enum Inner {
    Sqlite(PoolConnection<sqlx::Sqlite>),
    SqliteWriter(WriterGuard),
    Postgres(PoolConnection<sqlx::Postgres>),
    /// The connection went back to its pool or on to the next writer.
    Gone,
}

/// PostgreSQL stores every character but NUL; SQLite would, and the two must not differ.
fn storable(text: String) -> String {
    if text.contains('\0') { text.replace('\0', "") } else { text }
}

macro_rules! bind_all {
    ($query:ident, $args:ident) => {
        for arg in $args {
            $query = match arg {
                Val::Id(v) => $query.bind(v.map(|id| id.0)),
                Val::Int(v) => $query.bind(v),
                Val::Text(v) => $query.bind(v.map(storable)),
                Val::Bool(v) => $query.bind(v),
                Val::Bytes(v) => $query.bind(v),
            };
        }
    };
}

macro_rules! on_engine {
    ($self:ident, $sql:ident, $args:ident, |$query:ident, $conn:ident, $wrap:ident| $body:expr) => {{
        $self.statements += 1;
        match &mut $self.inner {
            Inner::Sqlite(conn) => {
                let $conn = &mut **conn;
                let mut $query = sqlx::query::<sqlx::Sqlite>(AssertSqlSafe($sql));
                bind_all!($query, $args);
                let $wrap = Row::Sqlite;
                $body
            }
            Inner::SqliteWriter(writer) => {
                let $conn = writer.conn();
                let mut $query = sqlx::query::<sqlx::Sqlite>(AssertSqlSafe($sql));
                bind_all!($query, $args);
                let $wrap = Row::Sqlite;
                $body
            }
            Inner::Postgres(conn) => {
                let $conn = &mut **conn;
                let mut $query = sqlx::query::<sqlx::Postgres>(AssertSqlSafe($sql));
                bind_all!($query, $args);
                let $wrap = Row::Postgres;
                $body
            }
            Inner::Gone => Err(Error::Other("the transaction has ended".into())),
        }
    }};
}

impl Conn {
    pub(crate) fn new(inner: Inner) -> Self {
        Self { inner, statements: 0 }
    }

    /// Which engine this talks to; for [`crate::dialect`] only.
    pub fn engine(&self) -> Engine {
        match self.inner {
            Inner::Postgres(_) => Engine::Postgres,
            _ => Engine::Sqlite,
        }
    }

    /// Statements run on this connection since it was handed out.
    pub fn statements(&self) -> u64 {
        self.statements
    }

    /// ` for update` where the engine needs it.
    pub fn for_update(&self) -> &'static str {
        crate::dialect::for_update(self.engine())
    }

    /// All rows, untyped.
    pub async fn rows(&mut self, sql: &str, args: Vec<Val>) -> Result<Vec<Row>> {
        on_engine!(self, sql, args, |query, conn, wrap| Ok(query
            .fetch_all(conn)
            .await?
            .into_iter()
            .map(wrap)
            .collect()))
    }

    /// All rows.
    pub async fn all<T: FromRow>(&mut self, sql: &str, args: Vec<Val>) -> Result<Vec<T>> {
        self.rows(sql, args).await?.iter().map(T::from_row).collect()
    }

    /// The row, if there is one.
    pub async fn opt<T: FromRow>(&mut self, sql: &str, args: Vec<Val>) -> Result<Option<T>> {
        let row: Option<Row> = on_engine!(self, sql, args, |query, conn, wrap| Ok::<_, Error>(
            query.fetch_optional(conn).await?.map(wrap)
        ))?;
        row.as_ref().map(T::from_row).transpose()
    }

    /// The row, or [`Error::NotFound`].
    pub async fn one<T: FromRow>(&mut self, sql: &str, args: Vec<Val>) -> Result<T> {
        self.opt(sql, args).await?.ok_or(Error::NotFound)
    }

    /// The first column of the only row, or [`Error::NotFound`].
    pub async fn scalar<T: FromCol>(&mut self, sql: &str, args: Vec<Val>) -> Result<T> {
        Ok(self.one::<(T,)>(sql, args).await?.0)
    }

    /// The first column of the row, if there is one.
    pub async fn scalar_opt<T: FromCol>(&mut self, sql: &str, args: Vec<Val>) -> Result<Option<T>> {
        Ok(self.opt::<(T,)>(sql, args).await?.map(|row| row.0))
    }

    /// Runs a statement; returns how many rows it changed.
    pub async fn exec(&mut self, sql: &str, args: Vec<Val>) -> Result<u64> {
        on_engine!(self, sql, args, |query, conn, _wrap| Ok(query.execute(conn).await?.rows_affected()))
    }

    /// Like [`Conn::all`], for a built statement.
    pub async fn all_sql<T: FromRow>(&mut self, sql: Sql) -> Result<Vec<T>> {
        let (text, args) = sql.into_parts();
        self.all(&text, args).await
    }

    /// Like [`Conn::rows`], for a built statement.
    pub async fn rows_sql(&mut self, sql: Sql) -> Result<Vec<Row>> {
        let (text, args) = sql.into_parts();
        self.rows(&text, args).await
    }

    /// Like [`Conn::exec`], for a built statement.
    pub async fn exec_sql(&mut self, sql: Sql) -> Result<u64> {
        let (text, args) = sql.into_parts();
        self.exec(&text, args).await
    }

    /// Runs several fixed statements without arguments.
    pub async fn batch(&mut self, sql: &str) -> Result<()> {
        self.statements += 1;
        let text = AssertSqlSafe(sql.to_string());
        match &mut self.inner {
            Inner::Sqlite(conn) => (&mut **conn).execute(sqlx::raw_sql(text)).await.map(|_| ())?,
            Inner::SqliteWriter(writer) => writer.conn().execute(sqlx::raw_sql(text)).await.map(|_| ())?,
            Inner::Postgres(conn) => (&mut **conn).execute(sqlx::raw_sql(text)).await.map(|_| ())?,
            Inner::Gone => return Err(Error::Other("the transaction has ended".into())),
        }
        Ok(())
    }
}

/// A transaction. Dropped without [`Tx::commit`], it is rolled back.
pub struct Tx {
    conn: Conn,
}

impl Tx {
    pub(crate) async fn begin_sqlite(writer: &std::sync::Arc<Writer>) -> Result<Self> {
        let guard = writer.begin().await?;
        Ok(Self { conn: Conn::new(Inner::SqliteWriter(guard)) })
    }

    pub(crate) async fn begin_postgres(mut conn: PoolConnection<sqlx::Postgres>) -> Result<Self> {
        // Plain BEGIN rather than sqlx's own, whose transaction depth goes wrong when a begin is cancelled: later
        // writes are then silently lost. In a task of its own, so that it can't be cancelled half-way at all.
        let begun = tokio::spawn(async move {
            match (&mut *conn).execute("BEGIN").await {
                Ok(_) => Ok(Self { conn: Conn::new(Inner::Postgres(conn)) }),
                Err(error) => {
                    drop(conn.detach());
                    Err(error.into())
                }
            }
        });
        begun.await.map_err(|error| Error::Other(error.to_string()))?
    }

    /// Makes everything permanent. When this returns `Ok`, the data is on disk.
    pub async fn commit(mut self) -> Result<()> {
        match std::mem::replace(&mut self.conn.inner, Inner::Gone) {
            Inner::SqliteWriter(guard) => guard.commit().await,
            Inner::Postgres(mut conn) => {
                let done = tokio::spawn(async move {
                    let done = (&mut *conn).execute("COMMIT").await;
                    if done.is_err() {
                        drop(conn.detach());
                    }
                    done
                });
                done.await.map_err(|error| Error::Other(error.to_string()))?.map(drop).map_err(Error::from)
            }
            Inner::Sqlite(_) | Inner::Gone => Err(Error::Other("not a transaction".into())),
        }
    }

    /// Undoes everything.
    pub async fn rollback(mut self) -> Result<()> {
        match std::mem::replace(&mut self.conn.inner, Inner::Gone) {
            Inner::SqliteWriter(guard) => guard.rollback().await,
            Inner::Postgres(mut conn) => {
                if (&mut *conn).execute("ROLLBACK").await.is_err() {
                    drop(conn.detach());
                }
                Ok(())
            }
            Inner::Sqlite(_) | Inner::Gone => Ok(()),
        }
    }
}

impl Drop for Tx {
    fn drop(&mut self) {
        match std::mem::replace(&mut self.conn.inner, Inner::Gone) {
            Inner::SqliteWriter(guard) => drop(guard),
            Inner::Postgres(mut conn) => {
                if let Ok(runtime) = tokio::runtime::Handle::try_current() {
                    runtime.spawn(async move {
                        if (&mut *conn).execute("ROLLBACK").await.is_err() {
                            drop(conn.detach());
                        }
                    });
                } else {
                    drop(conn.detach());
                }
            }
            Inner::Sqlite(_) | Inner::Gone => {}
        }
    }
}

impl Deref for Tx {
    type Target = Conn;
    fn deref(&self) -> &Conn {
        &self.conn
    }
}

impl DerefMut for Tx {
    fn deref_mut(&mut self) -> &mut Conn {
        &mut self.conn
    }
}
