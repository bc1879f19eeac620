//! One more job into a plan: every engineer's cheapest place, who cannot and why, and what bumping would give.

use crate::{
    model::{Model, NONE},
    recreate::NO_PLACE,
    route::{DEPOT, Route, Stop, retime, stop_for},
    search::{Search, Slot},
    travel::Metric,
};

/// An engineer who could take the job, with his cheapest place for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Offer {
    /// Added cost in units of cost (travel seconds for the default objective).
    pub cost: i64,
    /// Added travel in seconds.
    pub travel: i64,
    pub vehicle: u32,
    /// After this stop of the route (0: first).
    pub after: u32,
    /// Needs a visit to a depot before it.
    pub pickup: bool,
}

/// Why a vehicle is out, as a code that costs nothing; [`crate::reasons`] has the full story.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Out {
    /// Skill, grade, certificate, area, exclusion, pin or part.
    Rule,
    /// Van too small or full.
    Capacity,
    /// No window meets the shift.
    Calendar,
    /// Windows and the other visits leave no room, or it is too far.
    Room,
}

/// Everybody's answer to a job.
#[derive(Debug, Clone, Default)]
pub struct Ranking {
    /// Cheapest first.
    pub offers: Vec<Offer>,
    /// Everybody else.
    pub refused: Vec<(u32, Out)>,
}

/// Asks every vehicle for its cheapest place for node `u` (one person, absent).
pub fn rank<M: Metric>(model: &Model, search: &Search<'_, M>, u: u32) -> Ranking {
    rank_at(model, search, u, &stop_for(search.core, u))
}

/// The same with other times than the job's own (see [`crate::windows`]).
pub fn rank_at<M: Metric>(model: &Model, search: &Search<'_, M>, u: u32, stop: &Stop) -> Ranking {
    let class = &model.classes[model.nodes[u as usize].class as usize];
    let demand = model.nodes[u as usize].demand;
    let mut out =
        Ranking { offers: Vec::with_capacity(64), refused: Vec::with_capacity(model.vehicles.len()) };
    for v in 0..model.vehicles.len() as u32 {
        let direct = class.direct.has(v as usize);
        if !direct && !class.pickup.has(v as usize) {
            out.refused.push((v, Out::Rule));
            continue;
        }
        let van = &search.core.vehicles[v as usize];
        if demand > 0 && demand > van.capacity - search.routes[v as usize].load {
            out.refused.push((v, Out::Capacity));
            continue;
        }
        if stop.close < van.from || stop.open > van.to {
            out.refused.push((v, Out::Calendar));
            continue;
        }
        let found = if direct {
            let slot = search.cheapest_in(v, u, stop);
            (slot.vehicle != NONE).then(|| offer(search, stop, slot))
        } else {
            search.pickup_in(v, u, i64::MAX).map(|(cost, route)| Offer {
                cost,
                travel: route.travel - search.routes[v as usize].travel,
                vehicle: v,
                after: 0,
                pickup: true,
            })
        };
        match found {
            Some(offer) => out.offers.push(offer),
            None => out.refused.push((v, Out::Room)),
        }
    }
    out.offers.sort_unstable_by_key(|o| (o.cost, o.vehicle));
    out
}

/// Cheapest place for node `u` below `limit` among vehicles that have everything on board.
pub fn cheapest<M: Metric>(search: &Search<'_, M>, u: u32, limit: i64) -> Slot {
    let core = search.core;
    let stop = stop_for(core, u);
    let demand = core.demand[u as usize];
    let mut scratch = Route::default();
    let mut best = Slot { cost: limit, ..Slot::NOWHERE };
    for &v in &core.classes[core.class[u as usize] as usize].direct {
        let van = &core.vehicles[v as usize];
        let full = demand > 0 && demand > search.heads[v as usize].room;
        if full || stop.close < van.from || stop.open > van.to {
            continue;
        }
        let slot = search.scan(&mut scratch, v, u, &stop, best.cost, NO_PLACE);
        if slot.vehicle != NONE {
            best = slot;
        }
    }
    if best.vehicle == NONE { Slot::NOWHERE } else { best }
}

fn offer<M: Metric>(search: &Search<'_, M>, stop: &Stop, slot: Slot) -> Offer {
    let route = &search.routes[slot.vehicle as usize];
    let (a, b) = (&route.stops[slot.after as usize], &route.stops[slot.after as usize + 1]);
    let there = search.metric.time(a.place, stop.place);
    let back = search.metric.time(stop.place, b.place);
    Offer {
        cost: slot.cost,
        travel: i64::from(there) + i64::from(back) - i64::from(a.leg),
        vehicle: slot.vehicle,
        after: slot.after,
        pickup: false,
    }
}

/// A job makes room for another and gets a new place itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bump {
    /// Added cost of both moves.
    pub cost: i64,
    /// Where the new job goes.
    pub vehicle: u32,
    /// After this stop, counted without the bumped one.
    pub after: u32,
    /// Node that is bumped.
    pub bumped: u32,
    /// Its new place; `vehicle` is [`NONE`] when it is left out.
    pub home: Slot,
}

/// Bumps worth re-homing.
const BUMPS_TRIED: usize = 12;

