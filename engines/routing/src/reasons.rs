//! Why this engineer cannot take a job: the first obstacle on the way from skills to the day's timetable.

use crate::{
    model::{Model, NONE},
    route::{DEPOT, Route, Stop, start_at, stop_for},
    schedule::{NEVER, reach},
    search::Search,
    travel::Metric,
    words::Reason,
};

/// Why the shift `v` cannot take node `u`, plan disregarded; `None` if an empty day could.
pub fn refusal_by_rule<M: Metric>(model: &Model, search: &Search<'_, M>, u: u32, v: u32) -> Option<Reason> {
    let vehicle = &model.vehicles[v as usize];
    let node = &model.nodes[u as usize];
    let class = &model.classes[node.class as usize];
    let name = |engineer: u32| model.problem.engineers[engineer as usize].id.clone();
    if let Some(only) = class.key.only.filter(|&only| only != vehicle.engineer) {
        return Some(Reason::PinnedToOther { engineer: name(only) });
    }
    if class.key.exclude.contains(&vehicle.engineer) {
        return Some(Reason::Excluded);
    }
    for &(skill, needed) in &class.key.skills {
        let label = model.skill_names[skill as usize].clone();
        match model.grades[vehicle.engineer as usize].get(&skill) {
            None => return Some(Reason::SkillMissing { skill: label, needed }),
            Some(&(has, _)) if has < needed => {
                return Some(Reason::GradeTooLow { skill: label, needed, has });
            }
            Some(&(_, until)) if until < i64::from(vehicle.to) => {
                return Some(Reason::CertificateExpired { skill: label, until });
            }
            Some(_) => {}
        }
    }
    if !class.direct.has(v as usize) && !class.pickup.has(v as usize) {
        let missing = class.key.parts.iter().find(|p| vehicle.parts.binary_search(p).is_err());
        return Some(match (missing, &class.key.area) {
            (Some(&part), _) if areas_fit(model, vehicle.engineer, class.key.area) => {
                Reason::PartMissing { part: model.part_names[part as usize].clone() }
            }
            (_, Some(area)) => Reason::OtherArea { area: model.area_names[*area as usize].clone() },
            _ => Reason::Excluded,
        });
    }
    if node.demand > vehicle.capacity {
        return Some(Reason::CapacityTooSmall { needed: node.demand, has: vehicle.capacity });
    }
    refusal_by_calendar(model, search, u, v)
}

fn areas_fit(model: &Model, engineer: u32, area: Option<u32>) -> bool {
    let own = &model.problem.engineers[engineer as usize].areas;
    area.is_none_or(|a| own.is_empty() || own.iter().any(|o| *o == model.area_names[a as usize]))
}

fn refusal_by_calendar<M: Metric>(model: &Model, search: &Search<'_, M>, u: u32, v: u32) -> Option<Reason> {
    let vehicle = &model.vehicles[v as usize];
    let node = &model.nodes[u as usize];
    if node.windows.is_empty() {
        return Some(Reason::NoWindow);
    }
    if node.windows.iter().all(|w| w.1 < vehicle.from || w.0 > vehicle.to) {
        return Some(Reason::NotWorking);
    }
    let empty = Route { stops: crate::route::edges(search.core, v).to_vec(), ..Route::default() };
    let stop = stop_for(search.core, u);
    let late_by = shortest_delay(search, v, &empty, &stop)?;
    if late_by == 0 { None } else { Some(Reason::TooFar { late_by: i64::from(late_by) }) }
}

