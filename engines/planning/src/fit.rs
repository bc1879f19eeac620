//! The forecast of a whole panel: automatic choice per series, base distribution, and trees that correct it with
//! what happened to all series after comparable histories.

use crate::{
    dist::Base,
    features::{OWN, features},
    gbdt::{Example, Forest, Growth, K, Training, hash, unit},
    local::{Local, Mixing, Pool, actual, locals, relative_errors, running},
    models::{MODELS, Model, Window},
    panel::{Panel, PlanError},
    par::Control,
};

/// Levels of the base distribution at which the steps are cut; two more steps lie beyond the last one.
const LEVELS: [f64; K - 2] = [
    0.08, 0.2, 0.32, 0.44, 0.55, 0.64, 0.72, 0.79, 0.85, 0.89, 0.92, 0.945, 0.96, 0.972, 0.981, 0.988,
    0.9925, 0.9955, 0.998, 0.9993,
];
/// Log-odds to get past the two steps of the far tail.
const FAR: f32 = -1.1;
const PIECE: usize = 256;
/// Independent windows of common experience that weigh as much as the series' own errors.
const OWN_PRIOR: f64 = 4.0;

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
    /// How trees grow.
    pub growth: Growth,
    /// Forests to average.
    pub forests: usize,
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
            forests: 1,
        }
    }
}

/// Mean and squared error of what came, by size of forecast: the common prior of all series.
#[derive(Clone, Debug, Default)]
struct Prior {
    /// Upper ends of the bins of the forecast mean.
    edges: Vec<f64>,
    /// Mean of the outcome over the mean of the forecast, and what is added to tiny forecasts.
    means: Vec<(f64, f64)>,
    /// Mean squared error over (forecast + 0.1)^1.5.
    errors: Vec<f64>,
    /// Upper ends of the bins of own error over prior error, and what the mixture of both is to be multiplied with.
    factors: Vec<(f64, f64)>,
}

impl Prior {
    fn new(mut pairs: Vec<(f64, f64)>) -> Self {
        pairs.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)));
        let bins = (pairs.len() / 200).clamp(1, 24);
        let mut prior = Self::default();
        for part in equal_bins(&pairs, bins) {
            let n = part.len() as f64;
            let forecast = part.iter().map(|p| p.0).sum::<f64>();
            let outcome = part.iter().map(|p| p.1).sum::<f64>();
            let scaled: f64 = part.iter().map(|(f, y)| (f - y).powi(2) / spread(*f)).sum();
            let centre = forecast / n;
            prior.edges.push(centre);
            // Ten examples that agree with the forecast.
            let ratio = (outcome + 10.0 * centre + 0.01) / (forecast + 10.0 * centre + 0.01);
            prior.means.push(if centre < 0.02 { (1.0, outcome / n) } else { (ratio.clamp(0.6, 1.6), 0.0) });
            prior.errors.push((scaled + 1.0) / (n + 1.0));
        }
        prior
    }

    /// Mixture of own error and prior error.
    fn mixed(local: &Local, prior: f64, reach: usize) -> f64 {
        let n = 1.5 * local.count as f64 / reach as f64;
        (n * local.error + OWN_PRIOR * prior) / (n + OWN_PRIOR)
    }

    /// Learns how far the mixture is off, by how quiet the series was against its like.
    fn calibrate(&mut self, rows: &[(usize, usize, Local, f64)], reach: usize) {
        let mut seen: Vec<(f64, f64)> = rows
            .iter()
            .map(|(_, _, local, total)| {
                let (mean, prior) = self.at(local.mean);
                let mixed = Self::mixed(local, prior, reach);
                (local.error / prior, (total - mean).powi(2) / mixed)
            })
            .collect();
        seen.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)));
        let bins = (seen.len() / 300).clamp(1, 12);
        for part in equal_bins(&seen, bins) {
            let n = part.len() as f64;
            let centre = part.iter().map(|p| p.0).sum::<f64>() / n;
            let factor = (part.iter().map(|p| p.1).sum::<f64>() + 20.0) / (n + 20.0);
            self.factors.push((centre, factor.clamp(0.3, 4.0)));
        }
    }

    fn variance(&self, local: &Local, prior: f64, reach: usize) -> f64 {
        let mixed = Self::mixed(local, prior, reach);
        let x = local.error / prior;
        let k = self.factors.partition_point(|f| f.0 < x);
        let factor = match (k.checked_sub(1).and_then(|k| self.factors.get(k)), self.factors.get(k)) {
            (Some(a), Some(b)) => a.1 + (b.1 - a.1) * (x - a.0) / (b.0 - a.0).max(1e-12),
            (Some(one), None) | (None, Some(one)) => one.1,
            (None, None) => 1.0,
        };
        mixed * factor
    }

    fn at(&self, forecast: f64) -> (f64, f64) {
        let k = self.edges.partition_point(|e| *e < forecast);
        let pick =
            |k: usize| (self.means[k].0 * forecast + self.means[k].1, self.errors[k] * spread(forecast));
        if self.edges.is_empty() {
            return (forecast, spread(forecast));
        }
        if k == 0 {
            return pick(0);
        }
        if k >= self.edges.len() {
            return pick(self.edges.len() - 1);
        }
        let w = (forecast - self.edges[k - 1]) / (self.edges[k] - self.edges[k - 1]).max(1e-12);
        let (a, b) = (pick(k - 1), pick(k));
        (a.0 + w * (b.0 - a.0), a.1 + w * (b.1 - a.1))
    }
}

