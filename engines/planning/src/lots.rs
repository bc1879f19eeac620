//! Loss functions, newsvendor, economic lots, continuous and periodic review policies.
//!
//! Sources: Harris (1913); Wagner & Whitin (1958); Hadley & Whitin (1963); Zheng & Federgruen (1991); Federgruen &
//! Zheng (1992); formulas as in Zipkin (2000).

use crate::{
    dist::count_pmf,
    special::{beta_inc, bisect, gamma_p, norm_cdf, norm_pdf, norm_ppf},
};

/// A demand distribution with its first two loss functions.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Law {
    /// Mean.
    Poisson(f64),
    /// Mean and standard deviation.
    Normal(f64, f64),
    /// Shape and scale.
    Gamma(f64, f64),
    /// Successes r and probability p; counts failures, mean r (1 − p) / p.
    NegBin(f64, f64),
    /// Mean and standard deviation of the quantity itself.
    LogNormal(f64, f64),
}

impl Law {
    /// Mean.
    #[must_use]
    pub fn mean(self) -> f64 {
        match self {
            Self::Poisson(m) | Self::Normal(m, _) | Self::LogNormal(m, _) => m,
            Self::Gamma(k, scale) => k * scale,
            Self::NegBin(r, p) => r * (1.0 - p) / p,
        }
    }

    /// P(D ≤ x).
    #[must_use]
    pub fn cdf(self, x: f64) -> f64 {
        match self {
            Self::Normal(m, s) => norm_cdf((x - m) / s),
            _ if x < 0.0 => 0.0,
            Self::Poisson(m) => 1.0 - gamma_p(x.floor() + 1.0, m),
            Self::Gamma(k, scale) => gamma_p(k, x / scale),
            Self::NegBin(r, p) => beta_inc(r, x.floor() + 1.0, p),
            Self::LogNormal(m, s) => {
                let (mu, sigma) = log_normal(m, s);
                if x > 0.0 { norm_cdf((x.ln() - mu) / sigma) } else { 0.0 }
            }
        }
    }

    fn discrete(self) -> bool {
        matches!(self, Self::Poisson(_) | Self::NegBin(..))
    }

    fn pmf(self, k: f64) -> f64 {
        match self {
            Self::Poisson(m) => count_pmf(k, m, m),
            Self::NegBin(_, p) => count_pmf(k, self.mean(), self.mean() / p),
            _ => 0.0,
        }
    }

    /// Smallest x with P(D ≤ x) ≥ p (a whole number for counts).
    #[must_use]
    pub fn quantile(self, p: f64) -> f64 {
        match self {
            Self::Normal(m, s) => m + s * norm_ppf(p),
            Self::LogNormal(m, s) => {
                let (mu, sigma) = log_normal(m, s);
                (mu + sigma * norm_ppf(p)).exp()
            }
            Self::Gamma(k, scale) => bisect(0.0, scale * (k + 40.0 * k.sqrt() + 60.0), |x| self.cdf(x) - p),
            Self::Poisson(_) | Self::NegBin(..) => {
                let mut x = 0.0;
                let mut sum = self.pmf(0.0);
                while sum < p && x < 1e7 {
                    x += 1.0;
                    sum += self.pmf(x);
                }
                x
            }
        }
    }

    /// E[(D − x)⁺]: expected shortage.
    #[must_use]
    pub fn short(self, x: f64) -> f64 {
        match self {
            Self::Normal(m, s) => {
                let z = (x - m) / s;
                s * (norm_pdf(z) - z * (1.0 - norm_cdf(z)))
            }
            Self::Gamma(k, scale) => {
                k * scale * (1.0 - gamma_p(k + 1.0, x / scale)) - x * (1.0 - gamma_p(k, x / scale))
            }
            Self::LogNormal(m, s) => {
                let (mu, sigma) = log_normal(m, s);
                let z = (mu - x.ln()) / sigma;
                m * norm_cdf(z + sigma) - x * norm_cdf(z)
            }
            Self::Poisson(_) | Self::NegBin(..) => self.mean() - x + self.over(x),
        }
    }

