//! Accuracy per part, followed from run to run, and what it corrects in the next one.
//!
//! Sources: Trigg (1964) for the tracking signal; quantile correction by past exceedances as in conformal prediction
//! (Gibbs & Candès 2021, adaptive form).

use crate::evaluate::pinball;

/// One forecast that has come due.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome {
    /// Mean that was forecast.
    pub mean: f64,
    /// Quantile forecast: level and value.
    pub quantile: (f64, f64),
    /// What came.
    pub actual: f64,
}

/// Accuracy of a part so far. Old outcomes fade (factor 0.9 per outcome).
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Track {
    /// Faded number of outcomes.
    pub weight: f64,
    /// Faded sums of forecast means and of what came.
    pub forecast: f64,
    /// See `forecast`.
    pub actual: f64,
    /// Faded sum of errors (forecast less actual) and of absolute errors.
    pub error: f64,
    /// See `error`.
    pub absolute: f64,
    /// Faded pinball loss of the quantile.
    pub loss: f64,
    /// Faded count of outcomes above the quantile, and what it should be.
    pub above: f64,
    /// See `above`.
    pub expected_above: f64,
}

const FADE: f64 = 0.9;

impl Track {
    /// Takes in an outcome.
    pub fn add(&mut self, o: &Outcome) {
        for x in [
            &mut self.weight,
            &mut self.forecast,
            &mut self.actual,
            &mut self.error,
            &mut self.absolute,
            &mut self.loss,
            &mut self.above,
            &mut self.expected_above,
        ] {
            *x *= FADE;
        }
        let (level, quantile) = o.quantile;
        self.weight += 1.0;
        self.forecast += o.mean;
        self.actual += o.actual;
        self.error += o.mean - o.actual;
        self.absolute += (o.mean - o.actual).abs();
        self.loss += pinball(level, quantile, o.actual);
        self.above += f64::from(u8::from(o.actual > quantile));
        self.expected_above += 1.0 - level;
    }

    /// Tracking signal from −1 (always too low) to 1 (always too high).
    #[must_use]
    pub fn signal(&self) -> f64 {
        if self.absolute > 0.0 { self.error / self.absolute } else { 0.0 }
    }

    /// Mean absolute error over mean demand.
    #[must_use]
    pub fn relative_error(&self) -> f64 {
        self.absolute / self.actual.max(1e-9)
    }

    /// Factor for the next mean: what came over what was forecast, shrunk to 1 (`prior` units of agreeing demand,
    /// 5 is usual) and kept within 0.5 to 2.
    #[must_use]
    pub fn factor(&self, prior: f64) -> f64 {
        ((self.actual + prior) / (self.forecast + prior)).clamp(0.5, 2.0)
    }

    /// Level to ask for so that `level` comes out, from past exceedances: moves by up to half of what is left to 1.
    #[must_use]
    pub fn level(&self, level: f64) -> f64 {
        if self.weight <= 0.0 {
            return level;
        }
        // Shrunk excess of exceedances over their expectation, per outcome.
        let excess = (self.above - self.expected_above) / (self.weight + 10.0);
        (level + excess.clamp(-0.5, 0.5) * (1.0 - level)).clamp(0.01, 0.9995)
    }
}

/// Accuracy over all parts, for the trend that is shown from run to run.
#[must_use]
pub fn overall(tracks: &[Track]) -> Track {
    let mut all = Track::default();
    for t in tracks {
        all.weight += t.weight;
        all.forecast += t.forecast;
        all.actual += t.actual;
        all.error += t.error;
        all.absolute += t.absolute;
        all.loss += t.loss;
        all.above += t.above;
        all.expected_above += t.expected_above;
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn track(mean: f64, quantile: f64, actual: f64, n: usize) -> Track {
        let mut t = Track::default();
        (0..n).for_each(|_| t.add(&Outcome { mean, quantile: (0.95, quantile), actual }));
        t
    }

    #[test]
    fn a_forecast_that_is_always_low_is_raised() {
        let t = track(4.0, 6.0, 8.0, 12);
        assert!((t.signal() + 1.0).abs() < 1e-12);
        assert!(t.factor(5.0) > 1.5);
        assert!(t.level(0.95) > 0.95);
    }

    #[test]
    fn an_unbiased_one_stays() {
        let t = track(5.0, 9.0, 5.0, 12);
        assert!((t.factor(5.0) - 1.0).abs() < 1e-12);
        assert!((t.level(0.95) - 0.95).abs() < 0.005);
        assert_eq!(Track::default().factor(5.0), 1.0);
    }

    #[test]
    fn corrections_make_the_next_run_better() {
        // Demand doubles; forecasts follow with the factor of the track.
        let mut t = Track::default();
        let mut errors = Vec::new();
        for _ in 0..20 {
            let mean = 4.0 * t.factor(5.0);
            errors.push((mean - 8.0f64).abs());
            t.add(&Outcome { mean: 4.0, quantile: (0.95, 9.0), actual: 8.0 });
        }
        assert!(errors[19] < 0.5 * errors[0]);
    }

    #[test]
    fn the_whole_is_the_sum_of_its_parts() {
        let all = overall(&[track(1.0, 3.0, 2.0, 3), track(5.0, 9.0, 4.0, 2)]);
        assert!(all.weight > 4.0 && all.loss > 0.0);
    }
}
