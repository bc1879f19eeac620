//! Jobs that need more than one free place: several people at once, or a part from a depot on the way.

use crate::{
    model::NONE,
    recreate::{Inserter, NO_PLACE},
    route::{DEPOT, Route, Stale, Stop, retime, start_at, stop_for},
    schedule::NEVER,
    search::{Search, Slot},
    travel::Metric,
};

/// Starts that are tried for a job of several people.
const STARTS_TRIED: usize = 24;

impl<M: Metric> Search<'_, M> {
    /// Puts all members of the group of `u` in at one start, or none.
    pub fn insert_group(&mut self, _tools: &mut Inserter, u: u32) {
        let core = self.core;
        let members = &core.groups[core.group[u as usize] as usize];
        if members.iter().any(|&m| self.at[m as usize] != NONE) {
            return;
        }
        let mut times = self.starts_for_group(members);
        times.truncate(STARTS_TRIED);
        let mut best: Option<(i64, i32, Vec<Slot>)> = None;
        for start in times {
            if let Some((cost, slots)) = self.crew_at(members, start, best.as_ref().map_or(i64::MAX, |b| b.0))
            {
                best = Some((cost, start, slots));
            }
        }
        let most = members.iter().map(|&m| self.most_it_may_cost(m).cost).fold(0i64, i64::saturating_add);
        let Some((cost, start, slots)) = best else { return };
        if core.costs.unassigned.is_some() && cost >= most {
            return;
        }
        for (&m, slot) in members.iter().zip(&slots) {
            let mut stop = stop_for(core, m);
            (stop.open, stop.close) = (start, start);
            self.put(slot.vehicle, slot.after as usize, stop);
        }
    }

    /// Starts worth trying: when each able route could be there first, and when windows open.
    fn starts_for_group(&mut self, members: &[u32]) -> Vec<i32> {
        let core = self.core;
        let mut times = Vec::new();
        let mut first: Option<i32> = None;
        for &m in members {
            let stop = stop_for(core, m);
            let class = &core.classes[core.class[m as usize] as usize];
            for &v in &class.direct {
                let route = &self.routes[v as usize];
                for i in 0..route.stops.len() - 1 {
                    let there = self.metric.time(route.stops[i].place, stop.place);
                    let start = start_at(core, &stop, route.stops[i].early + there);
                    if start != NEVER {
                        times.push(start);
                        first = Some(first.map_or(start, |f| f.min(start)));
                    }
                    // With a break before it.
                    for pause in &core.vehicles[v as usize].breaks {
                        let ready =
                            crate::schedule::reach(route.stops[i].early, there, std::slice::from_ref(pause));
                        let start = if ready == NEVER { NEVER } else { start_at(core, &stop, ready) };
                        if start != NEVER {
                            times.push(start);
                        }
                    }
                }
            }
        }
        times.sort_unstable();
        times.dedup();
        // A random selection, so that repeated calls try them all; the first one always.
        for k in (1..times.len()).rev() {
            let other = self.rng.below(k + 1);
            times.swap(k, other);
        }
        if let Some(first) = first {
            times.insert(0, first);
        }
        times
    }

    /// Cheapest different engineers for all members at a start; `None` if impossible or not below `limit`.
    fn crew_at(&self, members: &[u32], start: i32, limit: i64) -> Option<(i64, Vec<Slot>)> {
        let core = self.core;
        let mut slots: Vec<Slot> = vec![Slot::NOWHERE; members.len()];
        let mut used: Vec<u32> = Vec::with_capacity(members.len());
        let mut total = 0i64;
        // The one with the fewest able engineers chooses first.
        let mut order: Vec<usize> = (0..members.len()).collect();
        order.sort_by_key(|&k| core.classes[core.class[members[k] as usize] as usize].direct.len());
        for k in order {
            let m = members[k];
            let mut stop = stop_for(core, m);
            if !core.windows[m as usize].is_empty() && start_at(core, &stop, start) != start {
                return None;
            }
            (stop.open, stop.close) = (start, start);
            let mut best = Slot::NOWHERE;
            for &v in &core.classes[core.class[m as usize] as usize].direct {
                if used.contains(&core.vehicles[v as usize].engineer) {
                    continue;
                }
                let slot = self.cheapest_in(v, m, &stop);
                if slot.cost < best.cost {
                    best = slot;
                }
            }
            if best.vehicle == NONE {
                return None;
            }
            used.push(core.vehicles[best.vehicle as usize].engineer);
            total = total.saturating_add(best.cost);
            if total >= limit {
                return None;
            }
            slots[k] = best;
        }
        Some((total, slots))
    }

    /// Cheapest place in one route for a stop with given times.
    pub fn cheapest_in(&self, v: u32, u: u32, stop: &Stop) -> Slot {
        let demand = self.core.demand[u as usize];
        if demand > 0 && demand > self.heads[v as usize].room {
            return Slot::NOWHERE;
        }
        self.scan(&mut Route::default(), v, u, stop, i64::MAX, NO_PLACE)
    }

    /// Puts `u` into a route whose van lacks a part, with a visit to a depot before it where one is needed.
    pub fn insert_with_pickup(&mut self, u: u32, everywhere: bool) {
        let core = self.core;
        let class = &core.classes[core.class[u as usize] as usize];
        let mut best: Option<(i64, u32, Route)> = None;
        let most = self.most_it_may_cost(u).cost;
        for &v in &class.pickup {
            let touched = self.touched_in[v as usize] == self.now;
            if !everywhere && !touched {
                continue;
            }
            if core.demand[u as usize] > core.vehicles[v as usize].capacity - self.routes[v as usize].load {
                continue;
            }
            let limit = best.as_ref().map_or(most, |b| b.0);
            if let Some((cost, route)) = self.pickup_in(v, u, limit) {
                best = Some((cost, v, route));
            }
        }
        if let Some((_, v, route)) = best {
            self.replace_route(v, route, u);
        }
    }

    /// Cheapest way to serve `u` in `v` with a pick-up, below `limit`: its cost and the whole new route.
    pub fn pickup_in(&self, v: u32, u: u32, limit: i64) -> Option<(i64, Route)> {
        let core = self.core;
        let route = &self.routes[v as usize];
        let van = &core.vehicles[v as usize];
        let needed = &core.classes[core.class[u as usize] as usize].parts;
        let missing: Vec<u32> =
            needed.iter().copied().filter(|p| van.parts.binary_search(p).is_err()).collect();
        let stop = stop_for(core, u);
        let has_all = |d: usize| missing.iter().all(|p| core.depots[d].parts.binary_search(p).is_ok());
        let mut best: Option<(i64, Route)> = None;
        let mut scratch = Route::default();
        let mut consider = |depot: Option<(usize, usize)>, after: usize| {
            scratch.copy_from(route);
            scratch.stops.insert(after + 1, stop);
            if let Some((d, before)) = depot {
                scratch.stops.insert(before + 1, stop_for(core, DEPOT + d as u32));
            }
            let bound = best.as_ref().map_or(limit, |b| b.0);
            if !retime(core, self.metric, v, &mut scratch) {
                return;
            }
            scratch.cost = crate::search::route_cost(core, v, &scratch);
            let mut cost = scratch.cost - route.cost;
            if core.costs.fairness > 0 {
                cost += self.fairness_change(
                    v,
                    crate::search::route_work(&scratch) - crate::search::route_work(route),
                );
            }
            if cost < bound {
                best = Some((cost, scratch.clone()));
            }
        };
        let visits = route.stops.len() - 1;
        let first_pickup = route.stops.iter().position(|s| {
            s.node >= DEPOT && s.node != crate::route::EDGE && has_all((s.node - DEPOT) as usize)
        });
        if let Some(first) = first_pickup {
            for after in first..visits {
                consider(None, after);
            }
        }
        for d in (0..core.depots.len()).filter(|&d| has_all(d)) {
            for after in 0..visits {
                for before in 0..=after {
                    consider(Some((d, before)), after);
                }
            }
        }
        best
    }

    /// Replaces a route by one that has `u` in addition (and perhaps a pick-up).
    fn replace_route(&mut self, v: u32, route: Route, u: u32) {
        self.touch(v);
        let old = &self.routes[v as usize];
        let (cost, work, used) = (old.cost, old.work, old.used);
        self.routes[v as usize] = Route { cost, work, used, stale: Stale::All, ..route };
        self.move_node(u, v);
        self.repair_route(v);
    }

    /// Takes out pick-ups that serve nothing, and jobs whose part is no longer picked up before them.
    pub fn tidy_pickups(&mut self, v: u32) {
        let core = self.core;
        let van = &core.vehicles[v as usize];
        let mut i = self.routes[v as usize].stops.len() - 2;
        while i >= 1 {
            let stops = &self.routes[v as usize].stops;
            let node = stops[i].node;
            if node >= DEPOT {
                let earlier: Vec<u32> = stops[1..i].iter().map(|s| s.node).filter(|&n| n >= DEPOT).collect();
                let useful = stops[i + 1..].iter().filter(|s| s.node < DEPOT).any(|s| {
                    let parts = &core.classes[core.class[s.node as usize] as usize].parts;
                    let missing = |p: &&u32| van.parts.binary_search(p).is_err();
                    let has = |d: u32| {
                        let depot = &core.depots[(d - DEPOT) as usize];
                        parts.iter().filter(missing).all(|p| depot.parts.binary_search(p).is_ok())
                    };
                    parts.iter().any(|p| missing(&p)) && has(node) && !earlier.iter().any(|&d| has(d))
                });
                if !useful {
                    self.cut(v, i, i + 1);
                }
            } else {
                let parts = &core.classes[core.class[node as usize] as usize].parts;
                let missing = |p: &&u32| van.parts.binary_search(p).is_err();
                let served = !parts.iter().any(|p| missing(&p))
                    || stops[1..i].iter().filter(|s| s.node >= DEPOT).any(|s| {
                        let depot = &core.depots[(s.node - DEPOT) as usize];
                        parts.iter().filter(missing).all(|p| depot.parts.binary_search(p).is_ok())
                    });
                if !served {
                    self.cut(v, i, i + 1);
                }
            }
            i -= 1;
        }
    }
}
