//! Jobs that come in one by one, and what the way they are handled costs: the measure of `bench routing`.
//!
//! A stream has jobs known at the start and jobs that call in. With [`Calls::DuringTheDay`] time passes: what has
//! begun by a call (and the way to it) is a fact, and nobody can set out for a job before its call. A customer
//! always knows the window of his job, which no plan breaks. From [`Setting::lead`] seconds before the planned
//! start on he has been *told* engineer and time (DISP-08, DISP-17: an hour before). A visit is *moved* when it gets
//! another engineer or a start further than [`Setting::tolerance`] from the one told, or is left out.
//!
//! The plan in hindsight is made anew from nothing: it knows all jobs from the start, and nothing has begun or
//! been told. Calls come an hour before the window opens, so no job could be done earlier by knowing it. The lead of
//! hindsight is therefore the sum of what nobody could know and of what promises and short computing cost; a run
//! with `lead` 0 (told when the engineer sets out) shows how much of it the promises are.

use std::collections::BTreeMap;

use crate::{
    answer::{Answer, RouteOut, StopOut},
    core::Core,
    input::{Job, Pin, Problem},
    local::insert_absent,
    model::Model,
    plan::from_routes,
    repair::{Events, apply},
    rng::Rng,
    search::Search,
    solve::{Budget, Outside, improve, solve},
};

const HOUR: i64 = 3600;

/// When jobs call in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Calls {
    /// All of them before anybody sets out.
    TheDayBefore,
    /// From seven o'clock on, at the latest an hour before the window opens.
    DuringTheDay,
}

/// How a stream is handled.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Setting {
    pub calls: Calls,
    /// Jobs known at the start: the first of the problem.
    pub known: usize,
    /// Engineer and time are told so long before the planned start; `i64::MAX`: at once.
    pub lead: i64,
    /// A start may differ from the one told by so much.
    pub tolerance: i64,
    /// Told when the job calls in, without a name: a start that may differ by so much. `None`: only the window.
    pub band: Option<i64>,
    /// Iterations of search after each call.
    pub iterations: u64,
    /// Iterations of the first plan and of the plan in hindsight.
    pub thorough: u64,
    pub seed: u64,
}

impl Default for Setting {
    /// A live day in which customers are told an hour before, to five minutes.
    fn default() -> Self {
        Self {
            calls: Calls::DuringTheDay,
            known: 100,
            lead: HOUR,
            tolerance: 300,
            band: None,
            iterations: 20_000,
            thorough: 300_000,
            seed: 1,
        }
    }
}

/// What came of it.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Streamed {
    pub arrivals: usize,
    pub visits: usize,
    pub travel: i64,
    pub left_priority: i64,
    /// The same of the plan in hindsight.
    pub visits_in_hindsight: usize,
    pub travel_in_hindsight: i64,
    pub left_in_hindsight: i64,
    /// Visits whose customers had been told, moved per call.
    pub moved_per_arrival: f64,
    /// Customers told.
    pub told: usize,
    pub seconds_per_arrival: f64,
}

impl Streamed {
    /// Travel per visit above that of the plan made in hindsight, as a share.
    pub fn above_hindsight(&self) -> f64 {
        let per = |travel: i64, visits: usize| travel as f64 / visits.max(1) as f64;
        per(self.travel, self.visits) / per(self.travel_in_hindsight, self.visits_in_hindsight) - 1.0
    }
}

/// The jobs after the first `known` in the order of their calls.
fn calls(problem: &Problem, setting: &Setting) -> Vec<(i64, Job)> {
    let mut rng = Rng::new(setting.seed ^ 0xca11);
    let mut list: Vec<(i64, Job)> = problem.jobs[setting.known.min(problem.jobs.len())..]
        .iter()
        .map(|job| {
            let opens = job.windows.first().map_or(0, |w| w.0);
            let (first, last) = (7 * HOUR, (opens - HOUR).max(7 * HOUR));
            let at = first + (rng.unit() * (last - first) as f64) as i64;
            (if setting.calls == Calls::TheDayBefore { 0 } else { at }, job.clone())
        })
        .collect();
    list.sort_by_key(|c| c.0);
    list
}

/// Engineer and start of each visit.
fn visits(routes: &[RouteOut]) -> BTreeMap<String, (String, i64)> {
    let mut map = BTreeMap::new();
    for route in routes {
        for stop in &route.stops {
            if let StopOut::Visit { job, start, .. } = stop {
                map.insert(job.clone(), (route.engineer.clone(), *start));
            }
        }
    }
    map
}

/// Lets the jobs come in and measures.
pub fn stream(problem: &Problem, setting: &Setting, outside: &Outside) -> Streamed {
    run(problem, setting, outside).0
}

