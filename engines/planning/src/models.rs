//! The family of single-series models. Each one is a recursion over the months, so that a single pass gives the
//! forecast of every model at every past cut-off: what back-testing and automatic choice live on.
//!
//! Sources: Croston (1972); Syntetos & Boylan (2005, SBA); Teunter, Syntetos & Babai (2011, TSB); Nikolopoulos et
//! al. (2011, ADIDA); Petropoulos & Kourentzes (2015, IMAPA); Gardner & McKenzie (1985, damped trend); Winters (1960).

/// Months of a season.
pub const SEASON: usize = 12;

/// A model of the family.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Model {
    /// Average of the whole history.
    Average,
    /// Moving average over that many months.
    Moving(u8),
    /// Average over 12 months, the last one weighing most.
    Weighted12,
    /// Simple exponential smoothing, smoothing in percent.
    Ses(u8),
    /// Croston's method, smoothing in percent.
    Croston(u8),
    /// Croston's method with Syntetos and Boylan's correction.
    Sba(u8),
    /// Teunter, Syntetos and Babai: size and probability, both in percent.
    Tsb(u8, u8),
    /// Aggregation to the mean interval between demands, smoothed, spread again.
    Adida,
    /// The same over all intervals up to the mean one, averaged.
    Imapa,
    /// Damped trend: level and trend smoothing in percent.
    Damped(u8, u8),
    /// Additive season without trend: level and season smoothing in percent.
    SeasonAdd(u8, u8),
    /// Multiplicative season without trend.
    SeasonMul(u8, u8),
    /// Multiplicative season with damped trend.
    SeasonTrend(u8, u8),
    /// The same months of the last two years, at the last year's level.
    SeasonMean,
}

/// All models, in the order of the columns of [`forecasts`].
pub const MODELS: [Model; 26] = [
    Model::Average,
    Model::Moving(3),
    Model::Moving(6),
    Model::Moving(12),
    Model::Moving(24),
    Model::Weighted12,
    Model::Ses(5),
    Model::Ses(10),
    Model::Ses(20),
    Model::Ses(30),
    Model::Ses(50),
    Model::Ses(80),
    Model::Croston(10),
    Model::Sba(10),
    Model::Sba(20),
    Model::Tsb(10, 10),
    Model::Tsb(20, 5),
    Model::Adida,
    Model::Imapa,
    Model::Damped(20, 5),
    Model::Damped(50, 10),
    Model::SeasonAdd(10, 15),
    Model::SeasonAdd(40, 20),
    Model::SeasonMul(10, 15),
    Model::SeasonTrend(30, 15),
    Model::SeasonMean,
];

/// Number of models.
pub const M: usize = MODELS.len();

/// The longest aggregation of ADIDA and IMAPA in months.
const BLOCKS: usize = 12;

impl Model {
    /// A short name, as planners know it.
    #[must_use]
    pub fn name(self) -> String {
        match self {
            Self::Average => "average".into(),
            Self::Moving(n) => format!("moving average {n}"),
            Self::Weighted12 => "weighted average 12".into(),
            Self::Ses(a) => format!("SES {}", percent(a)),
            Self::Croston(a) => format!("Croston {}", percent(a)),
            Self::Sba(a) => format!("SBA {}", percent(a)),
            Self::Tsb(a, b) => format!("TSB {}/{}", percent(a), percent(b)),
            Self::Adida => "ADIDA".into(),
            Self::Imapa => "IMAPA".into(),
            Self::Damped(a, b) => format!("damped trend {}/{}", percent(a), percent(b)),
            Self::SeasonAdd(a, g) => format!("ETS additive season {}/{}", percent(a), percent(g)),
            Self::SeasonMul(a, g) => format!("ETS multiplicative season {}/{}", percent(a), percent(g)),
            Self::SeasonTrend(a, g) => {
                format!("ETS damped trend, multiplicative season {}/{}", percent(a), percent(g))
            }
            Self::SeasonMean => "seasonal average".into(),
        }
    }

