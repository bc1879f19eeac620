//! SQL of callbacks.

use db::{Conn, Sql, args};
use kernel::Id;
use kit::Result;

use super::model::CallbackRow;

pub async fn get_callback(conn: &mut Conn, id: Id) -> Result<CallbackRow> {
    let sql = format!("select {} from callback c where c.id = $1", CallbackRow::cols("c"));
    Ok(conn.one(&sql, args![id]).await?)
}

/// The open call about an order or a request.
pub async fn find_open(
    conn: &mut Conn,
    order: Option<Id>,
    request: Option<Id>,
) -> Result<Option<CallbackRow>> {
    let sql = format!(
        "select {} from callback c where c.state = 'planned' and (c.order_id = $1 or c.request_id = $2)",
        CallbackRow::cols("c")
    );
    Ok(conn.opt(&sql, args![order, request]).await?)
}

/// Calls about an order, oldest first.
pub async fn select_of_order(conn: &mut Conn, order: Id) -> Result<Vec<CallbackRow>> {
    let sql = format!(
        "select {} from callback c where c.order_id = $1 order by c.created_at",
        CallbackRow::cols("c")
    );
    Ok(conn.all(&sql, args![order]).await?)
}

/// How many first callbacks an organisation has planned or skipped, for sampling.
pub async fn next_candidate(conn: &mut Conn, org: Id) -> Result<i64> {
    Ok(conn
        .scalar(
            "insert into callback_candidate (org_id, seen) values ($1, 1)
             on conflict (org_id) do update set seen = callback_candidate.seen + 1 returning seen",
            args![org],
        )
        .await?)
}

pub async fn insert_callback(conn: &mut Conn, row: &CallbackRow) -> Result<()> {
    let sql = Sql::with(
        "insert into callback (id, no, version, kind, org_id, customer_id, order_id, order_no, request_id, state,
            planned_at, clerk_id, attempts, answers, suggestion, demand, new_need, proposal, note, created_at, updated_at)
         values ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15,$16,$17,$18,$19,$20,$21)",
        args![
            row.id, &row.no, row.version, row.kind, row.org_id, row.customer_id, row.order_id, &row.order_no, row.request_id,
            row.state, row.planned_at, row.clerk_id, row.attempts, &row.answers, &row.suggestion, &row.demand,
            &row.new_need, &row.proposal, &row.note, row.created_at, row.updated_at
        ],
    );
    Ok(conn.later(sql).await?)
}

/// Saves a changed callback with the commit; when somebody was faster, the command is run again.
pub async fn update_callback(conn: &mut Conn, row: &CallbackRow) -> Result<()> {
    let sql = Sql::with(
            "update callback set version = $2, state = $3, planned_at = $4, clerk_id = $5, attempts = $6, last_attempt_at = $7,
                called_at = $8, class = $9, quality = $10, attitude = $11, answers = $12, suggestion = $13, demand = $14,
                new_need = $15, proposal = $16, note = $17, updated_at = $18, self_rated_at = $19
             where id = $1 and version = $2 - 1",
            args![
                row.id, row.version, row.state, row.planned_at, row.clerk_id, row.attempts, row.last_attempt_at,
                row.called_at, row.class, row.quality, row.attitude, &row.answers, &row.suggestion, &row.demand,
                &row.new_need, &row.proposal, &row.note, row.updated_at, row.self_rated_at
            ],
        );
    Ok(conn.later(sql.must(1, db::BUSY)).await?)
}

/// Remembers whom to call about a request solved on the phone.
pub async fn insert_advice(conn: &mut Conn, request: Id, customer: Id) -> Result<()> {
    conn.exec(
        "insert into callback_advice (request_id, customer_id) values ($1, $2) on conflict (request_id) do nothing",
        args![request, customer],
    )
    .await?;
    Ok(())
}

/// Whom to call about a request solved on the phone.
pub async fn find_advice(conn: &mut Conn, request: Id) -> Result<Option<Id>> {
    Ok(conn
        .scalar_opt("select customer_id from callback_advice where request_id = $1", args![request])
        .await?)
}

/// Gives all callbacks of one customer to another (merge).
pub async fn move_customer(conn: &mut Conn, from: Id, into: Id) -> Result<()> {
    let sql = "update callback set customer_id = $2, version = version + 1 where customer_id = $1";
    conn.exec(sql, args![from, into]).await?;
    conn.exec("update callback_advice set customer_id = $2 where customer_id = $1", args![from, into])
        .await?;
    Ok(())
}

/// Numbers of a customer's calls that are still to be made.
pub async fn select_planned_numbers(conn: &mut Conn, customer: Id) -> Result<Vec<(String,)>> {
    let sql =
        "select no from callback where customer_id = $1 and state = 'planned' order by planned_at limit 10";
    Ok(conn.all(sql, args![customer]).await?)
}
