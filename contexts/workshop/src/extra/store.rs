//! SQL of extra items.

use db::{Conn, args};
use kernel::Id;
use kit::{Error, Result};

use super::model::ExtraItem;

/// Extra items of a unit, oldest first.
pub async fn select_of_unit(conn: &mut Conn, unit: Id) -> Result<Vec<ExtraItem>> {
    let sql = format!(
        "select {} from extra_item e where e.shop_unit_id = $1 order by e.asked_at, e.id",
        ExtraItem::cols("e")
    );
    Ok(conn.all(&sql, args![unit]).await?)
}

pub async fn lock_item(conn: &mut Conn, unit: Id, id: Id) -> Result<ExtraItem> {
    let sql = format!(
        "select {} from extra_item e where e.id = $1 and e.shop_unit_id = $2{}",
        ExtraItem::cols("e"),
        conn.for_update()
    );
    Ok(conn.one(&sql, args![id, unit]).await?)
}

pub async fn insert_item(conn: &mut Conn, row: &ExtraItem) -> Result<()> {
    conn.exec_sql(db::insert_many("extra_item", ExtraItem::NAMES, vec![row.values()])).await?;
    Ok(())
}

pub async fn update_item(conn: &mut Conn, old: &ExtraItem, new: &ExtraItem) -> Result<()> {
    let sql = db::update_changed("extra_item", ExtraItem::NAMES, old.values(), new.values());
    let sql = sql.ok_or_else(|| Error::Internal("extra_item has no id".into()))?;
    if conn.exec_sql(sql).await? == 0 { Err(Error::stale()) } else { Ok(()) }
}
