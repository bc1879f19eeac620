//! Greedy insertion with blinks: absent jobs are put back one by one, each at its cheapest place, in one of
//! several orders; now and then a place is overlooked on purpose (Christiaens & Vanden Berghe 2020).

use crate::{
    core::Core,
    model::NONE,
    rng::Rng,
    route::{EMPTY, Route, Stop, fits, stop_for},
    search::{Search, Slot},
    travel::{Metric, Row},
};

/// One place in this many is overlooked.
const BLINK: usize = 100;
/// One iteration in this many begins a route that nothing asks for: whether one route more is worth it shows
/// only when several jobs have moved there.
const OPEN: u64 = 50;

/// Buffers of insertion that live as long as the search.
pub struct Inserter {
    order: Vec<(u64, u32)>,
    kind_seen: Vec<u64>,
    round: u64,
    blink_left: usize,
    rng: Rng,
    scratch: Route,
    /// What each vehicle answered last to each node; empty where it is not worth its memory.
    known: Vec<Known>,
    /// How far each node is from where engineers start.
    far: Vec<i32>,
}

/// A vehicle's cheapest place for a node, true as long as its route has this stamp.
#[derive(Clone, Copy)]
struct Known {
    stamp: u64,
    cost: i64,
    after: u32,
}

/// Most answers that are remembered: 24 MB.
const MOST_KNOWN: usize = 1 << 20;

/// Not the number of any stop.
pub const NO_PLACE: usize = usize::MAX;

/// An iteration is given up when its plan cannot get below `limit` any more.
#[derive(Debug, Clone, Copy)]
pub struct Ceiling {
    /// In units of cost.
    pub limit: f64,
    /// Price of a point of priority left out.
    pub price: f64,
}

impl Inserter {
    /// For searches over `core`.
    pub fn new<M: Metric>(core: &Core, metric: &M, seed: u64) -> Self {
        // How far a job is from where engineers start: the first vehicle stands for all.
        let start = core.vehicles.first().map(|v| v.start);
        let far = core.place.iter().map(|&p| start.map_or(0, |s| metric.time(s, p))).collect();
        // The fairness term of one route depends on all others.
        let answers = core.len().saturating_mul(core.vehicles.len());
        let remember = core.costs.fairness == 0 && answers <= MOST_KNOWN;
        Self {
            order: Vec::new(),
            kind_seen: vec![0; core.kinds],
            round: 0,
            blink_left: BLINK,
            rng: Rng::new(seed ^ 0x000b_114c),
            scratch: Route::default(),
            known: vec![Known { stamp: 0, cost: 0, after: 0 }; if remember { answers } else { 0 }],
            far,
        }
    }

    /// Is this place overlooked?
    #[inline]
    fn blinks(&mut self) -> bool {
        if self.blink_left == 0 {
            self.blink_left = self.rng.below(2 * BLINK);
            return true;
        }
        self.blink_left -= 1;
        false
    }
}

/// Sorts by which absent jobs are put back. Weights follow the paper, with two for plans that cannot hold all.
#[derive(Clone, Copy)]
enum Order {
    Random,
    Demand,
    Far,
    Close,
    Length,
    Opens,
    Closes,
    Priority,
    Scarce,
}

const PLENTY: [(Order, usize); 7] = [
    (Order::Random, 4),
    (Order::Demand, 4),
    (Order::Far, 2),
    (Order::Close, 1),
    (Order::Length, 2),
    (Order::Opens, 2),
    (Order::Closes, 2),
];

const SHORT: [(Order, usize); 9] = [
    (Order::Random, 6),
    (Order::Demand, 2),
    (Order::Far, 2),
    (Order::Close, 1),
    (Order::Length, 2),
    (Order::Opens, 1),
    (Order::Closes, 1),
    (Order::Priority, 6),
    (Order::Scarce, 4),
];

