//! Rivals: what a good tool does that looks at one series at a time. Nine models, ETS, and the best of them by the
//! series' own errors, each with a negative binomial or a normal distribution of its own spread; parts that never had
//! demand get what came after other parts' empty histories.

use planning::{
    Panel,
    dist::Base,
    local::{actual, running},
    models::{M, MODELS, Model, Window, forecasts},
    special::norm_ppf,
};

/// The single models that compete.
const MODEL: [Model; 9] = [
    Model::Ses(10),
    Model::Tsb(10, 10),
    Model::Croston(10),
    Model::Sba(10),
    Model::Adida,
    Model::Imapa,
    Model::Moving(12),
    Model::Weighted12,
    Model::Average,
];
/// Models with a level: single models, ETS chosen per series, and the one of all with the least own errors.
pub const MEANS: usize = MODEL.len() + 2;
/// Ways to a spread: errors of whole windows; errors of single periods, or the variance of their demand, times the
/// window's length.
const SPREADS: [&str; 3] = ["window errors", "monthly errors", "monthly demand"];
/// Distributions.
const LAWS: [&str; 2] = ["NB", "normal"];
/// All rivals.
pub const RIVALS: usize = MEANS * SPREADS.len() * LAWS.len();
/// Cut-offs before errors count.
const WARM_UP: usize = 3;

/// Name of a rival.
pub fn name(rival: usize) -> String {
    let (mean, rest) = (rival / (RIVALS / MEANS), rival % (RIVALS / MEANS));
    let model = match MODEL.get(mean) {
        Some(model) => model.name(),
        None if mean == MODEL.len() => "ETS".into(),
        None => "own best".into(),
    };
    format!("{model}, {}, {}", LAWS[rest % LAWS.len()], SPREADS[rest / LAWS.len()])
}

/// What came in windows after histories without any demand: mean and variance, over all series of the panel and all
/// cut-offs whose window lies within the first `cutoff` periods.
pub fn after_nothing(panel: &Panel, cutoff: usize, window: Window) -> (f64, f64) {
    let (mut n, mut sum, mut square) = (0.0, 0.0, 0.0);
    for i in 0..panel.series() {
        let mut c = 0;
        let y: Vec<f64> = panel.row(i)[..cutoff].iter().map(|x| f64::from(*x)).collect();
        let sums = running(&y);
        while let Some(x) = actual(&sums, c, window).filter(|_| sums[c] <= 0.0) {
            if c >= WARM_UP {
                n += 1.0;
                sum += x;
                square += x * x;
            }
            c += 1;
        }
    }
    let mean = sum / f64::max(n, 1.0);
    (mean, (square / f64::max(n, 1.0) - mean * mean).max(mean))
}

/// Means of the rivals' models, and the quantiles of every rival at `levels`.
pub struct Said {
    /// One per model.
    pub means: [f64; MEANS],
    /// One row per rival.
    pub quantiles: Vec<Vec<f64>>,
}

/// What the rivals say after the history `y`; `nothing` is [`after_nothing`].
pub fn say(y: &[f64], window: Window, nothing: (f64, f64), levels: &[f64]) -> Said {
    let (whole, wide) = (forecasts(y, window), errors(y, window));
    let narrow = errors(y, Window::next(1));
    let place = |m: &Model| MODELS.iter().position(|x| x == m).unwrap_or(0);
    let mut chosen: Vec<usize> = MODEL.iter().map(place).collect();
    let ets = |m: &usize| {
        matches!(
            MODELS[*m],
            Model::Ses(_)
                | Model::Damped(..)
                | Model::SeasonAdd(..)
                | Model::SeasonMul(..)
                | Model::SeasonTrend(..)
        )
    };
    let least = |errors: &[f64; M], among: &mut dyn Iterator<Item = usize>| {
        among.min_by(|a, b| errors[*a].total_cmp(&errors[*b]).then(a.cmp(b))).unwrap_or(0)
    };
    chosen.push(least(&narrow, &mut (0..M).filter(ets)));
    chosen.push(least(&wide, &mut chosen.clone().into_iter()));
    let empty = y.iter().all(|x| *x <= 0.0);
    let n = y.len().max(1) as f64;
    let level = y.iter().sum::<f64>() / n;
    let monthly = y.iter().map(|x| (x - level).powi(2)).sum::<f64>() / n;
    let mut said = Said { means: [0.0; MEANS], quantiles: Vec::with_capacity(RIVALS) };
    for (slot, m) in chosen.into_iter().enumerate() {
        let mean = if empty { nothing.0 } else { whole[y.len()][m] };
        said.means[slot] = mean;
        let length = window.length as f64;
        for variance in [wide[m], narrow[m] * length, monthly * length] {
            let variance = if empty { nothing.1 } else { variance.max(mean) };
            let base = Base::new(mean, variance, true);
            said.quantiles.push(levels.iter().map(|p| base.quantile(*p)).collect());
            let normal = |p: &f64| (mean + norm_ppf(*p) * variance.sqrt()).max(0.0);
            said.quantiles.push(levels.iter().map(normal).collect());
        }
    }
    said
}

/// Mean squared error of every model on the windows inside the history.
fn errors(y: &[f64], window: Window) -> [f64; M] {
    let sums = running(y);
    let (mut squares, mut n) = ([0.0; M], 0.0);
    for (c, row) in forecasts(y, window).iter().enumerate().skip(WARM_UP) {
        let Some(x) = actual(&sums, c, window) else { break };
        n += 1.0;
        squares.iter_mut().zip(row).for_each(|(s, f)| *s += (f - x).powi(2));
    }
    squares.map(|s| s / f64::max(n, 1.0))
}
