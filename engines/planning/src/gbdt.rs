//! Boosted trees for a whole distribution.
//!
//! A total is cut into steps at thresholds t_0 < t_1 < … . For every step the chance to get past it, given that it
//! was reached, is a logistic value: the base distribution's log-odds plus what the trees add. One tree moves all
//! steps at once (its leaves hold a value per step), so that the tail learns from all parts while the body stays
//! sharp. Trees are symmetric: one question per level, which makes a million predictions cheap and over-fitting rare.
//!
//! Sources: discrete hazards as in Singer & Willett (1993); Newton boosting as in Friedman (2001) and Chen &
//! Guestrin (2016); symmetric trees as in Prokhorenkova et al. (2018). The vector-valued leaves, shrunk first to a
//! common shift and then per step, are this engine's.

use crate::par::Control;

/// Steps of a distribution.
pub const K: usize = 22;
/// Bins of a feature.
pub const BINS: usize = 32;
/// Groups of steps that the search for splits distinguishes: body, shoulder, tail.
const GROUPS: usize = 3;
const STATS: usize = 2 * GROUPS;

/// How the trees grow.
#[derive(Clone, Debug)]
pub struct Growth {
    /// Trees at most.
    pub trees: usize,
    /// Questions per tree, 1 to 7.
    pub depth: usize,
    /// Share of each step that is taken, 0 to 1.
    pub rate: f64,
    /// Ridge on the common shift of a leaf.
    pub ridge: f64,
    /// Ridge on the extra shift of a step.
    pub ridge_step: f64,
    /// Share of series seen by a tree.
    pub bag: f64,
    /// Share of features seen by a tree.
    pub features: f64,
    /// Another sequence of bags.
    pub seed: u64,
    /// Trees correct each other (true) or stand side by side and are averaged (false).
    pub boost: bool,
}

impl Default for Growth {
    fn default() -> Self {
        Self {
            trees: 200,
            depth: 4,
            rate: 0.1,
            ridge: 20.0,
            ridge_step: 60.0,
            bag: 0.6,
            features: 0.5,
            seed: 1,
            boost: true,
        }
    }
}

/// A tree: up to 7 questions (feature, last bin that goes left) and a vector per leaf.
#[derive(Clone, Debug)]
struct Tree {
    questions: Vec<(u16, u8)>,
    leaves: Vec<[f32; K]>,
}

/// The trees and the edges of the bins of each feature.
#[derive(Clone, Debug, Default)]
pub struct Forest {
    edges: Vec<Vec<f32>>,
    trees: Vec<Tree>,
}

/// What is known of one past cut-off of one series.
#[derive(Clone, Debug)]
pub struct Example {
    /// Series, for the bags.
    pub series: u32,
    /// Step at which the total stopped: the first threshold that is not below it; K when it passed all.
    pub stop: u8,
    /// Base log-odds to get past each step; NaN where the step has no width.
    pub base: [f32; K],
}

/// Training data: features column by column, and examples.
pub struct Training<'a> {
    /// `columns[f][i]`.
    pub columns: &'a [Vec<f32>],
    /// One per row.
    pub examples: &'a [Example],
    /// Rows to learn from; the others only watch.
    pub learn: &'a [bool],
}

/// SplitMix64 of two numbers: the same pseudo-random bits everywhere.
#[must_use]
pub fn hash(a: u64, b: u64) -> u64 {
    let mut z = a.wrapping_mul(0x9E37_79B9_7F4A_7C15).wrapping_add(b).wrapping_add(0x9E37_79B9_7F4A_7C15);
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

/// A hash as a number in [0, 1).
#[must_use]
pub fn unit(a: u64, b: u64) -> f64 {
    (hash(a, b) >> 11) as f64 / (1u64 << 53) as f64
}

fn sigmoid(x: f32) -> f32 {
    1.0 / (1.0 + (-x).exp())
}

fn group(step: usize) -> usize {
    if step < 6 {
        0
    } else if step < 13 {
        1
    } else {
        2
    }
}

/// Edges that cut the values into at most [`BINS`] bins of similar weight; value ≤ edge k is in bin ≤ k.
fn edges(column: &[f32]) -> Vec<f32> {
    let mut sorted: Vec<f32> = column.iter().step_by((column.len() / 50_000).max(1)).copied().collect();
    sorted.sort_by(f32::total_cmp);
    let mut edges = Vec::with_capacity(BINS - 1);
    for k in 1..BINS {
        let edge = sorted[(k * sorted.len() / BINS).min(sorted.len() - 1)];
        if edges.last().is_none_or(|last| edge > *last) {
            edges.push(edge);
        }
    }
    edges
}

fn bin(edges: &[f32], value: f32) -> u8 {
    edges.partition_point(|edge| *edge < value) as u8
}

struct Rows<'a> {
    data: &'a Training<'a>,
    bins: Vec<Vec<u8>>,
    /// Where the entries of row i start; row i has one per step with width up to its stop.
    starts: Vec<u32>,
    steps: Vec<u8>,
    scores: Vec<f32>,
}

