//! A plan meets the day: delays, engineers who drop out, cancelled jobs. The rest is kept where it can be, and
//! every change of what people already know has a price.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use crate::{
    answer::{Answer, RouteOut, StopOut},
    core::Core,
    input::{InputError, Objective, Pin, Previous, Problem, Weights},
    local::improve_locally,
    model::Model,
    plan::from_routes,
    search::Search,
    solve::Outside,
};

/// What happened.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Events {
    /// The time of it: visits that start earlier have started.
    pub now: Option<i64>,
    /// Engineers who do nothing more (after the visit they are at).
    pub dropped: Vec<String>,
    /// Jobs that are not wanted any more.
    pub cancelled: Vec<String>,
    /// Engineers who are late by so many seconds.
    pub delayed: Vec<(String, i64)>,
}

/// Price of giving a visit to another engineer, in seconds of travel, where the objective names none.
pub const STABILITY: f64 = 1800.0;
/// Price of moving a start by a second, likewise.
pub const MOVED: f64 = 0.25;

/// A visit that is not as it was.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Changed {
    pub job: String,
    /// Engineer and start before; nothing for a new visit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before: Option<(String, i64)>,
    /// Engineer and start after; nothing for one that is left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<(String, i64)>,
    /// `engineer`, `time`, `added`, `removed`.
    pub what: String,
}

/// A repaired plan.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Repaired {
    /// Visits with another engineer, new, or left out, and starts moved by more than five minutes.
    pub changes: Vec<Changed>,
    /// Visits that kept engineer and start (to five minutes).
    pub kept: usize,
    /// The problem as it is now: with what has started, without what was cancelled.
    pub problem: Problem,
    pub answer: Answer,
}

/// Applies events to a problem and its plan.
pub fn apply(problem: &Problem, routes: &[RouteOut], events: &Events) -> Result<Problem, InputError> {
    let mut p = problem.clone();
    p.previous = Some(Previous { routes: routes.to_vec() });
    let known = |id: &str, path: String| {
        let found = p.engineers.iter().position(|e| e.id == id);
        found.ok_or_else(|| InputError::new(path, format!("there is no engineer {id:?}")))
    };
    let mut dropped = Vec::new();
    for (k, id) in events.dropped.iter().enumerate() {
        dropped.push(known(id, format!("dropped[{k}]"))?);
    }
    let mut delayed = Vec::new();
    for (k, (id, by)) in events.delayed.iter().enumerate() {
        delayed.push((known(id, format!("delayed[{k}]"))?, *by));
    }
    for (k, id) in events.cancelled.iter().enumerate() {
        if !p.jobs.iter().any(|j| j.id == *id) {
            return Err(InputError::new(format!("cancelled[{k}]"), format!("there is no job {id:?}")));
        }
    }
    p.jobs.retain(|j| !events.cancelled.contains(&j.id));
    if let Some(now) = events.now {
        begin(&mut p, routes, now, &events.dropped);
    }
    let now = p.now.unwrap_or(0);
    for e in dropped {
        for shift in &mut p.engineers[e].shifts {
            shift.overtime = 0;
            shift.to = shift.to.min(now.max(shift.from));
        }
        p.engineers[e].shifts.iter_mut().for_each(|s| s.breaks.clear());
        if events.now.is_none() {
            p.engineers[e].shifts.clear();
        }
    }
    for (e, by) in delayed {
        delay(&mut p, e, now, by);
    }
    if p.objective.is_default() {
        p.objective =
            Objective::Weighted(Weights { stability: STABILITY, moved: MOVED, ..Weights::default() });
    }
    crate::validate::problem(&p)?;
    Ok(p)
}

