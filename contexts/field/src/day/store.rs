//! SQL of the day list.

use db::{Conn, Sql};
use kernel::{Id, Ts};
use kit::Result;

use super::model::VisitRow;

/// Visits shown at once.
const MOST: i64 = 200;

/// Unfinished visits of people.
pub async fn select_open(conn: &mut Conn, staff: &[Id]) -> Result<Vec<VisitRow>> {
    let mut sql = Sql::new(format!(
        "select {} from pub_order o where o.open = true and o.engineer_id in ",
        VisitRow::cols("o")
    ));
    sql.list(staff.iter().copied());
    sql.push(" and o.state in ('accepted', 'scheduled', 'in_progress', 'waiting')");
    sql.push(&format!(" order by o.appoint_from limit {MOST}"));
    Ok(conn.all_sql(sql).await?)
}

/// Visits of people finished since an instant.
pub async fn select_done(conn: &mut Conn, staff: &[Id], since: Ts) -> Result<Vec<VisitRow>> {
    let mut sql =
        Sql::new(format!("select {} from pub_order o where o.engineer_id in ", VisitRow::cols("o")));
    sql.list(staff.iter().copied());
    sql.and("o.done_at >=", since);
    sql.push(" and o.state in ('done', 'confirmed', 'audited', 'closed')");
    sql.push(&format!(" order by o.done_at desc limit {MOST}"));
    Ok(conn.all_sql(sql).await?)
}