impl<M: Metric> Search<'_, M> {
    /// Puts back what fits of the absent. `old` of them (the first in the list) were absent before this
    /// iteration: they are tried only in routes that it has touched, unless `everywhere`.
    /// False if it was given up at the ceiling.
    pub fn recreate(
        &mut self,
        tools: &mut Inserter,
        old: usize,
        everywhere: bool,
        ceiling: Option<Ceiling>,
    ) -> bool {
        let mut left_out = 0;
        let mut open = ceiling.is_some() && self.rng.one_in(OPEN);
        self.sort_absent(tools, old);
        for k in 0..tools.order.len() {
            let (key, u) = tools.order[k];
            if self.at[u as usize] != NONE {
                continue;
            }
            let was_absent = key & 1 == 1;
            if self.core.group[u as usize] != NONE {
                self.insert_group(tools, u);
                continue;
            }
            let slot = if open {
                open = false;
                self.empty_slot(tools, u)
            } else {
                Slot::NOWHERE
            };
            let slot =
                if slot.vehicle == NONE { self.best_slot(tools, u, everywhere || !was_absent) } else { slot };
            if slot.vehicle != NONE {
                let stop = stop_for(self.core, u);
                self.put(slot.vehicle, slot.after as usize, stop);
            } else if !self.core.classes[self.core.class[u as usize] as usize].pickup.is_empty() {
                self.insert_with_pickup(u, everywhere || !was_absent);
            }
            if let Some(ceiling) = ceiling {
                left_out += if self.at[u as usize] == NONE { self.core.priority[u as usize] } else { 0 };
                if self.cost as f64 + ceiling.price * left_out as f64 >= ceiling.limit {
                    return false;
                }
            }
        }
        self.sweep_absent();
        true
    }

    fn sort_absent(&mut self, tools: &mut Inserter, old: usize) {
        let core = self.core;
        let table: &[(Order, usize)] = if old > 0 { &SHORT } else { &PLENTY };
        let total: usize = table.iter().map(|t| t.1).sum();
        let mut pick = self.rng.below(total);
        let mut order = Order::Random;
        for &(candidate, weight) in table {
            if pick < weight {
                order = candidate;
                break;
            }
            pick -= weight;
        }
        tools.order.clear();
        for (k, &u) in self.absent.iter().enumerate() {
            let n = u as usize;
            let up = |x: i64| (x.clamp(0, 1 << 40) as u64) << 20;
            let down = |x: i64| ((1u64 << 40) - x.clamp(0, 1 << 40) as u64) << 20;
            let key = match order {
                Order::Random => 0,
                Order::Demand if core.demand[n] > 0 => down(core.demand[n]),
                Order::Demand => down(i64::from(core.duration[n])),
                Order::Far => down(i64::from(tools.far[n])),
                Order::Close => up(i64::from(tools.far[n])),
                Order::Length => up(i64::from(core.hull[n].1) - i64::from(core.hull[n].0)),
                Order::Opens => up(i64::from(core.hull[n].0)),
                Order::Closes => down(i64::from(core.hull[n].1)),
                Order::Priority => down(core.priority[n]),
                Order::Scarce => up(core.classes[core.class[n] as usize].direct.len() as i64),
            };
            let noise = (self.rng.bits() >> 45) << 1;
            // Promised jobs first; the lowest bit tells old absentees.
            let pinned = u64::from(!core.pinned[n]) << 62;
            tools.order.push((pinned | key | noise | u64::from(k < old), u));
        }
        tools.order.sort_unstable();
    }

    /// Cheapest place for a node among vehicles that have everything on board.
    fn best_slot(&mut self, tools: &mut Inserter, u: u32, everywhere: bool) -> Slot {
        let core = self.core;
        let stop = stop_for(core, u);
        let class = &core.classes[core.class[u as usize] as usize];
        let demand = core.demand[u as usize];
        let mut best = self.most_it_may_cost(u);
        tools.round += 1;
        for k in 0..self.touched.len() {
            let v = self.touched[k];
            if class.direct_bits.has(v as usize)
                && (demand <= 0 || demand <= self.heads[v as usize].room)
                && self.first_of_kind(tools, v)
            {
                let slot = self.scan(&mut tools.scratch, v, u, &stop, best.cost, NO_PLACE);
                self.choose(tools, u, &stop, slot, &mut best);
            }
        }
        if !everywhere {
            return best;
        }
        for word in 0..class.direct_bits.0.len() {
            let mut able = class.direct_bits.0[word] & self.used.0[word];
            while able != 0 {
                let v = (word * 64) as u32 + able.trailing_zeros();
                able &= able - 1;
                self.ask(tools, u, &stop, v, &mut best);
            }
        }
        let mut kinds = class.kinds;
        for word in 0..class.direct_bits.0.len() {
            let mut able = class.direct_bits.0[word] & !self.used.0[word];
            while able != 0 && kinds > 0 {
                let v = (word * 64) as u32 + able.trailing_zeros();
                able &= able - 1;
                if self.first_of_kind(tools, v) {
                    kinds -= 1;
                    self.ask(tools, u, &stop, v, &mut best);
                }
            }
        }
        best
    }

    /// Cheapest empty vehicle.
    fn empty_slot(&self, tools: &mut Inserter, u: u32) -> Slot {
        let core = self.core;
        let stop = stop_for(core, u);
        let class = &core.classes[core.class[u as usize] as usize];
        let mut best = self.most_it_may_cost(u);
        tools.round += 1;
        let mut kinds = class.kinds;
        for word in 0..class.direct_bits.0.len() {
            let mut able = class.direct_bits.0[word] & !self.used.0[word];
            while able != 0 && kinds > 0 {
                let v = (word * 64) as u32 + able.trailing_zeros();
                able &= able - 1;
                let full = core.demand[u as usize] > self.heads[v as usize].room.max(0);
                if !full && self.first_of_kind(tools, v) {
                    kinds -= 1;
                    let slot = self.scan(&mut tools.scratch, v, u, &stop, best.cost, NO_PLACE);
                    best = if slot.vehicle == NONE { best } else { slot };
                }
            }
        }
        if best.vehicle == NONE { Slot::NOWHERE } else { best }
    }

    /// Of empty vehicles that cannot be told apart, one is enough.
    #[inline]
    fn first_of_kind(&self, tools: &mut Inserter, v: u32) -> bool {
        if self.heads[v as usize].stamp != EMPTY {
            return true;
        }
        let seen = &mut tools.kind_seen[self.core.vehicles[v as usize].kind as usize];
        *seen != tools.round && {
            *seen = tools.round;
            true
        }
    }

    /// Asks a vehicle that this iteration has not touched; its answer is remembered until its route changes.
    #[inline]
    fn ask(&self, tools: &mut Inserter, u: u32, stop: &Stop, v: u32, best: &mut Slot) {
        let head = self.heads[v as usize];
        let demand = self.core.demand[u as usize];
        if self.touched_in[v as usize] == self.now || (demand > 0 && demand > head.room) {
            return;
        }
        if tools.known.is_empty() {
            let slot = self.scan(&mut tools.scratch, v, u, stop, best.cost, NO_PLACE);
            return self.choose(tools, u, stop, slot, best);
        }
        let at = u as usize * self.routes.len() + v as usize;
        if tools.known[at].stamp != head.stamp {
            let slot = self.scan(&mut tools.scratch, v, u, stop, i64::MAX, NO_PLACE);
            tools.known[at] = Known { stamp: head.stamp, cost: slot.cost, after: slot.after };
        }
        let Known { cost, after, .. } = tools.known[at];
        if cost < best.cost {
            self.choose(tools, u, stop, Slot { cost, vehicle: v, after }, best);
        }
    }

    /// Takes a better slot, unless it is overlooked; then the route's second best place has its chance.
    #[inline]
    fn choose(&self, tools: &mut Inserter, u: u32, stop: &Stop, mut slot: Slot, best: &mut Slot) {
        if slot.cost < best.cost && tools.blinks() {
            slot = self.scan(&mut tools.scratch, slot.vehicle, u, stop, best.cost, slot.after as usize);
        }
        if slot.cost < best.cost {
            *best = slot;
        }
    }

    /// Where leaving a job out has a price, an insertion must be cheaper.
    pub fn most_it_may_cost(&self, u: u32) -> Slot {
        let n = u as usize;
        let cost = match self.core.costs.unassigned {
            Some(weight) if !self.core.pinned[n] => weight.saturating_mul(self.core.priority[n]),
            None if self.core.priority[n] == 0 && !self.core.pinned[n] && self.core.group[n] == NONE => 0,
            _ => i64::MAX,
        };
        Slot { cost, ..Slot::NOWHERE }
    }

    /// Cheapest place for `stop` (of node `u`) in one route, below `limit`; the place after stop `skip` does not
    /// count. Capacity is the caller's business.
    #[inline]
    pub fn scan(&self, scratch: &mut Route, v: u32, u: u32, stop: &Stop, limit: i64, skip: usize) -> Slot {
        if self.core.plain {
            self.scan_as::<false>(scratch, v, u, stop, limit, skip)
        } else {
            self.scan_as::<true>(scratch, v, u, stop, limit, skip)
        }
    }

    /// The inner loop. `PRICED`: more than travel counts (bias, lateness, overtime, movement, fairness).
    #[inline]
    fn scan_as<const PRICED: bool>(
        &self,
        scratch: &mut Route,
        v: u32,
        u: u32,
        stop: &Stop,
        limit: i64,
        skip: usize,
    ) -> Slot {
        let core = self.core;
        let route = &self.routes[v as usize];
        let row = self.metric.row(stop.place);
        let stops = &route.stops[..];
        let least = stop.open + stop.duration;
        let first = if stops.len() > 8 {
            stops[1..].partition_point(|s| s.late < least)
        } else {
            stops[1..].iter().position(|s| s.late >= least).unwrap_or(stops.len() - 1)
        };
        let simple = !core.any_multi && core.vehicles[v as usize].breaks.is_empty();
        let weight = core.costs.travel;
        let bias = if PRICED { core.bias(u, v) } else { 0 };
        let mut best = Slot { cost: limit, ..Slot::NOWHERE };
        let symmetric = row.symmetric();
        let mut next = row.from(stops[first].place);
        for (i, pair) in stops.windows(2).enumerate().skip(first) {
            let (a, b) = (&pair[0], &pair[1]);
            if a.early > stop.close {
                break;
            }
            let back = row.to(b.place);
            // The way to the next stop is the way from it, unless the roads say otherwise.
            let there = std::mem::replace(&mut next, if symmetric { back } else { row.from(b.place) });
            let more = i64::from(there) + i64::from(back) - i64::from(a.leg);
            let mut cost = more * weight + bias;
            if PRICED && core.costs.fairness > 0 {
                cost += self.fairness_change(v, more + i64::from(stop.duration));
            } else if cost >= best.cost {
                continue;
            }
            let start = stop.open.max(a.early + there);
            if start > stop.close || start + stop.duration + back > b.late || i == skip {
                continue;
            }
            if !simple && !fits(core, v, route, i, stop, there, back) {
                continue;
            }
            if PRICED && core.timed {
                cost += self.timed_change(scratch, v, i, stop);
            }
            if cost < best.cost {
                best = Slot { cost, vehicle: v, after: i as u32 };
            }
        }
        if best.vehicle == NONE { Slot::NOWHERE } else { best }
    }

    /// What the fairness term grows by when the engineer of `v` works `more` seconds.
    pub fn fairness_change(&self, v: u32, more: i64) -> i64 {
        let engineer = self.core.vehicles[v as usize].engineer as usize;
        let (old, new) = {
            let before = self.work.by_engineer[engineer];
            (i128::from(before), i128::from(before + more))
        };
        let sum = self.work.sum + new - old;
        let squares = self.work.squares + new * new - old * old;
        crate::search::fairness_cost(self.core, sum, squares)
            - crate::search::fairness_cost(self.core, self.work.sum, self.work.squares)
    }

    /// What lateness, overtime and movement grow by, by trying it on a copy.
    pub(crate) fn timed_change(&self, scratch: &mut Route, v: u32, after: usize, stop: &Stop) -> i64 {
        let route = &self.routes[v as usize];
        let before = if route.is_empty() { 0 } else { crate::walk::timed_cost(self.core, v, route) };
        scratch.copy_from(route);
        scratch.stops.insert(after + 1, *stop);
        if !crate::route::retime(self.core, self.metric, v, scratch) {
            return i64::MAX / 4;
        }
        crate::walk::timed_cost(self.core, v, scratch) - before
    }
}
