//! Accuracy and stock on real histories: the engine against every single model with its own errors.

use std::path::Path;

use planning::{
    Control,
    allocate::{Candidate, frontier},
    curve::{Curve, GRID},
    dist::Base,
    evaluate::{Simulated, pinball, simulate},
    fit::{Fitted, Forecast, Settings},
    local::{actual, running},
    models::{M, MODELS, Window, forecasts},
};
use serde_json::{Value, json};

use crate::{Input, Trouble, input::load, report::Progress};

/// Levels that are compared and simulated.
const LEVELS: [f64; 16] =
    [0.5, 0.6, 0.7, 0.75, 0.8, 0.85, 0.875, 0.9, 0.925, 0.95, 0.96, 0.97, 0.98, 0.99, 0.995, 0.998];
/// Targets of the price-aware plans.
const SERVICES: [f64; 9] = [0.7, 0.8, 0.85, 0.88, 0.91, 0.94, 0.96, 0.98, 0.99];
/// Months before the simulation counts.
const WARM_UP: usize = 2;

/// What is measured.
pub struct Split {
    /// Origins.
    pub origins: usize,
    /// Protection period in months.
    pub protection: usize,
    /// Months left out at the end.
    pub leave_out: usize,
    /// Threads.
    pub threads: usize,
}

/// A method's sums.
struct Score {
    loss: Vec<f64>,
    over: Vec<f64>,
    square: f64,
    relative: f64,
    targets: Vec<Vec<Vec<f64>>>,
}

impl Score {
    fn new(series: usize) -> Self {
        Self {
            loss: vec![0.0; LEVELS.len()],
            over: vec![0.0; LEVELS.len()],
            square: 0.0,
            relative: 0.0,
            targets: vec![vec![Vec::new(); series]; LEVELS.len()],
        }
    }

    fn add(&mut self, i: usize, mean: f64, quantiles: &[f64], actual: Option<f64>, scale: f64) {
        for (k, q) in quantiles.iter().enumerate() {
            self.targets[k][i].push(*q);
            if let Some(x) = actual {
                self.loss[k] += pinball(LEVELS[k], *q, x);
                self.over[k] += f64::from(u8::from(x > *q));
            }
        }
        if let Some(x) = actual {
            self.square += (mean - x).powi(2);
            self.relative += (mean - x).powi(2) / scale;
        }
    }
}

/// Order-up-to levels of price-aware plans, one set per target.
struct Aware {
    targets: Vec<Vec<Vec<f64>>>,
}

impl Aware {
    fn add(&mut self, found: &[Forecast], places: &[usize], prices: &[f64]) {
        let candidates: Vec<Candidate> = found
            .iter()
            .zip(prices)
            .map(|(f, price)| {
                let grid: Vec<f64> = places.iter().map(|k| f.quantiles[*k]).collect();
                let price = price.max(0.01);
                Candidate { curve: Curve::from_grid(&grid), price, lines: f.lines, floor: 0.0, pack: 1.0 }
            })
            .collect();
        for (set, plan) in self.targets.iter_mut().zip(frontier(&candidates, &SERVICES)) {
            set.iter_mut().zip(&plan.levels).for_each(|(t, level)| t.push(*level));
        }
    }
}

/// All levels needed at once, rising, and where the compared ones and the grid's are among them.
fn union() -> (Vec<f64>, (Vec<usize>, Vec<usize>)) {
    let mut all: Vec<f64> = LEVELS.iter().chain(&GRID).copied().collect();
    all.sort_by(f64::total_cmp);
    all.dedup();
    let place = |p: &f64| all.partition_point(|a| a < p);
    let places = (LEVELS.iter().map(place).collect(), GRID.iter().map(place).collect());
    (all, places)
}

/// Runs the comparison.
///
/// # Errors
/// Wrong input, or too few months.
pub fn run(demand: &Path, parts: Option<&Path>, split: &Split) -> Result<Value, Trouble> {
    let input = Input { demand: demand.to_path_buf(), parts: parts.map(Path::to_path_buf) };
    let known = load(&input)?;
    let all = known.demand.panel.periods();
    let months = all.saturating_sub(split.leave_out);
    if split.origins == 0 || split.protection == 0 || split.origins + split.protection + 2 > months {
        return Err(Trouble::text(format!("{months} months are too few for these origins")));
    }
    let panel = known.demand.panel.until(months);
    let n = panel.series();
    let window = Window::next(split.protection);
    let first = months - split.origins;
    let prices: Vec<f64> = known.parts.iter().map(|p| p.unit_cost.unwrap_or(1.0)).collect();
    let mut aware = Aware { targets: vec![vec![Vec::new(); n]; SERVICES.len()] };
    let mut ours = Score::new(n);
    let mut singles: Vec<Score> = (0..M).map(|_| Score::new(n)).collect();
    let (mut total, mut count) = (0.0, 0.0);
    let progress = Progress::new(false);
    for cutoff in first..months {
        progress.tell("origins", (cutoff - first) as f64 / split.origins as f64);
        let control = Control::threads(split.threads);
        let settings = Settings::new(window);
        let fitted =
            Fitted::new(&panel, cutoff, &known.attributes, &settings, &control).map_err(Trouble::text)?;
        let (all, places) = union();
        let mut found = fitted.predict(&panel, &known.attributes, &all, &control).map_err(Trouble::text)?;
        aware.add(&found, &places.1, &prices);
        for f in &mut found {
            f.quantiles = places.0.iter().map(|k| f.quantiles[*k]).collect();
        }
        for (i, forecast) in found.iter().enumerate() {
            let y: Vec<f64> = panel.row(i).iter().map(|x| f64::from(*x)).collect();
            let came = actual(&running(&y), cutoff, window);
            let (means, variances) = single(&y[..cutoff], window);
            let scale =
                came.map_or(1.0, |x| means.iter().map(|m| (m - x).powi(2)).sum::<f64>() / M as f64 + 1e-9);
            if let Some(x) = came {
                total += x;
                count += 1.0;
            }
            ours.add(i, forecast.mean, &forecast.quantiles, came, scale);
            for m in 0..M {
                let base = Base::new(means[m], variances[m], true);
                let quantiles: Vec<f64> =
                    LEVELS.iter().map(|p| if means[m] > 0.0 { base.quantile(*p) } else { 0.0 }).collect();
                singles[m].add(i, means[m], &quantiles, came, scale);
            }
        }
    }
    progress.done();
    let demand: Vec<Vec<f64>> =
        (0..n).map(|i| panel.row(i)[first..].iter().map(|x| f64::from(*x)).collect()).collect();
    let mut report = table(&ours, &singles, &demand, &prices, split, (total, count));
    let runs: Vec<Simulated> =
        aware.targets.iter().map(|t| simulate(&demand, t, split.protection - 1, WARM_UP, &prices)).collect();
    report["price_aware_value_at_lines"] =
        json!({ "0.90": stock(&runs, 0.9), "0.94": stock(&runs, 0.94), "0.95": stock(&runs, 0.95) });
    let line = format!(
        "\nprice-aware: value at 90 % {:.0}, at 94 % {:.0} (equal service {:.0})",
        stock(&runs, 0.9).unwrap_or(0.0),
        stock(&runs, 0.94).unwrap_or(0.0),
        report["rows"][0]["value_at_lines"]["0.94"].as_f64().unwrap_or(0.0)
    );
    let text = report["text"].as_str().unwrap_or("").to_string() + &line;
    report["text"] = text.into();
    Ok(report)
}

