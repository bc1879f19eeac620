//! `planning backtest`.

use std::{
    fs::File,
    io::{BufWriter, Write},
    path::PathBuf,
};

use clap::Args;
use planning::{
    Control,
    fit::{Fitted, Forecast, Settings},
    models::Window,
};
use serde_json::{Value, json};

use crate::{
    Common, Input,
    demand::month_name,
    input::{levels, load},
    report::{Progress, Trouble, number},
};

/// Arguments of `planning backtest`.
#[derive(Args)]
pub struct Backtest {
    #[command(flatten)]
    input: Input,
    /// Number of origins: the N months before the last one of the file.
    #[arg(long, value_name = "N")]
    origins: usize,
    /// Protection period in months: how long stock must last from order to arrival plus review.
    #[arg(long, value_name = "P")]
    protection: usize,
    /// Quantiles to write, between 0 and 1.
    #[arg(long, value_name = "LIST", default_value = "0.5,0.8,0.9,0.95,0.98,0.99")]
    quantiles: String,
    /// File to write: origin,part,mean,q0.5,q0.8,…
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    #[command(flatten)]
    pub(crate) common: Common,
}

/// Runs it.
///
/// # Errors
/// Wrong arguments or input.
pub fn run(args: &Backtest) -> Result<Value, Trouble> {
    let wanted = levels(&args.quantiles)?;
    let known = load(&args.input)?;
    let (panel, periods) = (&known.demand.panel, known.demand.panel.periods());
    if args.protection == 0 || args.protection > 120 {
        return Err(Trouble::text("--protection must be 1 to 120 months"));
    }
    if args.origins == 0 || args.origins >= periods {
        return Err(Trouble::text(format!(
            "--origins must be 1 to {}: the file has {periods} months",
            periods.saturating_sub(1)
        )));
    }
    let mut rising = wanted.clone();
    rising.sort_by(f64::total_cmp);
    rising.dedup();
    let places: Vec<usize> = wanted.iter().map(|p| rising.partition_point(|r| r < p)).collect();
    let file = File::create(&args.out).map_err(|e| Trouble::file(&args.out, e))?;
    let mut out = BufWriter::with_capacity(1 << 18, file);
    let heads: Vec<String> = wanted.iter().map(|p| format!("q{p}")).collect();
    let broken = |e: std::io::Error| Trouble::file(&args.out, e);
    writeln!(out, "origin,part,mean,{}", heads.join(",")).map_err(broken)?;
    let progress = Progress::new(args.common.quiet);
    for k in 0..args.origins {
        let cutoff = periods - args.origins + k;
        let tell = |stage: &str, f: f64| {
            progress.tell(&format!("origin {} of {}: {stage}", k + 1, args.origins), f);
        };
        let control = Control { threads: args.common.threads(), cancel: None, progress: Some(&tell) };
        let settings = Settings::new(Window::next(args.protection));
        let fitted =
            Fitted::new(panel, cutoff, &known.attributes, &settings, &control).map_err(Trouble::text)?;
        let forecasts = fitted.predict(panel, &known.attributes, &rising, &control).map_err(Trouble::text)?;
        let origin = month_name(known.demand.first + cutoff as i64 - 1);
        for (part, forecast) in known.demand.parts.iter().zip(&forecasts) {
            write_row(&mut out, &origin, part, forecast, &places).map_err(broken)?;
        }
    }
    out.flush().map_err(broken)?;
    progress.done();
    Ok(json!({
        "parts": panel.series(),
        "periods": periods,
        "origins": args.origins,
        "protection": args.protection,
        "out": args.out.display().to_string(),
        "text": format!("{} parts × {} origins → {}", panel.series(), args.origins, args.out.display()),
    }))
}

fn write_row(
    out: &mut impl Write,
    origin: &str,
    part: &str,
    forecast: &Forecast,
    places: &[usize],
) -> std::io::Result<()> {
    write!(out, "{origin},{},{}", cell(part), number(forecast.mean))?;
    for k in places {
        write!(out, ",{}", number(forecast.quantiles[*k]))?;
    }
    writeln!(out)
}

/// A text as a CSV cell.
#[must_use]
pub fn cell(text: &str) -> String {
    if text.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text.to_string()
    }
}