/// Least number of seconds by which `stop` (or what comes after it) would be late at any place of the route;
/// 0 if it fits; `None` if it could never be reached at all.
fn shortest_delay<M: Metric>(search: &Search<'_, M>, v: u32, route: &Route, stop: &Stop) -> Option<i32> {
    let core = search.core;
    let van = &core.vehicles[v as usize];
    let mut best: Option<i32> = Some(i32::MAX);
    let mut timed = route.clone();
    if !crate::route::retime(core, search.metric, v, &mut timed) {
        return Some(i32::MAX);
    }
    for i in 0..timed.stops.len() - 1 {
        let (a, b) = (&timed.stops[i], &timed.stops[i + 1]);
        let there = search.metric.time(a.place, stop.place);
        let back = search.metric.time(stop.place, b.place);
        if crate::route::fits(core, v, &timed, i, stop, there, back) {
            return Some(0);
        }
        // Without breaks: a lower bound of the delay that explains well enough.
        let ready = reach(a.early, there, &[]);
        let start = start_at(core, stop, ready);
        let delay = if start == NEVER {
            ready.saturating_sub(stop.close)
        } else {
            (start + stop.duration).saturating_add(back).saturating_sub(b.late)
        };
        let pauses: i32 = van.breaks.iter().map(|p| p.duration).sum();
        let delay = if delay <= 0 { pauses.max(1) } else { delay };
        best = best.map(|x| x.min(delay));
    }
    best
}

/// Why the plan leaves no room for `u` in the shift `v`, which could take it on an empty day.
/// `None` if there is room.
pub fn refusal_by_plan<M: Metric>(model: &Model, search: &Search<'_, M>, u: u32, v: u32) -> Option<Reason> {
    let core = search.core;
    let route = &search.routes[v as usize];
    let node = &model.nodes[u as usize];
    let free = core.vehicles[v as usize].capacity - route.load;
    if node.demand > 0 && node.demand > free {
        return Some(Reason::CapacityFull { needed: node.demand, free });
    }
    let stop = stop_for(core, u);
    let class = &core.classes[core.class[u as usize] as usize];
    if class.direct_bits.has(v as usize) {
        let late_by = shortest_delay(search, v, route, &stop)?;
        if late_by == 0 {
            return None;
        }
        return Some(blame(model, search, u, v, late_by));
    }
    if search.pickup_in(v, u, i64::MAX).is_some() { None } else { Some(blame(model, search, u, v, 1)) }
}

/// The single visits without which `u` would fit, lightest first, at most three.
fn blame<M: Metric>(model: &Model, search: &Search<'_, M>, u: u32, v: u32, late_by: i32) -> Reason {
    let core = search.core;
    let route = &search.routes[v as usize];
    let stop = stop_for(core, u);
    let mut found: Vec<(i64, u32)> = Vec::new();
    let mut without = Route::default();
    for i in 1..route.stops.len() - 1 {
        let other = route.stops[i].node;
        if other >= DEPOT || core.locked[other as usize] || core.group[other as usize] != NONE {
            continue;
        }
        without.copy_from(route);
        without.stops.remove(i);
        if shortest_delay(search, v, &without, &stop) == Some(0) {
            found.push((core.priority[other as usize], other));
        }
    }
    found.sort_unstable();
    found.truncate(3);
    if found.is_empty() {
        return Reason::DayFull { late_by: i64::from(late_by) };
    }
    let id = |n: u32| model.problem.jobs[model.nodes[n as usize].job as usize].id.clone();
    Reason::DisplacedBy { jobs: found.into_iter().map(|f| id(f.1)).collect(), late_by: i64::from(late_by) }
}

