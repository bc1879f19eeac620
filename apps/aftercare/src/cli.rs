//! The command line.

use std::{path::PathBuf, process::ExitCode};

use aftercare::{Parts, StartError, backup, build, config::File, embedded_url};
use clap::{Parser, Subcommand};
use db::{Db, Options};
use kit::{App, Cx};
use tokio::task::block_in_place;

/// After-sales service management 售后一体化.
#[derive(Parser)]
#[command(name = "aftercare", version, about, max_term_width = 100)]
pub struct Args {
    /// Configuration file (TOML); everything in it has a default.
    #[arg(long, global = true)]
    config: Option<PathBuf>,
    /// Directory with the embedded database, files and keys [default: ./data].
    #[arg(long, global = true)]
    data: Option<PathBuf>,
    /// PostgreSQL instead of the embedded database: postgres://user:password@host/name
    #[arg(long, global = true)]
    database: Option<String>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Web pages, REST API and background work.
    Serve {
        /// Address to listen on [default: 127.0.0.1:8080].
        #[arg(long)]
        listen: Option<String>,
    },
    /// Background work alone, for clusters.
    Worker,
    /// Fills an empty database with a believable company; always the same for one seed.
    Demo {
        /// Service orders.
        #[arg(long, default_value_t = 240)]
        orders: usize,
        /// Another company.
        #[arg(long, default_value_t = 1)]
        seed: u64,
    },
    /// Reads records from an XLSX or CSV file; see docs/importing.md.
    Import {
        /// customers, units, models, parts, stock, orders, prices …
        kind: String,
        /// The file.
        file: PathBuf,
        /// Tell what would change and keep nothing.
        #[arg(long)]
        dry_run: bool,
        /// Columns: `--map code=Part,name="Long name"`; may be repeated.
        #[arg(long)]
        map: Vec<String>,
        /// A mapping in TOML.
        #[arg(long)]
        map_file: Option<PathBuf>,
        /// Account that imports; new records belong to its organisation.
        #[arg(long = "as", default_value = "admin")]
        login: String,
        /// One JSON object.
        #[arg(long)]
        json: bool,
    },
    /// Writes a list to a file that can be imported again; the format follows from its name (.xlsx, .csv, .json).
    Export {
        /// customers, units, models, parts, stock, orders …
        kind: String,
        /// New file.
        file: PathBuf,
        /// Filter as in the address of the list, for example `state~in~new,accepted`.
        #[arg(long)]
        filter: Option<String>,
        /// Account whose rights apply.
        #[arg(long = "as", default_value = "admin")]
        login: String,
    },
    /// Spare parts: forecasts, stock levels and depot networks from files; see docs/planning.md.
    Planning {
        #[command(subcommand)]
        what: planning_cli::Planning,
    },
    /// Engineers' days: plans, urgent jobs, repairs and reasons from files; see docs/routing.md.
    Routing {
        #[command(subcommand)]
        what: routing_cli::Routing,
    },
    /// Measures this machine with the real server.
    Bench {
        #[command(subcommand)]
        what: crate::bench::Bench,
    },
    /// Proves the invariants of the database; exit code 1 lists what is broken.
    Check,
    /// Writes a consistent backup of an embedded installation while it runs.
    Backup {
        /// New file.
        file: PathBuf,
    },
    /// Restores a backup into an empty data directory.
    Restore {
        /// Backup file.
        file: PathBuf,
    },
    /// Brings the database to this version.
    Migrate {
        /// Only list what would be done.
        #[arg(long)]
        dry_run: bool,
    },
    /// Looks for problems of this installation.
    Doctor,
    /// Shows the configuration in force, secrets hidden.
    Config {
        /// `show`
        #[arg(default_value = "show", value_parser = ["show"])]
        what: String,
    },
    /// User accounts from the terminal.
    User {
        #[command(subcommand)]
        what: UserCommand,
    },
    /// Writes generated documentation (permission matrix, routes, state diagrams) to a directory.
    #[command(hide = true)]
    Docs {
        /// Target directory.
        dir: PathBuf,
    },
}

#[derive(Subcommand)]
enum UserCommand {
    /// Adds an administrator and prints a one-time sign-in address.
    Add {
        /// Login name.
        login: String,
    },
    /// Sets a password, read from the first line of standard input.
    Password {
        /// Login name.
        login: String,
    },
    /// Prints a new API token.
    Token {
        /// Login name.
        login: String,
    },
}

/// Where and how, from file and flags.
pub struct Place {
    /// The file.
    pub file: File,
    /// Data directory.
    pub data: PathBuf,
    /// Database address.
    pub url: String,
}

