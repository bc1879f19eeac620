//! An independent judge of plans.
//!
//! Written from the description of the file format alone: it shares nothing with the solver but the input and
//! output types, computes travel by the textbook formulas, and believes no figure of the answer.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::{
    answer::{Answer, RouteOut, StopOut},
    input::{Break, Engineer, Job, MAX_TIME, Place, Problem, Rounding, Shift, Skill, Travel},
};

/// All rules that a plan breaks, in words; empty for a correct plan.
pub fn violations(problem: &Problem, answer: &Answer) -> Vec<String> {
    let mut judge = Judge::new(problem);
    for (number, route) in answer.routes.iter().enumerate() {
        judge.route(number, route);
    }
    judge.jobs(answer);
    judge.loads(answer);
    judge.sums(answer);
    judge.found
}

/// A visit as the plan tells it.
#[derive(Clone, Copy)]
struct Told {
    engineer: usize,
    start: i64,
    /// Number of the route in the answer.
    route: usize,
}

struct Judge<'a> {
    problem: &'a Problem,
    places: HashMap<&'a str, usize>,
    engineers: HashMap<&'a str, usize>,
    jobs: HashMap<&'a str, usize>,
    told: BTreeMap<usize, Vec<Told>>,
    seen_shifts: BTreeSet<(usize, u32)>,
    travel: i64,
    found: Vec<String>,
}

impl<'a> Judge<'a> {
    fn new(problem: &'a Problem) -> Self {
        Self {
            problem,
            places: problem.places.iter().enumerate().map(|(i, p)| (p.id.as_str(), i)).collect(),
            engineers: problem.engineers.iter().enumerate().map(|(i, e)| (e.id.as_str(), i)).collect(),
            jobs: problem.jobs.iter().enumerate().map(|(i, j)| (j.id.as_str(), i)).collect(),
            told: BTreeMap::new(),
            seen_shifts: BTreeSet::new(),
            travel: 0,
            found: Vec::new(),
        }
    }

    fn say(&mut self, place: &str, message: &str) {
        self.found.push(format!("{place}: {message}"));
    }

    fn route(&mut self, number: usize, route: &RouteOut) {
        let here = format!("routes[{number}]");
        let Some(&e) = self.engineers.get(route.engineer.as_str()) else {
            return self.say(&here, "unknown engineer");
        };
        let engineer = &self.problem.engineers[e];
        let Some(shift) = engineer.shifts.get(route.shift as usize) else {
            return self.say(&here, "unknown shift");
        };
        if !self.seen_shifts.insert((e, route.shift)) {
            self.say(&here, "second route of one shift");
        }
        self.timeline(&here, number, e, shift, route);
        self.parts(&here, engineer, route);
    }

