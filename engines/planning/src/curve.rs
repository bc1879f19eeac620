//! Demand over a protection period as a curve: stock level → chance that it suffices.

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
        let mut points: Vec<(f64, f64)> = Vec::new();
        for (q, p) in quantiles.iter().zip(GRID) {
            match points.last_mut() {
                Some(last) if *q <= last.0 + 1e-9 => last.1 = p,
                _ => points.push((*q, p)),
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

    /// Chance that a demand line is filled at level s: P(demand ≤ s), given that there is demand.
    #[must_use]
    pub fn line_fill(&self, s: f64) -> f64 {
        let none = self.below(0.0).min(0.9999);
        ((self.below(s) - none) / (1.0 - none)).clamp(0.0, 1.0)
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
        assert!(curve.line_fill(2.0) > 0.99);
        assert!(curve.left_over(2.0) > 1.1 && curve.left_over(2.0) < 1.7);
    }
}