    /// Whether it models a season (and so needs two years of history).
    #[must_use]
    pub fn seasonal(self) -> bool {
        matches!(self, Self::SeasonAdd(..) | Self::SeasonMul(..) | Self::SeasonTrend(..) | Self::SeasonMean)
    }
}

fn percent(p: u8) -> String {
    format!("0.{p:02}").trim_end_matches('0').to_string()
}

/// The window that is forecast: the `length` periods after the first `offset` ones behind the cut-off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// Periods skipped.
    pub offset: usize,
    /// Periods summed, at least 1.
    pub length: usize,
}

impl Window {
    /// The first `length` periods after the cut-off.
    #[must_use]
    pub fn next(length: usize) -> Self {
        Self { offset: 0, length: length.max(1) }
    }

    /// Last period of the window, counted from the cut-off.
    #[must_use]
    pub fn reach(self) -> usize {
        self.offset + self.length
    }
}

/// Simple exponential smoothing with weights that add up to one from the first period on.
#[derive(Clone, Copy, Default)]
struct Smooth {
    sum: f64,
    weight: f64,
}

impl Smooth {
    fn add(&mut self, alpha: f64, x: f64) {
        self.sum = (1.0 - alpha) * self.sum + alpha * x;
        self.weight = (1.0 - alpha) * self.weight + alpha;
    }

    fn value(self) -> f64 {
        if self.weight > 0.0 { self.sum / self.weight } else { 0.0 }
    }
}

/// Holt-Winters in its three forms.
#[derive(Clone, Copy)]
struct Winters {
    level: f64,
    trend: f64,
    season: [f64; SEASON],
    multiplicative: bool,
    alpha: f64,
    beta: f64,
    gamma: f64,
}

const DAMPING: f64 = 0.9;

impl Winters {
    fn begin(y: &[f64], multiplicative: bool, alpha: f64, beta: f64, gamma: f64) -> Self {
        let level = y[..SEASON].iter().sum::<f64>() / SEASON as f64;
        let mut season = [0.0; SEASON];
        for (s, value) in season.iter_mut().zip(y) {
            *s = if !multiplicative {
                value - level
            } else if level > 0.0 {
                value / level
            } else {
                1.0
            };
        }
        Self { level, trend: 0.0, season, multiplicative, alpha, beta, gamma }
    }

    fn add(&mut self, t: usize, y: f64) {
        let s = self.season[t % SEASON];
        let before = self.level;
        let expected = before + DAMPING * self.trend;
        if self.multiplicative {
            let seen = if s > 0.05 { y / s } else { expected };
            self.level = (self.alpha * seen + (1.0 - self.alpha) * expected).max(0.0);
            if self.level > 1e-9 {
                let ratio = (y / self.level).min(12.0);
                self.season[t % SEASON] = self.gamma * ratio + (1.0 - self.gamma) * s;
            }
        } else {
            self.level = self.alpha * (y - s) + (1.0 - self.alpha) * expected;
            self.season[t % SEASON] = self.gamma * (y - self.level) + (1.0 - self.gamma) * s;
        }
        self.trend = self.beta * (self.level - before) + (1.0 - self.beta) * DAMPING * self.trend;
    }

    /// Total of the window behind `t` known periods.
    fn total(&self, t: usize, window: Window) -> f64 {
        let (mut damp, mut drift, mut sum) = (1.0, 0.0, 0.0);
        for step in 1..=window.reach() {
            damp *= DAMPING;
            drift += damp * self.trend;
            if step > window.offset {
                let s = self.season[(t + step - 1) % SEASON];
                let level = self.level + drift;
                sum += if self.multiplicative { (level * s).max(0.0) } else { (level + s).max(0.0) };
            }
        }
        sum
    }
}

fn trend_total(level: f64, trend: f64, window: Window) -> f64 {
    let (mut damp, mut drift, mut sum) = (1.0, 0.0, 0.0);
    for step in 1..=window.reach() {
        damp *= DAMPING;
        drift += damp * trend;
        if step > window.offset {
            sum += (level + drift).max(0.0);
        }
    }
    sum
}

