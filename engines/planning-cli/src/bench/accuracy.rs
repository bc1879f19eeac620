//! Accuracy and stock on real histories: the engine against good per-series tools ([`super::baseline`]).

use std::path::Path;

use planning::{
    Control, Panel,
    allocate::{Candidate, frontier},
    curve::{Curve, GRID},
    evaluate::{Simulated, pinball, simulate},
    fit::{Fitted, Forecast, Settings},
    local::{actual, running},
    models::{M, MODELS, Window, forecasts},
};
use serde_json::{Value, json};

use super::baseline::{MEANS, RIVALS, after_nothing, name, say};
use crate::{
    Input, Trouble,
    input::{Known, load},
    report::Progress,
};

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
    /// Without the engine.
    pub rivals_only: bool,
}

/// Order-up-to levels: `targets[level][series][origin]`.
type Targets = Vec<Vec<Vec<f32>>>;

/// A method's sums.
struct Score {
    name: String,
    loss: Vec<f64>,
    over: Vec<f64>,
    square: f64,
    targets: Targets,
}

impl Score {
    fn new(name: String, levels: usize, series: usize) -> Self {
        Self {
            name,
            loss: vec![0.0; levels],
            over: vec![0.0; levels],
            square: 0.0,
            targets: vec![vec![Vec::new(); series]; levels],
        }
    }

    fn add(&mut self, i: usize, mean: f64, quantiles: &[f64], came: Option<f64>) {
        for (k, q) in quantiles.iter().enumerate() {
            self.targets[k][i].push(*q as f32);
            if let Some(x) = came {
                self.loss[k] += pinball(LEVELS[k], *q, x);
                self.over[k] += f64::from(u8::from(x > *q));
            }
        }
        if let Some(x) = came {
            self.square += (mean - x).powi(2);
        }
    }
}

/// Adds the levels of plans that spend where a line costs least, one set per service of [`SERVICES`].
fn add_plans(sets: &mut Targets, found: &[Forecast], prices: &[f64], months: usize) {
    let months = months as f64;
    let candidates: Vec<Candidate> = found
        .iter()
        .zip(prices)
        .map(|(f, price)| {
            let price = price.max(0.01);
            let size = f.mean / months / f.lines.max(1e-6);
            let curve = Curve::from_grid(&f.quantiles);
            Candidate { curve, price, lines: f.lines, months, size, floor: 0.0, pack: 1.0 }
        })
        .collect();
    for (set, plan) in sets.iter_mut().zip(frontier(&candidates, &SERVICES)) {
        set.iter_mut().zip(&plan.levels).for_each(|(t, level)| t.push(*level as f32));
    }
}

/// Everything that is added up while the origins pass.
struct Run {
    engine: Score,
    rivals: Vec<Score>,
    /// Squared errors of the means of the models of the family.
    models: [f64; M],
    /// Plans at equal price of all units, and at real prices.
    plans: [Targets; 2],
    /// Demand of all windows, windows, and how many of them the cut-offs had.
    total: f64,
    windows: f64,
}

impl Run {
    fn new(n: usize) -> Self {
        let plans = || vec![vec![Vec::new(); n]; SERVICES.len()];
        Self {
            engine: Score::new("engine".into(), LEVELS.len(), n),
            rivals: (0..RIVALS).map(|r| Score::new(name(r), LEVELS.len(), n)).collect(),
            models: [0.0; M],
            plans: [plans(), plans()],
            total: 0.0,
            windows: 0.0,
        }
    }

