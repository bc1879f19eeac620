//! What would have to be different for an unassigned job, each proven by trying it: the change is made to a
//! copy of the problem, solved, and the result judged by the independent checker.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{
    answer::Answer,
    check::violations,
    core::Core,
    input::{Engineer, Job, MAX_TIME, Objective, Place, Problem, Shift, Skill, Travel},
    model::{Model, NONE},
    route::{DEPOT, stop_for},
    search::Search,
    travel::{Metric, NOWHERE},
    words::{Text, clock, span_en, span_zh},
};

/// A change of the world that would get the job done, everything else in the plan staying as it is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Counterfactual {
    #[serde(flatten)]
    pub change: Change,
    /// The changed problem was solved with the job in it and the checker accepted the plan.
    pub proven: bool,
    pub text: Text,
}

/// What is changed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum Change {
    /// One more engineer (or several) with these skills and parts, working from `from` to `to` from `place`.
    MoreEngineers {
        count: i64,
        skills: BTreeMap<String, i64>,
        parts: Vec<String>,
        place: String,
        from: i64,
        to: i64,
    },
    /// The customer also accepts a start at `start`; `engineer` comes.
    OtherTime { engineer: String, start: i64, off_by: i64 },
    /// `engineer` works `seconds` longer.
    Overtime { engineer: String, seconds: i64 },
}

/// Engineers that are asked for another time or overtime.
const ASKED: usize = 4;

/// Changes for a job that the plan leaves out; at least one.
pub fn for_job<M: Metric>(model: &Model, search: &Search<'_, M>, job: u32) -> Vec<Counterfactual> {
    let mut out = Vec::new();
    let nodes = &model.nodes_of[job as usize];
    if let [u] = nodes[..] {
        let near = nearest_able(model, search, u);
        out.extend(near.iter().filter_map(|&v| overtime(model, search, u, v)).next());
        let mut others: Vec<Counterfactual> =
            near.iter().filter_map(|&v| other_time(model, search, u, v)).collect();
        others.sort_by_key(|c| if let Change::OtherTime { off_by, .. } = c.change { off_by } else { 0 });
        out.extend(others.into_iter().next());
    }
    out.extend(more_engineers(model, job));
    out
}

/// Able vehicles (rules, not times), those passing nearest first.
fn nearest_able<M: Metric>(model: &Model, search: &Search<'_, M>, u: u32) -> Vec<u32> {
    let node = &model.nodes[u as usize];
    let class = &model.classes[node.class as usize];
    let mut found: Vec<(i32, u32)> = (0..model.vehicles.len() as u32)
        .filter(|&v| class.direct.has(v as usize) && model.vehicles[v as usize].begun.is_empty())
        .filter(|&v| {
            node.demand == 0
                || node.demand <= search.core.vehicles[v as usize].capacity - search.routes[v as usize].load
        })
        .map(|v| {
            let stops = &search.routes[v as usize].stops;
            let near = stops.iter().map(|s| search.metric.time(s.place, search.core.place[u as usize])).min();
            (near.unwrap_or(0), v)
        })
        .collect();
    let keep = found.len().min(ASKED);
    if keep > 0 && keep < found.len() {
        found.select_nth_unstable(keep - 1);
    }
    found.truncate(keep);
    found.sort_unstable();
    found.into_iter().map(|f| f.1).collect()
}

/// A problem with one engineer's day as it is planned, plus the job.
fn day_of<M: Metric>(model: &Model, search: &Search<'_, M>, u: u32, v: u32) -> Option<Problem> {
    let route = &search.routes[v as usize];
    let plain = |n: u32| n < DEPOT && model.nodes[n as usize].group == NONE;
    if !route.nodes().all(plain) {
        return None;
    }
    let vehicle = &model.vehicles[v as usize];
    let p = model.problem;
    let mut engineer = p.engineers[vehicle.engineer as usize].clone();
    engineer.shifts = vec![engineer.shifts[vehicle.shift as usize].clone()];
    let mut jobs: Vec<Job> =
        route.nodes().map(|n| p.jobs[model.nodes[n as usize].job as usize].clone()).collect();
    jobs.push(p.jobs[model.nodes[u as usize].job as usize].clone());
    for job in &mut jobs {
        job.prefer.clear();
        job.exclude.retain(|e| *e == engineer.id);
    }
    let mut needed: Vec<u32> = route.nodes().chain([u]).map(|n| model.nodes[n as usize].place).collect();
    // The start of the day as it was before anything had begun: nothing has, see `nearest_able`.
    needed.extend([vehicle.start, vehicle.end].into_iter().filter(|&place| place != NOWHERE));
    engineer.start = (vehicle.start != NOWHERE).then(|| p.places[vehicle.start as usize].id.clone());
    engineer.end = (vehicle.end != NOWHERE).then(|| p.places[vehicle.end as usize].id.clone());
    (engineer.shifts[0].start, engineer.shifts[0].end) = (None, None);
    let mut small = with_places(p, needed);
    small.now = p.now;
    small.engineers = vec![engineer];
    small.jobs = jobs;
    Some(small)
}

