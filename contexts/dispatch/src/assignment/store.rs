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

/// What keeps these engineers busy within `[from, to)`: appointments of open orders, as their engineer or as a helper,
/// and absences. An appointment without an end takes `visit` microseconds.
pub async fn select_bookings(
    conn: &mut Conn,
    staff: &[Id],
    from: Ts,
    to: Ts,
    visit: i64,
) -> Result<Vec<Booking>> {
    if staff.is_empty() {
        return Ok(Vec::new());
    }
    let visits = |sql: &mut Sql, who: &str, of: &str, helping: &str| {
        sql.push("select ").push(who).push(" as staff_id, o.id as ref_id, o.no as label, o.customer_name as detail, o.state as state, o.appoint_from as from_at, coalesce(o.appoint_to, o.appoint_from + ");
        sql.bind(visit).push(") as to_at, o.org_id as org_id from ").push(of);
        sql.push(" where o.open = true").push(helping).push(" and ").push(who).push(" in ");
        sql.list(staff.iter().copied());
        sql.and("o.appoint_from <", to).push(" and coalesce(o.appoint_to, o.appoint_from + ").bind(visit);
        sql.push(") > ").bind(from);
    };
    let mut sql = Sql::new("");
    visits(&mut sql, "o.engineer_id", "pub_order o", "");
    sql.push(" union all ");
    let shared = "pub_order_engineer h join pub_order o on o.id = h.order_id";
    visits(&mut sql, "h.staff_id", shared, " and not h.lead and h.staff_id <> o.engineer_id");
    sql.push(
        " union all select a.staff_id, a.id, a.kind, a.note, 'absent', a.from_at, a.to_at, a.org_id
          from absence a where a.state = 'active' and a.staff_id in ",
    );
    sql.list(staff.iter().copied());
    sql.and("a.from_at <", to).and("a.to_at >", from).push(" order by 1, 6");
    Ok(conn.all_sql(sql).await?)
}

/// Who helps with an order.
pub async fn select_helpers(conn: &mut Conn, order: Id) -> Result<Vec<Id>> {
    let sql = "select h.staff_id from pub_order_engineer h where h.order_id = $1 and not h.lead";
    Ok(conn.all::<(Id,)>(sql, args![order]).await?.into_iter().map(|(id,)| id).collect())
}

/// Waiting orders of a scope by area, most first (P-03: dispatch groups by area).
pub async fn count_areas(conn: &mut Conn, scope: &Scope) -> Result<Vec<(String, i64)>> {
    let mut sql = Sql::new(
        "select o.region, count(*) from pub_order o where o.open = true and o.state in ('new', 'accepted', 'reopened')",
    );
    scope.push(&mut sql, "o.org_id", Some("o.engineer_id"));
    sql.push(" group by o.region order by 2 desc, 1 limit 30");
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
pub async fn select_unassigned(
    conn: &mut Conn,
    scope: &Scope,
    area: Option<&str>,
    limit: i64,
) -> Result<Vec<Unassigned>> {
    let mut sql = Sql::new(format!(
        "select {} from pub_order o where o.open = true and o.state in ('new', 'accepted', 'reopened')",
        Unassigned::cols("o")
    ));
    scope.push(&mut sql, "o.org_id", Some("o.engineer_id"));
    if let Some(area) = area {
        sql.and("o.region =", area);
    }
    sql.push(" order by o.priority desc, o.next_due_at, o.id limit ").bind(limit);
    Ok(conn.all_sql(sql).await?)
}
