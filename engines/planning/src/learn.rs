//! Learning from past cut-offs of all series: examples, trees, and how much of each model is used, judged by the
//! newest cut-offs that the trial models have not seen.

use crate::{
    dist::Base,
    features::{OWN, features},
    fit::{Attributes, EARLIER, Fitted, known, sample},
    gbdt::{Example, Forest, Growth, K, Training, hash, unit},
    law::{Law, Steps},
    local::{CLASSES, Local, actual, class, locals, running},
    panel::Panel,
    par::Control,
    prior::Prior,
};

/// Rows at least before trees are grown.
const FEW: usize = 400;
/// Series of the newest cut-offs that judge, at most.
const JUDGES: usize = 30_000;

/// Loss over the least loss up to which mixtures count as equally good.
const AS_GOOD: f64 = 1.001;

/// A past cut-off of a series and what came.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    /// Series.
    pub series: usize,
    /// Periods known.
    pub cut: usize,
    /// What the automatic choice said.
    pub local: Local,
    /// Total of the window, in units of the panel.
    pub total: f64,
    /// What the automatic choice said at the cut-offs before, the last one first.
    pub earlier: [Local; EARLIER],
    /// Class of behaviour so far.
    pub class: usize,
}

impl Row {
    /// What the automatic choice said that many cut-offs before.
    pub(crate) fn at(&self, back: usize) -> Local {
        back.checked_sub(1).map_or(self.local, |k| self.earlier[k])
    }
}

/// Examples with their features.
pub(crate) struct Data {
    columns: Vec<Vec<f32>>,
    examples: Vec<Example>,
}

impl Data {
    fn pick(&self, keep: &[usize]) -> Self {
        Self {
            columns: self.columns.iter().map(|c| keep.iter().map(|i| c[*i]).collect()).collect(),
            examples: keep.iter().map(|i| self.examples[*i].clone()).collect(),
        }
    }

    /// Features of a row.
    pub(crate) fn row(&self, i: usize) -> Vec<f32> {
        self.columns.iter().map(|c| c[i]).collect()
    }
}

/// What the judges decided.
struct Verdict {
    trees: usize,
    boosted: f32,
    analogues: f32,
    means: [f64; 3],
    corrected: Prior,
    memory: [f64; CLASSES],
}

impl Fitted {
    /// Takes examples, learns the common prior and the trees.
    pub(crate) fn learn(&mut self, panel: &Panel, attributes: &Attributes, control: &Control) {
        let window = self.settings.window;
        let last = self.cutoff - window.reach();
        let first = (self.cutoff / 3).clamp(4, 18).min(last);
        let rows = self.rows(panel, (first, last), control);
        if rows.is_empty() {
            return;
        }
        self.prior = Prior::new(rows.iter().map(|r| (r.local.mean, r.total)).collect());
        self.prior.calibrate(&rows, window.reach(), self.whole, control);
        if rows.len() < FEW || control.cancelled() {
            self.means = [0.5, 0.5, 0.0];
            return;
        }
        let data = self.data(panel, attributes, &rows, control);
        if control.cancelled() {
            return;
        }
        let verdict = self.judge((panel, attributes), &rows, &data, (first, last), control);
        self.means = verdict.means;
        self.memory = verdict.memory;
        self.corrected = verdict.corrected;
        if control.cancelled() || verdict.boosted + verdict.analogues <= 0.0 {
            return;
        }
        let all = vec![true; rows.len()];
        let training = Training { columns: &data.columns, examples: &data.examples, learn: &all };
        let count = self.settings.forests.max(1);
        let mut forests = Vec::new();
        for k in 0..count {
            if verdict.boosted > 0.0 && verdict.trees > 0 {
                let growth = &self.settings.growth;
                let growth = Growth { trees: verdict.trees, seed: growth.seed + k as u64, ..growth.clone() };
                let forest = Forest::fit(&training, &growth, control).0;
                forests.push((forest, verdict.boosted / count as f32));
            }
        }
        if verdict.analogues > 0.0 {
            let forest = Forest::fit(&training, &side_by_side(&self.settings.analogues), control).0;
            forests.push((forest, verdict.analogues));
        }
        self.forest = Forest::join(forests);
    }

