//! Compiles a checked problem into a [`Model`].

use std::collections::HashMap;

use super::{
    Bits, Class, ClassKey, Costs, DepotM, MILLI, Model, NONE, Node, Pause, Vehicle, clip, tidy_windows,
};
use crate::{
    input::{Engineer, Objective, Problem, Skill, Weights},
    travel::{Fly, Metric, NOWHERE},
};

/// Numbers for names.
#[derive(Default)]
struct Names {
    number: HashMap<String, u32>,
    names: Vec<String>,
}

impl Names {
    fn of(&mut self, name: &str) -> u32 {
        if let Some(&n) = self.number.get(name) {
            return n;
        }
        let n = self.names.len() as u32;
        self.number.insert(name.to_string(), n);
        self.names.push(name.to_string());
        n
    }

    fn list<'n>(&mut self, names: impl Iterator<Item = &'n String>) -> Vec<u32> {
        let mut list: Vec<u32> = names.map(|n| self.of(n)).collect();
        list.sort_unstable();
        list.dedup();
        list
    }
}

pub(super) struct Builder<'a> {
    problem: &'a Problem,
    fly: Fly,
    places: HashMap<&'a str, u32>,
    engineers: HashMap<&'a str, u32>,
    skills: Names,
    parts: Names,
    areas: Names,
    warnings: Vec<String>,
    now: i32,
}

impl<'a> Builder<'a> {
    pub(super) fn new(problem: &'a Problem) -> Self {
        let number = |(i, id): (usize, &'a str)| (id, i as u32);
        let mut areas = Names::default();
        for area in &problem.areas {
            areas.of(&area.id);
        }
        Self {
            problem,
            fly: Fly::new(&problem.travel, &problem.places),
            places: problem.places.iter().map(|p| p.id.as_str()).enumerate().map(number).collect(),
            engineers: problem.engineers.iter().map(|e| e.id.as_str()).enumerate().map(number).collect(),
            skills: Names::default(),
            parts: Names::default(),
            areas,
            warnings: Vec::new(),
            now: problem.now.map_or(0, clip),
        }
    }

    fn place(&self, id: &Option<String>) -> u32 {
        id.as_ref().map_or(NOWHERE, |id| self.places[id.as_str()])
    }

    pub(super) fn build(mut self) -> Model<'a> {
        let p = self.problem;
        let grades: Vec<HashMap<u32, (i64, i64)>> = p
            .engineers
            .iter()
            .map(|e| {
                e.skills
                    .iter()
                    .map(|(name, skill)| {
                        let value = match skill {
                            Skill::Grade(grade) => (*grade, i64::MAX),
                            Skill::Certificate(c) => (c.grade, c.until),
                        };
                        (self.skills.of(name), value)
                    })
                    .collect()
            })
            .collect();
        let depots: Vec<DepotM> = p
            .depots
            .iter()
            .map(|d| DepotM {
                place: self.places[d.place.as_str()],
                duration: clip(d.duration),
                windows: tidy_windows(&d.windows),
                parts: self.parts.list(d.parts.iter()),
            })
            .collect();
        let vehicles = self.vehicles();
        let mut nodes = Vec::new();
        let mut groups = Vec::new();
        let mut nodes_of = vec![Vec::new(); p.jobs.len()];
        let mut keys: HashMap<ClassKey, u32> = HashMap::new();
        let mut classes: Vec<ClassKey> = Vec::new();
        for (index, own) in nodes_of.iter_mut().enumerate() {
            if p.jobs[index].pinned.as_ref().is_some_and(|pin| pin.started) {
                continue;
            }
            self.nodes_of_job(index, &mut nodes, &mut groups, own, &mut keys, &mut classes);
        }
        let engineer_areas: Vec<Vec<u32>> =
            p.engineers.iter().map(|e| self.areas.list(e.areas.iter())).collect();
        let mut model = Model {
            problem: p,
            fly: self.fly,
            nodes,
            groups,
            classes: Vec::new(),
            vehicles,
            depots,
            costs: costs(&p.objective),
            prefer: p
                .jobs
                .iter()
                .map(|j| {
                    let mut list: Vec<u32> = j.prefer.iter().map(|e| self.engineers[e.as_str()]).collect();
                    list.sort_unstable();
                    list
                })
                .collect(),
            before: before(p, &self.engineers),
            nodes_of,
            skill_names: self.skills.names,
            part_names: self.parts.names,
            area_names: self.areas.names,
            grades,
            warnings: self.warnings,
            mean_shift: 1.0,
            engineers_present: 0,
        };
        model.classes = classes.into_iter().map(|key| compile_class(&model, key, &engineer_areas)).collect();
        let mut present: Vec<u32> = model.vehicles.iter().map(|v| v.engineer).collect();
        present.dedup();
        model.engineers_present = present.len() as u32;
        let worked: f64 = model.vehicles.iter().map(|v| f64::from(v.due) - f64::from(v.from)).sum();
        model.mean_shift = (worked / f64::from(model.engineers_present.max(1))).max(1.0);
        model
    }

