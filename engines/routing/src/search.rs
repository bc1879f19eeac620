//! The state of a search: routes, who is absent, what it costs, and how to take an iteration back.

use crate::{
    core::Core,
    model::{Bits, NONE},
    rng::Rng,
    route::{DEPOT, EMPTY, Route, Stale, Stop, backward, edges, forward, refresh, retime, stop_for},
    travel::Metric,
};

/// A plan by vehicle, in local numbers, cheap to keep and to compare.
#[derive(Debug, Clone, Default)]
pub struct Snapshot {
    /// Stops of each vehicle: node (or depot) and the start it is fixed to, −1 if free.
    pub routes: Vec<Vec<(u32, i32)>>,
    pub value: Value,
}

/// How good a plan is: pinned jobs left out, priority left out, cost. Smaller is better, in this order
/// (the second and third are added first where the objective says so).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Value {
    pub pins: u32,
    pub priority: i64,
    pub cost: i64,
}

/// Work per engineer, for the fairness term.
#[derive(Debug, Clone, Default)]
pub struct Work {
    pub by_engineer: Vec<i64>,
    pub sum: i128,
    pub squares: i128,
}

/// Routes that an iteration has touched, as they were.
#[derive(Default)]
struct Undo {
    routes: Vec<(u32, Route)>,
    used: usize,
    places: Vec<(u32, u32)>,
    absent: Vec<u32>,
    pins: u32,
    priority: i64,
    cost: i64,
    sum: i128,
    squares: i128,
}

/// A plan under construction.
pub struct Search<'a, M: Metric> {
    pub core: &'a Core,
    pub metric: &'a M,
    pub rng: Rng,
    pub routes: Vec<Route>,
    /// Vehicle of each node or [`NONE`].
    pub at: Vec<u32>,
    pub absent: Vec<u32>,
    pub absent_pins: u32,
    pub absent_priority: i64,
    /// Routes with visits.
    pub used_routes: usize,
    /// The same as a set.
    pub used: Bits,
    /// Capacity left and stamp of each route, close together for the inner loop.
    pub heads: Vec<Head>,
    /// The last stamp given to a route.
    stamps: u64,
    /// Sum of the routes' costs; fairness is added by [`Search::cost`].
    pub cost: i64,
    pub work: Work,
    undo: Undo,
    /// Iteration in which a vehicle was touched last.
    pub touched_in: Vec<u64>,
    pub touched: Vec<u32>,
    /// Number of the iteration.
    pub now: u64,
}

/// What the inner loop asks first about a route.
#[derive(Debug, Clone, Copy)]
pub struct Head {
    /// Capacity left.
    pub room: i64,
    /// See [`Route::stamp`].
    pub stamp: u64,
}

/// Where to put something, and what it costs more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Slot {
    pub cost: i64,
    pub vehicle: u32,
    /// After this stop.
    pub after: u32,
}

impl Slot {
    /// No place found.
    pub const NOWHERE: Self = Self { cost: i64::MAX, vehicle: NONE, after: 0 };
}

impl<'a, M: Metric> Search<'a, M> {
    /// All jobs absent, all routes empty.
    pub fn new(core: &'a Core, metric: &'a M, seed: u64) -> Self {
        let vehicles = core.vehicles.len();
        let mut routes = Vec::with_capacity(vehicles);
        for v in 0..vehicles as u32 {
            let mut route = Route { stops: edges(core, v).to_vec(), stamp: EMPTY, ..Route::default() };
            retime(core, metric, v, &mut route);
            routes.push(route);
        }
        let mut work = Work { by_engineer: core.fairness.base.clone(), ..Work::default() };
        for &w in &work.by_engineer {
            work.sum += i128::from(w);
            work.squares += i128::from(w) * i128::from(w);
        }
        let absent: Vec<u32> = (0..core.len() as u32).collect();
        Self {
            core,
            metric,
            rng: Rng::new(seed),
            routes,
            at: vec![NONE; core.len()],
            absent_pins: absent.iter().filter(|&&u| core.pinned[u as usize]).count() as u32,
            absent_priority: core.priority.iter().sum(),
            absent,
            used_routes: 0,
            used: Bits::new(vehicles),
            heads: core.vehicles.iter().map(|van| Head { room: van.capacity, stamp: EMPTY }).collect(),
            stamps: EMPTY,
            cost: 0,
            work,
            undo: Undo::default(),
            touched_in: vec![0; vehicles],
            touched: Vec::new(),
            now: 0,
        }
    }

