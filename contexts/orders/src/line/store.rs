//! All SQL of order lines.

use db::{Conn, Sql, args};
use kernel::Id;
use kit::Result;

use super::model::LineRow;
use crate::record::changed;

/// Lines of an order in their order.
pub async fn select_lines(conn: &mut Conn, order: Id) -> Result<Vec<LineRow>> {
    let sql = format!(
        "select {} from order_line l where l.order_id = $1 order by l.place, l.id",
        LineRow::cols("l")
    );
    Ok(conn.all(&sql, args![order]).await?)
}

/// New lines, in one statement.
pub async fn insert_lines(conn: &mut Conn, rows: &[LineRow]) -> Result<()> {
    if !rows.is_empty() {
        let rows = rows.iter().map(LineRow::values).collect();
        conn.later(db::insert_many("order_line", LineRow::NAMES, rows)).await?;
    }
    Ok(())
}

/// Writes what changed of a line. The order's lock guards its lines.
pub async fn update_line(conn: &mut Conn, old: &LineRow, new: &LineRow) -> Result<()> {
    let changes = changed(LineRow::NAMES, old.values(), new.values());
    if changes.is_empty() {
        return Ok(());
    }
    let mut sql = Sql::new("update order_line set ");
    for (index, change) in changes.iter().enumerate() {
        sql.push(if index == 0 { "" } else { ", " }).push(change.name).push(" = ").bind(change.new.clone());
    }
    sql.push(" where id = ").bind(old.id);
    // A command writes a line once.
    Ok(conn.later(sql.apart()).await?)
}

/// Removes lines.
pub async fn delete_lines(conn: &mut Conn, ids: &[Id]) -> Result<()> {
    if !ids.is_empty() {
        let mut sql = Sql::new("delete from order_line where id in ");
        sql.list(ids.iter().copied());
        conn.exec_sql(sql).await?;
    }
    Ok(())
}
