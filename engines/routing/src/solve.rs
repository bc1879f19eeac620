//! Solving: a feasible plan at once, better while it runs.

use std::sync::atomic::{AtomicBool, Ordering};

use crate::{
    anneal::{Keeper, Pace, Plan, anneal},
    answer::Answer,
    core::{Core, Cut},
    model::Model,
    recreate::Inserter,
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
    /// Tuning by hand (development).
    pub tune: Option<[f64; 6]>,
}

impl Default for Budget {
    fn default() -> Self {
        Self { seconds: Some(5.0), iterations: None, seed: 1, threads: 1, tune: None }
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
    let solved = plan(model, budget, outside);
    let core = Core::on_the_fly(model);
    let mut search = Search::new(&core, &model.fly, budget.seed);
    search.restore(&solved.plan);
    let mut answer = crate::figures::answer(model, &search);
    answer.iterations = solved.iterations;
    answer.elapsed_seconds = ((outside.clock.seconds() - began) * 1000.0).round() / 1000.0;
    answer
}

/// Solves.
pub fn plan(model: &Model, budget: &Budget, outside: &Outside) -> Solved {
    let start = outside.clock.seconds();
    let (core, table) = Core::with_table(model, &Cut::whole(model), 250);
    let mut search = Search::new(&core, &table, budget.seed);
    let mut tools = Inserter::new(&core, &table);
    search.recreate(&mut tools, 0, true);
    let planned = core.len() - search.absent.len();
    let detour = (search.cost() as f64 / planned.max(1) as f64).max(1.0);
    let t = budget.tune.unwrap_or([0.5, 0.005, 10.0, 10.0, 10.0, 0.0]);
    let plan = Plan {
        hot: detour * t[0],
        cold: detour * t[1],
        price: detour * t[2],
        size: RuinSize { mean: t[3], longest: t[4] },
    };
    let mut keeper = Keeper::new(&search);
    let mut pace = ClockPace {
        outside,
        start,
        seconds: budget.seconds.unwrap_or(f64::INFINITY),
        iterations: budget.iterations.unwrap_or(u64::MAX),
        told: 0.0,
    };
    let iterations = anneal(&mut search, &mut tools, &mut keeper, &plan, &mut pace);
    Solved { plan: keeper.best, iterations }
}

struct ClockPace<'a> {
    outside: &'a Outside<'a>,
    start: f64,
    seconds: f64,
    iterations: u64,
    told: f64,
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
                iterations,
                unassigned_priority: best.priority,
                cost: best.cost,
            });
        }
        let mut done: f64 = 0.0;
        if self.seconds.is_finite() {
            done = elapsed / self.seconds;
        }
        if self.iterations != u64::MAX {
            done = done.max(iterations as f64 / self.iterations.max(1) as f64);
        }
        (done < 1.0).then_some(done)
    }
}
