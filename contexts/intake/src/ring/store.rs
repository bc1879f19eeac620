//! SQL of ringing calls.

use db::{Conn, Sql, args};
use kernel::{Id, Ts};
use kit::{Result, Scope};

use super::model::{CallSums, Extension};
use crate::call::model::CallRow;

/// The call of that name of that telephone system, locked.
pub async fn lock_external(conn: &mut Conn, source: Id, external: &str) -> Result<Option<CallRow>> {
    let sql = format!(
        "select {} from call_log l where l.source_user = $1 and l.external_id = $2 and l.external_id <> ''{}",
        CallRow::cols("l"),
        conn.for_update()
    );
    Ok(conn.opt(&sql, args![source, external]).await?)
}

pub async fn get_call(conn: &mut Conn, id: Id) -> Result<CallRow> {
    let sql = format!("select {} from call_log l where l.id = $1", CallRow::cols("l"));
    Ok(conn.one(&sql, args![id]).await?)
}

/// The stations of a call as they are now.
pub async fn update_call(conn: &mut Conn, row: &CallRow) -> Result<()> {
    conn.exec(
        "update call_log set outcome = $2, phone = $3, phone_key = $4, party = $5, customer_id = $6, staff_id = $7,
            staff_name = $8, seconds = $9, line = $10, extension = $11, ring_at = $12, answered_at = $13, ended_at = $14,
            ring_seconds = $15, rings = $16, to_return = $17
         where id = $1",
        args![
            row.id, row.outcome, &row.phone, &row.phone_key, &row.party, row.customer_id, row.staff_id, &row.staff_name,
            row.seconds, &row.line, &row.extension, row.ring_at, row.answered_at, row.ended_at, row.ring_seconds, row.rings,
            row.to_return
        ],
    )
    .await?;
    Ok(())
}

/// Whose telephone rings.
pub async fn insert_ring(conn: &mut Conn, call: Id, user: Id, extension: &str, at: Ts) -> Result<()> {
    conn.exec(
        "insert into call_ring (call_id, user_id, extension, at) values ($1,$2,$3,$4) on conflict (call_id, user_id) do nothing",
        args![call, user, extension, at],
    )
    .await?;
    Ok(())
}

/// Accounts whose telephones rang for a call.
pub async fn select_rung(conn: &mut Conn, call: Id) -> Result<Vec<Id>> {
    let rows: Vec<(Id,)> = conn
        .all("select user_id from call_ring where call_id = $1 order by at, user_id", args![call])
        .await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

pub async fn is_rung(conn: &mut Conn, call: Id, user: Id) -> Result<bool> {
    let found: Option<i64> = conn
        .scalar_opt("select 1 from call_ring where call_id = $1 and user_id = $2", args![call, user])
        .await?;
    Ok(found.is_some())
}

pub async fn find_extension(conn: &mut Conn, extension: &str) -> Result<Option<Extension>> {
    let sql = format!("select {} from call_extension e where e.extension = $1", Extension::cols("e"));
    Ok(conn.opt(&sql, args![extension]).await?)
}

pub async fn find_of_user(conn: &mut Conn, user: Id) -> Result<Option<Extension>> {
    let sql = format!("select {} from call_extension e where e.user_id = $1", Extension::cols("e"));
    Ok(conn.opt(&sql, args![user]).await?)
}

pub async fn select_extensions(conn: &mut Conn, scope: &Scope) -> Result<Vec<Extension>> {
    let mut sql = Sql::new(format!("select {} from call_extension e where 1 = 1", Extension::cols("e")));
    scope.push(&mut sql, "e.org_id", Some("e.staff_id"));
    sql.push(" order by e.extension limit 500");
    Ok(conn.all_sql(sql).await?)
}

/// Whoever sat there, or elsewhere, before, does not any more.
pub async fn clear_extension(conn: &mut Conn, user: Id, extension: &str) -> Result<()> {
    conn.exec("delete from call_extension where user_id = $1 or extension = $2", args![user, extension])
        .await?;
    Ok(())
}

pub async fn insert_extension(conn: &mut Conn, row: &Extension) -> Result<()> {
    conn.exec(
        "insert into call_extension (extension, user_id, staff_id, staff_name, org_id, updated_at) values ($1,$2,$3,$4,$5,$6)",
        args![&row.extension, row.user_id, row.staff_id, &row.staff_name, row.org_id, row.updated_at],
    )
    .await?;
    Ok(())
}

/// Sums over incoming calls since an instant.
pub async fn sum_calls(conn: &mut Conn, scope: &Scope, since: Ts, rings: i64) -> Result<CallSums> {
    let mut sql = Sql::new(format!("select {} from (select count(*) as incoming", CallSums::cols("s")));
    let sums = [
        ("answered", "l.outcome = 'answered'", "1"),
        ("measured", "l.outcome = 'answered' and l.ring_seconds is not null", "1"),
        ("missed", "l.outcome = 'missed'", "1"),
        ("busy", "l.outcome = 'busy'", "1"),
        ("to_return", "l.to_return", "1"),
        ("ring_sum", "l.outcome = 'answered' and l.ring_seconds is not null", "l.ring_seconds"),
    ];
    for (name, when, what) in sums {
        sql.push(&format!(
            ", cast(coalesce(sum(case when {when} then {what} else 0 end), 0) as bigint) as {name}"
        ));
    }
    sql.push(", cast(coalesce(sum(case when l.outcome = 'answered' and l.ring_seconds is not null and l.rings <= ")
        .bind(rings)
        .push(" then 1 else 0 end), 0) as bigint) as in_time from call_log l where l.medium = 'call' and l.direction = 'in'");
    sql.and("l.at >=", since);
    scope.push(&mut sql, "l.org_id", Some("l.staff_id"));
    sql.push(") s");
    Ok(conn.all_sql(sql).await?.pop().unwrap_or_default())
}
