//! SQL of the register.

use db::{Conn, Sql, args};
use kernel::Id;
use kit::{Result, Scope};

use super::model::CallRow;
use crate::request::model::RequestRow;

pub async fn insert_call(conn: &mut Conn, row: &CallRow) -> Result<()> {
    Ok(conn.later(db::insert_many("call_log", CallRow::NAMES, vec![row.values()])).await?)
}

/// Calls of this number that nobody took were called back. Rows of other organisations are theirs.
pub async fn mark_returned(conn: &mut Conn, row: &CallRow) -> Result<()> {
    let sql = Sql::with(
        "update call_log set to_return = false where to_return and org_id = $1 and phone_key = $2 and id <> $3",
        args![row.org_id, &row.phone_key, row.id],
    );
    Ok(conn.later(sql.apart()).await?)
}

/// Puts a registered call to the request that came of it; false when there is no such call here.
pub async fn link_call(conn: &mut Conn, call: Id, request: &RequestRow) -> Result<bool> {
    let done = conn
        .exec(
            "update call_log set request_id = $2, request_no = $3, customer_id = coalesce(customer_id, $4),
                party = case when party = '' then $5 else party end
             where id = $1 and request_id is null and org_id = $6",
            args![call, request.id, &request.no, request.customer_id, &request.customer_name, request.org_id],
        )
        .await?;
    Ok(done > 0)
}

/// Calls with one of these telephone numbers that were put to nobody's file, request or order.
pub async fn select_of_nobody(conn: &mut Conn, phones: &[String]) -> Result<Vec<(Id, String)>> {
    let mut sql = Sql::new(
        "select id, external_id from call_log where customer_id is null and request_id is null and order_id is null
           and phone_key in ",
    );
    sql.list(phones);
    Ok(conn.all_sql(sql).await?)
}

/// Calls and letters of a customer within a scope, newest first.
pub async fn select_of_customer(conn: &mut Conn, scope: &Scope, customer: Id) -> Result<Vec<CallRow>> {
    let mut sql = Sql::new(format!("select {} from call_log l where 1 = 1", CallRow::cols("l")));
    sql.and("l.customer_id =", customer);
    scope.push(&mut sql, "l.org_id", Some("l.staff_id"));
    sql.push(" order by l.at desc, l.id desc limit 20");
    Ok(conn.all_sql(sql).await?)
}

/// Calls about a request, oldest first.
pub async fn select_of_request(conn: &mut Conn, request: Id) -> Result<Vec<CallRow>> {
    let sql =
        format!("select {} from call_log l where l.request_id = $1 order by l.at, l.id", CallRow::cols("l"));
    Ok(conn.all(&sql, args![request]).await?)
}
