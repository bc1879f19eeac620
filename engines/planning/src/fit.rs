//! The forecast of a whole panel: automatic choice per series, base distribution, and trees that correct it with
//! what happened to all series after comparable histories.

use crate::{
    dist::Base,
    features::{OWN, features},
    gbdt::{Forest, Growth, K, unit},
    local::{Local, Mixing, Pool, locals, path, relative_errors, running},
    models::{MODELS, Model, Window},
    panel::{Panel, PlanError},
    par::Control,
    prior::Prior,
};

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
/// Features at most, attributes included.
const WIDEST: usize = 64;
const PIECE: usize = 256;

/// Known properties of the series that may help: one column per property, NaN where unknown.
#[derive(Clone, Debug, Default)]
pub struct Attributes {
    /// `columns[property][series]`, for example the logarithm of price or lead time.
    pub columns: Vec<Vec<f32>>,
}

/// How a panel is forecast.
#[derive(Clone, Debug)]
pub struct Settings {
    /// What is forecast.
    pub window: Window,
    /// Past cut-offs of series to learn from, at most.
    pub examples: usize,
    /// Series that set the common experience of models, at most.
    pub pool: usize,
    /// How experience is mixed.
    pub mixing: Mixing,
    /// How boosted trees grow.
    pub growth: Growth,
    /// Boosted forests that are averaged.
    pub forests: usize,
    /// How the forest of analogues grows: trees side by side, whose leaves are groups of comparable histories.
    pub analogues: Growth,
}

impl Settings {
    /// The defaults for a window.
    #[must_use]
    pub fn new(window: Window) -> Self {
        Self {
            window,
            examples: 120_000,
            pool: 8_000,
            mixing: Mixing::default(),
            growth: Growth::default(),
            forests: 2,
            analogues: Growth {
                trees: 80,
                depth: 7,
                rate: 1.0,
                ridge: 3.0,
                ridge_step: 6.0,
                features: 0.4,
                boost: false,
                seed: 99,
                ..Growth::default()
            },
        }
    }
}

/// A panel's experience up to its cut-off, ready to forecast any of its series.
pub struct Fitted {
    pub(crate) settings: Settings,
    pub(crate) cutoff: usize,
    unit: f64,
    pub(crate) whole: bool,
    pub(crate) pool: Pool,
    pub(crate) prior: Prior,
    /// All trees.
    pub(crate) forest: Forest,
    /// Weights of the three means.
    pub(crate) means: [f64; 3],
    /// Calibration of the distribution's mean.
    pub(crate) corrected: Prior,
}

/// The forecast of one series.
#[derive(Clone, Debug)]
pub struct Forecast {
    /// Mean of the window's total.
    pub mean: f64,
    /// The means of which `mean` is a mixture: automatic choice, calibrated by all series, of the distribution.
    pub means: [f64; 3],
    /// Its quantiles at the levels asked for, never falling; whole pieces or between them, as asked for.
    pub quantiles: Vec<f64>,
    /// Months with demand per month, 0 to 1: how many lines there will be.
    pub lines: f64,
    /// The model with the largest weight and that weight.
    pub model: (Model, f64),
}

/// A series before the trees are asked.
struct Ready {
    local: Local,
    base: Base,
    steps: Steps,
    bins: [u8; WIDEST],
    line_rate: f64,
}

pub(crate) struct Steps {
    ends: [f64; K],
    below: [f64; K],
    pub(crate) odds: [f32; K],
}

