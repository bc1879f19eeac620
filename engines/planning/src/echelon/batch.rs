//! A central depot and identical stores that order in batches: exact cost of an installation-stock (R, Q) policy.
//!
//! Stores face Poisson demand and order a batch of q units at R_j; the depot orders Q_0 store batches when its position
//! falls to R_0 store batches. Following each batch from the depot's order to the customers gives the exact cost
//! (Axsäter 1993): the k-th batch of a depot order serves the (R_0 + k)-th store order after it (or an earlier one when
//! that is negative), and the m-th unit of a store batch serves the (R_j + m)-th demand after the store's order.

use super::poisson_table;

/// The system; times in any unit used throughout.
#[derive(Clone, Copy, Debug)]
pub struct Batches {
    /// Demand per store.
    pub rate: f64,
    /// Stores.
    pub stores: usize,
    /// Lead time of the depot.
    pub depot_lead: f64,
    /// Transport time to a store.
    pub store_lead: f64,
    /// Units per store batch.
    pub store_batch: usize,
    /// Store batches per depot batch.
    pub depot_batch: usize,
    /// Holding cost per unit and time at the depot.
    pub depot_holding: f64,
    /// Holding cost per unit and time at a store.
    pub store_holding: f64,
    /// Cost of a unit short per time.
    pub shortage: f64,
}

/// Intervals of the numerical integrations.
const STEPS: usize = 400;

impl Batches {
    /// Exact cost rate with depot reorder point `depot` (in store batches) and store reorder point `store` (units).
    #[must_use]
    pub fn cost(&self, depot: i64, store: i64) -> f64 {
        let (mut stores, mut held) = (0.0, 0.0);
        for k in 1..=self.depot_batch as i64 {
            let n = depot + k;
            let (store_cost, depot_days) =
                if n > 0 { self.ahead(n as usize, store) } else { self.behind((-n) as usize, store) };
            stores += store_cost;
            held += depot_days;
        }
        let per_unit = 1.0 / self.depot_batch as f64;
        let rate = self.rate * self.stores as f64;
        rate * per_unit * (stores / self.store_batch as f64 + self.depot_holding * held)
    }

    /// Distribution of the number of store orders in (0, x] behind a store's order, as P(orders = k), where `fresh`
    /// orders of that store itself are given as a distribution.
    fn others(&self, x: f64) -> Vec<f64> {
        let q = self.store_batch;
        let table = poisson_table(self.rate * x, 1);
        // One other store: its position is uniform over the batch.
        let mut one = vec![0.0; table.len() / q + 2];
        for (k, p) in table.iter().enumerate() {
            for phase in 0..q {
                one[(k + phase) / q] += p / q as f64;
            }
        }
        let mut all = vec![1.0];
        let mut power = one;
        let mut n = self.stores - 1;
        while n > 0 {
            if n % 2 == 1 {
                all = trimmed(super::convolve(&all, &power));
            }
            power = trimmed(super::convolve(&power, &power));
            n /= 2;
        }
        all
    }

    /// P(at least n orders of all stores in (0, x]), the store that just ordered being fresh.
    fn reached(&self, x: f64, n: usize) -> f64 {
        if n == 0 {
            return 1.0;
        }
        let q = self.store_batch;
        let table = poisson_table(self.rate * x, 1);
        let mut fresh = vec![0.0; table.len() / q + 1];
        for (k, p) in table.iter().enumerate() {
            fresh[k / q] += p;
        }
        let all = super::convolve(&fresh, &self.others(x));
        1.0 - all.iter().take(n).sum::<f64>()
    }

    /// Costs of a batch whose store order comes n ≥ 1 orders after the depot's: cost of its units at the store, and
    /// time it waits at the depot.
    fn ahead(&self, n: usize, store: i64) -> (f64, f64) {
        let lead = self.depot_lead;
        // P(T_n ≤ x) on a grid over [0, L0]; the delay of the order is (L0 − T_n)⁺.
        let dx = lead / STEPS as f64;
        let below: Vec<f64> = (0..=STEPS).map(|k| self.reached(k as f64 * dx, n)).collect();
        let delay = simpson(&below, dx);
        let between = n as f64 * self.store_batch as f64 / (self.rate * self.stores as f64);
        let wait = between - lead + delay;
        // Distribution of the delay w: P(W ≤ w) = 1 − P(T_n < L0 − w).
        let mut cost = 0.0;
        for m in 1..=self.store_batch as i64 {
            let s = store + m;
            let arrival = delay + self.store_lead;
            if s <= 0 {
                cost += self.shortage * (arrival + (-s) as f64 / self.rate);
                continue;
            }
            // E[(S − A)⁺] with A = W + L_j, integrated by parts over the delay.
            let left: Vec<f64> =
                (0..=STEPS).map(|k| self.survives(self.store_lead + k as f64 * dx, s as usize)).collect();
            let ahead: Vec<f64> = (0..=STEPS).map(|k| left[k] * (1.0 - below[STEPS - k])).collect();
            let early = simpson(&ahead, dx) + self.tail(self.store_lead + lead, s as usize);
            let mean = s as f64 / self.rate;
            cost += self.store_holding * early + self.shortage * (arrival - mean + early);
        }
        (cost, wait)
    }

