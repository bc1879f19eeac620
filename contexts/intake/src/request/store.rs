//! SQL of requests.

use db::{Conn, Sql, args, insert_many, update_changed};
use kernel::{Id, Ts};
use kit::{Error, Result};

use super::{input::OrderLink, model::RequestRow};

pub async fn get_request(conn: &mut Conn, id: Id) -> Result<RequestRow> {
    let sql = format!("select {} from service_request r where r.id = $1", RequestRow::cols("r"));
    Ok(conn.one(&sql, args![id]).await?)
}

/// The request, if there is one.
pub async fn find_request(conn: &mut Conn, id: Id) -> Result<Option<RequestRow>> {
    let sql = format!("select {} from service_request r where r.id = $1", RequestRow::cols("r"));
    Ok(conn.opt(&sql, args![id]).await?)
}

pub async fn lock_request(conn: &mut Conn, id: Id) -> Result<RequestRow> {
    let sql = format!(
        "select {} from service_request r where r.id = $1{}",
        RequestRow::cols("r"),
        conn.for_update()
    );
    Ok(conn.one(&sql, args![id]).await?)
}

/// The same, if there is one.
pub async fn find_locked(conn: &mut Conn, id: Id) -> Result<Option<RequestRow>> {
    let sql = format!(
        "select {} from service_request r where r.id = $1{}",
        RequestRow::cols("r"),
        conn.for_update()
    );
    Ok(conn.opt(&sql, args![id]).await?)
}

pub async fn find_by_token(conn: &mut Conn, token: &str) -> Result<Option<RequestRow>> {
    let sql = format!("select {} from service_request r where r.token = $1", RequestRow::cols("r"));
    Ok(conn.opt(&sql, args![token]).await?)
}

pub async fn insert_request(conn: &mut Conn, row: &RequestRow) -> Result<()> {
    Ok(conn.later(insert_many("service_request", RequestRow::NAMES, vec![row.values()])).await?)
}

/// Saves a changed request with the commit; 409 then when somebody was faster.
pub async fn update_request(conn: &mut Conn, old: &RequestRow, new: &RequestRow) -> Result<()> {
    let update = update_changed("service_request", RequestRow::NAMES, old.values(), new.values());
    let sql = update.ok_or_else(Error::stale)?;
    Ok(conn.later(sql.must(1, "request")).await?)
}

/// Marks a broken promise. Not a change of the document: its version stays.
pub async fn mark_overdue(conn: &mut Conn, id: Id) -> Result<()> {
    conn.exec("update service_request set overdue = true where id = $1 and waiting", args![id]).await?;
    Ok(())
}

/// Requests of a customer, newest first.
pub async fn select_of_customer(conn: &mut Conn, customer: Id, limit: i64) -> Result<Vec<RequestRow>> {
    let sql = format!(
        "select {} from service_request r where r.customer_id = $1 order by r.created_at desc, r.id desc limit $2",
        RequestRow::cols("r")
    );
    Ok(conn.all(&sql, args![customer, limit]).await?)
}

/// Numbers of a customer's requests that wait for an answer.
pub async fn select_open_numbers(conn: &mut Conn, customer: Id) -> Result<Vec<(String,)>> {
    let sql = "select no from service_request where customer_id = $1 and state in ('draft', 'open', 'answered') order by created_at limit 10";
    Ok(conn.all(sql, args![customer]).await?)
}

/// Numbers of requests that wait for an answer to somebody with these telephone numbers and without a file.
pub async fn select_open_of_nobody(conn: &mut Conn, phones: &[String]) -> Result<Vec<(String,)>> {
    let mut sql = Sql::new("select no from service_request where customer_id is null and phone_key in ");
    sql.list(phones).push(" and state in ('draft', 'open', 'answered') order by created_at limit 10");
    Ok(conn.all_sql(sql).await?)
}

/// Requests of people without a file who gave one of these telephone numbers.
pub async fn select_of_nobody(conn: &mut Conn, phones: &[String]) -> Result<Vec<(Id, String)>> {
    let mut sql = Sql::new("select id, no from service_request where customer_id is null and phone_key in ");
    sql.list(phones);
    Ok(conn.all_sql(sql).await?)
}

/// Requests about a unit, newest first.
pub async fn select_of_unit(conn: &mut Conn, unit: Id, limit: i64) -> Result<Vec<RequestRow>> {
    let sql = format!(
        "select {} from service_request r where r.unit_id = $1 order by r.created_at desc, r.id desc limit $2",
        RequestRow::cols("r")
    );
    Ok(conn.all(&sql, args![unit, limit]).await?)
}