impl<'a> Rows<'a> {
    fn new(data: &'a Training<'a>, edges: &[Vec<f32>], control: &Control) -> Self {
        let bins = control.pieces(edges.len(), 1, "", |range| {
            let f = range.start;
            data.columns[f].iter().map(|v| bin(&edges[f], *v)).collect::<Vec<u8>>()
        });
        let (mut starts, mut steps, mut scores) = (vec![0u32], Vec::new(), Vec::new());
        for example in data.examples {
            for k in 0..=(example.stop as usize).min(K - 1) {
                if !example.base[k].is_nan() {
                    steps.push(k as u8);
                    scores.push(example.base[k]);
                }
            }
            starts.push(steps.len() as u32);
        }
        Self { data, bins, starts, steps, scores }
    }

    fn entries(&self, i: usize) -> std::ops::Range<usize> {
        self.starts[i] as usize..self.starts[i + 1] as usize
    }

    /// Mean loss over the rows that only watch.
    fn watched_loss(&self) -> f64 {
        let (mut loss, mut rows) = (0.0, 0usize);
        for (i, example) in self.data.examples.iter().enumerate() {
            if self.data.learn[i] {
                continue;
            }
            rows += 1;
            for e in self.entries(i) {
                let p = f64::from(sigmoid(self.scores[e])).clamp(1e-7, 1.0 - 1e-7);
                loss -= if self.steps[e] < example.stop { p.ln() } else { (1.0 - p).ln() };
            }
        }
        loss / rows.max(1) as f64
    }
}

struct Gradients {
    /// Per row in the bag: its number and its sums per group.
    rows: Vec<u32>,
    stats: Vec<[f32; STATS]>,
}

fn gradients(rows: &Rows, growth: &Growth, tree: u64, control: &Control) -> Gradients {
    let n = rows.data.examples.len();
    let parts = control.pieces(n, 16_384, "", |range| {
        let (mut ids, mut stats) = (Vec::new(), Vec::new());
        for i in range {
            let example = &rows.data.examples[i];
            let bagged = unit(growth.seed ^ (tree << 20), u64::from(example.series)) < growth.bag;
            if !rows.data.learn[i] || !bagged {
                continue;
            }
            let mut sums = [0.0f32; STATS];
            for e in rows.entries(i) {
                let p = sigmoid(rows.scores[e]);
                let k = rows.steps[e];
                let z = f32::from(u8::from(k < example.stop));
                let g = group(k as usize);
                sums[2 * g] += p - z;
                sums[2 * g + 1] += p * (1.0 - p);
            }
            ids.push(i as u32);
            stats.push(sums);
        }
        (ids, stats)
    });
    let mut all = Gradients { rows: Vec::new(), stats: Vec::new() };
    for (ids, stats) in parts {
        all.rows.extend(ids);
        all.stats.extend(stats);
    }
    all
}

fn gain(stats: &[f64; STATS], ridge: f64) -> f64 {
    let mut gain = 0.0;
    let (mut g_all, mut h_all) = (0.0, 0.0);
    for k in 0..GROUPS {
        let (g, h) = (stats[2 * k], stats[2 * k + 1]);
        gain += g * g / (h + 2.0 * ridge);
        g_all += g;
        h_all += h;
    }
    gain + g_all * g_all / (h_all + ridge)
}

/// Best cut of one feature over all present nodes: (gain, bin).
fn best_cut(bins: &[u8], node: &[u8], grads: &Gradients, nodes: usize, ridge: f64) -> (f64, u8) {
    let mut table = vec![[0.0f32; STATS]; nodes * BINS];
    for ((row, stats), node) in grads.rows.iter().zip(&grads.stats).zip(node) {
        let cell = &mut table[*node as usize * BINS + bins[*row as usize] as usize];
        for (a, b) in cell.iter_mut().zip(stats) {
            *a += b;
        }
    }
    let mut gains = [0.0f64; BINS];
    for n in 0..nodes {
        let cells = &table[n * BINS..(n + 1) * BINS];
        let mut whole = [0.0f64; STATS];
        for cell in cells {
            whole.iter_mut().zip(cell).for_each(|(a, b)| *a += f64::from(*b));
        }
        let parent = gain(&whole, ridge);
        let mut left = [0.0f64; STATS];
        for b in 0..BINS - 1 {
            left.iter_mut().zip(&cells[b]).for_each(|(a, x)| *a += f64::from(*x));
            let mut right = whole;
            right.iter_mut().zip(&left).for_each(|(a, x)| *a -= x);
            gains[b] += gain(&left, ridge) + gain(&right, ridge) - parent;
        }
    }
    let mut best = (0.0, 0u8);
    for (b, gain) in gains.iter().enumerate().take(BINS - 1) {
        if *gain > best.0 {
            best = (*gain, b as u8);
        }
    }
    best
}

