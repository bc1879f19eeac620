//! From orders to figures. Pure: every formula of the dashboard stands here once.

use std::collections::HashMap;

use kernel::{Date, Id, Ts};

use super::model::{
    Area, DayCount, Ended, Fact, Faults, KindLine, League, OpenState, Period, Rate, Running, Totals,
};

/// Lines of a league table or ranking.
pub const TOP: usize = 10;

/// Lines of a ranking in a file, and at most over REST.
pub const LONGEST_RANKING: usize = 10_000;

/// The period of as many days right before.
pub fn before(period: Period) -> Period {
    let days = period.to.days_since(period.from) + 1;
    Period { from: period.from.plus_days(-days), to: period.from.plus_days(-1) }
}

/// Months of the series of faults.
pub const MONTHS: i64 = 12;

/// First days of the months of the series, and the first day after it.
pub fn months(period: Period) -> Vec<Date> {
    let last = period.to.first_of_month();
    (1 - MONTHS..=1).map(|n| last.plus_months(n)).collect()
}

/// Counts of what one order adds when it is opened.
fn take(totals: &mut Totals, fact: &Fact) {
    totals.taken += 1;
    totals.repeat.add(fact.repeat_of.is_some());
}

/// Counts of what one order adds when it is done.
fn finish(totals: &mut Totals, fact: &Fact, done_at: Ts) {
    totals.done += 1;
    totals.on_time.add(on_time(fact));
    if let Some(first) = first_fix(fact) {
        totals.first_fix.add(first);
    }
    if let Some(satisfied) = satisfied(fact) {
        totals.satisfied.add(satisfied);
    }
    totals.repair_micros += (done_at.0 - fact.created_at.0).max(0);
    totals.gross.0 += fact.gross.0;
    totals.repaired += i64::from(fact.fault);
}

/// No clock of the order ran out.
fn on_time(fact: &Fact) -> bool {
    fact.late.is_empty()
}

/// Held at the first attempt; none while that is not known.
fn first_fix(fact: &Fact) -> Option<bool> {
    (fact.fix_class != "unknown").then(|| fact.fix_class == "first")
}

/// The customer is satisfied; none before the callback.
fn satisfied(fact: &Fact) -> Option<bool> {
    (!fact.callback_class.is_empty()).then(|| fact.callback_class == "satisfied")
}

/// Orders opened and orders done within `[from, to)`.
pub struct Within<'a> {
    /// Opened in it.
    pub taken: Vec<&'a Fact>,
    /// Done in it.
    pub done: Vec<(&'a Fact, Ts)>,
}

/// Sorts orders into an interval; an order may be both opened and done in it.
pub fn within(facts: &[Fact], from: Ts, to: Ts) -> Within<'_> {
    let inside = |at: Ts| from <= at && at < to;
    Within {
        taken: facts.iter().filter(|fact| inside(fact.created_at)).collect(),
        done: facts.iter().filter_map(|fact| Some((fact, fact.done_at.filter(|at| inside(*at))?))).collect(),
    }
}

impl Within<'_> {
    /// The figures.
    pub fn totals(&self) -> Totals {
        let mut totals = Totals::default();
        self.taken.iter().for_each(|fact| take(&mut totals, fact));
        self.done.iter().for_each(|(fact, at)| finish(&mut totals, fact, *at));
        totals
    }

    /// Day by day, days without orders included; `day_of` gives the local day.
    pub fn days(&self, period: Period, day_of: impl Fn(Ts) -> Date) -> Vec<DayCount> {
        let count = period.to.days_since(period.from) + 1;
        let mut days: Vec<DayCount> =
            (0..count).map(|n| DayCount { day: period.from.plus_days(n), taken: 0, done: 0 }).collect();
        let place = |at: Ts| usize::try_from(day_of(at).days_since(period.from)).ok();
        for fact in &self.taken {
            if let Some(day) = place(fact.created_at).and_then(|n| days.get_mut(n)) {
                day.taken += 1;
            }
        }
        for (_, at) in &self.done {
            if let Some(day) = place(*at).and_then(|n| days.get_mut(n)) {
                day.done += 1;
            }
        }
        days
    }

    /// Results of callbacks on done orders, most frequent first.
    pub fn classes(&self) -> Vec<(String, i64)> {
        let called = self.done.iter().map(|(fact, _)| fact.callback_class.as_str());
        ranked(called.filter(|class| !class.is_empty()))
    }

    /// Orders opened that tell of a fault.
    fn faults(&self) -> impl Iterator<Item = &Fact> {
        self.taken.iter().copied().filter(|fact| fact.fault)
    }

    /// Areas by orders opened, most first, with their faults now and before; units are filled in by the caller.
    pub fn regions(&self, before: &Within<'_>) -> Vec<Area> {
        let count = |within: &Within<'_>| -> HashMap<String, i64> {
            ranked(within.faults().map(|fact| fact.region.as_str())).into_iter().collect()
        };
        let (now, earlier) = (count(self), count(before));
        let of = |counts: &HashMap<String, i64>, region: &str| counts.get(region).copied().unwrap_or(0);
        let ranked = ranked(self.taken.iter().map(|fact| fact.region.as_str()));
        ranked
            .into_iter()
            .map(|(region, orders)| {
                let (faults, faults_before) = (of(&now, &region), of(&earlier, &region));
                Area { region, orders, faults, faults_before, units: 0 }
            })
            .collect()
    }

    /// Models by faults, most first, with those before; units are filled in by the caller.
    pub fn models(&self, before: &Within<'_>) -> Vec<Faults> {
        let mut found: HashMap<Id, Faults> = HashMap::new();
        for fact in self.faults() {
            if let Some(model_id) = fact.model_id {
                let name = fact.model_name.clone();
                let new = || Faults { model_id, name, faults: 0, faults_before: 0, units: 0 };
                found.entry(model_id).or_insert_with(new).faults += 1;
            }
        }
        for model in before.faults().filter_map(|fact| fact.model_id) {
            found.entry(model).and_modify(|line| line.faults_before += 1);
        }
        let mut models: Vec<Faults> = found.into_values().collect();
        models.sort_by(|a, b| b.faults.cmp(&a.faults).then_with(|| a.name.cmp(&b.name)));
        models
    }

    /// League table by what `of` gives, most orders done first; names are filled in by the caller.
    pub fn league(&self, of: impl Fn(&Fact) -> Option<Id>) -> Vec<League> {
        let mut found: HashMap<Id, Totals> = HashMap::new();
        for (fact, at) in &self.done {
            if let Some(id) = of(fact) {
                finish(found.entry(id).or_default(), fact, *at);
            }
        }
        let line = |(id, t): (Id, Totals)| League {
            id,
            name: String::new(),
            done: t.done,
            on_time: t.on_time,
            first_fix: t.first_fix,
            satisfied: t.satisfied,
        };
        let mut league: Vec<League> = found.into_iter().map(line).collect();
        league.sort_by(|a, b| b.done.cmp(&a.done).then(a.id.cmp(&b.id)));
        league
    }
}

