//! Routes: stops with the times that make the test of an insertion a matter of constant time.
//!
//! Every stop knows its earliest departure (`early`, forward from the start of the shift) and the latest
//! arrival that leaves the rest of the route possible (`late`, backward from its end). With breaks both depend
//! on how many breaks have been taken before the stop; then [`Route::early_k`] and [`Route::late_k`] hold one
//! value per number of breaks, and `early`, `late` the best of them as a quick bound.

use crate::{
    core::Core,
    schedule::{NEVER, TOO_LATE, leave_by, reach},
    travel::Metric,
};

/// `node` of the first and last stop.
pub const EDGE: u32 = u32::MAX;
/// `node` of a stop at depot `d` is `DEPOT + d`.
pub const DEPOT: u32 = 1 << 30;

/// A stop of a route.
#[derive(Debug, Clone, Copy)]
pub struct Stop {
    pub node: u32,
    pub place: u32,
    /// Travel to the next stop; 0 at the last one and in the empty route of somebody who has not set out.
    pub leg: i32,
    /// Earliest departure.
    pub early: i32,
    /// Latest arrival.
    pub late: i32,
    /// Earliest and latest start of service.
    pub open: i32,
    pub close: i32,
    pub duration: i32,
}

/// The stops of one vehicle, first and last being the edges of the shift.
#[derive(Debug, Clone, Default)]
pub struct Route {
    pub stops: Vec<Stop>,
    pub early_k: Vec<i32>,
    pub late_k: Vec<i32>,
    pub load: i64,
    /// Sum of legs.
    pub travel: i64,
    /// Travel and terms in units of cost.
    pub cost: i64,
    /// Service and travel in seconds; kept only when fairness counts.
    pub work: i64,
    /// Had visits when its cost was last taken.
    pub used: bool,
    /// Two states of a route with the same stamp have the same stops; empty routes have [`EMPTY`].
    pub stamp: u64,
    pub stale: Stale,
}

/// Stamp of every route without visits.
pub const EMPTY: u64 = 1;

/// Which stops of a route have times that are no longer true.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Stale {
    /// None.
    #[default]
    No,
    /// After stops were taken out before stop `first`, …, and before stop `last`; legs and sums are right.
    Between { first: usize, last: usize },
    /// Legs and sums, too.
    All,
}

impl Route {
    /// Overwrites without giving memory back.
    pub fn copy_from(&mut self, other: &Route) {
        self.stops.clone_from(&other.stops);
        self.early_k.clone_from(&other.early_k);
        self.late_k.clone_from(&other.late_k);
        self.load = other.load;
        self.travel = other.travel;
        self.cost = other.cost;
        self.work = other.work;
        self.used = other.used;
        self.stamp = other.stamp;
        self.stale = other.stale;
    }

    /// Takes out stops `from..to` (neither edge); `leg` is the way that remains. Legs, sums and the shape of the
    /// tables are right afterwards, times are noted as stale.
    pub fn take_out(&mut self, core: &Core, states: usize, from: usize, to: usize, leg: i32) {
        for stop in &self.stops[from - 1..to] {
            self.travel -= i64::from(stop.leg);
        }
        self.travel += i64::from(leg);
        for stop in &self.stops[from..to] {
            if stop.node < DEPOT {
                self.load -= core.demand[stop.node as usize];
            }
        }
        self.stops[from - 1].leg = leg;
        self.stops.drain(from..to);
        if states > 1 {
            self.early_k.drain(from * states..to * states);
            self.late_k.drain(from * states..to * states);
        }
        self.stale = match self.stale {
            Stale::All => Stale::All,
            Stale::No => Stale::Between { first: from, last: from },
            Stale::Between { first, last } => {
                let moved = |i: usize| if i >= to { i - (to - from) } else { i.min(from) };
                Stale::Between { first: moved(first).min(from), last: moved(last).max(from) }
            }
        };
    }

    /// Number of visits.
    #[inline]
    pub fn visits(&self) -> usize {
        self.stops.len() - 2
    }

    /// No visits.
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.stops.len() == 2
    }

    /// Nodes on the way, without edges.
    pub fn nodes(&self) -> impl Iterator<Item = u32> + '_ {
        self.stops[1..self.stops.len() - 1].iter().map(|s| s.node)
    }
}

/// The two edges of a vehicle's empty route.
pub fn edges(core: &Core, v: u32) -> [Stop; 2] {
    let van = &core.vehicles[v as usize];
    let edge = |place| Stop {
        node: EDGE,
        place,
        leg: 0,
        early: van.from,
        late: van.to,
        open: van.from,
        close: van.to,
        duration: 0,
    };
    [edge(van.start), edge(van.end)]
}

