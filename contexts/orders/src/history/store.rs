//! SQL of histories: one statement for the orders, one for all their parts.

use db::{Conn, Sql};
use kernel::{Id, Ts};
use kit::{Result, Scope, attachments::Attachment};

use super::model::{HistoryRow, PartRow};
use crate::{
    line::model::{LineKind, Stock},
    order::store::HELPERS,
};

const MOST: i64 = 50;

fn columns(fault: &str) -> String {
    format!(
        "select o.id, o.no, o.state, o.kind, k.name as kind_zh, k.name_en as kind_en, o.unit_id, o.model_name, o.serial,
            {fault} as fault, o.cause, o.root_cause, o.result, o.gross, o.payable, o.engineer_name, o.callback_class,
            o.score, o.created_at, o.done_at"
    )
}

/// Orders of a customer within a scope, newest first.
pub async fn select_of_customer(conn: &mut Conn, scope: &Scope, customer: Id) -> Result<Vec<HistoryRow>> {
    let mut sql = Sql::new(columns("o.symptom"));
    sql.push(" from service_order o join pub_work_kind k on k.code = o.kind where 1 = 1");
    sql.and("o.customer_id =", customer);
    scope.push_shared(&mut sql, "o.org_id", Some("o.engineer_id"), Some(HELPERS));
    sql.push(&format!(" order by o.created_at desc limit {MOST}"));
    Ok(conn.all_sql(sql).await?)
}

/// Numbers of a customer's orders that are not over.
pub async fn select_open_numbers(conn: &mut Conn, customer: Id) -> Result<Vec<(String,)>> {
    let sql = "select no from service_order where customer_id = $1 and open order by created_at limit 10";
    Ok(conn.all(sql, vec![customer.into()]).await?)
}

/// When a customer's last order ended, and whose it was.
pub async fn find_last_end(conn: &mut Conn, customer: Id) -> Result<Option<(String, Id, Ts)>> {
    let sql = "select no, org_id, coalesce(closed_at, done_at, updated_at) as ended from service_order
        where customer_id = $1 order by ended desc limit 1";
    Ok(conn.opt(sql, vec![customer.into()]).await?)
}

/// Orders of a unit within a scope, newest first, with what this unit had (an order may have several, WO-46).
pub async fn select_of_unit(conn: &mut Conn, scope: &Scope, unit: Id) -> Result<Vec<HistoryRow>> {
    let mut sql = Sql::new(columns("coalesce(nullif(u.fault, ''), o.symptom)"));
    sql.push(" from order_unit u join service_order o on o.id = u.order_id join pub_work_kind k on k.code = o.kind where 1 = 1");
    sql.and("u.unit_id =", unit);
    scope.push_shared(&mut sql, "o.org_id", Some("o.engineer_id"), Some(HELPERS));
    sql.push(&format!(" order by u.created_at desc limit {MOST}"));
    Ok(conn.all_sql(sql).await?)
}

/// Pictures and videos of a unit's orders within a scope, newest first (PROD-18). Signatures are no faults.
pub async fn select_photos(conn: &mut Conn, scope: &Scope, unit: Id) -> Result<Vec<Attachment>> {
    let mut sql = Sql::new(format!(
        "select {} from attachment a join service_order o on o.id = a.doc_id where a.doc_kind = 'order'
           and a.voided_at is null and a.label <> 'signature' and (substr(a.mime, 1, 6) in ('image/', 'video/'))
           and o.id in (select u.order_id from order_unit u where u.unit_id = ",
        Attachment::cols("a")
    ));
    sql.bind(unit).push(")");
    scope.push_shared(&mut sql, "o.org_id", Some("o.engineer_id"), Some(HELPERS));
    sql.push(&format!(" order by a.created_at desc, a.id desc limit {MOST}"));
    Ok(conn.all_sql(sql).await?)
}

/// Parts of several orders. With a unit: without those that went into another unit of the same order.
pub async fn select_parts(conn: &mut Conn, orders: &[Id], unit: Option<Id>) -> Result<Vec<PartRow>> {
    if orders.is_empty() {
        return Ok(Vec::new());
    }
    let mut sql = Sql::new(
        "select l.order_id, l.code, l.name, l.quantity from order_line l
         left join order_unit u on u.id = l.order_unit_id where l.order_id in ",
    );
    sql.list(orders.iter().copied());
    sql.and("l.kind =", LineKind::Part).and("l.stock <>", Stock::Returned);
    if let Some(unit) = unit {
        sql.push(" and (u.unit_id is null or u.unit_id = ").bind(unit).push(")");
    }
    sql.push(" order by l.place, l.id");
    Ok(conn.all_sql(sql).await?)
}
