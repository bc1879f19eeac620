//! Benchmarks (DESIGN §11): each starts the real server as a process of its own, drives it over HTTP and reads
//! the processor time that the operating system charged to it. Every one prints a JSON object with `--json`.

mod calls;
pub mod data;
mod lifecycle;
mod pages;
mod process;
mod start;
mod stock;

use std::{path::PathBuf, process::ExitCode};

use aftercare::StartError;
use clap::{Args, Subcommand};
use serde_json::Value;
use tokio::task::block_in_place;

use crate::cli::Place;

/// What the measurements of the server share.
#[derive(Args)]
pub struct Common {
    /// Fills an empty database with a company of this size first: 1.0 is 1 M orders, 1 M units, 200 k customers,
    /// 50 k parts.
    #[arg(long)]
    scale: Option<f64>,
    /// JSON only.
    #[arg(long)]
    json: bool,
}

/// What to measure.
#[derive(Subcommand)]
pub enum Bench {
    /// Complete life cycles of service orders over REST from many clients at once.
    Lifecycle {
        /// Clients at once.
        #[arg(long, default_value_t = 16)]
        clients: usize,
        /// How long.
        #[arg(long, default_value_t = 20)]
        seconds: u64,
        #[command(flatten)]
        common: Common,
    },
    /// Server time of the main pages: first and hundredth page of lists, an order, search.
    Pages {
        /// Requests per page.
        #[arg(long, default_value_t = 60)]
        requests: usize,
        #[command(flatten)]
        common: Common,
    },
    /// Many clients at once for the last pieces of a part, with and without reserving first.
    Stock {
        /// Clients at once.
        #[arg(long, default_value_t = 200)]
        clients: usize,
        /// Pieces there are.
        #[arg(long, default_value_t = 10)]
        pieces: i64,
        #[command(flatten)]
        common: Common,
    },
    /// Cold start and idle memory of the server.
    Start {
        /// Starts.
        #[arg(long, default_value_t = 10)]
        times: usize,
        /// JSON only.
        #[arg(long)]
        json: bool,
    },
    /// The planning engine: time and memory on generated part-places, accuracy on a given history.
    Planning(planning_cli::Bench),
    /// The routing engine on generated cities and, if given, on VRPTW files.
    Routing(routing_cli::bench::BenchRouting),
    /// Fills a database with a large company for the other benchmarks.
    Data {
        /// 1.0 is 1 M orders, 1 M units, 200 k customers, 50 k parts.
        #[arg(long, default_value_t = 1.0)]
        scale: f64,
        /// JSON only.
        #[arg(long)]
        json: bool,
    },
}

/// Runs a benchmark on the given place; an empty database is filled with what the benchmark needs.
pub async fn run(place: &Place, bench: Bench) -> Result<ExitCode, StartError> {
    let (report, json) = match bench {
        Bench::Planning(args) => return Ok(block_in_place(|| planning_cli::bench(args))),
        Bench::Routing(args) => return Ok(block_in_place(|| routing_cli::run_bench(args))),
        Bench::Lifecycle { clients, seconds, common } => {
            data::fill_empty(place, common.scale).await?;
            (lifecycle::run(place, clients, seconds).await?, common.json)
        }
        Bench::Pages { requests, common } => {
            data::fill_empty(place, common.scale).await?;
            (pages::run(place, requests).await?, common.json)
        }
        Bench::Stock { clients, pieces, common } => {
            data::fill_empty(place, common.scale).await?;
            (stock::run(place, clients, pieces).await?, common.json)
        }
        Bench::Start { times, json } => (start::run(times).await?, json),
        Bench::Data { scale, json } => (data::run(place, scale).await?, json),
    };
    print(&report, json);
    Ok(ExitCode::SUCCESS)
}

fn print(report: &Value, json: bool) {
    if json {
        println!("{report}");
        return;
    }
    if let Value::Object(fields) = report {
        for (name, value) in fields {
            match value {
                Value::Object(inner) => {
                    println!("{name}:");
                    for (key, value) in inner {
                        println!("  {key:40} {value}");
                    }
                }
                other => println!("{name:42} {other}"),
            }
        }
    }
}

/// A directory of this process that is removed at the end.
pub(crate) struct Scratch(pub PathBuf);

impl Scratch {
    pub fn new(name: &str) -> Result<Self, StartError> {
        let path = std::env::temp_dir().join(format!("aftercare-bench-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&path)?;
        Ok(Self(path))
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