pub(crate) fn steps(base: &Base) -> Steps {
    let mut s = Steps { ends: [0.0; K], below: [1.0; K], odds: [f32::NAN; K] };
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

pub(crate) fn stop(steps: &Steps, y: f64) -> u8 {
    (0..K).find(|k| !steps.odds[*k].is_nan() && y <= steps.ends[*k] + 1e-9).unwrap_or(K) as u8
}

/// Cumulative probability at the end of each step from log-odds.
pub(crate) fn cumulative(steps: &Steps, odds: &[f32; K]) -> [f64; K] {
    let mut left = 1.0f64;
    let mut out = [0.0; K];
    for k in 0..K {
        if !steps.odds[k].is_nan() {
            left *= 1.0 / (1.0 + f64::from(-odds[k]).exp());
        }
        out[k] = 1.0 - left;
    }
    out
}

pub(crate) fn quantile(base: &Base, steps: &Steps, cumulative: &[f64; K], p: f64, whole: bool) -> f64 {
    let (mut f0, mut u0, mut t0) = (0.0, 0.0, 0.0);
    for (k, f1) in cumulative.iter().copied().enumerate() {
        if steps.odds[k].is_nan() {
            continue;
        }
        if p <= f1 {
            let w = if f1 > f0 { ((p - f0) / (f1 - f0)).clamp(0.0, 1.0) } else { 1.0 };
            if k < K - 2 {
                let u = u0 + w * (steps.below[k] - u0);
                return base.quantile(u.clamp(1e-9, 1.0 - 1e-9)).clamp(t0, steps.ends[k]);
            }
            let value = t0 + w * (steps.ends[k] - t0);
            return if whole { (value - 1e-9).ceil() } else { value };
        }
        (f0, u0, t0) = (f1, steps.below[k], steps.ends[k]);
    }
    let value = t0 * (1.0 + (p - f0) / (1.0 - f0).max(1e-9));
    if whole { (value - 1e-9).ceil() } else { value }
}

/// P(total ≤ x), the inverse of [`quantile`].
fn chance(base: &Base, steps: &Steps, cumulative: &[f64; K], x: f64) -> f64 {
    if x < 0.0 {
        return 0.0;
    }
    let (mut f0, mut u0, mut t0) = (0.0, 0.0, 0.0);
    for (k, f1) in cumulative.iter().copied().enumerate().filter(|(k, _)| !steps.odds[*k].is_nan()) {
        if x <= steps.ends[k] {
            let w = if k < K - 2 {
                (base.cdf(x) - u0) / (steps.below[k] - u0).max(1e-12)
            } else {
                (x - t0) / (steps.ends[k] - t0).max(1e-12)
            };
            return f0 + w.clamp(0.0, 1.0) * (f1 - f0);
        }
        (f0, u0, t0) = (f1, steps.below[k], steps.ends[k]);
    }
    f0 + (x / t0.max(1e-9) - 1.0).clamp(0.0, 1.0) * (1.0 - f0)
}

/// A quantile of whole pieces moved between the pieces: where [`WITHIN`] of the chance of a piece is passed the
/// quantile is that piece, and in between it lies in between. Nothing stays nothing.
fn between(chance: impl Fn(f64) -> f64, p: f64, piece: f64) -> f64 {
    if piece < 1.0 {
        return piece;
    }
    let (before, here) = (chance(piece - 1.0), chance(piece));
    let at = before + WITHIN * (here - before);
    let (from, low, high) = if p <= at {
        let earlier = chance(piece - 2.0);
        (piece - 1.0, earlier + WITHIN * (before - earlier), at)
    } else {
        (piece, at, here + WITHIN * (chance(piece + 1.0) - here))
    };
    from + if high > low { ((p - low) / (high - low)).clamp(0.0, 1.0) } else { 1.0 }
}

/// Chance of no demand at all in the window.
fn none(base: &Base, steps: &Steps, cumulative: &[f64; K]) -> f64 {
    let (mut at_zero, mut before) = (None, None);
    for (k, f) in cumulative.iter().enumerate().filter(|(k, _)| !steps.odds[*k].is_nan()) {
        if steps.ends[k] <= 0.0 {
            at_zero = Some(*f);
        } else {
            // The share of the first step that lies at zero.
            before = Some(*f * (base.cdf(0.0) / steps.below[k].max(1e-9)).min(1.0));
            break;
        }
    }
    at_zero.or(before).unwrap_or(0.0).clamp(0.0, 1.0)
}

/// Mean of the corrected distribution: inside a step it is spread as the base distribution is.
pub(crate) fn mean(base: &Base, steps: &Steps, cumulative: &[f64; K]) -> f64 {
    let (mut f0, mut u0, mut t0, mut sum) = (0.0, 0.0, 0.0, 0.0);
    for (k, f1) in cumulative.iter().enumerate() {
        if steps.odds[k].is_nan() {
            continue;
        }
        let centre = if k < K - 2 {
            let width = steps.below[k] - u0;
            [1.0, 3.0, 5.0].iter().map(|j| base.quantile(u0 + width * j / 6.0)).sum::<f64>() / 3.0
        } else {
            t0 + 0.35 * (steps.ends[k] - t0)
        };
        sum += (f1 - f0) * centre;
        (f0, u0, t0) = (*f1, steps.below[k], steps.ends[k]);
    }
    sum + (1.0 - f0) * t0 * 1.2
}

impl Fitted {
    /// Learns from the first `cutoff` periods of the panel; later ones are not looked at.
    ///
    /// # Errors
    /// [`PlanError::Cancelled`], or [`PlanError::Range`] when `cutoff` is beyond the panel.
    pub fn new(
        panel: &Panel,
        cutoff: usize,
        attributes: &Attributes,
        settings: &Settings,
        control: &Control,
    ) -> Result<Self, PlanError> {
        if cutoff > panel.periods() {
            return Err(PlanError::Range("cut-off", cutoff as f64));
        }
        let (unit, whole) = panel.unit(cutoff);
        let empty = Pool::new(&[], settings.mixing);
        let mut fitted = Self {
            settings: settings.clone(),
            cutoff,
            unit,
            whole,
            pool: empty,
            prior: Prior::default(),
            forest: Forest::default(),
            means: [1.0, 0.0, 0.0],
            corrected: Prior::default(),
        };
        let reach = settings.window.reach();
        if cutoff < reach + 4 {
            return Ok(fitted);
        }
        let chosen = sample(panel.series(), settings.pool);
        let errors = control.pieces(chosen.len(), PIECE, "models", |range| {
            let rows =
                range.filter_map(|j| relative_errors(&fitted.history(panel, chosen[j]), settings.window));
            rows.collect::<Vec<_>>()
        });
        fitted.pool = Pool::new(&errors.into_iter().flatten().collect::<Vec<_>>(), settings.mixing);
        fitted.learn(panel, attributes, control);
        if control.cancelled() { Err(PlanError::Cancelled) } else { Ok(fitted) }
    }

    pub(crate) fn history(&self, panel: &Panel, i: usize) -> Vec<f64> {
        panel.row(i)[..self.cutoff].iter().map(|x| f64::from(*x) / self.unit).collect()
    }

    pub(crate) fn base(&self, local: &Local) -> Base {
        let (mean, error) = self.prior.at(local.mean);
        let variance = self.prior.variance(local, error, self.settings.window.reach());
        Base::new(mean, variance, self.whole)
    }

    /// Forecasts all series of the panel at the cut-off, with quantiles at `levels` (each in (0, 1), rising), which
    /// may lie between whole pieces: the nearer to the next piece the less certain it is that this one suffices. A
    /// stock level is the next whole piece.
    ///
    /// # Errors
    /// [`PlanError::Cancelled`].
    pub fn predict(
        &self,
        panel: &Panel,
        attributes: &Attributes,
        levels: &[f64],
        control: &Control,
    ) -> Result<Vec<Forecast>, PlanError> {
        self.forecasts(panel, attributes, (levels, true), control)
    }

    /// The same with quantiles in whole pieces, from which the chances of stock levels can be read.
    ///
    /// # Errors
    /// [`PlanError::Cancelled`].
    pub fn predict_pieces(
        &self,
        panel: &Panel,
        attributes: &Attributes,
        levels: &[f64],
        control: &Control,
    ) -> Result<Vec<Forecast>, PlanError> {
        self.forecasts(panel, attributes, (levels, false), control)
    }

    fn forecasts(
        &self,
        panel: &Panel,
        attributes: &Attributes,
        levels: (&[f64], bool),
        control: &Control,
    ) -> Result<Vec<Forecast>, PlanError> {
        let parts = control
            .pieces(panel.series(), PIECE, "forecast", |range| self.block(panel, attributes, levels, range));
        if control.cancelled() {
            return Err(PlanError::Cancelled);
        }
        Ok(parts.into_iter().flatten().collect())
    }

    /// Forecasts in whole pieces of each of the next `horizon` single periods, for the series of a range; to be asked of a model that
    /// was fitted for the next period ([`Window::next`] of 1).
    ///
    /// # Errors
    /// [`PlanError::Cancelled`].
    pub fn paths(
        &self,
        panel: &Panel,
        attributes: &Attributes,
        levels: &[f64],
        horizon: usize,
        range: std::ops::Range<usize>,
        control: &Control,
    ) -> Result<Vec<Vec<Forecast>>, PlanError> {
        let growth = self.error_growth(panel, horizon, control);
        let start = range.start;
        let parts = control.pieces(range.len(), PIECE, "forecast", |piece| {
            piece.map(|k| self.path(panel, attributes, levels, &growth, start + k)).collect::<Vec<_>>()
        });
        if control.cancelled() {
            return Err(PlanError::Cancelled);
        }
        Ok(parts.into_iter().flatten().collect())
    }

    fn path(
        &self,
        panel: &Panel,
        attributes: &Attributes,
        levels: &[f64],
        growth: &[f64],
        i: usize,
    ) -> Vec<Forecast> {
        let y = self.history(panel, i);
        let sums = running(&y);
        let locals = path(&y, &self.pool, growth.len());
        let step = |(local, growth): (&Local, &f64)| {
            let local = Local { error: local.error * growth, ..*local };
            let ready = self.ready(&y, &sums, &local, attributes, i);
            let shifts = self.forest.shifts(&[ready.bins]);
            self.finish(&ready, &shifts[0], (levels, false))
        };
        locals.iter().zip(growth).map(step).collect()
    }

    /// How squared errors of single periods grow with their distance, over a sample of series; never falling.
    fn error_growth(&self, panel: &Panel, horizon: usize, control: &Control) -> Vec<f64> {
        let chosen = sample(panel.series(), 400);
        let far = horizon.min(self.cutoff / 2).max(1);
        let sums = control.pieces(chosen.len(), 32, "", |range| {
            let mut sums = vec![(0.0, 0.0); far];
            for j in range {
                let y = self.history(panel, chosen[j]);
                let scale = y.iter().map(|x| x * x).sum::<f64>().max(1e-9);
                for (k, sum) in sums.iter_mut().enumerate() {
                    let window = Window { offset: k, length: 1 };
                    let rows = crate::models::forecasts(&y, window);
                    for c in self.cutoff / 2..self.cutoff - k {
                        sum.0 += (rows[c][8] - y[c + k]).powi(2) / scale;
                        sum.1 += 1.0;
                    }
                }
            }
            sums
        });
        let mut all = vec![(0.0, 0.0); far];
        for part in sums {
            all.iter_mut().zip(part).for_each(|(a, b)| *a = (a.0 + b.0, a.1 + b.1));
        }
        let first = all[0].0 / f64::max(all[0].1, 1.0);
        let mut growth = Vec::with_capacity(horizon);
        let mut most = 1.0f64;
        for k in 0..horizon {
            let (sum, n) = all[k.min(far - 1)];
            if first > 0.0 && n > 0.0 {
                most = most.max((sum / n / first).min(4.0));
            }
            growth.push(most);
        }
        growth
    }

    /// The series of a range, tree by tree over all of them.
    fn block(
        &self,
        panel: &Panel,
        attributes: &Attributes,
        levels: (&[f64], bool),
        range: std::ops::Range<usize>,
    ) -> Vec<Forecast> {
        let ready: Vec<Ready> = range
            .map(|i| {
                let y = self.history(panel, i);
                let local = locals(&y, self.settings.window, &self.pool).last().copied().unwrap_or_default();
                self.ready(&y, &running(&y), &local, attributes, i)
            })
            .collect();
        let bins: Vec<[u8; WIDEST]> = ready.iter().map(|r| r.bins).collect();
        let shifts = self.forest.shifts(&bins);
        ready.iter().zip(&shifts).map(|(ready, shift)| self.finish(ready, shift, levels)).collect()
    }

    /// What the trees are asked with.
    fn ready(&self, y: &[f64], sums: &[f64], local: &Local, attributes: &Attributes, i: usize) -> Ready {
        let base = self.base(local);
        let mut row = [0.0f32; WIDEST];
        let moments = (base.mean, base.variance);
        let own = features(y, sums, self.cutoff, self.settings.window, local, moments);
        row[..OWN].copy_from_slice(&own);
        for (cell, column) in row[OWN..].iter_mut().zip(&attributes.columns) {
            *cell = known(column, i);
        }
        let width = (OWN + attributes.columns.len()).min(WIDEST);
        let bins = self.forest.bins(&row[..width]);
        Ready { local: *local, steps: steps(&base), base, bins, line_rate: line_rate(y) }
    }

    /// The forecast, once the trees have moved the log-odds by `shift`.
    fn finish(&self, ready: &Ready, shift: &[f32; K], (levels, moved): (&[f64], bool)) -> Forecast {
        let Ready { local, base, steps, line_rate, .. } = ready;
        let mut odds = steps.odds;
        odds.iter_mut().zip(shift).for_each(|(o, s)| *o += s);
        let cumulative = cumulative(steps, &odds);
        let mut least = 0.0f64;
        let at = |p: &f64| {
            let q = quantile(base, steps, &cumulative, *p, self.whole);
            let q =
                if moved && self.whole { between(|x| chance(base, steps, &cumulative, x), *p, q) } else { q };
            least = least.max(q);
            least * self.unit
        };
        let quantiles = levels.iter().map(at).collect();
        let corrected = self.corrected.at(mean(base, steps, &cumulative)).0;
        let [a, b, c] = self.means;
        let months = self.settings.window.length as f64;
        Forecast {
            mean: (a * local.mean + b * base.mean + c * corrected) * self.unit,
            means: [local.mean * self.unit, base.mean * self.unit, corrected * self.unit],
            quantiles,
            lines: 0.5 * (line_rate + 1.0 - none(base, steps, &cumulative).powf(1.0 / months)),
            model: (MODELS[local.best], local.share),
        }
    }

    /// Whether experience of other series went in.
    #[must_use]
    pub fn learned(&self) -> bool {
        self.forest.trees() > 0
    }
}

/// Share of months with demand, newer months weighing more (half after two years), one line in 60 months as prior.
fn line_rate(y: &[f64]) -> f64 {
    let (mut lines, mut months, mut weight) = (1.0 / 12.0, 5.0, 1.0);
    for x in y.iter().rev() {
        lines += weight * f64::from(u8::from(*x > 0.0));
        months += weight;
        weight *= 0.971;
    }
    lines / months
}

pub(crate) fn known(column: &[f32], i: usize) -> f32 {
    column.get(i).copied().filter(|v| v.is_finite()).unwrap_or(-1e9)
}

/// Up to `wanted` of `n` series, spread evenly by hash, in order.
pub(crate) fn sample(n: usize, wanted: usize) -> Vec<usize> {
    if n <= wanted {
        return (0..n).collect();
    }
    let share = wanted as f64 / n as f64;
    (0..n).filter(|i| unit(11, *i as u64) < share).collect()
}