    fn rows(&self, panel: &Panel, (first, last): (usize, usize), control: &Control) -> Vec<Row> {
        let window = self.settings.window;
        let cuts = last + 1 - first;
        let wanted = self.settings.examples;
        let chosen = sample(panel.series(), (wanted / cuts.min(12)).max(1));
        let share = (wanted as f64 / (chosen.len() * cuts).max(1) as f64).min(1.0);
        let taken = |i: usize, c: usize| share >= 1.0 || unit(hash(3, i as u64), c as u64) < share;
        let found = control.pieces(chosen.len(), 256, "histories", |range| {
            let mut rows = Vec::new();
            for series in range.map(|j| chosen[j]) {
                let y = self.history(panel, series);
                let sums = running(&y);
                let locals = locals(&y, window, &self.pool);
                for cut in (first..=last).filter(|c| taken(series, *c)) {
                    if let Some(total) = actual(&sums, cut, window) {
                        let earlier = std::array::from_fn(|k| locals[cut.saturating_sub(k + 1)]);
                        let class = class(&y[..cut]);
                        rows.push(Row { series, cut, local: locals[cut], total, earlier, class });
                    }
                }
            }
            rows
        });
        found.into_iter().flatten().collect()
    }

    pub(crate) fn data(
        &self,
        panel: &Panel,
        attributes: &Attributes,
        rows: &[Row],
        control: &Control,
    ) -> Data {
        let window = self.settings.window;
        let parts = control.pieces(rows.len(), 4_096, "features", |range| {
            let mut out = Vec::new();
            let mut seen: Option<(usize, Vec<f64>, Vec<f64>)> = None;
            for row in &rows[range] {
                if seen.as_ref().is_none_or(|s| s.0 != row.series) {
                    let y = self.history(panel, row.series);
                    let sums = running(&y);
                    seen = Some((row.series, y, sums));
                }
                let Some((_, y, sums)) = &seen else { continue };
                let base = self.base(&row.local);
                let steps = Steps::new(&base);
                let own = features(y, sums, row.cut, window, &row.local, (base.mean, base.variance));
                let stop = steps.stop(row.total);
                out.push((own, Example { series: row.series as u32, stop, base: steps.odds }));
            }
            out
        });
        let mut columns: Vec<Vec<f32>> = (0..OWN).map(|_| Vec::with_capacity(rows.len())).collect();
        let mut examples = Vec::with_capacity(rows.len());
        for (own, example) in parts.into_iter().flatten() {
            columns.iter_mut().zip(own).for_each(|(column, v)| column.push(v));
            examples.push(example);
        }
        for column in &attributes.columns {
            columns.push(rows.iter().map(|r| known(column, r.series)).collect());
        }
        Data { columns, examples }
    }

    /// Trial models from the older cut-offs, judged by the newest third, which no older window overlaps.
    fn judge(
        &mut self,
        known: (&Panel, &Attributes),
        rows: &[Row],
        data: &Data,
        (first, last): (usize, usize),
        control: &Control,
    ) -> Verdict {
        let reach = self.settings.window.reach();
        let mut edge = last - (last - first) / 3;
        while edge < last && !rows.iter().any(|r| r.cut + reach <= edge) {
            edge += 1;
        }
        let keep: Vec<usize> =
            (0..rows.len()).filter(|i| rows[*i].cut + reach <= edge || rows[*i].cut >= edge).collect();
        let learn: Vec<bool> = keep.iter().map(|i| rows[*i].cut + reach <= edge).collect();
        let learners = learn.iter().filter(|l| **l).count();
        let growth = &self.settings.growth;
        if learners < FEW / 2 || learners == keep.len() {
            // Nothing to judge with: a few cautious steps.
            return Verdict {
                trees: growth.trees / 5,
                boosted: 0.5,
                analogues: 0.3,
                means: [0.4, 0.4, 0.2],
                corrected: Prior::default(),
                memory: [0.0; CLASSES],
            };
        }
        let trial = data.pick(&keep);
        let training = Training { columns: &trial.columns, examples: &trial.examples, learn: &learn };
        let (boosted, _) = Forest::fit(&training, growth, control);
        let analogues = Forest::fit(&training, &side_by_side(&self.settings.analogues), control).0;
        let judges: Vec<usize> = (0..keep.len()).filter(|i| !learn[*i]).collect();
        let stride = (judges.len() / JUDGES).max(1);
        let judges: Vec<usize> = judges.into_iter().step_by(stride).collect();
        let shifts = control.pieces(judges.len(), 2_048, "judging", |range| {
            let shift = |j: usize| {
                let features = trial.row(judges[j]);
                let (mut a, mut b) = ([0.0f32; K], [0.0f32; K]);
                boosted.add(&features, &mut a);
                analogues.add(&features, &mut b);
                (a, b)
            };
            range.map(shift).collect::<Vec<_>>()
        });
        let shifts: Vec<([f32; K], [f32; K])> = shifts.into_iter().flatten().collect();
        let examples: Vec<&Example> = judges.iter().map(|j| &trial.examples[*j]).collect();
        let (boost, analogue) = blend(&examples, &shifts, control);
        let judged: Vec<&Row> = judges.iter().map(|j| &rows[keep[*j]]).collect();
        let (means, corrected) = self.mean_weights(&judged, &shifts, (boost, analogue));
        let trees = boosted.trees();
        let trial = Forest::join(vec![(boosted, boost), (analogues, analogue)]);
        let memory = self.weigh_memory(known, &judged, &trial, control);
        Verdict { trees, boosted: boost, analogues: analogue, means, corrected, memory }
    }

