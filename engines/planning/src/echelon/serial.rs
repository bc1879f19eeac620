//! Consumables in a line of stages under continuous review: echelon base-stock levels by Clark & Scarf's recursion.
//!
//! Source: Clark & Scarf (1960); continuous-time form as in Snyder & Shen (2019) §6.2.

use crate::special::{norm_cdf, norm_ppf};

/// A stage; stage 1 serves the customers, the last one buys from outside.
#[derive(Clone, Copy, Debug)]
pub struct Stage {
    /// Local holding cost per unit and time.
    pub holding: f64,
    /// Lead time from the stage above.
    pub lead: f64,
}

/// Best echelon base-stock levels (stage 1 first) and cost rate for normal demand per unit of time.
///
/// `shortage` is the cost of a backorder per unit of time, `steps` the number of grid intervals (about 4,000 give
/// three digits).
#[must_use]
pub fn echelon_levels(stages: &[Stage], shortage: f64, mean: f64, sd: f64, steps: usize) -> (Vec<f64>, f64) {
    let n = stages.len();
    let local = |j: usize| stages.get(j).map_or(0.0, |s| s.holding);
    let total_lead: f64 = stages.iter().map(|s| s.lead).sum();
    // Grid of echelon inventory positions wide enough for all stages.
    let width = 9.0 * sd * (total_lead + 1.0).sqrt();
    let (low, high) = (-mean * total_lead - 2.0 * width, mean * total_lead + 2.0 * width);
    let dx = (high - low) / steps as f64;
    let xs: Vec<f64> = (0..=steps).map(|k| low + dx * k as f64).collect();
    let mut under: Vec<f64> = xs.iter().map(|x| (shortage + local(0)) * (-x).max(0.0)).collect();
    let (mut levels, mut cost) = (Vec::with_capacity(n), 0.0);
    for (j, stage) in stages.iter().enumerate() {
        let echelon = local(j) - local(j + 1);
        let hat: Vec<f64> = xs.iter().zip(&under).map(|(x, u)| echelon * x + u).collect();
        let (m, s) = (mean * stage.lead, sd * stage.lead.sqrt());
        // Demand during the lead time on a fine grid of equal probabilities.
        let cells = 400;
        let points: Vec<f64> = (0..cells)
            .map(|k| {
                let (a, b) = (f64::from(k) / f64::from(cells), f64::from(k + 1) / f64::from(cells));
                m + s * f64::from(cells) * (density_at(a) - density_at(b))
            })
            .collect();
        let value = |y: f64| points.iter().map(|d| at(&hat, low, dx, y - d)).sum::<f64>() / f64::from(cells);
        let curve: Vec<f64> = xs.iter().map(|y| value(*y)).collect();
        let best = (0..curve.len()).min_by(|a, b| curve[*a].total_cmp(&curve[*b])).unwrap_or(0);
        let top = refine(&curve, best, low, dx);
        levels.push(top);
        cost = value(top);
        under = xs.iter().zip(&curve).map(|(x, c)| if *x < top { *c } else { cost }).collect();
    }
    (levels, cost)
}

fn density_at(p: f64) -> f64 {
    if p <= 0.0 || p >= 1.0 { 0.0 } else { crate::special::norm_pdf(norm_ppf(p)) }
}

/// Value of a curve between grid points; straight lines continue it outside.
fn at(curve: &[f64], low: f64, dx: f64, x: f64) -> f64 {
    let t = (x - low) / dx;
    let k = (t.floor().max(0.0) as usize).min(curve.len() - 2);
    curve[k] + (curve[k + 1] - curve[k]) * (t - k as f64)
}

/// Minimum of the parabola through three points.
fn refine(curve: &[f64], k: usize, low: f64, dx: f64) -> f64 {
    if k == 0 || k + 1 >= curve.len() {
        return low + dx * k as f64;
    }
    let (a, b, c) = (curve[k - 1], curve[k], curve[k + 1]);
    let bend = a - 2.0 * b + c;
    let shift = if bend > 0.0 { 0.5 * (a - c) / bend } else { 0.0 };
    low + dx * (k as f64 + shift)
}

/// Level of a single stage in closed form: the newsvendor of its lead time.
#[must_use]
pub fn single_level(holding: f64, lead: f64, shortage: f64, mean: f64, sd: f64) -> f64 {
    let z = norm_ppf(shortage / (shortage + holding));
    let level = mean * lead + z * sd * lead.sqrt();
    debug_assert!(norm_cdf(z) > 0.0);
    level
}
