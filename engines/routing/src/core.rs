//! The part of a problem that one search works on: flat arrays with local numbers.

use std::collections::HashMap;

use crate::{
    model::{Bits, Costs, DepotM, Model, NONE, Pause},
    travel::{Metric, NOWHERE, Table},
};

/// One search's view of the problem. Jobs, vehicles and places have numbers of their own, 0, 1, 2 …
pub struct Core {
    pub place: Vec<u32>,
    pub duration: Vec<i32>,
    /// Earliest and latest start over all windows.
    pub hull: Vec<(i32, i32)>,
    /// All windows where there are several, else empty.
    pub windows: Vec<Vec<(i32, i32)>>,
    pub any_multi: bool,
    pub demand: Vec<i64>,
    pub priority: Vec<i64>,
    pub pinned: Vec<bool>,
    /// Stays where it is in this search.
    pub locked: Vec<bool>,
    pub any_locked: bool,
    pub class: Vec<u32>,
    pub group: Vec<u32>,
    pub groups: Vec<Vec<u32>>,
    pub deadline: Vec<i32>,
    /// Number of the node in the model.
    pub node: Vec<u32>,
    pub vehicles: Vec<Van>,
    /// Number of vehicles' kinds: vehicles of one kind are interchangeable while empty.
    pub kinds: usize,
    pub classes: Vec<ClassC>,
    pub depots: Vec<DepotC>,
    pub costs: Costs,
    pub plain: bool,
    pub timed: bool,
    /// Per node, engineers without the price of `preferred`, when the term counts.
    pub prefer: Vec<Vec<u32>>,
    /// Per node, who came when before, when the term counts.
    pub before: Vec<Vec<(u32, i32)>>,
    /// Nodes by distance, `reach` per node.
    pub near: Vec<u32>,
    /// Nodes by how well they follow each other in space and time, likewise.
    pub next: Vec<u32>,
    pub reach: usize,
    pub fairness: Fairness,
}

/// A route's owner.
#[derive(Debug, Clone)]
pub struct Van {
    pub from: i32,
    pub due: i32,
    pub to: i32,
    pub start: u32,
    pub end: u32,
    pub capacity: i64,
    pub breaks: Vec<Pause>,
    /// Number of the engineer in the model.
    pub engineer: u32,
    /// Number of the vehicle in the model.
    pub vehicle: u32,
    pub kind: u32,
    pub parts: Vec<u32>,
    /// Something has begun: the way home counts even without further visits.
    pub under_way: bool,
}

/// Who can do a kind of job.
#[derive(Debug, Clone)]
pub struct ClassC {
    /// Vehicles with everything on board, ascending.
    pub direct: Vec<u32>,
    /// Vehicles that must pick something up first.
    pub pickup: Vec<u32>,
    pub direct_bits: Bits,
    /// Kinds of vehicles among `direct`.
    pub kinds: usize,
    /// Parts the job needs.
    pub parts: Vec<u32>,
}

/// A depot with a local place.
#[derive(Debug, Clone)]
pub struct DepotC {
    pub place: u32,
    pub duration: i32,
    pub hull: (i32, i32),
    pub windows: Vec<(i32, i32)>,
    pub parts: Vec<u32>,
}

/// What the fairness term needs to know.
#[derive(Debug, Clone, Default)]
pub struct Fairness {
    /// Engineers over whom work is spread.
    pub count: f64,
    /// Scale in seconds.
    pub scale: f64,
    /// Work of engineers outside this search or before it, by engineer of the model; sums are kept by the search.
    pub base: Vec<i64>,
}

/// Which nodes and vehicles of the model a search gets.
pub struct Cut {
    pub nodes: Vec<u32>,
    pub vehicles: Vec<u32>,
    /// Nodes (of the model) that must stay where they are.
    pub locked: Vec<u32>,
}

impl Cut {
    /// Everything.
    pub fn whole(model: &Model) -> Self {
        Self {
            nodes: (0..model.nodes.len() as u32).collect(),
            vehicles: (0..model.vehicles.len() as u32).collect(),
            locked: Vec::new(),
        }
    }
}

