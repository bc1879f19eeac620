//! Demand of many part-places over the same months.

use std::fmt;

/// What can be wrong with the input of a run.
#[derive(Clone, Debug, PartialEq)]
pub enum PlanError {
    /// The run was stopped from outside.
    Cancelled,
    /// There are too few months for what was asked: known, needed.
    ShortHistory(usize, usize),
    /// A value is out of its range: what, and the value.
    Range(&'static str, f64),
    /// Lengths do not fit: what.
    Shape(&'static str),
}

impl fmt::Display for PlanError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Cancelled => write!(f, "stopped"),
            Self::ShortHistory(known, needed) => {
                write!(f, "{known} periods of history, {needed} are needed")
            }
            Self::Range(what, value) => write!(f, "{what} is out of range: {value}"),
            Self::Shape(what) => write!(f, "{what}"),
        }
    }
}

impl std::error::Error for PlanError {}

/// Monthly demand, one row per part-place, all rows over the same periods. Quantities are ≥ 0 and finite.
#[derive(Clone, Debug, Default)]
pub struct Panel {
    series: usize,
    periods: usize,
    data: Vec<f32>,
}

impl Panel {
    /// A panel of `series` rows of `periods` months, row after row.
    ///
    /// # Errors
    /// [`PlanError::Shape`] when the lengths do not fit, [`PlanError::Range`] for a negative or infinite quantity.
    pub fn new(series: usize, periods: usize, data: Vec<f32>) -> Result<Self, PlanError> {
        if data.len() != series * periods {
            return Err(PlanError::Shape("demand has not series × periods values"));
        }
        if let Some(bad) = data.iter().find(|x| !x.is_finite() || **x < 0.0) {
            return Err(PlanError::Range("demand", f64::from(*bad)));
        }
        Ok(Self { series, periods, data })
    }

    /// Rows.
    #[must_use]
    pub fn series(&self) -> usize {
        self.series
    }

    /// Months.
    #[must_use]
    pub fn periods(&self) -> usize {
        self.periods
    }

    /// Demand of a row.
    #[must_use]
    pub fn row(&self, i: usize) -> &[f32] {
        &self.data[i * self.periods..(i + 1) * self.periods]
    }

    /// The same rows with the first `periods` months only.
    #[must_use]
    pub fn until(&self, periods: usize) -> Self {
        let periods = periods.min(self.periods);
        let data = (0..self.series).flat_map(|i| self.row(i)[..periods].iter().copied()).collect();
        Self { series: self.series, periods, data }
    }

    /// The unit of the first `periods` months and whether all demand is a whole number of them.
    ///
    /// Pieces have unit 1. Quantities like 0.25 or 50 metres have the largest step that fits all of them; if none
    /// does, the unit is a tenth of the mean quantity and demand counts as continuous.
    #[must_use]
    pub fn unit(&self, periods: usize) -> (f64, bool) {
        let rows = || (0..self.series).flat_map(move |i| self.row(i)[..periods].iter().copied());
        let (mut whole, mut divisor) = (true, 0u64);
        let (mut sum, mut count, mut least) = (0.0f64, 0usize, f64::INFINITY);
        for x in rows().filter(|x| *x > 0.0) {
            let x = f64::from(x);
            sum += x;
            count += 1;
            least = least.min(x);
            if x.fract() == 0.0 && x < 1e15 {
                if divisor != 1 {
                    divisor = gcd(x as u64, divisor);
                }
            } else {
                whole = false;
            }
        }
        if count == 0 {
            return (1.0, true);
        }
        if whole {
            return (divisor.max(1) as f64, true);
        }
        for unit in [least, least / 2.0, 0.5, 0.25, 0.1, 0.05, 0.01] {
            let fits = |x: f32| {
                let k = f64::from(x) / unit;
                (k - k.round()).abs() < 1e-4 * k.max(1.0)
            };
            if sum / count as f64 / unit < 1_000.0 && rows().filter(|x| *x > 0.0).all(fits) {
                return (unit, true);
            }
        }
        (sum / count as f64 / 10.0, false)
    }
}

fn gcd(a: u64, b: u64) -> u64 {
    if b == 0 { a } else { gcd(b, a % b) }
}
