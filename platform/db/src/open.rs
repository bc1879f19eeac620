//! Opening a database with the settings that were measured to matter (DESIGN §6, STACK).

use std::{
    path::{Path, PathBuf},
    str::FromStr,
    sync::Arc,
    time::Duration,
};

use sqlx::{
    ConnectOptions,
    pool::PoolConnection,
    postgres::{PgConnectOptions, PgPoolOptions},
};

use crate::{
    Conn, Error, FromRow, Result, Row, Tx, Val,
    conn::Inner,
    pg::Boxed,
    sqlite::{Readers, Settings, SqliteConn, Writer},
};

/// Which engine is behind a [`Db`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    /// embedded, one machine
    Sqlite,
    /// several nodes
    Postgres,
}

/// Pool sizes.
#[derive(Clone, Debug)]
pub struct Options {
    /// Connections for reading.
    pub readers: u32,
    /// Connections for writing (PostgreSQL; SQLite always has one).
    pub writers: u32,
    /// False trades the newest commits on power loss for speed; only for bulk generation and tests.
    pub durable: bool,
}

impl Default for Options {
    fn default() -> Self {
        let cores = std::thread::available_parallelism().map_or(2, |n| u32::try_from(n.get()).unwrap_or(2));
        Self { readers: cores.max(2) * 2, writers: cores.max(2) * 4, durable: true }
    }
}

/// A database. Cheap to clone.
#[derive(Clone)]
pub struct Db {
    pools: Arc<Pools>,
}

enum Pools {
    Sqlite { readers: Arc<Readers>, writer: Arc<Writer>, path: PathBuf },
    Postgres { readers: sqlx::PgPool, writers: sqlx::PgPool },
}

/// First SQLite without the WAL-reset corruption bug.
const OLDEST_SQLITE: (u32, u32, u32) = (3, 51, 3);

impl Db {
    /// Opens `sqlite:PATH` (made if missing) or `postgres://…`.
    pub async fn open(url: &str, options: &Options) -> Result<Self> {
        let pools = if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            open_postgres(url, options).await?
        } else {
            open_sqlite(url, options)?
        };
        Ok(Self { pools: Arc::new(pools) })
    }

    /// The engine.
    pub fn engine(&self) -> Engine {
        match &*self.pools {
            Pools::Sqlite { .. } => Engine::Sqlite,
            Pools::Postgres { .. } => Engine::Postgres,
        }
    }

    /// A connection that can only read.
    pub fn read(&self) -> Boxed<'_, Conn> {
        Box::pin(async move {
            Ok(Conn::new(match &*self.pools {
                Pools::Sqlite { readers, .. } => Inner::Sqlite(readers.acquire().await?),
                Pools::Postgres { readers, .. } => Inner::Postgres(take(readers).await?),
            }))
        })
    }

    /// A transaction that can write.
    pub fn begin(&self) -> Boxed<'_, Tx> {
        Box::pin(async move {
            match &*self.pools {
                Pools::Sqlite { writer, .. } => Tx::begin_sqlite(writer).await,
                Pools::Postgres { writers, .. } => Ok(Tx::begin_postgres(take(writers).await?)),
            }
        })
    }

    /// One statement that is a transaction by itself; its rows.
    pub async fn alone<T: FromRow>(&self, sql: &str, args: Vec<Val>) -> Result<Vec<T>> {
        self.rows_alone(sql, args).await?.iter().map(T::from_row).collect()
    }

    fn rows_alone<'a>(&'a self, sql: &'a str, args: Vec<Val>) -> Boxed<'a, Vec<Row>> {
        Box::pin(async move {
            if let Pools::Postgres { writers, .. } = &*self.pools {
                return Conn::new(Inner::Postgres(take(writers).await?)).rows(sql, args).await;
            }
            let mut tx = self.begin().await?;
            let rows = tx.rows(sql, args).await?;
            tx.commit().await?;
            Ok(rows)
        })
    }

    /// One statement that is a transaction by itself; how many rows it changed.
    pub fn exec_alone<'a>(&'a self, sql: &'a str, args: Vec<Val>) -> Boxed<'a, u64> {
        Box::pin(async move {
            if let Pools::Postgres { writers, .. } = &*self.pools {
                return Conn::new(Inner::Postgres(take(writers).await?)).exec(sql, args).await;
            }
            let mut tx = self.begin().await?;
            let changed = tx.exec(sql, args).await?;
            tx.commit().await?;
            Ok(changed)
        })
    }

    /// Writes a consistent copy of an embedded database to a new file while it is in use.
    ///
    /// Errors: on PostgreSQL (use its own tools), or when the file exists.
    pub async fn backup_to(&self, path: &std::path::Path) -> Result<()> {
        match &*self.pools {
            Pools::Sqlite { path: from, .. } => {
                let text = path.to_str().ok_or_else(|| Error::Other("the path is not UTF-8".into()))?;
                let (from, to) = (from.clone(), text.to_string());
                // A connection of its own: readers may not write, not even elsewhere, and the writer has work to do.
                let copy = move || {
                    let settings = Settings { durable: true, read_only: false, cache_kib: 16_000 };
                    SqliteConn::open(&from, settings)?.execute("vacuum into $1", &[to.into()]).map(drop)
                };
                tokio::task::spawn_blocking(copy).await.map_err(|error| Error::Other(error.to_string()))?
            }
            Pools::Postgres { .. } => Err(Error::Other("use pg_dump for PostgreSQL".into())),
        }
    }

    /// Closes all connections.
    pub async fn close(&self) {
        match &*self.pools {
            Pools::Sqlite { readers, .. } => readers.close(),
            Pools::Postgres { readers, writers } => {
                readers.close().await;
                writers.close().await;
            }
        }
    }
}

