//! `planning forecast`.

use std::{
    fs::File,
    io::{BufWriter, Write},
    path::PathBuf,
};

use clap::{Args, ValueEnum};
use planning::{
    Control,
    classify::classify,
    curve::{Curve, GRID},
    fit::{Fitted, Forecast, Settings},
    local::Rule,
    models::Window,
    reason::forecast_reason,
};
use serde_json::{Value, json};

use crate::{
    Common, Input, Language,
    backtest::cell,
    input::{levels, load},
    outlook::{Beyond, Known, read_beyond},
    report::{Progress, Trouble, number},
};

/// How models become one forecast.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Choice {
    /// Weighted by past errors, own and of the class.
    Weighted,
    /// The one with the least past errors.
    Best,
    /// The one nearest to the average of all; weak.
    Nearest,
}

/// Arguments of `planning forecast`.
#[derive(Args)]
pub struct ForecastCommand {
    #[command(flatten)]
    input: Input,
    #[command(flatten)]
    beyond: Beyond,
    /// Months to forecast.
    #[arg(long, value_name = "H")]
    horizon: usize,
    /// Quantiles to write, between 0 and 1.
    #[arg(long, value_name = "LIST", default_value = "0.5,0.8,0.9,0.95,0.98,0.99")]
    quantiles: String,
    /// How models become one forecast: weighted by past errors, the best one, or the one nearest to the average.
    #[arg(long, value_enum, default_value_t = Choice::Weighted)]
    rule: Choice,
    /// Language of the reasons.
    #[arg(long, value_enum, default_value_t = crate::Language::En)]
    language: crate::Language,
    /// File to write: part,step,mean,quantiles,model,reason
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    #[command(flatten)]
    pub(crate) common: Common,
}

/// Runs it.
///
/// # Errors
/// Wrong arguments or input.
pub fn run(args: &ForecastCommand) -> Result<Value, Trouble> {
    let wanted = levels(&args.quantiles)?;
    if args.horizon == 0 || args.horizon > 120 {
        return Err(Trouble::text("--horizon must be 1 to 120 months"));
    }
    let mut known = load(&args.input)?;
    let beyond = read_beyond(&args.beyond, &mut known.demand)?;
    let panel = &known.demand.panel;
    let asked = Asked::new(&wanted);
    let progress = Progress::new(args.common.quiet);
    let tell = |stage: &str, f: f64| progress.tell(stage, f);
    let control = Control { threads: args.common.threads(), cancel: None, progress: Some(&tell) };
    let mut settings = Settings::new(Window::next(1));
    settings.mixing.rule = match args.rule {
        Choice::Weighted => Rule::Weighted,
        Choice::Best => Rule::Best,
        Choice::Nearest => Rule::NearestToAverage,
    };
    let fitted =
        Fitted::new(panel, panel.periods(), &known.attributes, &settings, &control).map_err(Trouble::text)?;
    let broken = |e: std::io::Error| Trouble::file(&args.out, e);
    let mut out = BufWriter::with_capacity(1 << 18, File::create(&args.out).map_err(broken)?);
    let heads: Vec<String> = wanted.iter().map(|p| format!("q{p}")).collect();
    writeln!(out, "part,step,mean,{},model,reason", heads.join(",")).map_err(broken)?;
    // A block at a time, so that a million parts need no million forecasts in memory.
    let block = 16_384;
    for start in (0..panel.series()).step_by(block) {
        let end = (start + block).min(panel.series());
        let paths = fitted
            .paths(panel, &known.attributes, &asked.all, args.horizon, start..end, &control)
            .map_err(Trouble::text)?;
        for (i, steps) in (start..end).zip(paths) {
            let y: Vec<f64> = panel.row(i).iter().map(|x| f64::from(*x)).collect();
            let hits = y.iter().filter(|x| **x > 0.0).count();
            let class = classify(&y);
            for (k, forecast) in steps.iter().enumerate() {
                let reason = forecast_reason(&class, forecast.model, hits, fitted.learned());
                let said = asked.say(&beyond, i, k, forecast, args.language);
                let reason = args.language.pick(&reason).to_string() + &said.told;
                write!(out, "{},{},{}", cell(&known.demand.parts[i]), k + 1, number(said.mean))
                    .map_err(broken)?;
                for q in &said.quantiles {
                    write!(out, ",{}", number(*q)).map_err(broken)?;
                }
                writeln!(out, ",{},{}", forecast.model.0.name(), cell(&reason)).map_err(broken)?;
            }
        }
    }
    out.flush().map_err(broken)?;
    progress.done();
    Ok(json!({
        "parts": panel.series(),
        "horizon": args.horizon,
        "out": args.out.display().to_string(),
        "text": format!("{} parts × {} months → {}", panel.series(), args.horizon, args.out.display()),
    }))
}

/// The quantiles asked for, and those needed to change a distribution.
struct Asked {
    /// Levels in the order asked for.
    wanted: Vec<f64>,
    /// These and the levels of a curve, rising.
    all: Vec<f64>,
    /// Where the wanted ones are among all.
    places: Vec<usize>,
}

/// A forecast with what is known beyond the history.
struct Said {
    mean: f64,
    quantiles: Vec<f64>,
    told: String,
}

impl Asked {
    fn new(wanted: &[f64]) -> Self {
        let mut all: Vec<f64> = wanted.iter().chain(&GRID).copied().collect();
        all.sort_by(f64::total_cmp);
        all.dedup();
        let place = |p: &f64| all.partition_point(|a| a < p);
        let places = wanted.iter().map(place).collect();
        Self { wanted: wanted.to_vec(), all, places }
    }

    fn say(&self, beyond: &Known, i: usize, step: usize, forecast: &Forecast, language: Language) -> Said {
        if !beyond.has(i) {
            let quantiles = self.places.iter().map(|k| forecast.quantiles[*k]).collect();
            return Said { mean: forecast.mean, quantiles, told: String::new() };
        }
        let curve = Curve::from_quantiles(&self.all, &forecast.quantiles);
        let changed = beyond.change(i, &curve, forecast.mean, (step, 1.0));
        let told = changed.told.iter().map(|w| format!("; {}", language.pick(w))).collect();
        let quantiles = self.wanted.iter().map(|p| changed.curve.level(beyond.level(i, *p))).collect();
        Said { mean: changed.mean, quantiles, told }
    }
}