/// A stop for a node, not yet timed.
pub fn stop_for(core: &Core, node: u32) -> Stop {
    if node >= DEPOT {
        let depot = &core.depots[(node - DEPOT) as usize];
        let (open, close) = depot.hull;
        Stop { node, place: depot.place, leg: 0, early: 0, late: 0, open, close, duration: depot.duration }
    } else {
        let n = node as usize;
        let (open, close) = core.hull[n];
        Stop {
            node,
            place: core.place[n],
            leg: 0,
            early: 0,
            late: 0,
            open,
            close,
            duration: core.duration[n],
        }
    }
}

fn windows_of<'c>(core: &'c Core, stop: &Stop) -> &'c [(i32, i32)] {
    if stop.node == EDGE || stop.open == stop.close {
        &[]
    } else if stop.node >= DEPOT {
        &core.depots[(stop.node - DEPOT) as usize].windows
    } else {
        &core.windows[stop.node as usize]
    }
}

/// Earliest start of service at or after `ready`; [`NEVER`] if there is none.
#[inline]
pub fn start_at(core: &Core, stop: &Stop, ready: i32) -> i32 {
    if ready > stop.close {
        return NEVER;
    }
    let start = ready.max(stop.open);
    if core.any_multi {
        let windows = windows_of(core, stop);
        if !windows.is_empty() {
            return windows.iter().find(|w| w.1 >= start).map_or(NEVER, |w| start.max(w.0));
        }
    }
    start
}

/// Latest start of service at or before `by`; [`TOO_LATE`] if there is none.
#[inline]
pub fn latest_start(core: &Core, stop: &Stop, by: i32) -> i32 {
    if by < stop.open {
        return TOO_LATE;
    }
    let start = by.min(stop.close);
    if core.any_multi {
        let windows = windows_of(core, stop);
        if !windows.is_empty() {
            return windows.iter().rev().find(|w| w.0 <= start).map_or(TOO_LATE, |w| start.min(w.1));
        }
    }
    start
}

/// Sets legs, times and sums of a route whose stops are in place; false if it cannot be kept.
pub fn retime<M: Metric>(core: &Core, metric: &M, v: u32, route: &mut Route) -> bool {
    let n = route.stops.len();
    route.travel = 0;
    route.load = 0;
    for i in 0..n - 1 {
        let idle = n == 2 && !core.vehicles[v as usize].under_way;
        let leg = if idle { 0 } else { metric.time(route.stops[i].place, route.stops[i + 1].place) };
        route.stops[i].leg = leg;
        route.travel += i64::from(leg);
        let node = route.stops[i].node;
        if node < DEPOT {
            route.load += core.demand[node as usize];
        }
    }
    route.stops[n - 1].leg = 0;
    let breaks = core.vehicles[v as usize].breaks.len();
    if breaks > 0 {
        route.early_k.resize(n * (breaks + 1), NEVER);
        route.late_k.resize(n * (breaks + 1), TOO_LATE);
    }
    route.stale = Stale::No;
    let ok = forward(core, v, route, 0, n);
    backward(core, v, route, n - 1, 0);
    ok && route.load <= core.vehicles[v as usize].capacity
}

/// Brings the times of a route up to date; false if it cannot be kept.
pub fn refresh<M: Metric>(core: &Core, metric: &M, v: u32, route: &mut Route) -> bool {
    match route.stale {
        Stale::No => true,
        Stale::All => retime(core, metric, v, route),
        Stale::Between { first, last } => {
            route.stale = Stale::No;
            let ok = forward(core, v, route, first, last);
            backward(core, v, route, last - 1, first - 1);
            ok
        }
    }
}

/// Recomputes earliest departures from stop `from` on, beyond stop `until` only as long as they change; false
/// if some stop is missed.
pub fn forward(core: &Core, v: u32, route: &mut Route, from: usize, until: usize) -> bool {
    let van = &core.vehicles[v as usize];
    if !van.breaks.is_empty() {
        return forward_k(core, v, route, from, until);
    }
    let stops = &mut route.stops;
    if from == 0 {
        stops[0].early = van.from;
    }
    for i in from.max(1)..stops.len() {
        let ready = stops[i - 1].early.saturating_add(stops[i - 1].leg);
        let start = start_at(core, &stops[i], ready);
        if start == NEVER {
            return false;
        }
        let early = start + stops[i].duration;
        if stops[i].early == early && i >= until {
            return true;
        }
        stops[i].early = early;
    }
    true
}

