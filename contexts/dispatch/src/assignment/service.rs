//! Assigning orders and showing days.

use kernel::{Date, Id, T, Ts};
use kit::{
    Cx, Result, Tx, begin,
    format::start_of,
    settings::{Setting, SettingKind},
};
use orders::api::{AssignOrder, ORDER_ASSIGN, ORDER_READ, OrderOut};

use super::{
    model::{Booking, Day, ELSEWHERE, EngineerDay},
    rules, store,
};
use crate::perms::DAY_READ;

/// Waiting orders shown at once.
const MOST_UNASSIGNED: i64 = 200;

/// How long a visit without an end takes, minutes.
pub static VISIT: Setting = Setting {
    key: "dispatch.visit_minutes",
    label: T("未填结束时间的上门按多长占用", "Length of a visit without an end"),
    unit: T("分钟", "minutes"),
    kind: SettingKind::Int { min: 5, max: 1440 },
    default: "120",
    per_org: true,
};

const MINUTE: i64 = 60_000_000;

/// Assigns an order. Clashes with other appointments and absences of the engineer or a helper are refused
/// (DISP-23), also between dispatchers who act at the same moment; see [`guard`].
pub async fn assign_order(cx: &Cx, id: Id, input: AssignOrder) -> Result<OrderOut> {
    cx.require(&ORDER_ASSIGN)?;
    let mut tx = begin!(cx, "orders.assign", &(id, &input));
    let out = orders::api::assign_in(&mut tx, id, &input).await?;
    tx.commit(out).await
}

/// Guard of orders, asked with the appointment as it would be: nobody is in two places at once, whoever moves the
/// appointment and however (DISP-23).
pub async fn guard(tx: &mut Tx, id: Id, action: &str) -> Result<()> {
    if action != "appointment" {
        return Ok(());
    }
    let order = orders::api::brief(tx, id).await?;
    let (Some(engineer), Some(from)) = (order.engineer_id, order.appoint_from) else { return Ok(()) };
    let mut staff = vec![engineer];
    staff.extend(store::select_helpers(tx, id).await?);
    let (to, bookings) = held(tx, &staff, (from, order.appoint_to), order.org_id).await?;
    let names = org::api::staff_names(tx, &staff).await?;
    for member in &staff {
        let own: Vec<_> = bookings.iter().filter(|b| b.staff_id == *member).cloned().collect();
        rules::check_appointment(&own, id, from, to, names.get(member).map_or("", String::as_str))?;
    }
    Ok(())
}

/// Holds the calendars of people until the end of the command. Answers with the end of the window, by the usual length
/// of a visit where none is given, and with what is in the calendars.
pub async fn held(
    tx: &mut Tx,
    staff: &[Id],
    (from, to): (Ts, Option<Ts>),
    org: Id,
) -> Result<(Ts, Vec<Booking>)> {
    let cx = tx.cx().clone();
    let visit = cx.setting::<i64>(&VISIT, org).await? * MINUTE;
    let to = to.unwrap_or(Ts(from.0 + visit));
    store::lock_calendars(tx, staff).await?;
    let mut bookings = store::select_bookings(tx, staff, from, to, visit).await?;
    veil(&cx, &mut bookings);
    Ok((to, bookings))
}

/// Of orders and absences that are not the caller's business only the time stays.
fn veil(cx: &Cx, bookings: &mut [Booking]) {
    let (orders, days) = (cx.scope(&ORDER_READ), cx.scope(&DAY_READ));
    for booking in bookings {
        let scope = if booking.state == "absent" { &days } else { &orders };
        if !scope.as_ref().is_ok_and(|scope| scope.covers(booking.org_id, &[booking.staff_id])) {
            (booking.label, booking.detail) = (String::new(), String::new());
            if booking.state != "absent" {
                booking.state = ELSEWHERE.into();
            }
        }
    }
}

/// Outlets that the caller may send work to, by name.
pub async fn outlets(cx: &Cx) -> Result<Vec<(Id, String)>> {
    let mut conn = cx.read().await?;
    let orgs = org::api::orgs(&mut conn, &cx.scope(&ORDER_ASSIGN)?).await?;
    Ok(orgs.into_iter().map(|one| (one.id, one.name)).collect())
}

/// First and last instant of a day by the dispatcher's clock.
pub fn bounds(cx: &Cx, date: Date) -> (Ts, Ts) {
    (start_of(cx, date), start_of(cx, date.plus_days(1)))
}

/// The day of every engineer the caller may see, and the orders that wait.
pub async fn day(cx: &Cx, date: Date, area: Option<&str>) -> Result<Day> {
    let scope = cx.scope(&DAY_READ)?;
    let orders_scope = cx.scope(&ORDER_READ)?;
    let (from, to) = bounds(cx, date);
    let mut conn = cx.read().await?;
    let people = org::api::engineers(&mut conn, &scope).await?;
    let ids: Vec<Id> = people.iter().map(|p| p.id).collect();
    let homes: Vec<Id> = people.iter().map(|p| p.org_id).collect();
    let homes = org::api::org_names(&mut conn, &homes).await?;
    let visit = cx.setting::<i64>(&VISIT, cx.actor()?.org).await? * MINUTE;
    let mut bookings = store::select_bookings(&mut conn, &ids, from, to, visit).await?;
    veil(cx, &mut bookings);
    let untimed = store::count_untimed(&mut conn, &ids).await?;
    let unassigned = store::select_unassigned(&mut conn, &orders_scope, area, MOST_UNASSIGNED).await?;
    let areas = store::count_areas(&mut conn, &orders_scope).await?;
    cx.count(&conn);
    let engineers = people
        .into_iter()
        .map(|person| EngineerDay {
            bookings: bookings.iter().filter(|b| b.staff_id == person.id).cloned().collect(),
            untimed: untimed.iter().find(|(id, _)| *id == person.id).map_or(0, |(_, n)| *n),
            staff_id: person.id,
            name: person.name,
            org_id: person.org_id,
            org_name: homes.get(&person.org_id).cloned().unwrap_or_default(),
            grade: person.grade,
            skills: person.skills,
        })
        .collect();
    Ok(Day { date, engineers, unassigned, areas, area: area.map(str::to_string) })
}