    /// The same when the store's order came m orders before the depot's (m ≥ 0).
    fn behind(&self, m: usize, store: i64) -> (f64, f64) {
        let q = self.store_batch;
        let fixed = self.depot_lead + self.store_lead;
        let arrival = fixed + m as f64 * q as f64 / (self.rate * self.stores as f64);
        let mut cost = 0.0;
        for unit in 1..=q as i64 {
            let s = store + unit;
            if s <= 0 {
                cost += self.shortage * (arrival + (-s) as f64 / self.rate);
                continue;
            }
            let early = if m == 0 { self.tail(fixed, s as usize) } else { self.early(m, s as usize, fixed) };
            cost += self.store_holding * early + self.shortage * (arrival - s as f64 / self.rate + early);
        }
        (cost, 0.0)
    }

    /// E[(S − T_m − fixed)⁺] where the store's own demands move both S and T_m.
    fn early(&self, m: usize, s: usize, fixed: f64) -> f64 {
        let q = self.store_batch;
        let end = (s as f64 + 12.0 * (s as f64).sqrt() + 30.0) / self.rate;
        let later = poisson_table(self.rate * fixed, s + 1);
        let mut sums = vec![0.0];
        for p in &later {
            sums.push(sums[sums.len() - 1] + p);
        }
        let at = |x: f64| {
            let own = poisson_table(self.rate * x, s + 1);
            let others = self.others(x);
            let mut total = 0.0;
            for (k, p) in own.iter().enumerate().take(s) {
                let need = m.saturating_sub(k / q);
                let enough = 1.0 - others.iter().take(need).sum::<f64>();
                total += p * enough * sums[(s - k).min(sums.len() - 1)];
            }
            total
        };
        // The orders of the others come fast, the store's own demands slowly: a fine and a coarse part.
        let fast = (m as f64 + 12.0 * (m as f64).sqrt() + 20.0) * q as f64 / (self.rate * self.stores as f64);
        let middle = fast.min(end * 0.5);
        let part = |from: f64, to: f64| {
            let dx = (to - from) / STEPS as f64;
            simpson(&(0..=STEPS).map(|k| at(from + k as f64 * dx)).collect::<Vec<f64>>(), dx)
        };
        part(0.0, middle) + part(middle, end)
    }

    /// P(fewer than s demands of the store in time t).
    fn survives(&self, t: f64, s: usize) -> f64 {
        super::tree::single_fill(self.rate * t, s)
    }

    /// ∫_t^∞ P(fewer than s demands in u) du.
    fn tail(&self, t: f64, s: usize) -> f64 {
        // ∫ = Σ_{k<s} P(at most k demands in t) / rate.
        let mut at_most = 0.0;
        let mut sum = 0.0;
        for k in 0..s {
            at_most += crate::dist::count_pmf(k as f64, self.rate * t, self.rate * t);
            sum += at_most;
        }
        sum / self.rate
    }

    /// Best reorder points by enumeration within `depot` and `store` bounds: (depot, store, cost).
    #[must_use]
    pub fn best(
        &self,
        depot: std::ops::RangeInclusive<i64>,
        store: std::ops::RangeInclusive<i64>,
    ) -> (i64, i64, f64) {
        let mut best = (0, 0, f64::INFINITY);
        for r0 in depot {
            for r in store.clone() {
                let cost = self.cost(r0, r);
                if cost < best.2 - 1e-12 {
                    best = (r0, r, cost);
                }
            }
        }
        best
    }
}

fn trimmed(mut table: Vec<f64>) -> Vec<f64> {
    while table.len() > 1 && table[table.len() - 1] < 1e-17 {
        table.pop();
    }
    table
}

/// Simpson's rule; the number of intervals is even.
fn simpson(values: &[f64], dx: f64) -> f64 {
    let n = values.len() - 1;
    let inner: f64 = (1..n).map(|k| if k % 2 == 1 { 4.0 * values[k] } else { 2.0 * values[k] }).sum();
    (values[0] + inner + values[n]) * dx / 3.0
}