    fn vehicles(&mut self) -> Vec<Vehicle> {
        let p = self.problem;
        let mut begun: HashMap<(u32, u32), Vec<(u32, i32)>> = HashMap::new();
        for (index, job) in p.jobs.iter().enumerate() {
            let Some(pin) = job.pinned.as_ref().filter(|pin| pin.started) else { continue };
            let engineer = self.engineers[pin.engineer.as_str()];
            let start = clip(pin.start.unwrap_or(0));
            match shift_at(&p.engineers[engineer as usize], i64::from(start)) {
                Some(shift) => begun.entry((engineer, shift)).or_default().push((index as u32, start)),
                None => self.warnings.push(format!(
                    "jobs[{index}].pinned: engineer {:?} has no shift; the started job is left out",
                    pin.engineer
                )),
            }
        }
        let mut vehicles = Vec::new();
        for (e, engineer) in p.engineers.iter().enumerate() {
            for s in 0..engineer.shifts.len() {
                let mut started = begun.remove(&(e as u32, s as u32)).unwrap_or_default();
                started.sort_by_key(|&(job, start)| (start, job));
                if let Some(vehicle) = self.vehicle(engineer, e, s, started) {
                    vehicles.push(vehicle);
                }
            }
        }
        vehicles
    }

    fn vehicle(
        &mut self,
        engineer: &Engineer,
        e: usize,
        s: usize,
        begun: Vec<(u32, i32)>,
    ) -> Option<Vehicle> {
        let shift = &engineer.shifts[s];
        let next = engineer.shifts.iter().map(|o| o.from).filter(|&f| f >= shift.to && f > shift.from).min();
        let limit = (shift.to + shift.overtime).min(next.unwrap_or(i64::MAX)).max(shift.to);
        let (mut from, mut due, mut to) = (clip(shift.from), clip(shift.to), clip(limit));
        let mut breaks: Vec<Pause> = shift
            .breaks
            .iter()
            .map(|b| Pause { from: clip(b.from), to: clip(b.to), duration: clip(b.duration), leave: false })
            .collect();
        cut_leave(engineer, &mut from, &mut due, &mut to, &mut breaks);
        if to < from && begun.is_empty() {
            return None;
        }
        breaks.sort_by_key(|b| (b.from, b.to, b.duration));
        let mut vehicle = Vehicle {
            engineer: e as u32,
            shift: s as u32,
            from,
            due,
            to: to.max(from),
            start: self.place(if shift.start.is_some() { &shift.start } else { &engineer.start }),
            end: self.place(if shift.end.is_some() { &shift.end } else { &engineer.end }),
            capacity: engineer.capacity.unwrap_or(i64::MAX),
            breaks,
            begun: Vec::new(),
            begun_travel: 0,
            parts: self.parts.list(engineer.parts.iter()),
        };
        self.begin(&mut vehicle, begun);
        if self.now > vehicle.from {
            vehicle.from = self.now;
        }
        let moved = vehicle.from > from;
        if moved {
            // What could only have been taken in the past has been.
            vehicle.breaks.retain(|b| b.to >= vehicle.from);
        }
        let ready = crate::schedule::home_after(&vehicle, self.fly.time(vehicle.start, vehicle.end));
        if !vehicle.begun.is_empty() {
            // The day has begun: he gets home when he gets home.
            match ready {
                Some(ready) => vehicle.to = vehicle.to.max(ready),
                None => {
                    vehicle.breaks.clear();
                    let home = vehicle.from + self.fly.time(vehicle.start, vehicle.end);
                    vehicle.to = vehicle.to.max(home);
                }
            }
        } else if vehicle.from > vehicle.to {
            return None;
        } else if !vehicle.breaks.is_empty()
            && crate::schedule::home_after(&vehicle, 0).is_none_or(|ready| ready > vehicle.to)
        {
            self.warnings.push(format!(
                "engineers[{e}].shifts[{s}].breaks: cannot be taken within the shift, so it gets no visits"
            ));
            return None;
        }
        Some(vehicle)
    }

