//! The schedule of a route: when each stop is served and each break is taken.
//!
//! Where breaks leave a choice, the schedule with the least lateness and movement wins, then the earliest end.
//! The solver's price of a route and the times in the answer come from the same walk.

use crate::{
    core::Core,
    model::{Costs, Pause},
    route::{DEPOT, EDGE, Route, Stop, start_at},
    schedule::{NEVER, TOO_LATE, reach, starts},
};

/// A step of a schedule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// A visit or pick-up: index of the stop, arrival, start, departure.
    Stop { index: usize, arrive: i32, start: i32, depart: i32 },
    /// A break: its number, start, end.
    Break { number: usize, start: i32, end: i32 },
}

/// A schedule with its end at the last place.
#[derive(Debug, Clone, Default)]
pub struct Schedule {
    pub steps: Vec<Step>,
    pub end: i32,
}

#[derive(Clone, Copy)]
struct Label {
    cost: i64,
    leave: i32,
    from: u8,
}

const DEAD: Label = Label { cost: i64::MAX, leave: NEVER, from: 0 };

/// What the start of a stop costs: lateness of its end, movement against the previous plan.
fn price(core: &Core, v: u32, stop: &Stop, start: i32) -> i64 {
    if stop.node >= DEPOT {
        return 0;
    }
    let node = stop.node as usize;
    let late = i64::from(start) + i64::from(stop.duration) - i64::from(core.deadline[node]);
    let mut price = core.costs.lateness * late.max(0);
    if core.costs.moved > 0
        && let Some(before) = core.before.get(node)
        && !before.is_empty()
    {
        let engineer = core.vehicles[v as usize].engineer;
        let known = before.iter().find(|b| b.0 == engineer).unwrap_or(&before[0]);
        price += core.costs.moved * (i64::from(start) - i64::from(known.1)).abs();
    }
    price
}

fn overtime(costs: &Costs, due: i32, end: i32) -> i64 {
    costs.overtime * (i64::from(end) - i64::from(due)).max(0)
}

/// Lateness, movement and overtime of a feasible, timed route in units of cost.
pub fn timed_cost(core: &Core, v: u32, route: &Route) -> i64 {
    let van = &core.vehicles[v as usize];
    if van.breaks.is_empty() {
        let mut cost = 0;
        for stop in &route.stops[1..route.stops.len() - 1] {
            cost += price(core, v, stop, stop.early - stop.duration);
        }
        return cost + overtime(&core.costs, van.due, route.stops[route.stops.len() - 1].early);
    }
    let labels = labels(core, v, route);
    labels.last().map_or(0, |label| if label.cost == i64::MAX { 0 } else { label.cost })
}

/// Best labels of every stop and number of breaks taken.
fn labels(core: &Core, v: u32, route: &Route) -> Vec<Label> {
    let van = &core.vehicles[v as usize];
    let (n, states) = (route.stops.len(), van.breaks.len() + 1);
    let mut labels = vec![DEAD; n * states];
    labels[0] = Label { cost: 0, leave: van.from, from: 0 };
    for i in 1..n {
        let stop = &route.stops[i];
        for k in 0..states {
            let late = if states == 1 { stop.late } else { route.late_k[i * states + k] };
            let mut best = DEAD;
            for before in 0..=k {
                let label = labels[(i - 1) * states + before];
                if label.leave == NEVER {
                    continue;
                }
                let ready = reach(label.leave, route.stops[i - 1].leg, &van.breaks[before..k]);
                if ready == NEVER || late == TOO_LATE || ready > late {
                    continue;
                }
                let start = start_at(core, stop, ready);
                if start == NEVER {
                    continue;
                }
                let step = if stop.node == EDGE {
                    overtime(&core.costs, van.due, start)
                } else {
                    price(core, v, stop, start)
                };
                let found = Label {
                    cost: label.cost.saturating_add(step),
                    leave: start + stop.duration,
                    from: before as u8,
                };
                if (found.cost, found.leave) < (best.cost, best.leave) {
                    best = found;
                }
            }
            labels[i * states + k] = best;
        }
    }
    labels
}

/// The schedule of a feasible, timed route.
pub fn schedule(core: &Core, v: u32, route: &Route) -> Schedule {
    let van = &core.vehicles[v as usize];
    let (n, states) = (route.stops.len(), van.breaks.len() + 1);
    let labels = labels(core, v, route);
    let mut taken = vec![states - 1; n];
    for i in (1..n).rev() {
        taken[i - 1] = usize::from(labels[i * states + taken[i]].from);
    }
    let mut out = Schedule { steps: Vec::with_capacity(n + states), end: van.from };
    for i in 1..n {
        let leave = labels[(i - 1) * states + taken[i - 1]].leave;
        let between = &van.breaks[taken[i - 1]..taken[i]];
        gap(&mut out, core, route, i, leave, between, taken[i - 1]);
    }
    out
}

/// Breaks and arrival of one gap, then the stop after it.
fn gap(
    out: &mut Schedule,
    core: &Core,
    route: &Route,
    i: usize,
    leave: i32,
    between: &[Pause],
    first: usize,
) {
    let leg = route.stops[i - 1].leg;
    for (k, start) in starts(leave, between).into_iter().enumerate() {
        out.steps.push(Step::Break { number: first + k, start, end: start + between[k].duration });
    }
    let stop = &route.stops[i];
    let arrive = reach(leave, leg, between);
    if stop.node == EDGE {
        out.end = arrive;
        return;
    }
    let start = start_at(core, stop, arrive);
    out.steps.push(Step::Stop { index: i, arrive, start, depart: start + stop.duration });
}
