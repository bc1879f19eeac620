//! Large problems in parts: routes that lie close to each other are searched together, parts in parallel, and
//! every round cuts anew, so that no border stays.

use crate::{
    core::Cut,
    model::{Model, NONE},
    rng::Rng,
    route::DEPOT,
    search::Snapshot,
    travel::NOWHERE,
};

/// Homes shared by more vehicles than this say nothing about where a vehicle works.
const SHARED_HOME: usize = 8;

/// A part: its cut and its routes.
pub struct Part {
    pub cut: Cut,
    /// Work of each engineer outside of the part, for fairness.
    pub base: Vec<i64>,
}

/// Something that has a position: a vehicle with its route, or an absent job.
#[derive(Clone, Copy)]
struct Item {
    at: [f64; 2],
    weight: f64,
    /// Vehicle number, or [`NONE`].
    vehicle: u32,
    /// Absent node, or [`NONE`].
    node: u32,
}

/// Positions of all places on a plane, for cutting only: coordinates as they are, or the first two principal
/// directions a matrix happens to show (its distances to two far places).
pub fn positions(model: &Model) -> Vec<[f64; 2]> {
    let places = &model.problem.places;
    let mut out = Vec::with_capacity(places.len());
    let by_table = matches!(model.problem.travel, crate::input::Travel::Matrix { .. });
    if by_table && !places.is_empty() {
        use crate::travel::Metric;
        let far = |from: u32| (0..places.len() as u32).max_by_key(|&p| model.fly.time(from, p)).unwrap_or(0);
        let a = far(0);
        let b = far(a);
        for p in 0..places.len() as u32 {
            out.push([f64::from(model.fly.time(a, p)), f64::from(model.fly.time(b, p))]);
        }
        return out;
    }
    // One factor for all: with each place's own the plane would be sheared, far from Greenwich beyond recognition.
    let shrink = mean_latitude(places).to_radians().cos();
    for place in places {
        out.push(match (place.lat, place.lon) {
            (Some(lat), Some(lon)) => [lon * shrink, lat],
            _ => [place.x.unwrap_or(0.0), place.y.unwrap_or(0.0)],
        });
    }
    out
}

/// Mean latitude of the places that have one, in degrees.
pub fn mean_latitude(places: &[crate::input::Place]) -> f64 {
    let (sum, count) = places.iter().filter_map(|p| p.lat).fold((0.0, 0.0), |(s, n), lat| (s + lat, n + 1.0));
    if count > 0.0 { sum / count } else { 0.0 }
}

/// Cuts a plan into parts of about `size` jobs. Without routes, vehicles follow jobs in proportion.
pub fn cut(model: &Model, plan: &Snapshot, at: &[[f64; 2]], size: usize, rng: &mut Rng) -> Vec<Part> {
    let mut items = Vec::with_capacity(model.vehicles.len() + 64);
    let mut spare: Vec<u32> = Vec::new();
    let mut present = vec![false; model.nodes.len()];
    let mut shared: std::collections::HashMap<u32, usize> = std::collections::HashMap::new();
    for vehicle in &model.vehicles {
        *shared.entry(vehicle.start).or_default() += 1;
    }
    let nothing_planned = plan.routes.iter().all(Vec::is_empty);
    for (v, route) in plan.routes.iter().enumerate() {
        let vehicle = &model.vehicles[v];
        let mut sum = [0.0, 0.0];
        let mut count = 0.0;
        for &(node, _) in route.iter().filter(|n| n.0 < DEPOT) {
            let p = at[model.nodes[node as usize].place as usize];
            (sum[0], sum[1]) = (sum[0] + p[0], sum[1] + p[1]);
            count += 1.0;
            present[node as usize] = true;
        }
        if count > 0.0 {
            items.push(Item {
                at: [sum[0] / count, sum[1] / count],
                weight: count,
                vehicle: v as u32,
                node: NONE,
            });
        } else if vehicle.start == NOWHERE || shared[&vehicle.start] > SHARED_HOME {
            spare.push(v as u32);
        } else {
            let at = at[vehicle.start as usize];
            items.push(Item {
                at,
                weight: if nothing_planned { 0.0 } else { 0.5 },
                vehicle: v as u32,
                node: NONE,
            });
        }
    }
    for (u, node) in model.nodes.iter().enumerate().filter(|(u, _)| !present[*u]) {
        let at = at[node.place as usize];
        items.push(Item { at, weight: 1.0, vehicle: NONE, node: u as u32 });
    }
    let mut groups: Vec<Vec<Item>> = Vec::new();
    let angle = rng.unit() * std::f64::consts::TAU;
    bisect(items, size.max(1) as f64, Some(angle), nothing_planned, &mut groups);
    finish(model, plan, groups, &spare)
}

