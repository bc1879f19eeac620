//! SQL of codes and passes, and of what a customer has.

use db::{Conn, args};
use kernel::{Id, Ts};
use kit::Result;

use super::model::{CodeRow, OwnOrder, PassRow};

pub async fn count_codes(conn: &mut Conn, unit: Id, since: Ts) -> Result<i64> {
    Ok(conn
        .scalar(
            "select count(*) from portal_code where unit_id = $1 and created_at >= $2",
            args![unit, since],
        )
        .await?)
}

pub async fn insert_code(conn: &mut Conn, row: &CodeRow) -> Result<()> {
    conn.exec_sql(db::insert_many("portal_code", CodeRow::NAMES, vec![row.values()])).await?;
    Ok(())
}

/// The newest code of a unit for a number, locked.
pub async fn lock_code(conn: &mut Conn, unit: Id, phone_key: &str) -> Result<Option<CodeRow>> {
    let sql = format!(
        "select {} from portal_code c where c.unit_id = $1 and c.phone_key = $2 order by c.created_at desc, c.id desc limit 1{}",
        CodeRow::cols("c"),
        conn.for_update()
    );
    Ok(conn.opt(&sql, args![unit, phone_key]).await?)
}

pub async fn set_tries(conn: &mut Conn, id: Id, tries: i64) -> Result<()> {
    conn.exec("update portal_code set tries = $2 where id = $1", args![id, tries]).await?;
    Ok(())
}

pub async fn mark_used(conn: &mut Conn, id: Id, at: Ts) -> Result<()> {
    conn.exec("update portal_code set used_at = $2 where id = $1", args![id, at]).await?;
    Ok(())
}

pub async fn insert_pass(conn: &mut Conn, row: &PassRow) -> Result<()> {
    conn.exec_sql(db::insert_many("portal_pass", PassRow::NAMES, vec![row.values()])).await?;
    Ok(())
}

pub async fn find_pass(conn: &mut Conn, hash: &str, now: Ts) -> Result<Option<PassRow>> {
    let sql =
        format!("select {} from portal_pass p where p.hash = $1 and p.expires_at > $2", PassRow::cols("p"));
    Ok(conn.opt(&sql, args![hash, now]).await?)
}

/// Codes and passes that are over.
pub async fn delete_over(conn: &mut Conn, now: Ts) -> Result<()> {
    conn.exec("delete from portal_pass where expires_at < $1", args![now]).await?;
    conn.exec("delete from portal_code where expires_at < $1", args![Ts(now.0 - 86_400_000_000)]).await?;
    Ok(())
}

/// Orders of a customer, newest first.
pub async fn select_orders(conn: &mut Conn, customer: Id, since: Ts) -> Result<Vec<OwnOrder>> {
    let sql = format!(
        "select {} from pub_order o where o.customer_id = $1 and (o.open or o.created_at >= $2)
         order by o.created_at desc limit 30",
        OwnOrder::cols("o")
    );
    Ok(conn.all(&sql, args![customer, since]).await?)
}
