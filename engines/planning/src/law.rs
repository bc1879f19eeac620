//! The distribution of one series: a base distribution cut into steps, the chances to get past them moved by what was
//! learned; and mixtures of such distributions.

use crate::{dist::Base, gbdt::K};

/// Levels of the base distribution at which the steps are cut; two more steps lie beyond the last one.
const LEVELS: [f64; K - 2] = [
    0.08, 0.2, 0.32, 0.44, 0.55, 0.64, 0.72, 0.79, 0.85, 0.89, 0.92, 0.945, 0.96, 0.972, 0.981, 0.988,
    0.9925, 0.9955, 0.998, 0.9993,
];
/// Log-odds to get past the two steps of the far tail.
const FAR: f32 = -1.1;
/// Where in the chance of a piece its quantile is that piece: the mid-distribution quantile of Ma, Genton & Parzen
/// (2011).
pub(crate) const WITHIN: f64 = 0.5;
/// Halvings of the interval in which a quantile of a mixture of continuous laws is looked for.
const HALVINGS: usize = 14;

/// A base distribution cut into steps.
#[derive(Clone, Debug)]
pub(crate) struct Steps {
    ends: [f64; K],
    below: [f64; K],
    /// Log-odds to get past each step; NaN where the step has no width.
    pub(crate) odds: [f32; K],
}

impl Steps {
    /// The steps of a base distribution.
    pub(crate) fn new(base: &Base) -> Self {
        let mut s = Self { ends: [0.0; K], below: [1.0; K], odds: [f32::NAN; K] };
        let (mut end, mut left) = (-1.0, 1.0);
        for (k, u) in LEVELS.iter().enumerate() {
            let t = base.quantile(*u);
            s.ends[k] = t;
            s.below[k] = 1.0 - left;
            if t > end {
                let beyond = (1.0 - base.cdf(t)).clamp(1e-5, 1.0);
                let go = (beyond / left).clamp(1e-4, 1.0 - 1e-4);
                s.odds[k] = (go / (1.0 - go)).ln() as f32;
                s.below[k] = 1.0 - beyond;
                (end, left) = (t, beyond);
            }
        }
        s.ends[K - 2] = (end * 1.5).max(end + 1.0).ceil();
        s.ends[K - 1] = (s.ends[K - 2] * 1.7).max(end + 3.0).ceil();
        s.odds[K - 2] = FAR;
        s.odds[K - 1] = FAR;
        s
    }

    /// Step at which a total stops; K when it passes all.
    pub(crate) fn stop(&self, y: f64) -> u8 {
        (0..K).find(|k| !self.odds[*k].is_nan() && y <= self.ends[*k] + 1e-9).unwrap_or(K) as u8
    }
}

/// A base distribution whose log-odds to get past each step were moved.
pub(crate) struct Law<'a> {
    base: &'a Base,
    steps: &'a Steps,
    /// Cumulative probability at the end of each step.
    cumulative: [f64; K],
}

impl<'a> Law<'a> {
    /// The law whose log-odds are those of the steps plus a shift.
    pub(crate) fn new(base: &'a Base, steps: &'a Steps, shift: &[f32; K]) -> Self {
        let mut left = 1.0f64;
        let mut cumulative = [0.0; K];
        for k in 0..K {
            if !steps.odds[k].is_nan() {
                left *= 1.0 / (1.0 + f64::from(-(steps.odds[k] + shift[k])).exp());
            }
            cumulative[k] = 1.0 - left;
        }
        Self { base, steps, cumulative }
    }

    /// Steps that have a width: number and cumulative probability at the end.
    fn wide(&self) -> impl Iterator<Item = (usize, f64)> + '_ {
        self.cumulative.iter().copied().enumerate().filter(|(k, _)| !self.steps.odds[*k].is_nan())
    }

    /// The smallest total with P(demand ≤ total) ≥ p.
    fn quantile(&self, p: f64, whole: bool) -> f64 {
        let (mut f0, mut u0, mut t0) = (0.0, 0.0, 0.0);
        for (k, f1) in self.wide() {
            if p <= f1 {
                let w = if f1 > f0 { ((p - f0) / (f1 - f0)).clamp(0.0, 1.0) } else { 1.0 };
                if k < K - 2 {
                    let u = u0 + w * (self.steps.below[k] - u0);
                    return self.base.quantile(u.clamp(1e-9, 1.0 - 1e-9)).clamp(t0, self.steps.ends[k]);
                }
                let value = t0 + w * (self.steps.ends[k] - t0);
                return if whole { (value - 1e-9).ceil() } else { value };
            }
            (f0, u0, t0) = (f1, self.steps.below[k], self.steps.ends[k]);
        }
        let value = t0 * (1.0 + (p - f0) / (1.0 - f0).max(1e-9));
        if whole { (value - 1e-9).ceil() } else { value }
    }

    /// P(total ≤ x), the inverse of [`Law::quantile`].
    fn chance(&self, x: f64) -> f64 {
        if x < 0.0 {
            return 0.0;
        }
        let (mut f0, mut u0, mut t0) = (0.0, 0.0, 0.0);
        for (k, f1) in self.wide() {
            let (end, below) = (self.steps.ends[k], self.steps.below[k]);
            if x <= end {
                let w = if k < K - 2 {
                    (self.base.cdf(x) - u0) / (below - u0).max(1e-12)
                } else {
                    (x - t0) / (end - t0).max(1e-12)
                };
                return f0 + w.clamp(0.0, 1.0) * (f1 - f0);
            }
            (f0, u0, t0) = (f1, below, end);
        }
        f0 + (x / t0.max(1e-9) - 1.0).clamp(0.0, 1.0) * (1.0 - f0)
    }

    /// Chance of no demand at all in the window.
    pub(crate) fn none(&self) -> f64 {
        let (mut at_zero, mut before) = (None, None);
        for (k, f) in self.wide() {
            if self.steps.ends[k] <= 0.0 {
                at_zero = Some(f);
            } else {
                // The share of the first step that lies at zero.
                before = Some(f * (self.base.cdf(0.0) / self.steps.below[k].max(1e-9)).min(1.0));
                break;
            }
        }
        at_zero.or(before).unwrap_or(0.0).clamp(0.0, 1.0)
    }

    /// Mean: inside a step the law is spread as the base distribution is.
    pub(crate) fn mean(&self) -> f64 {
        let (mut f0, mut u0, mut t0, mut sum) = (0.0, 0.0, 0.0, 0.0);
        for (k, f1) in self.wide() {
            let centre = if k < K - 2 {
                let width = self.steps.below[k] - u0;
                [1.0, 3.0, 5.0].iter().map(|j| self.base.quantile(u0 + width * j / 6.0)).sum::<f64>() / 3.0
            } else {
                t0 + 0.35 * (self.steps.ends[k] - t0)
            };
            sum += (f1 - f0) * centre;
            (f0, u0, t0) = (f1, self.steps.below[k], self.steps.ends[k]);
        }
        sum + (1.0 - f0) * t0 * 1.2
    }
}

