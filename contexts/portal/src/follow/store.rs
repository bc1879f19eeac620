//! SQL of followed orders: the published view only.

use db::{Conn, args};
use kernel::Id;
use kit::Result;

use super::model::FollowRow;

/// The unit of the order stands in the workshop: its pick-up is the customer's confirmation.
pub async fn in_house(conn: &mut Conn, order: Id) -> Result<bool> {
    let sql = "select count(*) from pub_shop_unit u where u.order_id = $1 and u.left_at is null";
    Ok(conn.scalar::<i64>(sql, args![order]).await? > 0)
}

pub async fn get_order(conn: &mut Conn, id: Id) -> Result<FollowRow> {
    let sql = format!("select {} from pub_order o where o.id = $1", FollowRow::cols("o"));
    Ok(conn.one(&sql, args![id]).await?)
}
