//! Stock of repairable (and consumable) parts at a central depot and its bases.
//!
//! Demand at base j is Poisson with rate λ_j. A share r of failed parts is repaired at the base; the others go to
//! the depot, which sends a good one when it has one (order-and-ship time), and repairs the failed one. Everything is
//! one for one. A consumable is the case r = 0 with the supplier's lead time in place of the depot's repair.
//!
//! Sources: Sherbrooke (1968, METRIC; 2004), Graves (1985) and Simon (1971) for the exact split of depot backorders,
//! Slay (1984) and Graves for the two-moment form (VARI-METRIC).

pub mod batch;
pub mod optimise;
pub mod safety;
pub mod serial;
pub mod tree;

use crate::dist::count_pmf;

/// A base.
#[derive(Clone, Debug, PartialEq)]
pub struct Base {
    /// Demand per day.
    pub rate: f64,
    /// Share repaired at the base, 0 to 1.
    pub repaired: f64,
    /// Days of repair at the base.
    pub repair: f64,
    /// Days from the depot to the base.
    pub ship: f64,
}

/// An item in a two-echelon network. Times in days (or any unit used throughout).
#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    /// Days of repair at the depot (or the supplier's lead time).
    pub depot: f64,
    /// The bases.
    pub bases: Vec<Base>,
    /// Price of a unit.
    pub price: f64,
}

/// How expected backorders are computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// Depot backorders are split binomially among the bases and convolved with their own pipelines.
    Exact,
    /// Every pipeline is Poisson (Sherbrooke 1968).
    Metric,
    /// Pipelines are negative binomial with the exact mean and variance.
    VariMetric,
}

/// What a plan of one item does.
#[derive(Clone, Debug, PartialEq)]
pub struct Result {
    /// Expected backorders at the depot and their variance.
    pub depot: (f64, f64),
    /// Per base: mean and variance of units in its pipeline, expected backorders, stock on hand.
    pub bases: Vec<BaseResult>,
}

/// A base's part of it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BaseResult {
    /// Mean of the pipeline.
    pub mean: f64,
    /// Variance of the pipeline.
    pub variance: f64,
    /// Expected backorders.
    pub backorders: f64,
    /// Expected stock on hand.
    pub on_hand: f64,
    /// Share of demands filled at once.
    pub fill: f64,
}

impl Result {
    /// Expected backorders of all bases.
    #[must_use]
    pub fn backorders(&self) -> f64 {
        self.bases.iter().map(|b| b.backorders).sum()
    }
}

/// Probabilities of a Poisson count up to where less than 1e-15 is left, at least `least` of them.
#[must_use]
pub fn poisson_table(mean: f64, least: usize) -> Vec<f64> {
    let mut table = Vec::with_capacity(least.max(16));
    let mut k = 0usize;
    loop {
        let p = count_pmf(k as f64, mean, mean);
        table.push(p);
        k += 1;
        if k >= least && (k as f64 > mean && p < 1e-16 || mean == 0.0) {
            return table;
        }
    }
}

/// Distribution of backorders at stock s when `pipeline` units are missing with those probabilities.
fn backorder_table(pipeline: &[f64], stock: usize) -> Vec<f64> {
    let none: f64 = pipeline.iter().take(stock + 1).sum();
    let mut table = vec![none];
    table.extend(pipeline.iter().skip(stock + 1));
    table
}

/// E[(X − s)⁺] of a table.
fn expected_short(table: &[f64], stock: usize) -> f64 {
    table.iter().enumerate().skip(stock + 1).map(|(k, p)| (k - stock) as f64 * p).sum()
}

impl Item {
    /// Demand at the depot per day.
    #[must_use]
    pub fn depot_rate(&self) -> f64 {
        self.bases.iter().map(|b| b.rate * (1.0 - b.repaired)).sum()
    }

    /// Mean of the depot's pipeline.
    #[must_use]
    pub fn depot_pipeline(&self) -> f64 {
        self.depot_rate() * self.depot
    }

    /// A base's own pipeline: in repair there, or on its way from the depot without waiting.
    #[must_use]
    pub fn own_pipeline(&self, base: usize) -> f64 {
        let b = &self.bases[base];
        b.rate * (b.repaired * b.repair + (1.0 - b.repaired) * b.ship)
    }

    /// Share of the depot's demand that comes from a base.
    #[must_use]
    pub fn share(&self, base: usize) -> f64 {
        let all = self.depot_rate();
        let b = &self.bases[base];
        if all > 0.0 { b.rate * (1.0 - b.repaired) / all } else { 0.0 }
    }

