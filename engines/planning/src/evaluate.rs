//! Judging forecasts by what counts: the loss of quantiles, and stock held for demand lines filled.

/// Pinball loss of a forecast quantile at level `p` against what came.
#[must_use]
pub fn pinball(p: f64, quantile: f64, actual: f64) -> f64 {
    if actual >= quantile { p * (actual - quantile) } else { (1.0 - p) * (quantile - actual) }
}

/// Result of a stock simulation.
#[derive(Clone, Copy, Debug, Default)]
pub struct Simulated {
    /// Share of demand lines (part-months with demand) filled at once from stock.
    pub lines: f64,
    /// Share of units filled at once.
    pub units: f64,
    /// Average stock on hand over all parts, weighted with the given values.
    pub stock: f64,
}

/// Order-up-to simulation with monthly review.
///
/// `demand[i]` are the months behind the first origin, `targets[i][k]` the order-up-to level fixed at origin k (just
/// before month k of `demand`). An order of month k arrives before the demand of month k + `lead`. Unfilled demand
/// waits. Measured from month `warm_up` on.
#[must_use]
pub fn simulate(
    demand: &[Vec<f64>],
    targets: &[Vec<f32>],
    lead: usize,
    warm_up: usize,
    values: &[f64],
) -> Simulated {
    let (mut lines, mut filled, mut units, mut served, mut stock) = (0.0, 0.0, 0.0, 0.0, 0.0);
    for (i, (demand, targets)) in demand.iter().zip(targets).enumerate() {
        let months = demand.len().min(targets.len());
        let mut net = targets.first().map_or(0.0, |t| f64::from(t.ceil()));
        let mut due = vec![0.0; months + lead + 1];
        let mut coming = 0.0;
        let mut held = 0.0;
        for k in 0..months {
            let order = (f64::from(targets[k].ceil()) - net - coming).max(0.0);
            due[k + lead] += order;
            coming += order;
            net += due[k];
            coming -= due[k];
            let d = demand[k];
            if k >= warm_up && d > 0.0 {
                lines += 1.0;
                units += d;
                served += net.clamp(0.0, d);
                filled += f64::from(u8::from(net >= d));
            }
            net -= d;
            if k >= warm_up {
                held += net.max(0.0);
            }
        }
        if months > warm_up {
            stock += held / (months - warm_up) as f64 * values.get(i).copied().unwrap_or(1.0);
        }
    }
    Simulated { lines: filled / f64::max(lines, 1.0), units: served / f64::max(units, 1.0), stock }
}