/// Halves by weight across a direction, until a group is small enough.
fn bisect(mut items: Vec<Item>, size: f64, angle: Option<f64>, apart: bool, out: &mut Vec<Vec<Item>>) {
    let total: f64 = items.iter().map(|i| i.weight).sum();
    if total <= size * 1.3 || items.len() < 4 {
        out.push(items);
        return;
    }
    let direction = match angle {
        Some(angle) => [angle.cos(), angle.sin()],
        None => widest(&items),
    };
    let key = |i: &Item| i.at[0] * direction[0] + i.at[1] * direction[1];
    items.sort_by(|a, b| key(a).total_cmp(&key(b)).then(a.vehicle.cmp(&b.vehicle)).then(a.node.cmp(&b.node)));
    // A number of equal parts that the halves can be divided into.
    let parts = (total / size).round().max(2.0);
    let share = (parts / 2.0).floor() / parts;
    let (left, right) = if apart {
        let vehicles = items.iter().filter(|i| i.vehicle != NONE).count() as f64;
        let jobs = items.len() as f64 - vehicles;
        let (mut v, mut j) = (0.0, 0.0);
        items.into_iter().partition(|i| {
            let (seen, all) = if i.vehicle == NONE { (&mut j, jobs) } else { (&mut v, vehicles) };
            *seen += 1.0;
            *seen <= (all * share).round()
        })
    } else {
        let mut weight = 0.0;
        let at = items
            .iter()
            .position(|i| {
                weight += i.weight;
                weight >= total * share
            })
            .map_or(items.len() / 2, |at| at + 1);
        let right = items.split_off(at.min(items.len() - 1));
        (items, right)
    };
    if left.is_empty() || right.is_empty() {
        out.push(if left.is_empty() { right } else { left });
        return;
    }
    bisect(left, size, None, apart, out);
    bisect(right, size, None, apart, out);
}

/// Direction of the longer side of the box around the items.
fn widest(items: &[Item]) -> [f64; 2] {
    let range = |axis: usize| {
        let low = items.iter().map(|i| i.at[axis]).fold(f64::INFINITY, f64::min);
        let high = items.iter().map(|i| i.at[axis]).fold(f64::NEG_INFINITY, f64::max);
        high - low
    };
    if range(0) >= range(1) { [1.0, 0.0] } else { [0.0, 1.0] }
}

