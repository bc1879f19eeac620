//! SQL of the day list.

use db::{Conn, Sql};
use kernel::{Id, Ts};
use kit::Result;

use super::model::VisitRow;

/// Visits shown at once.
const MOST: i64 = 200;

/// Whose visits: the engineer's and his helpers'.
fn push_people(sql: &mut Sql, staff: &[Id]) {
    sql.push(" and (o.engineer_id in ").list(staff.iter().copied());
    sql.push(" or o.id in (select e.order_id from pub_order_engineer e where e.staff_id in ");
    sql.list(staff.iter().copied()).push("))");
}

/// Unfinished visits of people.
pub async fn select_open(conn: &mut Conn, staff: &[Id]) -> Result<Vec<VisitRow>> {
    let mut sql = Sql::new(format!("select {} from pub_order o where o.open = true", VisitRow::cols("o")));
    push_people(&mut sql, staff);
    sql.push(" and o.state in ('accepted', 'scheduled', 'in_progress', 'waiting')");
    sql.push(&format!(" order by o.appoint_from limit {MOST}"));
    Ok(conn.all_sql(sql).await?)
}

/// Visits of people finished since an instant.
pub async fn select_done(conn: &mut Conn, staff: &[Id], since: Ts) -> Result<Vec<VisitRow>> {
    let mut sql = Sql::new(format!("select {} from pub_order o where 1 = 1", VisitRow::cols("o")));
    push_people(&mut sql, staff);
    sql.and("o.done_at >=", since);
    sql.push(" and o.state in ('done', 'confirmed', 'audited', 'closed')");
    sql.push(&format!(" order by o.done_at desc limit {MOST}"));
    Ok(conn.all_sql(sql).await?)
}
