//! The automatic choice: past forecasts of every model are compared with what came, and the models are weighted by
//! how well they did on this series and on all series of its class. Nothing later than the cut-off is used.

use crate::models::{M, Window, forecasts};

/// Behaviour classes that share their experience: by interval between demands and by variation of sizes
/// (Syntetos, Boylan & Croston 2005: 1.32 months and CV² 0.49).
pub const CLASSES: usize = 4;
const WARM_UP: usize = 3;

/// How the experience of a series and of its class are mixed.
#[derive(Clone, Copy, Debug)]
pub struct Mixing {
    /// Cut-offs of own experience that weigh as much as the class.
    pub prior: f64,
    /// How sharply better models are preferred.
    pub power: f64,
    /// Which rule chooses.
    pub rule: Rule,
}

/// How the models of a series become one forecast.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Rule {
    /// Weighted by past errors, own and of the class.
    #[default]
    Weighted,
    /// The one model with the least past errors, own and of the class.
    Best,
    /// The model whose forecast is nearest to the average of all (FCST-01); weak, but what some houses are used to.
    NearestToAverage,
}

impl Rule {
    /// Turns weights into the rule's choice, given the models' forecasts.
    fn sharpen(self, weights: &mut [f64; M], forecasts: &[f64; M]) {
        let chosen = match self {
            Self::Weighted => return,
            Self::Best => (0..M).max_by(|a, b| weights[*a].total_cmp(&weights[*b])),
            Self::NearestToAverage => {
                let average = forecasts.iter().sum::<f64>() / M as f64;
                let far = |m: usize| (forecasts[m] - average).abs();
                (0..M).min_by(|a, b| far(*a).total_cmp(&far(*b)).then(a.cmp(b)))
            }
        };
        *weights = [0.0; M];
        weights[chosen.unwrap_or(0)] = 1.0;
    }
}

impl Default for Mixing {
    fn default() -> Self {
        Self { prior: 40.0, power: 4.0, rule: Rule::Weighted }
    }
}

/// Mean squared error of each model relative to the average over models, per class.
#[derive(Clone, Debug)]
pub struct Pool {
    /// `ratio[class][model]`, 1 = as good as the average model.
    pub ratio: [[f64; M]; CLASSES],
    /// How the two are mixed.
    pub mixing: Mixing,
}

/// What is known locally at a cut-off.
#[derive(Clone, Copy, Debug, Default)]
pub struct Local {
    /// Forecast of the window's total.
    pub mean: f64,
    /// Mean squared error of such forecasts so far.
    pub error: f64,
    /// Mean error (forecast minus actual) so far.
    pub bias: f64,
    /// Cut-offs behind `error`.
    pub count: usize,
    /// The model with the largest weight.
    pub best: usize,
    /// Its weight, 0 to 1.
    pub share: f64,
    /// Spread of the models' forecasts, relative to the mean.
    pub spread: f64,
}

/// Class of a history: 0 smooth, 1 erratic, 2 intermittent, 3 lumpy.
#[must_use]
pub fn class(y: &[f64]) -> usize {
    let (mut n, mut sum, mut square) = (0.0, 0.0, 0.0);
    for x in y.iter().filter(|x| **x > 0.0) {
        n += 1.0;
        sum += x;
        square += x * x;
    }
    if n < 1.0 {
        return 2;
    }
    let mean = sum / n;
    let variation = (square / n - mean * mean).max(0.0) / (mean * mean);
    let interval = y.len() as f64 / n;
    usize::from(variation >= 0.49) + 2 * usize::from(interval >= 1.32)
}

/// Running totals: `sums[c]` is the demand of the first c periods.
#[must_use]
pub fn running(y: &[f64]) -> Vec<f64> {
    let mut sums = Vec::with_capacity(y.len() + 1);
    let mut sum = 0.0;
    sums.push(0.0);
    for x in y {
        sum += x;
        sums.push(sum);
    }
    sums
}

/// Total of the window behind cut-off c, if it is inside the known periods.
#[must_use]
pub fn actual(sums: &[f64], c: usize, window: Window) -> Option<f64> {
    let end = c + window.reach();
    (end < sums.len()).then(|| sums[end] - sums[c + window.offset])
}

/// Relative errors of one series for the pool: its class and, per model, squared error over the models' average.
#[must_use]
pub fn relative_errors(y: &[f64], window: Window) -> Option<(usize, [f64; M])> {
    let rows = forecasts(y, window);
    let sums = running(y);
    let mut errors = [0.0; M];
    let start = WARM_UP.max(y.len() / 3);
    for (c, row) in rows.iter().enumerate().skip(start) {
        let Some(actual) = actual(&sums, c, window) else { break };
        for (e, f) in errors.iter_mut().zip(row) {
            *e += (f - actual) * (f - actual);
        }
    }
    let mean = errors.iter().sum::<f64>() / M as f64;
    if mean <= 0.0 {
        return None;
    }
    errors.iter_mut().for_each(|e| *e /= mean);
    Some((class(y), errors))
}