impl Place {
    fn new(args: &Args) -> Result<Self, StartError> {
        let file = File::read(args.config.as_deref())?;
        let data = args.data.clone().or_else(|| file.data.clone()).unwrap_or_else(|| PathBuf::from("data"));
        let url =
            args.database.clone().or_else(|| file.database.clone()).unwrap_or_else(|| embedded_url(&data));
        Ok(Self { file, data, url })
    }

    /// Errors where there is no embedded database yet: a mistyped directory is not an installation that is sound.
    fn must_exist(&self) -> Result<(), StartError> {
        match self.url.strip_prefix("sqlite:") {
            Some(file) if !std::path::Path::new(file).is_file() => {
                Err(format!("there is no database in {}", self.data.display()).into())
            }
            _ => Ok(()),
        }
    }

    /// Opens the database.
    pub async fn open(&self) -> Result<Db, StartError> {
        std::fs::create_dir_all(&self.data)?;
        Ok(Db::open(&self.url, &Options::default()).await?)
    }

    /// The application on it; on an empty database also the one-time address for its administrator.
    pub async fn app(&self) -> Result<(App, axum::Router, Option<String>), StartError> {
        let parts = Parts::real(self.file.platform(&self.data)?, self.open().await?);
        let (app, router) = build(parts).await?;
        let start = aftercare::first_start(&app).await?;
        Ok((app, router, start))
    }
}

/// Runs a command.
pub async fn run(args: Args) -> Result<ExitCode, StartError> {
    let place = Place::new(&args)?;
    if matches!(
        args.command,
        Command::Check | Command::Doctor | Command::Export { .. } | Command::Backup { .. }
    ) {
        place.must_exist()?;
    }
    crate::serve::init_logs(place.file.json_logs.unwrap_or(false));
    match args.command {
        Command::Serve { listen } => {
            let listen =
                listen.or_else(|| place.file.listen.clone()).unwrap_or_else(|| "127.0.0.1:8080".into());
            crate::serve::serve(&place, &listen).await?;
        }
        Command::Demo { orders, seed } => crate::demo::run(&place, orders, seed).await?,
        Command::Import { kind, file, dry_run, map, map_file, login, json } => {
            let options = kit::sheets::cli::Options { dry_run, map, map_file };
            return import(&place, &kind, &file, &options, &login, json).await;
        }
        Command::Export { kind, file, filter, login } => export(&place, &kind, &file, filter, &login).await?,
        // The engines know neither databases nor runtimes; they compute on this thread and their own.
        Command::Planning { what } => return Ok(block_in_place(|| planning_cli::run(what))),
        Command::Routing { what } => return Ok(block_in_place(|| routing_cli::run(what))),
        Command::Bench { what } => return crate::bench::run(&place, what).await,
        Command::Worker => crate::serve::worker(&place).await?,
        Command::Check => return check(&place).await,
        Command::Backup { file } => {
            backup::backup(&place.open().await?, &place.data, &file).await?;
            println!("{}", file.display());
        }
        Command::Restore { file } => println!("{} files restored", backup::restore(&file, &place.data)?),
        Command::Migrate { dry_run } => migrate(&place, dry_run).await?,
        Command::Doctor => return doctor(&place).await,
        Command::Config { .. } => print!("{}", toml::to_string_pretty(&place.file.redacted())?),
        Command::User { what } => user(&place, what).await?,
        Command::Docs { dir } => docs(&place, &dir).await?,
    }
    Ok(ExitCode::SUCCESS)
}

/// The context of an account, as if it had signed in.
async fn cx_of(app: &App, login: &str) -> Result<Cx, StartError> {
    let user = org::cli::user_id(app, login).await?;
    let actor = app.directory.by_user(&app.db, user, app.now()).await?.ok_or("the account can't sign in")?;
    Ok(Cx::with_actor(app, actor))
}

async fn import(
    place: &Place,
    kind: &str,
    file: &std::path::Path,
    options: &kit::sheets::cli::Options,
    login: &str,
    json: bool,
) -> Result<ExitCode, StartError> {
    let (app, _, _) = place.app().await?;
    let cx = cx_of(&app, login).await?;
    if !app.registry.sheets.contains_key(kind) {
        let mut kinds: Vec<_> = app.registry.sheets.keys().copied().collect();
        kinds.sort_unstable();
        return Err(format!("there is no import {kind}; there are: {}", kinds.join(", ")).into());
    }
    let done = kit::sheets::cli::import(&cx, kind, file, options).await?;
    println!("{}", done.text(kernel::Lang::Zh, json));
    Ok(ExitCode::SUCCESS)
}

