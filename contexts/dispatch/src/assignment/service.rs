//! Assigning orders and showing days.

use kernel::{Date, Id, Ts};
use kit::{Cx, Result, begin};
use orders::api::{AssignOrder, ORDER_ASSIGN, ORDER_READ, OrderOut};

use super::{
    model::{Day, EngineerDay},
    rules, store,
};
use crate::perms::DAY_READ;

/// Waiting orders shown at once.
const MOST_UNASSIGNED: i64 = 200;

/// Zone of dispatch days.
pub const ZONE: &str = "Asia/Shanghai";

/// Assigns an order. Clashes with other appointments and absences of the engineer or a helper are refused
/// (DISP-23), also between dispatchers who act at the same moment.
pub async fn assign_order(cx: &Cx, id: Id, input: AssignOrder) -> Result<OrderOut> {
    cx.require(&ORDER_ASSIGN)?;
    let mut tx = begin!(cx, "orders.assign", &(id, &input));
    let order = orders::api::brief(&mut tx, id).await?;
    let window = input.appointment_from.or(order.appoint_from).zip(input.appointment_to.or(order.appoint_to));
    if let Some((from, to)) = window {
        let mut staff = vec![input.engineer_id];
        staff.extend(input.helpers.iter().map(|helper| helper.staff_id));
        store::lock_calendars(&mut tx, &staff).await?;
        let bookings = store::select_bookings(&mut tx, &staff, from, to).await?;
        if !bookings.is_empty() {
            let names = org::api::staff_names(&mut tx, &staff).await?;
            for member in &staff {
                let own: Vec<_> = bookings.iter().filter(|b| b.staff_id == *member).cloned().collect();
                rules::check_appointment(&own, id, from, to, names.get(member).map_or("", String::as_str))?;
            }
        }
    }
    let out = orders::api::assign_in(&mut tx, id, &input).await?;
    tx.commit(out).await
}

/// First and last instant of a local day.
pub fn bounds(date: Date) -> Result<(Ts, Ts)> {
    let zone = kernel::zone(ZONE)?;
    Ok((Ts::at_local(date, 0, &zone), Ts::at_local(date.plus_days(1), 0, &zone)))
}

/// The day of every engineer the caller may see, and the orders that wait.
pub async fn day(cx: &Cx, date: Date) -> Result<Day> {
    let scope = cx.scope(&DAY_READ)?;
    let orders_scope = cx.scope(&ORDER_READ)?;
    let (from, to) = bounds(date)?;
    let mut conn = cx.read().await?;
    let people = org::api::engineers(&mut conn, &scope).await?;
    let ids: Vec<Id> = people.iter().map(|p| p.id).collect();
    let bookings = store::select_bookings(&mut conn, &ids, from, to).await?;
    let untimed = store::count_untimed(&mut conn, &ids).await?;
    let unassigned = store::select_unassigned(&mut conn, &orders_scope, MOST_UNASSIGNED).await?;
    cx.count(&conn);
    let engineers = people
        .into_iter()
        .map(|person| EngineerDay {
            bookings: bookings.iter().filter(|b| b.staff_id == person.id).cloned().collect(),
            untimed: untimed.iter().find(|(id, _)| *id == person.id).map_or(0, |(_, n)| *n),
            staff_id: person.id,
            name: person.name,
            grade: person.grade,
            skills: person.skills,
        })
        .collect();
    Ok(Day { date, engineers, unassigned })
}
