//! SQL of the day list.

use db::{Conn, Sql};
use kernel::{Id, Ts};
use kit::Result;

use super::model::VisitRow;

/// Visits shown at once.
const MOST: i64 = 200;

/// Appends the condition that a visit is these people's, as its engineer or a helper. `also` narrows the engineer's
/// orders before they are fetched: he has thousands of old ones. By ids, because an `or` over two tables would make
/// the database look at everybody's visits.
fn push_people(sql: &mut Sql, staff: &[Id], also: impl FnOnce(&mut Sql)) {
    sql.push(" where o.id in (select x.id from pub_order x where x.engineer_id in ")
        .list(staff.iter().copied());
    also(sql);
    sql.push(" union all select e.order_id from pub_order_engineer e where e.staff_id in ");
    sql.list(staff.iter().copied()).push(")");
}

/// Unfinished visits of people.
pub async fn select_open(conn: &mut Conn, staff: &[Id]) -> Result<Vec<VisitRow>> {
    let mut sql = Sql::new(format!("select {} from pub_order o", VisitRow::cols("o")));
    push_people(&mut sql, staff, |sql| {
        sql.push(" and x.open = true");
    });
    sql.push(" and o.state in ('accepted', 'scheduled', 'in_progress', 'waiting')");
    sql.push(&format!(" order by o.appoint_from limit {MOST}"));
    Ok(conn.all_sql(sql).await?)
}

/// Visits of people finished since an instant.
pub async fn select_done(conn: &mut Conn, staff: &[Id], since: Ts) -> Result<Vec<VisitRow>> {
    let mut sql = Sql::new(format!("select {} from pub_order o", VisitRow::cols("o")));
    push_people(&mut sql, staff, |sql| {
        sql.and("x.done_at >=", since);
    });
    sql.and("o.done_at >=", since);
    sql.push(" and o.state in ('done', 'confirmed', 'audited', 'closed')");
    sql.push(&format!(" order by o.done_at desc limit {MOST}"));
    Ok(conn.all_sql(sql).await?)
}
