//! Statements on second factors.

use db::{Conn, args};
use kernel::{Id, Ts};
use kit::Result;

use super::model::FactorRow;

/// The factor of an account, being set up or on.
pub(crate) async fn find(conn: &mut Conn, user: Id) -> Result<Option<FactorRow>> {
    let sql = format!("select {} from second_factor f where f.user_id = $1", FactorRow::cols("f"));
    Ok(conn.opt(&sql, args![user]).await?)
}

/// Begins anew.
pub(crate) async fn put(conn: &mut Conn, user: Id, secret: Vec<u8>, now: Ts) -> Result<()> {
    conn.exec(
        "insert into second_factor (user_id, secret, confirmed_at, last_step, created_at) values ($1, $2, null, 0, $3)
         on conflict (user_id) do update set secret = excluded.secret, created_at = excluded.created_at",
        args![user, secret, now],
    )
    .await?;
    Ok(())
}

/// From now on codes are asked for.
pub(crate) async fn confirm(conn: &mut Conn, user: Id, step: i64, now: Ts) -> Result<()> {
    conn.exec(
        "update second_factor set confirmed_at = $3, last_step = $2 where user_id = $1",
        args![user, step, now],
    )
    .await?;
    Ok(())
}

/// Uses a code up; false when somebody was faster.
pub(crate) async fn use_step(conn: &mut Conn, user: Id, step: i64) -> Result<bool> {
    let rows = conn
        .exec(
            "update second_factor set last_step = $2 where user_id = $1 and last_step < $2",
            args![user, step],
        )
        .await?;
    Ok(rows > 0)
}

/// Uses a recovery code up; false when there is none such left.
pub(crate) async fn use_code(conn: &mut Conn, user: Id, hash: &str, now: Ts) -> Result<bool> {
    let rows = conn
        .exec(
            "update recovery_code set used_at = $3 where user_id = $1 and hash = $2 and used_at is null",
            args![user, hash, now],
        )
        .await?;
    Ok(rows > 0)
}

/// New recovery codes instead of the old ones.
pub(crate) async fn replace_codes(conn: &mut Conn, user: Id, hashes: &[String]) -> Result<()> {
    conn.exec("delete from recovery_code where user_id = $1", args![user]).await?;
    if !hashes.is_empty() {
        let rows = hashes.iter().map(|hash| args![user, hash]).collect();
        conn.exec_sql(db::insert_many("recovery_code", &["user_id", "hash"], rows)).await?;
    }
    Ok(())
}

/// Recovery codes that were not used yet.
pub(crate) async fn count_codes(conn: &mut Conn, user: Id) -> Result<i64> {
    Ok(conn
        .scalar("select count(*) from recovery_code where user_id = $1 and used_at is null", args![user])
        .await?)
}

/// Takes the factor off; false when there was none.
pub(crate) async fn delete(conn: &mut Conn, user: Id) -> Result<bool> {
    replace_codes(conn, user, &[]).await?;
    Ok(conn.exec("delete from second_factor where user_id = $1", args![user]).await? > 0)
}
