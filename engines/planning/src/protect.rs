//! Demand over each part's own protection period: lead time plus review, in fractions of a month if need be.

use crate::{
    curve::{Curve, GRID},
    fit::{Attributes, Fitted, Settings},
    models::{Model, Window},
    panel::{Panel, PlanError},
    par::Control,
};

/// Protection periods that are fitted at most; parts in between get their curves by interpolation.
const KNOTS: usize = 6;

/// The time a part's stock must bridge.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Protection {
    /// Lead time plus review period in months, > 0.
    pub months: f64,
    /// Standard deviation of the lead time in months, ≥ 0.
    pub deviation: f64,
}

/// What is known of a part's demand over its protection period.
#[derive(Clone, Debug)]
pub struct Protected {
    /// The distribution.
    pub curve: Curve,
    /// Its mean.
    pub mean: f64,
    /// Mean demand per month.
    pub monthly: f64,
    /// Expected demand lines (months with demand) per month, 0 to 1.
    pub lines: f64,
    /// Model of the mean with the largest weight, and its weight.
    pub model: (Model, f64),
}

impl Protected {
    /// Mean demand of a month that has any, in units.
    #[must_use]
    pub fn size(&self) -> f64 {
        self.monthly / self.lines.max(1e-6)
    }
}

/// Weights of a three-point rule that keeps mean and variance of the lead time.
fn lead_points(p: Protection) -> [(f64, f64); 3] {
    let d = p.deviation.max(0.0) * 3.0f64.sqrt();
    if d == 0.0 {
        return [(p.months, 1.0), (p.months, 0.0), (p.months, 0.0)];
    }
    [((p.months - d).max(0.05), 1.0 / 6.0), (p.months, 2.0 / 3.0), (p.months + d, 1.0 / 6.0)]
}

/// Periods to fit for the wanted ones (months), none longer than `longest`.
fn knots(wanted: &[f64], longest: usize) -> Vec<usize> {
    let mut all: Vec<usize> = Vec::new();
    for m in wanted {
        for k in [m.floor().max(1.0), m.ceil().max(1.0)] {
            all.push((k as usize).min(longest));
        }
    }
    all.sort_unstable();
    let mut distinct = all.clone();
    distinct.dedup();
    if distinct.len() <= KNOTS {
        return distinct;
    }
    // The ends, and places where most parts are.
    let mut chosen = vec![distinct[0], distinct[distinct.len() - 1]];
    for k in 1..KNOTS - 1 {
        chosen.push(all[k * all.len() / (KNOTS - 1)]);
    }
    chosen.sort_unstable();
    chosen.dedup();
    chosen
}

