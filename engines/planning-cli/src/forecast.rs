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
    fit::{Fitted, Settings},
    local::Rule,
    models::Window,
    reason::forecast_reason,
};
use serde_json::{Value, json};

use crate::{
    Common, Input,
    backtest::cell,
    input::{levels, load},
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
    let known = load(&args.input)?;
    let panel = &known.demand.panel;
    let mut rising = wanted.clone();
    rising.sort_by(f64::total_cmp);
    rising.dedup();
    let places: Vec<usize> = wanted.iter().map(|p| rising.partition_point(|r| r < p)).collect();
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
            .paths(panel, &known.attributes, &rising, args.horizon, start..end, &control)
            .map_err(Trouble::text)?;
        for (i, steps) in (start..end).zip(paths) {
            let y: Vec<f64> = panel.row(i).iter().map(|x| f64::from(*x)).collect();
            let hits = y.iter().filter(|x| **x > 0.0).count();
            for (k, forecast) in steps.iter().enumerate() {
                let reason = forecast_reason(&classify(&y), forecast.model, hits, fitted.learned());
                write!(out, "{},{},{}", cell(&known.demand.parts[i]), k + 1, number(forecast.mean))
                    .map_err(broken)?;
                for p in &places {
                    write!(out, ",{}", number(forecast.quantiles[*p])).map_err(broken)?;
                }
                writeln!(out, ",{},{}", forecast.model.0.name(), cell(args.language.pick(&reason)))
                    .map_err(broken)?;
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
