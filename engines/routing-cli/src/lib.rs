//! `aftercare routing …` and `aftercare bench routing`: reads and writes files around the engine.

pub mod bench;
pub mod files;
pub mod osrm;
pub mod plan;
pub mod report;
pub mod solve;
pub mod wall;

use std::process::ExitCode;

use clap::Subcommand;

/// Plans engineers' days.
#[derive(Debug, Subcommand)]
pub enum Routing {
    /// Solve a problem: who goes where and when.
    Solve(solve::Solve),
    /// Put one more job into a plan: the best engineer, the next-best ones, the others' reasons.
    Insert(plan::Insert),
    /// Tell why an engineer does a job, why others do not, or why nobody does.
    Explain(plan::Explain),
    /// Quote the cheapest appointment windows for a job.
    Windows(plan::Windows),
    /// Repair a plan after a delay, a drop-out or a cancellation, keeping the rest as it is.
    Repair(plan::Repair),
    /// Judge a plan by the rules of the problem, independently of the solver.
    Check(plan::Check),
    /// Draw a plan as a self-contained HTML page with timeline and map.
    Report(report::Report),
    /// Write a generated problem: a city of technicians.
    Generate(bench::Generate),
}

/// Runs a command; errors go to stderr as one line, with the path of the field where there is one.
pub fn run(command: Routing) -> ExitCode {
    finish(match command {
        Routing::Solve(c) => c.run(),
        Routing::Insert(c) => c.run(),
        Routing::Explain(c) => c.run(),
        Routing::Windows(c) => c.run(),
        Routing::Repair(c) => c.run(),
        Routing::Check(c) => c.run(),
        Routing::Report(c) => c.run(),
        Routing::Generate(c) => c.run(),
    })
}

/// Runs `bench routing`.
pub fn run_bench(bench: bench::BenchRouting) -> ExitCode {
    finish(bench.run())
}

fn finish(done: Result<(), files::Failure>) -> ExitCode {
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            eprintln!("error: {problem}");
            ExitCode::FAILURE
        }
    }
}