/// State of all models while the months pass.
struct Family {
    sums: Vec<f64>,
    weighted: f64,
    ses: [Smooth; 6],
    size: [Smooth; 3],
    gap: [Smooth; 2],
    chance: [Smooth; 2],
    since: f64,
    demands: f64,
    first: f64,
    blocks: Vec<[Smooth; BLOCKS]>,
    holt: [(f64, f64); 2],
    winters: [Option<Winters>; 4],
}

const SES: [f64; 6] = [0.05, 0.1, 0.2, 0.3, 0.5, 0.8];
const HOLT: [(f64, f64); 2] = [(0.2, 0.05), (0.5, 0.1)];
const WINTERS: [(bool, f64, f64, f64); 4] =
    [(false, 0.1, 0.0, 0.15), (false, 0.4, 0.0, 0.2), (true, 0.1, 0.0, 0.15), (true, 0.3, 0.05, 0.15)];
const BLOCK_ALPHA: f64 = 0.15;

impl Family {
    fn new(periods: usize) -> Self {
        let mut sums = Vec::with_capacity(periods + 1);
        sums.push(0.0);
        Self {
            sums,
            weighted: 0.0,
            ses: Default::default(),
            size: Default::default(),
            gap: Default::default(),
            chance: Default::default(),
            since: 0.0,
            demands: 0.0,
            first: 0.0,
            blocks: Vec::with_capacity(periods + 1),
            holt: [(0.0, 0.0); 2],
            winters: [None; 4],
        }
    }

    fn last(&self, months: usize) -> f64 {
        let c = self.sums.len() - 1;
        self.sums[c] - self.sums[c.saturating_sub(months)]
    }

    fn add(&mut self, y: &[f64], t: usize) {
        let x = y[t];
        let before = self.sums[t];
        self.sums.push(before + x);
        let c = t + 1;
        self.weighted = (0..12.min(c)).map(|lag| (12 - lag) as f64 * y[t - lag]).sum::<f64>();
        for (state, alpha) in self.ses.iter_mut().zip(SES) {
            state.add(alpha, x);
        }
        self.since += 1.0;
        if x > 0.0 {
            for (state, alpha) in self.size.iter_mut().zip([0.1, 0.2, 0.2]) {
                state.add(alpha, x);
            }
            for (state, alpha) in self.gap.iter_mut().zip([0.1, 0.2]) {
                state.add(alpha, self.since);
            }
            if self.demands == 0.0 {
                self.first = c as f64;
            }
            self.demands += 1.0;
            self.since = 0.0;
        }
        for (state, alpha) in self.chance.iter_mut().zip([0.1, 0.05]) {
            state.add(alpha, f64::from(u8::from(x > 0.0)));
        }
        let mut row = [Smooth::default(); BLOCKS];
        for (k, cell) in row.iter_mut().enumerate() {
            let months = k + 1;
            if c >= months {
                if c > months {
                    *cell = self.blocks[t - months][k];
                }
                cell.add(BLOCK_ALPHA, self.sums[c] - self.sums[c - months]);
            }
        }
        self.blocks.push(row);
        self.add_trends(y, t);
    }

    fn add_trends(&mut self, y: &[f64], t: usize) {
        let c = t + 1;
        for ((level, trend), (alpha, beta)) in self.holt.iter_mut().zip(HOLT) {
            if c <= 6 {
                *level = self.sums[c] / c as f64;
                continue;
            }
            let expected = *level + DAMPING * *trend;
            let next = alpha * y[t] + (1.0 - alpha) * expected;
            *trend = beta * (next - *level) + (1.0 - beta) * DAMPING * *trend;
            *level = next;
        }
        for (slot, (mul, alpha, beta, gamma)) in self.winters.iter_mut().zip(WINTERS) {
            if c == SEASON {
                *slot = Some(Winters::begin(y, mul, alpha, beta, gamma));
            } else if let Some(state) = slot {
                state.add(t, y[t]);
            }
        }
    }