    /// E[(x − D)⁺]: expected left-over.
    #[must_use]
    pub fn over(self, x: f64) -> f64 {
        if !self.discrete() {
            return x - self.mean() + self.short(x);
        }
        let mut sum = 0.0;
        let mut k = 0.0;
        while k < x {
            sum += (x - k) * self.pmf(k);
            k += 1.0;
        }
        sum
    }

    /// ∫ₓ^∞ E[(D − y)⁺] dy of the normal law: the second-order loss.
    fn short2(self, x: f64) -> f64 {
        let Self::Normal(m, s) = self else { return f64::NAN };
        let z = (x - m) / s;
        0.5 * s * s * ((z * z + 1.0) * (1.0 - norm_cdf(z)) - z * norm_pdf(z))
    }
}

fn log_normal(mean: f64, sd: f64) -> (f64, f64) {
    let sigma2 = (1.0 + (sd / mean).powi(2)).ln();
    (mean.ln() - 0.5 * sigma2, sigma2.sqrt())
}

/// Best single purchase: quantity and expected cost, for costs per unit left over and per unit short.
#[must_use]
pub fn newsvendor(law: Law, over: f64, short: f64) -> (f64, f64) {
    let q = law.quantile(short / (short + over));
    (q, over * law.over(q) + short * law.short(q))
}

/// Economic lot and cost per year: `setup` per order, `holding` per unit and year, demand per year. All ≥ 0; the
/// lot is 0 when there is no demand or no order cost.
#[must_use]
pub fn economic_lot(setup: f64, holding: f64, demand: f64) -> (f64, f64) {
    if setup <= 0.0 || holding <= 0.0 || demand <= 0.0 {
        return (0.0, 0.0);
    }
    ((2.0 * setup * demand / holding).sqrt(), (2.0 * setup * demand * holding).sqrt())
}

/// Costs of a continuously reviewed part. Time unit is a year (or any, used throughout).
#[derive(Clone, Copy, Debug)]
pub struct Review {
    /// Per unit held and year.
    pub holding: f64,
    /// Per unit short (and year, where backorders wait).
    pub shortage: f64,
    /// Per order.
    pub setup: f64,
    /// Demand per year.
    pub demand: f64,
    /// Demand during the lead time.
    pub lead: Law,
}

impl Review {
    fn rate(&self, y: f64) -> f64 {
        self.holding * self.lead.over(y) + self.shortage * self.lead.short(y)
    }

    /// Cost rate of (r, Q) with normal lead-time demand and backorders.
    #[must_use]
    pub fn cost_normal(&self, r: f64, q: f64) -> f64 {
        let m = self.lead.mean();
        // ∫ over [r, r + q] of h (y − D)⁺ + p (D − y)⁺.
        let short = self.lead.short2(r) - self.lead.short2(r + q);
        let over = q * (r + 0.5 * q - m) + short;
        (self.setup * self.demand + self.holding * over + self.shortage * short) / q
    }

    /// Best r for a given lot: both ends of the interval cost the same.
    #[must_use]
    pub fn best_point(&self, q: f64) -> f64 {
        let middle = self.lead.quantile(self.shortage / (self.shortage + self.holding));
        bisect(middle - q, middle, |r| self.rate(r + q) - self.rate(r))
    }

    /// Lot from the economic lot with planned backorders, r to it.
    #[must_use]
    pub fn lot_with_backorders(&self) -> (f64, f64) {
        let (h, p) = (self.holding, self.shortage);
        let q = (2.0 * self.setup * self.demand * (h + p) / (h * p)).sqrt();
        (self.best_point(q), q)
    }

    /// Economic lot, and r as safety stock above the mean of the lead time.
    #[must_use]
    pub fn lot_and_safety(&self) -> (f64, f64) {
        let q = economic_lot(self.setup, self.holding, self.demand).0;
        (self.lead.quantile(self.shortage / (self.shortage + self.holding)), q)
    }

