//! SQL of the return ledger.

use db::{Conn, args};
use kernel::Id;
use kit::{Error, Result};

use super::model::MakerReturn;

fn select() -> String {
    format!("select {} from maker_return m", MakerReturn::cols("m"))
}

pub async fn get_return(conn: &mut Conn, id: Id) -> Result<MakerReturn> {
    Ok(conn.one(&format!("{} where m.id = $1", select()), args![id]).await?)
}

/// The return of a unit that is at its maker now.
pub async fn find_open(conn: &mut Conn, unit: Id) -> Result<Option<MakerReturn>> {
    let sql = format!("{} where m.shop_unit_id = $1 and m.state = 'sent'", select());
    Ok(conn.opt(&sql, args![unit]).await?)
}

/// Returns of a unit, newest first.
pub async fn select_of_unit(conn: &mut Conn, unit: Id) -> Result<Vec<MakerReturn>> {
    let sql = format!("{} where m.shop_unit_id = $1 order by m.sent_at desc, m.id desc", select());
    Ok(conn.all(&sql, args![unit]).await?)
}

pub async fn insert_return(conn: &mut Conn, row: &MakerReturn) -> Result<()> {
    conn.exec_sql(db::insert_many("maker_return", MakerReturn::NAMES, vec![row.values()])).await?;
    Ok(())
}

pub async fn update_return(conn: &mut Conn, old: &MakerReturn, new: &MakerReturn) -> Result<()> {
    let sql = db::update_changed("maker_return", MakerReturn::NAMES, old.values(), new.values());
    let sql = sql.ok_or_else(|| Error::Internal("maker_return has no id".into()))?;
    if conn.exec_sql(sql).await? == 0 { Err(Error::stale()) } else { Ok(()) }
}
