//! Units in the field, life cycles, and the last-time buy.
//!
//! Demand follows the field: what was sold, is still in use, and fails at its age. Where only demand is known, the end
//! of the life cycle is a decline fitted to the last years. The last-time buy covers the following years from the
//! distribution of their total.

use crate::lots::{Law, newsvendor};

/// Ageing of a unit type.
#[derive(Clone, Copy, Debug)]
pub struct Ageing {
    /// Mean life in months until a unit leaves the field (Weibull scale).
    pub life: f64,
    /// How sharply units leave around it (Weibull shape, 1 = at random).
    pub life_shape: f64,
    /// Failures of the part per unit and month at age 12 months.
    pub failures: f64,
    /// Growth of the failure rate with age: exponent of (age / 12), 0 = constant, 1 = proportional to age.
    pub wear: f64,
}

impl Ageing {
    /// Share of units still in the field at an age in months.
    #[must_use]
    pub fn alive(&self, age: f64) -> f64 {
        if self.life <= 0.0 { 0.0 } else { (-(age / self.life).powf(self.life_shape)).exp() }
    }

    /// Failures per unit and month at an age in months.
    #[must_use]
    pub fn rate(&self, age: f64) -> f64 {
        self.failures * ((age + 0.5) / 12.5).powf(self.wear)
    }
}

/// Units in the field and expected demand for each of the `horizon` months behind the sales history.
///
/// `sales` are units put into the field per month; `planned` what will be sold in the coming months (may be empty:
/// end of sale). Demand rises with the field and falls with it.
#[must_use]
pub fn field_demand(sales: &[f64], planned: &[f64], ageing: &Ageing, horizon: usize) -> Vec<(f64, f64)> {
    (0..horizon)
        .map(|h| {
            let now = sales.len() + h;
            let cohort =
                |t: usize| sales.get(t).or_else(|| planned.get(t - sales.len())).copied().unwrap_or(0.0);
            (0..=now).fold((0.0, 0.0), |(units, demand), t| {
                let age = (now - t) as f64;
                let left = cohort(t) * ageing.alive(age);
                (units + left, demand + left * ageing.rate(age))
            })
        })
        .collect()
}

/// Demand per unit and month of parts that share a kind: a gamma prior from all of them, updated by each one's own
/// history (gamma-Poisson). With a short history the field decides, with a long one the history.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct UnitRate {
    /// Gamma shape.
    pub shape: f64,
    /// Unit-months that the prior is worth.
    pub exposure: f64,
}

impl UnitRate {
    /// Prior from (demand, unit-months) of parts of a kind, by moments.
    #[must_use]
    pub fn from_parts(parts: &[(f64, f64)]) -> Self {
        let (demand, exposure) = parts.iter().fold((0.0, 0.0), |(d, e), p| (d + p.0, e + p.1));
        if exposure <= 0.0 || demand <= 0.0 {
            return Self { shape: 0.5, exposure: f64::max(exposure, 1.0) };
        }
        let mean = demand / exposure;
        // Variance between parts: weighted squares less what Poisson explains.
        let squares: f64 = parts.iter().map(|(d, e)| (d - mean * e).powi(2)).sum();
        let weights: f64 = parts.iter().map(|(_, e)| e * e).sum();
        let between = ((squares - mean * exposure) / weights).max(1e-4 * mean * mean);
        Self { shape: mean * mean / between, exposure: mean / between }
    }

    /// Demand of `months` with `units` in the field, after `demand` was seen in `exposure` unit-months: mean and
    /// variance (a negative binomial).
    #[must_use]
    pub fn predict(&self, demand: f64, exposure: f64, units: f64, months: f64) -> (f64, f64) {
        let (a, b) = (self.shape + demand, self.exposure + exposure);
        let next = units * months;
        let mean = a / b * next;
        (mean, mean * (1.0 + next / b))
    }
}

/// Decline of demand per month fitted to a history: level now and factor per month (0.5 to 1), by Poisson regression
/// of yearly totals shrunk towards no change. Used after the end of sale, when there is no field data.
#[must_use]
pub fn decline(y: &[f64]) -> (f64, f64) {
    let months = y.len().min(48);
    let part = &y[y.len() - months..];
    let total: f64 = part.iter().sum();
    if months < 12 || total <= 0.0 {
        return (total / months.max(1) as f64, 0.97);
    }
    // Newton steps for log-rate a + b t with a prior on b of standard deviation 0.03 around −0.01.
    let centre = months as f64 / 2.0;
    let (mut a, mut b) = ((total / months as f64).ln(), -0.01);
    for _ in 0..50 {
        let (mut ga, mut gb, mut haa, mut hab, mut hbb) = (0.0, -(b + 0.01) / 0.0009, 0.0, 0.0, 1.0 / 0.0009);
        for (t, x) in part.iter().enumerate() {
            let u = t as f64 + 0.5 - centre;
            let m = (a + b * u).exp();
            ga += x - m;
            gb += (x - m) * u;
            haa += m;
            hab += m * u;
            hbb += m * u * u;
        }
        let det = haa * hbb - hab * hab;
        let (da, db) = ((hbb * ga - hab * gb) / det, (haa * gb - hab * ga) / det);
        a += da.clamp(-2.0, 2.0);
        b += db.clamp(-0.1, 0.1);
        if da.abs() + db.abs() < 1e-10 {
            break;
        }
    }
    ((a + b * centre).exp(), b.exp().clamp(0.5, 1.0))
}

