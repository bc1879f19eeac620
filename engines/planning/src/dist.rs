//! Distributions of demand: Poisson, negative binomial, and a gamma for large totals.

use crate::special::{ln_gamma, norm_cdf_fast, norm_ppf_fast};

/// Above this mean or deviation a total is counted in coarser units.
const LARGE_MEAN: f64 = 60.0;
const LARGE_DEVIATION: f64 = 30.0;
/// Totals with a relative variance below this are treated as continuous.
const STEADY: f64 = 0.02;

/// A distribution of a total, from mean and variance, in units of the panel (whole pieces when demand is whole).
///
/// It is a negative binomial (Poisson when the variance is not above the mean), counted in coarser units when the
/// total is large; large and steady totals follow a gamma in Wilson and Hilferty's form, close to the normal.
#[derive(Clone, Debug)]
pub struct Base {
    /// Mean, > 0.
    pub mean: f64,
    /// Variance, > 0.
    pub variance: f64,
    shape: Shape,
}

#[derive(Clone, Debug)]
enum Shape {
    Table { table: Vec<f64>, step: f64 },
    Smooth { shape: f64, whole: bool },
}

impl Base {
    /// The distribution with that mean and variance; `whole` says that only whole units occur.
    #[must_use]
    pub fn new(mean: f64, variance: f64, whole: bool) -> Self {
        let mean = mean.max(1e-4);
        let variance = variance.max(1e-8);
        let step = (mean / LARGE_MEAN).max(variance.sqrt() / LARGE_DEVIATION);
        let step = if whole { step.max(1.0) } else { step };
        let (small_mean, small_variance) = (mean / step, variance / (step * step));
        if step <= 1.0 || (variance > STEADY * mean * mean && small_variance > small_mean) {
            let table = count_table(small_mean, small_variance.max(small_mean * 1.000_001));
            return Self { mean, variance, shape: Shape::Table { table, step } };
        }
        Self { mean, variance, shape: Shape::Smooth { shape: mean * mean / variance, whole } }
    }

    /// P(total ≤ x).
    #[must_use]
    pub fn cdf(&self, x: f64) -> f64 {
        if x < 0.0 {
            return 0.0;
        }
        match &self.shape {
            Shape::Table { table, step } => table.get((x / step + 1e-9) as usize).copied().unwrap_or(1.0),
            Shape::Smooth { shape, .. } => {
                let a = 1.0 / (9.0 * shape);
                norm_cdf_fast(((x / self.mean).cbrt() - 1.0 + a) / a.sqrt())
            }
        }
    }

    /// The smallest total with P(demand ≤ total) ≥ u, for u in (0, 1).
    #[must_use]
    pub fn quantile(&self, u: f64) -> f64 {
        match &self.shape {
            Shape::Table { table, step } => {
                (table.partition_point(|f| *f < u) as f64 * step - 1e-9).ceil().max(0.0)
            }
            Shape::Smooth { shape, whole } => {
                let a = 1.0 / (9.0 * shape);
                let root = 1.0 - a + norm_ppf_fast(u) * a.sqrt();
                let value = if root > 0.0 { self.mean * root.powi(3) } else { 0.0 };
                if *whole { (value - 1e-9).ceil().max(0.0) } else { value }
            }
        }
    }
}

/// Distribution function of the count up to the point where less than 1e-5 is left.
fn count_table(mean: f64, variance: f64) -> Vec<f64> {
    let ratio = variance / mean;
    let mut table = Vec::with_capacity(16);
    let mut sum = 0.0;
    if ratio < 1.000_01 {
        let mut p = (-mean).exp();
        let mut k = 0.0;
        while sum + p < 1.0 - 1e-5 || k < mean {
            sum += p;
            table.push(sum.min(1.0));
            k += 1.0;
            p *= mean / k;
        }
        table.push((sum + p).min(1.0));
        return table;
    }
    let r = mean / (ratio - 1.0);
    let q = 1.0 - 1.0 / ratio;
    let mut p = (-r * ratio.ln()).exp();
    let mut k = 0.0;
    while (sum + p < 1.0 - 1e-5 || k < mean) && table.len() < 20_000 {
        sum += p;
        table.push(sum.min(1.0));
        p *= q * (k + r) / (k + 1.0);
        k += 1.0;
    }
    table.push((sum + p).min(1.0));
    table
}

/// Probability of k under the negative binomial with mean and variance (variance > mean); Poisson otherwise.
#[must_use]
pub fn count_pmf(k: f64, mean: f64, variance: f64) -> f64 {
    if mean <= 0.0 {
        return f64::from(u8::from(k == 0.0));
    }
    if variance <= mean * (1.0 + 1e-9) {
        return (k * mean.ln() - mean - ln_gamma(k + 1.0)).exp();
    }
    let r = mean * mean / (variance - mean);
    let p = mean / variance;
    (ln_gamma(k + r) - ln_gamma(r) - ln_gamma(k + 1.0) + r * p.ln() + k * (1.0 - p).ln()).exp()
}
