//! Simulated annealing over ruin and recreate.

use crate::{
    recreate::{Ceiling, Inserter},
    ruin::RuinSize,
    search::{Search, Snapshot, Value},
    travel::Metric,
};

/// Temperatures and sizes of a run.
#[derive(Debug, Clone, Copy)]
pub struct Plan {
    /// In units of cost.
    pub hot: f64,
    pub cold: f64,
    /// Price of a point of priority left out while searching, in units of cost.
    pub price: f64,
    pub size: RuinSize,
}

/// When to stop and whom to tell: returns progress in 0..1, or `None` to stop now.
pub trait Pace {
    /// Called every few iterations with the number done so far.
    fn progress(&mut self, iterations: u64, best: Value) -> Option<f64>;
}

/// Exchanges of tails that are tried before each iteration.
const TRADES: usize = 4;

/// Iterations between looks at the clock.
const GLANCE: u64 = 32;

/// The best plan found, kept up to date route by route.
pub struct Keeper {
    pub best: Snapshot,
    /// Routes that are no longer as in the best plan, and the same as marks.
    changed: Vec<u32>,
    is_changed: Vec<bool>,
}

impl Keeper {
    /// Starts with the plan as it is.
    pub fn new<M: Metric>(search: &Search<'_, M>) -> Self {
        Self { best: search.snapshot(), changed: Vec::new(), is_changed: vec![false; search.routes.len()] }
    }

    /// Sees the plan after a step that was kept.
    fn note<M: Metric>(&mut self, search: &Search<'_, M>) {
        for &v in &search.touched {
            if !std::mem::replace(&mut self.is_changed[v as usize], true) {
                self.changed.push(v);
            }
        }
        let value = search.value();
        if value < self.best.value {
            for v in self.changed.drain(..) {
                self.is_changed[v as usize] = false;
                search.copy_route(v as usize, &mut self.best.routes[v as usize]);
            }
            self.best.value = value;
        }
    }
}

/// Anneals from the plan as it is, with which `keeper` was made. Returns the number of iterations.
pub fn anneal<M: Metric>(
    search: &mut Search<'_, M>,
    tools: &mut Inserter,
    keeper: &mut Keeper,
    plan: &Plan,
    pace: &mut dyn Pace,
) -> u64 {
    let mut iterations = 0;
    let mut temperature = plan.hot;
    let mut current = energy(search, plan);
    let mut pins = search.absent_pins;
    // Each insertion adds to the cost, so a plan that is too dear half-way stays so.
    let monotone = search.core.plain;
    let trades = crate::tails::may_trade(search.core);
    loop {
        if iterations % GLANCE == 0 {
            match pace.progress(iterations, keeper.best.value) {
                Some(done) => temperature = plan.hot * (plan.cold / plan.hot).powf(done.clamp(0.0, 1.0)),
                None => break,
            }
        }
        iterations += 1;
        if trades {
            for _ in 0..TRADES {
                let most = -temperature * search.rng.unit().ln();
                if search.trade_tails(most) {
                    current = energy(search, plan);
                    keeper.note(search);
                }
            }
        }
        search.begin();
        let old = search.absent.len();
        if !search.ruin(plan.size) {
            search.take_back();
            continue;
        }
        let limit = current - temperature * search.rng.unit().ln();
        let ceiling = (monotone && pins == 0).then_some(Ceiling { limit, price: plan.price });
        if !search.recreate(tools, old, false, ceiling) {
            search.take_back();
            continue;
        }
        let found = energy(search, plan);
        let better_pins = search.absent_pins < pins;
        if (found < limit && search.absent_pins == pins) || better_pins {
            current = found;
            pins = search.absent_pins;
            keeper.note(search);
        } else {
            search.take_back();
        }
    }
    iterations
}

fn energy<M: Metric>(search: &Search<'_, M>, plan: &Plan) -> f64 {
    search.cost() as f64 + plan.price * search.absent_priority as f64
}
