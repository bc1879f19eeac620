//! Commands that start from a plan: `insert`, `explain`, `windows`, `repair`, `check`.

use std::path::{Path, PathBuf};

use clap::Args;
use routing::{
    answer::{Answer, RouteOut},
    core::Core,
    explain::{Choice, Refused, choice, explain},
    input::{Job, Problem, from_json},
    insert::{bump, rank},
    model::{Model, NONE},
    plan::from_routes,
    repair::{Events, repair},
    search::Search,
    solve::Outside,
    travel::Fly,
    windows::{candidates, quotes},
    words::Text,
};
use serde::Serialize;

use crate::{
    files::{self, Failure},
    wall::{Wall, interrupt},
};

/// The files of a plan.
#[derive(Debug, Args)]
pub struct Files {
    /// The problem (JSON).
    #[arg(long, value_name = "FILE")]
    pub problem: PathBuf,
    /// Its plan, as `solve` wrote it.
    #[arg(long, value_name = "FILE")]
    pub plan: PathBuf,
}

/// Reads an answer; its routes are what counts.
pub fn answer(path: &Path) -> Result<Answer, Failure> {
    from_json(&files::read(path)?).map_err(|e| format!("{}: {e}", path.display()))
}

fn with_search<T>(
    problem: &Problem,
    routes: &[RouteOut],
    path: &Path,
    act: impl FnOnce(&Model, &mut Search<'_, Fly>) -> Result<T, Failure>,
) -> Result<T, Failure> {
    let model = Model::new(problem);
    for warning in &model.warnings {
        eprintln!("warning: {warning}");
    }
    let plan = from_routes(&model, routes, false).map_err(|e| format!("{}: {e}", path.display()))?;
    let core = Core::on_the_fly(&model);
    let mut search = Search::new(&core, &model.fly, 1);
    search.adopt(&plan);
    act(&model, &mut search)
}

/// Adds a job from a file to a problem; replaces one of the same id.
fn add_job(problem: &mut Problem, path: &Path) -> Result<usize, Failure> {
    let job: Job = from_json(&files::read(path)?).map_err(|e| format!("{}: {e}", path.display()))?;
    let index = match problem.jobs.iter().position(|j| j.id == job.id) {
        Some(index) => {
            problem.jobs[index] = job;
            index
        }
        None => {
            problem.jobs.push(job);
            problem.jobs.len() - 1
        }
    };
    routing::input::check(problem).map_err(|e| format!("{}: {e}", path.display()))?;
    Ok(index)
}

fn job_number(problem: &Problem, id: &str) -> Result<usize, Failure> {
    problem
        .jobs
        .iter()
        .position(|j| j.id == id)
        .ok_or_else(|| format!("there is no job {id:?} in the problem"))
}

/// Put one more job into a plan.
#[derive(Debug, Args)]
pub struct Insert {
    #[command(flatten)]
    files: Files,
    /// The new job (JSON, one entry of `jobs`).
    #[arg(long, value_name = "FILE")]
    job: PathBuf,
    /// Let it push out one other visit, which gets a new place.
    #[arg(long)]
    bump: bool,
    /// Where to write the plan with the job in it.
    #[arg(long, value_name = "FILE")]
    plan_out: Option<PathBuf>,
    /// Where to write the ranking [default: standard output].
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

#[derive(Serialize)]
struct Inserted {
    job: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    best: Option<Choice>,
    /// The next-best three.
    next: Vec<Choice>,
    #[serde(skip_serializing_if = "Option::is_none")]
    bump: Option<Bumped>,
    refused: Vec<Refused>,
    elapsed_ms: f64,
}

#[derive(Serialize)]
struct Bumped {
    engineer: String,
    bumped_job: String,
    /// Who takes the bumped job; nobody if it is left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    bumped_to: Option<String>,
    cost: f64,
    text: Text,
}

impl Insert {
    fn run_in(&self, model: &Model, search: &mut Search<'_, Fly>, job: usize) -> Result<Inserted, Failure> {
        let id = model.problem.jobs[job].id.clone();
        let nodes = &model.nodes_of[job];
        let [u] = nodes[..] else {
            return Err(format!("{id:?} needs several people or has begun: use `repair` or `solve`"));
        };
        if search.at[u as usize] != NONE {
            return Err(format!("{id:?} is in the plan already"));
        }
        let clock = Wall::start();
        let ranking = rank(model, search, u);
        let bumped = if self.bump { bump(model, search, u) } else { None };
        let elapsed_ms = routing::solve::Clock::seconds(&clock) * 1000.0;
        let choices: Vec<Choice> =
            ranking.offers.iter().take(4).map(|o| choice(model, search, u, o)).collect();
        let refused = explain(model, search, job as u32, None).refused;
        let name = |v: u32| model.problem.engineers[model.vehicles[v as usize].engineer as usize].id.clone();
        let told = bumped.map(|b| {
            let other = model.problem.jobs[model.nodes[b.bumped as usize].job as usize].id.clone();
            let to = (b.home.vehicle != NONE).then(|| name(b.home.vehicle));
            let whom = to.clone().unwrap_or_else(|| "–".into());
            Bumped {
                engineer: name(b.vehicle),
                text: Text::new(
                    format!("{} 来做，{other} 改由 {whom}", name(b.vehicle)),
                    format!("{} takes it, {other} goes to {whom}", name(b.vehicle)),
                ),
                bumped_job: other,
                bumped_to: to,
                cost: routing::explain::readable(model, b.cost),
            }
        });
        match (ranking.offers.first(), bumped) {
            (Some(best), Some(b)) if b.cost < best.cost => search.accept_bump(u, &b),
            (Some(best), _) => search.accept(u, best),
            (None, Some(b)) => search.accept_bump(u, &b),
            (None, None) => {}
        }
        let mut choices = choices.into_iter();
        Ok(Inserted {
            job: id,
            best: choices.next(),
            next: choices.collect(),
            bump: told,
            refused,
            elapsed_ms,
        })
    }

    /// Reads, ranks, writes.
    pub fn run(&self) -> Result<(), Failure> {
        let mut problem = files::problem(&self.files.problem)?;
        let plan = answer(&self.files.plan)?;
        let job = add_job(&mut problem, &self.job)?;
        with_search(&problem, &plan.routes, &self.files.plan, |model, search| {
            let inserted = self.run_in(model, search, job)?;
            if let Some(path) = &self.plan_out {
                files::write_json(Some(path), &routing::figures::answer(model, search))?;
            }
            files::write_json(self.out.as_deref(), &inserted)
        })
    }
}

/// Tell why.
#[derive(Debug, Args)]
pub struct Explain {
    #[command(flatten)]
    files: Files,
    /// Id of the job.
    #[arg(long, value_name = "ID")]
    job: String,
    /// Only about this engineer.
    #[arg(long, value_name = "ID")]
    engineer: Option<String>,
    /// Where to write the explanation [default: standard output].
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

impl Explain {
    /// Reads, explains, writes.
    pub fn run(&self) -> Result<(), Failure> {
        let problem = files::problem(&self.files.problem)?;
        let plan = answer(&self.files.plan)?;
        let job = job_number(&problem, &self.job)?;
        if let Some(id) = &self.engineer
            && !problem.engineers.iter().any(|e| e.id == *id)
        {
            return Err(format!("there is no engineer {id:?} in the problem"));
        }
        with_search(&problem, &plan.routes, &self.files.plan, |model, search| {
            let story = explain(model, search, job as u32, self.engineer.as_deref());
            files::write_json(self.out.as_deref(), &story)
        })
    }
}

/// Quote windows.
#[derive(Debug, Args)]
pub struct Windows {
    #[command(flatten)]
    files: Files,
    /// The job (JSON); its own windows do not count.
    #[arg(long, value_name = "FILE")]
    job: PathBuf,
    /// A window as FROM-TO in seconds; may be repeated [default: every two hours of the shifts].
    #[arg(long = "window", value_name = "FROM-TO")]
    windows: Vec<String>,
    /// Length of the windows that are made by default, in seconds.
    #[arg(long, default_value_t = 7200)]
    length: i64,
    /// At most so many windows.
    #[arg(long, default_value_t = 40)]
    count: usize,
    /// Where to write the quotes [default: standard output].
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

impl Windows {
    fn listed(&self) -> Result<Vec<(i64, i64)>, Failure> {
        self.windows
            .iter()
            .map(|text| {
                let parsed = text
                    .split_once('-')
                    .and_then(|(a, b)| Some((a.trim().parse().ok()?, b.trim().parse().ok()?)))
                    .filter(|(a, b): &(i64, i64)| 0 <= *a && a <= b);
                parsed.ok_or_else(|| {
                    format!("--window {text}: must be FROM-TO in seconds, for example 28800-36000")
                })
            })
            .collect()
    }

    /// Reads, quotes, writes.
    pub fn run(&self) -> Result<(), Failure> {
        let mut problem = files::problem(&self.files.problem)?;
        let plan = answer(&self.files.plan)?;
        let listed = self.listed()?;
        let job = add_job(&mut problem, &self.job)?;
        problem.jobs[job].windows.clear();
        problem.jobs[job].pinned = None;
        let routes: Vec<RouteOut> = without(&plan.routes, &problem.jobs[job].id);
        with_search(&problem, &routes, &self.files.plan, |model, search| {
            let [u] = model.nodes_of[job][..] else {
                return Err("windows are quoted for jobs of one person".into());
            };
            let list = if listed.is_empty() { candidates(model, self.length, self.count) } else { listed };
            files::write_json(self.out.as_deref(), &quotes(model, search, u, &list))
        })
    }
}

fn without(routes: &[RouteOut], job: &str) -> Vec<RouteOut> {
    let mut routes = routes.to_vec();
    for route in &mut routes {
        route.stops.retain(|s| !matches!(s, routing::answer::StopOut::Visit { job: j, .. } if j == job));
    }
    routes
}

/// Repair a plan.
#[derive(Debug, Args)]
pub struct Repair {
    #[command(flatten)]
    files: Files,
    /// The time now, in seconds: what should have started before has started.
    #[arg(long, value_name = "T")]
    now: Option<i64>,
    /// An engineer who drops out; may be repeated.
    #[arg(long = "drop", value_name = "ENGINEER")]
    dropped: Vec<String>,
    /// A job that is cancelled; may be repeated.
    #[arg(long = "cancel", value_name = "JOB")]
    cancelled: Vec<String>,
    /// An engineer who is late, ENGINEER=SECONDS; may be repeated.
    #[arg(long = "delay", value_name = "ENGINEER=S")]
    delayed: Vec<String>,
    /// Time for improving.
    #[arg(long, default_value_t = 0.7)]
    seconds: f64,
    /// Iterations for improving.
    #[arg(long, default_value_t = 1_000_000)]
    iterations: u64,
    /// Where to write the problem as it is now.
    #[arg(long, value_name = "FILE")]
    problem_out: Option<PathBuf>,
    /// Where to write the repaired plan [default: standard output].
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

#[derive(Serialize)]
struct RepairedOut<'a> {
    changes: &'a [routing::repair::Changed],
    kept: usize,
    #[serde(flatten)]
    answer: &'a Answer,
}

impl Repair {
    /// Reads, repairs, writes.
    pub fn run(&self) -> Result<(), Failure> {
        let problem = files::problem(&self.files.problem)?;
        let plan = answer(&self.files.plan)?;
        let mut events = Events {
            now: self.now,
            dropped: self.dropped.clone(),
            cancelled: self.cancelled.clone(),
            delayed: Vec::new(),
        };
        for text in &self.delayed {
            let parsed =
                text.rsplit_once('=').and_then(|(id, s)| Some((id.to_string(), s.parse::<i64>().ok()?)));
            match parsed.filter(|(_, by)| *by >= 0) {
                Some(delay) => events.delayed.push(delay),
                None => return Err(format!("--delay {text}: must be ENGINEER=SECONDS")),
            }
        }
        let clock = Wall::start();
        let cancel = interrupt();
        let outside = Outside { clock: &clock, cancel: &cancel, progress: &|_| {} };
        let done = repair(&problem, &plan.routes, &events, self.seconds, self.iterations, &outside)
            .map_err(|e| e.to_string())?;
        if let Some(path) = &self.problem_out {
            files::write_json(Some(path), &done.problem)?;
        }
        let out = RepairedOut { changes: &done.changes, kept: done.kept, answer: &done.answer };
        files::write_json(self.out.as_deref(), &out)
    }
}

/// Judge a plan.
#[derive(Debug, Args)]
pub struct Check {
    #[command(flatten)]
    files: Files,
}

impl Check {
    /// Reads, judges; broken rules go to stdout, one a line, and make the exit code 1.
    pub fn run(&self) -> Result<(), Failure> {
        let problem = files::problem(&self.files.problem)?;
        let plan = answer(&self.files.plan)?;
        let broken = routing::check::violations(&problem, &plan);
        if broken.is_empty() {
            return files::write(None, "the plan keeps all rules\n");
        }
        files::write(None, &(broken.join("\n") + "\n"))?;
        Err(format!("{} rules are broken", broken.len()))
    }
}
