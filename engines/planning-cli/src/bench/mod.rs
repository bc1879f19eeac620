//! `bench planning`: speed and memory on generated demand; accuracy and stock where real data is at hand.

mod accuracy;
mod baseline;
mod generate;

use std::{path::PathBuf, process::ExitCode, time::Instant};

use clap::Args;
use planning::{
    Control,
    allocate::{Candidate, allocate},
    fit::{Attributes, Settings},
    levels::{Economy, three_point},
    models::Window,
    protect::{Protection, protect},
};
use serde_json::{Value, json};

use crate::{Trouble, finish, report::Progress};

/// Arguments of `bench planning`.
#[derive(Args)]
pub struct Bench {
    /// One JSON object instead of a table.
    #[arg(long)]
    json: bool,
    /// Part-places to plan, one run each.
    #[arg(long, value_delimiter = ',', default_value = "10000,100000,1000000")]
    sizes: Vec<usize>,
    /// Months of history.
    #[arg(long, default_value_t = 60)]
    months: usize,
    /// Processors to use [default: all].
    #[arg(long)]
    threads: Option<usize>,
    /// Demand file (part,period,quantity) for accuracy and stock instead of speed.
    #[arg(long, value_name = "FILE")]
    demand: Option<PathBuf>,
    /// Its parts file.
    #[arg(long, value_name = "FILE")]
    parts: Option<PathBuf>,
    /// Origins of the accuracy run.
    #[arg(long, default_value_t = 9)]
    origins: usize,
    /// Protection period of the accuracy run in months.
    #[arg(long, default_value_t = 3)]
    protection: usize,
    /// Last months of the file that the accuracy run leaves out: an inner split for tuning.
    #[arg(long, default_value_t = 0)]
    leave_out: usize,
    /// Measures the rivals of the accuracy run only, not the engine.
    #[arg(long)]
    rivals_only: bool,
}

/// Runs it.
#[must_use]
pub fn bench(args: Bench) -> ExitCode {
    let threads =
        args.threads.unwrap_or_else(|| std::thread::available_parallelism().map_or(1, usize::from)).max(1);
    let result = match &args.demand {
        Some(demand) => accuracy::run(
            demand,
            args.parts.as_deref(),
            &accuracy::Split {
                origins: args.origins,
                protection: args.protection,
                leave_out: args.leave_out,
                threads,
                rivals_only: args.rivals_only,
            },
        ),
        None => speed(&args, threads),
    };
    finish(args.json, result)
}

fn speed(args: &Bench, threads: usize) -> Result<Value, Trouble> {
    let mut rows = Vec::new();
    let mut text = String::from("part-places  months  wall s  CPU s  peak MB  µs per part-place\n");
    for size in &args.sizes {
        if *size == 0 || args.months < 6 {
            return Err(Trouble::text("--sizes must be above 0 and --months at least 6"));
        }
        let row = one(*size, args.months, threads)?;
        text += &format!(
            "{size:>11}  {:>6}  {:>6.1}  {:>5.1}  {:>7.0}  {:>8.1}\n",
            args.months,
            row["wall_s"].as_f64().unwrap_or(0.0),
            row["cpu_s"].as_f64().unwrap_or(0.0),
            row["peak_mb"].as_f64().unwrap_or(0.0),
            row["cpu_us_per_part_place"].as_f64().unwrap_or(0.0),
        );
        rows.push(row);
    }
    Ok(json!({ "threads": threads, "runs": rows, "text": text.trim_end() }))
}

/// A complete re-plan: distributions over each part's protection period, value objective, three levels.
fn one(size: usize, months: usize, threads: usize) -> Result<Value, Trouble> {
    let world = generate::world(size, months, threads);
    process::reset_peak();
    let (cpu, start) = (process::cpu(), Instant::now());
    let progress = Progress::new(false);
    let tell = |stage: &str, f: f64| progress.tell(&format!("{size}: {stage}"), f);
    let control = Control { threads, cancel: None, progress: Some(&tell) };
    let protections: Vec<Protection> =
        world.leads.iter().map(|l| Protection { months: f64::from(*l) + 1.0, deviation: 0.0 }).collect();
    let settings = Settings::new(Window::next(1));
    let attributes = Attributes { columns: vec![world.prices.iter().map(|p| p.ln()).collect()] };
    let mut demand = protect(&world.panel, months, &attributes, &protections, &settings, &control)
        .map_err(Trouble::text)?;
    let candidates: Vec<Candidate> = demand
        .iter_mut()
        .zip(&world.prices)
        .zip(&world.leads)
        .map(|((d, price), lead)| Candidate {
            curve: std::mem::take(&mut d.curve),
            price: f64::from(*price),
            lines: d.lines,
            months: f64::from(*lead) + 1.0,
            size: d.size(),
            floor: 0.0,
            pack: 1.0,
        })
        .collect();
    let plan = allocate(&candidates, 0.95);
    let mut value = 0.0;
    for ((d, c), level) in demand.iter_mut().zip(candidates).zip(&plan.levels) {
        d.curve = c.curve;
        let economy = Economy { order_cost: 20.0, holding: 0.25 * c.price, ..Economy::default() };
        value += three_point(d, *level, &economy).on_hand * c.price;
    }
    let (wall, cpu) = (start.elapsed().as_secs_f64(), process::cpu() - cpu);
    progress.done();
    Ok(json!({
        "part_places": size,
        "months": months,
        "wall_s": (wall * 100.0).round() / 100.0,
        "cpu_s": (cpu * 100.0).round() / 100.0,
        "peak_mb": process::peak_mb(),
        "cpu_us_per_part_place": (cpu * 1e6 / size as f64 * 10.0).round() / 10.0,
        "expected_lines_filled": plan.lines,
        "expected_stock_value": value.round(),
    }))
}

/// What the operating system says about this process (Linux; zeros elsewhere).
mod process {
    use std::fs;

    /// Processor seconds used so far.
    pub fn cpu() -> f64 {
        let stat = fs::read_to_string("/proc/self/stat").unwrap_or_default();
        let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or("").split_whitespace().collect();
        let ticks = |k: usize| fields.get(k).and_then(|f| f.parse::<f64>().ok()).unwrap_or(0.0);
        (ticks(11) + ticks(12)) / 100.0
    }

    /// Forgets the peak of memory so far.
    pub fn reset_peak() {
        let _ = fs::write("/proc/self/clear_refs", "5");
    }

    /// Peak of resident memory in MB.
    pub fn peak_mb() -> f64 {
        let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
        let line = status.lines().find(|l| l.starts_with("VmHWM"));
        let kb = line.and_then(|l| l.split_whitespace().nth(1)).and_then(|k| k.parse::<f64>().ok());
        (kb.unwrap_or(0.0) / 1024.0).round()
    }
}