/// An empty problem with the places that are needed and their travel.
fn with_places(p: &Problem, mut needed: Vec<u32>) -> Problem {
    needed.sort_unstable();
    needed.dedup();
    let keep: Vec<usize> = needed.into_iter().map(|i| i as usize).collect();
    let travel = match &p.travel {
        Travel::Matrix { seconds } => Travel::Matrix {
            seconds: keep.iter().map(|&a| keep.iter().map(|&b| seconds[a][b]).collect()).collect(),
        },
        other => other.clone(),
    };
    let places: Vec<Place> = keep.iter().map(|&i| p.places[i].clone()).collect();
    Problem {
        places,
        travel,
        engineers: Vec::new(),
        jobs: Vec::new(),
        objective: Objective::Lexicographic,
        depots: Vec::new(),
        areas: p.areas.clone(),
        previous: None,
        now: None,
    }
}

/// Solves a small problem by keeping the order of its jobs and inserting the last one; the checked answer if
/// everything is in it.
fn proof(small: &Problem) -> Option<Answer> {
    crate::validate::problem(small).ok()?;
    let model = Model::new(small);
    if model.vehicles.is_empty() {
        return None;
    }
    let core = Core::on_the_fly(&model);
    let mut search = Search::new(&core, &model.fly, 1);
    let last = small.jobs.len() as u32 - 1;
    let order: Vec<(u32, i32)> =
        (0..last).flat_map(|j| model.nodes_of[j as usize].iter().map(|&n| (n, -1))).collect();
    search.begin();
    search.touch(0);
    search.fill_route(0, &order);
    search.sweep_absent();
    let nodes = &model.nodes_of[last as usize];
    let mut tools = crate::recreate::Inserter::new(&core, &model.fly, 1);
    if nodes.len() > 1 {
        search.insert_group(&mut tools, nodes[0]);
    } else {
        if let Some(offer) = crate::insert::rank(&model, &search, nodes[0]).offers.first() {
            search.accept(nodes[0], offer);
        }
    }
    search.sweep_absent();
    if !search.absent.is_empty() {
        return None;
    }
    let answer = crate::figures::answer(&model, &search);
    violations(small, &answer).is_empty().then_some(answer)
}

fn id_of(model: &Model, v: u32) -> String {
    model.problem.engineers[model.vehicles[v as usize].engineer as usize].id.clone()
}

fn overtime<M: Metric>(model: &Model, search: &Search<'_, M>, u: u32, v: u32) -> Option<Counterfactual> {
    let mut small = day_of(model, search, u, v)?;
    let shift = &mut small.engineers[0].shifts[0];
    let (own, end) = (shift.overtime, shift.to);
    let longest = 4 * 3600;
    if end.checked_add(own + longest)? > MAX_TIME {
        return None;
    }
    small.engineers[0].shifts[0].overtime = own + longest;
    let answer = proof(&small)?;
    let needed = (answer.routes[0].end - end - own).max(0);
    if needed == 0 {
        return None;
    }
    let seconds = (needed + 59) / 60 * 60;
    small.engineers[0].shifts[0].overtime = own + seconds;
    proof(&small)?;
    let engineer = id_of(model, v);
    let text = Text::new(
        format!("如果 {engineer} 多工作 {}", span_zh(seconds)),
        format!("If {engineer} worked {} longer", span_en(seconds)),
    );
    Some(Counterfactual { change: Change::Overtime { engineer, seconds }, proven: true, text })
}

fn other_time<M: Metric>(model: &Model, search: &Search<'_, M>, u: u32, v: u32) -> Option<Counterfactual> {
    let node = &model.nodes[u as usize];
    let windows = &model.problem.jobs[node.job as usize].windows;
    if windows.is_empty() || node.pinned {
        return None;
    }
    let start = nearest_start(model, search, u, v)?;
    let mut small = day_of(model, search, u, v)?;
    let last = small.jobs.len() - 1;
    small.jobs[last].windows = vec![(i64::from(start), i64::from(start))];
    proof(&small)?;
    let start = i64::from(start);
    let off_by = distance(windows, start);
    let engineer = id_of(model, v);
    let text = Text::new(
        format!("如果客户接受 {} 开始（{engineer} 上门）", clock(start)),
        format!("If the customer accepted a start at {} (by {engineer})", clock(start)),
    );
    Some(Counterfactual { change: Change::OtherTime { engineer, start, off_by }, proven: true, text })
}

/// Seconds from a start to the nearest window.
fn distance(windows: &[(i64, i64)], start: i64) -> i64 {
    windows.iter().map(|w| (w.0 - start).max(start - w.1).max(0)).min().unwrap_or(0)
}

