//! SQL of customers' keys.

use db::{Conn, Sql, args};
use kernel::{Id, Ts};
use kit::Result;

use super::model::KeyRow;

pub async fn find_key(conn: &mut Conn, order: Id) -> Result<Option<KeyRow>> {
    let sql = format!("select {} from order_key k where k.order_id = $1", KeyRow::cols("k"));
    Ok(conn.opt(&sql, args![order]).await?)
}

/// The order behind the secret of a customer's page.
pub async fn find_order(conn: &mut Conn, token: &str) -> Result<Option<Id>> {
    Ok(conn.scalar_opt("select order_id from order_key where token = $1", args![token]).await?)
}

/// A key, or another one in its place.
pub async fn put_key(conn: &mut Conn, row: &KeyRow) -> Result<()> {
    let sql = Sql::with(
        "insert into order_key (order_id, org_id, token, code, tries, used_at, created_at) values ($1,$2,$3,$4,$5,$6,$7)
         on conflict (order_id) do update set token = excluded.token, code = excluded.code, tries = excluded.tries,
            used_at = excluded.used_at, created_at = excluded.created_at",
        args![row.order_id, row.org_id, &row.token, &row.code, row.tries, row.used_at, row.created_at],
    );
    Ok(conn.later(sql).await?)
}

/// Another code behind the same page: the work begins again and the engineer knows the old one.
pub async fn renew_code(conn: &mut Conn, order: Id, code: &str) -> Result<()> {
    let sql = Sql::with(
        "update order_key set code = $2, tries = 0, used_at = null where order_id = $1",
        args![order, code],
    );
    Ok(conn.later(sql).await?)
}

pub async fn set_tries(conn: &mut Conn, order: Id, tries: i64) -> Result<()> {
    conn.exec("update order_key set tries = $2 where order_id = $1", args![order, tries]).await?;
    Ok(())
}

/// The code stood for the signature.
pub async fn mark_used(conn: &mut Conn, order: Id, at: Ts) -> Result<()> {
    conn.exec("update order_key set used_at = $2 where order_id = $1", args![order, at]).await?;
    Ok(())
}
