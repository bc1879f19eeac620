//! `aftercare`: server, background work and tools in one binary.

mod bench;
mod cli;
mod demo;
mod serve;

use clap::Parser;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    // Whoever asks over HTTP must have chosen who does the cryptography, also who never asks over TLS.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let args = cli::Args::parse();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("aftercare: {error}");
            return std::process::ExitCode::FAILURE;
        }
    };
    match runtime.block_on(cli::run(args)) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("aftercare: {error}");
            std::process::ExitCode::FAILURE
        }
    }
}
