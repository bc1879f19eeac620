//! From a plan to the answer: schedules, sums, reasons.

use crate::{
    answer::{Answer, RouteOut, StopOut, Terms, Unassigned},
    model::{MILLI, Model},
    reasons::why_unassigned,
    route::DEPOT,
    search::Search,
    travel::Metric,
    walk::{Step, schedule},
};

/// The answer for the plan in `search`, a search over the whole model.
pub fn answer<M: Metric>(model: &Model, search: &Search<'_, M>) -> Answer {
    let mut out = Answer { warnings: model.warnings.clone(), ..Answer::default() };
    let mut visited = vec![false; model.problem.jobs.len()];
    for v in 0..model.vehicles.len() as u32 {
        if let Some(route) = route_out(model, search, v, &mut visited) {
            out.travel_seconds += route.travel_seconds;
            out.routes.push(route);
        }
    }
    for (index, job) in model.problem.jobs.iter().enumerate() {
        if visited[index] {
            continue;
        }
        out.unassigned_priority = out.unassigned_priority.saturating_add(job.priority);
        let reason = why_unassigned(model, search, index as u32);
        out.unassigned.push(Unassigned {
            job: job.id.clone(),
            reason: reason.code(),
            detail: reason.detail(),
            text: Some(reason.text()),
            counterfactuals: Vec::new(),
        });
    }
    out.objective = terms(model, &out);
    out
}

/// Adds to every unassigned job what would have to be different. `threads` share the work.
pub fn add_counterfactuals<M: Metric>(
    model: &Model,
    search: &Search<'_, M>,
    out: &mut Answer,
    threads: usize,
) {
    let number: std::collections::HashMap<&str, u32> =
        model.problem.jobs.iter().enumerate().map(|(i, j)| (j.id.as_str(), i as u32)).collect();
    let share = out.unassigned.len().div_ceil(threads.max(1)).max(1);
    let number = &number;
    std::thread::scope(|scope| {
        for part in out.unassigned.chunks_mut(share) {
            scope.spawn(move || {
                for u in part {
                    u.counterfactuals = crate::counterfactual::for_job(model, search, number[u.job.as_str()]);
                }
            });
        }
    });
}

/// The route of one vehicle, `None` without visits.
fn route_out<M: Metric>(
    model: &Model,
    search: &Search<'_, M>,
    v: u32,
    visited: &mut [bool],
) -> Option<RouteOut> {
    let vehicle = &model.vehicles[v as usize];
    let route = &search.routes[v as usize];
    if route.is_empty() && vehicle.begun.is_empty() {
        return None;
    }
    let problem = model.problem;
    let mut out = RouteOut {
        engineer: problem.engineers[vehicle.engineer as usize].id.clone(),
        shift: vehicle.shift,
        travel_seconds: vehicle.begun_travel + route.travel,
        ..RouteOut::default()
    };
    for &(job, start) in &vehicle.begun {
        visited[job as usize] = true;
        let job = &problem.jobs[job as usize];
        let start = i64::from(start);
        out.stops.push(StopOut::Visit {
            job: job.id.clone(),
            arrive: start,
            start,
            depart: start + job.duration,
        });
    }
    let schedule = schedule(search.core, v, route);
    out.end = i64::from(schedule.end);
    for step in &schedule.steps {
        out.stops.push(match *step {
            Step::Break { start, end, .. } => {
                StopOut::Break { is_break: true, start: i64::from(start), depart: i64::from(end) }
            }
            Step::Stop { index, arrive, start, depart } => {
                let (arrive, start, depart) = (i64::from(arrive), i64::from(start), i64::from(depart));
                let node = route.stops[index].node;
                if node >= DEPOT {
                    let pickup = problem.depots[(node - DEPOT) as usize].id.clone();
                    StopOut::Pickup { pickup, arrive, start, depart }
                } else {
                    let job = model.nodes[node as usize].job as usize;
                    visited[job] = true;
                    StopOut::Visit { job: problem.jobs[job].id.clone(), arrive, start, depart }
                }
            }
        });
    }
    Some(out)
}