/// Local numbers for the places of a cut.
struct Places {
    number: HashMap<u32, u32>,
    list: Vec<u32>,
}

impl Places {
    fn of(&mut self, place: u32) -> u32 {
        if place == NOWHERE {
            return NOWHERE;
        }
        let next = self.list.len() as u32;
        *self.number.entry(place).or_insert_with(|| {
            self.list.push(place);
            next
        })
    }
}

impl Core {
    /// A search over a table of all times of the cut: quick, memory quadratic in its places.
    pub fn with_table(model: &Model, cut: &Cut, reach: usize) -> (Self, Table) {
        let mut places = Places { number: HashMap::new(), list: Vec::new() };
        let mut core = build(model, cut, |place| places.of(place));
        let table = Table::new(&model.fly, &places.list);
        for van in &mut core.vehicles {
            for end in [&mut van.start, &mut van.end] {
                if *end == NOWHERE {
                    *end = table.nowhere();
                }
            }
        }
        core.sort_kinds();
        core.find_near(&table, reach);
        (core, table)
    }

    /// A view of the whole model for times that are computed on the fly: memory linear in jobs.
    pub fn on_the_fly(model: &Model) -> Self {
        build(model, &Cut::whole(model), |place| place)
    }
}

fn build(model: &Model, cut: &Cut, mut place: impl FnMut(u32) -> u32) -> Core {
    let costs = model.costs;
    let nodes: Vec<&crate::model::Node> = cut.nodes.iter().map(|&n| &model.nodes[n as usize]).collect();
    let mut class_number: HashMap<u32, u32> = HashMap::new();
    let mut class_list: Vec<u32> = Vec::new();
    let class: Vec<u32> = nodes
        .iter()
        .map(|n| {
            *class_number.entry(n.class).or_insert_with(|| {
                class_list.push(n.class);
                class_list.len() as u32 - 1
            })
        })
        .collect();
    let classes: Vec<ClassC> = class_list.iter().map(|&c| class_of(model, cut, c)).collect();
    let (group, groups) = local_groups(model, cut);
    let hull = |windows: &[(i32, i32)]| match (windows.first(), windows.last()) {
        (Some(first), Some(last)) => (first.0, last.1),
        // No start is possible: an empty interval.
        _ => (1, 0),
    };
    let several = |windows: &Vec<(i32, i32)>| if windows.len() > 1 { windows.clone() } else { Vec::new() };
    let mut locked = vec![false; nodes.len()];
    if !cut.locked.is_empty() {
        let number: HashMap<u32, usize> = cut.nodes.iter().enumerate().map(|(i, &n)| (n, i)).collect();
        for n in &cut.locked {
            if let Some(&i) = number.get(n) {
                locked[i] = true;
            }
        }
    }
    let mut core = Core {
        place: nodes.iter().map(|n| place(n.place)).collect(),
        duration: nodes.iter().map(|n| n.duration).collect(),
        hull: nodes.iter().map(|n| hull(&n.windows)).collect(),
        windows: nodes.iter().map(|n| several(&n.windows)).collect(),
        any_multi: nodes.iter().any(|n| n.windows.len() > 1)
            || model.depots.iter().any(|d| d.windows.len() > 1),
        demand: nodes.iter().map(|n| n.demand).collect(),
        priority: nodes.iter().map(|n| n.priority).collect(),
        pinned: nodes.iter().map(|n| n.pinned).collect(),
        any_locked: !cut.locked.is_empty(),
        locked,
        class,
        group,
        groups,
        deadline: nodes.iter().map(|n| n.deadline).collect(),
        node: cut.nodes.clone(),
        vehicles: Vec::new(),
        kinds: cut.vehicles.len(),
        classes,
        depots: model.depots.iter().map(|d| depot(d, &mut place)).collect(),
        costs,
        plain: costs.plain(),
        timed: costs.timed(),
        prefer: if costs.preferred > 0 {
            nodes.iter().map(|n| model.prefer[n.job as usize].clone()).collect()
        } else {
            Vec::new()
        },
        before: if costs.stability > 0 || costs.moved > 0 {
            nodes.iter().map(|n| model.before[n.job as usize].clone()).collect()
        } else {
            Vec::new()
        },
        near: Vec::new(),
        next: Vec::new(),
        reach: 0,
        fairness: Fairness {
            count: f64::from(model.engineers_present.max(1)),
            scale: model.mean_shift,
            base: if costs.fairness > 0 { vec![0; model.problem.engineers.len()] } else { Vec::new() },
        },
    };
    core.vehicles = cut
        .vehicles
        .iter()
        .enumerate()
        .map(|(kind, &v)| {
            let vehicle = &model.vehicles[v as usize];
            Van {
                from: vehicle.from,
                due: vehicle.due,
                to: vehicle.to,
                start: place(vehicle.start),
                end: place(vehicle.end),
                capacity: vehicle.capacity,
                breaks: vehicle.breaks.clone(),
                engineer: vehicle.engineer,
                vehicle: v,
                kind: kind as u32,
                parts: vehicle.parts.clone(),
                under_way: !vehicle.begun.is_empty(),
            }
        })
        .collect();
    core
}