/// Means and error variances of every model on its own.
fn single(y: &[f64], window: Window) -> ([f64; M], [f64; M]) {
    let rows = forecasts(y, window);
    let sums = running(y);
    let (mut squares, mut n) = ([0.0; M], 0.0);
    for (c, row) in rows.iter().enumerate().take(y.len()).skip(3) {
        let Some(x) = actual(&sums, c, window) else { break };
        n += 1.0;
        squares.iter_mut().zip(row).for_each(|(s, f)| *s += (f - x).powi(2));
    }
    let means = rows[y.len()];
    let mut variances = [0.0; M];
    for m in 0..M {
        variances[m] = if n > 0.0 { squares[m] / n } else { means[m] };
    }
    (means, variances)
}

fn table(
    ours: &Score,
    singles: &[Score],
    demand: &[Vec<f64>],
    prices: &[f64],
    split: &Split,
    (total, count): (f64, f64),
) -> Value {
    let lead = split.protection - 1;
    let ones = vec![1.0; demand.len()];
    let describe = |name: String, s: &Score| {
        let at = |p: f64| LEVELS.iter().position(|l| *l == p).map_or(0.0, |k| s.loss[k] / total);
        let units: Vec<Simulated> =
            s.targets.iter().map(|t| simulate(demand, t, lead, WARM_UP, &ones)).collect();
        let value: Vec<Simulated> =
            s.targets.iter().map(|t| simulate(demand, t, lead, WARM_UP, prices)).collect();
        json!({
            "method": name,
            "rmse": (s.square / count).sqrt(),
            "relative_mse": s.relative / count,
            "pinball": { "0.5": at(0.5), "0.9": at(0.9), "0.95": at(0.95), "0.98": at(0.98), "0.99": at(0.99) },
            "exceeded": { "0.9": s.over[7] / count, "0.95": s.over[9] / count, "0.99": s.over[13] / count },
            "units_at_lines": { "0.90": stock(&units, 0.9), "0.95": stock(&units, 0.95), "0.98": stock(&units, 0.98) },
            "value_at_lines": { "0.90": stock(&value, 0.9), "0.94": stock(&value, 0.94), "0.95": stock(&value, 0.95) },
        })
    };
    let mut rows = vec![describe("engine".into(), ours)];
    rows.extend(singles.iter().enumerate().map(|(m, s)| describe(MODELS[m].name(), s)));
    let mut text = String::from(
        "method                               rmse   .9     .95    .99    units@90  @95    value@90\n",
    );
    for row in &rows {
        let f = |v: &Value| v.as_f64().map_or("-".into(), |x| format!("{x:.0}"));
        text += &format!(
            "{:<34} {:>7.3} {:.4} {:.4} {:.4} {:>9} {:>7} {:>9}\n",
            row["method"].as_str().unwrap_or(""),
            row["rmse"].as_f64().unwrap_or(0.0),
            row["pinball"]["0.9"].as_f64().unwrap_or(0.0),
            row["pinball"]["0.95"].as_f64().unwrap_or(0.0),
            row["pinball"]["0.99"].as_f64().unwrap_or(0.0),
            f(&row["units_at_lines"]["0.90"]),
            f(&row["units_at_lines"]["0.95"]),
            f(&row["value_at_lines"]["0.90"]),
        );
    }
    json!({
        "origins": split.origins, "protection": split.protection, "left_out": split.leave_out,
        "series": demand.len(), "rows": rows, "text": text.trim_end(),
    })
}

/// Stock at a share of lines filled, between the simulated levels; none when it is not reached.
fn stock(runs: &[Simulated], goal: f64) -> Option<f64> {
    let k = (1..runs.len()).find(|k| runs[*k].lines >= goal && runs[k - 1].lines < goal)?;
    let (a, b) = (&runs[k - 1], &runs[k]);
    Some(a.stock + (goal - a.lines) / (b.lines - a.lines) * (b.stock - a.stock))
}
