//! Reading the day.

use kernel::Id;
use kit::{Cx, Result, Sens, format};
use orders::api::{NO_DUE, State};

use super::{
    model::{Day, View, Visit, VisitRow},
    rules::{self, Bounds},
    store,
};
use crate::perms::PHONE_USE;

/// Days that finished visits stay in the list.
const DONE_DAYS: i64 = 7;

/// People whose visits the caller works on: oneself, and whom one stands in for (ORG-14).
pub fn my_people(cx: &Cx) -> Result<Vec<Id>> {
    let actor = cx.actor()?;
    Ok(actor.staff.iter().chain(actor.acting_for.iter()).copied().collect())
}

/// By the clock of the engineer's own organisation.
fn bounds(cx: &Cx) -> Bounds {
    let today = format::date_of(cx, cx.now());
    let at = |days| format::start_of(cx, today.plus_days(days));
    Bounds { start: at(0), next: at(1), after: at(2) }
}

/// Own visits of one segment. Two statements.
pub async fn day(cx: &Cx, view: View) -> Result<Day> {
    cx.require(&PHONE_USE)?;
    let people = my_people(cx)?;
    let bounds = bounds(cx);
    let mut conn = cx.read().await?;
    let mut rows = store::select_open(&mut conn, &people).await?;
    rows.extend(store::select_done(&mut conn, &people, bounds.start.plus_days(-DONE_DAYS)).await?);
    cx.count(&conn);
    drop(conn);
    let views: Vec<View> = rows.iter().map(|row| rules::view_of(row, bounds)).collect();
    let in_today = |state: State| {
        rows.iter().zip(&views).filter(|(row, v)| **v == View::Today && row.state == state).count()
    };
    let (in_progress, to_visit) = (in_today(State::InProgress), in_today(State::Scheduled));
    let done_today = rows
        .iter()
        .filter(|row| rules::finished(row.state) && row.done_at.is_some_and(|at| at >= bounds.start))
        .count();
    let counts = View::ALL.iter().map(|v| views.iter().filter(|x| *x == v).count()).collect();
    let mut shown: Vec<VisitRow> =
        rows.into_iter().zip(views).filter(|(_, v)| *v == view).map(|(row, _)| row).collect();
    rules::sort(&mut shown, view);
    let visits = shown.into_iter().map(|row| out(cx, row)).collect();
    Ok(Day { date: format::date_of(cx, cx.now()), view, visits, counts, done_today, in_progress, to_visit })
}

fn out(cx: &Cx, row: VisitRow) -> Visit {
    Visit {
        address: cx.mask(Sens::Address, &row.address),
        next_due_at: Some(row.next_due_at).filter(|at| *at < NO_DUE),
        next_due_total: row.next_due_total / 1_000_000,
        id: row.id,
        no: row.no,
        customer_name: cx.mask(kit::Sens::Name, &row.customer_name),
        region: row.region,
        kind: row.kind,
        priority: row.priority,
        urgent: row.urgent,
        state: row.state,
        waiting: row.waiting,
        symptom: row.symptom,
        model_name: row.model_name,
        appointment_from: row.appoint_from,
        appointment_to: row.appoint_to,
        reworks: row.reworks,
        departed_at: row.departed_at,
        arrived_at: row.arrived_at,
        done_at: row.done_at,
    }
}
