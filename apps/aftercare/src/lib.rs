//! The product put together: the list of contexts, and how a running application is made from them.

pub mod backup;
pub mod config;
mod keys;

use std::{path::Path, sync::Arc};

use db::Db;
use kernel::{Clock, IdGen, SystemClock};
use kit::{App, AppState, Config, Directory, Module, Registry};
use object_store::local::LocalFileSystem;

/// Error of starting up: a sentence for the person at the terminal.
pub type StartError = Box<dyn std::error::Error + Send + Sync>;

/// Every context, in level order. A new context is one line here.
pub fn modules() -> Vec<Module> {
    vec![
        kit::platform::module(),
        org::module(),
        customers::module(),
        products::module(),
        documents::module(),
        parts::module(),
        warranty::module(),
        pricing::module(),
        orders::module(),
        intake::module(),
        dispatch::module(),
        field::module(),
        callbacks::module(),
        workshop::module(),
        pay::module(),
        portal::module(),
        reports::module(),
    ]
}

/// What an application is made from; tests bring their own clock and ids.
pub struct Parts {
    /// Configuration.
    pub config: Config,
    /// Open database.
    pub db: Db,
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// Ids.
    pub ids: IdGen,
}

impl Parts {
    /// For real use: the machine's clock and random ids.
    pub fn real(config: Config, db: Db) -> Self {
        Self { config, db, clock: Arc::new(SystemClock), ids: IdGen::random() }
    }
}

/// Address of the database inside a data directory.
pub fn embedded_url(data: &Path) -> String {
    format!("sqlite:{}", data.join("aftercare.db").display())
}

/// Migrates the database, wires everything and returns the application with its router.
pub async fn build(parts: Parts) -> Result<(App, axum::Router), StartError> {
    let Parts { config, db, clock, ids } = parts;
    std::fs::create_dir_all(config.data.join("files"))?;
    let (registry, endpoints) = Registry::new(modules());
    backup::before_migration(&db, &config.data, &registry.migrations, clock.now()).await?;
    db.migrate(&registry.migrations, clock.now()).await?;
    let directory: Arc<dyn Directory> = org::directory();
    let app = Arc::new(AppState {
        audit_key: keys::audit_key(&config.data)?,
        blobs: Arc::new(LocalFileSystem::new_with_prefix(&config.data)?),
        db,
        clock,
        ids,
        config,
        registry,
        directory,
        settings: Default::default(),
        numbers: Default::default(),
        wake: Default::default(),
        limits: Default::default(),
        live: Default::default(),
        zones: Default::default(),
    });
    kit::zones::refresh(&app).await?;
    let router = kit::http::router(&app, endpoints);
    Ok((app, router))
}

/// Invariants of the whole database; what is broken, one line each (`aftercare check`).
pub async fn check(app: &App) -> Result<Vec<String>, StartError> {
    let mut conn = app.db.read().await?;
    let mut broken = kit::audit::verify(&mut conn, &app.audit_key).await?;
    for check in &app.registry.checks {
        let found = (check.run)(&mut conn).await?;
        broken.extend(found.into_iter().map(|line| format!("{}: {line}", check.name)));
    }
    Ok(broken)
}

/// What an empty database needs: an organisation with an administrator, and the shipped process templates. Returns the
/// one-time sign-in path as long as nobody has a password. Does nothing the second time.
pub async fn first_start(app: &App) -> kit::Result<Option<String>> {
    let path = org::first_start(app).await?;
    documents::seed(app).await?;
    Ok(path)
}
