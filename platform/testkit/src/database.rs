//! A database per test, copied from one that was migrated once.

use std::path::PathBuf;

use db::{Db, Options};
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection};
use tempfile::TempDir;
use tokio::sync::OnceCell;

/// Which engine a test runs on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    /// a file in a temporary directory
    Sqlite,
    /// a database on the server of `AFTERCARE_TEST_PG`
    Postgres,
}

impl Engine {
    /// True when the PostgreSQL half was switched off on purpose. Without the switch and without a server
    /// the tests fail: half of the promise must not go unnoticed.
    pub fn skip_postgres() -> bool {
        std::env::var("AFTERCARE_SKIP_PG").is_ok_and(|value| value == "1")
    }
}

pub(crate) struct Database {
    pub db: Db,
    pub dir: TempDir,
    postgres: Option<String>,
}

fn options() -> Options {
    // Power loss is not what these tests are about; the crash test uses the real settings.
    Options { readers: 4, writers: 8, durable: false }
}

fn server() -> String {
    std::env::var("AFTERCARE_TEST_PG").expect(
        "AFTERCARE_TEST_PG names the PostgreSQL server to test on (`make test` starts one); AFTERCARE_SKIP_PG=1 skips that half",
    )
}

fn with_name(server: &str, name: &str) -> String {
    let (base, query) = server.split_once('?').map_or((server, ""), |(base, query)| (base, query));
    let host = base.splitn(4, '/').take(3).collect::<Vec<_>>().join("/");
    if query.is_empty() { format!("{host}/{name}") } else { format!("{host}/{name}?{query}") }
}

/// A name that changes with the schema, so that an old template is never used.
fn template_name() -> String {
    let (registry, _) = kit::Registry::new(aftercare::modules());
    let text: String = registry.migrations.iter().map(|m| m.sql).collect();
    format!("aftercare_template_{}", &kit::http::secret_hash(&text)[..16])
}

static SQLITE_TEMPLATE: OnceCell<PathBuf> = OnceCell::const_new();

async fn sqlite_template() -> PathBuf {
    let dir = std::env::temp_dir().join(template_name());
    let ready = dir.join("ready.db");
    if !ready.exists() {
        std::fs::create_dir_all(&dir).expect("a temporary directory");
        let mine = dir.join(format!("{}.db", std::process::id()));
        let _ = std::fs::remove_file(&mine);
        let db = Db::open(&format!("sqlite:{}", mine.display()), &options()).await.expect("a new database");
        let (registry, _) = kit::Registry::new(aftercare::modules());
        db.migrate(&registry.migrations, kernel::Ts(0)).await.expect("migrations apply");
        let plain = dir.join(format!("{}.plain", std::process::id()));
        let _ = std::fs::remove_file(&plain);
        db.backup_to(&plain).await.expect("a copy");
        db.close().await;
        // Renaming is atomic: several test processes may do this at once.
        std::fs::rename(&plain, &ready).expect("a template");
    }
    ready
}

async fn postgres_template(server: &str) -> String {
    let name = template_name();
    let mut admin =
        PgConnection::connect(&with_name(server, "postgres")).await.expect("the PostgreSQL server answers");
    admin.execute("select pg_advisory_lock(7711)").await.expect("a lock");
    let exists: Option<(i32,)> = sqlx::query_as("select 1 from pg_database where datname = $1")
        .bind(&name)
        .fetch_optional(&mut admin)
        .await
        .expect("a list");
    if exists.is_none() {
        let building = format!("{name}_new");
        let drop_old = format!("drop database if exists {building} with (force)");
        admin.execute(AssertSqlSafe(drop_old)).await.expect("cleared");
        admin.execute(AssertSqlSafe(format!("create database {building}"))).await.expect("created");
        let db = Db::open(&with_name(server, &building), &options()).await.expect("a new database");
        let (registry, _) = kit::Registry::new(aftercare::modules());
        db.migrate(&registry.migrations, kernel::Ts(0)).await.expect("migrations apply");
        db.close().await;
        let rename = format!("alter database {building} rename to {name}");
        admin.execute(AssertSqlSafe(rename)).await.expect("renamed");
    }
    admin.execute("select pg_advisory_unlock(7711)").await.expect("unlocked");
    let _ = admin.close().await;
    name
}

static POSTGRES_TEMPLATE: OnceCell<String> = OnceCell::const_new();

impl Database {
    pub async fn create(engine: Engine) -> Self {
        let dir = TempDir::new().expect("a temporary directory");
        match engine {
            Engine::Sqlite => {
                let template = SQLITE_TEMPLATE.get_or_init(sqlite_template).await;
                let file = dir.path().join("aftercare.db");
                std::fs::copy(template, &file).expect("a copy of the template");
                let db =
                    Db::open(&format!("sqlite:{}", file.display()), &options()).await.expect("a database");
                Self { db, dir, postgres: None }
            }
            Engine::Postgres => {
                let server = server();
                let template = POSTGRES_TEMPLATE.get_or_init(|| postgres_template(&server)).await;
                let unique =
                    dir.path().file_name().map(|n| n.to_string_lossy().to_lowercase()).unwrap_or_default();
                let letters: String = unique.chars().filter(char::is_ascii_alphanumeric).collect();
                let name = format!("aftercare_t_{}_{letters}", std::process::id());
                let mut admin =
                    PgConnection::connect(&with_name(&server, "postgres")).await.expect("the server answers");
                // Copying locks the template: one test at a time, over all processes.
                admin.execute("select pg_advisory_lock(7712)").await.expect("a lock");
                let create = format!("create database {name} template {template}");
                admin.execute(AssertSqlSafe(create)).await.expect("a copy of the template");
                let _ = admin.close().await;
                let db = Db::open(&with_name(&server, &name), &options()).await.expect("a database");
                Self { db, dir, postgres: Some(name) }
            }
        }
    }

    /// Removes what the test made.
    pub async fn remove(self) {
        self.db.close().await;
        if let Some(name) = self.postgres {
            let mut admin =
                PgConnection::connect(&with_name(&server(), "postgres")).await.expect("the server answers");
            let _ =
                admin.execute(AssertSqlSafe(format!("drop database if exists {name} with (force)"))).await;
        }
    }
}

/// A new empty database on the test server, for tests that start the real binary; replaces one of the same
/// purpose left behind by an earlier run.
pub async fn new_postgres_database(purpose: &str) -> String {
    let server = server();
    let name = format!("aftercare_{purpose}_{}", std::process::id());
    let mut admin = PgConnection::connect(&with_name(&server, "postgres")).await.expect("the server answers");
    let drop_old = format!("drop database if exists {name} with (force)");
    admin.execute(AssertSqlSafe(drop_old)).await.expect("cleared");
    admin.execute(AssertSqlSafe(format!("create database {name}"))).await.expect("created");
    let _ = admin.close().await;
    with_name(&server, &name)
}
