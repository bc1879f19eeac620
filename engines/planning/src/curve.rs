//! Demand over a protection period as a curve: stock level → chance that it suffices.

use crate::{dist::Base, law::WITHIN};

/// Levels at which curves are taken from forecasts.
pub const GRID: [f64; 40] = [
    0.02, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.65, 0.7, 0.74, 0.78, 0.81,
    0.84, 0.865, 0.885, 0.9, 0.915, 0.93, 0.94, 0.95, 0.96, 0.967, 0.974, 0.98, 0.985, 0.989, 0.992, 0.994,
    0.9955, 0.997, 0.998, 0.9987, 0.9993, 0.9997,
];

/// Distribution function of a demand at the points where it is known.
#[derive(Clone, Debug, Default)]
pub struct Curve {
    /// (level, P(demand ≤ level)), both rising.
    points: Vec<(f64, f64)>,
}

impl Curve {
    /// From quantiles at the levels of [`GRID`].
    #[must_use]
    pub fn from_grid(quantiles: &[f64]) -> Self {
        Self::from_quantiles(&GRID, quantiles)
    }

    /// From quantiles (units) at levels in (0, 1); both rise and are of the same number.
    #[must_use]
    pub fn from_quantiles(levels: &[f64], quantiles: &[f64]) -> Self {
        let mut points: Vec<(f64, f64)> = Vec::new();
        for (q, p) in quantiles.iter().zip(levels) {
            match points.last_mut() {
                Some(last) if *q <= last.0 + 1e-9 => last.1 = *p,
                _ => points.push((*q, *p)),
            }
        }
        Self { points }
    }

    /// Mixture of curves with weights that add up to one: an uncertain lead time.
    #[must_use]
    pub fn mix(curves: &[(Self, f64)]) -> Self {
        let mut levels: Vec<f64> = curves.iter().flat_map(|(c, _)| c.points.iter().map(|p| p.0)).collect();
        levels.sort_by(f64::total_cmp);
        levels.dedup();
        let points = levels.iter().map(|s| (*s, curves.iter().map(|(c, w)| w * c.below(*s)).sum())).collect();
        Self { points }
    }

    /// The same curve for demand that comes on top for certain.
    #[must_use]
    pub fn shifted(&self, extra: f64) -> Self {
        Self { points: self.points.iter().map(|(s, f)| (s + extra, *f)).collect() }
    }

    /// Mean and variance of the demand, in units and squared units.
    #[must_use]
    pub fn moments(&self) -> (f64, f64) {
        let (mut mass, mut sum, mut square) = (0.0, 0.0, 0.0);
        let (mut s0, mut f0) = (0.0, 0.0);
        for (s, f) in &self.points {
            // Between points further than one unit apart the demand is spread evenly.
            let (centre, wide) = if s - s0 > 1.0 && f0 > 0.0 {
                (0.5 * (s0 + s), (s - s0) * (s - s0) / 12.0)
            } else {
                (*s, 0.0)
            };
            mass += f - f0;
            sum += (f - f0) * centre;
            square += (f - f0) * (centre * centre + wide);
            (s0, f0) = (*s, *f);
        }
        let mean = sum / f64::max(mass, 1e-12);
        (mean, (square / f64::max(mass, 1e-12) - mean * mean).max(0.0))
    }

    /// The same shape with another mean and variance, in whole units: what is known beyond history (events, hints).
    /// Where there is next to no demand yet, a negative binomial.
    #[must_use]
    pub fn reshaped(&self, mean: f64, variance: f64) -> Self {
        let (m, v) = self.moments();
        if m < 0.05 || v < 1e-6 {
            let base = Base::new(mean, variance, true);
            return Self::from_grid(&GRID.map(|p| base.quantile(p)));
        }
        let wider = (variance.max(0.0) / v).sqrt();
        let mut points: Vec<(f64, f64)> = Vec::with_capacity(self.points.len());
        for (s, f) in &self.points {
            let s = (mean + (s - m) * wider - 1e-9).ceil().max(0.0);
            match points.last_mut() {
                Some(last) if s <= last.0 => last.1 = *f,
                _ => points.push((s, *f)),
            }
        }
        Self { points }
    }

    /// The points.
    #[must_use]
    pub fn points(&self) -> &[(f64, f64)] {
        &self.points
    }

    /// P(demand ≤ s); straight between the points further than one unit apart.
    #[must_use]
    pub fn below(&self, s: f64) -> f64 {
        let k = self.points.partition_point(|p| p.0 <= s + 1e-9);
        if k == 0 {
            return 0.0;
        }
        let (s0, f0) = self.points[k - 1];
        match self.points.get(k) {
            Some((s1, f1)) if s1 - s0 > 1.0 => f0 + (f1 - f0) * (s - s0).max(0.0) / (s1 - s0),
            Some(_) => f0,
            None => 1.0 - (1.0 - f0) * (s0.max(1.0) / s.max(1.0)).powi(4),
        }
    }

    /// The smallest known level with P(demand ≤ level) ≥ p.
    #[must_use]
    pub fn level(&self, p: f64) -> f64 {
        let k = self.points.partition_point(|x| x.1 < p - 1e-12);
        self.points.get(k).or(self.points.last()).map_or(0.0, |x| x.0)
    }

