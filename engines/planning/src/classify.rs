//! Kinds of demand and stages of life.
//!
//! Source: Syntetos, Boylan & Croston (2005) for the four kinds; ABC/XYZ as used in practice.

/// Kind of demand by interval and size.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// No demand so far.
    None,
    /// Often, similar sizes.
    Smooth,
    /// Often, sizes vary.
    Erratic,
    /// Seldom, similar sizes.
    Intermittent,
    /// Seldom, sizes vary.
    Lumpy,
}

/// Stage of life as far as the history tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// First demand less than a year ago.
    New,
    /// Rising clearly.
    Growing,
    /// Neither.
    Steady,
    /// Falling clearly.
    Declining,
    /// No demand for much longer than its usual interval.
    Dying,
}

/// What a history is like.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Class {
    /// Kind.
    pub kind: Kind,
    /// Stage.
    pub stage: Stage,
    /// Mean months between demands.
    pub interval: f64,
    /// Squared coefficient of variation of sizes.
    pub variation: f64,
    /// Months since the last demand.
    pub since: usize,
}

impl Class {
    /// A short code: `lumpy`, `smooth/dying` …
    #[must_use]
    pub fn code(&self) -> String {
        let kind = match self.kind {
            Kind::None => "none",
            Kind::Smooth => "smooth",
            Kind::Erratic => "erratic",
            Kind::Intermittent => "intermittent",
            Kind::Lumpy => "lumpy",
        };
        let stage = match self.stage {
            Stage::New => "/new",
            Stage::Growing => "/growing",
            Stage::Steady => "",
            Stage::Declining => "/declining",
            Stage::Dying => "/dying",
        };
        format!("{kind}{stage}")
    }
}

/// Classifies a monthly history. Months before the first demand do not count for the interval when the part is new.
#[must_use]
pub fn classify(y: &[f64]) -> Class {
    let hits: Vec<usize> = (0..y.len()).filter(|t| y[*t] > 0.0).collect();
    let (Some(first), Some(last)) = (hits.first(), hits.last()) else {
        return Class {
            kind: Kind::None,
            stage: Stage::Steady,
            interval: y.len() as f64,
            variation: 0.0,
            since: y.len(),
        };
    };
    let n = hits.len() as f64;
    let mean = hits.iter().map(|t| y[*t]).sum::<f64>() / n;
    let variation = hits.iter().map(|t| (y[*t] - mean).powi(2)).sum::<f64>() / n / (mean * mean);
    let age = y.len() - first;
    let new = age <= 12 && *first > 0 && y.len() > 12;
    let interval = if new { age as f64 / n } else { y.len() as f64 / n };
    let kind = match (interval < 1.32, variation < 0.49) {
        (true, true) => Kind::Smooth,
        (true, false) => Kind::Erratic,
        (false, true) => Kind::Intermittent,
        (false, false) => Kind::Lumpy,
    };
    let since = y.len() - 1 - last;
    let lived = (last - first + 1) as f64 / n;
    Class { kind, stage: stage(y, new, since, lived, n), interval, variation, since }
}

fn stage(y: &[f64], new: bool, since: usize, usual: f64, n: f64) -> Stage {
    if new {
        return Stage::New;
    }
    // With a usual interval of g months, a gap of x happens by chance with probability about exp(-x / g).
    if since as f64 > 3.0 * usual + 3.0 && since >= 6 && n >= 2.0 {
        return Stage::Dying;
    }
    let year = 12.min(y.len() / 2);
    if year < 6 {
        return Stage::Steady;
    }
    let newer = &y[y.len() - year..];
    let older = &y[y.len() - 2 * year..y.len() - year];
    let (a, b) = (newer.iter().sum::<f64>(), older.iter().sum::<f64>());
    // Variance of both sums around their own means; demand of single pieces counts at least as Poisson would.
    let noise = |y: &[f64], sum: f64| {
        let mean = sum / y.len() as f64;
        y.iter().map(|x| (x - mean).powi(2)).sum::<f64>().max(sum.min(y.len() as f64))
    };
    let z = (a - b) / (noise(newer, a) + noise(older, b)).sqrt().max(1e-9);
    if z > 2.0 && a > 1.4 * b {
        Stage::Growing
    } else if z < -2.0 && a < 0.7 * b {
        Stage::Declining
    } else {
        Stage::Steady
    }
}

/// ABC classes by yearly value: A makes up the first `a` of all value (0.8 is usual), B up to `b` (0.95).
#[must_use]
pub fn abc(values: &[f64], a: f64, b: f64) -> Vec<char> {
    let all: f64 = values.iter().sum();
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|i, j| values[*j].total_cmp(&values[*i]).then(i.cmp(j)));
    let mut classes = vec!['C'; values.len()];
    let mut sum = 0.0;
    for i in order {
        classes[i] = if sum < a * all && values[i] > 0.0 {
            'A'
        } else if sum < b * all && values[i] > 0.0 {
            'B'
        } else {
            'C'
        };
        sum += values[i];
    }
    classes
}

/// XYZ class by coefficient of variation of monthly demand: X up to 0.5, Y up to 1, Z above.
#[must_use]
pub fn xyz(y: &[f64]) -> char {
    let mean = y.iter().sum::<f64>() / y.len().max(1) as f64;
    let variance = y.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / y.len().max(1) as f64;
    let cv = if mean > 0.0 { variance.sqrt() / mean } else { f64::INFINITY };
    if cv <= 0.5 {
        'X'
    } else if cv <= 1.0 {
        'Y'
    } else {
        'Z'
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_four_kinds_and_nothing() {
        let kind = |y: &[f64]| classify(y).kind;
        assert_eq!(kind(&[5.0, 6.0, 5.0, 4.0, 5.0, 6.0]), Kind::Smooth);
        assert_eq!(kind(&[1.0, 20.0, 1.0, 1.0, 30.0, 1.0]), Kind::Erratic);
        assert_eq!(kind(&[1.0, 0.0, 0.0, 1.0, 0.0, 1.0]), Kind::Intermittent);
        assert_eq!(kind(&[1.0, 0.0, 0.0, 40.0, 0.0, 1.0]), Kind::Lumpy);
        assert_eq!(kind(&[0.0; 12]), Kind::None);
    }

    #[test]
    fn stages_of_life() {
        let mut new = vec![0.0; 30];
        new[25] = 2.0;
        new[28] = 1.0;
        assert_eq!(classify(&new).stage, Stage::New);
        let mut dying = vec![2.0; 40];
        dying[25..].fill(0.0);
        assert_eq!(classify(&dying).stage, Stage::Dying);
        let rising: Vec<f64> = (0..36).map(f64::from).collect();
        assert_eq!(classify(&rising).stage, Stage::Growing);
        let falling: Vec<f64> = (0..36).rev().map(f64::from).collect();
        assert_eq!(classify(&falling).stage, Stage::Declining);
        assert_eq!(classify(&[3.0; 36]).stage, Stage::Steady);
    }

    #[test]
    fn classes_by_value_and_variation() {
        assert_eq!(abc(&[80.0, 1.0, 15.0, 4.0, 0.0], 0.8, 0.95), ['A', 'C', 'B', 'C', 'C']);
        assert_eq!((xyz(&[5.0; 12]), xyz(&[0.0, 9.0, 0.0])), ('X', 'Z'));
    }
}
