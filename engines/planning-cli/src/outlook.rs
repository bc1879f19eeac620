//! What planners know beyond the history: files of events, hints and tracked accuracy.

use std::{
    collections::HashMap,
    path::{Path, PathBuf},
};

use clap::Args;
use planning::{
    Panel,
    accuracy::Track,
    curve::Curve,
    events::{Event, Hint, Outlook, Signal},
    reason::Words,
};

use crate::{
    Trouble,
    demand::Demand,
    table::{Column, read_each},
};

/// Accuracy before it counts fully, in units of demand that agreed.
pub const PRIOR: f64 = 5.0;

/// Files of what is known beyond the history.
#[derive(Args, Clone, Default)]
pub struct Beyond {
    /// Recalls, campaigns and other one-off work, CSV or XLSX: part,start (YYYY-MM),population,share,per_unit,months,
    /// front. Share of the population that comes (0 to 1) [1]; parts per unit [1]; months over which they come [1]; front
    /// = share of those left that comes each month [0: evenly]. What has passed is taken out of the history (column
    /// quantity: what it really took), what is to come is added.
    #[arg(long, value_name = "FILE")]
    events: Option<PathBuf>,
    /// Hints of the field, CSV or XLSX: part,start (YYYY-MM),kind (level, extra or factor),value,months [1],weight (0 to
    /// 1) [0.5],expires (YYYY-MM, from then on it does not count) [never].
    #[arg(long, value_name = "FILE")]
    hints: Option<PathBuf>,
    /// File of `planning accuracy`: earlier errors correct this run, part by part.
    #[arg(long, value_name = "FILE")]
    track: Option<PathBuf>,
}

/// All of it, by row of the panel.
#[derive(Default)]
pub struct Known {
    outlooks: HashMap<usize, Outlook>,
    tracks: HashMap<usize, Track>,
}

/// What a planner's knowledge makes of a demand.
pub struct Changed {
    /// The demand.
    pub curve: Curve,
    /// Its mean.
    pub mean: f64,
    /// What was done, in words.
    pub told: Vec<Words>,
}

impl Known {
    /// Whether there is something about a part.
    #[must_use]
    pub fn has(&self, i: usize) -> bool {
        self.outlooks.contains_key(&i) || self.tracks.contains_key(&i)
    }

    /// Changes a path of monthly (mean, variance) of a part; says in words what was done.
    pub fn apply(&self, i: usize, path: &mut [(f64, f64)]) -> Vec<Words> {
        self.outlooks.get(&i).map_or_else(Vec::new, |outlook| outlook.apply(path))
    }

    /// The level to ask for so that `level` comes out, from the part's past.
    #[must_use]
    pub fn level(&self, i: usize, level: f64) -> f64 {
        self.tracks.get(&i).map_or(level, |t| t.level(level))
    }

    /// Demand of a part over the `months` from month `from` on (0 = the next one), with what is known of it. `curve` and
    /// `mean` are what the history says.
    #[must_use]
    pub fn change(&self, i: usize, curve: &Curve, mean: f64, (from, months): (usize, f64)) -> Changed {
        let Some(outlook) = self.outlooks.get(&i) else {
            return Changed { curve: curve.clone(), mean, told: Vec::new() };
        };
        let past = from as i64;
        let mut outlook = outlook.clone();
        outlook.events.iter_mut().for_each(|e| e.start -= past);
        outlook.hints = outlook.hints.iter().filter_map(|h| later(h, past)).collect();
        let (shape_mean, variance) = curve.moments();
        let (new, wider, told) = outlook.total(months, (mean, variance));
        // The curve keeps its own distance from the mean that is reported.
        let curve =
            if told.is_empty() { curve.clone() } else { curve.reshaped(new + shape_mean - mean, wider) };
        Changed { curve, mean: new, told }
    }
}

/// A hint as seen `past` months later, if it still speaks of anything.
fn later(hint: &Hint, past: i64) -> Option<Hint> {
    let (start, end) = (hint.start as i64 - past, (hint.start + hint.months) as i64 - past);
    let first = start.max(0);
    (end > first).then(|| Hint {
        start: first as usize,
        months: (end - first) as usize,
        expires: hint.expires - past,
        ..hint.clone()
    })
}

/// Reads the files and takes past events out of the demand.
///
/// # Errors
/// Every wrong row with its number.
pub fn read_beyond(beyond: &Beyond, demand: &mut Demand) -> Result<Known, Trouble> {
    let mut known = Known::default();
    let index: HashMap<String, usize> =
        demand.parts.iter().cloned().enumerate().map(|(i, p)| (p, i)).collect();
    let next = demand.first + demand.panel.periods() as i64;
    if let Some(path) = &beyond.events {
        let events = read_events(path, &index, next)?;
        take_out(demand, &events).map_err(|e| Trouble::file(path, e))?;
        for (i, event, _) in events {
            known.outlooks.entry(i).or_default().events.push(event);
        }
    }
    if let Some(path) = &beyond.hints {
        for (i, hint) in read_hints(path, &index, next)? {
            known.outlooks.entry(i).or_default().hints.push(hint);
        }
    }
    if let Some(path) = &beyond.track {
        for (i, track) in read_tracks(path, &index)? {
            known.outlooks.entry(i).or_default().factor = track.factor(PRIOR);
            known.tracks.insert(i, track);
        }
    }
    Ok(known)
}