/// Demand of every part over its protection period, from the first `cutoff` months of the panel.
///
/// # Errors
/// [`PlanError::Shape`] when `protections` has another length than the panel, [`PlanError::Range`] for a protection
/// that is not above 0, [`PlanError::Cancelled`].
pub fn protect(
    panel: &Panel,
    cutoff: usize,
    attributes: &Attributes,
    protections: &[Protection],
    settings: &Settings,
    control: &Control,
) -> Result<Vec<Protected>, PlanError> {
    if protections.len() != panel.series() {
        return Err(PlanError::Shape("one protection period per part is needed"));
    }
    if let Some(bad) = protections.iter().find(|p| !p.months.is_finite() || p.months <= 0.0) {
        return Err(PlanError::Range("protection period in months", bad.months));
    }
    let longest = (cutoff / 2).clamp(1, 24);
    let mut wanted: Vec<f64> = Vec::new();
    for p in protections {
        wanted.extend(lead_points(*p).iter().filter(|w| w.1 > 0.0).map(|w| w.0));
    }
    let knots = knots(&wanted, longest);
    let mut levels = GRID.to_vec();
    levels.sort_by(f64::total_cmp);
    // Quantiles of each part at each of its (at most three) lead times, gathered knot by knot.
    let uncertain = protections.iter().any(|p| p.deviation > 0.0);
    let lanes = if uncertain { 3 } else { 1 };
    let width = GRID.len();
    let mut sums = vec![0.0f32; panel.series() * lanes * width];
    let mut found: Vec<Protected> = Vec::with_capacity(panel.series());
    let mut means = vec![0.0f64; panel.series()];
    for (number, knot) in knots.iter().enumerate() {
        let settings = Settings { window: Window::next(*knot), ..settings.clone() };
        let fitted = Fitted::new(panel, cutoff, attributes, &settings, control)?;
        let forecasts = fitted.predict_pieces(panel, attributes, &levels, control)?;
        for (i, forecast) in forecasts.iter().enumerate() {
            let points = lead_points(protections[i]);
            for (lane, (months, weight)) in points.iter().take(lanes).enumerate() {
                let share = weight_of(&knots, number, *months);
                if share == 0.0 || *weight == 0.0 {
                    continue;
                }
                let cells = &mut sums[(i * lanes + lane) * width..][..width];
                let stretch = (months / *knot as f64).max(0.0);
                let outside = *months > knots[knots.len() - 1] as f64 || *months < knots[0] as f64;
                for (cell, q) in cells.iter_mut().zip(&forecast.quantiles) {
                    let value = if outside {
                        forecast.mean * stretch + (q - forecast.mean) * stretch.sqrt()
                    } else {
                        *q
                    };
                    *cell += (share * value.max(0.0)) as f32;
                }
                means[i] += weight * share * forecast.mean * if outside { stretch } else { 1.0 };
            }
            if number == 0 {
                let monthly = forecast.mean / *knot as f64;
                let lines = forecast.lines;
                let model = forecast.model;
                found.push(Protected { curve: Curve::default(), mean: 0.0, monthly, lines, model });
            }
        }
    }
    for (i, part) in found.iter_mut().enumerate() {
        let points = lead_points(protections[i]);
        let curve = |lane: usize| {
            let cells = &sums[(i * lanes + lane) * width..][..width];
            Curve::from_grid(&cells.iter().map(|q| round_up(f64::from(*q))).collect::<Vec<_>>())
        };
        part.curve = if protections[i].deviation > 0.0 {
            Curve::mix(&[(curve(0), points[0].1), (curve(1), points[1].1), (curve(2), points[2].1)])
        } else {
            curve(0)
        };
        part.mean = means[i];
    }
    Ok(found)
}

fn round_up(q: f64) -> f64 {
    (q - 1e-4).ceil().max(0.0)
}

/// Share of knot `number` in the interpolation at `months`.
fn weight_of(knots: &[usize], number: usize, months: f64) -> f64 {
    let at = |k: usize| knots[k] as f64;
    let last = knots.len() - 1;
    if months <= at(0) {
        return f64::from(u8::from(number == 0));
    }
    if months >= at(last) {
        return f64::from(u8::from(number == last));
    }
    let k = (0..last).find(|k| months <= at(k + 1)).unwrap_or(last - 1);
    let w = (months - at(k)) / (at(k + 1) - at(k));
    if number == k {
        1.0 - w
    } else if number == k + 1 {
        w
    } else {
        0.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_of_knots_add_up_to_one() {
        let knots = [1, 3, 8];
        for months in [0.5, 1.0, 2.0, 3.0, 5.5, 8.0, 20.0] {
            let sum: f64 = (0..3).map(|k| weight_of(&knots, k, months)).sum();
            assert!((sum - 1.0).abs() < 1e-12, "{months}");
        }
    }

    #[test]
    fn three_lead_times_keep_mean_and_variance() {
        let points = lead_points(Protection { months: 5.0, deviation: 1.0 });
        let mean: f64 = points.iter().map(|(m, w)| m * w).sum();
        let variance: f64 = points.iter().map(|(m, w)| w * (m - mean).powi(2)).sum();
        assert!((mean - 5.0).abs() < 1e-12 && (variance - 1.0).abs() < 1e-12);
    }

    #[test]
    fn few_periods_are_fitted_whatever_the_parts_want() {
        let wanted: Vec<f64> = (1..200).map(|k| f64::from(k) * 0.13).collect();
        let knots = knots(&wanted, 20);
        assert!(knots.len() <= KNOTS && knots[0] == 1 && knots[knots.len() - 1] == 20, "{knots:?}");
    }
}