    /// Cost without what is left out.
    pub fn cost(&self) -> i64 {
        self.cost + self.fairness(&self.work)
    }

    /// The fairness term in units of cost.
    pub fn fairness(&self, work: &Work) -> i64 {
        if self.core.costs.fairness == 0 {
            return 0;
        }
        fairness_cost(self.core, work.sum, work.squares)
    }

    /// The value of the plan.
    pub fn value(&self) -> Value {
        match self.core.costs.unassigned {
            None => Value { pins: self.absent_pins, priority: self.absent_priority, cost: self.cost() },
            Some(weight) => Value {
                pins: self.absent_pins,
                priority: 0,
                cost: self.cost().saturating_add(weight.saturating_mul(self.absent_priority)),
            },
        }
    }

    /// Begins an iteration that can be taken back.
    pub fn begin(&mut self) {
        self.now += 1;
        self.touched.clear();
        let undo = &mut self.undo;
        undo.used = 0;
        undo.places.clear();
        undo.sum = self.work.sum;
        undo.squares = self.work.squares;
        undo.absent.clone_from(&self.absent);
        undo.pins = self.absent_pins;
        undo.priority = self.absent_priority;
        undo.cost = self.cost;
    }

    /// Takes everything back since [`Search::begin`].
    pub fn take_back(&mut self) {
        for k in 0..self.undo.used {
            let (v, ref mut old) = self.undo.routes[k];
            std::mem::swap(&mut self.routes[v as usize], old);
            self.used_routes += usize::from(self.routes[v as usize].used);
            self.used_routes -= usize::from(old.used);
            let route = &self.routes[v as usize];
            self.used.put(v as usize, route.used);
            let room = self.core.vehicles[v as usize].capacity.saturating_sub(route.load);
            self.heads[v as usize] = Head { room, stamp: route.stamp };
            if !self.work.by_engineer.is_empty() {
                let engineer = self.core.vehicles[v as usize].engineer as usize;
                self.work.by_engineer[engineer] += self.routes[v as usize].work - old.work;
            }
        }
        self.work.sum = self.undo.sum;
        self.work.squares = self.undo.squares;
        for &(node, vehicle) in self.undo.places.iter().rev() {
            self.at[node as usize] = vehicle;
        }
        self.absent.clone_from(&self.undo.absent);
        self.absent_pins = self.undo.pins;
        self.absent_priority = self.undo.priority;
        self.cost = self.undo.cost;
    }

    /// Keeps a copy of a route before its first change in this iteration.
    pub fn touch(&mut self, v: u32) {
        if self.touched_in[v as usize] == self.now {
            return;
        }
        self.touched_in[v as usize] = self.now;
        self.touched.push(v);
        let undo = &mut self.undo;
        if undo.used == undo.routes.len() {
            undo.routes.push((v, Route::default()));
        }
        let slot = &mut undo.routes[undo.used];
        slot.0 = v;
        slot.1.copy_from(&self.routes[v as usize]);
        undo.used += 1;
    }

    /// Notes that a node goes to a vehicle, or to nobody.
    pub(crate) fn move_node(&mut self, node: u32, vehicle: u32) {
        self.undo.places.push((node, self.at[node as usize]));
        self.at[node as usize] = vehicle;
        let sign = if vehicle == NONE { 1 } else { -1 };
        self.absent_priority += sign * self.core.priority[node as usize];
        if self.core.pinned[node as usize] {
            self.absent_pins = (i64::from(self.absent_pins) + sign) as u32;
        }
    }

    /// Notes that a planned node goes to another vehicle.
    pub(crate) fn hand_over(&mut self, node: u32, vehicle: u32) {
        self.undo.places.push((node, self.at[node as usize]));
        self.at[node as usize] = vehicle;
    }

