//! Why this engineer, why not that one, why nobody.

use serde::{Deserialize, Serialize};

use crate::{
    counterfactual::{Counterfactual, for_job},
    insert::{Offer, rank},
    model::{MILLI, Model, NONE},
    reasons::{refusal_by_plan, refusal_by_rule, why_unassigned},
    search::Search,
    travel::Metric,
    words::{Reason, Text},
};

/// The story of one job in a plan.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Explanation {
    pub job: String,
    /// Who does it (several for a crew); empty when nobody does.
    pub assigned: Vec<Choice>,
    /// Others who could, cheapest first.
    pub alternatives: Vec<Choice>,
    /// Those who cannot, with the reason.
    pub refused: Vec<Refused>,
    /// Why nobody does it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unassigned: Option<Reason>,
    /// In words.
    pub text: Text,
    /// What would have to be different for an unassigned job.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub counterfactuals: Vec<Counterfactual>,
}

/// An engineer's price for the job.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Choice {
    pub engineer: String,
    pub shift: u32,
    /// Added cost (travel seconds for the default objective).
    pub cost: f64,
    /// Added travel seconds.
    pub travel_seconds: i64,
    /// Visit before, if any.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
    /// When service would start.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start: Option<i64>,
    /// Parts are picked up on the way.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub pickup: bool,
    pub text: Text,
}

/// Who cannot, and why.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Refused {
    pub engineer: String,
    pub shift: u32,
    #[serde(flatten)]
    pub reason: Reason,
    pub text: Text,
}

/// Costs as people read them: in seconds of travel or in units of the weights.
pub fn readable(model: &Model, cost: i64) -> f64 {
    if model.problem.objective.is_default() { cost as f64 } else { cost as f64 / MILLI as f64 }
}

/// An offer in words.
pub fn choice<M: Metric>(model: &Model, search: &Search<'_, M>, u: u32, offer: &Offer) -> Choice {
    let vehicle = &model.vehicles[offer.vehicle as usize];
    let route = &search.routes[offer.vehicle as usize];
    let before = route.stops[offer.after as usize].node;
    let named = !offer.pickup && (before as usize) < model.nodes.len();
    let after = named.then(|| model.problem.jobs[model.nodes[before as usize].job as usize].id.clone());
    let start = (!offer.pickup).then(|| start_of(search, u, offer)).flatten();
    let minutes = (offer.travel + 30).div_euclid(60);
    let at = start.map(crate::words::clock).unwrap_or_default();
    Choice {
        engineer: model.problem.engineers[vehicle.engineer as usize].id.clone(),
        shift: vehicle.shift,
        cost: readable(model, offer.cost),
        travel_seconds: offer.travel,
        text: Text::new(
            format!("增加路程 {minutes} 分钟，{at} 开始"),
            format!("{minutes} min more travel, start {at}"),
        ),
        after,
        start,
        pickup: offer.pickup,
    }
}

/// When service starts if the offer is taken.
fn start_of<M: Metric>(search: &Search<'_, M>, u: u32, offer: &Offer) -> Option<i64> {
    let v = offer.vehicle;
    let mut route = search.routes[v as usize].clone();
    route.stops.insert(offer.after as usize + 1, crate::route::stop_for(search.core, u));
    crate::route::retime(search.core, search.metric, v, &mut route).then_some(())?;
    let schedule = crate::walk::schedule(search.core, v, &route);
    schedule.steps.iter().find_map(|s| match s {
        crate::walk::Step::Stop { index, start, .. } if *index == offer.after as usize + 1 => {
            Some(i64::from(*start))
        }
        _ => None,
    })
}

/// Explains a job of the problem. `only` limits the refusals to one engineer (by id).
pub fn explain<M: Metric>(
    model: &Model,
    search: &mut Search<'_, M>,
    job: u32,
    only: Option<&str>,
) -> Explanation {
    let nodes = model.nodes_of[job as usize].clone();
    let wanted = |v: u32| {
        let id = &model.problem.engineers[model.vehicles[v as usize].engineer as usize].id;
        only.is_none_or(|o| o == id)
    };
    let mut out = Explanation {
        job: model.problem.jobs[job as usize].id.clone(),
        assigned: Vec::new(),
        alternatives: Vec::new(),
        refused: Vec::new(),
        unassigned: None,
        text: Text::default(),
        counterfactuals: Vec::new(),
    };
    let Some(&first) = nodes.first() else {
        out.text = Text::new("已经开始，事实不再解释", "Has begun: a fact");
        return out;
    };
    let absent = search.at[first as usize] == NONE;
    if absent {
        let reason = why_unassigned(model, search, job);
        out.text = reason.text();
        out.unassigned = Some(reason);
        out.counterfactuals = for_job(model, search, job);
    }
    for &u in &nodes {
        let home = search.at[u as usize];
        search.begin();
        if home != NONE {
            search.touch(home);
            let at = search.routes[home as usize].stops.iter().position(|s| s.node == u).unwrap_or(1);
            search.cut(home, at, at + 1);
            search.repair_route(home);
        }
        let ranking = rank(model, search, u);
        for offer in &ranking.offers {
            let choice = choice(model, search, u, offer);
            if offer.vehicle == home {
                out.assigned.push(choice);
            } else if u == first && wanted(offer.vehicle) {
                out.alternatives.push(choice);
            }
        }
        if u == first {
            for &(v, _) in ranking.refused.iter().filter(|r| wanted(r.0) && r.0 != home) {
                let reason = refusal_by_rule(model, search, u, v)
                    .or_else(|| refusal_by_plan(model, search, u, v))
                    .unwrap_or(Reason::Fits);
                let vehicle = &model.vehicles[v as usize];
                out.refused.push(Refused {
                    engineer: model.problem.engineers[vehicle.engineer as usize].id.clone(),
                    shift: vehicle.shift,
                    text: reason.text(),
                    reason,
                });
            }
        }
        search.take_back();
    }
    if !absent {
        out.text = praise(&out);
    }
    out
}

/// Why the one who does it does it.
fn praise(e: &Explanation) -> Text {
    let Some(own) = e.assigned.first() else {
        return Text::new("已安排", "It is planned");
    };
    match e.alternatives.first() {
        None => Text::new(
            format!("只有 {} 能在时段内完成", own.engineer),
            format!("Only {} can do it in time", own.engineer),
        ),
        Some(next) if next.cost >= own.cost => {
            let more = (next.travel_seconds - own.travel_seconds + 30).div_euclid(60);
            Text::new(
                format!("{} 最合适；次选 {} 多花路程 {more} 分钟", own.engineer, next.engineer),
                format!("{} is best; next is {} with {more} min more travel", own.engineer, next.engineer),
            )
        }
        Some(next) => {
            let less = (own.travel_seconds - next.travel_seconds + 30).div_euclid(60);
            Text::new(
                format!("整体计划选择 {}；单看此单 {} 少 {less} 分钟路程", own.engineer, next.engineer),
                format!(
                    "{} suits the plan as a whole; for this job alone {} would travel {less} min less",
                    own.engineer, next.engineer
                ),
            )
        }
    }
}