/// Why nobody visits job `job` of the problem (which must be absent from the plan).
pub fn why_unassigned<M: Metric>(model: &Model, search: &Search<'_, M>, job: u32) -> Reason {
    let nodes = &model.nodes_of[job as usize];
    let Some(&first) = nodes.first() else { return Reason::NoEngineers };
    if model.vehicles.is_empty() {
        return Reason::NoEngineers;
    }
    if let Some(reason) = nobody_has_the_skills(model, nodes) {
        return reason;
    }
    let node = &model.nodes[first as usize];
    if node.windows.is_empty() {
        return Reason::NoWindow;
    }
    let able: Vec<u32> = (0..model.vehicles.len() as u32)
        .filter(|&v| nodes.iter().any(|&u| could_alone(model, search, u, v)))
        .collect();
    let mut people: Vec<u32> = able.iter().map(|&v| model.vehicles[v as usize].engineer).collect();
    people.dedup();
    if let Some(pin) = &model.problem.jobs[job as usize].pinned
        && people.len() < nodes.len()
    {
        return Reason::PinImpossible { engineer: pin.engineer.clone() };
    }
    if people.len() < nodes.len() && nodes.len() > 1 {
        return Reason::NotEnoughPeople { needed: nodes.len() as i64, able: people.len() as i64 };
    }
    if able.is_empty() {
        return most_telling(model, search, first);
    }
    if nodes.len() == 1 {
        let most = search.most_it_may_cost(first).cost;
        if !crate::insert::rank(model, search, first).offers.is_empty() {
            return if most == i64::MAX { Reason::Fits } else { Reason::NotWorthIt { cost: most } };
        }
    }
    Reason::AllBusy { able: people.len() as i64 }
}

/// Could `v` do `u` on an empty day? The same question as [`refusal_by_rule`], without the words.
fn could_alone<M: Metric>(model: &Model, search: &Search<'_, M>, u: u32, v: u32) -> bool {
    let node = &model.nodes[u as usize];
    let class = &model.classes[node.class as usize];
    let vehicle = &model.vehicles[v as usize];
    let able = class.direct.has(v as usize) || class.pickup.has(v as usize);
    if !able || node.demand > vehicle.capacity {
        return false;
    }
    if node.windows.iter().all(|w| w.1 < vehicle.from || w.0 > vehicle.to) {
        return false;
    }
    let mut empty = Route { stops: crate::route::edges(search.core, v).to_vec(), ..Route::default() };
    let stop = stop_for(search.core, u);
    let there = search.metric.time(empty.stops[0].place, stop.place);
    let back = search.metric.time(stop.place, empty.stops[1].place);
    crate::route::retime(search.core, search.metric, v, &mut empty)
        && crate::route::fits(search.core, v, &empty, 0, &stop, there, back)
}

/// The obstacle of the engineer who came furthest.
fn most_telling<M: Metric>(model: &Model, search: &Search<'_, M>, u: u32) -> Reason {
    let rank = |reason: &Reason| match reason {
        Reason::TooFar { .. } => 6,
        Reason::NotWorking => 5,
        Reason::CapacityTooSmall { .. } => 4,
        Reason::PartMissing { .. } => 3,
        Reason::OtherArea { .. } => 2,
        Reason::CertificateExpired { .. } => 1,
        _ => 0,
    };
    let mut best: Option<Reason> = None;
    for v in 0..model.vehicles.len() as u32 {
        let Some(reason) = refusal_by_rule(model, search, u, v) else { continue };
        let closer = match (&best, &reason) {
            (Some(Reason::TooFar { late_by: old }), Reason::TooFar { late_by: new }) => new < old,
            (Some(old), new) => rank(new) > rank(old),
            (None, _) => true,
        };
        if closer {
            best = Some(reason);
        }
    }
    best.unwrap_or(Reason::NoEngineers)
}

fn nobody_has_the_skills(model: &Model, nodes: &[u32]) -> Option<Reason> {
    for &u in nodes {
        let key = &model.classes[model.nodes[u as usize].class as usize].key;
        let has =
            |v: &crate::model::Vehicle, s: u32, grade: i64| model.grade_of(v.engineer, s, v.to) >= grade;
        for &(skill, needed) in &key.skills {
            if !model.vehicles.iter().any(|v| has(v, skill, needed)) {
                return Some(Reason::NoEngineerWithSkill {
                    skill: model.skill_names[skill as usize].clone(),
                    needed,
                });
            }
        }
        if !model.vehicles.iter().any(|v| key.skills.iter().all(|&(s, g)| has(v, s, g))) {
            let skills =
                key.skills.iter().map(|&(s, g)| (model.skill_names[s as usize].clone(), g)).collect();
            return Some(Reason::NoEngineerWithAllSkills { skills });
        }
    }
    None
}