/// The start outside of the windows, nearest to them, at which `u` would fit into the day of `v`.
fn nearest_start<M: Metric>(model: &Model, search: &Search<'_, M>, u: u32, v: u32) -> Option<i32> {
    let core = search.core;
    let node = &model.nodes[u as usize];
    let windows = &model.problem.jobs[node.job as usize].windows;
    let mut best: Option<(i64, i32)> = None;
    let route = &search.routes[v as usize];
    let mut stop = stop_for(core, u);
    for i in 0..route.stops.len() - 1 {
        let (a, b) = (&route.stops[i], &route.stops[i + 1]);
        let there = search.metric.time(a.place, stop.place);
        let back = search.metric.time(stop.place, b.place);
        let earliest = a.early.saturating_add(there);
        let latest = b.late.saturating_sub(back).saturating_sub(stop.duration);
        let mut tries = vec![earliest, latest];
        for w in windows {
            let edges = [crate::model::clip(w.0), crate::model::clip(w.1)];
            tries.extend(edges.iter().map(|&e| e.clamp(earliest.min(latest), latest.max(earliest))));
        }
        for pause in &core.vehicles[v as usize].breaks {
            tries.push(pause.to.saturating_add(pause.duration).saturating_add(there));
        }
        for start in tries {
            let start = start.div_euclid(60).saturating_mul(60).max(earliest.min(latest));
            (stop.open, stop.close) = (start, start);
            let off = distance(windows, i64::from(start));
            if start >= 0
                && best.is_none_or(|b| off < b.0)
                && crate::route::fits(core, v, route, i, &stop, there, back)
            {
                best = Some((off, start));
            }
        }
    }
    best.map(|b| b.1)
}

/// New engineers made for the job: always possible.
fn more_engineers(model: &Model, job: u32) -> Option<Counterfactual> {
    let p = model.problem;
    let wanted = &p.jobs[job as usize];
    let count = model.nodes_of[job as usize].len().max(1);
    let own = model.nodes_of[job as usize].first().map(|&u| model.nodes[u as usize].place)?;
    let (base, there, back) = nearest_base(model, own);
    let now = p.now.unwrap_or(0);
    let pin = wanted.pinned.as_ref().and_then(|pin| pin.start);
    let start = pin.unwrap_or_else(|| {
        let open = |w: &&(i64, i64)| w.1 >= now + there;
        wanted
            .windows
            .iter()
            .filter(open)
            .map(|w| w.0.max(now + there))
            .min()
            .unwrap_or_else(|| wanted.windows.iter().map(|w| w.1).max().unwrap_or(now + there))
    });
    let (from, base, back) = if start >= there { (start - there, base, back) } else { (start, own, 0) };
    let place = p.places[base as usize].id.clone();
    let to = start + wanted.duration + back;
    let engineers: Vec<Engineer> = (0..count)
        .map(|person| {
            let skills = wanted.crew.get(person).unwrap_or(&wanted.skills);
            Engineer {
                id: format!("+{}", person + 1),
                start: Some(place.clone()),
                end: Some(place.clone()),
                shifts: vec![Shift { from, to, breaks: vec![], overtime: 0, start: None, end: None }],
                skills: skills.iter().map(|(s, &g)| (s.clone(), Skill::Grade(g))).collect(),
                parts: wanted.parts.clone(),
                ..Engineer::default()
            }
        })
        .collect();
    let mut all_skills: BTreeMap<String, i64> = BTreeMap::new();
    for engineer in &engineers {
        for (skill, grade) in &engineer.skills {
            if let Skill::Grade(grade) = grade {
                let best = all_skills.entry(skill.clone()).or_insert(*grade);
                *best = (*best).max(*grade);
            }
        }
    }
    let mut copy = wanted.clone();
    copy.pinned = None;
    copy.prefer.clear();
    copy.exclude.clear();
    if let Some(start) = pin {
        copy.windows = vec![(start, start)];
    }
    let mut small = with_places(p, vec![base, own]);
    small.engineers = engineers;
    small.jobs = vec![copy];
    proof(&small)?;
    let list: Vec<String> = all_skills.iter().map(|(s, g)| format!("{s} {g}")).collect();
    let text = Text::new(
        format!("如果 {} 起多 {count} 名工程师（{}），到 {} 为止", clock(from), list.join("、"), clock(to)),
        format!(
            "With {} ({}) from {} to {}",
            if count == 1 { "one more engineer".to_string() } else { format!("{count} more engineers") },
            list.join(", "),
            clock(from),
            clock(to)
        ),
    );
    let change = Change::MoreEngineers {
        count: count as i64,
        skills: all_skills,
        parts: wanted.parts.clone(),
        place,
        from,
        to,
    };
    Some(Counterfactual { change, proven: true, text })
}

/// Where the engineer nearest to a place starts, with the travel from there and back; the place itself if
/// nobody starts anywhere.
fn nearest_base(model: &Model, at: u32) -> (u32, i64, i64) {
    let starts = model.vehicles.iter().map(|v| v.start).filter(|&s| s != NOWHERE);
    let base = starts.min_by_key(|&s| (model.fly.time(s, at), s)).unwrap_or(at);
    (base, i64::from(model.fly.time(base, at)), i64::from(model.fly.time(at, base)))
}
