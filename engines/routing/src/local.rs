//! Improving a corner of a plan: the routes that matter for a few jobs, cut out, searched for a moment with the
//! prices of stability, and put back if that was better.

use std::collections::BTreeSet;

use crate::{
    anneal::{Keeper, Pace, Plan, anneal},
    core::{Core, Cut},
    insert::{bump, cheapest, rank},
    model::{Model, NONE},
    parts::{Part, merge, share},
    recreate::Inserter,
    route::DEPOT,
    ruin::RuinSize,
    search::{Search, Value},
    solve::Outside,
    travel::Metric,
};

/// Routes of a corner.
const ROUTES: usize = 24;

/// Puts what is absent into the plan where it fits (bumping one visit where that helps), then improves the
/// corner around `around` (nodes) and around what was absent. Returns the iterations done.
pub fn improve_locally<M: Metric>(
    model: &Model,
    search: &mut Search<'_, M>,
    around: &[u32],
    seconds: f64,
    iterations: u64,
    outside: &Outside,
) -> u64 {
    let began = outside.clock.seconds();
    // Who is new or has lost his place comes first; of all others that were left out, a few are looked at, too.
    let mut focus: Vec<u32> = around.to_vec();
    let (lost, others): (Vec<u32>, Vec<u32>) =
        search.absent.iter().copied().filter(|u| !around.contains(u)).partition(|&u| was_planned(model, u));
    focus.extend(lost);
    focus.extend(others.into_iter().take(ROUTES));
    insert_absent(model, search, around);
    let cut = corner(model, search, &focus);
    if cut.nodes.is_empty() || cut.vehicles.is_empty() || iterations == 0 {
        return 0;
    }
    let mut whole = search.snapshot();
    let mut part = Part { cut, base: Vec::new() };
    if model.costs.fairness > 0 {
        part.base = outside_work(model, search, &part.cut);
    }
    let (mut core, table) = Core::with_table(model, &part.cut, 60);
    core.fairness.base.clone_from(&part.base);
    let mut small = Search::new(&core, &table, 1);
    small.adopt(&share(&whole, &part.cut));
    let before = small.value();
    let mut tools = Inserter::new(&core, &table, 1);
    let planned = (core.len() - small.absent.len()).max(1);
    let detour = (small.cost() as f64 / planned as f64).max(1.0);
    let plan = Plan {
        hot: detour * 0.05,
        cold: detour * 0.002,
        price: detour * 50.0,
        size: RuinSize { mean: 6.0, longest: 8.0 },
    };
    let mut keeper = Keeper::new(&small);
    let mut pace = Brief { outside, began, seconds, iterations };
    let done = anneal(&mut small, &mut tools, &mut keeper, &plan, &mut pace);
    if keeper.best.value < before {
        merge(&mut whole, &part.cut, &keeper.best);
        search.restore(&whole);
    }
    done
}

/// Cheapest insertion of everything absent, weightiest first. Who is `fresh` or was in the previous plan may
/// bump another visit where nothing is free; all others have been refused before, and ask only for what has
/// become free.
pub fn insert_absent<M: Metric>(model: &Model, search: &mut Search<'_, M>, fresh: &[u32]) {
    let mut list = search.absent.clone();
    list.sort_by_key(|&u| {
        let node = &model.nodes[u as usize];
        (!node.pinned, !was_planned(model, u), std::cmp::Reverse(node.priority), u)
    });
    let mut tools = Inserter::new(search.core, search.metric, 1);
    for u in list {
        if search.at[u as usize] != NONE {
            continue;
        }
        if model.nodes[u as usize].group != NONE {
            search.begin();
            search.insert_group(&mut tools, u);
            search.sweep_absent();
            continue;
        }
        let most = search.most_it_may_cost(u).cost;
        let slot = cheapest(search, u, most);
        if slot.vehicle != NONE {
            search.accept_slot(u, slot);
            continue;
        }
        let class = &search.core.classes[search.core.class[u as usize] as usize];
        if !class.pickup.is_empty()
            && let Some(offer) = rank(model, search, u).offers.first().filter(|o| o.cost < most)
        {
            search.accept(u, offer);
        } else if (model.problem.previous.is_none() || fresh.contains(&u) || was_planned(model, u))
            && let Some(found) = bump(model, search, u)
            && found.home.vehicle != NONE
            && found.cost < most
        {
            search.accept_bump(u, &found);
        }
    }
}

