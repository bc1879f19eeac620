//! What all series say about one: how far forecasts of a size are off on average, and how widely. This is the
//! empirical-Bayes part: a series' own errors are mixed with those of its like.

use crate::{dist::Base, evaluate::pinball, learn::Row, local::Local, par::Control};

/// Independent windows of common experience that weigh as much as the series' own errors.
const OWN_PRIOR: f64 = 4.0;
/// Factors of the spread that are tried.
const FACTORS: [f64; 12] = [0.15, 0.25, 0.4, 0.55, 0.7, 0.85, 1.0, 1.25, 1.6, 2.1, 3.0, 4.5];

/// Mean and squared error of what came, by size of forecast: the common prior of all series.
#[derive(Clone, Debug, Default)]
pub(crate) struct Prior {
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
    pub(crate) fn new(mut pairs: Vec<(f64, f64)>) -> Self {
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

    /// Learns by how much the mixture of errors is to be widened or narrowed, by how quiet the series was against its
    /// like: the factor with the least loss of the upper quantiles on the rows. (The mean of squared errors would be
    /// ruled by a few surprises and make everybody's distribution too lumpy.)
    pub(crate) fn calibrate(&mut self, rows: &[Row], reach: usize, whole: bool, control: &Control) {
        let mut seen: Vec<(f64, f64)> = Vec::with_capacity(rows.len());
        for (i, row) in rows.iter().enumerate() {
            let (_, prior) = self.at(row.local.mean);
            seen.push((row.local.error / prior, i as f64));
        }
        seen.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)));
        let parts = equal_bins(&seen, (seen.len() / 300).clamp(1, 12));
        let this = &*self;
        let factors = control.pieces(parts.len(), 1, "spread", |range| {
            let part = parts[range.start];
            let centre = part.iter().map(|p| p.0).sum::<f64>() / part.len() as f64;
            let stride = (part.len() / 1_200).max(1);
            let mut losses = [0.0f64; FACTORS.len()];
            for (_, i) in part.iter().step_by(stride) {
                let row = &rows[*i as usize];
                let (mean, prior) = this.at(row.local.mean);
                let mixed = Self::mixed(&row.local, prior, reach);
                for (loss, factor) in losses.iter_mut().zip(FACTORS) {
                    let base = Base::new(mean, mixed * factor, whole);
                    let sum: f64 = [0.8, 0.9, 0.95, 0.99]
                        .iter()
                        .map(|p| pinball(*p, base.quantile(*p), row.total))
                        .sum();
                    *loss += sum / (1.0 + mean).sqrt();
                }
            }
            let best = (0..FACTORS.len()).min_by(|a, b| losses[*a].total_cmp(&losses[*b])).unwrap_or(0);
            (centre, FACTORS[best])
        });
        self.factors = factors;
    }

    pub(crate) fn variance(&self, local: &Local, prior: f64, reach: usize) -> f64 {
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

    pub(crate) fn at(&self, forecast: f64) -> (f64, f64) {
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