impl Pool {
    /// From the relative errors of many series.
    #[must_use]
    pub fn new(errors: &[(usize, [f64; M])], mixing: Mixing) -> Self {
        let mut ratio = [[0.0; M]; CLASSES];
        let mut all = [1.0; M];
        for m in 0..M {
            let sum: f64 = errors.iter().map(|(_, e)| e[m]).sum();
            all[m] = (sum + 5.0) / (errors.len() as f64 + 5.0);
        }
        for (k, row) in ratio.iter_mut().enumerate() {
            let members: Vec<&[f64; M]> = errors.iter().filter(|(c, _)| *c == k).map(|(_, e)| e).collect();
            for m in 0..M {
                let sum: f64 = members.iter().map(|e| e[m]).sum();
                row[m] = (sum + 20.0 * all[m]) / (members.len() as f64 + 20.0);
            }
        }
        Self { ratio, mixing }
    }

    fn weights(&self, class: usize, errors: &[f64; M], count: usize) -> [f64; M] {
        let ratio = &self.ratio[class];
        let mean = errors.iter().sum::<f64>() / M as f64;
        let n = count as f64;
        let mut scores = [0.0; M];
        for m in 0..M {
            let own = if mean > 0.0 { errors[m] / mean } else { 1.0 };
            scores[m] = (n * own + self.mixing.prior * ratio[m]) / (n + self.mixing.prior);
        }
        let best = scores.iter().copied().fold(f64::INFINITY, f64::min).max(1e-9);
        let power = (self.mixing.power * (1.0 + 0.1 * n).min(4.0)).round() as i32;
        let mut total = 0.0;
        for s in &mut scores {
            *s = (best / s.max(1e-9)).powi(power);
            total += *s;
        }
        scores.iter_mut().for_each(|s| *s /= total);
        scores
    }
}

/// What the automatic choice says at every cut-off from 0 to `y.len()`.
#[must_use]
pub fn locals(y: &[f64], window: Window, pool: &Pool) -> Vec<Local> {
    weighted(y, window, pool).0
}

/// Forecasts of single periods 1 to `horizon` behind the history, with the weights of the next one.
#[must_use]
pub fn path(y: &[f64], pool: &Pool, horizon: usize) -> Vec<Local> {
    let (locals, weights) = weighted(y, Window::next(1), pool);
    let last = locals.last().copied().unwrap_or_default();
    let steps = crate::models::path(y, horizon);
    steps
        .iter()
        .map(|row| Local { mean: row.iter().zip(&weights).map(|(f, w)| f * w).sum(), ..last })
        .collect()
}

fn weighted(y: &[f64], window: Window, pool: &Pool) -> (Vec<Local>, [f64; M]) {
    let rows = forecasts(y, window);
    let sums = running(y);
    let class = class(y);
    let reach = window.reach();
    // Months before the first demand say nothing about errors: the part was not in use.
    let born = y.iter().position(|x| *x > 0.0).unwrap_or(y.len());
    let mut errors = [0.0; M];
    let (mut own, mut bias, mut count) = (0.0, 0.0, 0usize);
    let mut locals: Vec<Local> = Vec::with_capacity(y.len() + 1);
    let mut weights = pool.weights(class, &[0.0; M], 0);
    let mut best = 0;
    for c in 0..=y.len() {
        if c >= reach + WARM_UP.max(born) {
            let past = c - reach;
            let actual = sums[c] - sums[past + window.offset];
            for (e, f) in errors.iter_mut().zip(&rows[past]) {
                *e += (f - actual) * (f - actual);
            }
            let e = locals[past].mean - actual;
            own += e * e;
            bias += e;
            count += 1;
        }
        // Weights change slowly: every third period, counted back from the last one, is enough.
        let fresh = (y.len() - c).is_multiple_of(3);
        if fresh {
            weights = pool.weights(class, &errors, count);
        }
        if pool.mixing.rule != Rule::Weighted {
            pool.mixing.rule.sharpen(&mut weights, &rows[c]);
        }
        if fresh || c == 0 || pool.mixing.rule != Rule::Weighted {
            best = heaviest(&weights);
        }
        let (mean, square) = moments(&weights, &rows[c]);
        let n = count.max(1) as f64;
        locals.push(Local {
            mean,
            error: own / n,
            bias: bias / n,
            count,
            best,
            share: weights[best],
            spread: (square - mean * mean).max(0.0).sqrt() / (mean + 1e-9),
        });
    }
    (locals, weights)
}

/// The first of the largest weights.
fn heaviest(weights: &[f64; M]) -> usize {
    (1..M).fold(0, |best, m| if weights[m] > weights[best] { m } else { best })
}

const _: () = assert!(M.is_multiple_of(2), "moments takes two models at a time");

/// Weighted mean of the forecasts and of their squares; two sums side by side, which processors like.
fn moments(weights: &[f64; M], forecasts: &[f64; M]) -> (f64, f64) {
    let (mut mean, mut square) = ([0.0; 2], [0.0; 2]);
    for (w, f) in weights.chunks_exact(2).zip(forecasts.chunks_exact(2)) {
        for k in 0..2 {
            let share = w[k] * f[k];
            mean[k] += share;
            square[k] += share * f[k];
        }
    }
    (mean[0] + mean[1], square[0] + square[1])
}
