//! SQL of the van.

use db::{Conn, args};
use kernel::Id;
use kit::Result;

use super::model::Held;

/// Parts a van may hold in this list.
const MOST: i64 = 2000;

/// What a depot holds, by part, over the states that may be built in.
pub async fn select_held(conn: &mut Conn, depot: Id) -> Result<Vec<Held>> {
    let sql = format!(
        "select b.part_id, b.code, b.name, b.spec, b.unit,
            cast(sum(b.on_hand) as bigint) as on_hand, cast(sum(b.reserved) as bigint) as reserved,
            cast(sum(b.on_hand - b.reserved) as bigint) as available
         from pub_stock b
         where b.depot_id = $1 and b.on_hand > 0 and b.stock_state in ('new', 'repaired')
         group by b.part_id, b.code, b.name, b.spec, b.unit order by b.code limit {MOST}"
    );
    Ok(conn.all(&sql, args![depot]).await?)
}
