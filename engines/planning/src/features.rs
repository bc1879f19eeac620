//! What the models that learn from all series see of one series at one cut-off.

use crate::{local::Local, models::Window};

/// Features taken from the history.
pub const OWN: usize = 30;

/// Features at cut-off c from the first c periods: `y` and its running totals `sums`, in units of the panel.
/// `base` is the mean and the variance of the base distribution.
#[must_use]
pub fn features(
    y: &[f64],
    sums: &[f64],
    c: usize,
    window: Window,
    local: &Local,
    base: (f64, f64),
) -> [f32; OWN] {
    let last = |months: usize| sums[c] - sums[c.saturating_sub(months)];
    let hits = |months: usize| y[c.saturating_sub(months)..c].iter().filter(|x| **x > 0.0).count() as f64;
    let log = |x: f64| (x.max(0.0)).ln_1p();
    let h = history(&y[..c], window.length);
    let months = c as f64;
    let p = window.length;
    let year_ago = if c + window.offset >= 12 && window.reach() <= 12 {
        sums[(c + window.reach() - 12).min(c)] - sums[c + window.offset - 12]
    } else {
        last(12) * p as f64 / 12.0
    };
    let (mean, variance) = base;
    let ratio = |a: f64, b: f64| ((a + 0.5) / (b + 0.5)).ln();
    let level = mean.max(0.05);
    let values = [
        log(mean),
        (variance / level).max(1e-3).ln(),
        log(last(1)),
        log(last(p)),
        log(last(6)),
        log(last(12)),
        log(last(24) * 24.0 / c.clamp(1, 24) as f64),
        log(sums[c] * 12.0 / months.max(1.0)),
        h.since,
        hits(3),
        hits(6),
        hits(12),
        hits(24) * 24.0 / c.clamp(1, 24) as f64,
        log(h.size),
        h.variation,
        log(h.largest),
        log(h.last_size),
        h.last_gap,
        h.mean_gap,
        ratio(last(6), last(12) - last(6)),
        ratio(last(12), last(24) - last(12)),
        log(year_ago),
        h.demands.min(24.0),
        h.age,
        log(h.top_window),
        log(h.second_window),
        local.spread,
        ratio(last(p), mean),
        log(local.error.sqrt()) - log(mean),
        local.bias / level.sqrt(),
    ];
    values.map(|v| v as f32)
}

struct History {
    since: f64,
    demands: f64,
    size: f64,
    variation: f64,
    largest: f64,
    last_size: f64,
    last_gap: f64,
    mean_gap: f64,
    age: f64,
    top_window: f64,
    second_window: f64,
}

fn history(y: &[f64], length: usize) -> History {
    let c = y.len();
    let (mut n, mut sum, mut square, mut largest) = (0.0, 0.0, 0.0, 0.0f64);
    let (mut first, mut last, mut before) = (None, None, None);
    for (t, x) in y.iter().enumerate().filter(|(_, x)| **x > 0.0) {
        n += 1.0;
        sum += x;
        square += x * x;
        largest = largest.max(*x);
        first = first.or(Some(t));
        before = last;
        last = Some(t);
    }
    let mean = if n > 0.0 { sum / n } else { 0.0 };
    let variation = if n > 1.0 { (square / n - mean * mean).max(0.0) / (mean * mean) } else { 0.0 };
    // Separate windows of the last two years, from the cut-off backwards.
    let (mut top, mut second) = (0.0f64, 0.0f64);
    for total in y[c.saturating_sub(24)..].rchunks(length).map(|w| w.iter().sum::<f64>()) {
        if total > top {
            (top, second) = (total, top);
        } else if total > second {
            second = total;
        }
    }
    History {
        since: last.map_or(c as f64, |t| (c - t) as f64),
        demands: n,
        size: mean,
        variation,
        largest,
        last_size: last.map_or(0.0, |t| y[t]),
        last_gap: match (last, before) {
            (Some(a), Some(b)) => (a - b) as f64,
            _ => c as f64,
        },
        mean_gap: if n > 0.0 { c as f64 / n } else { c as f64 * 2.0 },
        age: first.map_or(0.0, |t| (c - t) as f64),
        top_window: top,
        second_window: second,
    }
}
