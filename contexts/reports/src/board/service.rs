//! Reading the dashboard.

use std::collections::HashMap;

use db::Conn;
use kernel::{Date, Id, RuleError, T, Ts};
use kit::{
    Cx, Error, Result, Scope,
    format::{date_of, start_of},
};

use super::{
    model::{Board, Ended, League, MonthCount, PartLine, PartOrder, Period, Running, Totals},
    rules::{self, AGES},
    store,
};
use crate::perms::BOARD_READ;

/// Days that one dashboard covers at most.
const LONGEST: i64 = 366;

/// States of orders that are not over, in the order of work.
pub const OPEN_STATES: &[&str] =
    &["new", "accepted", "scheduled", "in_progress", "waiting", "done", "confirmed", "reopened"];

/// The period asked for: from the first of the month to today unless said otherwise.
///
/// Errors: `reports.period` at `to` when it ends before it begins or is longer than a year.
pub fn period(cx: &Cx, from: Option<Date>, to: Option<Date>) -> Result<Period, RuleError> {
    let to = to.unwrap_or_else(|| date_of(cx, cx.now()));
    let period = Period { from: from.unwrap_or_else(|| to.first_of_month()), to };
    if !(0..LONGEST).contains(&to.days_since(period.from)) {
        let text =
            T("请选择一年以内、起止顺序正确的日期", "Choose days within a year, the first before the last");
        return Err(RuleError::new("reports.period", text).field("to"));
    }
    Ok(period)
}

/// First instant of a period, and the first after it.
fn bounds(cx: &Cx, period: Period) -> (Ts, Ts) {
    (start_of(cx, period.from), start_of(cx, period.to.plus_days(1)))
}

/// All figures within the caller's reach. The orders of the period and of the one before are read once, and every
/// figure is made of them. Rankings have `most` lines.
pub async fn board(cx: &Cx, period: Period, most: usize) -> Result<Board> {
    let scope = cx.scope(&BOARD_READ)?;
    let before = rules::before(period);
    let ((from, to), (earlier, _)) = (bounds(cx, period), bounds(cx, before));
    let (now, zone) = (cx.now(), cx.zone());
    // On another core. Nobody waits for it while holding a connection, or all could wait for each other.
    let counts = tokio::spawn(counts(cx.clone(), scope.clone(), period));
    let mut conn = cx.read().await?;
    let mut facts = store::select_taken(&mut conn, &scope, earlier, to).await?;
    facts.extend(store::select_done_others(&mut conn, &scope, earlier, to).await?);
    let parts = store::select_parts(&mut conn, &scope, from, to, most).await?;
    let codes: Vec<&str> = parts.iter().map(|part| part.code.as_str()).collect();
    let part_faults: HashMap<String, i64> =
        store::count_part_faults(&mut conn, &scope, &codes, earlier, from).await?.into_iter().collect();
    let inside = rules::within(&facts, from, to);
    let outside = rules::within(&facts, earlier, from);
    let mut models = inside.models(&outside);
    models.truncate(most);
    let mut regions = inside.regions(&outside);
    regions.truncate(most);
    let ids: Vec<Id> = models.iter().map(|model| model.model_id).collect();
    for (id, units) in store::count_units(&mut conn, &scope, &ids).await? {
        models.iter_mut().filter(|model| model.model_id == id).for_each(|model| model.units = units);
    }
    let names: Vec<&str> = regions.iter().map(|area| area.region.as_str()).collect();
    let live = store::few_units(&mut conn).await?;
    let units = store::count_all_units(&mut conn, &scope, live).await?;
    for (region, units) in store::count_units_in(&mut conn, &scope, &names, live).await? {
        regions.iter_mut().filter(|area| area.region == region).for_each(|area| area.units = units);
    }
    let (mut engineers, mut outlets) =
        (inside.league(|fact| fact.engineer_id), inside.league(|fact| Some(fact.org_id)));
    engineers.truncate(most);
    outlets.truncate(most);
    let people = store::staff_names(&mut conn, &keys(&engineers)).await?;
    name(&mut engineers, people);
    let orgs = store::org_names(&mut conn, &keys(&outlets)).await?;
    name(&mut outlets, orgs);
    cx.count(&conn);
    drop(conn);
    let Counts { open, complaints, months, running, ended } =
        counts.await.map_err(|error| Error::Internal(error.to_string()))??;
    Ok(Board {
        documents: rules::kinds(running, ended),
        period,
        before,
        totals: Totals { complaints: complaints.0, ..inside.totals() },
        totals_before: Totals { complaints: complaints.1, ..outside.totals() },
        months,
        units,
        days: inside.days(period, |at| date_of(&zone, at)),
        open: rules::open(
            OPEN_STATES,
            open.into_iter().map(|(s, age, n)| (s, usize::try_from(age).unwrap_or(3), n)),
        ),
        classes: inside.classes(),
        models,
        regions,
        engineers,
        outlets,
        parts: parts
            .into_iter()
            .map(|part| {
                let faults_before = part_faults.get(&part.code).copied().unwrap_or(0);
                PartLine { part, faults_before }
            })
            .collect(),
        at: now,
    })
}

