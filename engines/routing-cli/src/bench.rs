//! `bench routing` and `routing generate`.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use clap::Args;
use routing::{
    check::violations,
    core::Core,
    generate::{City, city},
    input::Problem,
    insert::{bump, rank},
    model::{Model, NONE},
    plan::from_routes,
    search::Search,
    solve::{Budget, Clock, Outside, Progress, solve},
    stream::{Calls, Setting, stream},
};
use serde::Serialize;

use crate::{
    files::{self, Failure},
    wall::{Wall, interrupt},
};

/// Write a generated problem: a city of technicians.
#[derive(Debug, Args)]
pub struct Generate {
    /// Engineers.
    #[arg(long, default_value_t = 60)]
    engineers: usize,
    /// Jobs.
    #[arg(long, default_value_t = 600)]
    jobs: usize,
    /// Another city.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Without lunch breaks.
    #[arg(long)]
    no_lunch: bool,
    /// Half the width of the city in kilometres.
    #[arg(long, default_value_t = 15.0)]
    radius_km: f64,
    /// Where to write it [default: standard output].
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

impl Generate {
    /// Writes the problem.
    pub fn run(&self) -> Result<(), Failure> {
        if !(self.radius_km.is_finite() && 0.0 < self.radius_km && self.radius_km <= 500.0) {
            return Err(format!("--radius-km {}: must be between 0 and 500", self.radius_km));
        }
        let problem = city(&City {
            engineers: self.engineers,
            jobs: self.jobs,
            seed: self.seed,
            lunch: !self.no_lunch,
            radius_km: self.radius_km,
        });
        files::write_json(self.out.as_deref(), &problem)
    }
}

/// Measure the routing engine on generated cities and, if given, on VRPTW files.
#[derive(Debug, Args)]
pub struct BenchRouting {
    /// Print one JSON object instead of a table.
    #[arg(long)]
    json: bool,
    /// Seconds per problem.
    #[arg(long, default_value_t = 5.0)]
    seconds: f64,
    /// Threads [default: all cores; VRPTW files always use 1].
    #[arg(long)]
    threads: Option<usize>,
    /// Folder with Solomon/Homberger text files.
    #[arg(long, value_name = "DIR")]
    solomon: Option<PathBuf>,
    /// Count processor time (of all threads, divided by their number) instead of wall time.
    #[arg(long)]
    cpu: bool,
    /// Only cities of up to so many jobs.
    #[arg(long, default_value_t = 10_000)]
    jobs_up_to: usize,
}

/// The figures of one problem.
#[derive(Debug, Default, Serialize)]
struct Row {
    name: String,
    jobs: usize,
    engineers: usize,
    seconds: f64,
    threads: usize,
    unassigned: usize,
    unassigned_priority: i64,
    travel_seconds: i64,
    iterations: u64,
    violations: usize,
    first_plan_seconds: f64,
    /// Best known value and gap in percent, where the file's name is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    gap_percent: Option<f64>,
}

#[derive(Debug, Default, Serialize)]
struct Figures {
    cities: Vec<Row>,
    vrptw: Vec<Row>,
    #[serde(skip_serializing_if = "Option::is_none")]
    mean_gap_percent: Option<f64>,
    /// Milliseconds, on the largest city.
    insertion: BTreeMap<String, f64>,
    repair: BTreeMap<String, f64>,
    stream: BTreeMap<String, f64>,
    peak_memory_mb: f64,
}

const CITIES: [(usize, usize, f64); 3] = [(60, 600, 15.0), (216, 1500, 20.0), (1000, 10_000, 30.0)];
/// The city whose calls come in one by one.
const CALLS: (usize, usize, f64) = (40, 250, 12.0);

impl BenchRouting {
    /// Runs everything.
    pub fn run(&self) -> Result<(), Failure> {
        let mut out = Figures::default();
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let threads = self.threads.unwrap_or(cores).max(1);
        for (engineers, jobs, radius_km) in CITIES.into_iter().filter(|c| c.1 <= self.jobs_up_to) {
            let problem = city(&City { engineers, jobs, seed: 7, lunch: true, radius_km });
            let (row, answer) = self.measure(&format!("city {engineers}×{jobs}"), &problem, threads);
            self.tell(&row);
            out.cities.push(row);
            out.insertion = insertions(&problem, &answer, self.cpu)?;
            out.repair = repairs(&problem, &answer, self.cpu)?;
        }
        out.peak_memory_mb = peak_memory_mb();
        if self.jobs_up_to >= CALLS.1 {
            let (engineers, jobs, radius_km) = CALLS;
            out.stream =
                arrivals(&city(&City { engineers, jobs, seed: 3, lunch: true, radius_km }), self.cpu);
        }
        if let Some(folder) = &self.solomon {
            self.vrptw(folder, &mut out)?;
        }
        if self.json {
            return files::write_json(None, &out);
        }
        for (title, figures) in
            [("insertion (ms)", &out.insertion), ("repair", &out.repair), ("stream", &out.stream)]
        {
            let list: Vec<String> = figures.iter().map(|(k, v)| format!("{k} {v:.3}")).collect();
            println!("{title}: {}", list.join(", "));
        }
        println!("peak memory {:.0} MB", out.peak_memory_mb);
        Ok(())
    }

