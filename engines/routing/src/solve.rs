//! Solving: a feasible plan at once, better while it runs.

use std::sync::{
    Mutex,
    atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering},
};

use crate::{
    anneal::{Keeper, Pace, Plan, anneal},
    answer::Answer,
    core::{Core, Cut},
    model::Model,
    parts::{Part, cut, merge, positions, share},
    recreate::Inserter,
    rng::Rng,
    route::DEPOT,
    ruin::RuinSize,
    search::{Search, Snapshot, Value},
};

/// The time, handed in.
pub trait Clock: Sync {
    /// Seconds since some fixed moment.
    fn seconds(&self) -> f64;
}

/// Limits and seed of a run.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Budget {
    /// Wall time from the start of the call; `None`: until the iterations are used up.
    pub seconds: Option<f64>,
    /// Iterations of ruin and recreate. With this limit alone the plan is the same on every machine and for
    /// every number of threads.
    pub iterations: Option<u64>,
    /// Another stream of random numbers.
    pub seed: u64,
    /// Threads that may work; at least 1.
    pub threads: usize,
    /// How the search behaves.
    pub tuning: Tuning,
}

impl Default for Budget {
    fn default() -> Self {
        Self { seconds: Some(5.0), iterations: None, seed: 1, threads: 1, tuning: Tuning::default() }
    }
}

/// Constants of the search. The defaults are chosen on generated instances; see `docs/routing.md`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Tuning {
    /// First temperature of a long run, as a multiple of the mean cost of a visit in the first plan.
    pub hot: f64,
    /// Last temperature, likewise.
    pub cold: f64,
    /// Price of a point of priority while searching, likewise.
    pub price: f64,
    /// Mean number of jobs removed at a time.
    pub mean: f64,
    /// Longest piece of a route removed.
    pub longest: f64,
    /// Problems of up to this many jobs are searched in one piece.
    pub whole: usize,
    /// Jobs of a part of larger ones.
    pub part: usize,
    /// The same where not everything fits, so that more engineers can trade what is left out.
    pub part_short: usize,
    /// Rounds of cutting anew, at least; up to twice as many where there are few parts.
    pub rounds: usize,
}

impl Default for Tuning {
    fn default() -> Self {
        Self {
            hot: 1.0,
            cold: 0.05,
            price: 10.0,
            mean: 10.0,
            longest: 10.0,
            whole: 200,
            part: 200,
            part_short: 300,
            rounds: 20,
        }
    }
}

/// How far a run has come.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Progress {
    /// Since the start.
    pub seconds: f64,
    /// So far.
    pub iterations: u64,
    /// Of the best plan.
    pub unassigned_priority: i64,
    /// Of the best plan, in units of cost (travel seconds for the default objective).
    pub cost: i64,
}

/// What a run needs from outside.
pub struct Outside<'a> {
    /// The time.
    pub clock: &'a dyn Clock,
    /// Set it to stop early with the best plan so far.
    pub cancel: &'a AtomicBool,
    /// Told a few times a second.
    pub progress: &'a (dyn Fn(Progress) + Sync),
}

/// A plan for the whole model with the number of iterations it took.
pub struct Solved {
    /// Nodes and vehicles in the numbers of the model.
    pub plan: Snapshot,
    /// Iterations done.
    pub iterations: u64,
}

/// Solves and writes the answer.
pub fn solve(model: &Model, budget: &Budget, outside: &Outside) -> Answer {
    let began = outside.clock.seconds();
    // A little time is left for reasons and the answer.
    let search_for = budget.seconds.map(|s| (s - (0.02 * s).min(0.25)).max(0.0));
    let solved = plan(model, &Budget { seconds: search_for, ..*budget }, outside);
    let core = Core::on_the_fly(model);
    let mut search = Search::new(&core, &model.fly, budget.seed);
    search.restore(&solved.plan);
    let mut answer = crate::figures::answer(model, &search);
    crate::figures::add_counterfactuals(model, &search, &mut answer, budget.threads);
    answer.iterations = solved.iterations;
    answer.elapsed_seconds = ((outside.clock.seconds() - began) * 1000.0).round() / 1000.0;
    answer
}