/// Figures that are counted by the database alone.
struct Counts {
    open: Vec<(String, i64, i64)>,
    /// In the period, and in the one before.
    complaints: (i64, i64),
    months: Vec<MonthCount>,
    running: Vec<Running>,
    ended: Vec<Ended>,
}

async fn counts(cx: Cx, scope: Scope, period: Period) -> Result<Counts> {
    let ((from, to), (earlier, _)) = (bounds(&cx, period), bounds(&cx, rules::before(period)));
    let mut conn = cx.read().await?;
    let today = date_of(&cx, cx.now());
    // A column begins with the first instant of its first day, so that the list of those days is what is counted.
    let since = AGES.map(|days| Ts(start_of(&cx, today.plus_days(1 - days)).0 - 1));
    let open = store::count_open(&mut conn, &scope, OPEN_STATES, since).await?;
    let months = months(&cx, &mut conn, &scope, period).await?;
    let complaints = (
        store::count_complaints(&mut conn, &scope, from, to).await?,
        store::count_complaints(&mut conn, &scope, earlier, from).await?,
    );
    let running = store::count_running(&mut conn, &scope).await?;
    let ended = store::count_ended(&mut conn, &scope, from, to).await?;
    cx.count(&conn);
    Ok(Counts { open, complaints, months, running, ended })
}

/// Faults of the months up to the period's end.
async fn months(cx: &Cx, conn: &mut Conn, scope: &Scope, period: Period) -> Result<Vec<MonthCount>> {
    let first_days = rules::months(period);
    let edges: Vec<Ts> = first_days.iter().map(|day| start_of(cx, *day)).collect();
    let mut months: Vec<MonthCount> = first_days
        .windows(2)
        .map(|days| MonthCount { from: days[0], to: days[1].plus_days(-1), faults: 0 })
        .collect();
    for (place, faults) in store::count_faults(conn, scope, &edges).await? {
        if let Some(month) = usize::try_from(place).ok().and_then(|place| months.get_mut(place)) {
            month.faults = faults;
        }
    }
    Ok(months)
}

/// Counts the units of the areas, for companies with too many to be counted at every look. Read outside the
/// transaction that keeps them: it takes a second, and nobody should wait for it.
pub async fn count_areas(cx: Cx) -> Result<()> {
    let mut conn = cx.read().await?;
    let areas = store::select_areas(&mut conn).await?;
    drop(conn);
    let mut tx = kit::begin!(&cx, "reports.count_areas", &());
    store::put_areas(&mut tx, &areas).await?;
    tx.commit(()).await
}

/// The orders of a period that used a part; `faults`: only those that were repairs.
pub async fn part_orders(cx: &Cx, code: &str, period: Period, faults: bool) -> Result<Vec<PartOrder>> {
    let scope = cx.scope(&BOARD_READ)?;
    let (from, to) = bounds(cx, period);
    let mut conn = cx.read().await?;
    let mut orders = store::select_part_orders(&mut conn, &scope, code, from, to).await?;
    orders.retain(|order| order.fault || !faults);
    cx.count(&conn);
    Ok(orders)
}

fn keys(league: &[League]) -> Vec<Id> {
    league.iter().map(|line| line.id).collect()
}

fn name(league: &mut [League], names: Vec<(Id, String)>) {
    for (id, name) in names {
        league.iter_mut().filter(|line| line.id == id).for_each(|line| line.name.clone_from(&name));
    }
}
