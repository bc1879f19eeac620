//! SQL of the lookup: published views of lower contexts, always for all customers at once.

use db::{Conn, Sql, args};
use kernel::{Id, Ts};
use kit::{Result, Scope};

use super::model::{CallerOrder, CallerRequest, CallerUnit, YearOfCustomer};

/// Most rows of a kind that a caller's panel shows.
const MOST: i64 = 20;

pub async fn select_units(conn: &mut Conn, customers: &[Id]) -> Result<Vec<CallerUnit>> {
    let mut sql = Sql::new(format!(
        "select {} from pub_unit u where u.state <> 'scrapped' and u.customer_id in ",
        CallerUnit::cols("u")
    ));
    sql.list(customers.iter().copied());
    sql.push(" order by u.id desc limit 60");
    Ok(conn.all_sql(sql).await?)
}

pub async fn find_unit(conn: &mut Conn, id: Id) -> Result<Option<CallerUnit>> {
    let sql = format!("select {} from pub_unit u where u.id = $1", CallerUnit::cols("u"));
    Ok(conn.opt(&sql, args![id]).await?)
}

/// Open orders, or finished ones, newest first.
pub async fn select_orders(
    conn: &mut Conn,
    scope: &Scope,
    customers: &[Id],
    open: bool,
) -> Result<Vec<CallerOrder>> {
    let mut sql =
        Sql::new(format!("select {} from pub_order o where o.customer_id in ", CallerOrder::cols("o")));
    sql.list(customers.iter().copied());
    sql.and("o.open =", open);
    scope.push(&mut sql, "o.org_id", Some("o.engineer_id"));
    sql.push(&format!(" order by o.created_at desc limit {}", if open { MOST } else { 8 }));
    Ok(conn.all_sql(sql).await?)
}

/// Orders of one customer opened since `since`, as far as the reader may see them. Those called off don't count.
pub async fn sum_of_customer(
    conn: &mut Conn,
    scope: &Scope,
    customer: Id,
    since: Ts,
) -> Result<YearOfCustomer> {
    let mut sql = Sql::new(format!("select {} from (", YearOfCustomer::cols("s")));
    sql.push(
        "select count(*) as orders,
            cast(coalesce(sum(case when o.open then 1 else 0 end), 0) as bigint) as open,
            cast(coalesce(sum(o.payable), 0) as bigint) as payable,
            cast(coalesce(sum(case when o.callback_class <> '' then 1 else 0 end), 0) as bigint) as called,
            cast(coalesce(sum(case when o.callback_class = 'satisfied' then 1 else 0 end), 0) as bigint) as satisfied,
            count(o.score) as scores, cast(coalesce(sum(o.score), 0) as bigint) as score_sum
         from pub_order o where o.state not in ('cancelled','terminated')",
    );
    sql.and("o.customer_id =", customer);
    sql.and("o.created_at >=", since);
    scope.push(&mut sql, "o.org_id", Some("o.engineer_id"));
    sql.push(") s");
    Ok(conn.all_sql(sql).await?.pop().unwrap_or_default())
}

pub async fn select_requests(conn: &mut Conn, scope: &Scope, customers: &[Id]) -> Result<Vec<CallerRequest>> {
    let mut sql = Sql::new(format!(
        "select {} from service_request r where r.customer_id in ",
        CallerRequest::cols("r")
    ));
    sql.list(customers.iter().copied());
    scope.push(&mut sql, "r.org_id", Some("r.handler_id"));
    sql.push(" order by r.created_at desc limit 8");
    Ok(conn.all_sql(sql).await?)
}