/// Removes what events took in months that have passed.
fn take_out(demand: &mut Demand, events: &[(usize, Event, Option<f64>)]) -> Result<(), planning::PlanError> {
    let (n, periods) = (demand.panel.series(), demand.panel.periods());
    if events.iter().all(|e| e.1.start >= 0) {
        return Ok(());
    }
    let (unit, whole) = demand.panel.unit(periods);
    let mut data: Vec<f32> = (0..n).flat_map(|i| demand.panel.row(i).iter().copied()).collect();
    for (i, event, quantity) in events.iter().filter(|e| e.1.start < 0) {
        // Seen from the first month of the file.
        let begun = Event { start: event.start + periods as i64, ..event.clone() };
        let profile = begun.demand(periods);
        let sum: f64 = profile.iter().map(|p| p.0).sum();
        for (t, (mean, _)) in profile.iter().enumerate().filter(|(_, p)| p.0 > 0.0) {
            let taken = quantity.map_or(*mean, |q| q * mean / sum);
            let cell = &mut data[i * periods + t];
            let taken = if whole { (taken / unit).round() * unit } else { taken };
            *cell = (*cell - taken as f32).max(0.0);
        }
    }
    demand.panel = Panel::new(n, periods, data)?;
    Ok(())
}

/// The column that names the part.
pub const PART: Column = Column {
    names: &["part", "part_no", "item", "配件", "备件", "物料", "配件编码"],
    needed: true,
};

fn read_events(
    path: &Path,
    index: &HashMap<String, usize>,
    next: i64,
) -> Result<Vec<(usize, Event, Option<f64>)>, Trouble> {
    let columns = [
        PART,
        Column { names: &["start", "开始"], needed: true },
        Column { names: &["population", "台数"], needed: true },
        Column::free(&["share", "比例"]),
        Column::free(&["per_unit", "单台用量"]),
        Column::free(&["months", "月数"]),
        Column::free(&["front"]),
        Column::free(&["quantity", "实际数量"]),
    ];
    read_each(path, &columns, |cells| {
        let event = Event {
            start: cells.needed_month(1)? - next,
            population: cells.needed(2, 0.0, 1e9)?,
            share: cells.amount(3, 0.0, 1.0)?.unwrap_or(1.0),
            per_unit: cells.amount(4, 0.0, 1e6)?.unwrap_or(1.0),
            months: cells.amount(5, 1.0, 240.0)?.unwrap_or(1.0) as usize,
            front: cells.amount(6, 0.0, 1.0)?.unwrap_or(0.0),
        };
        Ok((cells.part(index)?, event, cells.amount(7, 0.0, 1e12)?))
    })
}

fn read_hints(path: &Path, index: &HashMap<String, usize>, next: i64) -> Result<Vec<(usize, Hint)>, Trouble> {
    let columns = [
        PART,
        Column { names: &["start", "开始"], needed: true },
        Column { names: &["kind", "类型"], needed: true },
        Column { names: &["value", "数值"], needed: true },
        Column::free(&["months", "月数"]),
        Column::free(&["weight", "权重"]),
        Column::free(&["expires", "失效"]),
    ];
    let hints = read_each(path, &columns, |cells| {
        let start = cells.needed_month(1)? - next;
        let value = cells.needed(3, if cells.text(2) == "extra" { -1e12 } else { 0.0 }, 1e12)?;
        let signal = match cells.text(2) {
            "level" => Signal::Level(value),
            "extra" => Signal::Extra(value),
            "factor" => Signal::Factor(value),
            other => return Err(format!("kind `{other}` is not level, extra or factor")),
        };
        let months = cells.amount(4, 1.0, 240.0)?.unwrap_or(1.0) as i64;
        // What lies in the past is history.
        let (first, end) = (start.max(0), start + months);
        let hint = Hint {
            signal,
            start: first as usize,
            months: (end - first).max(0) as usize,
            weight: cells.amount(5, 0.0, 1.0)?.unwrap_or(0.5),
            expires: cells.month(6)?.map_or(i64::from(i32::MAX), |m| m - next),
        };
        Ok((cells.part(index)?, hint))
    })?;
    Ok(hints.into_iter().filter(|(_, h)| h.months > 0).collect())
}

/// Columns of a file of tracks, after `part`.
pub const TRACK: [&str; 8] =
    ["weight", "forecast", "actual", "error", "absolute", "loss", "above", "expected_above"];

/// A track as cells in the order of [`TRACK`].
#[must_use]
pub fn track_cells(t: &Track) -> [f64; 8] {
    [t.weight, t.forecast, t.actual, t.error, t.absolute, t.loss, t.above, t.expected_above]
}

/// Reads a file of tracks.
///
/// # Errors
/// Every wrong row with its number.
pub fn read_tracks(path: &Path, index: &HashMap<String, usize>) -> Result<Vec<(usize, Track)>, Trouble> {
    const NAMES: [&[&str]; 8] = [
        &["weight"],
        &["forecast"],
        &["actual"],
        &["error"],
        &["absolute"],
        &["loss"],
        &["above"],
        &["expected_above"],
    ];
    let mut columns = vec![PART];
    columns.extend(NAMES.iter().map(|names| Column { names, needed: true }));
    read_each(path, &columns, |cells| {
        let at = |k: usize| cells.needed(k, if k == 4 { f64::MIN } else { 0.0 }, f64::MAX);
        let track = Track {
            weight: at(1)?,
            forecast: at(2)?,
            actual: at(3)?,
            error: at(4)?,
            absolute: at(5)?,
            loss: at(6)?,
            above: at(7)?,
            expected_above: at(8)?,
        };
        Ok((cells.part(index)?, track))
    })
}