/// True when the customer called before.
pub async fn has_history(conn: &mut Conn, customer: Id) -> Result<bool> {
    let found: Option<i64> = conn
        .scalar_opt(
            "select 1 as x where exists (select 1 from service_request r where r.customer_id = $1 and r.state not in ('draft', 'dropped'))
                or exists (select 1 from pub_order o where o.customer_id = $1)",
            args![customer],
        )
        .await?;
    Ok(found.is_some())
}

/// The newest open order of a unit.
pub async fn find_open_order(conn: &mut Conn, unit: Id) -> Result<Option<(Id, String)>> {
    let sql = "select o.id, o.no from pub_order o where o.unit_id = $1 and o.open = true order by o.created_at desc limit 1";
    Ok(conn.opt(sql, args![unit]).await?)
}

/// An order that a request may join: id, number, organisation, customer, still open.
pub async fn find_order(conn: &mut Conn, id: Id) -> Result<Option<(Id, String, Id, Id, bool)>> {
    Ok(conn
        .opt("select o.id, o.no, o.org_id, o.customer_id, o.open from pub_order o where o.id = $1", args![id])
        .await?)
}

pub async fn insert_order(conn: &mut Conn, id: Id, row: &RequestRow, link: &OrderLink, at: Ts) -> Result<()> {
    let sql = Sql::with(
        "insert into request_order (id, request_id, order_id, order_no, org_id, joined, at) values ($1,$2,$3,$4,$5,$6,$7)
         on conflict (request_id, order_id) do nothing",
        args![id, row.id, link.id, &link.no, row.org_id, link.joined, at],
    );
    Ok(conn.later(sql).await?)
}

/// Orders of a request, oldest first.
pub async fn select_orders(conn: &mut Conn, request: Id) -> Result<Vec<OrderLink>> {
    let rows: Vec<(Id, String, bool)> = conn
        .all("select l.order_id, l.order_no, l.joined from request_order l where l.request_id = $1 order by l.at, l.id", args![request])
        .await?;
    Ok(rows.into_iter().map(|(id, no, joined)| OrderLink { id, no, joined }).collect())
}

/// Orders of a request, oldest first.
pub async fn select_order_ids(conn: &mut Conn, request: Id) -> Result<Vec<Id>> {
    let rows: Vec<(Id,)> = conn
        .all("select order_id from request_order where request_id = $1 order by at, id", args![request])
        .await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// Closed requests without an answer, for `aftercare check`.
pub async fn select_unanswered(conn: &mut Conn) -> Result<Vec<String>> {
    let rows: Vec<(String,)> = conn
        .all("select r.no from service_request r where r.state in ('closed','answered','solved_by_phone') and r.answer = '' limit 100", vec![])
        .await?;
    Ok(rows.into_iter().map(|(no,)| no).collect())
}

/// Requests that say they were ordered, without an order.
pub async fn select_orderless(conn: &mut Conn) -> Result<Vec<String>> {
    let sql = "select r.no from service_request r where r.state = 'ordered'
        and not exists (select 1 from request_order l where l.request_id = r.id) limit 100";
    Ok(conn.all::<(String,)>(sql, vec![]).await?.into_iter().map(|(no,)| no).collect())
}

/// Answered requests of an order all of whose orders are over.
pub async fn select_over(conn: &mut Conn, order: Id) -> Result<Vec<RequestRow>> {
    let sql = format!(
        "select {} from service_request r join request_order l on l.request_id = r.id
         where l.order_id = $1 and r.state = 'ordered' and r.answer <> '' and r.promised_at is null
           and not exists (select 1 from request_order x join pub_order o on o.id = x.order_id
                           where x.request_id = r.id and o.open = true)",
        RequestRow::cols("r")
    );
    Ok(conn.all(&sql, args![order]).await?)
}

/// Requests none of whose orders goes on or went well: all were stopped.
pub async fn select_stopped(conn: &mut Conn, order: Id) -> Result<Vec<RequestRow>> {
    let sql = format!(
        "select {} from service_request r join request_order l on l.request_id = r.id
         where l.order_id = $1 and r.state = 'ordered'
           and not exists (select 1 from request_order x join pub_order o on o.id = x.order_id
                           where x.request_id = r.id and o.state not in ('cancelled', 'terminated', 'returned_unrepaired'))",
        RequestRow::cols("r")
    );
    Ok(conn.all(&sql, args![order]).await?)
}

/// Gives all requests and calls of one customer to another (merge).
pub async fn move_customer(conn: &mut Conn, from: Id, into: Id) -> Result<()> {
    let sql = "update service_request set customer_id = $2, version = version + 1 where customer_id = $1";
    conn.exec(sql, args![from, into]).await?;
    conn.exec("update call_log set customer_id = $2 where customer_id = $1", args![from, into]).await?;
    Ok(())
}