/// Solves from nothing.
pub fn plan(model: &Model, budget: &Budget, outside: &Outside) -> Solved {
    improve(model, None, budget, outside)
}

/// Solves, starting from a plan where one is given.
pub fn improve(model: &Model, start: Option<&Snapshot>, budget: &Budget, outside: &Outside) -> Solved {
    let run = Run {
        model,
        budget,
        outside,
        start: outside.clock.seconds(),
        given: start.is_some(),
        done: AtomicU64::new(0),
    };
    if model.nodes.is_empty() || model.vehicles.is_empty() {
        let plan = Snapshot { routes: vec![Vec::new(); model.vehicles.len()], ..Snapshot::default() };
        return Solved { plan, iterations: 0 };
    }
    let plan = if model.nodes.len() <= budget.tuning.whole { run.islands(start) } else { run.rounds(start) };
    Solved { plan, iterations: run.done.load(Ordering::Relaxed) }
}

/// Iterations that a thread does in a second, roughly.
const PER_SECOND: f64 = 200_000.0;
/// Rounds times jobs of what is cut more often than it must be.
const OFTEN: usize = 40_000;
/// How much colder a search starts that is given a plan: what is good in it shall not melt.
const GIVEN: f64 = 0.25;
/// Iterations for each job in a long run.
const LONG: f64 = 10_000.0;

struct Run<'a> {
    model: &'a Model<'a>,
    budget: &'a Budget,
    outside: &'a Outside<'a>,
    start: f64,
    /// The search starts from a plan.
    given: bool,
    done: AtomicU64,
}

/// What came out of one search.
struct Found {
    best: Snapshot,
    current: Snapshot,
    /// Mean cost of a visit, the scale of temperatures.
    detour: f64,
}

