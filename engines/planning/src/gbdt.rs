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
/// Groups of steps that the search for splits distinguishes.
const GROUPS: usize = 4;
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

/// Group of each step: body, shoulder, tail, far tail.
const GROUP: [usize; K] = [0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 3, 3, 3, 3, 3, 3];

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

/// Rows of a chunk, which one thread updates at a time.
const CHUNK: usize = 8_192;

/// What changes while trees are added, for the rows of a chunk.
struct Chunk {
    /// Where the entries of row i start; row i has one per step with width up to its stop.
    starts: Vec<u32>,
    steps: Vec<u8>,
    scores: Vec<f32>,
    /// Chance to get past the step, from the score.
    chances: Vec<f32>,
    /// Per row: gradient and curvature of the loss per group of steps.
    stats: Vec<[f32; STATS]>,
}

impl Chunk {
    fn new(examples: &[Example]) -> Self {
        let (mut starts, mut steps, mut scores) = (vec![0u32], Vec::new(), Vec::new());
        for example in examples {
            for k in 0..=(example.stop as usize).min(K - 1) {
                if !example.base[k].is_nan() {
                    steps.push(k as u8);
                    scores.push(example.base[k]);
                }
            }
            starts.push(steps.len() as u32);
        }
        let chances = scores.iter().map(|s| sigmoid(*s)).collect();
        let mut chunk = Self { starts, steps, scores, chances, stats: vec![[0.0; STATS]; examples.len()] };
        (0..examples.len()).for_each(|i| chunk.sum_up(i, examples[i].stop));
        chunk
    }

    fn entries(&self, i: usize) -> std::ops::Range<usize> {
        self.starts[i] as usize..self.starts[i + 1] as usize
    }

    fn sum_up(&mut self, i: usize, stop: u8) {
        let mut sums = [0.0f32; STATS];
        for e in self.entries(i) {
            let (p, k) = (self.chances[e], self.steps[e]);
            let g = GROUP[k as usize];
            sums[2 * g] += p - f32::from(u8::from(k < stop));
            sums[2 * g + 1] += p * (1.0 - p);
        }
        self.stats[i] = sums;
    }

    fn add(&mut self, i: usize, stop: u8, leaf: &[f32; K]) {
        for e in self.entries(i) {
            self.scores[e] += leaf[self.steps[e] as usize];
            self.chances[e] = sigmoid(self.scores[e]);
        }
        self.sum_up(i, stop);
    }

    fn loss(&self, i: usize, stop: u8) -> f64 {
        let mut likelihood = 1.0f64;
        for e in self.entries(i) {
            let p = f64::from(self.chances[e]).clamp(1e-7, 1.0 - 1e-7);
            likelihood *= if self.steps[e] < stop { p } else { 1.0 - p };
        }
        -likelihood.ln()
    }
}

struct Rows<'a> {
    data: &'a Training<'a>,
    bins: Vec<Vec<u8>>,
    chunks: Vec<Chunk>,
}

impl<'a> Rows<'a> {
    fn new(data: &'a Training<'a>, edges: &[Vec<f32>], control: &Control) -> Self {
        let bins = control.pieces(edges.len(), 1, "", |range| {
            let f = range.start;
            data.columns[f].iter().map(|v| bin(&edges[f], *v)).collect::<Vec<u8>>()
        });
        let chunks =
            control.pieces(data.examples.len(), CHUNK, "", |range| Chunk::new(&data.examples[range]));
        Self { data, bins, chunks }
    }

    /// Mean loss over the rows that only watch.
    fn watched_loss(&self, control: &Control) -> f64 {
        let parts = control.pieces(self.data.examples.len(), CHUNK, "", |range| {
            let chunk = &self.chunks[range.start / CHUNK];
            let watching = range.clone().filter(|i| !self.data.learn[*i]);
            let loss = |i: usize| chunk.loss(i - range.start, self.data.examples[i].stop);
            watching.fold((0.0, 0usize), |(sum, n), i| (sum + loss(i), n + 1))
        });
        let (loss, rows) = parts.into_iter().fold((0.0, 0), |(l, n), (dl, dn)| (l + dl, n + dn));
        loss / rows.max(1) as f64
    }

    fn leaf(&self, tree: &Tree, i: usize) -> usize {
        tree.questions.iter().fold(0, |l, (f, cut)| (l << 1) | usize::from(self.bins[*f as usize][i] > *cut))
    }

    fn add(&mut self, tree: &Tree, control: &Control) {
        let chunks = std::mem::take(&mut self.chunks);
        let this = &*self;
        self.chunks = control.each(chunks, |number, mut chunk| {
            for i in 0..chunk.stats.len() {
                let row = number * CHUNK + i;
                chunk.add(i, this.data.examples[row].stop, &tree.leaves[this.leaf(tree, row)]);
            }
            chunk
        });
    }
}