/// A mixture of laws with weights that add up to one.
pub(crate) struct Mixture<'a> {
    laws: Vec<(Law<'a>, f64)>,
    whole: bool,
}

impl<'a> Mixture<'a> {
    /// The mixture; `whole` says that only whole units occur.
    pub(crate) fn new(laws: Vec<(Law<'a>, f64)>, whole: bool) -> Self {
        Self { laws, whole }
    }

    /// P(total ≤ x).
    fn chance(&self, x: f64) -> f64 {
        self.laws.iter().map(|(law, weight)| weight * law.chance(x)).sum()
    }

    /// The smallest total with P(demand ≤ total) ≥ p.
    pub(crate) fn quantile(&self, p: f64) -> f64 {
        let (mut low, mut high) = (f64::INFINITY, 0.0f64);
        for (law, _) in &self.laws {
            let q = law.quantile(p, self.whole);
            (low, high) = (low.min(q), high.max(q));
        }
        if self.laws.len() < 2 {
            return high;
        }
        if self.whole {
            // The laws' own quantiles lie around it.
            while high - low >= 1.0 {
                let middle = (0.5 * (low + high)).floor();
                if self.chance(middle) >= p { high = middle } else { low = middle + 1.0 }
            }
            return high;
        }
        for _ in 0..HALVINGS {
            let middle = 0.5 * (low + high);
            if self.chance(middle) >= p { high = middle } else { low = middle }
        }
        high
    }

    /// A quantile of whole pieces moved between the pieces: where [`WITHIN`] of the chance of a piece is passed the
    /// quantile is that piece, and in between it lies in between. Nothing stays nothing.
    pub(crate) fn between(&self, p: f64, piece: f64) -> f64 {
        if piece < 1.0 || !self.whole {
            return piece;
        }
        let (before, here) = (self.chance(piece - 1.0), self.chance(piece));
        let at = before + WITHIN * (here - before);
        let (from, low, high) = if p <= at {
            let earlier = self.chance(piece - 2.0);
            (piece - 1.0, earlier + WITHIN * (before - earlier), at)
        } else {
            (piece, at, here + WITHIN * (self.chance(piece + 1.0) - here))
        };
        from + if high > low { ((p - low) / (high - low)).clamp(0.0, 1.0) } else { 1.0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mixture_of_one_law_with_itself_is_that_law() {
        for (mean, variance, whole) in [(0.3, 0.9, true), (7.0, 30.0, true), (400.0, 900.0, false)] {
            let base = Base::new(mean, variance, whole);
            let steps = Steps::new(&base);
            let shift = [0.2; K];
            let law = || Law::new(&base, &steps, &shift);
            let one = Mixture::new(vec![(law(), 1.0)], whole);
            let same = Mixture::new(vec![(law(), 0.4), (law(), 0.6)], whole);
            for p in [0.05, 0.5, 0.8, 0.95, 0.99, 0.998] {
                let (a, b) = (one.quantile(p), same.quantile(p));
                assert!((a - b).abs() < 1e-9, "{mean} {p}: {a} {b}");
                assert!((one.between(p, a) - same.between(p, b)).abs() < 1e-6);
            }
        }
    }

    #[test]
    fn a_mixture_lies_between_its_laws_and_is_reached_at_its_chance() {
        let bases = [Base::new(2.0, 5.0, true), Base::new(6.0, 20.0, true)];
        let steps = bases.each_ref().map(Steps::new);
        let law = |k: usize| Law::new(&bases[k], &steps[k], &[0.0; K]);
        let mixed = Mixture::new(vec![(law(0), 0.5), (law(1), 0.5)], true);
        let mut last = 0.0;
        for p in [0.1, 0.3, 0.5, 0.7, 0.9, 0.95, 0.99, 0.999] {
            let q = mixed.quantile(p);
            assert!(q >= law(0).quantile(p, true) && q <= law(1).quantile(p, true) && q >= last);
            assert!(mixed.chance(q) >= p && (q < 1.0 || mixed.chance(q - 1.0) < p), "{p}: {q}");
            last = q;
        }
    }
}
