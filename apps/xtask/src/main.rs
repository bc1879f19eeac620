//! Chores of the house: `cargo xtask arch | new-feature | new-context | docs`.

mod arch;
mod docs;
mod lex;
mod scaffold;
mod workspace;

use std::{
    path::{Path, PathBuf},
    process::ExitCode,
};

use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(name = "cargo xtask", about = "Chores of the Aftercare workspace")]
struct Cli {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Prove the rules of the house: levels, purity, where SQL may stand, file sizes, README files
    Arch,
    /// Create the file set of a feature that compiles at once: `new-feature orders note`
    NewFeature {
        /// Folder in contexts/
        context: String,
        /// Singular noun in `snake_case`, for example `loaner`
        name: String,
        /// What people call one, in Chinese
        #[arg(long)]
        zh: Option<String>,
        /// What people call one, in English
        #[arg(long)]
        en: Option<String>,
    },
    /// Create an empty context with its module, README and first test
    NewContext {
        /// Folder and package name
        name: String,
        /// Floor of the house: it may use only crates below
        #[arg(long, default_value_t = 6)]
        level: i64,
    },
    /// Write docs/generated: permission matrix and routes
    Docs,
}

fn main() -> ExitCode {
    let root = root();
    let done = match Cli::parse().task {
        Task::Arch => arch::run(&root),
        Task::NewFeature { context, name, zh, en } => scaffold::feature(&root, &context, &name, zh, en),
        Task::NewContext { name, level } => scaffold::context(&root, &name, level),
        Task::Docs => docs::run(&root),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            eprintln!("{problem}");
            ExitCode::FAILURE
        }
    }
}

/// The workspace folder: two above this package, wherever the command was called from.
fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).unwrap_or(here).to_path_buf()
}
