//! The whole product on both engines, for tests: real database, real router, fixed clock.
//!
//! ```ignore
//! testkit::app_test! {
//!     async fn a_customer_can_be_found_by_phone(app: TestApp) {
//!         let agent = app.user(Role::Agent).await;
//!         let made = agent.post("/customers", json!({"name": "…"})).await.ok();
//!     }
//! }
//! ```
//! expands to `a_customer_can_be_found_by_phone::sqlite` and `::postgres`, each with a database of its own.

mod client;
mod database;

use std::sync::Arc;

use kernel::{FixedClock, Id, IdGen, Ts};
use kit::{App, Config, Cx, Role};

pub use client::{Answer, Client, Listener};
pub use database::{Engine, new_postgres_database};

/// Fails unless a migration's CHECK on a column lists exactly the codes that the program knows, in their order.
///
/// # Panics
/// When it does not, or there is no such table.
pub fn column_takes(sql: &str, table: &str, column: &str, codes: &[(&str, kernel::T)]) {
    let start = sql.find(&format!("create table {table} (")).unwrap_or_else(|| panic!("no table {table}"));
    let codes: Vec<String> = codes.iter().map(|(code, _)| format!("'{code}'")).collect();
    let check = format!("    {column} text not null check ({column} in ({}))", codes.join(", "));
    let body = &sql[start..];
    assert!(body[..body.find(");\n").unwrap_or(body.len())].contains(&check), "{table}: {check}");
}

/// A running product with a database of its own.
pub struct TestApp {
    /// The application.
    pub app: App,
    /// Its router, called without a network.
    pub router: axum::Router,
    /// Its clock: starts on Wednesday 18 November 2026, 09:00 in China.
    pub clock: FixedClock,
    /// Root organisation.
    pub root: Id,
    database: database::Database,
}

/// When every test begins.
pub const START: &str = "2026-11-18T01:00:00Z";

impl TestApp {
    /// Starts on an engine. Panics when that is impossible: a test must not pass by not running.
    pub async fn new(engine: Engine) -> Self {
        Self::with(engine, |_| ()).await
    }

    /// The same with another configuration.
    pub async fn with(engine: Engine, change: impl FnOnce(&mut Config)) -> Self {
        let database = database::Database::create(engine).await;
        let clock = FixedClock::new(Ts::parse(START).expect("a valid instant"));
        let mut config = Config { data: database.dir.path().to_path_buf(), ..Config::default() };
        change(&mut config);
        let parts = aftercare::Parts {
            config,
            db: database.db.clone(),
            clock: Arc::new(clock.clone()),
            ids: IdGen::seeded(42),
        };
        let (app, router) = aftercare::build(parts).await.expect("the application starts");
        aftercare::first_start(&app).await.expect("first start");
        let mut conn = app.db.read().await.expect("a reader");
        let root = conn
            .scalar("select id from org_unit where parent_id is null order by id limit 1", vec![])
            .await
            .expect("a root organisation");
        drop(conn);
        Self { app, router, clock, root, database }
    }

    /// The system's context, for calling services and engines of the platform directly.
    pub fn system(&self) -> Cx {
        Cx::system(&self.app)
    }

    /// A new person with a built-in role in the root organisation, as an API client.
    pub async fn user(&self, role: Role) -> Client {
        self.user_in(role, self.root).await
    }

    /// A new person with a built-in role in an organisation.
    pub async fn user_in(&self, role: Role, org: Id) -> Client {
        client::make_user(self, &[role.code()], org).await
    }

    /// A new person with roles by code.
    pub async fn user_with_roles(&self, roles: &[&str], org: Id) -> Client {
        client::make_user(self, roles, org).await
    }

    /// A new person who holds every permission, but only as far as `reach`.
    pub async fn user_with_all(&self, reach: kit::Reach, org: Id) -> Client {
        let role = client::make_all_role(self, reach).await;
        client::make_user(self, &[role.as_str()], org).await
    }

    /// A new outlet below the root organisation.
    pub async fn outlet(&self, name: &str) -> Id {
        client::make_outlet(self, name).await
    }

    /// The built-in administrator: holds every permission.
    pub async fn admin(&self) -> Client {
        client::admin(self).await
    }

    /// Somebody who is not signed in.
    pub fn nobody(&self) -> Client {
        Client::new(self.router.clone(), None)
    }

    /// Runs background work until none is due.
    pub async fn drain(&self) {
        kit::jobs::drain(&self.app).await.expect("background work");
    }

    /// Moves the clock and runs what became due.
    pub async fn advance(&self, seconds: i64) {
        self.clock.advance_secs(seconds);
        self.drain().await;
    }

    /// Every invariant holds.
    pub async fn check(&self) {
        let broken = aftercare::check(&self.app).await.expect("check runs");
        assert!(broken.is_empty(), "broken invariants:\n{}", broken.join("\n"));
    }

    /// Ends the test: no job may have failed, every invariant must hold, the database goes away.
    pub async fn finish(self) {
        let mut conn = self.app.db.read().await.expect("a reader");
        let failed: Vec<(String, Option<String>)> = conn
            .all("select kind, error from job where state = 'dead' or error is not null", vec![])
            .await
            .expect("jobs");
        drop(conn);
        assert!(failed.is_empty(), "failed background work: {failed:?}");
        self.check().await;
        self.database.remove().await;
    }
}

/// Defines one test per engine.
#[macro_export]
macro_rules! app_test {
    ($($(#[$meta:meta])* async fn $name:ident($app:ident: TestApp) $body:block)*) => {$(
        mod $name {
            #[allow(unused_imports)]
            use super::*;

            $(#[$meta])*
            async fn run($app: &$crate::TestApp) $body

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                let app = $crate::TestApp::new($crate::Engine::Sqlite).await;
                run(&app).await;
                app.finish().await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                if $crate::Engine::skip_postgres() {
                    return;
                }
                let app = $crate::TestApp::new($crate::Engine::Postgres).await;
                run(&app).await;
                app.finish().await;
            }
        }
    )*};
}