    /// Order, travel, windows, shift, breaks.
    fn timeline(&mut self, here: &str, number: usize, e: usize, shift: &Shift, route: &RouteOut) {
        let engineer = &self.problem.engineers[e];
        let mut at = shift.start.as_ref().or(engineer.start.as_ref()).map(|id| self.places[id.as_str()]);
        let mut free = shift.from;
        let mut breaks_since = 0;
        let mut breaks: Vec<(i64, i64)> = Vec::new();
        // End and place of the last visit that has begun.
        let mut under_way: Option<(i64, usize)> = None;
        let mut travel = 0;
        let mut last_stop = free;
        for (k, stop) in route.stops.iter().enumerate() {
            let here = format!("{here}.stops[{k}]");
            match stop {
                StopOut::Break { start, depart, .. } => {
                    if *start < free || depart < start {
                        self.say(&here, "break overlaps with what is before it");
                    }
                    breaks.push((*start, *depart));
                    breaks_since += depart - start;
                    free = *depart;
                }
                StopOut::Visit { arrive, start, depart, .. }
                | StopOut::Pickup { arrive, start, depart, .. } => {
                    let Some((place, duration, windows, begun)) = self.stop_facts(&here, number, e, stop)
                    else {
                        continue;
                    };
                    let leg = at.map_or(0, |from| self.seconds(from, place));
                    travel += leg;
                    if !begun {
                        let soonest = last_stop + leg + breaks_since;
                        if *arrive < soonest || *arrive < free {
                            self.say(&here, &format!("arrives at {arrive}, not possible before {soonest}"));
                        }
                        if start < arrive {
                            self.say(&here, "starts before it arrives");
                        }
                        if self.problem.now.is_some_and(|now| *start < now) {
                            self.say(&here, "starts in the past");
                        }
                        let open = |w: &(i64, i64)| w.0 <= *start && *start <= w.1;
                        if !windows.is_empty() && !windows.iter().any(open) {
                            self.say(&here, &format!("starts at {start}, outside of its windows"));
                        }
                        for leave in &engineer.leave {
                            if *start < leave.1 && leave.0 < *depart {
                                self.say(&here, "during leave");
                            }
                        }
                    }
                    if begun {
                        under_way = Some((*depart, place));
                    }
                    if *depart != start + duration {
                        self.say(&here, "departs at another time than start + duration");
                    }
                    at = Some(place);
                    free = *depart;
                    last_stop = *depart;
                    breaks_since = 0;
                }
            }
        }
        let home = shift.end.as_ref().or(engineer.end.as_ref()).map(|id| self.places[id.as_str()]);
        let leg = at.zip(home).map_or(0, |(from, to)| self.seconds(from, to));
        travel += leg;
        let end = (last_stop + leg + breaks_since).max(free);
        self.travel += travel;
        if route.travel_seconds != travel {
            self.say(here, &format!("travel is {travel}, not {}", route.travel_seconds));
        }
        let limit = shift.to + shift.overtime;
        let away = engineer
            .leave
            .iter()
            .any(|l| l.0 < limit && l.1 >= shift.to && end > l.0 && l.0 >= last_stop - leg);
        if under_way.is_none() && (end > limit || away) {
            self.say(here, &format!("ends at {end}, after the shift ({limit}) or in leave"));
        }
        if under_way.is_none() && route.end != end {
            self.say(here, &format!("end is {end}, not {}", route.end));
        }
        let since = self.problem.now.max(under_way.map(|u| u.0)).filter(|&since| since > shift.from);
        self.breaks(here, engineer, shift, &breaks, since, under_way.is_some());
        if let Some((depart, place)) = under_way {
            let leave = depart.max(self.problem.now.unwrap_or(depart));
            let leg = home.map_or(0, |home| self.seconds(place, home));
            let soonest = home_by(shift, leave, leg);
            if end > limit.max(soonest) && engineer.leave.is_empty() {
                self.say(here, &format!("ends at {end}, could end at {soonest}, after the shift ({limit})"));
            }
        }
    }

    fn stop_facts(
        &mut self,
        here: &str,
        route: usize,
        e: usize,
        stop: &StopOut,
    ) -> Option<(usize, i64, Vec<(i64, i64)>, bool)> {
        match stop {
            StopOut::Visit { job, start, .. } => {
                let Some(&j) = self.jobs.get(job.as_str()) else {
                    self.say(here, "unknown job");
                    return None;
                };
                let job = &self.problem.jobs[j];
                self.told.entry(j).or_default().push(Told { engineer: e, start: *start, route });
                let begun = job.pinned.as_ref().is_some_and(|pin| pin.started);
                Some((self.places[job.place.as_str()], job.duration, job.windows.clone(), begun))
            }
            StopOut::Pickup { pickup, .. } => {
                let Some(depot) = self.problem.depots.iter().find(|d| d.id == *pickup) else {
                    self.say(here, "unknown depot");
                    return None;
                };
                Some((self.places[depot.place.as_str()], depot.duration, depot.windows.clone(), false))
            }
            StopOut::Break { .. } => None,
        }
    }

    /// Every break of the shift is taken once, in its window, with its length; besides breaks of the shift only
    /// leave may appear. What could only have been taken before `since` is not asked for; where a visit has
    /// begun and what remains cannot be taken any more, neither.
    fn breaks(
        &mut self,
        here: &str,
        engineer: &Engineer,
        shift: &Shift,
        taken: &[(i64, i64)],
        since: Option<i64>,
        under_way: bool,
    ) {
        let mut left: Vec<(i64, i64)> = taken.to_vec();
        let lost = under_way && (!engineer.leave.is_empty() || !takeable(shift, since.unwrap_or(shift.from)));
        let gone = |b: &Break| {
            lost || since.is_some_and(|since| b.to < since)
                || engineer.leave.iter().any(|l| l.0 <= b.from && b.to <= l.1)
                || engineer.leave.iter().any(|l| l.0 <= shift.from && b.to <= l.1)
                || engineer.leave.iter().any(|l| l.1 >= shift.to && b.from >= l.0)
        };
        let mut wanted: Vec<&Break> = shift.breaks.iter().collect();
        wanted.sort_by_key(|b| (b.to, b.from));
        for pause in wanted {
            let fits = |t: &(i64, i64)| pause.from <= t.0 && t.0 <= pause.to && t.1 - t.0 == pause.duration;
            match left.iter().position(fits) {
                Some(i) => {
                    left.remove(i);
                }
                None if gone(pause) => {}
                None => self.say(here, &format!("break {}–{} is not taken", pause.from, pause.to)),
            }
        }
        for (start, end) in left {
            if !engineer.leave.iter().any(|l| l.0 <= start && end <= l.1) {
                self.say(here, &format!("break at {start} is not one of the shift"));
            }
        }
    }

