//! Price-aware service: the same share of demand lines filled by the whole stock, for the least money.
//!
//! Every part has a curve of money against lines filled. On its upper convex hull the next step with the best
//! lines per money is taken until the target is met (marginal analysis: Everett 1963, Sherbrooke 2004). Floors of
//! critical parts are taken before anything else.

use crate::curve::Curve;

/// A part in the allocation.
#[derive(Clone, Debug)]
pub struct Candidate {
    /// Demand over its protection period.
    pub curve: Curve,
    /// Price of a unit, > 0.
    pub price: f64,
    /// Demand lines per month.
    pub lines: f64,
    /// Protection period in months.
    pub months: f64,
    /// Mean demand of a month that has any.
    pub size: f64,
    /// Least P(demand ≤ level), 0 for none.
    pub floor: f64,
    /// Units per pack, levels are whole packs; 1 for pieces.
    pub pack: f64,
}

impl Candidate {
    /// The demand a line meets: its [`Curve::below`] is the share of the part's lines that are filled at a level.
    #[must_use]
    pub fn met(&self) -> Curve {
        self.curve.given_a_line(self.months, self.size)
    }
}

/// What was allocated.
#[derive(Clone, Debug)]
pub struct Allocation {
    /// Level per part.
    pub levels: Vec<f64>,
    /// Expected share of lines filled.
    pub lines: f64,
    /// Expected value of stock on hand.
    pub value: f64,
    /// Lines per money at which the allocation stopped: what the last step was worth.
    pub worth: f64,
}

struct Step {
    part: u32,
    level: f64,
    lines: f64,
    value: f64,
    worth: f64,
}

fn packs(level: f64, pack: f64) -> f64 {
    if pack > 1.0 { (level / pack - 1e-9).ceil() * pack } else { level }
}

/// A level on the way up: its stock value, its rank (what the order of buying looks at) and the lines it fills.
#[derive(Clone, Copy)]
struct Point {
    level: f64,
    value: f64,
    rank: f64,
    lines: f64,
}

/// Upper hull of (value, rank) from the floor on: where it starts, and steps with falling worth.
///
/// Steps are ranked by the chance that the stock lasts, given that there is demand; it is less sensitive to errors in
/// the tails of fast parts than the lines they fill ([`Candidate::met`]), which are what counts against the target.
fn hull(part: usize, c: &Candidate) -> (Point, Vec<Step>) {
    let start = packs(if c.floor > 0.0 { c.curve.level(c.floor) } else { 0.0 }, c.pack);
    let met = c.met();
    let point = |level: f64| Point {
        level,
        value: c.price * c.curve.left_over(level),
        rank: c.lines * c.curve.suffices(level),
        lines: c.lines * met.below(level),
    };
    let first = point(start);
    let mut kept = vec![first];
    let mut top = first;
    for (s, _) in c.curve.points() {
        let level = packs(*s, c.pack);
        if level <= top.level {
            continue;
        }
        let next = point(level);
        if next.rank <= top.rank + 1e-12 {
            continue;
        }
        top = next;
        while kept.len() >= 2 {
            let (a, b) = (kept[kept.len() - 2], kept[kept.len() - 1]);
            if (b.rank - a.rank) * (next.value - a.value) <= (next.rank - a.rank) * (b.value - a.value) {
                kept.pop();
            } else {
                break;
            }
        }
        kept.push(next);
    }
    let step = |w: &[Point]| {
        let value = (w[1].value - w[0].value).max(1e-12);
        let worth = (w[1].rank - w[0].rank) / value;
        Step { part: part as u32, level: w[1].level, lines: w[1].lines - w[0].lines, value, worth }
    };
    (first, kept.windows(2).map(step).collect())
}

/// Least value of stock that fills `target` of all demand lines, floors kept. `target` in (0, 1); what the curves
/// cannot reach is left.
#[must_use]
pub fn allocate(parts: &[Candidate], target: f64) -> Allocation {
    frontier(parts, &[target]).pop().unwrap_or(Allocation {
        levels: Vec::new(),
        lines: 1.0,
        value: 0.0,
        worth: 0.0,
    })
}

