//! `aftercare routing …` and `aftercare bench routing`: reads and writes files around the engine.

pub mod files;
pub mod solve;
pub mod wall;

use std::process::ExitCode;

use clap::Subcommand;

/// Plans engineers' days.
#[derive(Debug, Subcommand)]
pub enum Routing {
    /// Solve a problem: who goes where and when.
    Solve(solve::Solve),
}

/// Runs a command; errors go to stderr as one line, with the path of the field where there is one.
pub fn run(command: Routing) -> ExitCode {
    let done = match command {
        Routing::Solve(solve) => solve.run(),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            eprintln!("error: {problem}");
            ExitCode::FAILURE
        }
    }
}