fn depot(d: &DepotM, place: &mut impl FnMut(u32) -> u32) -> DepotC {
    DepotC {
        place: place(d.place),
        duration: d.duration,
        hull: (d.windows[0].0, d.windows[d.windows.len() - 1].1),
        windows: if d.windows.len() > 1 { d.windows.clone() } else { Vec::new() },
        parts: d.parts.clone(),
    }
}

fn class_of(model: &Model, cut: &Cut, class: u32) -> ClassC {
    let class = &model.classes[class as usize];
    let mut out = ClassC {
        direct: Vec::new(),
        pickup: Vec::new(),
        direct_bits: Bits::new(cut.vehicles.len()),
        kinds: 0,
        parts: class.key.parts.clone(),
    };
    for (local, &v) in cut.vehicles.iter().enumerate() {
        if class.direct.has(v as usize) {
            out.kinds += 1;
            out.direct.push(local as u32);
            out.direct_bits.set(local);
        } else if class.pickup.has(v as usize) {
            out.pickup.push(local as u32);
        }
    }
    out
}

/// Groups whose members are all in the cut; others are locked anyway.
fn local_groups(model: &Model, cut: &Cut) -> (Vec<u32>, Vec<Vec<u32>>) {
    let mut group = vec![NONE; cut.nodes.len()];
    let mut groups = Vec::new();
    if model.groups.is_empty() {
        return (group, groups);
    }
    let mut members: HashMap<u32, Vec<u32>> = HashMap::new();
    for (local, &n) in cut.nodes.iter().enumerate() {
        let g = model.nodes[n as usize].group;
        if g != NONE {
            members.entry(g).or_default().push(local as u32);
        }
    }
    let mut found: Vec<(u32, Vec<u32>)> = members.into_iter().collect();
    found.sort_by_key(|f| f.0);
    for (g, list) in found {
        if list.len() == model.groups[g as usize].len() {
            for &n in &list {
                group[n as usize] = groups.len() as u32;
            }
            groups.push(list);
        }
    }
    (group, groups)
}