    /// Expected-inventory-level approximation: (r, Q, cost); shortage is per unit short, whatever it waits.
    #[must_use]
    pub fn expected_level(&self) -> (f64, f64, f64) {
        let (h, p, lambda) = (self.holding, self.shortage, self.demand);
        let mut q = economic_lot(self.setup, h, lambda).0;
        let mut r = self.lead.mean();
        for _ in 0..500 {
            r = self.lead.quantile((1.0 - q * h / (p * lambda)).clamp(1e-9, 1.0 - 1e-12));
            let next = (2.0 * lambda * (self.setup + p * self.lead.short(r)) / h).sqrt();
            if (next - q).abs() < 1e-12 {
                break;
            }
            q = next;
        }
        let cost = h * (r - self.lead.mean() + 0.5 * q)
            + self.setup * lambda / q
            + p * lambda * self.lead.short(r) / q;
        (r, q, cost)
    }

    /// Loss-function approximation: (r, Q) for backorders that wait, normal lead-time demand.
    #[must_use]
    pub fn loss_function(&self) -> (f64, f64) {
        let (h, p) = (self.holding, self.shortage);
        let mut q = economic_lot(self.setup, h, self.demand).0;
        let mut r = self.lead.mean();
        let Law::Normal(m, s) = self.lead else { return (r, q) };
        for _ in 0..500 {
            r = bisect(m - 8.0 * s, m + 8.0 * s, |x| h * q / (h + p) - self.lead.short(x));
            let next = (2.0 * (self.setup * self.demand + (h + p) * self.lead.short2(r)) / h).sqrt();
            if (next - q).abs() < 1e-12 {
                break;
            }
            q = next;
        }
        (r, q)
    }

    /// Exact measures of (r, Q) with unit demands: backorders, stock on hand, fill rate, cost rate.
    #[must_use]
    pub fn measures(&self, r: i64, q: i64) -> Measures {
        let (mut short, mut over, mut fill) = (0.0, 0.0, 0.0);
        for y in r + 1..=r + q {
            short += self.lead.short(y as f64);
            over += self.lead.over(y as f64);
            fill += self.lead.cdf(y as f64 - 1.0);
        }
        let n = q as f64;
        let (backorders, on_hand) = (short / n, over / n);
        let cost = self.setup * self.demand / n + self.holding * on_hand + self.shortage * backorders;
        Measures { backorders, on_hand, fill: fill / n, cost }
    }

    /// Exact best (r, Q) for unit demands and its cost (Federgruen & Zheng): the lot grows at the cheaper end until
    /// it no longer pays.
    #[must_use]
    pub fn best_lot(&self) -> (i64, i64, f64) {
        let mut y = self.lead.quantile(self.shortage / (self.shortage + self.holding)) as i64;
        while self.rate(y as f64 - 1.0) < self.rate(y as f64) {
            y -= 1;
        }
        let (mut low, mut high) = (y, y);
        let mut sum = self.setup * self.demand + self.rate(y as f64);
        let mut cost = sum;
        loop {
            let (a, b) = (self.rate(low as f64 - 1.0), self.rate(high as f64 + 1.0));
            let next = a.min(b);
            if next >= cost {
                return (low - 1, high - low + 1, cost);
            }
            if a < b {
                low -= 1;
            } else {
                high += 1;
            }
            sum += next;
            cost = sum / (high - low + 1) as f64;
        }
    }
}

/// Measures of a policy, per year where they are rates.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Measures {
    /// Mean backorders.
    pub backorders: f64,
    /// Mean stock on hand.
    pub on_hand: f64,
    /// Share of units filled at once.
    pub fill: f64,
    /// Cost rate.
    pub cost: f64,
}

