//! Statements on forms that strangers sent.

use db::{Conn, args};
use kernel::{Id, Ts};
use kit::Result;

/// Token of the request that this form made for a unit, if it was sent before.
pub async fn find_report(conn: &mut Conn, key: &str, unit: Id) -> Result<Option<String>> {
    let sql = "select r.token from web_report w join service_request r on r.id = w.request_id where w.form_key = $1 and w.unit_id = $2";
    Ok(conn.scalar_opt(sql, args![key, unit]).await?)
}

/// False when the form was sent before.
pub async fn insert_report(conn: &mut Conn, key: &str, unit: Id, request: Id, now: Ts) -> Result<bool> {
    let sql = "insert into web_report (form_key, unit_id, request_id, at) values ($1, $2, $3, $4) on conflict (form_key, unit_id) do nothing";
    Ok(conn.exec(sql, args![key, unit, request, now]).await? > 0)
}