/// Allocations for several targets at once: the frontier of stock value and service. Targets rise.
#[must_use]
pub fn frontier(parts: &[Candidate], targets: &[f64]) -> Vec<Allocation> {
    let all: f64 = parts.iter().map(|p| p.lines).sum();
    let (mut levels, mut steps) = (Vec::with_capacity(parts.len()), Vec::new());
    let (mut value, mut lines) = (0.0, 0.0);
    for (i, part) in parts.iter().enumerate() {
        let (first, more) = hull(i, part);
        levels.push(first.level);
        value += first.value;
        lines += first.lines;
        steps.extend(more);
    }
    steps.sort_by(|a, b| {
        b.worth.total_cmp(&a.worth).then(a.part.cmp(&b.part)).then(a.level.total_cmp(&b.level))
    });
    let mut next = steps.iter().peekable();
    let mut worth = 0.0;
    let mut found = Vec::with_capacity(targets.len());
    for target in targets {
        while lines < target * all {
            let Some(step) = next.next() else { break };
            levels[step.part as usize] = step.level;
            lines += step.lines;
            value += step.value;
            worth = step.worth;
        }
        let share = if all > 0.0 { lines / all } else { 1.0 };
        found.push(Allocation { levels: levels.clone(), lines: share, value, worth });
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{curve::GRID, dist::Base};

    fn part(mean: f64, price: f64, floor: f64) -> Candidate {
        let base = Base::new(mean, mean * 2.0, true);
        let quantiles: Vec<f64> = GRID.iter().map(|p| base.quantile(*p)).collect();
        Candidate {
            curve: Curve::from_grid(&quantiles),
            price,
            lines: mean,
            months: 2.0,
            size: 1.5,
            floor,
            pack: 1.0,
        }
    }

    #[test]
    fn dear_parts_get_less_service_for_the_same_system() {
        let parts = [part(3.0, 1.0, 0.0), part(3.0, 1_000.0, 0.0)];
        let a = allocate(&parts, 0.9);
        assert!(a.lines >= 0.9);
        assert!(a.levels[0] > a.levels[1]);
    }

    #[test]
    fn floors_are_kept_even_for_dear_parts() {
        let parts = [part(3.0, 1.0, 0.0), part(3.0, 1e6, 0.95)];
        let a = allocate(&parts, 0.5);
        assert!(parts[1].curve.below(a.levels[1]) >= 0.95);
    }

    #[test]
    fn no_allocation_of_the_same_rank_is_cheaper() {
        let parts: Vec<Candidate> =
            [(0.5, 9.0), (2.0, 4.0), (5.0, 1.0)].iter().map(|(m, p)| part(*m, *p, 0.0)).collect();
        let a = allocate(&parts, 0.9);
        let sums = |levels: &[f64]| {
            parts.iter().zip(levels).fold((0.0, 0.0), |(v, l), (p, s)| {
                (v + p.price * p.curve.left_over(*s), l + p.lines * p.curve.suffices(*s))
            })
        };
        let (value, rank) = sums(&a.levels);
        // Enumerate levels up to 15 each: nothing that is as good costs less.
        for x in 0..16 {
            for y in 0..16 {
                for z in 0..16 {
                    let levels = [f64::from(x), f64::from(y), f64::from(z)];
                    let (v, r) = sums(&levels);
                    assert!(r < rank - 1e-9 || v >= value - 1e-9, "{levels:?}");
                }
            }
        }
    }

    #[test]
    fn more_service_never_costs_less() {
        let parts: Vec<Candidate> =
            (1..20).map(|k| part(f64::from(k) * 0.3, f64::from(k * k), 0.0)).collect();
        let f = frontier(&parts, &[0.5, 0.8, 0.9, 0.95, 0.99]);
        assert!(f.windows(2).all(|w| w[0].value <= w[1].value && w[0].lines <= w[1].lines));
    }
}