    /// No van carries more than it can. One of the people of a job brings what has to be brought: somebody must
    /// have room for it.
    fn loads(&mut self, answer: &Answer) {
        let mut room: Vec<i64> = Vec::with_capacity(answer.routes.len());
        for (number, route) in answer.routes.iter().enumerate() {
            let engineer = self.engineers.get(route.engineer.as_str()).map(|&e| &self.problem.engineers[e]);
            let capacity = engineer.and_then(|e| e.capacity).unwrap_or(i64::MAX);
            let (load, begun) = self.alone(route);
            if load > 0 && load.saturating_add(begun) > capacity {
                let text = format!("carries {} of {capacity}", load.saturating_add(begun));
                self.say(&format!("routes[{number}]"), &text);
            }
            room.push(capacity.saturating_sub(load.saturating_add(begun)));
        }
        let mut crews: Vec<(i64, Vec<usize>)> = self
            .told
            .iter()
            .filter(|(j, told)| told.len() > 1 && self.problem.jobs[**j].demand > 0)
            .map(|(j, told)| (self.problem.jobs[*j].demand, told.iter().map(|t| t.route).collect()))
            .collect();
        crews.sort_by_key(|c| (c.1.len(), std::cmp::Reverse(c.0)));
        let mut tries = 100_000;
        if !can_carry(&crews, &mut room, &mut tries) {
            self.say("routes", "nobody has room for what several people need");
        }
    }

    /// Demand of the jobs that the engineer does alone: planned, and already begun.
    fn alone(&self, route: &RouteOut) -> (i64, i64) {
        let (mut load, mut begun) = (0i64, 0i64);
        for stop in &route.stops {
            if let StopOut::Visit { job, .. } = stop
                && let Some(&j) = self.jobs.get(job.as_str())
                && self.told.get(&j).is_none_or(|t| t.len() == 1)
            {
                let job = &self.problem.jobs[j];
                let sum = if job.pinned.as_ref().is_some_and(|p| p.started) { &mut begun } else { &mut load };
                *sum = sum.saturating_add(job.demand);
            }
        }
        (load, begun)
    }

    fn parts(&mut self, here: &str, engineer: &Engineer, route: &RouteOut) {
        let mut has: BTreeSet<&str> = engineer.parts.iter().map(String::as_str).collect();
        for (k, stop) in route.stops.iter().enumerate() {
            match stop {
                StopOut::Pickup { pickup, .. } => {
                    if let Some(depot) = self.problem.depots.iter().find(|d| d.id == *pickup) {
                        has.extend(depot.parts.iter().map(String::as_str));
                    }
                }
                StopOut::Visit { job, .. } => {
                    let Some(&j) = self.jobs.get(job.as_str()) else { continue };
                    let job = &self.problem.jobs[j];
                    let begun = job.pinned.as_ref().is_some_and(|pin| pin.started);
                    if begun || people(job) > 1 {
                        continue;
                    }
                    let missing = job.parts.iter().find(|p| !has.contains(p.as_str()));
                    if let Some(part) = missing {
                        self.say(&format!("{here}.stops[{k}]"), &format!("part {part} is missing"));
                    }
                }
                StopOut::Break { .. } => {}
            }
        }
    }

