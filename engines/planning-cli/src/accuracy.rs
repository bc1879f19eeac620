//! `planning accuracy`: earlier forecasts against what came.

use std::{
    collections::{BTreeMap, HashMap},
    fs::File,
    io::{BufWriter, Write},
    path::{Path, PathBuf},
};

use clap::Args;
use planning::accuracy::{Outcome, Track, overall};
use serde_json::{Value, json};

use crate::{
    Common, Input, Trouble,
    backtest::cell,
    demand::month_name,
    input::load,
    outlook::{PART, PRIOR, TRACK, track_cells},
    report::number,
    table::{Column, read_each},
};

/// Arguments of `planning accuracy`.
#[derive(Args)]
pub struct Accuracy {
    #[command(flatten)]
    input: Input,
    /// Earlier forecasts, CSV or XLSX, as `planning backtest` writes them: origin (YYYY-MM, last month known),part,mean,
    /// q0.95 and others.
    #[arg(long, value_name = "FILE")]
    earlier: PathBuf,
    /// Months whose total was forecast.
    #[arg(long, value_name = "P")]
    protection: usize,
    /// Which of its quantiles is judged.
    #[arg(long, default_value_t = 0.95)]
    quantile: f64,
    /// File to write, to be given to `forecast` and `levels` with --track: part,weight,forecast,actual,error,absolute,
    /// loss,above,expected_above,signal,relative_error,factor
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    #[command(flatten)]
    pub(crate) common: Common,
}

/// An earlier forecast: last month known, row of the panel, mean, quantile.
type Earlier = (i64, usize, f64, f64);

/// Runs it.
///
/// # Errors
/// Wrong arguments or input.
pub fn run(args: &Accuracy) -> Result<Value, Trouble> {
    if args.protection == 0 || args.protection > 120 {
        return Err(Trouble::text("--protection must be 1 to 120 months"));
    }
    if !(args.quantile > 0.0 && args.quantile < 1.0) {
        return Err(Trouble::text("--quantile must be between 0 and 1, for example 0.95"));
    }
    let known = load(&args.input)?;
    let (panel, first) = (&known.demand.panel, known.demand.first);
    let index: HashMap<String, usize> =
        known.demand.parts.iter().cloned().enumerate().map(|(i, p)| (p, i)).collect();
    let mut earlier = read_earlier(&args.earlier, args.quantile, &index)?;
    earlier.sort_by(|a, b| a.0.cmp(&b.0).then(a.1.cmp(&b.1)));
    let mut tracks = vec![Track::default(); panel.series()];
    let mut trend: BTreeMap<i64, Vec<Track>> = BTreeMap::new();
    let mut waiting = 0usize;
    for (origin, i, mean, quantile) in earlier {
        let start = origin + 1 - first;
        let end = start + args.protection as i64;
        if start < 0 || end > panel.periods() as i64 {
            waiting += 1;
            continue;
        }
        let actual = panel.row(i)[start as usize..end as usize].iter().map(|x| f64::from(*x)).sum();
        let outcome = Outcome { mean, quantile: (args.quantile, quantile), actual };
        tracks[i].add(&outcome);
        let mut one = Track::default();
        one.add(&outcome);
        trend.entry(origin).or_default().push(one);
    }
    write(&args.out, &known.demand.parts, &tracks)?;
    let judged: usize = trend.values().map(Vec::len).sum();
    let trend: Vec<Value> = trend.iter().map(|(origin, all)| describe(*origin, &overall(all))).collect();
    let all = overall(&tracks);
    Ok(json!({
        "judged": judged, "not_due": waiting, "trend": trend, "signal": all.signal(),
        "relative_error": all.relative_error(), "out": args.out.display().to_string(),
        "text": format!(
            "{judged} forecasts judged, {waiting} not due yet; bias {:+.2}, error {:.0} % of demand, {:.1} % above the \
             quantile ({:.1} % expected) → {}",
            all.signal(), all.relative_error() * 100.0, all.above / all.weight.max(1e-9) * 100.0,
            (1.0 - args.quantile) * 100.0, args.out.display()
        ),
    }))
}

/// A month of the trend.
fn describe(origin: i64, t: &Track) -> Value {
    json!({
        "origin": month_name(origin), "forecast": t.forecast, "actual": t.actual, "signal": t.signal(),
        "relative_error": t.relative_error(), "above": t.above / t.weight.max(1e-9),
    })
}

fn read_earlier(path: &Path, quantile: f64, index: &HashMap<String, usize>) -> Result<Vec<Earlier>, Trouble> {
    let name = format!("q{quantile}");
    let judged = [name.as_str()];
    let columns = [
        PART,
        Column { names: &["origin"], needed: true },
        Column { names: &["mean"], needed: true },
        Column { names: &judged, needed: true },
    ];
    read_each(path, &columns, |cells| {
        let amount = |k: usize| cells.needed(k, 0.0, 1e15);
        Ok((cells.needed_month(1)?, cells.part(index)?, amount(2)?, amount(3)?))
    })
}

fn write(path: &Path, parts: &[String], tracks: &[Track]) -> Result<(), Trouble> {
    let broken = |e: std::io::Error| Trouble::file(path, e);
    let mut out = BufWriter::with_capacity(1 << 18, File::create(path).map_err(broken)?);
    writeln!(out, "part,{},signal,relative_error,factor", TRACK.join(",")).map_err(broken)?;
    for (part, t) in parts.iter().zip(tracks).filter(|(_, t)| t.weight > 0.0) {
        let cells = track_cells(t);
        let more = [t.signal(), if t.actual > 0.0 { t.relative_error() } else { 0.0 }, t.factor(PRIOR)];
        let text: Vec<String> = cells.iter().chain(&more).map(|x| number(*x)).collect();
        writeln!(out, "{},{}", cell(part), text.join(",")).map_err(broken)?;
    }
    out.flush().map_err(broken)
}
