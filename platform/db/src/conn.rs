//! Running statements, and transactions.

use std::ops::{Deref, DerefMut};

use sqlx::{PgConnection, pool::PoolConnection};

use crate::{
    Engine, Error, FromCol, FromRow, Result, Row, Sql, Val, Write,
    pg::{Boxed, PgTx, pg_batch, pg_execute, pg_rows},
    sqlite::{Reader, SqliteConn, Writer, WriterGuard},
};

/// A connection on which statements run.
pub struct Conn {
    pub(crate) inner: Inner,
    /// Statements run so far: tests hold pages to a number of queries.
    pub(crate) statements: u64,
    /// A statement ran that may have written.
    pub(crate) wrote: bool,
}

pub(crate) enum Inner {
    Sqlite(Reader),
    SqliteWriter(WriterGuard),
    Postgres(PoolConnection<sqlx::Postgres>),
    PostgresTx(Box<PgTx>),
    /// The connection went back to its pool or on to the next writer.
    Gone,
}

fn ended<T>() -> Result<T> {
    Err(Error::Other("the transaction has ended".into()))
}

impl Conn {
    pub(crate) fn new(inner: Inner) -> Self {
        Self { inner, statements: 0, wrote: false }
    }

    /// Which engine this talks to; for [`crate::dialect`] only.
    pub fn engine(&self) -> Engine {
        match self.inner {
            Inner::Postgres(_) | Inner::PostgresTx(_) => Engine::Postgres,
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

    /// The embedded database, whose statements run at once on the thread that asks.
    fn embedded(&mut self) -> Option<&mut SqliteConn> {
        match &mut self.inner {
            Inner::Sqlite(reader) => Some(reader.conn()),
            Inner::SqliteWriter(writer) => Some(writer.conn()),
            _ => None,
        }
    }

    /// The server, ready for a statement.
    async fn server(&mut self, sql: &str) -> Result<&mut PgConnection> {
        match &mut self.inner {
            Inner::Postgres(conn) => Ok(conn),
            Inner::PostgresTx(tx) => {
                self.statements += tx.ready_for(sql).await?;
                tx.conn()
            }
            _ => ended(),
        }
    }

    /// All rows, untyped.
    ///
    /// The body of an `async fn` is compiled into every crate that awaits it, again and again. So those here only
    /// choose between a plain function and a boxed future, and the work is compiled once.
    pub async fn rows(&mut self, sql: &str, args: Vec<Val>) -> Result<Vec<Row>> {
        match self.rows_now(sql, &args) {
            Some(rows) => rows,
            None => self.rows_pg(sql, args, true).await,
        }
    }

    fn rows_now(&mut self, sql: &str, args: &[Val]) -> Option<Result<Vec<Row>>> {
        self.statements += 1;
        self.wrote |= !crate::pg::is_select(sql);
        let rows = self.embedded()?.query(sql, args);
        Some(rows.map(|rows| rows.into_iter().map(Row::Sqlite).collect()))
    }

    fn rows_pg<'a>(&'a mut self, sql: &'a str, args: Vec<Val>, keep: bool) -> Boxed<'a, Vec<Row>> {
        Box::pin(async move { pg_rows(self.server(sql).await?, sql, args, keep).await })
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
        match self.exec_now(sql, &args) {
            Some(done) => done,
            None => self.exec_pg(sql, args).await,
        }
    }

    fn exec_now(&mut self, sql: &str, args: &[Val]) -> Option<Result<u64>> {
        self.statements += 1;
        self.wrote = true;
        Some(self.embedded()?.execute(sql, args))
    }

    fn exec_pg<'a>(&'a mut self, sql: &'a str, args: Vec<Val>) -> Boxed<'a, u64> {
        Box::pin(async move { pg_execute(self.server(sql).await?, sql, args).await })
    }

    /// Like [`Conn::all`], for a built statement.
    pub async fn all_sql<T: FromRow>(&mut self, sql: Sql) -> Result<Vec<T>> {
        self.rows_sql(sql).await?.iter().map(T::from_row).collect()
    }

    /// Like [`Conn::rows`], for a built statement. Outside of transactions PostgreSQL plans it with its values: one
    /// plan for all values made a filtered list thirty times slower. Commands go by keys, and their plans are kept.
    pub async fn rows_sql(&mut self, sql: Sql) -> Result<Vec<Row>> {
        let (text, args) = sql.into_parts();
        let keep = !matches!(self.inner, Inner::Postgres(_));
        match self.rows_now(&text, &args) {
            Some(rows) => rows,
            None => self.rows_pg(&text, args, keep).await,
        }
    }

    /// Like [`Conn::exec`], for a built statement.
    pub async fn exec_sql(&mut self, sql: Sql) -> Result<u64> {
        let (text, args) = sql.into_parts();
        self.exec(&text, args).await
    }

    /// A write whose effect nobody needs to know before the end of the transaction. On PostgreSQL it waits and goes to
    /// the server together with its like, in one statement, at the latest with the commit; earlier when a statement
    /// reads or writes what it touches. Its errors come then. SQLite runs it at once.
    pub async fn later(&mut self, write: impl Into<Write>) -> Result<()> {
        let write = write.into();
        match self.later_now(&write) {
            Some(done) => done,
            None => self.later_pg(write).await,
        }
    }

    fn later_now(&mut self, write: &Write) -> Option<Result<()>> {
        let sqlite = self.embedded()?;
        let done = sqlite.execute(write.sql.text(), write.sql.args());
        self.statements += 1;
        self.wrote = true;
        Some(match (done, write.must) {
            (Ok(done), Some((rows, what))) if done < rows => Err(Error::missed(what)),
            (done, _) => done.map(drop),
        })
    }

    fn later_pg(&mut self, write: Write) -> Boxed<'_, ()> {
        Box::pin(async move {
            if let Inner::PostgresTx(tx) = &mut self.inner {
                self.wrote = true;
                self.statements += tx.later(write).await?;
                return Ok(());
            }
            let Write { sql, must, .. } = write;
            match (self.exec_sql(sql).await?, must) {
                (done, Some((rows, what))) if done < rows => Err(Error::missed(what)),
                _ => Ok(()),
            }
        })
    }

    /// Runs several fixed statements without arguments.
    pub fn batch<'a>(&'a mut self, sql: &'a str) -> Boxed<'a, ()> {
        self.statements += 1;
        self.wrote = true;
        Box::pin(async move {
            match self.embedded() {
                Some(sqlite) => sqlite.batch(sql),
                None => pg_batch(self.server(sql).await?, sql).await,
            }
        })
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

    /// BEGIN goes to the server with the first statement that needs it, see [`PgTx`].
    pub(crate) fn begin_postgres(conn: PoolConnection<sqlx::Postgres>) -> Self {
        Self { conn: Conn::new(Inner::PostgresTx(Box::new(PgTx::new(conn)))) }
    }

    /// True when something was written, or will be with the commit.
    pub fn wrote(&self) -> bool {
        self.conn.wrote
    }

    /// Sends what waits, see [`Conn::later`].
    pub fn settle(&mut self) -> Boxed<'_, ()> {
        Box::pin(async move {
            if let Inner::PostgresTx(tx) = &mut self.conn.inner {
                self.conn.statements += tx.settle().await?;
            }
            Ok(())
        })
    }

    /// Forgets what waits, see [`Conn::later`]: before going back to a savepoint.
    pub fn forget_later(&mut self) {
        if let Inner::PostgresTx(tx) = &mut self.conn.inner {
            tx.forget_later();
        }
    }

    /// Makes everything permanent. When this returns `Ok`, the data is on disk.
    pub async fn commit(mut self) -> Result<()> {
        self.end().await.map(drop)
    }

    /// Like [`Tx::commit`]; returns how many statements the whole took, BEGIN and COMMIT not among them.
    pub fn end(&mut self) -> Boxed<'_, u64> {
        Box::pin(async move {
            match std::mem::replace(&mut self.conn.inner, Inner::Gone) {
                Inner::SqliteWriter(guard) => guard.commit().await?,
                Inner::PostgresTx(mut tx) => {
                    // In a task of its own, so that it can't be cancelled half-way.
                    let done = tokio::spawn(async move { tx.commit().await });
                    self.conn.statements += done.await.map_err(|error| Error::Other(error.to_string()))??;
                }
                _ => return Err(Error::Other("not a transaction".into())),
            }
            Ok(self.conn.statements)
        })
    }

    /// Undoes everything.
    pub fn rollback(mut self) -> Boxed<'static, ()> {
        Box::pin(async move {
            match std::mem::replace(&mut self.conn.inner, Inner::Gone) {
                Inner::SqliteWriter(guard) => drop(guard),
                Inner::PostgresTx(mut tx) => tx.rollback().await,
                _ => {}
            }
            Ok(())
        })
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
