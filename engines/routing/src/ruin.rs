//! Adjacent string removal: short pieces of routes that are close to each other in space are taken out
//! (Christiaens & Vanden Berghe, "Slack induction by string removals", Transportation Science 2020).

use crate::{model::NONE, route::DEPOT, search::Search, travel::Metric};

/// How much an iteration removes.
#[derive(Debug, Clone, Copy)]
pub struct RuinSize {
    /// Mean number of removed jobs.
    pub mean: f64,
    /// Longest piece.
    pub longest: f64,
}

/// One iteration in this many removes more.
const FAR: u64 = 50;
/// Probability that a piece keeps some jobs in its middle.
const SPLIT: f64 = 0.5;
/// Probability that one more of them is kept.
const SPLIT_MORE: f64 = 0.01;

impl<M: Metric> Search<'_, M> {
    /// Removes pieces around a random job. False when nothing can be removed or a route broke by it.
    pub fn ruin(&mut self, size: RuinSize) -> bool {
        let n = self.core.len();
        let planned = n - self.absent.len();
        if planned == 0 {
            return true;
        }
        let routes = self.used_routes.max(1);
        let average = planned as f64 / routes as f64;
        // Now and then longer pieces, up to whole routes, so that the number of routes can change.
        let far = self.rng.one_in(FAR);
        let limit = if far { average } else { size.longest };
        let longest = limit.min(average).max(1.0);
        let mean = if far { 2.0 * size.mean } else { size.mean };
        let most = (4.0 * mean / (1.0 + longest) - 1.0).max(1.0);
        let pieces = (self.rng.unit() * most + 1.0) as usize;
        let seed = self.rng.below(n) as u32;
        let mut done = 0;
        let core = self.core;
        let around = if self.rng.one_in(2) { core.next(seed) } else { core.near(seed) };
        for k in 0..=core.reach {
            if done == pieces {
                break;
            }
            let u = if k == 0 { seed } else { around[k - 1] };
            let v = self.at[u as usize];
            if v == NONE || self.touched_in[v as usize] == self.now || core.locked[u as usize] {
                continue;
            }
            self.remove_piece(u, v, longest);
            done += 1;
        }
        self.follow_up()
    }

    fn remove_piece(&mut self, u: u32, v: u32, longest: f64) {
        self.touch(v);
        let visits = self.routes[v as usize].visits();
        let limit = longest.min(visits as f64);
        let length = ((self.rng.unit() * limit) as usize + 1).min(visits);
        let Some(at) = self.routes[v as usize].stops.iter().position(|s| s.node == u) else { return };
        let mut kept = 0;
        if length > 1 && length < visits && self.rng.unit() < SPLIT {
            kept = 1;
            while length + kept < visits && self.rng.unit() < SPLIT_MORE {
                kept += 1;
            }
        }
        let whole = length + kept;
        // Stops 1..=visits; the piece of `whole` stops contains `at`.
        let lowest = at.saturating_sub(whole - 1).max(1);
        let highest = at.min(visits + 1 - whole);
        let from = lowest + self.rng.below(highest - lowest + 1);
        let hole = from + self.rng.below(length + 1);
        // From the back, so that indices stay true.
        self.cut_free(v, hole + kept, from + whole);
        self.cut_free(v, from, hole);
    }

    /// Cuts stops that are not locked.
    fn cut_free(&mut self, v: u32, from: usize, to: usize) {
        if !self.core.any_locked {
            if from < to {
                self.cut(v, from, to);
            }
            return;
        }
        for i in (from..to).rev() {
            let node = self.routes[v as usize].stops[i].node;
            if node >= DEPOT || !self.core.locked[node as usize] {
                self.cut(v, i, i + 1);
            }
        }
    }

    /// After removals: groups lose all members, pick-ups without use go, routes get their times.
    pub fn follow_up(&mut self) -> bool {
        if !self.core.groups.is_empty() {
            self.cut_companions();
        }
        let mut ok = true;
        for k in 0..self.touched.len() {
            let v = self.touched[k];
            if !self.core.depots.is_empty() {
                self.tidy_pickups(v);
            }
            ok &= self.repair_route(v);
        }
        ok
    }

    /// Takes out the other members of groups of which one was removed.
    fn cut_companions(&mut self) {
        let mut k = 0;
        while k < self.absent.len() {
            let group = self.core.group[self.absent[k] as usize];
            k += 1;
            if group == NONE {
                continue;
            }
            for &u in &self.core.groups[group as usize] {
                let v = self.at[u as usize];
                if v == NONE {
                    continue;
                }
                self.touch(v);
                if let Some(i) = self.routes[v as usize].stops.iter().position(|s| s.node == u) {
                    self.cut(v, i, i + 1);
                }
            }
        }
    }
}