/// A connection of the pool. The future that can also connect anew takes 200 KB; it must not be part of every
/// request's, on either engine.
async fn take(pool: &sqlx::PgPool) -> Result<PoolConnection<sqlx::Postgres>> {
    match pool.try_acquire() {
        Some(conn) => Ok(conn),
        None => {
            let anew: Boxed<'_, _> = Box::pin(async { Ok(pool.acquire().await?) });
            anew.await
        }
    }
}

fn open_sqlite(url: &str, options: &Options) -> Result<Pools> {
    let path = url.strip_prefix("sqlite:").unwrap_or(url);
    let path = Path::new(path.strip_prefix("//").unwrap_or(path)).to_path_buf();
    let durable = options.durable;
    let mut conn = SqliteConn::open(&path, Settings { durable, read_only: false, cache_kib: 64_000 })?;
    let version = conn.query("select sqlite_version()", &[])?;
    let version = version.into_iter().next().ok_or(Error::NotFound)?;
    check_sqlite_version(&crate::Row::Sqlite(version).at::<String>(0)?)?;
    let readers =
        Readers::new(path.clone(), Settings { durable, read_only: true, cache_kib: 16_000 }, options.readers);
    Ok(Pools::Sqlite { readers, writer: Writer::new(conn, durable), path })
}

fn check_sqlite_version(version: &str) -> Result<()> {
    let mut parts = version.split('.').map(|p| p.parse::<u32>().unwrap_or(0));
    let found = (parts.next().unwrap_or(0), parts.next().unwrap_or(0), parts.next().unwrap_or(0));
    if found < OLDEST_SQLITE {
        return Err(Error::Other(format!("SQLite {version} can corrupt its log; 3.51.3 or newer is needed")));
    }
    Ok(())
}

async fn open_postgres(url: &str, options: &Options) -> Result<Pools> {
    let base = PgConnectOptions::from_str(url)?
        .application_name("aftercare")
        .statement_cache_capacity(300)
        .disable_statement_logging();
    let pool = |size: u32| {
        PgPoolOptions::new()
            .max_connections(size)
            .min_connections(1)
            .test_before_acquire(false)
            .acquire_timeout(Duration::from_secs(10))
    };
    // Commands go by keys: one plan for all values from the first time on, instead of five trials on every
    // connection.
    // Nobody holds a transaction open without doing anything: others wait for its locks, and the audit's blocks
    // count on it (kit's audit).
    let write = base
        .clone()
        .options([("plan_cache_mode", "force_generic_plan"), ("idle_in_transaction_session_timeout", "30s")]);
    let read = base.options([("default_transaction_read_only", "on")]);
    let writers = pool(options.writers).connect_with(write).await?;
    let readers = pool(options.readers).connect_with(read).await?;
    Ok(Pools::Postgres { readers, writers })
}