    /// After a change of stops and times: brings the route's cost and work up to date.
    fn settle(&mut self, v: u32) {
        let route = &mut self.routes[v as usize];
        let (cost, work) = (route.cost, route.work);
        route.cost = route_cost(self.core, v, route);
        self.cost += route.cost - cost;
        let used = !route.is_empty();
        self.used_routes += usize::from(used);
        self.used_routes -= usize::from(route.used);
        route.used = used;
        self.used.put(v as usize, used);
        if used {
            self.stamps += 1;
        }
        route.stamp = if used { self.stamps } else { EMPTY };
        let room = self.core.vehicles[v as usize].capacity.saturating_sub(route.load);
        self.heads[v as usize] = Head { room, stamp: route.stamp };
        if self.core.costs.fairness > 0 {
            route.work = route_work(route);
            let change = route.work - work;
            let engineer = self.core.vehicles[v as usize].engineer as usize;
            let before = self.work.by_engineer[engineer];
            self.work.by_engineer[engineer] += change;
            let (old, new) = (i128::from(before), i128::from(before + change));
            self.work.sum += new - old;
            self.work.squares += new * new - old * old;
        }
    }

    /// Takes stops `from..to` out of a touched route; their nodes become absent.
    /// Times are not brought up to date: call [`Search::repair_route`] when all is out.
    pub fn cut(&mut self, v: u32, from: usize, to: usize) {
        if from >= to {
            return;
        }
        for i in from..to {
            let node = self.routes[v as usize].stops[i].node;
            if node < DEPOT {
                self.move_node(node, NONE);
                self.absent.push(node);
            }
        }
        let van = &self.core.vehicles[v as usize];
        let route = &mut self.routes[v as usize];
        let idle = route.stops.len() - (to - from) == 2 && !van.under_way;
        let leg = if idle { 0 } else { self.metric.time(route.stops[from - 1].place, route.stops[to].place) };
        route.take_out(self.core, van.breaks.len() + 1, from, to, leg);
    }

    /// Times a touched route anew; false if it cannot be kept (travel that breaks the triangle rule).
    pub fn repair_route(&mut self, v: u32) -> bool {
        let ok = refresh(self.core, self.metric, v, &mut self.routes[v as usize]);
        self.settle(v);
        ok
    }

    /// Puts a stop after stop `after` of `v`. The caller has tested that it fits. The node leaves the absent
    /// count, not the list: see [`Search::sweep_absent`].
    pub fn put(&mut self, v: u32, after: usize, stop: Stop) {
        self.touch(v);
        let (core, metric) = (self.core, self.metric);
        let route = &mut self.routes[v as usize];
        let there = metric.time(route.stops[after].place, stop.place);
        let back = metric.time(stop.place, route.stops[after + 1].place);
        route.travel += i64::from(there) + i64::from(back) - i64::from(route.stops[after].leg);
        route.stops[after].leg = there;
        route.stops.insert(after + 1, Stop { leg: back, ..stop });
        if stop.node < DEPOT {
            route.load += core.demand[stop.node as usize];
        }
        let states = core.vehicles[v as usize].breaks.len() + 1;
        if states > 1 {
            let at = (after + 1) * states;
            route.early_k.splice(at..at, std::iter::repeat_n(0, states));
            route.late_k.splice(at..at, std::iter::repeat_n(0, states));
        }
        forward(core, v, route, after + 1, after + 2);
        backward(core, v, route, after + 1, after);
        if stop.node < DEPOT {
            self.move_node(stop.node, v);
        }
        self.settle(v);
    }

    /// Drops those who have a vehicle from the list of the absent.
    pub fn sweep_absent(&mut self) {
        let at = &self.at;
        self.absent.retain(|&u| at[u as usize] == NONE);
    }

    /// A copy of the plan.
    pub fn snapshot(&self) -> Snapshot {
        let mut out = Snapshot { routes: vec![Vec::new(); self.routes.len()], value: self.value() };
        for v in 0..self.routes.len() {
            self.copy_route(v, &mut out.routes[v]);
        }
        out
    }

    /// A copy of one route.
    pub fn copy_route(&self, v: usize, out: &mut Vec<(u32, i32)>) {
        let stops = &self.routes[v].stops;
        out.clear();
        out.extend(stops[1..stops.len() - 1].iter().map(|s| (s.node, self.fixed_start(s))));
    }