/// Marks what has started: visits, those to which the engineer is on his way, and breaks.
fn begin(p: &mut Problem, routes: &[RouteOut], now: i64, dropped: &[String]) {
    p.now = Some(p.now.unwrap_or(0).max(now));
    let jobs: HashMap<String, usize> = p.jobs.iter().enumerate().map(|(i, j)| (j.id.clone(), i)).collect();
    let engineers: HashMap<String, usize> =
        p.engineers.iter().enumerate().map(|(i, e)| (e.id.clone(), i)).collect();
    for route in routes {
        let Some(&e) = engineers.get(&route.engineer) else { continue };
        let number = route.shift as usize;
        let Some(mut left) = p.engineers[e].shifts.get(number).map(|s| s.from) else { continue };
        let mut paused = Vec::new();
        for stop in &route.stops {
            match stop {
                StopOut::Break { start, depart, .. } => paused.push((*start, *depart)),
                StopOut::Pickup { pickup, start, depart, .. } => {
                    left = *depart;
                    // What has been picked up is on the van.
                    if *start < now
                        && let Some(depot) = p.depots.iter().find(|d| d.id == *pickup)
                    {
                        p.engineers[e].parts.extend(depot.parts.iter().cloned());
                    }
                }
                StopOut::Visit { job, arrive, start, depart } => {
                    // The way takes as long as planned, so he must have left by now to be there in time.
                    let on_the_way = start - (arrive - left) < now && !dropped.contains(&route.engineer);
                    if *start >= now && !on_the_way {
                        break;
                    }
                    left = *depart;
                    let Some(&j) = jobs.get(job) else { continue };
                    if p.jobs[j].people.unwrap_or(1) > 1 || p.jobs[j].crew.len() > 1 {
                        // The first of several people stands for the job; the others are there until its end.
                        if p.jobs[j].pinned.as_ref().is_some_and(|pin| pin.started) {
                            let place = p.jobs[j].place.clone();
                            let shift = &mut p.engineers[e].shifts[number];
                            shift.from = (*depart).min(shift.to).max(shift.from);
                            shift.start = Some(place);
                            continue;
                        }
                        if *start >= now {
                            break;
                        }
                    }
                    let engineer = route.engineer.clone();
                    p.jobs[j].pinned = Some(Pin { engineer, start: Some(*start), started: true });
                }
            }
        }
        for (start, depart) in paused.into_iter().filter(|b| b.0 < now.max(left)) {
            let shift = &mut p.engineers[e].shifts[number];
            let same =
                |b: &crate::input::Break| b.from <= start && start <= b.to && b.duration == depart - start;
            if let Some(i) = shift.breaks.iter().position(same) {
                shift.breaks.remove(i);
                if depart > now && start < now {
                    shift.from = depart.min(shift.to).max(shift.from);
                }
            }
        }
    }
}

/// The visit he is at takes longer; without one he leaves later.
fn delay(p: &mut Problem, e: usize, now: i64, by: i64) {
    let id = p.engineers[e].id.clone();
    let at = p
        .jobs
        .iter_mut()
        .filter(|j| j.pinned.as_ref().is_some_and(|pin| pin.started && pin.engineer == id))
        .max_by_key(|j| j.pinned.as_ref().and_then(|pin| pin.start));
    match at {
        Some(job) => match job.pinned.as_mut().and_then(|pin| pin.start.as_mut()) {
            // Still on the way: he arrives later.
            Some(start) if *start >= now => *start += by,
            _ => job.duration += by,
        },
        None => {
            for shift in &mut p.engineers[e].shifts {
                if shift.to > now {
                    shift.from = (shift.from.max(now) + by).min(shift.to);
                    break;
                }
            }
        }
    }
}

/// Repairs a plan: what is impossible is taken out, what fits is put in, the neighbourhood is improved for the
/// time given, with stability as a term.
pub fn repair(
    problem: &Problem,
    routes: &[RouteOut],
    events: &Events,
    seconds: f64,
    iterations: u64,
    outside: &Outside,
) -> Result<Repaired, InputError> {
    let began = outside.clock.seconds();
    let changed = apply(problem, routes, events)?;
    let model = Model::new(&changed);
    let plan = from_routes(&model, routes, true)?;
    let core = Core::on_the_fly(&model);
    let mut search = Search::new(&core, &model.fly, 1);
    search.adopt(&plan);
    let done = improve_locally(&model, &mut search, &[], seconds, iterations, outside);
    let mut answer = crate::figures::answer(&model, &search);
    answer.iterations = done;
    answer.elapsed_seconds = outside.clock.seconds() - began;
    let (changes, kept) = differences(routes, &answer.routes, &events.cancelled);
    drop(search);
    drop(core);
    drop(model);
    Ok(Repaired { changes, kept, problem: changed, answer })
}

/// Starts that move by less are not worth a telephone call.
const CALL_AFTER: i64 = 300;

/// What changed between two plans.
pub fn differences(before: &[RouteOut], after: &[RouteOut], without: &[String]) -> (Vec<Changed>, usize) {
    let list = |routes: &[RouteOut]| {
        let mut map = std::collections::BTreeMap::new();
        for route in routes {
            for stop in &route.stops {
                if let StopOut::Visit { job, start, .. } = stop {
                    map.insert(job.clone(), (route.engineer.clone(), *start));
                }
            }
        }
        map
    };
    let (old, new) = (list(before), list(after));
    let mut kept = 0;
    let mut changes = Vec::new();
    let mut note =
        |job: &String, before: Option<&(String, i64)>, after: Option<&(String, i64)>, what: &str| {
            changes.push(Changed {
                job: job.clone(),
                before: before.cloned(),
                after: after.cloned(),
                what: what.into(),
            });
        };
    for (job, was) in old.iter().filter(|(job, _)| !without.contains(job)) {
        match new.get(job) {
            None => note(job, Some(was), None, "removed"),
            Some(is) if is.0 != was.0 => note(job, Some(was), Some(is), "engineer"),
            Some(is) if (is.1 - was.1).abs() > CALL_AFTER => note(job, Some(was), Some(is), "time"),
            Some(_) => kept += 1,
        }
    }
    for (job, is) in new.iter().filter(|(job, _)| !old.contains_key(*job)) {
        note(job, None, Some(is), "added");
    }
    (changes, kept)
}
