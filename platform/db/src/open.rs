//! Opening a database with the settings that were measured to matter (DESIGN §6, STACK).

use std::{str::FromStr, sync::Arc, time::Duration};

use sqlx::{
    ConnectOptions, Connection,
    postgres::{PgConnectOptions, PgPoolOptions},
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};

use crate::{Conn, Error, Result, Tx, conn::Inner, writer::Writer};

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
    Sqlite { readers: sqlx::SqlitePool, writer: Arc<Writer>, options: Box<SqliteConnectOptions> },
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
            open_sqlite(url, options).await?
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
    pub async fn read(&self) -> Result<Conn> {
        Ok(Conn::new(match &*self.pools {
            Pools::Sqlite { readers, .. } => Inner::Sqlite(readers.acquire().await?),
            Pools::Postgres { readers, .. } => Inner::Postgres(readers.acquire().await?),
        }))
    }

    /// A transaction that can write.
    pub async fn begin(&self) -> Result<Tx> {
        match &*self.pools {
            Pools::Sqlite { writer, .. } => Tx::begin_sqlite(writer).await,
            Pools::Postgres { writers, .. } => Tx::begin_postgres(writers.acquire().await?).await,
        }
    }

    /// Writes a consistent copy of an embedded database to a new file while it is in use.
    ///
    /// Errors: on PostgreSQL (use its own tools), or when the file exists.
    pub async fn backup_to(&self, path: &std::path::Path) -> Result<()> {
        match &*self.pools {
            Pools::Sqlite { options, .. } => {
                // A connection of its own: readers may not write, not even elsewhere, and the writer has work to do.
                let mut conn = sqlx::SqliteConnection::connect_with(options).await?;
                let text = path.to_str().ok_or_else(|| Error::Other("the path is not UTF-8".into()))?;
                sqlx::query::<sqlx::Sqlite>("vacuum into $1").bind(text).execute(&mut conn).await?;
                conn.close().await?;
                Ok(())
            }
            Pools::Postgres { .. } => Err(Error::Other("use pg_dump for PostgreSQL".into())),
        }
    }

    /// Closes all connections.
    pub async fn close(&self) {
        match &*self.pools {
            Pools::Sqlite { readers, .. } => readers.close().await,
            Pools::Postgres { readers, writers } => {
                readers.close().await;
                writers.close().await;
            }
        }
    }
}

fn sqlite_options(url: &str, options: &Options) -> Result<SqliteConnectOptions> {
    let synchronous = if options.durable { SqliteSynchronous::Full } else { SqliteSynchronous::Off };
    Ok(SqliteConnectOptions::from_str(url)?
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(synchronous)
        .busy_timeout(Duration::from_secs(5))
        .foreign_keys(true)
        .statement_cache_capacity(200)
        .pragma("temp_store", "memory")
        .pragma("mmap_size", "1073741824")
        .pragma("journal_size_limit", "67108864")
        .pragma("wal_autocheckpoint", "1000")
        .disable_statement_logging())
}

async fn open_sqlite(url: &str, options: &Options) -> Result<Pools> {
    let base = sqlite_options(url, options)?;
    let mut conn = sqlx::SqliteConnection::connect_with(&base.clone().pragma("cache_size", "-64000")).await?;
    let (version,): (String,) = sqlx::query_as("select sqlite_version()").fetch_one(&mut conn).await?;
    check_sqlite_version(&version)?;
    let readers = SqlitePoolOptions::new()
        .max_connections(options.readers)
        .min_connections(1)
        .test_before_acquire(false)
        .acquire_timeout(Duration::from_secs(10))
        .connect_with(base.clone().pragma("cache_size", "-16000").pragma("query_only", "on"))
        .await?;
    Ok(Pools::Sqlite { readers, writer: Writer::new(conn), options: Box::new(base) })
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
    // A generic plan made a filtered list thirty times slower; reads are planned with their values.
    let read = base
        .clone()
        .options([("plan_cache_mode", "force_custom_plan"), ("default_transaction_read_only", "on")]);
    let writers = pool(options.writers).connect_with(base).await?;
    let readers = pool(options.readers).connect_with(read).await?;
    Ok(Pools::Postgres { readers, writers })
}