/// Best way to take `u` by moving one other visit. A visit is left out only if its priority is lower than
/// that of `u`, and only if it cannot be re-homed.
pub fn bump<M: Metric>(model: &Model, search: &mut Search<'_, M>, u: u32) -> Option<Bump> {
    let core = search.core;
    let stop = stop_for(core, u);
    let class = &model.classes[model.nodes[u as usize].class as usize];
    let mut found: Vec<(i64, u32, u32, usize)> = Vec::new();
    let mut without = Route::default();
    for &v in &core.classes[core.class[u as usize] as usize].direct {
        let van = &core.vehicles[v as usize];
        if stop.close < van.from || stop.open > van.to || !class.direct.has(v as usize) {
            continue;
        }
        let route = &search.routes[v as usize];
        for i in 1..route.stops.len() - 1 {
            let other = route.stops[i].node;
            if other >= DEPOT || core.locked[other as usize] || core.pinned[other as usize] {
                continue;
            }
            // Only visits near in time can make room.
            if route.stops[i - 1].early > stop.close || route.stops[i + 1].late < stop.open {
                continue;
            }
            if core.group[other as usize] != NONE || has_depot(route) {
                continue;
            }
            without.copy_from(route);
            without.stops.remove(i);
            if !retime(core, search.metric, v, &mut without) {
                continue;
            }
            let saved = route.travel - without.travel;
            let there = |i: usize| {
                let (a, b) = (&without.stops[i], &without.stops[i + 1]);
                let there = search.metric.time(a.place, stop.place);
                let back = search.metric.time(stop.place, b.place);
                (there, back, i64::from(there) + i64::from(back) - i64::from(a.leg))
            };
            let mut best: Option<(i64, usize)> = None;
            for k in i.saturating_sub(2)..(i + 1).min(without.stops.len() - 1) {
                let (to, back, more) = there(k);
                if best.is_none_or(|b| more < b.0)
                    && crate::route::fits(core, v, &without, k, &stop, to, back)
                {
                    best = Some((more, k));
                }
            }
            if let Some((more, k)) = best {
                found.push(((more - saved) * core.costs.travel, v, i as u32, k));
            }
        }
    }
    found.sort_unstable();
    rehome(model, search, u, &found)
}

fn has_depot(route: &Route) -> bool {
    route.stops[1..route.stops.len() - 1].iter().any(|s| s.node >= DEPOT)
}

/// Tries the cheapest candidates: the bumped visit looks for a new place in the plan with `u` in it.
fn rehome<M: Metric>(
    model: &Model,
    search: &mut Search<'_, M>,
    u: u32,
    found: &[(i64, u32, u32, usize)],
) -> Option<Bump> {
    let mut best: Option<(i64, Bump)> = None;
    for &(cost, v, i, k) in found.iter().take(BUMPS_TRIED) {
        if best.as_ref().is_some_and(|b| cost >= b.0) {
            break;
        }
        search.begin();
        search.touch(v);
        let other = search.routes[v as usize].stops[i as usize].node;
        search.cut(v, i as usize, i as usize + 1);
        if search.repair_route(v) {
            let stop = stop_for(search.core, u);
            search.put(v, k, stop);
            let slot = cheapest(search, other, i64::MAX);
            let (priority, own) = (model.nodes[other as usize].priority, model.nodes[u as usize].priority);
            let bump =
                |home: Slot, cost: i64| Bump { cost, vehicle: v, after: k as u32, bumped: other, home };
            let candidate = if slot.vehicle != NONE {
                Some((cost + slot.cost, bump(slot, cost + slot.cost)))
            } else if priority < own {
                // Left out: worse than any journey.
                Some((i64::MAX / 2 + priority, bump(Slot::NOWHERE, cost)))
            } else {
                None
            };
            if let Some(candidate) = candidate
                && best.as_ref().is_none_or(|b| candidate.0 < b.0)
            {
                best = Some(candidate);
            }
        }
        search.take_back();
    }
    best.map(|b| b.1)
}

impl<M: Metric> Search<'_, M> {
    /// Carries out an offer.
    pub fn accept(&mut self, u: u32, offer: &Offer) {
        self.begin();
        if offer.pickup {
            self.insert_with_pickup(u, true);
        } else {
            let stop = stop_for(self.core, u);
            self.put(offer.vehicle, offer.after as usize, stop);
        }
        self.sweep_absent();
    }

    /// Puts `u` where it was found to fit.
    pub fn accept_slot(&mut self, u: u32, slot: Slot) {
        self.begin();
        let stop = stop_for(self.core, u);
        self.put(slot.vehicle, slot.after as usize, stop);
        self.sweep_absent();
    }

    /// Carries out a bump.
    pub fn accept_bump(&mut self, u: u32, bump: &Bump) {
        self.begin();
        self.touch(bump.vehicle);
        let at = self.routes[bump.vehicle as usize].stops.iter().position(|s| s.node == bump.bumped);
        let Some(i) = at else { return };
        self.cut(bump.vehicle, i, i + 1);
        self.repair_route(bump.vehicle);
        let stop = stop_for(self.core, u);
        self.put(bump.vehicle, bump.after as usize, stop);
        if bump.home.vehicle != NONE {
            let stop = stop_for(self.core, bump.bumped);
            self.put(bump.home.vehicle, bump.home.after as usize, stop);
        }
        self.sweep_absent();
    }
}
