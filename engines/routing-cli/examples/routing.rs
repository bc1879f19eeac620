//! `routing …` and `bench routing …` without the rest of the product, for development.

#[derive(clap::Parser)]
enum Args {
    #[command(flatten)]
    Command(routing_cli::Routing),
    /// Measure the engine.
    Bench(routing_cli::bench::BenchRouting),
}

fn main() -> std::process::ExitCode {
    match <Args as clap::Parser>::parse() {
        Args::Command(command) => routing_cli::run(command),
        Args::Bench(bench) => routing_cli::run_bench(bench),
    }
}