fn grow(rows: &Rows, growth: &Growth, number: u64, control: &Control) -> Option<Tree> {
    let grads = gradients(rows, growth, number, control);
    let features: Vec<usize> = (0..rows.bins.len())
        .filter(|f| unit(growth.seed.wrapping_add(77) ^ (number << 24), *f as u64) < growth.features)
        .collect();
    let mut node = vec![0u8; grads.rows.len()];
    let mut questions = Vec::new();
    for depth in 0..growth.depth.min(7) {
        let cuts = control.pieces(features.len(), 1, "", |range| {
            best_cut(&rows.bins[features[range.start]], &node, &grads, 1 << depth, growth.ridge)
        });
        let mut best = (1e-6, 0usize, 0u8);
        for (slot, (gain, cut)) in cuts.iter().enumerate() {
            if *gain > best.0 {
                best = (*gain, features[slot], *cut);
            }
        }
        if best.0 <= 1e-6 {
            break;
        }
        let column = &rows.bins[best.1];
        for (n, row) in node.iter_mut().zip(&grads.rows) {
            *n = (*n << 1) | u8::from(column[*row as usize] > best.2);
        }
        questions.push((best.1 as u16, best.2));
    }
    (!questions.is_empty())
        .then(|| Tree { leaves: leaves(rows, &grads, &node, 1 << questions.len(), growth), questions })
}

fn leaves(rows: &Rows, grads: &Gradients, node: &[u8], count: usize, growth: &Growth) -> Vec<[f32; K]> {
    let mut sums = vec![[[0.0f64; 2]; K]; count];
    for (row, leaf) in grads.rows.iter().zip(node) {
        let i = *row as usize;
        let stop = rows.data.examples[i].stop;
        for e in rows.entries(i) {
            let p = f64::from(sigmoid(rows.scores[e]));
            let k = rows.steps[e];
            let cell = &mut sums[*leaf as usize][k as usize];
            cell[0] += p - f64::from(u8::from(k < stop));
            cell[1] += p * (1.0 - p);
        }
    }
    let leaf = |cells: &[[f64; 2]; K]| {
        let (g, h) = cells.iter().fold((0.0, 0.0), |(g, h), c| (g + c[0], h + c[1]));
        let common = -g / (h + growth.ridge);
        let mut values = [0.0f32; K];
        for (value, [g, h]) in values.iter_mut().zip(cells) {
            let extra = -(g + common * h) / (h + growth.ridge_step);
            *value = ((common + extra).clamp(-2.0, 2.0) * growth.rate) as f32;
        }
        values
    };
    sums.iter().map(leaf).collect()
}

impl Forest {
    /// Grows trees and keeps as many as the watching rows like best (all when nobody watches).
    ///
    /// The second value is the watching rows' loss after 0, 1, 2 … trees.
    #[must_use]
    pub fn fit(data: &Training, growth: &Growth, control: &Control) -> (Self, Vec<f64>) {
        let edges = control.pieces(data.columns.len(), 1, "", |range| edges(&data.columns[range.start]));
        let mut rows = Rows::new(data, &edges, control);
        let watch = data.learn.iter().any(|l| !l);
        let mut losses = if watch { vec![rows.watched_loss()] } else { Vec::new() };
        let mut trees: Vec<Tree> = Vec::new();
        let (mut best, mut best_at) = (losses.first().copied().unwrap_or(0.0), 0);
        for number in 0..growth.trees {
            if control.cancelled() {
                break;
            }
            let Some(tree) = grow(&rows, growth, number as u64, control) else { break };
            if growth.boost {
                add_scores(&mut rows, &tree, control);
            }
            trees.push(tree);
            if watch {
                let loss = rows.watched_loss();
                losses.push(loss);
                if loss < best {
                    (best, best_at) = (loss, trees.len());
                }
                if trees.len() > best_at + 40 {
                    break;
                }
            }
            control.tell("trees", (number + 1) as f64 / growth.trees as f64);
        }
        if watch {
            trees.truncate(best_at);
        }
        (Self { edges, trees }, losses)
    }

    /// Number of trees.
    #[must_use]
    pub fn trees(&self) -> usize {
        self.trees.len()
    }

    /// Adds the trees' values for one row of features to the log-odds.
    pub fn add(&self, features: &[f32], scores: &mut [f32; K]) {
        let mut bins = [0u8; 64];
        for ((b, edges), value) in bins.iter_mut().zip(&self.edges).zip(features) {
            *b = bin(edges, *value);
        }
        for tree in &self.trees {
            let leaf = tree
                .questions
                .iter()
                .fold(0usize, |leaf, (f, cut)| (leaf << 1) | usize::from(bins[*f as usize] > *cut));
            for (s, v) in scores.iter_mut().zip(&tree.leaves[leaf]) {
                *s += v;
            }
        }
    }
}

fn add_scores(rows: &mut Rows, tree: &Tree, control: &Control) {
    let n = rows.data.examples.len();
    let shared = &*rows;
    let leaves = control.pieces(n, 16_384, "", |range| {
        range
            .map(|i| {
                tree.questions
                    .iter()
                    .fold(0u8, |l, (f, cut)| (l << 1) | u8::from(shared.bins[*f as usize][i] > *cut))
            })
            .collect::<Vec<u8>>()
    });
    for (i, leaf) in leaves.into_iter().flatten().enumerate() {
        for e in rows.entries(i) {
            rows.scores[e] += tree.leaves[leaf as usize][rows.steps[e] as usize];
        }
    }
}