async fn export(
    place: &Place,
    kind: &str,
    file: &std::path::Path,
    filter: Option<String>,
    login: &str,
) -> Result<(), StartError> {
    let (app, _, _) = place.app().await?;
    let cx = cx_of(&app, login).await?;
    let list = app.registry.lists.get(kind).ok_or_else(|| format!("there is no list {kind}"))?;
    let ending = file.extension().and_then(|e| e.to_str()).unwrap_or("xlsx");
    let format = kit::lists::ExportFormat::parse(ending)?;
    let asked = kit::lists::ListQuery { filter, ..Default::default() };
    let response = kit::lists::export(&cx, list, &asked, format).await?;
    let bytes = axum::body::to_bytes(response.into_body(), usize::MAX).await?;
    std::fs::write(file, &bytes)?;
    println!("{}: {} bytes", file.display(), bytes.len());
    Ok(())
}

async fn check(place: &Place) -> Result<ExitCode, StartError> {
    let (app, _, _) = place.app().await?;
    let broken = aftercare::check(&app).await?;
    for line in &broken {
        println!("{line}");
    }
    if broken.is_empty() {
        println!("ok: {} invariants hold", app.registry.checks.len() + 1);
        return Ok(ExitCode::SUCCESS);
    }
    Ok(ExitCode::FAILURE)
}

async fn migrate(place: &Place, dry_run: bool) -> Result<(), StartError> {
    let db = place.open().await?;
    let (registry, _) = kit::Registry::new(aftercare::modules());
    for pending in db.pending(&registry.migrations).await? {
        println!("{} {} {}", pending.context, pending.number, pending.name);
    }
    if !dry_run {
        let now = kernel::Clock::now(&kernel::SystemClock);
        if let Some(copy) = backup::before_migration(&db, &place.data, &registry.migrations, now).await? {
            println!("copied to {}", copy.display());
        }
        println!("{} applied", db.migrate(&registry.migrations, now).await?);
    }
    Ok(())
}

async fn doctor(place: &Place) -> Result<ExitCode, StartError> {
    let mut faults = Vec::new();
    let (app, _, start) = place.app().await?;
    println!("database: {:?}, data directory: {}", app.db.engine(), place.data.display());
    if start.is_some() {
        println!("the database is empty: `aftercare serve` prints the address to begin with");
    }
    let mut conn = app.db.read().await?;
    let dead: i64 = conn.scalar("select count(*) from job where state = 'dead'", vec![]).await?;
    if dead > 0 {
        faults.push(format!("{dead} background jobs gave up; the page /jobs says why and tries them again"));
    }
    if app.config.public_url.is_empty() {
        println!("note: public_url is not set; links in mails and QR codes use the address of the request");
    }
    if app.config.smtp.is_empty() {
        println!("note: smtp is not set; no mail is sent");
    }
    for fault in &faults {
        println!("fault: {fault}");
    }
    Ok(if faults.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

async fn user(place: &Place, what: UserCommand) -> Result<(), StartError> {
    let (app, _, _) = place.app().await?;
    match what {
        UserCommand::Add { login } => println!("{}", org::cli::add_user(&app, &login).await?),
        UserCommand::Password { login } => {
            let mut password = String::new();
            std::io::stdin().read_line(&mut password)?;
            org::cli::set_password(&app, &login, password.trim_end_matches(['\r', '\n'])).await?;
        }
        UserCommand::Token { login } => println!("{}", org::cli::new_token(&app, &login).await?),
    }
    Ok(())
}

async fn docs(place: &Place, dir: &std::path::Path) -> Result<(), StartError> {
    let (app, _, _) = place.app().await?;
    std::fs::create_dir_all(dir)?;
    std::fs::write(dir.join("permissions.md"), org::matrix(&app.registry))?;
    let mut routes = String::from("# Routes\n\n| method | path | access |\n|---|---|---|\n");
    for route in &app.registry.routes {
        let access = match route.access {
            kit::Access::Public => "public".to_string(),
            kit::Access::SignedIn => "signed in".to_string(),
            kit::Access::Perm(perm) => format!("`{}`", perm.key),
        };
        routes.push_str(&format!("| {} | `{}` | {access} |\n", route.method, route.path));
    }
    std::fs::write(dir.join("routes.md"), routes)?;
    let mut flows = String::from("# States\n");
    for flow in &app.registry.flows {
        flows.push_str(&format!("\n## {}\n\n```mermaid\n{}```\n", flow.doc, flow.mermaid()));
    }
    std::fs::write(dir.join("flows.md"), flows)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_only_looks_makes_no_database_where_there_is_none() {
        let dir = std::env::temp_dir().join(format!("aftercare-none-{}", std::process::id()));
        let data = dir.display().to_string();
        for command in
            [&["check"][..], &["doctor"], &["export", "parts", "/dev/null"], &["backup", "/dev/null"]]
        {
            let args = Args::parse_from(
                ["aftercare", "--data", &data].iter().copied().chain(command.iter().copied()),
            );
            let error = run(args).await.expect_err("there is nothing");
            assert!(error.to_string().contains("no database"), "{command:?}: {error}");
            assert!(!dir.exists(), "{command:?}");
        }
    }
}
