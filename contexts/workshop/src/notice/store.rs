//! SQL of notices.

use db::{Conn, args};
use kernel::Id;
use kit::Result;

use super::model::{NoticeKind, ShopNotice};

/// Notices about a unit, newest first.
pub async fn select_of_unit(conn: &mut Conn, unit: Id) -> Result<Vec<ShopNotice>> {
    let sql = format!(
        "select {} from shop_notice n where n.shop_unit_id = $1 order by n.at desc, n.id desc",
        ShopNotice::cols("n")
    );
    Ok(conn.all(&sql, args![unit]).await?)
}

/// How often a kind was told about a unit.
pub async fn count_kind(conn: &mut Conn, unit: Id, kind: NoticeKind) -> Result<i64> {
    let sql = "select count(*) from shop_notice where shop_unit_id = $1 and kind = $2";
    Ok(conn.scalar(sql, args![unit, kind]).await?)
}

pub async fn insert_notice(conn: &mut Conn, row: &ShopNotice) -> Result<()> {
    conn.exec_sql(db::insert_many("shop_notice", ShopNotice::NAMES, vec![row.values()])).await?;
    Ok(())
}

/// The unit that a notice is about.
pub async fn get_unit_of(conn: &mut Conn, id: Id) -> Result<Id> {
    conn.scalar_opt("select shop_unit_id from shop_notice where id = $1", args![id])
        .await?
        .ok_or(kit::Error::NotFound)
}