    /// Who does each job: number of people, skills, areas, pins; nothing twice, nothing forgotten.
    fn jobs(&mut self, answer: &Answer) {
        let left_out: BTreeSet<&str> = answer.unassigned.iter().map(|u| u.job.as_str()).collect();
        if left_out.len() != answer.unassigned.len() {
            self.say("unassigned", "a job stands there twice");
        }
        for j in 0..self.problem.jobs.len() {
            let job = &self.problem.jobs[j];
            let told = self.told.get(&j).cloned().unwrap_or_default();
            let here = format!("job {}", job.id);
            match (told.is_empty(), left_out.contains(job.id.as_str())) {
                (true, true) => continue,
                (true, false) => {
                    self.say(&here, "neither planned nor unassigned");
                    continue;
                }
                (false, true) => self.say(&here, "planned and unassigned"),
                (false, false) => {}
            }
            self.people(&here, job, &told);
            self.pin(&here, job, &told);
        }
        for job in left_out {
            if !self.jobs.contains_key(job) {
                self.say("unassigned", &format!("unknown job {job}"));
            }
        }
    }

    fn people(&mut self, here: &str, job: &Job, told: &[Told]) {
        if job.pinned.as_ref().is_some_and(|pin| pin.started) {
            return;
        }
        let needed = people(job);
        if told.len() != needed {
            return self.say(here, &format!("{} people come, {needed} are needed", told.len()));
        }
        if told.iter().any(|t| t.start != told[0].start) {
            self.say(here, "people do not start together");
        }
        let distinct: BTreeSet<usize> = told.iter().map(|t| t.engineer).collect();
        if distinct.len() != told.len() {
            self.say(here, "one engineer comes twice");
        }
        for t in told {
            let engineer = &self.problem.engineers[t.engineer];
            if job.exclude.contains(&engineer.id) {
                self.say(here, "excluded engineer");
            }
            let area = job.area.clone().or_else(|| self.area(job));
            if let Some(area) = area
                && !engineer.areas.is_empty()
                && !engineer.areas.contains(&area)
            {
                self.say(here, "engineer of another area");
            }
        }
        let wanted: Vec<&BTreeMap<String, i64>> =
            if job.crew.is_empty() { vec![&job.skills; needed] } else { job.crew.iter().collect() };
        if !self.can_share(&wanted, told) {
            self.say(here, "skills or grades are missing");
        }
        let carries =
            |t: &Told| job.parts.iter().all(|p| self.problem.engineers[t.engineer].parts.contains(p));
        if needed > 1 && !told.iter().any(carries) {
            self.say(here, "nobody brings the parts");
        }
    }

    /// Can the people take the needs, one each? Tries all ways (crews are small).
    fn can_share(&self, wanted: &[&BTreeMap<String, i64>], told: &[Told]) -> bool {
        let Some((first, rest)) = wanted.split_first() else { return true };
        (0..told.len()).any(|k| {
            let able = first.iter().all(|(skill, grade)| self.grade(&told[k], skill) >= *grade);
            let others: Vec<Told> =
                told.iter().enumerate().filter(|(i, _)| *i != k).map(|(_, t)| *t).collect();
            able && self.can_share(rest, &others)
        })
    }

    fn grade(&self, told: &Told, skill: &str) -> i64 {
        let engineer = &self.problem.engineers[told.engineer];
        match engineer.skills.get(skill) {
            None => 0,
            Some(Skill::Grade(grade)) => *grade,
            Some(Skill::Certificate(c)) if c.until > told.start => c.grade,
            Some(Skill::Certificate(_)) => 0,
        }
    }

    fn pin(&mut self, here: &str, job: &Job, told: &[Told]) {
        let Some(pin) = &job.pinned else { return };
        let e = self.engineers[pin.engineer.as_str()];
        if !told.iter().any(|t| t.engineer == e) {
            self.say(here, "not with the pinned engineer");
        }
        if let Some(start) = pin.start
            && told.iter().any(|t| t.start != start)
        {
            self.say(here, "not at the pinned start");
        }
    }

    fn sums(&mut self, answer: &Answer) {
        let priority: i64 = (0..self.problem.jobs.len())
            .filter(|j| !self.told.contains_key(j))
            .map(|j| self.problem.jobs[j].priority)
            .sum();
        if priority != answer.unassigned_priority {
            self.say("unassigned_priority", &format!("is {priority}, not {}", answer.unassigned_priority));
        }
        if self.travel != answer.travel_seconds {
            let text = format!("is {}, not {}", self.travel, answer.travel_seconds);
            self.say("travel_seconds", &text);
        }
    }

