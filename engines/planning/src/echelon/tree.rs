//! Depots in a tree of any depth: each is supplied by its parent, the root by repair or the supplier.
//!
//! The split of backorders among children works at every level, so the exact evaluation of two levels carries over;
//! for size the two-moment form is used. Stocks are found by adding the unit that removes most backorders per money
//! and then exchanging units while that helps.

use super::{Method, count_table, expected_short};
use crate::dist::count_pmf;

/// A place in the tree.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// Index of the parent; `None` for the root. Parents come before their children.
    pub parent: Option<usize>,
    /// Own customers' demand per day.
    pub rate: f64,
    /// Share of what arrives here that is repaired here; at the root everything is.
    pub repaired: f64,
    /// Days of repair here (root: of repair or of the supplier).
    pub repair: f64,
    /// Days from the parent.
    pub ship: f64,
}

/// State of a place under a plan.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct State {
    /// Mean of units missing.
    pub mean: f64,
    /// Variance of units missing.
    pub variance: f64,
    /// Expected backorders, own customers and children together.
    pub backorders: f64,
    /// Expected backorders of own customers.
    pub own: f64,
    /// Expected stock on hand.
    pub on_hand: f64,
}

/// Demand that arrives at each place per day: own, and what children cannot repair.
#[must_use]
pub fn arrivals(nodes: &[Node]) -> Vec<f64> {
    let mut rates: Vec<f64> = nodes.iter().map(|n| n.rate).collect();
    for i in (0..nodes.len()).rev() {
        if let Some(p) = nodes[i].parent {
            rates[p] += rates[i] * (1.0 - nodes[i].repaired);
        }
    }
    rates
}

/// Evaluates stocks at all places, exactly or with two moments.
#[must_use]
pub fn evaluate(nodes: &[Node], stocks: &[usize], method: Method) -> Vec<State> {
    let rates = arrivals(nodes);
    let mut states: Vec<State> = Vec::with_capacity(nodes.len());
    let mut missing: Vec<Vec<f64>> = Vec::with_capacity(nodes.len());
    for (i, node) in nodes.iter().enumerate() {
        let stock = stocks.get(i).copied().unwrap_or(0);
        let (table, mean, variance) = match node.parent {
            None => {
                let m = rates[i] * node.repair;
                (super::poisson_table(m, stock + 2), m, m)
            }
            Some(p) => {
                let up = rates[i] * (1.0 - node.repaired);
                let own = rates[i] * node.repaired * node.repair + up * node.ship;
                let f = if rates[p] > 0.0 { up / rates[p] } else { 0.0 };
                let back = &missing[p];
                let e: f64 = back.iter().enumerate().map(|(k, q)| k as f64 * q).sum();
                let e2: f64 = back.iter().enumerate().map(|(k, q)| (k * k) as f64 * q).sum();
                let (m, v) = (own + f * e, own + f * (1.0 - f) * e + f * f * (e2 - e * e).max(0.0));
                let table = match method {
                    Method::Exact => super::convolve(&super::thin(back, f), &super::poisson_table(own, 1)),
                    Method::Metric => super::poisson_table(m, 1),
                    Method::VariMetric => count_table(m, v),
                };
                (table, m, v)
            }
        };
        let backorders = expected_short(&table, stock);
        let share = if rates[i] > 0.0 { node.rate / rates[i] } else { 0.0 };
        states.push(State {
            mean,
            variance,
            backorders,
            own: backorders * share,
            on_hand: stock as f64 - mean + backorders,
        });
        missing.push(super::backorder_table(&table, stock));
    }
    states
}

/// Expected backorders of customers everywhere.
#[must_use]
pub fn customers(states: &[State]) -> f64 {
    states.iter().map(|s| s.own).sum()
}

/// Stocks of `units` in the tree with few backorders: greedy in blocks, then exchanges of one unit between places.
///
/// The result is a local optimum under exchanges; on two levels [`super::optimise::curve`] is exact and used instead.
#[must_use]
pub fn spread(nodes: &[Node], units: usize, method: Method) -> (Vec<usize>, f64) {
    let value = |stocks: &[usize]| customers(&evaluate(nodes, stocks, method));
    let mut best = (vec![0usize; nodes.len()], f64::INFINITY);
    // Depots' stock pays only with several units at once; several shares of depot stock are tried as a start.
    for tenths in 0..=6 {
        let mut stocks = vec![0usize; nodes.len()];
        let up = units * tenths / 10;
        seed_depots(nodes, up, &mut stocks);
        let mut now = value(&stocks);
        for _ in stocks.iter().sum::<usize>()..units {
            let mut pick = (f64::INFINITY, 0);
            for i in 0..nodes.len() {
                stocks[i] += 1;
                let v = value(&stocks);
                stocks[i] -= 1;
                if v < pick.0 - 1e-13 {
                    pick = (v, i);
                }
            }
            stocks[pick.1] += 1;
            now = pick.0;
        }
        exchange(&mut stocks, &mut now, &value);
        if now < best.1 - 1e-12 {
            best = (stocks, now);
        }
    }
    best
}

/// Spreads units over places with children, by what is missing there.
fn seed_depots(nodes: &[Node], units: usize, stocks: &mut [usize]) {
    let states = evaluate(nodes, &vec![0; nodes.len()], Method::VariMetric);
    let parent: Vec<bool> = (0..nodes.len()).map(|i| nodes.iter().any(|n| n.parent == Some(i))).collect();
    let mut left: Vec<f64> =
        (0..nodes.len()).map(|i| if parent[i] { states[i].mean.max(1e-9) } else { -1.0 }).collect();
    for _ in 0..units {
        let mut pick = 0;
        for i in 1..nodes.len() {
            if left[i] > left[pick] {
                pick = i;
            }
        }
        stocks[pick] += 1;
        left[pick] -= 1.0;
    }
}

fn exchange(stocks: &mut [usize], now: &mut f64, value: &impl Fn(&[usize]) -> f64) {
    for _ in 0..1_000 {
        let mut pick: Option<(f64, usize, usize, usize)> = None;
        for from in 0..stocks.len() {
            for n in 1..=stocks[from].min(3) {
                for to in (0..stocks.len()).filter(|to| *to != from) {
                    stocks[from] -= n;
                    stocks[to] += n;
                    let v = value(stocks);
                    stocks[from] += n;
                    stocks[to] -= n;
                    if v < *now - 1e-10 && pick.is_none_or(|p| v < p.0) {
                        pick = Some((v, from, to, n));
                    }
                }
            }
        }
        let Some((v, from, to, n)) = pick else { return };
        stocks[from] -= n;
        stocks[to] += n;
        *now = v;
    }
}

/// Probability that a Poisson pipeline of that mean leaves at least one of `stock` units: the fill of a single place.
#[must_use]
pub fn single_fill(mean: f64, stock: usize) -> f64 {
    (0..stock).map(|k| count_pmf(k as f64, mean, mean)).sum()
}