    fn tell(&self, row: &Row) {
        if !self.json {
            let gap = row.gap_percent.map(|g| format!(" gap {g:.2} %")).unwrap_or_default();
            println!(
                "{:<16} {:>5.1} s  left {:>4} / priority {:>4}  travel {:>8}  {:>9} iterations{gap}",
                row.name,
                row.seconds,
                row.unassigned,
                row.unassigned_priority,
                row.travel_seconds,
                row.iterations
            );
        }
    }

    fn vrptw(&self, folder: &Path, out: &mut Figures) -> Result<(), Failure> {
        let entries = std::fs::read_dir(folder).map_err(|e| format!("{}: {e}", folder.display()))?;
        let mut paths: Vec<PathBuf> = entries.filter_map(|e| Some(e.ok()?.path())).collect();
        paths.retain(|p| p.extension().is_some_and(|x| x.eq_ignore_ascii_case("txt")));
        paths.sort();
        for path in paths {
            let problem = routing::solomon::read(&files::read(&path)?)
                .map_err(|e| format!("{}: {e}", path.display()))?;
            let name = path.file_stem().map(|s| s.to_string_lossy().to_uppercase()).unwrap_or_default();
            let (mut row, _) = self.measure(&name, &problem, 1);
            row.gap_percent = routing::solomon::best_known(&name)
                .filter(|_| row.unassigned == 0)
                .map(|best| (row.travel_seconds as f64 / 10.0 / best - 1.0) * 100.0);
            self.tell(&row);
            out.vrptw.push(row);
        }
        let gaps: Vec<f64> = out.vrptw.iter().filter_map(|r| r.gap_percent).collect();
        if !gaps.is_empty() {
            out.mean_gap_percent = Some(gaps.iter().sum::<f64>() / gaps.len() as f64);
        }
        Ok(())
    }

