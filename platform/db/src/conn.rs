//! Running statements, and transactions.

use std::{
    ops::{Deref, DerefMut},
    pin::Pin,
};

use sqlx::{AssertSqlSafe, Executor, PgConnection, pool::PoolConnection};

use crate::{
    Engine, Error, FromCol, FromRow, Result, Row, Sql, Val,
    sqlite::{Reader, Writer, WriterGuard},
};

/// A connection on which statements run.
pub struct Conn {
    pub(crate) inner: Inner,
    /// Statements run so far: tests hold pages to a number of queries.
    pub(crate) statements: u64,
}

pub(crate) enum Inner {
    Sqlite(Reader),
    SqliteWriter(WriterGuard),
    Postgres(PoolConnection<sqlx::Postgres>),
    /// The connection went back to its pool or on to the next writer.
    Gone,
}

/// Futures of the driver are large and made of many types; boxed, the code around them stays out of every crate
/// that asks for a row.
type Boxed<'a, T> = Pin<Box<dyn Future<Output = Result<T>> + Send + 'a>>;

/// The statement with its values, for PostgreSQL.
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
fn pg_rows<'a>(conn: &'a mut PgConnection, sql: &'a str, args: Vec<Val>, keep: bool) -> Boxed<'a, Vec<Row>> {
    Box::pin(async move {
        let rows = bound(sql, args).persistent(keep).fetch_all(conn).await?;
        Ok(rows.into_iter().map(Row::Postgres).collect())
    })
}

fn pg_execute<'a>(conn: &'a mut PgConnection, sql: &'a str, args: Vec<Val>) -> Boxed<'a, u64> {
    Box::pin(async move { Ok(bound(sql, args).execute(conn).await?.rows_affected()) })
}

fn pg_batch<'a>(conn: &'a mut PgConnection, sql: &str) -> Boxed<'a, ()> {
    let text = AssertSqlSafe(sql.to_string());
    Box::pin(async move { Ok(conn.execute(sqlx::raw_sql(text)).await.map(drop)?) })
}

fn ended<T>() -> Result<T> {
    Err(Error::Other("the transaction has ended".into()))
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
        self.statements += 1;
        let sqlite = match &mut self.inner {
            Inner::Sqlite(reader) => reader.conn(),
            Inner::SqliteWriter(writer) => writer.conn(),
            Inner::Postgres(conn) => return pg_rows(conn, sql, args, true).await,
            Inner::Gone => return ended(),
        };
        Ok(sqlite.query(sql, &args)?.into_iter().map(Row::Sqlite).collect())
    }

    /// All rows.
    pub async fn all<T: FromRow>(&mut self, sql: &str, args: Vec<Val>) -> Result<Vec<T>> {
        self.rows(sql, args).await?.iter().map(T::from_row).collect()
    }

    /// The row, if there is one.
    pub async fn opt<T: FromRow>(&mut self, sql: &str, args: Vec<Val>) -> Result<Option<T>> {
        // To its end also when only the first row counts: a RETURNING statement is done when it has been read.
        self.rows(sql, args).await?.first().map(T::from_row).transpose()
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
        self.statements += 1;
        match &mut self.inner {
            Inner::Sqlite(reader) => reader.conn().execute(sql, &args),
            Inner::SqliteWriter(writer) => writer.conn().execute(sql, &args),
            Inner::Postgres(conn) => pg_execute(conn, sql, args).await,
            Inner::Gone => ended(),
        }
    }

    /// Like [`Conn::all`], for a built statement.
    pub async fn all_sql<T: FromRow>(&mut self, sql: Sql) -> Result<Vec<T>> {
        self.rows_sql(sql).await?.iter().map(T::from_row).collect()
    }

    /// Like [`Conn::rows`], for a built statement. PostgreSQL plans it with its values: one plan for all
    /// values made a filtered list thirty times slower.
    pub async fn rows_sql(&mut self, sql: Sql) -> Result<Vec<Row>> {
        let (text, args) = sql.into_parts();
        if let Inner::Postgres(conn) = &mut self.inner {
            self.statements += 1;
            return pg_rows(conn, &text, args, false).await;
        }
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
        match &mut self.inner {
            Inner::Sqlite(reader) => reader.conn().batch(sql),
            Inner::SqliteWriter(writer) => writer.conn().batch(sql),
            Inner::Postgres(conn) => pg_batch(conn, sql).await,
            Inner::Gone => ended(),
        }
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
            Inner::SqliteWriter(guard) => {
                drop(guard);
                Ok(())
            }
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