/// Every term of the objective, counted on the finished answer.
fn terms(model: &Model, out: &Answer) -> Terms {
    let problem = model.problem;
    let mut t = Terms {
        unassigned_priority: out.unassigned_priority,
        travel_seconds: out.travel_seconds,
        ..Terms::default()
    };
    let job_number: std::collections::HashMap<&str, usize> =
        problem.jobs.iter().enumerate().map(|(i, j)| (j.id.as_str(), i)).collect();
    let engineer_number: std::collections::HashMap<&str, usize> =
        problem.engineers.iter().enumerate().map(|(i, e)| (e.id.as_str(), i)).collect();
    let mut work = vec![None::<i64>; problem.engineers.len()];
    for vehicle in &model.vehicles {
        work[vehicle.engineer as usize].get_or_insert(0);
    }
    for route in &out.routes {
        let e = engineer_number[route.engineer.as_str()];
        let mut worked = route.travel_seconds;
        for stop in &route.stops {
            match stop {
                StopOut::Visit { job, start, depart, .. } => {
                    let j = job_number[job.as_str()];
                    worked += depart - start;
                    count_visit(model, j, e, *start, *depart, &mut t);
                }
                StopOut::Pickup { start, depart, .. } => worked += depart - start,
                StopOut::Break { .. } => {}
            }
        }
        let due = model
            .vehicle_of(e as u32, route.shift)
            .map_or(i64::MAX, |v| i64::from(model.vehicles[v as usize].due));
        t.overtime_seconds += (route.end - due).max(0);
        *work[e].get_or_insert(0) += worked;
    }
    let present: Vec<i64> = work.into_iter().flatten().collect();
    if let (Some(most), Some(least)) = (present.iter().max(), present.iter().min()) {
        t.work_spread_seconds = most - least;
        let mean = present.iter().sum::<i64>() as f64 / present.len() as f64;
        let squares: f64 = present.iter().map(|&w| (w as f64 - mean).powi(2)).sum();
        t.imbalance_seconds = (squares / model.mean_shift).round();
    }
    price(model, &mut t);
    t
}

fn count_visit(model: &Model, j: usize, e: usize, start: i64, depart: i64, t: &mut Terms) {
    let job = &model.problem.jobs[j];
    if let Some(deadline) = job.deadline {
        t.lateness_seconds += (depart - deadline).max(0);
    }
    if !model.prefer[j].is_empty() && model.prefer[j].binary_search(&(e as u32)).is_err() {
        t.not_preferred += 1;
    }
    let before = &model.before[j];
    if let Some(first) = before.first() {
        let same = before.iter().find(|b| b.0 as usize == e);
        t.changed_engineers += i64::from(same.is_none());
        t.moved_seconds += (start - i64::from(same.unwrap_or(first).1)).abs();
    }
}

fn price(model: &Model, t: &mut Terms) {
    let c = model.costs;
    if c.travel == 1 && c.plain() && c.unassigned.is_none() && model.problem.objective.is_default() {
        t.kind = "lexicographic".into();
        t.total = t.travel_seconds as f64;
        return;
    }
    t.kind = "weighted".into();
    let weigh = |weight: i64, amount: f64| weight as f64 / MILLI as f64 * amount;
    let list = [
        ("unassigned", c.unassigned.unwrap_or(0), t.unassigned_priority as f64),
        ("travel", c.travel, t.travel_seconds as f64),
        ("lateness", c.lateness, t.lateness_seconds as f64),
        ("overtime", c.overtime, t.overtime_seconds as f64),
        ("fairness", c.fairness, t.imbalance_seconds),
        ("stability", c.stability, t.changed_engineers as f64),
        ("moved", c.moved, t.moved_seconds as f64),
        ("preferred", c.preferred, t.not_preferred as f64),
    ];
    for (name, weight, amount) in list {
        if weight > 0 {
            let value = weigh(weight, amount);
            t.total += value;
            t.prices.insert(name.to_string(), value);
        }
    }
}
