//! The forecast of a whole panel: automatic choice per series, base distribution, and trees that correct it with
//! what happened to all series after comparable histories.

use crate::{
    dist::Base,
    features::{OWN, features},
    gbdt::{Forest, Growth, K, unit},
    law::{Law, Mixture, Steps},
    local::{CLASSES, Local, Mixing, Pool, class, locals, path, relative_errors, running},
    models::{MODELS, Model, Window},
    panel::{Panel, PlanError},
    par::Control,
    prior::Prior,
};

/// Features at most, attributes included.
const WIDEST: usize = 64;
const PIECE: usize = 256;
/// Earlier cut-offs at most. What a part did last month changes its features by chance as well: a forecast that
/// remembers what was thought before is calmer, most of all in the tail.
pub const EARLIER: usize = 2;

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
    /// Earlier cut-offs whose distributions are mixed in where that pays; [`EARLIER`] at most.
    pub earlier: usize,
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
            earlier: EARLIER,
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
    /// Weight of the earlier cut-offs, together, by class of behaviour.
    pub(crate) memory: [f64; CLASSES],
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

/// A series before the trees are asked, at one cut-off.
struct Ready {
    local: Local,
    base: Base,
    steps: Steps,
    bins: [u8; WIDEST],
    line_rate: f64,
    /// Weight in the mixture of cut-offs.
    weight: f64,
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
            memory: [0.0; CLASSES],
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
        let mut first = self.remembered(&y, attributes, i);
        let cuts: Vec<(usize, f64)> =
            first.iter().enumerate().map(|(back, r)| (y.len() - back, r.weight)).collect();
        let locals: Vec<Vec<Local>> =
            cuts.iter().map(|(cut, _)| path(&y[..*cut], &self.pool, growth.len())).collect();
        let step = |k: usize| {
            // The next period is the one of any other forecast.
            let ready = if k == 0 { std::mem::take(&mut first) } else { Vec::new() };
            let later = cuts.iter().zip(&locals).skip(ready.len()).map(|((cut, weight), locals)| {
                let local = Local { error: locals[k].error * growth[k], ..locals[k] };
                let ready = self.ready(&y[..*cut], &sums[..=*cut], &local, attributes, i);
                Ready { weight: *weight, ..ready }
            });
            let ready: Vec<Ready> = ready.into_iter().chain(later).collect();
            let bins: Vec<[u8; WIDEST]> = ready.iter().map(|r| r.bins).collect();
            self.finish(&ready, &self.forest.shifts(&bins), (levels, false))
        };
        (0..growth.len()).map(step).collect()
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
        let ready: Vec<Ready> =
            range.flat_map(|i| self.remembered(&self.history(panel, i), attributes, i)).collect();
        let bins: Vec<[u8; WIDEST]> = ready.iter().map(|r| r.bins).collect();
        let shifts = self.forest.shifts(&bins);
        let mut found = Vec::with_capacity(ready.len());
        let mut rest = (&ready[..], &shifts[..]);
        while let Some(first) = rest.0.first() {
            let many = if first.weight < 1.0 { 1 + self.earlier() } else { 1 };
            found.push(self.finish(&rest.0[..many], &rest.1[..many], levels));
            rest = (&rest.0[many..], &rest.1[many..]);
        }
        found
    }

    /// Earlier cut-offs that there are.
    pub(crate) fn earlier(&self) -> usize {
        self.settings.earlier.min(EARLIER).min(self.cutoff)
    }

    /// A series at the cut-off, and at earlier ones if they count.
    fn remembered(&self, y: &[f64], attributes: &Attributes, i: usize) -> Vec<Ready> {
        let locals = locals(y, self.settings.window, &self.pool);
        let sums = running(y);
        let earlier = self.earlier();
        let memory = if earlier > 0 { self.memory[class(y)] } else { 0.0 };
        let count = if memory > 0.0 { earlier } else { 0 };
        let ready = |back: usize| {
            let cut = self.cutoff - back;
            let weight = if back == 0 { 1.0 - memory } else { memory / earlier as f64 };
            Ready { weight, ..self.ready(&y[..cut], &sums[..=cut], &locals[cut], attributes, i) }
        };
        (0..=count).map(ready).collect()
    }

    /// What the trees are asked with.
    fn ready(&self, y: &[f64], sums: &[f64], local: &Local, attributes: &Attributes, i: usize) -> Ready {
        let base = self.base(local);
        let mut row = [0.0f32; WIDEST];
        let moments = (base.mean, base.variance);
        let own = features(y, sums, y.len(), self.settings.window, local, moments);
        row[..OWN].copy_from_slice(&own);
        for (cell, column) in row[OWN..].iter_mut().zip(&attributes.columns) {
            *cell = known(column, i);
        }
        let width = (OWN + attributes.columns.len()).min(WIDEST);
        let bins = self.forest.bins(&row[..width]);
        Ready { local: *local, steps: Steps::new(&base), base, bins, line_rate: line_rate(y), weight: 1.0 }
    }

    /// The forecast, once the trees have moved the log-odds: the distribution is a mixture of what is thought at the
    /// cut-off, which comes first, and what was thought before.
    fn finish(&self, ready: &[Ready], shifts: &[[f32; K]], (levels, moved): (&[f64], bool)) -> Forecast {
        let law = |(r, shift)| -> (Law, f64) {
            let r: &Ready = r;
            (Law::new(&r.base, &r.steps, shift), r.weight)
        };
        let Ready { local, base, line_rate, .. } = &ready[0];
        let now = law((&ready[0], &shifts[0])).0;
        let corrected = self.corrected.at(now.mean()).0;
        let none = now.none();
        let mixture = Mixture::new(ready.iter().zip(shifts).map(law).collect(), self.whole);
        let mut least = 0.0f64;
        let at = |p: &f64| {
            let q = mixture.quantile(*p);
            least = least.max(if moved { mixture.between(*p, q) } else { q });
            least * self.unit
        };
        let quantiles = levels.iter().map(at).collect();
        let [a, b, c] = self.means;
        let months = self.settings.window.length as f64;
        Forecast {
            mean: (a * local.mean + b * base.mean + c * corrected) * self.unit,
            means: [local.mean * self.unit, base.mean * self.unit, corrected * self.unit],
            quantiles,
            lines: 0.5 * (line_rate + 1.0 - none.powf(1.0 / months)),
            model: (MODELS[local.best], local.share),
        }
    }

    /// Weight of what was thought at earlier cut-offs, by class: smooth, erratic, intermittent, lumpy.
    #[must_use]
    pub fn memory(&self) -> [f64; CLASSES] {
        self.memory
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