    fn engine(&mut self, panel: &Panel, cutoff: usize, known: &Known, split: &Split) -> Result<(), Trouble> {
        let window = Window::next(split.protection);
        let control = Control::threads(split.threads);
        let settings = Settings::new(window);
        let fitted =
            Fitted::new(panel, cutoff, &known.attributes, &settings, &control).map_err(Trouble::text)?;
        let pieces =
            fitted.predict_pieces(panel, &known.attributes, &GRID, &control).map_err(Trouble::text)?;
        let found = fitted.predict(panel, &known.attributes, &LEVELS, &control).map_err(Trouble::text)?;
        let prices = prices(known);
        add_plans(&mut self.plans[0], &pieces, &vec![1.0; prices.len()], split.protection);
        add_plans(&mut self.plans[1], &pieces, &prices, split.protection);
        for (i, f) in found.iter().enumerate() {
            self.engine.add(i, f.mean, &f.quantiles, came(panel, i, cutoff, window));
        }
        Ok(())
    }

    fn rivals(&mut self, panel: &Panel, cutoff: usize, split: &Split) {
        let window = Window::next(split.protection);
        let nothing = after_nothing(panel, cutoff, window);
        let said = Control::threads(split.threads).pieces(panel.series(), 64, "", |range| {
            range
                .map(|i| {
                    let y: Vec<f64> = panel.row(i)[..cutoff].iter().map(|x| f64::from(*x)).collect();
                    (say(&y, window, nothing, &LEVELS), forecasts(&y, window)[cutoff])
                })
                .collect::<Vec<_>>()
        });
        for (i, (said, models)) in said.into_iter().flatten().enumerate() {
            let came = came(panel, i, cutoff, window);
            if let Some(x) = came {
                self.total += x;
                self.windows += 1.0;
                self.models.iter_mut().zip(models).for_each(|(s, f)| *s += (f - x).powi(2));
            }
            for (r, score) in self.rivals.iter_mut().enumerate() {
                score.add(i, said.means[r / (RIVALS / MEANS)], &said.quantiles[r], came);
            }
        }
    }
}

fn came(panel: &Panel, i: usize, cutoff: usize, window: Window) -> Option<f64> {
    let y: Vec<f64> = panel.row(i).iter().map(|x| f64::from(*x)).collect();
    actual(&running(&y), cutoff, window)
}

fn prices(known: &Known) -> Vec<f64> {
    known.parts.iter().map(|p| p.unit_cost.unwrap_or(1.0)).collect()
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
    let first = months - split.origins;
    let mut run = Run::new(panel.series());
    let progress = Progress::new(false);
    for cutoff in first..months {
        progress.tell("origins", (cutoff - first) as f64 / split.origins as f64);
        if !split.rivals_only {
            run.engine(&panel, cutoff, &known, split)?;
        }
        run.rivals(&panel, cutoff, split);
    }
    progress.done();
    let demand: Vec<Vec<f64>> =
        (0..panel.series()).map(|i| panel.row(i)[first..].iter().map(|x| f64::from(*x)).collect()).collect();
    Ok(report(&run, &demand, &prices(&known), split))
}

/// A method's figures.
fn describe(run: &Run, s: &Score, demand: &[Vec<f64>], prices: &[f64], lead: usize) -> Value {
    let at = |p: f64| LEVELS.iter().position(|l| *l == p).map_or(0.0, |k| s.loss[k] / run.total);
    let over = |p: f64| LEVELS.iter().position(|l| *l == p).map_or(0.0, |k| s.over[k] / run.windows);
    let units = simulations(&s.targets, demand, &vec![1.0; demand.len()], lead);
    let value = simulations(&s.targets, demand, prices, lead);
    json!({
        "method": s.name,
        "rmse": (s.square / run.windows).sqrt(),
        "pinball": { "0.5": at(0.5), "0.9": at(0.9), "0.95": at(0.95), "0.98": at(0.98), "0.99": at(0.99) },
        "exceeded": { "0.9": over(0.9), "0.95": over(0.95), "0.99": over(0.99) },
        "units_at_lines": { "0.90": stock(&units, 0.9), "0.95": stock(&units, 0.95), "0.98": stock(&units, 0.98) },
        "value_at_lines": { "0.90": stock(&value, 0.9), "0.94": stock(&value, 0.94), "0.95": stock(&value, 0.95) },
    })
}