/// Values by how often they occur, most frequent first, equals by name.
fn ranked<'a>(values: impl Iterator<Item = &'a str>) -> Vec<(String, i64)> {
    let mut counts: HashMap<&str, i64> = HashMap::new();
    values.for_each(|value| *counts.entry(value).or_default() += 1);
    let mut ranked: Vec<(String, i64)> =
        counts.into_iter().map(|(value, count)| (value.to_string(), count)).collect();
    ranked.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    ranked
}

/// Ages of open orders, in days of the calendar, at which a new column begins; today's make the first.
pub const AGES: [i64; 3] = [1, 3, 7];

/// First and last day of a column of age; none: no bound.
pub fn age_days(column: usize, today: Date) -> (Option<Date>, Option<Date>) {
    let edge = |n: usize| AGES.get(n).map(|days| today.plus_days(1 - days));
    (edge(column), column.checked_sub(1).and_then(edge).map(|day| day.plus_days(-1)))
}

/// So many per hundred, in tenths: complaints of orders opened, faults of units recorded; none of nothing.
pub fn per_hundred_tenths(count: i64, of: i64) -> Option<i64> {
    (of > 0).then(|| (count * 1000 + of / 2) / of)
}

/// Open orders by state in the given order and by age.
pub fn open(states: &[&str], rows: impl Iterator<Item = (String, usize, i64)>) -> Vec<OpenState> {
    let mut table: Vec<OpenState> =
        states.iter().map(|state| OpenState { state: (*state).to_string(), ages: [0; 4] }).collect();
    for (state, age, count) in rows {
        if let Some(line) = table.iter_mut().find(|line| line.state == state) {
            line.ages[age] += count;
        }
    }
    table.retain(|line| line.ages.iter().any(|n| *n > 0));
    table
}

/// Mean time from opening to done in tenths of an hour, rounded; none without done orders.
pub fn repair_tenths(totals: &Totals) -> Option<i64> {
    mean_tenths(totals.repair_micros, totals.done)
}

/// Mean of a sum of microseconds in tenths of an hour, rounded; none of nothing.
pub fn mean_tenths(micros: i64, of: i64) -> Option<i64> {
    let tenth = 360_000_000;
    (of > 0).then(|| (micros + of * tenth / 2) / (of * tenth))
}

/// Process documents by kind, those with most to do first.
pub fn kinds(running: Vec<Running>, ended: Vec<Ended>) -> Vec<KindLine> {
    let mut lines: Vec<KindLine> = running
        .into_iter()
        .map(|r| {
            let Running { code, name, name_en, n, late, contact } = r;
            KindLine { code, name, name_en, running: n, late, contact, ..KindLine::default() }
        })
        .collect();
    for Ended { code, name, name_en, n, micros } in ended {
        match lines.iter_mut().find(|line| line.code == code) {
            Some(line) => (line.done, line.micros) = (n, micros),
            None => {
                lines.push(KindLine { code, name, name_en, done: n, micros, ..KindLine::default() });
            }
        }
    }
    lines.sort_by(|a, b| (b.running + b.done, &a.code).cmp(&(a.running + a.done, &b.code)));
    lines
}

/// Change of a share in basis points; none when one of both is unknown.
pub fn change(now: Rate, before: Rate) -> Option<i64> {
    Some(now.bp()? - before.bp()?)
}

#[cfg(test)]
#[path = "rules_tests.rs"]
mod tests;