/// Cuts sorted pairs into about `bins` parts of equal size; equal first values stay together.
fn equal_bins(pairs: &[(f64, f64)], bins: usize) -> Vec<&[(f64, f64)]> {
    let mut parts = Vec::with_capacity(bins);
    let mut start = 0;
    for k in 1..=bins {
        let mut end = k * pairs.len() / bins;
        while end > start && end < pairs.len() && pairs[end].0 <= pairs[end - 1].0 + 1e-12 {
            end += 1;
        }
        if end > start {
            parts.push(&pairs[start..end]);
            start = end;
        }
    }
    parts
}

fn spread(forecast: f64) -> f64 {
    (forecast + 0.1).powf(1.5)
}

/// A panel's experience up to its cut-off, ready to forecast any of its series.
pub struct Fitted {
    settings: Settings,
    cutoff: usize,
    unit: f64,
    whole: bool,
    pool: Pool,
    prior: Prior,
    forests: Vec<Forest>,
}

/// The forecast of one series.
#[derive(Clone, Debug)]
pub struct Forecast {
    /// Mean of the window's total.
    pub mean: f64,
    /// x
    pub dmean: f64,
    /// y
    pub bmean: f64,
    /// Its quantiles at the levels asked for, never falling.
    pub quantiles: Vec<f64>,
    /// Months with demand per month, 0 to 1: how many lines there will be.
    pub lines: f64,
    /// The model with the largest weight and that weight.
    pub model: (Model, f64),
}

struct Steps {
    ends: [f64; K],
    below: [f64; K],
    odds: [f32; K],
}