/// Rows of a tree's bag and their statistics.
struct Bag {
    rows: Vec<u32>,
    stats: Vec<[f32; STATS]>,
}

fn bag(rows: &Rows, growth: &Growth, tree: u64) -> Bag {
    let mut bag = Bag { rows: Vec::new(), stats: Vec::new() };
    let mut last = (u32::MAX, false);
    for (i, example) in rows.data.examples.iter().enumerate() {
        if last.0 != example.series {
            let bagged = unit(growth.seed ^ (tree << 20), u64::from(example.series)) < growth.bag;
            last = (example.series, bagged);
        }
        if last.1 && rows.data.learn[i] {
            bag.rows.push(i as u32);
            bag.stats.push(rows.chunks[i / CHUNK].stats[i % CHUNK]);
        }
    }
    bag
}

fn gain(stats: &[f32; STATS], ridge: f32) -> f32 {
    let mut gain = 0.0;
    let (mut g_all, mut h_all) = (0.0, 0.0);
    for k in 0..GROUPS {
        let (g, h) = (stats[2 * k], stats[2 * k + 1].max(0.0));
        gain += g * g / (h + 2.0 * ridge);
        g_all += g;
        h_all += h;
    }
    gain + g_all * g_all / (h_all + ridge)
}

/// Sums of statistics per node and bin.
type Table = Vec<[f32; STATS]>;

/// The rows of the bag that are summed at a depth: of each pair of children the smaller one; the other is its parent
/// less it.
struct Halves {
    /// Place in the bag and node.
    rows: Vec<(u32, u8)>,
    /// Per pair: whether the right child (node 2 k + 1) is the one that is summed.
    right: Vec<bool>,
}

fn halves(node: &[u8], depth: usize) -> Halves {
    if depth == 0 {
        return Halves { rows: (0..node.len() as u32).map(|j| (j, 0)).collect(), right: Vec::new() };
    }
    let mut counts = vec![0usize; 1 << depth];
    node.iter().for_each(|n| counts[*n as usize] += 1);
    let right: Vec<bool> = counts.chunks(2).map(|pair| pair[1] < pair[0]).collect();
    let summed = |n: u8| right[n as usize / 2] == (n % 2 == 1);
    let rows = node.iter().enumerate().filter(|(_, n)| summed(**n)).map(|(j, n)| (j as u32, *n)).collect();
    Halves { rows, right }
}

/// Sums of one feature over all nodes of a depth; `parents` are those of the depth before.
fn table(bins: &[u8], bag: &Bag, halves: &Halves, parents: &Table) -> Table {
    let mut table = vec![[0.0f32; STATS]; (2 * halves.right.len()).max(1) * BINS];
    for (j, node) in &halves.rows {
        let j = *j as usize;
        let cell = &mut table[*node as usize * BINS + bins[bag.rows[j] as usize] as usize];
        cell.iter_mut().zip(&bag.stats[j]).for_each(|(a, b)| *a += b);
    }
    for (pair, right) in halves.right.iter().enumerate() {
        let (from, to) = (2 * pair + usize::from(*right), 2 * pair + usize::from(!*right));
        for b in 0..BINS {
            let (known, whole) = (table[from * BINS + b], parents[pair * BINS + b]);
            for (cell, (w, k)) in table[to * BINS + b].iter_mut().zip(whole.iter().zip(known)) {
                *cell = w - k;
            }
        }
    }
    table
}