    /// The start a member of a group is fixed to, −1 for all others.
    fn fixed_start(&self, stop: &Stop) -> i32 {
        let grouped = stop.node < DEPOT && self.core.group[stop.node as usize] != NONE;
        let kept = stop.node < DEPOT && self.core.locked[stop.node as usize] && stop.open == stop.close;
        if grouped || kept { stop.open } else { -1 }
    }

    /// Replaces the plan. Routes that cannot be kept are emptied, which is the caller's mistake or odd travel.
    pub fn restore(&mut self, snapshot: &Snapshot) {
        self.begin();
        for v in 0..self.routes.len() as u32 {
            self.touch(v);
            let last = self.routes[v as usize].stops.len() - 1;
            self.cut(v, 1, last);
        }
        for (v, nodes) in snapshot.routes.iter().enumerate() {
            self.fill_route(v as u32, nodes);
        }
        self.drop_broken_groups();
        self.list_absent();
        self.now += 1;
    }

    /// Makes the list of the absent anew.
    pub(crate) fn list_absent(&mut self) {
        self.absent.clear();
        self.absent.extend((0..self.core.len() as u32).filter(|&u| self.at[u as usize] == NONE));
    }

    /// Would a route with these stops hold?
    pub(crate) fn would_hold(&self, v: u32, nodes: &[(u32, i32)]) -> bool {
        let mut route = Route { stops: edges(self.core, v).to_vec(), ..Route::default() };
        route.stops.splice(1..1, self.stops_for(nodes));
        retime(self.core, self.metric, v, &mut route)
    }

    fn stops_for(&self, nodes: &[(u32, i32)]) -> Vec<Stop> {
        nodes
            .iter()
            .map(|&(node, start)| {
                let mut stop = stop_for(self.core, node);
                if start >= 0 {
                    (stop.open, stop.close) = (start, start);
                }
                stop
            })
            .collect()
    }

    /// Fills an empty, touched route; it stays empty when it would not hold.
    pub(crate) fn fill_route(&mut self, v: u32, nodes: &[(u32, i32)]) {
        let edge = self.routes[v as usize].stops.len() - 1;
        let stops = self.stops_for(nodes);
        self.routes[v as usize].stops.splice(edge..edge, stops);
        self.routes[v as usize].stale = Stale::All;
        for &(node, _) in nodes.iter().filter(|n| n.0 < DEPOT) {
            self.move_node(node, v);
        }
        if !self.repair_route(v) {
            let last = self.routes[v as usize].stops.len() - 1;
            self.cut(v, 1, last);
            self.repair_route(v);
        }
    }

    /// Groups come together or not at all: takes out what remains of groups that miss a member.
    pub fn drop_broken_groups(&mut self) {
        for members in &self.core.groups {
            let here = members.iter().filter(|&&u| self.at[u as usize] != NONE).count();
            if here == 0 || here == members.len() {
                continue;
            }
            for &u in members {
                let v = self.at[u as usize];
                if v != NONE {
                    self.touch(v);
                    if let Some(i) = self.routes[v as usize].stops.iter().position(|s| s.node == u) {
                        self.cut(v, i, i + 1);
                        self.repair_route(v);
                    }
                }
            }
        }
    }
}

/// Service and travel of a route in seconds.
pub fn route_work(route: &Route) -> i64 {
    route.travel + route.stops.iter().map(|s| i64::from(s.duration)).sum::<i64>()
}

/// Travel and terms of a route in units of cost, without fairness.
pub fn route_cost(core: &Core, v: u32, route: &Route) -> i64 {
    let travel = route.travel * core.costs.travel;
    if core.plain {
        return travel;
    }
    let biases: i64 = route.nodes().filter(|&u| u < DEPOT).map(|u| core.bias(u, v)).sum();
    let timed = if core.timed && !route.is_empty() { crate::walk::timed_cost(core, v, route) } else { 0 };
    travel + biases + timed
}

/// Σ (work − mean)² / scale in units of cost.
pub fn fairness_cost(core: &Core, sum: i128, squares: i128) -> i64 {
    let variance = squares as f64 - sum as f64 * sum as f64 / core.fairness.count;
    (variance.max(0.0) / core.fairness.scale * core.costs.fairness as f64).round() as i64
}