    fn forecast(&self, window: Window, out: &mut [f64]) {
        let c = self.sums.len() - 1;
        let p = window.length as f64;
        let mean = |months: usize| self.last(months) / months.min(c).max(1) as f64;
        let n12 = 12.min(c);
        let weights: usize = (0..n12).map(|lag| 12 - lag).sum();
        for (k, months) in [c, 3, 6, 12, 24].into_iter().enumerate() {
            out[k] = p * mean(months.max(1));
        }
        out[5] = p * self.weighted / weights.max(1) as f64;
        for (k, state) in self.ses.iter().enumerate() {
            out[6 + k] = p * state.value();
        }
        let intervals = |state: Smooth| if self.demands > 0.0 { state.value().max(1.0) } else { 1.0 };
        out[12] = p * self.size[0].value() / intervals(self.gap[0]);
        out[13] = p * 0.95 * self.size[0].value() / intervals(self.gap[0]);
        out[14] = p * 0.9 * self.size[1].value() / intervals(self.gap[1]);
        out[15] = p * self.size[0].value() * self.chance[0].value();
        out[16] = p * self.size[2].value() * self.chance[1].value();
        let interval = if self.demands > 0.0 { c as f64 / self.demands } else { c as f64 };
        let k = (interval.round() as usize).clamp(1, BLOCKS.min(c.max(1)));
        if let Some(row) = self.blocks.last() {
            out[17] = p * row[k - 1].value() / k as f64;
            let sum: f64 = (1..=k).map(|m| row[m - 1].value() / m as f64).sum();
            out[18] = p * sum / k as f64;
        }
        for (j, (level, trend)) in self.holt.iter().enumerate() {
            out[19 + j] = trend_total(*level, *trend, window);
        }
        let fallback = out[8];
        for (j, slot) in self.winters.iter().enumerate() {
            out[21 + j] = match slot {
                Some(state) if c >= 2 * SEASON => state.total(c, window),
                _ => fallback,
            };
        }
        out[25] = if c >= 2 * SEASON { self.season_mean(c, window) } else { fallback };
    }

    fn season_mean(&self, c: usize, window: Window) -> f64 {
        let years = (c / SEASON).min(2);
        let whole = self.last(years * SEASON);
        let last = self.last(SEASON);
        if whole <= 0.0 {
            return 0.0;
        }
        let mut sum = 0.0;
        for step in window.offset + 1..=window.reach() {
            let ahead = (step - 1) % SEASON;
            for year in 1..=years {
                let t = c + ahead - year * SEASON;
                sum += self.sums[t + 1] - self.sums[t];
            }
        }
        let level = 0.5 * (last * years as f64 / whole) + 0.5;
        sum / years as f64 * level
    }
}

/// Forecasts of the window's total by every model at every cut-off: row c (0 to `y.len()`) holds what the models
/// say when the first c periods are known, in the order of [`MODELS`]. Never negative.
#[must_use]
pub fn forecasts(y: &[f64], window: Window) -> Vec<[f64; M]> {
    let mut family = Family::new(y.len());
    let mut rows = vec![[0.0; M]; y.len() + 1];
    for (t, row) in rows.iter_mut().skip(1).enumerate() {
        family.add(y, t);
        family.forecast(window, row);
        row.iter_mut().for_each(|f| *f = if f.is_finite() { f.max(0.0) } else { 0.0 });
    }
    rows
}

/// Forecasts of the single periods 1 to `horizon` behind the history by every model.
#[must_use]
pub fn path(y: &[f64], horizon: usize) -> Vec<[f64; M]> {
    let mut family = Family::new(y.len());
    (0..y.len()).for_each(|t| family.add(y, t));
    let row = |step: usize| {
        let mut row = [0.0; M];
        if !y.is_empty() {
            family.forecast(Window { offset: step, length: 1 }, &mut row);
        }
        row.map(|f| if f.is_finite() { f.max(0.0) } else { 0.0 })
    };
    (0..horizon).map(row).collect()
}