/// Best cut of one feature over all present nodes: (gain, bin).
fn best_cut(table: &Table, ridge: f32) -> (f32, u8) {
    let mut gains = [0.0f32; BINS];
    for cells in table.chunks(BINS) {
        let mut whole = [0.0f32; STATS];
        for cell in cells {
            whole.iter_mut().zip(cell).for_each(|(a, b)| *a += b);
        }
        let parent = gain(&whole, ridge);
        let mut left = [0.0f32; STATS];
        for b in 0..BINS - 1 {
            left.iter_mut().zip(&cells[b]).for_each(|(a, x)| *a += x);
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
    let bag = bag(rows, growth, number);
    let features: Vec<usize> = (0..rows.bins.len())
        .filter(|f| unit(growth.seed.wrapping_add(77) ^ (number << 24), *f as u64) < growth.features)
        .collect();
    let mut node = vec![0u8; bag.rows.len()];
    let mut questions = Vec::new();
    let mut tables: Vec<Table> = vec![Table::new(); features.len()];
    for depth in 0..growth.depth.min(7) {
        let halves = halves(&node, depth);
        let cuts = control.pieces(features.len(), 1, "", |range| {
            let table = table(&rows.bins[features[range.start]], &bag, &halves, &tables[range.start]);
            (best_cut(&table, growth.ridge as f32), table)
        });
        let mut best = (1e-6, 0usize, 0u8);
        for (slot, ((gain, cut), table)) in cuts.into_iter().enumerate() {
            if gain > best.0 {
                best = (gain, features[slot], cut);
            }
            tables[slot] = table;
        }
        if best.0 <= 1e-6 {
            break;
        }
        let column = &rows.bins[best.1];
        for (n, row) in node.iter_mut().zip(&bag.rows) {
            *n = (*n << 1) | u8::from(column[*row as usize] > best.2);
        }
        questions.push((best.1 as u16, best.2));
    }
    (!questions.is_empty())
        .then(|| Tree { leaves: leaves(rows, &bag, &node, 1 << questions.len(), growth), questions })
}

fn leaves(rows: &Rows, bag: &Bag, node: &[u8], count: usize, growth: &Growth) -> Vec<[f32; K]> {
    let mut sums = vec![[[0.0f64; 2]; K]; count];
    for (row, leaf) in bag.rows.iter().zip(node) {
        let i = *row as usize;
        let stop = rows.data.examples[i].stop;
        let chunk = &rows.chunks[i / CHUNK];
        for e in chunk.entries(i % CHUNK) {
            let p = f64::from(chunk.chances[e]);
            let k = chunk.steps[e];
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
    /// Grows trees and keeps as many as the watching rows like best (all when nobody watches, or when they stand side
    /// by side, where one more never hurts).
    ///
    /// The second value is the watching rows' loss after 0, 1, 2 … trees.
    #[must_use]
    pub fn fit(data: &Training, growth: &Growth, control: &Control) -> (Self, Vec<f64>) {
        // Pieces of a tree are not given up half-way: the run stops between trees.
        let inner = &Control::threads(control.threads);
        let edges = inner.pieces(data.columns.len(), 1, "", |range| edges(&data.columns[range.start]));
        let mut rows = Rows::new(data, &edges, inner);
        let watch = growth.boost && data.learn.iter().any(|l| !l);
        let mut losses = if watch { vec![rows.watched_loss(inner)] } else { Vec::new() };
        let mut trees: Vec<Tree> = Vec::new();
        let (mut best, mut best_at) = (losses.first().copied().unwrap_or(0.0), 0);
        for number in 0..growth.trees {
            if control.cancelled() {
                break;
            }
            let Some(tree) = grow(&rows, growth, number as u64, inner) else { break };
            if growth.boost {
                rows.add(&tree, inner);
            }
            trees.push(tree);
            if watch {
                let loss = rows.watched_loss(inner);
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

    /// One forest that says what all of them say together, each times its weight. They must have been grown on the
    /// same columns.
    #[must_use]
    pub fn join(parts: Vec<(Self, f32)>) -> Self {
        let mut all = Self::default();
        for (part, weight) in parts {
            all.edges = part.edges;
            all.trees.extend(part.trees.into_iter().map(|mut tree| {
                tree.leaves.iter_mut().flatten().for_each(|value| *value *= weight);
                tree
            }));
        }
        all
    }

    /// Number of trees.
    #[must_use]
    pub fn trees(&self) -> usize {
        self.trees.len()
    }

    /// Bins of one row of features (64 at most).
    #[must_use]
    pub fn bins(&self, features: &[f32]) -> [u8; 64] {
        let mut bins = [0u8; 64];
        for ((b, edges), value) in bins.iter_mut().zip(&self.edges).zip(features) {
            *b = bin(edges, *value);
        }
        bins
    }

    /// Adds the trees' values for one row of features to the log-odds.
    pub fn add(&self, features: &[f32], scores: &mut [f32; K]) {
        let bins = self.bins(features);
        self.trees.iter().for_each(|tree| tree.add(&bins, scores));
    }

    /// The trees' values for many rows of bins; tree by tree, so that each one stays at hand.
    #[must_use]
    pub fn shifts(&self, rows: &[[u8; 64]]) -> Vec<[f32; K]> {
        let mut shifts = vec![[0.0f32; K]; rows.len()];
        for tree in &self.trees {
            rows.iter().zip(&mut shifts).for_each(|(bins, scores)| tree.add(bins, scores));
        }
        shifts
    }
}

impl Tree {
    fn add(&self, bins: &[u8; 64], scores: &mut [f32; K]) {
        let leaf = self
            .questions
            .iter()
            .fold(0usize, |leaf, (f, cut)| (leaf << 1) | usize::from(bins[*f as usize & 63] > *cut));
        scores.iter_mut().zip(&self.leaves[leaf]).for_each(|(s, v)| *s += v);
    }
}