fn finish(model: &Model, plan: &Snapshot, groups: Vec<Vec<Item>>, spare: &[u32]) -> Vec<Part> {
    let count = groups.len();
    let mut part_of = vec![NONE; model.nodes.len()];
    let mut parts: Vec<Part> = groups
        .into_iter()
        .enumerate()
        .map(|(number, items)| {
            let mut vehicles: Vec<u32> = items.iter().map(|i| i.vehicle).filter(|&v| v != NONE).collect();
            vehicles.extend(spare.iter().copied().skip(number).step_by(count));
            vehicles.sort_unstable();
            let mut nodes: Vec<u32> = items.iter().map(|i| i.node).filter(|&n| n != NONE).collect();
            for &v in &vehicles {
                nodes.extend(plan.routes[v as usize].iter().map(|n| n.0).filter(|&n| n < DEPOT));
            }
            nodes.sort_unstable();
            for &n in &nodes {
                part_of[n as usize] = number as u32;
            }
            Part { cut: Cut { nodes, vehicles, locked: Vec::new() }, base: Vec::new() }
        })
        .collect();
    for members in &model.groups {
        if members.iter().any(|&m| part_of[m as usize] != part_of[members[0] as usize]) {
            for &m in members {
                parts[part_of[m as usize] as usize].cut.locked.push(m);
            }
        }
    }
    if model.costs.fairness > 0 {
        add_outside_work(model, plan, &mut parts);
    }
    parts
}

/// For fairness every part must know what its engineers (and all others) do elsewhere.
fn add_outside_work(model: &Model, plan: &Snapshot, parts: &mut [Part]) {
    use crate::travel::Metric;
    let work: Vec<i64> = plan
        .routes
        .iter()
        .enumerate()
        .map(|(v, route)| {
            if route.is_empty() {
                return 0;
            }
            let vehicle = &model.vehicles[v];
            let mut at = vehicle.start;
            let mut work = 0;
            for &(node, _) in route {
                let (place, duration) = if node >= DEPOT {
                    let depot = &model.depots[(node - DEPOT) as usize];
                    (depot.place, depot.duration)
                } else {
                    let node = &model.nodes[node as usize];
                    (node.place, node.duration)
                };
                work += i64::from(model.fly.time(at, place)) + i64::from(duration);
                at = place;
            }
            work + i64::from(model.fly.time(at, vehicle.end))
        })
        .collect();
    for part in parts {
        part.base = vec![0; model.problem.engineers.len()];
        for (v, &w) in work.iter().enumerate() {
            if part.cut.vehicles.binary_search(&(v as u32)).is_err() {
                part.base[model.vehicles[v].engineer as usize] += w;
            }
        }
    }
}

/// The part's share of a plan, in local numbers.
pub fn share(plan: &Snapshot, cut: &Cut) -> Snapshot {
    let routes = cut
        .vehicles
        .iter()
        .map(|&v| {
            plan.routes[v as usize]
                .iter()
                .map(|&(n, start)| {
                    let local =
                        if n >= DEPOT { n } else { cut.nodes.binary_search(&n).map_or(NONE, |i| i as u32) };
                    (local, start)
                })
                .filter(|n| n.0 != NONE)
                .collect()
        })
        .collect();
    Snapshot { routes, ..Snapshot::default() }
}

/// Writes a part's routes back into the plan.
pub fn merge(plan: &mut Snapshot, cut: &Cut, part: &Snapshot) {
    for (local, &v) in cut.vehicles.iter().enumerate() {
        let route = &mut plan.routes[v as usize];
        route.clear();
        route.extend(
            part.routes[local]
                .iter()
                .map(|&(n, start)| (if n >= DEPOT { n } else { cut.nodes[n as usize] }, start)),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_square_in_the_east_stays_a_square() {
        let mut problem = crate::generate::city(&crate::generate::City {
            engineers: 1,
            jobs: 3,
            seed: 1,
            lunch: false,
            radius_km: 10.0,
        });
        for (place, (lat, lon)) in
            problem.places.iter_mut().zip([(31.0, 121.0), (31.2, 121.0), (31.0, 121.2), (31.2, 121.2)])
        {
            (place.lat, place.lon) = (Some(lat), Some(lon));
        }
        let at = positions(&Model::new(&problem));
        assert!((at[0][0] - at[1][0]).abs() < 1e-9, "north is straight up");
        assert!((at[2][0] - at[0][0] - (at[3][0] - at[1][0])).abs() < 1e-9, "sides are parallel");
    }
}