/// The same with the plan as it was carried out.
fn run(problem: &Problem, setting: &Setting, outside: &Outside) -> (Streamed, Option<Answer>) {
    let thorough =
        Budget { seconds: None, iterations: Some(setting.thorough), seed: setting.seed, ..Budget::default() };
    let mut now = problem.clone();
    now.jobs.truncate(setting.known);
    let mut routes = solve(&Model::new(&now), &thorough, outside).routes;
    let mut told: BTreeMap<String, (String, i64)> = BTreeMap::new();
    let mut out = Streamed::default();
    let mut moved = 0;
    let mut last: Option<Answer> = None;
    let began = outside.clock.seconds();
    for (time, job) in calls(problem, setting) {
        let soon = time.saturating_add(setting.lead);
        for (id, (engineer, start)) in visits(&routes) {
            if start < soon {
                told.entry(id).or_insert((engineer, start));
            }
        }
        now.jobs.push(job);
        if setting.calls == Calls::DuringTheDay {
            let events = Events { now: Some(time), ..Events::default() };
            now.objective = problem.objective.clone();
            now = match apply(&now, &routes, &events) {
                Ok(changed) => changed,
                Err(_) => break,
            };
        }
        now.objective = problem.objective.clone();
        now.previous = None;
        for job in &mut now.jobs {
            if job.pinned.is_none()
                && let Some((engineer, start)) = told.get(&job.id)
            {
                keep(job, engineer, *start, setting.tolerance);
            }
        }
        let model = Model::new(&now);
        let Ok(plan) = from_routes(&model, &routes, true) else { break };
        let core = Core::on_the_fly(&model);
        let mut search = Search::new(&core, &model.fly, setting.seed);
        search.adopt(&plan);
        let fresh: Vec<u32> = model.nodes_of[now.jobs.len() - 1].clone();
        insert_absent(&model, &mut search, &fresh);
        let quick = Budget { iterations: Some(setting.iterations), ..thorough };
        let solved = improve(&model, Some(&search.snapshot()), &quick, outside);
        search.restore(&solved.plan);
        let answer = crate::figures::answer(&model, &search);
        if let Some(band) = setting.band
            && let (Some(job), is) = (now.jobs.last_mut(), visits(&answer.routes))
            && let Some((_, start)) = is.get(&job.id)
        {
            narrow(job, *start, band);
        }
        let is = visits(&answer.routes);
        let was = visits(&routes);
        for (id, (engineer, start)) in &told {
            let fine = |v: Option<&(String, i64)>| {
                v.is_some_and(|(e, s)| e == engineer && (s - start).abs() <= setting.tolerance)
            };
            moved += usize::from(fine(was.get(id)) && !fine(is.get(id)));
        }
        out.arrivals += 1;
        routes.clone_from(&answer.routes);
        last = Some(answer);
    }
    if setting.calls == Calls::TheDayBefore && !routes.is_empty() {
        // The evening before: the last plan is made with all the time there is, within what has been told.
        let model = Model::new(&now);
        if let Ok(plan) = from_routes(&model, &routes, true) {
            let solved = improve(&model, Some(&plan), &thorough, outside);
            let core = Core::on_the_fly(&model);
            let mut search = Search::new(&core, &model.fly, setting.seed);
            search.restore(&solved.plan);
            last = Some(crate::figures::answer(&model, &search));
        }
    }
    out.seconds_per_arrival = (outside.clock.seconds() - began) / out.arrivals.max(1) as f64;
    out.moved_per_arrival = moved as f64 / out.arrivals.max(1) as f64;
    out.told = told.len();
    let hindsight = solve(&Model::new(problem), &thorough, outside);
    if let Some(answer) = &last {
        out.visits = problem.jobs.len() - answer.unassigned.len();
        out.travel = answer.travel_seconds;
        out.left_priority = answer.unassigned_priority;
    }
    out.visits_in_hindsight = problem.jobs.len() - hindsight.unassigned.len();
    out.travel_in_hindsight = hindsight.travel_seconds;
    out.left_in_hindsight = hindsight.unassigned_priority;
    (out, last)
}

/// A customer who has been told: this engineer, at this time or a little off it.
fn keep(job: &mut Job, engineer: &str, start: i64, tolerance: i64) {
    job.pinned = Some(Pin { engineer: engineer.to_string(), start: None, started: false });
    narrow(job, start, tolerance);
}

/// Leaves only the starts that differ by so much.
fn narrow(job: &mut Job, start: i64, by: i64) {
    let (from, to) = (start.saturating_sub(by), start.saturating_add(by));
    if job.windows.is_empty() {
        job.windows.push((from.max(0), to));
    }
    for window in &mut job.windows {
        *window = (window.0.max(from), window.1.min(to));
    }
    job.windows.retain(|w| w.0 <= w.1);
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicBool;

    use super::*;
    use crate::generate::{City, city};

    struct Still;
    impl crate::solve::Clock for Still {
        fn seconds(&self) -> f64 {
            0.0
        }
    }

    #[test]
    fn what_was_told_is_kept_and_the_day_holds_as_it_was_carried_out() {
        let outside = Outside { clock: &Still, cancel: &AtomicBool::new(false), progress: &|_| {} };
        for seed in 0..3 {
            let problem = city(&City { engineers: 8, jobs: 40, seed, lunch: true, radius_km: 10.0 });
            for calls in [Calls::TheDayBefore, Calls::DuringTheDay] {
                let band = (calls == Calls::TheDayBefore).then_some(1800);
                let setting =
                    Setting { calls, band, known: 15, iterations: 200, thorough: 2000, ..Setting::default() };
                let (done, plan) = run(&problem, &setting, &outside);
                assert_eq!((done.arrivals, done.moved_per_arrival), (25, 0.0));
                assert_eq!(stream(&problem, &setting, &outside), done);
                let plan = plan.unwrap();
                if calls == Calls::TheDayBefore {
                    // Narrower windows still make a plan for the problem as it was asked.
                    assert_eq!(crate::check::violations(&problem, &plan), Vec::<String>::new());
                }
                for (id, (_, start)) in visits(&plan.routes) {
                    let job = problem.jobs.iter().find(|j| j.id == id).unwrap();
                    assert!(job.windows.iter().any(|w| w.0 <= start && start <= w.1), "{id} at {start}");
                }
            }
        }
    }
}