    /// Distribution of units missing at the bases for a depot stock; reused for all base stocks.
    #[must_use]
    pub fn at_depot(&self, stock: usize, method: Method) -> Depot {
        let pipeline = poisson_table(self.depot_pipeline(), stock + 2);
        let backorders = backorder_table(&pipeline, stock);
        let mean: f64 = backorders.iter().enumerate().map(|(k, p)| k as f64 * p).sum();
        let square: f64 = backorders.iter().enumerate().map(|(k, p)| (k * k) as f64 * p).sum();
        let variance = (square - mean * mean).max(0.0);
        let bases = (0..self.bases.len())
            .map(|j| {
                let (own, f) = (self.own_pipeline(j), self.share(j));
                let (m, v) = (own + f * mean, own + f * (1.0 - f) * mean + f * f * variance);
                let table = match method {
                    Method::Metric => poisson_table(m, 1),
                    Method::VariMetric => count_table(m, v),
                    Method::Exact => convolve(&thin(&backorders, f), &poisson_table(own, 1)),
                };
                Pipeline { mean: m, variance: v, table }
            })
            .collect();
        Depot { mean, variance, bases }
    }

    /// Evaluates a plan: stock at the depot and at each base (missing ones count as 0).
    #[must_use]
    pub fn evaluate(&self, depot: usize, stocks: &[usize], method: Method) -> Result {
        let at = self.at_depot(depot, method);
        let bases = at
            .bases
            .iter()
            .enumerate()
            .map(|(j, p)| {
                let s = stocks.get(j).copied().unwrap_or(0);
                let backorders = p.backorders(s);
                BaseResult {
                    mean: p.mean,
                    variance: p.variance,
                    backorders,
                    on_hand: s as f64 - p.mean + backorders,
                    fill: p.table.iter().take(s).sum(),
                }
            })
            .collect();
        Result { depot: (at.mean, at.variance), bases }
    }
}

/// What the bases see for one depot stock.
#[derive(Clone, Debug)]
pub struct Depot {
    /// Expected depot backorders.
    pub mean: f64,
    /// Their variance.
    pub variance: f64,
    /// Pipelines of the bases.
    pub bases: Vec<Pipeline>,
}

/// Units missing at a base.
#[derive(Clone, Debug)]
pub struct Pipeline {
    /// Mean.
    pub mean: f64,
    /// Variance.
    pub variance: f64,
    table: Vec<f64>,
}

impl Pipeline {
    /// Expected backorders with that stock.
    #[must_use]
    pub fn backorders(&self, stock: usize) -> f64 {
        expected_short(&self.table, stock)
    }
}

/// Negative binomial probabilities with that mean and variance (Poisson when the variance is not larger).
fn count_table(mean: f64, variance: f64) -> Vec<f64> {
    let mut table = Vec::new();
    let (mut k, mut sum) = (0usize, 0.0);
    loop {
        let p = count_pmf(k as f64, mean, variance.max(mean));
        table.push(p);
        sum += p;
        k += 1;
        if (k as f64 > mean && (p < 1e-16 || sum > 1.0 - 1e-15)) || k > 1_000_000 {
            return table;
        }
    }
}

/// Each of the backorders belongs to a base with probability f.
fn thin(backorders: &[f64], f: f64) -> Vec<f64> {
    if f >= 1.0 - 1e-15 {
        return backorders.to_vec();
    }
    let mut out = vec![0.0; backorders.len()];
    let odds = f / (1.0 - f);
    for (n, p) in backorders.iter().enumerate().filter(|(_, p)| **p > 1e-18) {
        // Binomial probabilities from the mode outwards stay accurate for any n.
        let mode = (((n + 1) as f64) * f).floor().min(n as f64) as usize;
        let ln = |k: usize| {
            let (n, k) = (n as f64, k as f64);
            use crate::special::ln_gamma;
            ln_gamma(n + 1.0) - ln_gamma(k + 1.0) - ln_gamma(n - k + 1.0)
                + if k > 0.0 { k * f.ln() } else { 0.0 }
                + (n - k) * (1.0 - f).ln()
        };
        let top = ln(mode).exp() * p;
        out[mode] += top;
        let mut q = top;
        for k in mode..n {
            q *= (n - k) as f64 / (k + 1) as f64 * odds;
            if q < 1e-20 {
                break;
            }
            out[k + 1] += q;
        }
        q = top;
        for k in (1..=mode).rev() {
            q *= k as f64 / (n - k + 1) as f64 / odds;
            if q < 1e-20 {
                break;
            }
            out[k - 1] += q;
        }
    }
    while out.len() > 1 && out[out.len() - 1] < 1e-18 {
        out.pop();
    }
    out
}

/// Distribution of the sum of two independent counts.
fn convolve(a: &[f64], b: &[f64]) -> Vec<f64> {
    let mut out = vec![0.0; a.len() + b.len() - 1];
    for (i, x) in a.iter().enumerate().filter(|(_, x)| **x > 1e-19) {
        for (j, y) in b.iter().enumerate() {
            out[i + j] += x * y;
        }
    }
    out
}