fn steps(base: &Base) -> Steps {
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

fn stop(steps: &Steps, y: f64) -> u8 {
    (0..K).find(|k| !steps.odds[*k].is_nan() && y <= steps.ends[*k] + 1e-9).unwrap_or(K) as u8
}

/// Cumulative probability at the end of each step from log-odds.
fn cumulative(steps: &Steps, odds: &[f32; K]) -> [f64; K] {
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

fn quantile(base: &Base, steps: &Steps, cumulative: &[f64; K], p: f64, whole: bool) -> f64 {
    let (mut f0, mut u0, mut t0) = (0.0, 0.0, 0.0);
    for k in 0..K {
        if steps.odds[k].is_nan() {
            continue;
        }
        let f1 = cumulative[k];
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
            forests: Vec::new(),
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

    fn history(&self, panel: &Panel, i: usize) -> Vec<f64> {
        panel.row(i)[..self.cutoff].iter().map(|x| f64::from(*x) / self.unit).collect()
    }

    fn base(&self, local: &Local) -> Base {
        let (mean, error) = self.prior.at(local.mean);
        let variance = self.prior.variance(local, error, self.settings.window.reach());
        Base::new(mean, variance, self.whole)
    }

    fn learn(&mut self, panel: &Panel, attributes: &Attributes, control: &Control) {
        let window = self.settings.window;
        let first = (self.cutoff / 3).clamp(4, 18).min(self.cutoff - window.reach());
        let last = self.cutoff - window.reach();
        let cuts = last + 1 - first;
        let wanted = self.settings.examples;
        let chosen = sample(panel.series(), (wanted / cuts.min(12)).max(1));
        let share = (wanted as f64 / (chosen.len() * cuts) as f64).min(1.0);
        let taken = |i: usize, c: usize| share >= 1.0 || unit(hash(3, i as u64), c as u64) < share;
        let this = &*self;
        let found = control.pieces(chosen.len(), PIECE, "histories", |range| {
            let mut rows = Vec::new();
            for j in range {
                let i = chosen[j];
                let y = this.history(panel, i);
                let sums = running(&y);
                let locals = locals(&y, window, &this.pool);
                for c in (first..=last).filter(|c| taken(i, *c)) {
                    if let Some(total) = actual(&sums, c, window) {
                        rows.push((i, c, locals[c], total));
                    }
                }
            }
            rows
        });
        let rows: Vec<(usize, usize, Local, f64)> = found.into_iter().flatten().collect();
        if rows.is_empty() {
            return;
        }
        self.prior = Prior::new(rows.iter().map(|r| (r.2.mean, r.3)).collect());
        self.prior.calibrate(&rows, window.reach());
        self.forest(panel, attributes, &rows, (first, last), control);
    }

    fn forest(
        &mut self,
        panel: &Panel,
        attributes: &Attributes,
        rows: &[(usize, usize, Local, f64)],
        (first, last): (usize, usize),
        control: &Control,
    ) {
        let this = &*self;
        let window = self.settings.window;
        let parts = control.pieces(rows.len(), 4_096, "features", |range| {
            let mut out = Vec::new();
            let mut seen: Option<(usize, Vec<f64>, Vec<f64>)> = None;
            for (i, c, local, total) in &rows[range] {
                if seen.as_ref().is_none_or(|s| s.0 != *i) {
                    let y = this.history(panel, *i);
                    let sums = running(&y);
                    seen = Some((*i, y, sums));
                }
                let Some((_, y, sums)) = &seen else { continue };
                let base = this.base(local);
                let steps = steps(&base);
                let own = features(y, sums, *c, window, local, (base.mean, base.variance));
                out.push((own, Example { series: *i as u32, stop: stop(&steps, *total), base: steps.odds }));
            }
            out
        });
        let mut columns: Vec<Vec<f32>> = vec![Vec::with_capacity(rows.len()); OWN];
        let mut examples = Vec::with_capacity(rows.len());
        for (own, example) in parts.into_iter().flatten() {
            columns.iter_mut().zip(own).for_each(|(column, v)| column.push(v));
            examples.push(example);
        }
        for column in &attributes.columns {
            columns.push(rows.iter().map(|r| known(column, r.0)).collect());
        }
        let growth = &self.settings.growth;
        let all = vec![true; rows.len()];
        // The newest third watches; what it learned after may not overlap with it.
        let edge = last - (last - first) / 3;
        let learn: Vec<bool> = rows.iter().map(|r| r.1 + window.reach() <= edge).collect();
        let watch: Vec<bool> = rows.iter().map(|r| r.1 < edge).collect();
        let mut trees = growth.trees;
        if learn.iter().filter(|l| **l).count() > 50 {
            // Rows that are neither old enough to learn from nor new enough to watch are dropped.
            let keep: Vec<usize> = (0..rows.len()).filter(|i| learn[*i] || !watch[*i]).collect();
            let trial_columns: Vec<Vec<f32>> =
                columns.iter().map(|c| keep.iter().map(|i| c[*i]).collect()).collect();
            let trial_examples: Vec<Example> = keep.iter().map(|i| examples[*i].clone()).collect();
            let trial_learn: Vec<bool> = keep.iter().map(|i| learn[*i]).collect();
            let data = Training { columns: &trial_columns, examples: &trial_examples, learn: &trial_learn };
            let (forest, losses) = Forest::fit(&data, growth, control);
            trees = forest.trees();
            if std::env::var("PLAN_DEBUG").is_ok() {
                eprintln!(
                    "trees {trees} loss {:?} -> {:?} of {}",
                    losses.first(),
                    losses.get(trees),
                    losses.len()
                );
            }
        }
        let data = Training { columns: &columns, examples: &examples, learn: &all };
        for k in 0..self.settings.forests {
            let growth = Growth { trees, seed: growth.seed + k as u64, ..growth.clone() };
            self.forests.push(Forest::fit(&data, &growth, control).0);
        }
    }

    /// Forecasts all series of the panel at the cut-off, with quantiles at `levels` (each in (0, 1), rising).
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
        let parts = control.pieces(panel.series(), PIECE, "forecast", |range| {
            range.map(|i| self.one(panel, attributes, levels, i)).collect::<Vec<_>>()
        });
        if control.cancelled() {
            return Err(PlanError::Cancelled);
        }
        Ok(parts.into_iter().flatten().collect())
    }

    fn one(&self, panel: &Panel, attributes: &Attributes, levels: &[f64], i: usize) -> Forecast {
        let y = self.history(panel, i);
        let sums = running(&y);
        let window = self.settings.window;
        let local = locals(&y, window, &self.pool).last().copied().unwrap_or_default();
        let base = self.base(&local);
        let steps = steps(&base);
        let mut row = [0.0f32; 96];
        row[..OWN].copy_from_slice(&features(
            &y,
            &sums,
            self.cutoff,
            window,
            &local,
            (base.mean, base.variance),
        ));
        for (cell, column) in row[OWN..].iter_mut().zip(&attributes.columns) {
            *cell = known(column, i);
        }
        let width = OWN + attributes.columns.len();
        let mut odds = [0.0f32; K];
        for forest in &self.forests {
            forest.add(&row[..width], &mut odds);
        }
        let n = self.forests.len().max(1) as f32;
        odds.iter_mut().zip(&steps.odds).for_each(|(o, b)| *o = *o / n + b);
        let cumulative = cumulative(&steps, &odds);
        let quantiles =
            levels.iter().map(|p| quantile(&base, &steps, &cumulative, *p, self.whole) * self.unit).collect();
        let mut dmean = 0.0;
        let (mut f0, mut t0, mut q) = (0.0, 0.0, 0.0);
        for k in 0..K {
            if steps.odds[k].is_nan() {
                continue;
            }
            let mid = if q == 0.0 { steps.ends[k] * 0.5 } else { 0.5 * (t0 + steps.ends[k] + 1.0) };
            let mid = if steps.ends[k] - t0 <= 1.0 { steps.ends[k] } else { mid };
            dmean += (cumulative[k] - f0) * mid;
            f0 = cumulative[k];
            t0 = steps.ends[k];
            q = 1.0;
        }
        dmean += (1.0 - f0) * t0 * 1.2;
        let lines = line_rate(&y);
        Forecast {
            lines,
            dmean: dmean * self.unit,
            bmean: base.mean * self.unit,
            mean: local.mean * self.unit,
            quantiles,
            model: (MODELS[local.best], local.share),
        }
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

fn known(column: &[f32], i: usize) -> f32 {
    column.get(i).copied().filter(|v| v.is_finite()).unwrap_or(-1e9)
}

/// Up to `wanted` of `n` series, spread evenly by hash, in order.
fn sample(n: usize, wanted: usize) -> Vec<usize> {
    if n <= wanted {
        return (0..n).collect();
    }
    let share = wanted as f64 / n as f64;
    (0..n).filter(|i| unit(11, *i as u64) < share).collect()
}