    /// Moves the start of the day to the end of the last job that has begun.
    fn begin(&mut self, vehicle: &mut Vehicle, begun: Vec<(u32, i32)>) {
        for &(job, start) in &begun {
            let job = &self.problem.jobs[job as usize];
            let place = self.places[job.place.as_str()];
            vehicle.begun_travel += i64::from(self.fly.time(vehicle.start, place));
            vehicle.start = place;
            vehicle.from = vehicle.from.max(start + clip(job.duration));
            vehicle.capacity = vehicle.capacity.saturating_sub(job.demand).max(0);
        }
        vehicle.begun = begun;
    }

    fn nodes_of_job(
        &mut self,
        index: usize,
        nodes: &mut Vec<Node>,
        groups: &mut Vec<Vec<u32>>,
        own: &mut Vec<u32>,
        keys: &mut HashMap<ClassKey, u32>,
        classes: &mut Vec<ClassKey>,
    ) {
        let job = &self.problem.jobs[index];
        let people = job.people.map_or(job.crew.len().max(1), |n| n as usize);
        let mut windows = tidy_windows(&job.windows);
        if let Some(start) = job.pinned.as_ref().and_then(|pin| pin.start).map(clip) {
            let inside = windows.iter().any(|w| w.0 <= start && start <= w.1);
            windows = if inside { vec![(start, start)] } else { Vec::new() };
        }
        windows.retain(|w| w.1 >= self.now);
        for window in &mut windows {
            window.0 = window.0.max(self.now);
        }
        let area = match &job.area {
            Some(area) => Some(self.areas.of(area)),
            None => self.area_at(self.places[job.place.as_str()]),
        };
        let mut exclude: Vec<u32> = job.exclude.iter().map(|e| self.engineers[e.as_str()]).collect();
        exclude.sort_unstable();
        let group = if people > 1 { groups.len() as u32 } else { NONE };
        for person in 0..people {
            let wanted = job.crew.get(person).unwrap_or(&job.skills);
            let mut skills: Vec<(u32, i64)> = wanted
                .iter()
                .filter(|s| *s.1 > 0)
                .map(|(name, &grade)| (self.skills.of(name), grade))
                .collect();
            skills.sort_unstable();
            let key = ClassKey {
                skills,
                // One van with the part is enough for all of them.
                parts: if person == 0 { self.parts.list(job.parts.iter()) } else { Vec::new() },
                area,
                exclude: exclude.clone(),
                only: job
                    .pinned
                    .as_ref()
                    .filter(|_| person == 0)
                    .map(|pin| self.engineers[pin.engineer.as_str()]),
            };
            let class = *keys.entry(key).or_insert_with_key(|key| {
                classes.push(key.clone());
                classes.len() as u32 - 1
            });
            own.push(nodes.len() as u32);
            nodes.push(Node {
                job: index as u32,
                person: person as u32,
                place: self.places[job.place.as_str()],
                duration: clip(job.duration),
                windows: windows.clone(),
                demand: if person == 0 { job.demand } else { 0 },
                priority: if person == 0 { job.priority } else { 0 },
                class,
                pinned: job.pinned.is_some(),
                group,
                deadline: job.deadline.map_or(i32::MAX, clip),
            });
        }
        if group != NONE {
            groups.push(own.clone());
        }
    }

    fn area_at(&mut self, place: u32) -> Option<u32> {
        let place = &self.problem.places[place as usize];
        let point = match (place.lat, place.lon, place.x, place.y) {
            (Some(lat), Some(lon), _, _) => (lat, lon),
            (_, _, Some(x), Some(y)) => (x, y),
            _ => return None,
        };
        let found = self.problem.areas.iter().find(|area| crate::geometry::contains(&area.polygon, point))?;
        Some(self.areas.of(&found.id))
    }
}

/// The shift in which a time falls; else the last one that begins before it; else the first.
fn shift_at(engineer: &Engineer, time: i64) -> Option<u32> {
    let mut order: Vec<usize> = (0..engineer.shifts.len()).collect();
    order.sort_by_key(|&k| engineer.shifts[k].from);
    let inside = order.iter().rev().find(|&&k| engineer.shifts[k].from <= time);
    inside.or(order.first()).map(|&k| k as u32)
}

