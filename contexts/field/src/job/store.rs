//! SQL of the phone's order page.

use db::{Conn, args};
use kernel::Id;
use kit::Result;

use super::model::PastOrder;

/// Earlier orders shown.
const MOST: i64 = 6;

/// Earlier orders of a unit at its customer, newest first. The customer's index finds them: nobody has many.
pub async fn select_history(conn: &mut Conn, customer: Id, unit: Id, but: Id) -> Result<Vec<PastOrder>> {
    let sql = format!(
        "select {} from pub_order o where o.customer_id = $1 and o.unit_id = $2 and o.id <> $3
         order by o.created_at desc limit {MOST}",
        PastOrder::cols("o")
    );
    Ok(conn.all(&sql, args![customer, unit, but]).await?)
}
