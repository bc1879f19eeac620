//! `routing …` without the rest of the product, for development.

#[derive(clap::Parser)]
struct Args {
    #[command(subcommand)]
    command: routing_cli::Routing,
}

fn main() -> std::process::ExitCode {
    routing_cli::run(<Args as clap::Parser>::parse().command)
}