    fn measure(&self, name: &str, problem: &Problem, threads: usize) -> (Row, routing::answer::Answer) {
        let seconds = self.seconds;
        let model = Model::new(problem);
        let clock = Wall::of(self.cpu, threads);
        let cancel = interrupt();
        let first = std::sync::Mutex::new(f64::INFINITY);
        let tell = |p: Progress| {
            if let Ok(mut first) = first.lock() {
                *first = first.min(p.seconds);
            }
        };
        let budget = Budget { seconds: Some(seconds), threads, ..Budget::default() };
        let answer = solve(&model, &budget, &Outside { clock: &clock, cancel: &cancel, progress: &tell });
        let row = Row {
            name: name.to_string(),
            jobs: problem.jobs.len(),
            engineers: problem.engineers.len(),
            seconds: answer.elapsed_seconds,
            threads,
            unassigned: answer.unassigned.len(),
            unassigned_priority: answer.unassigned_priority,
            travel_seconds: answer.travel_seconds,
            iterations: answer.iterations,
            violations: violations(problem, &answer).len(),
            first_plan_seconds: first.into_inner().unwrap_or(f64::INFINITY).min(seconds),
            gap_percent: None,
        };
        (row, answer)
    }
}

fn percentile(times: &mut [f64], share: f64) -> f64 {
    times.sort_by(f64::total_cmp);
    let at = ((times.len() as f64 * share) as usize).min(times.len().saturating_sub(1));
    times.get(at).copied().unwrap_or(0.0)
}

/// Takes visits out of the plan one at a time and asks for the best place of each anew.
fn insertions(
    problem: &Problem,
    answer: &routing::answer::Answer,
    cpu: bool,
) -> Result<BTreeMap<String, f64>, Failure> {
    let model = Model::new(problem);
    let plan = from_routes(&model, &answer.routes, false).map_err(|e| e.to_string())?;
    let core = Core::on_the_fly(&model);
    let mut search = Search::new(&core, &model.fly, 1);
    search.adopt(&plan);
    let clock = Wall::of(cpu, 1);
    let (mut plain, mut bumping, mut reasons) = (Vec::new(), Vec::new(), Vec::new());
    let step = (problem.jobs.len() / 300).max(1);
    for u in (0..model.nodes.len() as u32).step_by(step) {
        search.begin();
        let v = search.at[u as usize];
        if v != NONE {
            search.touch(v);
            let at = search.routes[v as usize].stops.iter().position(|s| s.node == u).unwrap_or(1);
            search.cut(v, at, at + 1);
            search.repair_route(v);
        }
        let t0 = clock.seconds();
        let ranking = rank(&model, &search, u);
        plain.push((clock.seconds() - t0) * 1000.0);
        std::hint::black_box(&ranking);
        search.take_back();
        if v == NONE {
            let t0 = clock.seconds();
            std::hint::black_box(bump(&model, &mut search, u));
            bumping.push((clock.seconds() - t0) * 1000.0);
            let t0 = clock.seconds();
            std::hint::black_box(routing::reasons::why_unassigned(
                &model,
                &search,
                model.nodes[u as usize].job,
            ));
            reasons.push((clock.seconds() - t0) * 1000.0);
        }
    }
    for u in search.absent.clone().into_iter().take(300) {
        let t0 = clock.seconds();
        std::hint::black_box(bump(&model, &mut search, u));
        bumping.push((clock.seconds() - t0) * 1000.0);
    }
    Ok(BTreeMap::from([
        ("rank p50".into(), percentile(&mut plain, 0.5)),
        ("rank p99".into(), percentile(&mut plain, 0.99)),
        ("bump p50".into(), percentile(&mut bumping, 0.5)),
        ("bump p99".into(), percentile(&mut bumping, 0.99)),
        ("reasons p99".into(), percentile(&mut reasons, 0.99)),
    ]))
}

/// One engineer drops out in the morning.
fn repairs(
    problem: &Problem,
    answer: &routing::answer::Answer,
    cpu: bool,
) -> Result<BTreeMap<String, f64>, Failure> {
    let Some(route) = answer.routes.iter().max_by_key(|r| r.stops.len()) else { return Ok(BTreeMap::new()) };
    let events = routing::repair::Events { dropped: vec![route.engineer.clone()], ..Default::default() };
    let clock = Wall::of(cpu, 1);
    let cancel = interrupt();
    let outside = Outside { clock: &clock, cancel: &cancel, progress: &|_| {} };
    let done = routing::repair::repair(problem, &answer.routes, &events, 0.5, u64::MAX, &outside)
        .map_err(|e| e.to_string())?;
    let lost = route.stops.iter().filter(|s| matches!(s, routing::answer::StopOut::Visit { .. })).count();
    let count = |what: &str| done.changes.iter().filter(|c| c.what == what).count() as f64;
    Ok(BTreeMap::from([
        ("seconds".into(), clock.seconds()),
        ("visits of the engineer".into(), lost as f64),
        ("changed engineer".into(), count("engineer")),
        ("changed time".into(), count("time")),
        ("removed".into(), count("removed")),
        ("added".into(), count("added")),
        ("kept".into(), done.kept as f64),
        ("violations".into(), violations(&done.problem, &done.answer).len() as f64),
    ]))
}

/// Calls that come in one by one, handled in three ways (see [`routing::stream`]); budgets in iterations, so that the
/// figures are the same on every machine.
fn arrivals(problem: &Problem, cpu: bool) -> BTreeMap<String, f64> {
    let clock = Wall::of(cpu, 1);
    let cancel = interrupt();
    let outside = Outside { clock: &clock, cancel: &cancel, progress: &|_| {} };
    let live = Setting::default();
    let ways = [
        ("live", live),
        ("live, nothing told", Setting { lead: 0, ..live }),
        (
            "day before, band of an hour",
            Setting { calls: Calls::TheDayBefore, band: Some(1800), lead: 0, ..live },
        ),
    ];
    let mut out = BTreeMap::new();
    for (way, setting) in ways {
        let done = stream(problem, &setting, &outside);
        for (what, value) in [
            ("above hindsight %", done.above_hindsight() * 100.0),
            ("priority left", done.left_priority as f64),
            ("priority left in hindsight", done.left_in_hindsight as f64),
            ("told and moved per arrival", done.moved_per_arrival),
            ("told", done.told as f64),
            ("ms per arrival", done.seconds_per_arrival * 1000.0),
        ] {
            out.insert(format!("{way}: {what}"), value);
        }
    }
    out
}

/// Peak resident memory of this process (Linux), else 0.
fn peak_memory_mb() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|l| l.strip_prefix("VmHWM:"));
    line.and_then(|l| l.trim().trim_end_matches(" kB").trim().parse::<f64>().ok()).unwrap_or(0.0) / 1024.0
}
