//! Cheapest appointment windows for a caller: "Tuesday 10–12 costs 6 minutes of travel".

use serde::{Deserialize, Serialize};

use crate::{
    explain::readable,
    insert::rank_at,
    model::{Model, clip},
    route::stop_for,
    search::Search,
    travel::Metric,
    words::{Text, clock, span_en, span_zh},
};

/// What a window costs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Quote {
    pub from: i64,
    pub to: i64,
    /// Somebody could come.
    pub possible: bool,
    /// Added cost (travel seconds for the default objective).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cost: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub travel_seconds: Option<i64>,
    /// The cheapest engineer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub engineer: Option<String>,
    /// Engineers who could come.
    pub engineers: usize,
    pub text: Text,
}

/// Quotes for node `u` (one person, absent): possible ones first, cheapest first.
pub fn quotes<M: Metric>(
    model: &Model,
    search: &Search<'_, M>,
    u: u32,
    candidates: &[(i64, i64)],
) -> Vec<Quote> {
    let mut out: Vec<Quote> = candidates.iter().map(|w| quote(model, search, u, *w)).collect();
    out.sort_by(|a, b| {
        let key = |q: &Quote| (!q.possible, q.cost.unwrap_or(f64::INFINITY));
        let (x, y) = (key(a), key(b));
        x.0.cmp(&y.0).then(x.1.total_cmp(&y.1)).then((a.from, a.to).cmp(&(b.from, b.to)))
    });
    out
}

fn quote<M: Metric>(model: &Model, search: &Search<'_, M>, u: u32, window: (i64, i64)) -> Quote {
    let now = model.problem.now.unwrap_or(0);
    let mut stop = stop_for(search.core, u);
    (stop.open, stop.close) = (clip(window.0.max(now)), clip(window.1));
    let ranking = if stop.open > stop.close { Default::default() } else { rank_at(model, search, u, &stop) };
    let when = format!("{}–{}", clock(window.0), clock(window.1));
    let mut out = Quote {
        from: window.0,
        to: window.1,
        possible: false,
        cost: None,
        travel_seconds: None,
        engineer: None,
        engineers: ranking.offers.len(),
        text: Text::new(format!("{when} 无人可派"), format!("{when}: nobody can come")),
    };
    if let Some(best) = ranking.offers.first() {
        let vehicle = &model.vehicles[best.vehicle as usize];
        out.possible = true;
        out.cost = Some(readable(model, best.cost));
        out.travel_seconds = Some(best.travel);
        out.engineer = Some(model.problem.engineers[vehicle.engineer as usize].id.clone());
        out.text = Text::new(
            format!("{when} 增加路程 {}", span_zh(best.travel)),
            format!("{when} costs {} of travel", span_en(best.travel)),
        );
    }
    out
}

/// Windows of `length` seconds, one after the other, within the shifts of the problem, at most `count`.
pub fn candidates(model: &Model, length: i64, count: usize) -> Vec<(i64, i64)> {
    let length = length.max(60);
    let now = model.problem.now.unwrap_or(0);
    let first = model.vehicles.iter().map(|v| i64::from(v.from)).min().unwrap_or(0);
    let last = model.vehicles.iter().map(|v| i64::from(v.to)).max().unwrap_or(0);
    let mut at = first.div_euclid(length) * length;
    let mut out = Vec::new();
    while at < last && out.len() < count {
        let open = |v: &crate::model::Vehicle| i64::from(v.from) < at + length && at < i64::from(v.to);
        if at + length > now && model.vehicles.iter().any(open) {
            out.push((at, at + length));
            at += length;
            continue;
        }
        // Jump over nights.
        let next = model.vehicles.iter().map(|v| i64::from(v.from)).filter(|&f| f > at).min();
        at = next.map_or(last, |f| (f.div_euclid(length) * length).max(at + length));
    }
    out
}