impl Core {
    /// Finds vehicles that cannot be told apart while they are empty.
    fn sort_kinds(&mut self) {
        let mut kinds: HashMap<
            (i32, i32, i32, u32, u32, i64, Vec<Pause>, Vec<u32>, Vec<u8>, u32, bool),
            u32,
        > = HashMap::new();
        for v in 0..self.vehicles.len() {
            let can: Vec<u8> = self
                .classes
                .iter()
                .map(|c| {
                    u8::from(c.direct_bits.has(v)) + 2 * u8::from(c.pickup.binary_search(&(v as u32)).is_ok())
                })
                .collect();
            let van = &self.vehicles[v];
            let person = if self.plain { 0 } else { van.engineer };
            let parts = if self.depots.is_empty() { Vec::new() } else { van.parts.clone() };
            let key = (
                van.from,
                van.due,
                van.to,
                van.start,
                van.end,
                van.capacity,
                van.breaks.clone(),
                parts,
                can,
                person,
                van.under_way,
            );
            let next = kinds.len() as u32;
            self.vehicles[v].kind = *kinds.entry(key).or_insert(next);
        }
        self.kinds = kinds.len();
        for class in &mut self.classes {
            let mut own: Vec<u32> = class.direct.iter().map(|&v| self.vehicles[v as usize].kind).collect();
            own.sort_unstable();
            own.dedup();
            class.kinds = own.len();
        }
    }

    /// No jobs.
    pub fn is_empty(&self) -> bool {
        self.place.is_empty()
    }

    /// Number of jobs (of one person each).
    pub fn len(&self) -> usize {
        self.place.len()
    }

    /// The nearest other nodes of each node, at most `reach`.
    fn find_near<M: Metric>(&mut self, metric: &M, reach: usize) {
        let n = self.len();
        self.reach = reach.min(n.saturating_sub(1));
        if self.reach == 0 {
            return;
        }
        let mut order: Vec<(i64, u32)> = Vec::with_capacity(n);
        let mut nearest = |by: &dyn Fn(usize, usize) -> i64, list: &mut Vec<u32>| {
            list.reserve_exact(n * self.reach);
            for a in 0..n {
                order.clear();
                order.extend((0..n).filter(|&b| b != a).map(|b| (by(a, b), b as u32)));
                if self.reach < order.len() {
                    order.select_nth_unstable(self.reach - 1);
                    order.truncate(self.reach);
                }
                order.sort_unstable();
                list.extend(order.iter().map(|o| o.1));
            }
        };
        let time = |a: usize, b: usize| i64::from(metric.time(self.place[a], self.place[b]));
        let (mut near, mut next) = (Vec::new(), Vec::new());
        nearest(&|a, b| time(a, b) + time(b, a), &mut near);
        // Travel, some of the waiting, and all of the lateness that going straight there means at best
        // (proximity as in Vidal et al. 2013).
        let after = |a: usize, b: usize| {
            let (a_hull, b_hull, travel) = (self.hull[a], self.hull[b], time(a, b));
            let way = i64::from(self.duration[a]) + travel;
            let wait = (i64::from(b_hull.0) - i64::from(a_hull.1) - way).max(0);
            let late = (i64::from(a_hull.0) + way - i64::from(b_hull.1)).max(0);
            travel + wait / 5 + late
        };
        nearest(&|a, b| after(a, b).min(after(b, a)), &mut next);
        (self.near, self.next) = (near, next);
    }

    /// Nearest nodes of `a`, nearest first.
    #[inline]
    pub fn near(&self, a: u32) -> &[u32] {
        &self.near[a as usize * self.reach..(a as usize + 1) * self.reach]
    }

    /// Nodes that go best before or after `a` in one route, best first.
    #[inline]
    pub fn next(&self, a: u32) -> &[u32] {
        &self.next[a as usize * self.reach..(a as usize + 1) * self.reach]
    }

    /// Price of node `u` with vehicle `v` that depends on nothing else, in units of cost.
    #[inline]
    pub fn bias(&self, u: u32, v: u32) -> i64 {
        if self.prefer.is_empty() && self.before.is_empty() {
            return 0;
        }
        let engineer = self.vehicles[v as usize].engineer;
        let mut price = 0;
        if let Some(prefer) = self.prefer.get(u as usize)
            && !prefer.is_empty()
            && prefer.binary_search(&engineer).is_err()
        {
            price += self.costs.preferred;
        }
        if let Some(before) = self.before.get(u as usize)
            && !before.is_empty()
            && before.iter().all(|b| b.0 != engineer)
        {
            price += self.costs.stability;
        }
        price
    }
}