    fn area(&self, job: &Job) -> Option<String> {
        let place = &self.problem.places[self.places[job.place.as_str()]];
        let point = match (place.lat, place.x) {
            (Some(lat), _) => (lat, place.lon?),
            (None, Some(x)) => (x, place.y?),
            _ => return None,
        };
        let inside = |corners: &[(f64, f64)]| {
            let mut odd = false;
            for (i, a) in corners.iter().enumerate() {
                let b = corners[(i + corners.len() - 1) % corners.len()];
                if (a.1 > point.1) != (b.1 > point.1)
                    && point.0 < (b.0 - a.0) * (point.1 - a.1) / (b.1 - a.1) + a.0
                {
                    odd = !odd;
                }
            }
            odd && corners.len() > 2
        };
        self.problem.areas.iter().find(|a| inside(&a.polygon)).map(|a| a.id.clone())
    }

    /// Travel by the definition of the format.
    fn seconds(&self, a: usize, b: usize) -> i64 {
        let (p, q) = (&self.problem.places[a], &self.problem.places[b]);
        match &self.problem.travel {
            Travel::Matrix { seconds } => (seconds[a][b] + 0.5).floor() as i64,
            Travel::Euclidean { scale, rounding } => {
                let dx = p.x.unwrap_or(0.0) - q.x.unwrap_or(0.0);
                let dy = p.y.unwrap_or(0.0) - q.y.unwrap_or(0.0);
                round((dx * dx + dy * dy).sqrt() * scale, *rounding)
            }
            Travel::Haversine { profile, factor, rounding } => {
                let mut km = haversine_km(p, q) * factor;
                let (mut seconds, mut passed) = (0.0, 0.0);
                for band in profile {
                    let length = band.up_to_km.map_or(km, |end| km.min(end - passed));
                    seconds += length / band.kmh * 3600.0;
                    km -= length;
                    passed += length;
                }
                // Beyond the last band its speed goes on.
                if let Some(last) = profile.last() {
                    seconds += km / last.kmh * 3600.0;
                }
                round(seconds, *rounding)
            }
        }
        .clamp(0, MAX_TIME / 10)
    }
}

/// Is there a bringer for every crew? Gives up (and believes) after `tries`.
fn can_carry(crews: &[(i64, Vec<usize>)], room: &mut [i64], tries: &mut u32) -> bool {
    let Some(((amount, routes), rest)) = crews.split_first() else { return true };
    if *tries == 0 {
        return true;
    }
    *tries -= 1;
    routes.iter().any(|&r| {
        room[r] >= *amount && {
            room[r] -= amount;
            let found = can_carry(rest, room, tries);
            room[r] += amount;
            found
        }
    })
}

/// Breaks of a shift that can still be taken after `since`, by their start.
fn open_breaks(shift: &Shift, since: i64) -> Vec<&Break> {
    let mut breaks: Vec<&Break> = shift.breaks.iter().filter(|b| b.to >= since).collect();
    breaks.sort_by_key(|b| (b.from, b.to, b.duration));
    breaks
}

/// Can all of them be taken one after the other?
fn takeable(shift: &Shift, since: i64) -> bool {
    let mut free = since;
    open_breaks(shift, since).iter().all(|b| {
        let start = free.max(b.from);
        free = start + b.duration;
        start <= b.to
    })
}

/// When somebody who leaves at `leave` is home after `travel` and his breaks, if they are possible.
fn home_by(shift: &Shift, leave: i64, travel: i64) -> i64 {
    let mut ready = leave + travel;
    if takeable(shift, leave) {
        for b in open_breaks(shift, leave) {
            ready = ready.max(b.from) + b.duration;
        }
    }
    ready
}

fn people(job: &Job) -> usize {
    job.people.map_or(job.crew.len().max(1), |n| n as usize)
}

fn round(value: f64, rounding: Rounding) -> i64 {
    match rounding {
        Rounding::Floor => value.floor() as i64,
        Rounding::Round => (value + 0.5).floor() as i64,
        Rounding::Ceil => value.ceil() as i64,
    }
}

/// The haversine formula on a sphere of 6,371 km.
fn haversine_km(p: &Place, q: &Place) -> f64 {
    let (lat1, lat2) = (p.lat.unwrap_or(0.0).to_radians(), q.lat.unwrap_or(0.0).to_radians());
    let dlat = lat2 - lat1;
    let dlon = q.lon.unwrap_or(0.0).to_radians() - p.lon.unwrap_or(0.0).to_radians();
    let h = (dlat / 2.0).sin().powi(2) + lat1.cos() * lat2.cos() * (dlon / 2.0).sin().powi(2);
    2.0 * 6371.0 * h.min(1.0).sqrt().asin()
}
