//! Demand that history cannot know: planned recalls and campaigns, and hints of people in the field.

use crate::reason::Words;

/// A recall, campaign or other planned work on a population.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    /// Units concerned.
    pub population: f64,
    /// Share expected to come, 0 to 1.
    pub share: f64,
    /// Parts needed per unit.
    pub per_unit: f64,
    /// First month, counted from the next one as 0; negative when it has begun already.
    pub start: i64,
    /// Months over which they come.
    pub months: usize,
    /// Each month brings this share of those still to come (0.3: most come early); 0 spreads evenly.
    pub front: f64,
}

impl Event {
    /// Expected extra demand and its variance in each of `horizon` months; both are added to the forecast.
    #[must_use]
    pub fn demand(&self, horizon: usize) -> Vec<(f64, f64)> {
        let months = self.months.max(1);
        let share = self.share.clamp(0.0, 1.0);
        let mut left = 1.0;
        let mut out = vec![(0.0, 0.0); horizon];
        for k in 0..months {
            let part = if k + 1 == months {
                left
            } else if self.front > 0.0 {
                left * self.front.min(1.0)
            } else {
                1.0 / months as f64
            };
            left -= part;
            let month = usize::try_from(self.start + k as i64).unwrap_or(usize::MAX);
            if let Some(cell) = out.get_mut(month) {
                let p = share * part;
                let units = self.population.max(0.0) * p;
                *cell = (units * self.per_unit, units * (1.0 - p) * self.per_unit * self.per_unit);
            }
        }
        out
    }
}

/// What somebody in the field expects.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Signal {
    /// That many units in each of its months instead of the forecast.
    Level(f64),
    /// That many units more in each of its months.
    Extra(f64),
    /// The forecast times that factor.
    Factor(f64),
}

/// A hint with its weight and its life.
#[derive(Clone, Debug, PartialEq)]
pub struct Hint {
    /// What is expected.
    pub signal: Signal,
    /// First month, counted from the next one as 0.
    pub start: usize,
    /// Months it speaks of.
    pub months: usize,
    /// How far it is believed, 0 to 1.
    pub weight: f64,
    /// Month (same count; negative is past) from which the hint no longer counts, wherever its months are.
    pub expires: i64,
}

/// What the hints of a source were worth: errors of the forecast without and with them, for hints whose months passed.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Record {
    /// Hints judged.
    pub count: usize,
    /// Sum of absolute errors without the hints.
    pub without: f64,
    /// Sum of absolute errors had the hints been followed fully.
    pub followed: f64,
}

impl Record {
    /// Weight a source has earned: 0.5 for a newcomer, towards 1 when following it would have removed the errors,
    /// towards 0 when it would have made them worse. The first five hints count half.
    #[must_use]
    pub fn weight(&self) -> f64 {
        if self.without + self.followed <= 0.0 {
            return 0.5;
        }
        let worth = self.without / (self.without + self.followed);
        let n = self.count as f64;
        (n * worth + 5.0 * 0.5) / (n + 5.0)
    }
}

/// Changes a path of monthly (mean, variance) by hints that have not expired; returns what was done in words.
///
/// A hint of weight w moves the mean w of the way; the difference it leaves open widens the variance.
pub fn follow(path: &mut [(f64, f64)], hints: &[Hint]) -> Vec<Words> {
    let mut told = Vec::new();
    for hint in hints {
        let w = hint.weight.clamp(0.0, 1.0);
        let months: Vec<usize> = (hint.start..(hint.start + hint.months).min(path.len()))
            .filter(|t| (*t as i64) < hint.expires)
            .collect();
        if months.is_empty() || w == 0.0 {
            continue;
        }
        let (mut before, mut after) = (0.0, 0.0);
        for t in &months {
            let (mean, variance) = path[*t];
            let wanted = match hint.signal {
                Signal::Level(x) => x,
                Signal::Extra(x) => mean + x,
                Signal::Factor(f) => mean * f,
            }
            .max(0.0);
            let gap = wanted - mean;
            let moved = mean + w * gap;
            let scale = if mean > 0.0 { (moved / mean).max(0.2) } else { 1.0 };
            path[*t] = (moved, variance * scale + w * (1.0 - w) * gap * gap + (moved - mean).abs());
            before += mean;
            after += moved;
        }
        let percent = w * 100.0;
        told.push(Words {
            en: format!("hint of weight {percent:.0} %: {before:.1} → {after:.1} in {} months", months.len()),
            zh: format!("一线提示权重 {percent:.0} %:{} 个月内 {before:.1} → {after:.1}", months.len()),
        });
    }
    told
}