/// Absences at the edges of a shift shorten it; those in the middle are breaks at a fixed time.
fn cut_leave(engineer: &Engineer, from: &mut i32, due: &mut i32, to: &mut i32, breaks: &mut Vec<Pause>) {
    let mut leave: Vec<(i32, i32)> = engineer.leave.iter().map(|l| (clip(l.0), clip(l.1))).collect();
    leave.retain(|l| l.0 < l.1);
    leave.sort_unstable();
    for &(begin, end) in &leave {
        if begin <= *from && end > *from {
            *from = end;
        }
    }
    for &(begin, end) in leave.iter().rev() {
        if end >= *due && begin < *to {
            *to = (*to).min(begin);
            *due = (*due).min(begin);
        }
    }
    let mut middle: Vec<(i32, i32)> = Vec::new();
    for &(begin, end) in leave.iter().filter(|l| l.0 > *from && l.1 < *to) {
        match middle.last_mut() {
            Some(last) if begin <= last.1 => last.1 = last.1.max(end),
            _ => middle.push((begin, end)),
        }
    }
    // A break whose time has gone with the leave goes with it.
    breaks.retain(|b| {
        let gone = |begin: i32, end: i32| b.from >= begin && b.to <= end;
        !(gone(0, *from) && *from > 0 && leave.iter().any(|l| l.1 == *from)
            || b.from >= *to && leave.iter().any(|l| l.0 == *to)
            || middle.iter().any(|m| gone(m.0, m.1)))
    });
    breaks.extend(middle.iter().map(|m| Pause { from: m.0, to: m.0, duration: m.1 - m.0, leave: true }));
}

fn compile_class(model: &Model, key: ClassKey, engineer_areas: &[Vec<u32>]) -> Class {
    let mut direct = Bits::new(model.vehicles.len());
    let mut pickup = Bits::new(model.vehicles.len());
    for (v, vehicle) in model.vehicles.iter().enumerate() {
        let areas = &engineer_areas[vehicle.engineer as usize];
        let fits = key.only.is_none_or(|only| only == vehicle.engineer)
            && !key.exclude.contains(&vehicle.engineer)
            && key.area.is_none_or(|area| areas.is_empty() || areas.contains(&area))
            && key.skills.iter().all(|&(s, grade)| model.grade_of(vehicle.engineer, s, vehicle.to) >= grade);
        if !fits {
            continue;
        }
        let missing: Vec<u32> =
            key.parts.iter().copied().filter(|part| vehicle.parts.binary_search(part).is_err()).collect();
        if missing.is_empty() {
            direct.set(v);
        } else if model.depots.iter().any(|d| missing.iter().all(|part| d.parts.contains(part))) {
            pickup.set(v);
        }
    }
    Class { key, direct, pickup }
}

fn costs(objective: &Objective) -> Costs {
    let plain = Costs {
        travel: 1,
        unassigned: None,
        lateness: 0,
        overtime: 0,
        fairness: 0,
        stability: 0,
        moved: 0,
        preferred: 0,
    };
    let Objective::Weighted(w) = objective else { return plain };
    let milli = |weight: f64| (weight * MILLI as f64).round() as i64;
    let Weights { unassigned, travel, lateness, overtime, fairness, stability, moved, preferred } = *w;
    Costs {
        travel: milli(travel),
        unassigned: unassigned.map(milli),
        lateness: milli(lateness),
        overtime: milli(overtime),
        fairness: milli(fairness),
        stability: milli(stability),
        moved: milli(moved),
        preferred: milli(preferred),
    }
}

fn before(problem: &Problem, engineers: &HashMap<&str, u32>) -> Vec<Vec<(u32, i32)>> {
    let mut before = vec![Vec::new(); problem.jobs.len()];
    let Some(previous) = &problem.previous else { return before };
    let jobs: HashMap<&str, usize> =
        problem.jobs.iter().enumerate().map(|(i, j)| (j.id.as_str(), i)).collect();
    for route in &previous.routes {
        let Some(&engineer) = engineers.get(route.engineer.as_str()) else { continue };
        for stop in &route.stops {
            if let crate::answer::StopOut::Visit { job, start, .. } = stop
                && let Some(&index) = jobs.get(job.as_str())
            {
                before[index].push((engineer, clip(*start)));
            }
        }
    }
    before
}