/// Periodic review (R, S) with Poisson demand at `rate` per year: look every `review`, order up to `level`, arrival
/// after `lead`. The order cost falls due only when there is something to order.
#[must_use]
pub fn periodic(
    rate: f64,
    lead: f64,
    review: f64,
    level: i64,
    holding: f64,
    shortage: f64,
    setup: f64,
) -> Measures {
    let s = level as f64;
    // Simpson's rule over the cycle.
    let n = 200;
    let width = review / f64::from(n);
    let mut backorders = 0.0;
    for k in 0..=n {
        let weight = if k == 0 || k == n {
            1.0
        } else if k % 2 == 1 {
            4.0
        } else {
            2.0
        };
        backorders += weight * Law::Poisson(rate * (lead + f64::from(k) * width)).short(s);
    }
    backorders *= width / 3.0 / review;
    let on_hand = s - rate * (lead + 0.5 * review) + backorders;
    let short = Law::Poisson(rate * (lead + review)).short(s) - Law::Poisson(rate * lead).short(s);
    let orders = (1.0 - (-rate * review).exp()) / review;
    let cost = setup * orders + holding * on_hand + shortage * backorders;
    Measures { backorders, on_hand, fill: 1.0 - short / (rate * review), cost }
}

/// Exact best (s, S) for a demand per period that is a count: order up to S when the position is at or below s
/// (Zheng & Federgruen 1991). Costs per unit left and per unit short at the end of each period, `setup` per order.
/// Result: s, S and cost per period.
#[must_use]
pub fn order_levels(demand: Law, holding: f64, shortage: f64, setup: f64) -> (i64, i64, f64) {
    let rate = |y: i64| {
        let y = y as f64;
        holding * demand.over(y.max(0.0)) + shortage * demand.short(y.max(0.0)) + shortage * (-y).max(0.0)
    };
    // Renewal function of the demand: m[j] = expected visits j below the order-up-to level.
    let zero = 1.0 - demand.pmf(0.0);
    let mut visits = vec![1.0 / zero];
    let mut visit = |j: usize| {
        while visits.len() <= j {
            let n = visits.len();
            let sum: f64 = (1..=n).map(|k| demand.pmf(k as f64) * visits[n - k]).sum();
            visits.push(sum / zero);
        }
        visits[j]
    };
    let mut cost = |s: i64, top: i64| {
        let (mut sum, mut time) = (setup, 0.0);
        for j in 0..(top - s) as usize {
            let m = visit(j);
            sum += m * rate(top - j as i64);
            time += m;
        }
        sum / time
    };
    let best = demand.quantile(shortage / (shortage + holding)) as i64;
    let mut s = best - 1;
    while cost(s, best) > rate(s) {
        s -= 1;
    }
    let (mut top, mut least) = (best, cost(s, best));
    let mut next = top + 1;
    while rate(next) <= least {
        let c = cost(s, next);
        if c < least {
            top = next;
            while cost(s, top) <= rate(s + 1) && s + 1 < top {
                s += 1;
            }
            least = cost(s, top);
        }
        next += 1;
    }
    (s, top, least)
}

/// Lots for known demand of coming periods (Wagner & Whitin): orders per period and cost; `holding` per unit and period.
#[must_use]
pub fn lots(demand: &[f64], setup: f64, holding: f64) -> (Vec<f64>, f64) {
    let n = demand.len();
    let mut best = vec![0.0; n + 1];
    let mut next = vec![n; n + 1];
    for t in (0..n).rev() {
        best[t] = f64::INFINITY;
        let mut held = 0.0;
        for end in t..n {
            held += holding * (end - t) as f64 * demand[end];
            let cost = setup + held + best[end + 1];
            if cost < best[t] {
                (best[t], next[t]) = (cost, end + 1);
            }
        }
        if demand[t] == 0.0 && best[t + 1] < best[t] {
            (best[t], next[t]) = (best[t + 1], usize::MAX);
        }
    }
    let (mut orders, mut t) = (vec![0.0; n], 0);
    while t < n {
        if next[t] == usize::MAX {
            t += 1;
            continue;
        }
        orders[t] = demand[t..next[t]].iter().sum();
        t = next[t];
    }
    (orders, best[0])
}
