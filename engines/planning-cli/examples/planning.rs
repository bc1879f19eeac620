//! The planning commands alone, without the rest of the product: `cargo run --release --example planning -- …`.

use std::process::ExitCode;

use clap::Parser;

#[derive(Parser)]
#[command(name = "planning")]
enum Args {
    #[command(flatten)]
    Run(planning_cli::Planning),
    /// Measures speed, memory and (with data) accuracy.
    Bench(planning_cli::Bench),
}

fn main() -> ExitCode {
    match Args::parse() {
        Args::Run(command) => planning_cli::run(command),
        Args::Bench(bench) => planning_cli::bench(bench),
    }
}