fn simulations(targets: &Targets, demand: &[Vec<f64>], values: &[f64], lead: usize) -> Vec<Simulated> {
    targets.iter().map(|t| simulate(demand, t, lead, WARM_UP, values)).collect()
}

/// Columns of the table: heading, and where the figure is.
const COLUMNS: [(&str, &str); 8] = [
    ("rmse", "/rmse"),
    (".9", "/pinball/0.9"),
    (".95", "/pinball/0.95"),
    (".99", "/pinball/0.99"),
    ("units@90", "/units_at_lines/0.90"),
    ("units@95", "/units_at_lines/0.95"),
    ("units@98", "/units_at_lines/0.98"),
    ("value@90", "/value_at_lines/0.90"),
];

fn line(row: &Value) -> String {
    let mut text = format!("{:<38}", row["method"].as_str().unwrap_or(""));
    for (_, path) in COLUMNS {
        let figure = row.pointer(path).and_then(Value::as_f64);
        text += &match figure {
            Some(x) if x < 100.0 => format!(" {x:>9.4}"),
            Some(x) => format!(" {x:>9.0}"),
            None => format!(" {:>9}", "-"),
        };
    }
    text + "\n"
}

fn report(run: &Run, demand: &[Vec<f64>], prices: &[f64], split: &Split) -> Value {
    let lead = split.protection - 1;
    let ones = vec![1.0; demand.len()];
    let engine = (!split.rivals_only).then(|| describe(run, &run.engine, demand, prices, lead));
    let rivals: Vec<Value> = run.rivals.iter().map(|s| describe(run, s, demand, prices, lead)).collect();
    let single = MODELS.iter().zip(run.models).min_by(|a, b| a.1.total_cmp(&b.1));
    let single = single.map(|(m, s)| json!({ "model": m.name(), "rmse": (s / run.windows).sqrt() }));
    let mut best = json!({ "method": "best rival of each column" });
    for (_, path) in COLUMNS {
        let least = rivals.iter().filter_map(|r| r.pointer(path)?.as_f64()).min_by(f64::total_cmp);
        let mut keys = path.split('/').skip(1);
        let (Some(a), b) = (keys.next(), keys.next()) else { continue };
        match b {
            Some(b) => best[a][b] = json!(least),
            None => best[a] = json!(least),
        }
    }
    let mut text = format!("{:<38}", "method");
    COLUMNS.iter().for_each(|(head, _)| text += &format!(" {head:>9}"));
    text.push('\n');
    engine.iter().chain([&best]).chain(&rivals).for_each(|row| text += &line(row));
    let [units, value] = [(0, &ones[..]), (1, prices)].map(|(k, values)| {
        let runs = simulations(&run.plans[k], demand, values, lead);
        json!({ "0.90": stock(&runs, 0.9), "0.94": stock(&runs, 0.94), "0.95": stock(&runs, 0.95) })
    });
    text += &format!(
        "least units by plan: {units}\nleast value by plan: {value}\nbest single mean: {}",
        json!(single)
    );
    json!({
        "origins": split.origins, "protection": split.protection, "left_out": split.leave_out,
        "series": demand.len(), "engine": engine, "best_rival": best, "rivals": rivals, "best_single_mean": single,
        "units_by_plan_at_lines": units, "value_by_plan_at_lines": value, "text": text,
    })
}

/// Stock at a share of lines filled, between the simulated levels; none when it is not reached.
fn stock(runs: &[Simulated], goal: f64) -> Option<f64> {
    let k = (1..runs.len()).find(|k| runs[*k].lines >= goal && runs[k - 1].lines < goal)?;
    let (a, b) = (&runs[k - 1], &runs[k]);
    Some(a.stock + (goal - a.lines) / (b.lines - a.lines) * (b.stock - a.stock))
}