/// Demand per month for `horizon` months of a declining part.
#[must_use]
pub fn declining(level: f64, factor: f64, horizon: usize) -> Vec<f64> {
    (1..=horizon).map(|h| level * factor.powi(h as i32)).collect()
}

/// A last-time buy.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LastBuy {
    /// Quantity to order now.
    pub quantity: f64,
    /// Mean of the total demand covered.
    pub mean: f64,
    /// Its variance.
    pub variance: f64,
    /// Expected units short.
    pub short: f64,
    /// Expected units left over.
    pub left: f64,
    /// Expected cost of both.
    pub cost: f64,
}

/// Quantity for the remaining years: `demand` per month (mean), `ratio` its variance over its mean (≥ 1), `doubt` the
/// relative uncertainty of the level as a whole (0.3 is usual over five years), stock already there, and the costs of
/// a unit left over (price, keeping, scrapping, less returns) and of a unit short (emergency source, compensation).
#[must_use]
pub fn last_buy(demand: &[f64], ratio: f64, doubt: f64, stock: f64, over: f64, short: f64) -> LastBuy {
    let mean: f64 = demand.iter().sum();
    let variance = mean * ratio.max(1.0) + (mean * doubt.max(0.0)).powi(2);
    if mean <= 0.0 {
        let left = stock.max(0.0);
        return LastBuy { quantity: 0.0, mean, variance, short: 0.0, left, cost: over * left };
    }
    let law = if variance > mean * 1.000_001 {
        let p = mean / variance;
        Law::NegBin(mean * p / (1.0 - p), p)
    } else {
        Law::Poisson(mean)
    };
    let level = newsvendor(law, over, short).0;
    let quantity = (level - stock).max(0.0).ceil();
    let held = stock + quantity;
    let (short_units, left) = (law.short(held), law.over(held));
    let cost = over * left + short * short_units;
    LastBuy { quantity, mean, variance, short: short_units, left, cost }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PUMP: Ageing = Ageing { life: 120.0, life_shape: 3.0, failures: 0.01, wear: 0.5 };

    #[test]
    fn demand_rises_with_the_field_and_falls_after_the_end_of_sale() {
        let sales: Vec<f64> = vec![100.0; 48];
        let path = field_demand(&sales, &[], &PUMP, 180);
        let peak = (0..180).max_by(|a, b| path[*a].1.total_cmp(&path[*b].1)).unwrap();
        assert!((12..120).contains(&peak), "{peak}");
        assert!(path[179].1 < 0.2 * path[peak].1);
        assert!(path.windows(2).all(|w| w[1].0 <= w[0].0 + 1e-9), "nothing is sold any more");
    }

    #[test]
    fn planned_sales_keep_the_field_up() {
        let sales = vec![100.0; 24];
        let with = field_demand(&sales, &[100.0; 24], &PUMP, 24);
        let without = field_demand(&sales, &[], &PUMP, 24);
        assert!(with[23].1 > without[23].1);
    }

    #[test]
    fn short_histories_lean_on_the_field_long_ones_on_themselves() {
        let rate = UnitRate::from_parts(&[(10.0, 1000.0), (25.0, 1000.0), (4.0, 1000.0), (16.0, 1000.0)]);
        let (fresh, _) = rate.predict(0.0, 0.0, 100.0, 12.0);
        assert!((fresh / 1200.0 - 0.01375).abs() < 1e-3);
        let (known, _) = rate.predict(500.0, 10_000.0, 100.0, 12.0);
        assert!((known / 1200.0 - 0.05).abs() < 5e-3);
        let (mean, variance) = rate.predict(0.0, 0.0, 100.0, 12.0);
        assert!(variance > mean);
    }

    #[test]
    fn a_decline_is_found_again() {
        let y: Vec<f64> = (0..48).map(|t| 20.0 * 0.96f64.powi(t)).collect();
        let (level, factor) = decline(&y);
        assert!((factor - 0.96).abs() < 0.01, "{factor}");
        assert!((level - 20.0 * 0.96f64.powi(48)).abs() < 0.5, "{level}");
        assert!(declining(level, factor, 60).iter().sum::<f64>() > 0.0);
    }

    #[test]
    fn last_buy_grows_with_the_cost_of_being_short_and_counts_stock() {
        let demand = declining(5.0, 0.97, 60);
        let cheap = last_buy(&demand, 1.5, 0.3, 0.0, 10.0, 10.0);
        let dear = last_buy(&demand, 1.5, 0.3, 0.0, 10.0, 200.0);
        assert!(dear.quantity > cheap.quantity);
        let stocked = last_buy(&demand, 1.5, 0.3, 50.0, 10.0, 10.0);
        assert_eq!(stocked.quantity, cheap.quantity - 50.0);
        assert_eq!(last_buy(&[], 1.0, 0.0, 3.0, 10.0, 10.0).quantity, 0.0);
    }
}