fn was_planned(model: &Model, u: u32) -> bool {
    !model.before[model.nodes[u as usize].job as usize].is_empty()
}

/// Vehicles that come nearest to the focus, with all their visits and the absent jobs.
fn corner<M: Metric>(model: &Model, search: &Search<'_, M>, focus: &[u32]) -> Cut {
    let mut vehicles: BTreeSet<u32> = BTreeSet::new();
    let each = (ROUTES / focus.len().max(1)).max(3);
    for &u in focus {
        let class = &model.classes[model.nodes[u as usize].class as usize];
        let node = &model.nodes[u as usize];
        let (open, close) = match (node.windows.first(), node.windows.last()) {
            (Some(first), Some(last)) => (first.0, last.1),
            _ => continue,
        };
        let mut near: Vec<(i32, u32)> = Vec::new();
        for v in 0..model.vehicles.len() as u32 {
            let van = &search.core.vehicles[v as usize];
            let able = class.direct.has(v as usize) || class.pickup.has(v as usize);
            if !able || close < van.from || open > van.to {
                continue;
            }
            let stops = &search.routes[v as usize].stops;
            let least = stops.iter().map(|s| search.metric.time(s.place, node.place)).min().unwrap_or(0);
            near.push((least, v));
        }
        near.sort_unstable();
        vehicles.extend(near.iter().take(each).map(|n| n.1));
        if search.at[u as usize] != NONE {
            vehicles.insert(search.at[u as usize]);
        }
        if vehicles.len() >= 2 * ROUTES {
            break;
        }
    }
    let vehicles: Vec<u32> = vehicles.into_iter().collect();
    let mut nodes: Vec<u32> = search.absent.iter().copied().filter(|u| focus.contains(u)).collect();
    for &v in &vehicles {
        nodes.extend(search.routes[v as usize].nodes().filter(|&n| n < DEPOT));
    }
    nodes.sort_unstable();
    let inside: BTreeSet<u32> = nodes.iter().copied().collect();
    let mut locked = Vec::new();
    for members in &model.groups {
        if members.iter().any(|m| inside.contains(m)) && !members.iter().all(|m| inside.contains(m)) {
            locked.extend(members.iter().copied().filter(|m| inside.contains(m)));
        }
    }
    // An absent member of a group that is not whole here cannot be placed here.
    nodes.retain(|n| !(locked.contains(n) && search.at[*n as usize] == NONE));
    Cut { nodes, vehicles, locked }
}

fn outside_work<M: Metric>(model: &Model, search: &Search<'_, M>, cut: &Cut) -> Vec<i64> {
    let mut base = search.work.by_engineer.clone();
    for &v in &cut.vehicles {
        base[model.vehicles[v as usize].engineer as usize] -= search.routes[v as usize].work;
    }
    base
}

struct Brief<'a> {
    outside: &'a Outside<'a>,
    began: f64,
    seconds: f64,
    iterations: u64,
}

impl Pace for Brief<'_> {
    fn progress(&mut self, iterations: u64, _: Value) -> Option<f64> {
        if self.outside.cancel.load(std::sync::atomic::Ordering::Relaxed) {
            return None;
        }
        let time = (self.outside.clock.seconds() - self.began) / self.seconds;
        let done = time.max(iterations as f64 / self.iterations.max(1) as f64);
        (done < 1.0).then_some(done)
    }
}
