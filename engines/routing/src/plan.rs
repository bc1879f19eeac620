//! Reading a plan back from an answer, and keeping as much of it as is still possible.

use std::collections::HashMap;

use crate::{
    answer::{RouteOut, StopOut},
    input::InputError,
    model::{Model, NONE, clip},
    route::DEPOT,
    search::{Search, Snapshot},
    travel::Metric,
};

/// The plan of an answer in the numbers of the model. Jobs that have begun are part of their vehicles, not of
/// the plan. Names that the problem does not know are errors, unless `lenient` skips them.
pub fn from_routes(model: &Model, routes: &[RouteOut], lenient: bool) -> Result<Snapshot, InputError> {
    let problem = model.problem;
    let jobs: HashMap<&str, usize> =
        problem.jobs.iter().enumerate().map(|(i, j)| (j.id.as_str(), i)).collect();
    let engineers: HashMap<&str, usize> =
        problem.engineers.iter().enumerate().map(|(i, e)| (e.id.as_str(), i)).collect();
    let vehicles: HashMap<(u32, u32), usize> =
        model.vehicles.iter().enumerate().map(|(i, v)| ((v.engineer, v.shift), i)).collect();
    let mut plan = Snapshot { routes: vec![Vec::new(); model.vehicles.len()], ..Snapshot::default() };
    let mut taken = vec![false; model.nodes.len()];
    for (r, route) in routes.iter().enumerate() {
        let Some(&engineer) = engineers.get(route.engineer.as_str()) else {
            if lenient {
                continue;
            }
            return Err(InputError::new(
                format!("routes[{r}].engineer"),
                format!("there is no engineer {:?} in the problem", route.engineer),
            ));
        };
        let Some(&v) = vehicles.get(&(engineer as u32, route.shift)) else {
            if lenient {
                continue;
            }
            return Err(InputError::new(
                format!("routes[{r}].shift"),
                format!("engineer {:?} has no usable shift {}", route.engineer, route.shift),
            ));
        };
        for (s, stop) in route.stops.iter().enumerate() {
            let path = || format!("routes[{r}].stops[{s}]");
            match stop {
                StopOut::Break { .. } => {}
                StopOut::Pickup { pickup, .. } => match problem.depots.iter().position(|d| d.id == *pickup) {
                    Some(d) => plan.routes[v].push((DEPOT + d as u32, -1)),
                    None if lenient => {}
                    None => return Err(InputError::new(path(), format!("there is no depot {pickup:?}"))),
                },
                StopOut::Visit { job, start, .. } => {
                    let Some(&j) = jobs.get(job.as_str()) else {
                        if lenient {
                            continue;
                        }
                        return Err(InputError::new(
                            path(),
                            format!("there is no job {job:?} in the problem"),
                        ));
                    };
                    let able = |u: &&u32| {
                        let class = &model.classes[model.nodes[**u as usize].class as usize];
                        !taken[**u as usize] && (class.direct.has(v) || class.pickup.has(v))
                    };
                    if let Some(&u) = model.nodes_of[j].iter().find(able) {
                        taken[u as usize] = true;
                        let grouped = model.nodes[u as usize].group != NONE;
                        plan.routes[v].push((u, if grouped { clip(*start) } else { -1 }));
                    } else if !lenient && !model.nodes_of[j].is_empty() {
                        let text =
                            format!("{job:?} cannot be done by {:?}, or stands there twice", route.engineer);
                        return Err(InputError::new(path(), text));
                    }
                }
            }
        }
    }
    Ok(plan)
}

impl<M: Metric> Search<'_, M> {
    /// Takes over a plan; where a route cannot be kept, its stops are taken over one by one as long as they
    /// fit, and the others are absent.
    pub fn adopt(&mut self, plan: &Snapshot) {
        self.restore(plan);
        self.begin();
        for (v, nodes) in plan.routes.iter().enumerate() {
            if nodes.is_empty() || !self.routes[v].is_empty() {
                continue;
            }
            let mut kept: Vec<(u32, i32)> = Vec::with_capacity(nodes.len());
            for &stop in nodes {
                kept.push(stop);
                if !self.would_hold(v as u32, &kept) {
                    kept.pop();
                }
            }
            self.touch(v as u32);
            self.fill_route(v as u32, &kept);
            if !self.core.depots.is_empty() {
                self.tidy_pickups(v as u32);
                self.repair_route(v as u32);
            }
        }
        self.drop_broken_groups();
        self.list_absent();
        self.now += 1;
    }
}
