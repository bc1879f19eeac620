//! How much of what was thought at earlier cut-offs goes into the distribution, judged out of sample for each class of
//! behaviour: rare demand gains a calmer tail, seasonal demand would lose its season.

use crate::{
    evaluate::pinball,
    fit::{Attributes, Fitted},
    gbdt::{Forest, K},
    law::{Law, Mixture, Steps},
    learn::Row,
    local::CLASSES,
    panel::Panel,
    par::Control,
};

/// Weights of the earlier cut-offs together that are tried.
const WEIGHTS: [f64; 6] = [0.0, 0.2, 0.35, 0.5, 0.6, 0.7];
/// Quantiles whose loss counts: those at which stock is held.
const LEVELS: [f64; 3] = [0.95, 0.98, 0.99];
/// Loss over the least loss up to which weights count as equally good, by class: demand that comes every month gets
/// memory only where that shows.
const AS_GOOD: [f64; CLASSES] = [1.0, 1.0, 1.005, 1.005];
/// Judges at most, and per class at least.
const JUDGES: usize = 12_000;
const FEW: usize = 500;

/// Loss by class, weight, level, and scale (units, and relative to the size).
type Losses = [[[[f64; 2]; LEVELS.len()]; WEIGHTS.len()]; CLASSES];

impl Fitted {
    /// The largest weights that cost nothing on the judges' rows, given the trees of the trial.
    pub(crate) fn weigh_memory(
        &self,
        (panel, attributes): (&Panel, &Attributes),
        judged: &[&Row],
        trial: &Forest,
        control: &Control,
    ) -> [f64; CLASSES] {
        let earlier = self.earlier();
        if earlier == 0 {
            return [0.0; CLASSES];
        }
        let stride = judged.len().div_ceil(JUDGES).max(1);
        let judged: Vec<&Row> = judged.iter().copied().step_by(stride).filter(|r| r.cut > earlier).collect();
        let back = |back: usize| -> Vec<Row> {
            let at = |r: &&Row| Row { cut: r.cut - back, local: r.at(back), ..(*r).clone() };
            judged.iter().map(at).collect()
        };
        let rows: Vec<Vec<Row>> = (0..=earlier).map(back).collect();
        let data: Vec<_> = rows.iter().map(|rows| self.data(panel, attributes, rows, control)).collect();
        let parts = control.pieces(judged.len(), 512, "judging", |range| {
            let mut losses = [[[[0.0; 2]; LEVELS.len()]; WEIGHTS.len()]; CLASSES];
            for i in range {
                let bases: Vec<_> = rows.iter().map(|rows| self.base(&rows[i].local)).collect();
                let steps: Vec<_> = bases.iter().map(Steps::new).collect();
                let shifts: Vec<[f32; K]> =
                    data.iter().map(|d| trial.shifts(&[trial.bins(&d.row(i))])[0]).collect();
                let here = &mut losses[judged[i].class];
                for (here, memory) in here.iter_mut().zip(WEIGHTS) {
                    let law = |k: usize| {
                        let weight = if k == 0 { 1.0 - memory } else { memory / earlier as f64 };
                        (Law::new(&bases[k], &steps[k], &shifts[k]), weight)
                    };
                    let count = if memory > 0.0 { earlier } else { 0 };
                    let mixture = Mixture::new((0..=count).map(law).collect(), self.whole);
                    for (loss, p) in here.iter_mut().zip(LEVELS) {
                        let l = pinball(p, mixture.quantile(p), judged[i].total);
                        loss[0] += l;
                        loss[1] += l / (bases[0].mean + 1.0);
                    }
                }
            }
            losses
        });
        let mut counts = [0usize; CLASSES];
        judged.iter().for_each(|r| counts[r.class] += 1);
        std::array::from_fn(|class| if counts[class] < FEW { 0.0 } else { calmest(&parts, class) })
    }
}

/// The largest weight of a class whose loss is as good as the least, every level and scale counting the same. A few
/// hundred windows of the far tail cannot tell weights apart; the calmer forecast has the presumption.
fn calmest(parts: &[Losses], class: usize) -> f64 {
    let loss = |w: usize, level: usize, scale: usize| -> f64 {
        parts.iter().map(|p| p[class][w][level][scale]).sum()
    };
    let relative = |w: usize| -> f64 {
        let each = (0..LEVELS.len()).flat_map(|l| [(l, 0), (l, 1)]);
        each.map(|(l, s)| loss(w, l, s) / loss(0, l, s).max(1e-12)).sum()
    };
    let losses: [f64; WEIGHTS.len()] = std::array::from_fn(relative);
    let least = losses.iter().copied().fold(f64::INFINITY, f64::min);
    let best = losses.iter().rposition(|l| *l <= least * AS_GOOD[class]);
    best.map_or(0.0, |w| WEIGHTS[w])
}