/// What is known of a part beyond its history: planned events, hints, and what its accuracy so far corrects.
#[derive(Clone, Debug, PartialEq)]
pub struct Outlook {
    /// Recalls, campaigns.
    pub events: Vec<Event>,
    /// Hints, each with its weight.
    pub hints: Vec<Hint>,
    /// Factor of the mean from past forecasts ([`crate::accuracy::Track::factor`]), 1 for none.
    pub factor: f64,
}

impl Default for Outlook {
    fn default() -> Self {
        Self { events: Vec::new(), hints: Vec::new(), factor: 1.0 }
    }
}

impl Outlook {
    /// Changes a path of monthly (mean, variance): first the correction, then the hints, then the events on top (a hint
    /// speaks of ordinary demand). Says in words what was done.
    pub fn apply(&self, path: &mut [(f64, f64)]) -> Vec<Words> {
        let mut told = Vec::new();
        if (self.factor - 1.0).abs() > 1e-3 {
            path.iter_mut().for_each(|(mean, variance)| {
                *mean *= self.factor;
                *variance *= self.factor.max(1.0) * self.factor;
            });
            told.push(Words {
                en: format!("times {:.2} because earlier forecasts were off by that much", self.factor),
                zh: format!("按以往预测偏差修正为 {:.2} 倍", self.factor),
            });
        }
        told.extend(follow(path, &self.hints));
        for event in &self.events {
            let extra = event.demand(path.len());
            let sum: f64 = extra.iter().map(|e| e.0).sum();
            if sum > 0.0 {
                path.iter_mut().zip(&extra).for_each(|(a, e)| *a = (a.0 + e.0, a.1 + e.1));
                told.push(Words {
                    en: format!("{sum:.1} more for a planned event"),
                    zh: format!("计划事件另需 {sum:.1}"),
                });
            }
        }
        told
    }

    /// The same for the total of the first `months` (a fraction of the last one) with a mean and variance of the total:
    /// both afterwards, and what was done.
    #[must_use]
    pub fn total(&self, months: f64, (mean, variance): (f64, f64)) -> (f64, f64, Vec<Words>) {
        let whole = months.max(1e-9).ceil() as usize;
        let share = |t: usize| (months - t as f64).clamp(0.0, 1.0);
        let mut path: Vec<(f64, f64)> =
            (0..whole).map(|t| (mean / months * share(t), variance / months * share(t))).collect();
        let told = self.apply(&mut path);
        let sum = path.iter().fold((0.0, 0.0), |a, p| (a.0 + p.0, a.1 + p.1));
        (sum.0, sum.1, told)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_recall_brings_its_population_once() {
        let recall =
            Event { population: 1_000.0, share: 0.8, per_unit: 2.0, start: 1, months: 6, front: 0.4 };
        let demand = recall.demand(12);
        let total: f64 = demand.iter().map(|d| d.0).sum();
        assert!((total - 1_600.0).abs() < 1e-9);
        assert_eq!(demand[0].0, 0.0);
        assert!(demand[1].0 > demand[2].0);
        assert!(demand[1].1 > 0.0);
    }

    #[test]
    fn hints_move_the_mean_by_their_weight_and_expire() {
        let hint = Hint { signal: Signal::Level(10.0), start: 0, months: 3, weight: 0.5, expires: 2 };
        let mut path = vec![(4.0, 4.0); 4];
        let told = follow(&mut path, &[hint]);
        assert_eq!(path.iter().map(|p| p.0).collect::<Vec<_>>(), [7.0, 7.0, 4.0, 4.0]);
        assert!(path[0].1 > 4.0);
        assert_eq!(told.len(), 1);
        let old = Hint { signal: Signal::Factor(3.0), start: 0, months: 3, weight: 1.0, expires: 0 };
        assert!(follow(&mut path, &[old]).is_empty());
    }

    #[test]
    fn correction_hints_and_events_follow_each_other() {
        let event = Event { population: 10.0, share: 1.0, per_unit: 1.0, start: 1, months: 1, front: 0.0 };
        let hint = Hint { signal: Signal::Extra(2.0), start: 0, months: 1, weight: 1.0, expires: 9 };
        let outlook = Outlook { events: vec![event], hints: vec![hint], factor: 1.5 };
        let (mean, variance, told) = outlook.total(1.5, (6.0, 6.0));
        // 4 + 2 a month and a half, times 1.5, 2 more in the first month, 10 in the second.
        assert!((mean - 21.0).abs() < 1e-9 && variance > 6.0 && told.len() == 3);
        assert_eq!(Outlook::default().total(2.0, (3.0, 4.0)), (3.0, 4.0, Vec::new()));
    }

    #[test]
    fn good_sources_gain_weight_bad_ones_lose_it() {
        assert_eq!(Record::default().weight(), 0.5);
        let good = Record { count: 20, without: 100.0, followed: 10.0 };
        let bad = Record { count: 20, without: 10.0, followed: 100.0 };
        assert!(good.weight() > 0.75 && bad.weight() < 0.25);
    }
}
