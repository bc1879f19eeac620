//! SQL of followed orders: the published view only.

use db::{Conn, args};
use kernel::Id;
use kit::Result;

use super::model::FollowRow;

pub async fn get_order(conn: &mut Conn, id: Id) -> Result<FollowRow> {
    let sql = format!("select {} from pub_order o where o.id = $1", FollowRow::cols("o"));
    Ok(conn.one(&sql, args![id]).await?)
}
