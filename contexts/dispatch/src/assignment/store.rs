//! SQL of the dispatch day.

use db::{Conn, Sql, args};
use kernel::{Id, Ts};
use kit::{Result, Scope};

use super::model::{Booking, Unassigned};

/// Takes the calendars of engineers, in one order for everybody, so that bookings of one engineer go one
/// after the other and two bookings never wait for each other.
pub async fn lock_calendars(conn: &mut Conn, staff: &[Id]) -> Result<()> {
    let mut staff = staff.to_vec();
    staff.sort_unstable();
    staff.dedup();
    for id in staff {
        conn.exec(
            "insert into engineer_calendar (staff_id, booked) values ($1, 1)
             on conflict (staff_id) do update set booked = engineer_calendar.booked + 1",
            args![id],
        )
        .await?;
    }
    Ok(())
}

/// What keeps these engineers busy within `[from, to)`: appointments of open orders and absences.
pub async fn select_bookings(conn: &mut Conn, staff: &[Id], from: Ts, to: Ts) -> Result<Vec<Booking>> {
    if staff.is_empty() {
        return Ok(Vec::new());
    }
    let mut sql = Sql::new(
        "select o.engineer_id as staff_id, o.id as ref_id, o.no as label, o.customer_name as detail, o.state as state,
            o.appoint_from as from_at, o.appoint_to as to_at
         from pub_order o where o.open = true and o.engineer_id in ",
    );
    sql.list(staff.iter().copied());
    sql.and("o.appoint_from <", to).and("o.appoint_to >", from);
    sql.push(
        " union all select a.staff_id, a.id, a.kind, a.note, 'absent', a.from_at, a.to_at
          from absence a where a.state = 'active' and a.staff_id in ",
    );
    sql.list(staff.iter().copied());
    sql.and("a.from_at <", to).and("a.to_at >", from).push(" order by 1, 6");
    Ok(conn.all_sql(sql).await?)
}

/// How many open orders without a time each engineer has.
pub async fn count_untimed(conn: &mut Conn, staff: &[Id]) -> Result<Vec<(Id, i64)>> {
    let mut sql = Sql::new(
        "select o.engineer_id, count(*) from pub_order o where o.open = true and o.appoint_from is null and o.engineer_id in ",
    );
    sql.list(staff.iter().copied()).push(" group by o.engineer_id");
    Ok(conn.all_sql(sql).await?)
}

/// Orders of a scope that wait for an engineer, most urgent first. The words of the condition and the order are
/// those of the index `service_order_waiting`, which both engines know by them.
pub async fn select_unassigned(conn: &mut Conn, scope: &Scope, limit: i64) -> Result<Vec<Unassigned>> {
    let mut sql = Sql::new(format!(
        "select {} from pub_order o where o.open = true and o.state in ('new', 'accepted', 'reopened')",
        Unassigned::cols("o")
    ));
    scope.push(&mut sql, "o.org_id", Some("o.engineer_id"));
    sql.push(" order by o.priority desc, o.next_due_at, o.id limit ").bind(limit);
    Ok(conn.all_sql(sql).await?)
}