    /// The level that promises p to a part like any other: the quantile between the pieces ([`crate::fit::Fitted::predict`])
    /// rounded up. It is one more than [`Curve::level`] when most of the chance of that piece is needed for p.
    #[must_use]
    pub fn level_up(&self, p: f64) -> f64 {
        let k = self.points.partition_point(|x| x.1 < p - 1e-12);
        let Some((level, here)) = self.points.get(k) else { return self.level(p) };
        let before = k.checked_sub(1).map_or(0.0, |k| self.points[k].1);
        let more = *level > 0.0 && level.fract() == 0.0 && p > before + WITHIN * (here - before);
        level + f64::from(u8::from(more))
    }

    /// E[(s − demand)⁺]: stock left when the level is s.
    #[must_use]
    pub fn left_over(&self, s: f64) -> f64 {
        let mut area = 0.0;
        for (k, (s0, f0)) in self.points.iter().enumerate() {
            if *s0 >= s {
                break;
            }
            let (s1, f1) = self.points.get(k + 1).copied().unwrap_or((f64::INFINITY, 1.0));
            let end = s1.min(s);
            let width = end - s0;
            if s1 - s0 > 1.0 && s1.is_finite() {
                let fe = f0 + (f1 - f0) * width / (s1 - s0);
                area += width * 0.5 * (f0 + fe);
            } else {
                area += width * f0;
            }
        }
        area
    }

    /// P(demand ≤ s), given that there is demand.
    #[must_use]
    pub fn suffices(&self, s: f64) -> f64 {
        let none = self.below(0.0).min(0.9999);
        ((self.below(s) - none) / (1.0 - none)).clamp(0.0, 1.0)
    }

    /// Demand over the protection period as a demand line finds it: given that its last month has a line. A level fills
    /// that line when all demand of the period fits, so [`Curve::below`] of this curve is the share of lines filled.
    ///
    /// `months` is the period, `size` the mean demand of a month that has any. A total of d comes in about d / size
    /// lines; the chance that one of them falls into the last month is that of one urn in `months` being hit.
    #[must_use]
    pub fn given_a_line(&self, months: f64, size: f64) -> Self {
        let miss = 1.0 - 1.0 / months.max(1.0);
        let hit = |d: f64| if d > 0.0 { 1.0 - miss.powf((d / size.max(1e-9)).max(1.0)) } else { 0.0 };
        let (mut s0, mut f0, mut sum) = (-1.0, 0.0, 0.0);
        let mut points = Vec::with_capacity(self.points.len());
        for (s, f) in &self.points {
            let centre = if s - s0 > 1.0 { 0.5 * (s0.max(0.0) + s) } else { *s };
            sum += (f - f0) * hit(centre);
            points.push((*s, sum));
            (s0, f0) = (*s, *f);
        }
        let all = (sum + (1.0 - f0) * hit(s0 * 1.2)).max(1e-12);
        points.iter_mut().for_each(|p| p.1 /= all);
        Self { points }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn curve_of_a_coin() {
        // Demand 0 with 60 %, 2 with 40 %.
        let quantiles: Vec<f64> = GRID.iter().map(|p| if *p <= 0.6 { 0.0 } else { 2.0 }).collect();
        let curve = Curve::from_grid(&quantiles);
        assert_eq!(curve.level(0.5), 0.0);
        assert_eq!(curve.level(0.95), 2.0);
        assert!((curve.below(0.0) - 0.6).abs() < 1e-12);
        // One piece more where more than half of the chance of the last one is needed.
        assert_eq!([0.5, 0.62, 0.95].map(|p| curve.level_up(p)), [0.0, 2.0, 3.0]);
        // A line never finds that there is no demand.
        let met = curve.given_a_line(2.0, 2.0);
        assert!(met.below(0.0) < 1e-9 && met.below(2.0) > 0.99);
        assert!(curve.left_over(2.0) > 1.1 && curve.left_over(2.0) < 1.7);
        let piece = Curve::from_quantiles(&[0.6, 0.9997], &[0.0, 1.0]);
        let (mean, variance) = piece.moments();
        assert!((mean - 0.4).abs() < 0.001 && (variance - 0.24).abs() < 0.001);
    }

    #[test]
    fn lines_meet_more_demand_than_there_is_on_average() {
        // Two months, each with one piece at a chance of a half: 0, 1, 2 with 1/4, 1/2, 1/4. A line of the last month
        // meets 1 or 2 in all, half and half.
        let quantiles = GRID.map(|p| {
            if p <= 0.25 {
                0.0
            } else if p <= 0.75 {
                1.0
            } else {
                2.0
            }
        });
        let met = Curve::from_grid(&quantiles).given_a_line(2.0, 1.0);
        // 1 counts half of 1/2, 2 counts three quarters of 1/4 (two urns, two lines).
        assert!((met.below(1.0) - 4.0 / 7.0).abs() < 0.05, "{}", met.below(1.0));
        assert!(met.below(2.0) > 0.99);
    }

    #[test]
    fn a_recall_on_top_shifts_and_widens() {
        let base = Base::new(4.0, 8.0, true);
        let curve = Curve::from_grid(&GRID.map(|p| base.quantile(p)));
        let more = curve.reshaped(24.0, 18.0);
        let (mean, variance) = more.moments();
        assert!((mean - 24.0).abs() < 0.8 && (variance - 18.0).abs() < 3.0, "{mean} {variance}");
        assert!(more.level(0.95) > curve.level(0.95) + 20.0);
        let new = Curve::from_grid(&[0.0; 40]).reshaped(10.0, 12.0);
        assert!(new.level(0.5) >= 9.0 && new.level(0.5) <= 11.0);
    }
}
