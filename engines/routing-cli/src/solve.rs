//! `routing solve`.

use std::path::PathBuf;

use clap::Args;
use routing::{
    model::Model,
    solve::{Budget, Outside, Progress, solve},
};

use crate::{
    files::{self, Failure},
    report::{Language, html},
    wall::{Wall, interrupt},
};

/// How long and how hard to search.
#[derive(Debug, Args, Clone)]
pub struct Limits {
    /// Wall time in seconds [default: 5, or unlimited with --iterations].
    #[arg(long, value_name = "S")]
    pub seconds: Option<f64>,
    /// Iterations of the search; with this limit alone the plan is always the same.
    #[arg(long, value_name = "N")]
    pub iterations: Option<u64>,
    /// Another stream of random numbers.
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Threads [default: all cores].
    #[arg(long, value_name = "N")]
    pub threads: Option<usize>,
    /// Count processor time (of all threads, divided by their number) instead of wall time: for measuring on a
    /// machine that does other work, too.
    #[arg(long)]
    pub cpu: bool,
}

impl Limits {
    /// As the engine wants it.
    pub fn budget(&self) -> Result<Budget, Failure> {
        if let Some(seconds) = self.seconds
            && !(seconds.is_finite() && seconds >= 0.0)
        {
            return Err(format!("--seconds {seconds}: must be 0 or more"));
        }
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        Ok(Budget {
            seconds: match (self.seconds, self.iterations) {
                (None, None) => Some(5.0),
                (seconds, _) => seconds,
            },
            iterations: self.iterations,
            seed: self.seed,
            threads: self.threads.unwrap_or(cores).max(1),
            ..Budget::default()
        })
    }
}

/// Solve a problem: who goes where and when.
#[derive(Debug, Args)]
pub struct Solve {
    /// The problem (JSON); `-` reads standard input.
    #[arg(long, value_name = "FILE")]
    problem: PathBuf,
    /// Where to write the plan (JSON) [default: standard output].
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    #[command(flatten)]
    limits: Limits,
    /// Also draw the plan as a self-contained HTML page.
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
    /// Language of the report.
    #[arg(long, value_enum, default_value = "zh")]
    lang: Language,
    /// Take travel times from an OSRM-compatible table service, for example http://127.0.0.1:5000
    #[arg(long, value_name = "URL")]
    osrm: Option<String>,
    /// No progress on stderr.
    #[arg(long)]
    quiet: bool,
}

impl Solve {
    /// Reads, solves, writes.
    pub fn run(&self) -> Result<(), Failure> {
        let clock = Wall::of(self.limits.cpu, self.limits.budget()?.threads);
        let mut problem = files::problem(&self.problem)?;
        if let Some(url) = &self.osrm {
            crate::osrm::fetch(&mut problem, url)?;
        }
        let mut budget = self.limits.budget()?;
        let cancel = interrupt();
        let quiet = self.quiet;
        let tell = move |p: Progress| {
            if !quiet {
                eprintln!(
                    "{:6.1} s  {:>10} iterations  left {:>6}  cost {}",
                    p.seconds, p.iterations, p.unassigned_priority, p.cost
                );
            }
        };
        let model = Model::new(&problem);
        for warning in &model.warnings {
            eprintln!("warning: {warning}");
        }
        // Reading counts, too.
        budget.seconds = budget.seconds.map(|s| (s - routing::solve::Clock::seconds(&clock)).max(0.0));
        let answer = solve(&model, &budget, &Outside { clock: &clock, cancel: &cancel, progress: &tell });
        if let Some(path) = &self.report {
            files::write(Some(path), &html(&problem, &answer, self.lang))?;
        }
        files::write_json(self.out.as_deref(), &answer)
    }
}