fn forward_k(core: &Core, v: u32, route: &mut Route, from: usize, until: usize) -> bool {
    let breaks = &core.vehicles[v as usize].breaks;
    let states = breaks.len() + 1;
    if from == 0 {
        for k in 0..states {
            route.early_k[k] = if k == 0 { core.vehicles[v as usize].from } else { NEVER };
        }
        route.stops[0].early = core.vehicles[v as usize].from;
    }
    for i in from.max(1)..route.stops.len() {
        let leg = route.stops[i - 1].leg;
        let stop = route.stops[i];
        let mut best = NEVER;
        let mut same = i >= until;
        for k in 0..states {
            let mut early = NEVER;
            for before in 0..=k {
                let leave = route.early_k[(i - 1) * states + before];
                if leave == NEVER {
                    continue;
                }
                let ready = reach(leave, leg, &breaks[before..k]);
                if ready == NEVER {
                    continue;
                }
                let start = start_at(core, &stop, ready);
                if start != NEVER {
                    early = early.min(start + stop.duration);
                }
            }
            same &= route.early_k[i * states + k] == early;
            route.early_k[i * states + k] = early;
            best = best.min(early);
        }
        if best == NEVER {
            return false;
        }
        route.stops[i].early = best;
        if same {
            break;
        }
    }
    // The shift ends with all breaks taken.
    route.early_k[(route.stops.len() - 1) * states + states - 1] != NEVER
}

/// Recomputes latest arrivals from stop `from` back to the start, before stop `until` only as long as they
/// change.
pub fn backward(core: &Core, v: u32, route: &mut Route, from: usize, until: usize) {
    let van = &core.vehicles[v as usize];
    if !van.breaks.is_empty() {
        return backward_k(core, v, route, from, until);
    }
    let stops = &mut route.stops;
    let last = stops.len() - 1;
    if from == last {
        stops[last].late = van.to;
    }
    for i in (0..from.min(last - 1) + 1).rev() {
        let by = stops[i + 1].late.saturating_sub(stops[i].leg).saturating_sub(stops[i].duration);
        let late = if i == 0 { by } else { latest_start(core, &stops[i], by) };
        if stops[i].late == late && i <= until {
            return;
        }
        stops[i].late = late;
    }
}

fn backward_k(core: &Core, v: u32, route: &mut Route, from: usize, until: usize) {
    let van = &core.vehicles[v as usize];
    let states = van.breaks.len() + 1;
    let last = route.stops.len() - 1;
    if from == last {
        for k in 0..states {
            route.late_k[last * states + k] = if k + 1 == states { van.to } else { TOO_LATE };
        }
        route.stops[last].late = van.to;
    }
    for i in (0..from.min(last - 1) + 1).rev() {
        let stop = route.stops[i];
        let mut best = TOO_LATE;
        let mut same = i <= until;
        for k in 0..states {
            let mut leave = TOO_LATE;
            for after in k..states {
                let by = route.late_k[(i + 1) * states + after];
                leave = leave.max(leave_by(by, stop.leg, &van.breaks[k..after]));
            }
            let late = if leave == TOO_LATE {
                TOO_LATE
            } else if i == 0 {
                leave
            } else {
                latest_start(core, &stop, leave.saturating_sub(stop.duration))
            };
            same &= route.late_k[i * states + k] == late;
            route.late_k[i * states + k] = late;
            best = best.max(late);
        }
        route.stops[i].late = best;
        if same {
            return;
        }
    }
}

/// Can `stop` be put between stops `i` and `i + 1`, reached by `there` and left by `back`?
/// Exact; constant time (the number of breaks to the third power).
#[inline]
pub fn fits(core: &Core, v: u32, route: &Route, i: usize, stop: &Stop, there: i32, back: i32) -> bool {
    let van = &core.vehicles[v as usize];
    if van.breaks.is_empty() {
        let start = start_at(core, stop, route.stops[i].early + there);
        return start != NEVER && start + stop.duration + back <= route.stops[i + 1].late;
    }
    fits_k(core, v, route, i, stop, there, back)
}

fn fits_k(core: &Core, v: u32, route: &Route, i: usize, stop: &Stop, there: i32, back: i32) -> bool {
    let breaks = &core.vehicles[v as usize].breaks;
    let states = breaks.len() + 1;
    let early = &route.early_k[i * states..(i + 1) * states];
    let late = &route.late_k[(i + 1) * states..(i + 2) * states];
    for before in 0..states {
        if early[before] == NEVER {
            continue;
        }
        for at in before..states {
            let ready = reach(early[before], there, &breaks[before..at]);
            if ready == NEVER {
                continue;
            }
            let start = start_at(core, stop, ready);
            if start == NEVER {
                continue;
            }
            for after in at..states {
                if late[after] == TOO_LATE {
                    continue;
                }
                let ready = reach(start + stop.duration, back, &breaks[at..after]);
                if ready != NEVER && ready <= late[after] {
                    return true;
                }
            }
        }
    }
    false
}