impl Run<'_> {
    fn elapsed(&self) -> f64 {
        self.outside.clock.seconds() - self.start
    }

    fn seconds(&self) -> f64 {
        self.budget.seconds.unwrap_or(f64::INFINITY)
    }

    fn cancelled(&self) -> bool {
        self.outside.cancel.load(Ordering::Relaxed) || self.elapsed() >= self.seconds()
    }

    /// One search, or one per thread with different random numbers when only time limits the run.
    fn islands(&self, start: Option<&Snapshot>) -> Snapshot {
        let count = if self.budget.iterations.is_some() { 1 } else { self.budget.threads };
        let whole = Part { cut: Cut::whole(self.model), base: Vec::new() };
        let best: Mutex<Option<(Value, usize, Snapshot)>> = Mutex::new(None);
        let one = |number: usize| {
            let mut pace = ClockPace {
                outside: self.outside,
                start: self.start,
                from: 0.0,
                to: self.seconds(),
                iterations: self.budget.iterations.unwrap_or(u64::MAX),
                told: if number == 0 { 0.0 } else { f64::INFINITY },
                before: 0,
            };
            let seed = self.budget.seed.wrapping_add(number as u64 * 0x51ed_2701);
            let found = self.search(&whole, start, seed, (0.0, 1.0), None, &mut pace);
            if let Ok(mut best) = best.lock()
                && best.as_ref().is_none_or(|b| (found.best.value, number) < (b.0, b.1))
            {
                *best = Some((found.best.value, number, found.best));
            }
        };
        std::thread::scope(|scope| {
            let one = &one;
            for number in 1..count {
                scope.spawn(move || one(number));
            }
            one(0);
        });
        best.into_inner().ok().flatten().map(|b| b.2).unwrap_or_default()
    }

    /// Searches a part from its share of a plan between two points of the whole run's progress.
    fn search(
        &self,
        part: &Part,
        start: Option<&Snapshot>,
        seed: u64,
        span: (f64, f64),
        detour: Option<f64>,
        pace: &mut dyn Pace,
    ) -> Found {
        let (mut core, table) = Core::with_table(self.model, &part.cut, 120);
        if !part.base.is_empty() {
            core.fairness.base.clone_from(&part.base);
        }
        let mut search = Search::new(&core, &table, seed);
        let mut tools = Inserter::new(&core, &table, seed);
        if let Some(plan) = start {
            search.adopt(plan);
        }
        search.begin();
        search.recreate(&mut tools, 0, true, None);
        let planned = core.len() - search.absent.len();
        let detour = detour.unwrap_or((search.cost() as f64 / planned.max(1) as f64).max(1.0));
        let t = &self.budget.tuning;
        let hot = self.hot();
        let temperature = |progress: f64| detour * hot * (t.cold / hot).powf(progress);
        let plan = Plan {
            hot: temperature(span.0),
            cold: temperature(span.1),
            price: detour * t.price,
            size: RuinSize { mean: t.mean, longest: t.longest },
        };
        let mut keeper = Keeper::new(&search);
        if span.1 > span.0 {
            let done = anneal(&mut search, &mut tools, &mut keeper, &plan, pace);
            self.done.fetch_add(done, Ordering::Relaxed);
        }
        Found { current: search.snapshot(), best: keeper.best, detour }
    }

    /// Parts in parallel, cut anew every round.
    fn rounds(&self, start: Option<&Snapshot>) -> Snapshot {
        let model = self.model;
        let at = positions(model);
        let mut rng = Rng::new(self.budget.seed ^ 0x7a57e);
        let empty = Snapshot { routes: vec![Vec::new(); model.vehicles.len()], ..Snapshot::default() };
        let mut plan = start.cloned().unwrap_or(empty);
        let size = self.budget.tuning.part;
        // First plan: insertion only.
        let parts = cut(model, &plan, &at, size, &mut rng);
        let founds = self.all_parts(&parts, &plan, 0, (0.0, 0.0), None);
        let mut detour_sum = 0.0;
        for (part, found) in parts.iter().zip(&founds) {
            merge(&mut plan, &part.cut, &found.best);
            detour_sum += found.detour;
        }
        let detour = detour_sum / founds.len().max(1) as f64;
        let core = Core::on_the_fly(model);
        let mut judge = Search::new(&core, &model.fly, 0);
        let mut value_of = |plan: &Snapshot| {
            judge.restore(plan);
            judge.value()
        };
        let mut best = (value_of(&plan), plan.clone());
        self.tell(best.0);
        let size = self.part_size(&best.1);
        let rounds = self.round_count();
        for round in 0..rounds {
            if self.cancelled() {
                break;
            }
            let from = self.progress(round, rounds);
            let to = from + (1.0 - from) / (rounds - round) as f64;
            let parts = cut(model, &plan, &at, size, &mut rng);
            let founds = self.all_parts(&parts, &plan, round + 1, (from, to), Some(detour));
            for (part, found) in parts.iter().zip(&founds) {
                let last = round * 10 >= rounds * 8;
                merge(&mut plan, &part.cut, if last { &found.best } else { &found.current });
            }
            let value = value_of(&plan);
            self.tell(value);
            if value < best.0 {
                best = (value, plan.clone());
            }
        }
        Snapshot { value: best.0, ..best.1 }
    }

    /// How often to cut anew. Making ready the parts of a large city takes too long to do it more often.
    fn round_count(&self) -> usize {
        let least = self.budget.tuning.rounds.max(1);
        (OFTEN / self.model.nodes.len().max(1)).clamp(least, 2 * least)
    }

    /// Jobs of a part, given the first plan.
    fn part_size(&self, first: &Snapshot) -> usize {
        let nodes = self.model.nodes.len();
        let planned: usize = first.routes.iter().map(|r| r.iter().filter(|n| n.0 < DEPOT).count()).sum();
        let tuning = &self.budget.tuning;
        let size = if planned < nodes { tuning.part_short } else { tuning.part };
        // A part for every thread, unless the plan must not depend on their number.
        let threads = if self.budget.iterations.is_some() { 1 } else { self.budget.threads.max(1) };
        size.min(nodes.div_ceil(threads)).max(1)
    }

    /// Short runs start colder: they have no time to come back from far away.
    fn hot(&self) -> f64 {
        let budget = self.budget;
        let by_time = budget.seconds.map_or(f64::INFINITY, |s| s * budget.threads as f64 * PER_SECOND);
        let by_count = budget.iterations.map_or(f64::INFINITY, |n| n as f64);
        let per_job = by_time.min(by_count) / self.model.nodes.len().max(1) as f64;
        let tuning = &budget.tuning;
        let hot = tuning.hot * (per_job / LONG).sqrt().clamp(0.2, 1.0);
        (if self.given { GIVEN * hot } else { hot }).max(tuning.cold)
    }

    /// Progress of the whole run at the start of a round.
    fn progress(&self, round: usize, rounds: usize) -> f64 {
        if self.budget.iterations.is_some() {
            round as f64 / rounds as f64
        } else {
            (self.elapsed() / self.seconds()).clamp(0.0, 1.0)
        }
    }

    fn all_parts(
        &self,
        parts: &[Part],
        plan: &Snapshot,
        round: usize,
        span: (f64, f64),
        detour: Option<f64>,
    ) -> Vec<Found> {
        let next = AtomicUsize::new(0);
        let founds: Vec<Mutex<Option<Found>>> = parts.iter().map(|_| Mutex::new(None)).collect();
        let total: usize = parts.iter().map(|p| p.cut.nodes.len()).sum();
        let began = self.elapsed();
        let wall = (self.seconds() * span.1 - began).max(0.0);
        let threads = self.budget.threads.min(parts.len()).max(1);
        let work = || {
            loop {
                let number = next.fetch_add(1, Ordering::Relaxed);
                let Some(part) = parts.get(number) else { break };
                // What is left of the round, shared by the jobs that are left.
                let left: usize = parts[number..].iter().map(|p| p.cut.nodes.len()).sum();
                let portion = part.cut.nodes.len() as f64 / left.max(1) as f64 * threads as f64;
                let now = self.elapsed();
                let slice = ((began + wall - now) * portion.min(1.0)).max(0.0);
                let quota = self.budget.iterations.map_or(u64::MAX, |n| {
                    let of_round = n as f64 * (span.1 - span.0);
                    (of_round * part.cut.nodes.len() as f64 / total.max(1) as f64).ceil() as u64
                });
                let mut pace = ClockPace {
                    outside: self.outside,
                    start: self.start,
                    from: now,
                    to: if self.budget.seconds.is_some() { now + slice } else { f64::INFINITY },
                    iterations: quota,
                    told: f64::INFINITY,
                    before: 0,
                };
                let seed = self.budget.seed ^ (round as u64) << 32 ^ (number as u64 + 1) << 8;
                let start = share(plan, &part.cut);
                let found = self.search(part, Some(&start), seed, span, detour, &mut pace);
                if let Ok(mut slot) = founds[number].lock() {
                    *slot = Some(found);
                }
            }
        };
        std::thread::scope(|scope| {
            for _ in 1..threads {
                scope.spawn(work);
            }
            work();
        });
        founds.into_iter().filter_map(|f| f.into_inner().ok().flatten()).collect()
    }

    fn tell(&self, value: Value) {
        (self.outside.progress)(Progress {
            seconds: self.elapsed(),
            iterations: self.done.load(Ordering::Relaxed),
            unassigned_priority: value.priority,
            cost: value.cost,
        });
    }
}

struct ClockPace<'a> {
    outside: &'a Outside<'a>,
    start: f64,
    from: f64,
    to: f64,
    iterations: u64,
    told: f64,
    before: u64,
}

impl Pace for ClockPace<'_> {
    fn progress(&mut self, iterations: u64, best: Value) -> Option<f64> {
        if self.outside.cancel.load(Ordering::Relaxed) {
            return None;
        }
        let elapsed = self.outside.clock.seconds() - self.start;
        if elapsed - self.told > 0.25 {
            self.told = elapsed;
            (self.outside.progress)(Progress {
                seconds: elapsed,
                iterations: self.before + iterations,
                unassigned_priority: best.priority,
                cost: best.cost,
            });
        }
        let mut done: f64 = 0.0;
        if self.to.is_finite() {
            done = if self.to > self.from { (elapsed - self.from) / (self.to - self.from) } else { 1.0 };
        }
        if self.iterations != u64::MAX {
            done = done.max(iterations as f64 / self.iterations.max(1) as f64);
        }
        (done < 1.0).then_some(done)
    }
}