    /// Weights of the three means with the least squared error, both in units and relative to the spread, and the
    /// calibration of the third one.
    fn mean_weights(
        &self,
        rows: &[&Row],
        shifts: &[([f32; K], [f32; K])],
        weights: (f32, f32),
    ) -> ([f64; 3], Prior) {
        let found: Vec<(Base, f64)> = rows
            .iter()
            .zip(shifts)
            .map(|(row, shift)| {
                let base = self.base(&row.local);
                let steps = Steps::new(&base);
                let shift: [f32; K] =
                    std::array::from_fn(|k| weights.0 * shift.0[k] + weights.1 * shift.1[k]);
                let corrected = Law::new(&base, &steps, &shift).mean();
                (base, corrected)
            })
            .collect();
        let prior = Prior::new(found.iter().zip(rows).map(|(f, r)| (f.1, r.total)).collect());
        let mut grams = [[[0.0f64; 3]; 3]; 2];
        for (row, (base, corrected)) in rows.iter().zip(&found) {
            let errors =
                [row.local.mean - row.total, base.mean - row.total, prior.at(*corrected).0 - row.total];
            for a in 0..3 {
                for b in 0..3 {
                    grams[0][a][b] += errors[a] * errors[b];
                    grams[1][a][b] += errors[a] * errors[b] / base.variance;
                }
            }
        }
        let loss = |w: &[f64; 3], g: &[[f64; 3]; 3]| {
            (0..3).map(|a| (0..3).map(|b| w[a] * w[b] * g[a][b]).sum::<f64>()).sum::<f64>()
        };
        let scale = [grams[0][1][1].max(1e-12), grams[1][1][1].max(1e-12)];
        let mut best = ([0.4, 0.4, 0.2], f64::INFINITY);
        for a in 0..=10u8 {
            for b in 0..=10 - a {
                let w = [f64::from(a) / 10.0, f64::from(b) / 10.0, f64::from(10 - a - b) / 10.0];
                // The calibrated mean is preferred unless another mixture is clearly better.
                let far = 0.01 * (w[0] * w[0] + w[2] * w[2]);
                let l = loss(&w, &grams[0]) / scale[0] + loss(&w, &grams[1]) / scale[1] + far;
                if l < best.1 - 1e-12 {
                    best = (w, l);
                }
            }
        }
        (best.0, prior)
    }
}

fn side_by_side(growth: &Growth) -> Growth {
    Growth { boost: false, rate: 1.0 / growth.trees.max(1) as f64, ..growth.clone() }
}

fn moved(base: &[f32; K], shift: &([f32; K], [f32; K]), weights: (f32, f32)) -> [f32; K] {
    let mut odds = *base;
    for (k, o) in odds.iter_mut().enumerate() {
        *o += weights.0 * shift.0[k] + weights.1 * shift.1[k];
    }
    odds
}

/// Weights of boosted trees and analogues with the least loss. Analogues sharpen the far tail, which this loss hardly
/// sees, so among weights that are as good those with most analogues are taken.
fn blend(examples: &[&Example], shifts: &[([f32; K], [f32; K])], control: &Control) -> (f32, f32) {
    let mut options: Vec<(f32, f32)> = vec![(0.0, 0.0)];
    for strength in [0.5f32, 0.8, 1.0] {
        for share in [0.0f32, 0.2, 0.4, 0.6, 0.8, 1.0] {
            options.push((strength * (1.0 - share), strength * share));
        }
    }
    let losses = control.pieces(options.len(), 1, "", |range| {
        let weights = options[range.start];
        let mut loss = 0.0f64;
        for (example, shift) in examples.iter().zip(shifts) {
            let odds = moved(&example.base, shift, weights);
            let stop = example.stop as usize;
            for (k, odds) in odds.iter().enumerate().take(stop + 1) {
                if !odds.is_nan() {
                    let x = if k < stop { -*odds } else { *odds };
                    loss += f64::from(x.max(0.0)) + f64::from((-x.abs()).exp()).ln_1p();
                }
            }
        }
        loss
    });
    let least = losses.iter().copied().fold(f64::INFINITY, f64::min);
    let mut best = (0.0, 0.0);
    let mut found = false;
    for (option, loss) in options.iter().zip(&losses) {
        let better = !found || option.1 > best.1 || (option.1 >= best.1 && option.0 > best.0);
        if *loss <= least * AS_GOOD && better {
            (best, found) = (*option, true);
        }
    }
    best
}
