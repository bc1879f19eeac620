//! Histories made fit for forecasting: gaps, outliers, one-off events, supersession. Every change is reported.

use crate::panel::PlanError;

/// What was changed, and why.
#[derive(Clone, Debug, PartialEq)]
pub enum Note {
    /// A month without data was filled: month, value.
    Gap(usize, f64),
    /// An outlier was cut back: month, from, to.
    Outlier(usize, f64, f64),
    /// A one-off event was taken out: month, quantity.
    Event(usize, f64),
    /// A predecessor's history was added: its row.
    Successor(usize),
}

/// A prepared history.
#[derive(Clone, Debug, PartialEq)]
pub struct Prepared {
    /// Monthly demand, ≥ 0.
    pub values: Vec<f64>,
    /// What was changed.
    pub notes: Vec<Note>,
}

/// How histories are prepared.
#[derive(Clone, Debug)]
pub struct Rules {
    /// Sizes above this many times the typical spread over the typical size are cut back; `None` leaves all.
    pub outliers: Option<f64>,
    /// Known one-off demand (recalls, first equipment): month and quantity, taken out.
    pub events: Vec<(usize, f64)>,
}

impl Default for Rules {
    fn default() -> Self {
        Self { outliers: Some(12.0), events: Vec::new() }
    }
}

/// Prepares one history; `None` is a month without data (not a month without demand).
///
/// Gaps get the mean of the known months within a year around them. An outlier is a single demand far above all others
/// (beyond median + k times the median absolute deviation of sizes, and above three times the second largest): it is
/// cut back to that bound, because a part that once sold a thousand would else be stocked for it for years.
#[must_use]
pub fn prepare(history: &[Option<f64>], rules: &Rules) -> Prepared {
    let mut notes = Vec::new();
    let mut values = Vec::with_capacity(history.len());
    for (t, x) in history.iter().enumerate() {
        match x.filter(|x| x.is_finite()) {
            Some(x) => values.push(x.max(0.0)),
            None => {
                let near = t.saturating_sub(6)..(t + 7).min(history.len());
                let known: Vec<f64> = near.filter_map(|k| history[k]).collect();
                let mean = known.iter().sum::<f64>() / known.len().max(1) as f64;
                notes.push(Note::Gap(t, mean));
                values.push(mean);
            }
        }
    }
    for (t, quantity) in &rules.events {
        if let Some(value) = values.get_mut(*t) {
            let taken = quantity.clamp(0.0, *value);
            if taken > 0.0 {
                *value -= taken;
                notes.push(Note::Event(*t, taken));
            }
        }
    }
    if let Some(k) = rules.outliers {
        cut_outlier(&mut values, k, &mut notes);
    }
    Prepared { values, notes }
}

fn cut_outlier(values: &mut [f64], k: f64, notes: &mut Vec<Note>) {
    let mut sizes: Vec<f64> = values.iter().copied().filter(|x| *x > 0.0).collect();
    if sizes.len() < 6 {
        return;
    }
    sizes.sort_by(f64::total_cmp);
    let median = sizes[sizes.len() / 2];
    let mut far: Vec<f64> = sizes.iter().map(|x| (x - median).abs()).collect();
    far.sort_by(f64::total_cmp);
    let bound = median + k * far[far.len() / 2].max(0.5 * median);
    let second = sizes[sizes.len() - 2];
    for (t, x) in values.iter_mut().enumerate() {
        if *x > bound && *x > 3.0 * second {
            let to = bound.max(second);
            notes.push(Note::Outlier(t, *x, to));
            *x = to;
        }
    }
}

/// A part that takes over another one's demand.
#[derive(Clone, Copy, Debug)]
pub struct Supersession {
    /// Row of the old part.
    pub old: usize,
    /// Row of the new part.
    pub new: usize,
    /// New units per old unit, > 0.
    pub ratio: f64,
}

/// Moves histories of superseded parts to their last successors; old rows become empty. Chains are followed.
///
/// # Errors
/// [`PlanError::Shape`] when parts supersede each other in a circle, [`PlanError::Range`] for a ratio ≤ 0.
pub fn supersede(rows: &mut [Vec<f64>], links: &[Supersession]) -> Result<Vec<(usize, Note)>, PlanError> {
    if let Some(bad) = links.iter().find(|l| !l.ratio.is_finite() || l.ratio <= 0.0) {
        return Err(PlanError::Range("units per superseded unit", bad.ratio));
    }
    let mut notes = Vec::new();
    for start in 0..links.len() {
        let old = links[start].old;
        let (mut at, mut ratio) = (old, 1.0);
        let mut steps = 0;
        while let Some(link) = links.iter().find(|l| l.old == at) {
            ratio *= link.ratio;
            at = link.new;
            steps += 1;
            if steps > links.len() {
                return Err(PlanError::Shape("parts supersede each other in a circle"));
            }
        }
        if old >= rows.len() || at >= rows.len() {
            return Err(PlanError::Shape("a superseded part has no history row"));
        }
        let moved = std::mem::take(&mut rows[old]);
        rows[old] = vec![0.0; moved.len()];
        if moved.iter().any(|x| *x > 0.0) {
            rows[at].iter_mut().zip(&moved).for_each(|(a, b)| *a += ratio * b);
            notes.push((at, Note::Successor(old)));
        }
    }
    Ok(notes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gaps_are_filled_from_their_neighbours_and_told() {
        let p = prepare(&[Some(2.0), None, Some(4.0)], &Rules::default());
        assert_eq!(p.values, [2.0, 3.0, 4.0]);
        assert_eq!(p.notes, [Note::Gap(1, 3.0)]);
    }

    #[test]
    fn one_huge_demand_is_cut_back_but_lumpy_demand_is_not() {
        let mut y: Vec<Option<f64>> = vec![Some(1.0); 20];
        y[7] = Some(500.0);
        let p = prepare(&y, &Rules::default());
        assert!(p.values[7] < 20.0 && matches!(p.notes[0], Note::Outlier(7, ..)));
        let lumpy: Vec<Option<f64>> =
            (0..30).map(|t| Some(if t % 5 == 0 { f64::from(t) } else { 0.0 })).collect();
        assert!(prepare(&lumpy, &Rules::default()).notes.is_empty());
    }

    #[test]
    fn known_events_are_taken_out_of_the_past() {
        let rules = Rules { outliers: None, events: vec![(1, 90.0), (2, 10.0)] };
        let p = prepare(&[Some(3.0), Some(100.0), Some(5.0)], &rules);
        assert_eq!(p.values, [3.0, 10.0, 0.0]);
    }

    #[test]
    fn chains_of_successors_inherit_demand() {
        let mut rows = vec![vec![1.0, 0.0], vec![0.0, 2.0], vec![0.0, 0.0]];
        let links =
            [Supersession { old: 0, new: 1, ratio: 2.0 }, Supersession { old: 1, new: 2, ratio: 1.0 }];
        supersede(&mut rows, &links).unwrap();
        assert_eq!(rows[2], [2.0, 2.0]);
        assert_eq!(rows[0], [0.0, 0.0]);
    }

    #[test]
    fn circles_are_refused() {
        let mut rows = vec![vec![1.0], vec![1.0]];
        let links =
            [Supersession { old: 0, new: 1, ratio: 1.0 }, Supersession { old: 1, new: 0, ratio: 1.0 }];
        assert!(supersede(&mut rows, &links).is_err());
    }
}
