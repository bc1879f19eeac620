//! All SQL of orders, their units, steps and shares.

use db::{Conn, Sql, args};
use kernel::{Id, Ts};
use kit::{Result, Tx};

use super::model::{OrderRow, OrderStep, OrderUnit, Share};
use crate::record::{Changed, changed};

/// Who works on an order beside its engineer.
pub const HELPERS: kit::perm::Shared = ("o.id", "select e.order_id from order_engineer e where e.staff_id");

/// The order, or 404.
pub async fn get_order(conn: &mut Conn, id: Id) -> Result<OrderRow> {
    let sql = format!("select {} from service_order o where o.id = $1", OrderRow::cols("o"));
    Ok(conn.one(&sql, args![id]).await?)
}

/// The order with its row held until the end of the transaction, or 404.
pub async fn lock_order(conn: &mut Conn, id: Id) -> Result<OrderRow> {
    let sql =
        format!("select {} from service_order o where o.id = $1{}", OrderRow::cols("o"), conn.for_update());
    Ok(conn.one(&sql, args![id]).await?)
}

/// Several orders, in no order.
pub async fn select_orders(conn: &mut Conn, ids: &[Id]) -> Result<Vec<OrderRow>> {
    let mut sql = Sql::new(format!("select {} from service_order o where o.id in ", OrderRow::cols("o")));
    sql.list(ids.iter().copied());
    Ok(conn.all_sql(sql).await?)
}

/// A new order.
pub async fn insert_order(conn: &mut Conn, row: &OrderRow) -> Result<()> {
    Ok(conn.later(db::insert_many("service_order", OrderRow::NAMES, vec![row.values()])).await?)
}

/// Units of a new order, in one statement.
pub async fn insert_units(conn: &mut Conn, rows: &[OrderUnit]) -> Result<()> {
    if !rows.is_empty() {
        let rows = rows.iter().map(OrderUnit::values).collect();
        conn.later(db::insert_many("order_unit", OrderUnit::NAMES, rows)).await?;
    }
    Ok(())
}

/// Writes what changed and the next version, with the commit; when somebody was faster, the command is run again. A
/// clock that fires leaves the version as it is, but not what is late. Leaves version and time in `new`; returns the
/// changes.
pub async fn update_order(tx: &mut Tx, old: &OrderRow, new: &mut OrderRow) -> Result<Vec<Changed>> {
    new.updated_at = tx.now();
    new.version = old.version;
    let changes = changed(OrderRow::NAMES, old.values(), new.values());
    let mut sql = Sql::new("update service_order set version = version + 1");
    for change in &changes {
        sql.push(&format!(", {} = ", change.name)).bind(change.new.clone());
    }
    sql.push(" where id = ").bind(old.id).push(" and version = ").bind(old.version);
    sql.and("late =", &old.late);
    tx.later(sql.must(1, db::BUSY)).await?;
    new.version += 1;
    Ok(changes)
}

/// Adds a step.
pub async fn insert_step(conn: &mut Conn, step: &OrderStep) -> Result<()> {
    Ok(conn.later(db::insert_many("order_step", OrderStep::NAMES, vec![step.values()])).await?)
}

/// A unit as it is now, whatever changed of it.
pub async fn replace_unit(conn: &mut Conn, unit: &OrderUnit) -> Result<()> {
    delete_unit(conn, unit.id).await?;
    insert_units(conn, std::slice::from_ref(unit)).await
}

/// Takes a unit off its order.
pub async fn delete_unit(conn: &mut Conn, id: Id) -> Result<()> {
    conn.exec("delete from order_unit where id = $1", args![id]).await?;
    Ok(())
}

/// Units that were of the order's kind of work stay of its kind.
pub async fn update_unit_kinds(conn: &mut Conn, order: Id, old: &str, new: &str) -> Result<()> {
    let sql = "update order_unit set work_kind = $3 where order_id = $1 and work_kind = $2";
    conn.exec(sql, args![order, old, new]).await?;
    Ok(())
}

/// Units of an order.
pub async fn select_units(conn: &mut Conn, order: Id) -> Result<Vec<OrderUnit>> {
    let sql =
        format!("select {} from order_unit u where u.order_id = $1 order by u.place", OrderUnit::cols("u"));
    Ok(conn.all(&sql, args![order]).await?)
}

/// Stores what a unit's decision and result became.
pub async fn update_unit(conn: &mut Conn, unit: &OrderUnit) -> Result<()> {
    let sql = Sql::with(
        "update order_unit set cause = $2, result = $3, verdict = $4, parts_bp = $5, labour_bp = $6, travel_bp = $7,
            warranty_until = $8, policy_id = $9, policy_version = $10, decision = $11 where id = $1",
        args![
            unit.id, &unit.cause, &unit.result, &unit.verdict, unit.parts_bp, unit.labour_bp, unit.travel_bp,
            unit.warranty_until, unit.policy_id, unit.policy_version, &unit.decision
        ],
    );
    Ok(conn.later(sql.apart()).await?)
}

/// The newest orders of a scope that ran by no process.
pub async fn select_plain(conn: &mut Conn, scope: &kit::Scope, most: i64) -> Result<Vec<OrderRow>> {
    let mut sql =
        Sql::new(format!("select {} from service_order o where o.run_id is null", OrderRow::cols("o")));
    scope.push_shared(&mut sql, "o.org_id", Some("o.engineer_id"), Some(HELPERS));
    sql.push(&format!(" order by o.created_at desc, o.id desc limit {most}"));
    Ok(conn.all_sql(sql).await?)
}

/// History of an order, oldest first.
pub async fn select_steps(conn: &mut Conn, order: Id) -> Result<Vec<OrderStep>> {
    let sql = format!(
        "select {} from order_step s where s.order_id = $1 order by s.at, s.id",
        OrderStep::cols("s")
    );
    Ok(conn.all(&sql, args![order]).await?)
}

/// Shares of the engineers of an order; empty when the lead does it alone.
pub async fn select_shares(conn: &mut Conn, order: Id) -> Result<Vec<Share>> {
    let sql = format!(
        "select {} from order_engineer e where e.order_id = $1 order by e.lead desc, e.staff_id",
        Share::cols("e")
    );
    Ok(conn.all(&sql, args![order]).await?)
}

/// Replaces the shares of an order.
pub async fn replace_shares(conn: &mut Conn, order: Id, shares: &[Share]) -> Result<()> {
    conn.exec("delete from order_engineer where order_id = $1", args![order]).await?;
    if !shares.is_empty() {
        let rows = shares.iter().map(|s| args![order, s.staff_id, s.share_bp, s.lead]).collect();
        conn.exec_sql(db::insert_many("order_engineer", &["order_id", "staff_id", "share_bp", "lead"], rows))
            .await?;
    }
    Ok(())
}

db::row! {
    /// The last order of a unit.
    pub struct LastOrder {
        pub id: Id,
        pub no: String,
        pub done_at: Option<Ts>,
        pub repeat_round: i64,
        pub failed_fixes: i64,
    }
}

/// The latest repair of a unit that was done and not dropped (PROD-07), other than `but`.
pub async fn find_last_repair(conn: &mut Conn, units: &[Id], but: Id) -> Result<Option<LastOrder>> {
    if units.is_empty() {
        return Ok(None);
    }
    // In this order whatever the statistics say: a unit has few orders, a kind of work very many.
    let mut sql = Sql::new(
        "select o.id, o.no, o.done_at, o.repeat_round, o.failed_fixes from order_unit u
         cross join service_order o cross join pub_work_kind k
         where o.id = u.order_id and k.code = o.kind and k.repair and o.done_at is not null
            and o.state not in ('cancelled', 'terminated', 'returned_unrepaired')",
    );
    sql.and("o.id <>", but).push(" and u.unit_id in ").list(units.iter().copied());
    sql.push(" order by u.created_at desc limit 1");
    let (text, values) = sql.into_parts();
    Ok(conn.opt(&text, values).await?)
}

/// A later repeat shows that an earlier repair did not hold (WO-45).
pub async fn add_failed_fix(conn: &mut Conn, last: &LastOrder, class: super::model::FixClass) -> Result<()> {
    conn.exec(
        "update service_order set failed_fixes = failed_fixes + 1, fix_class = $2, version = version + 1 where id = $1",
        args![last.id, class],
    )
    .await?;
    Ok(())
}

/// The repeat was a mistake: the earlier repair held after all.
pub async fn take_back_failed_fix(
    conn: &mut Conn,
    last: &OrderRow,
    class: super::model::FixClass,
) -> Result<()> {
    conn.exec(
        "update service_order set failed_fixes = failed_fixes - 1, fix_class = $2, version = version + 1 where id = $1 and failed_fixes > 0",
        args![last.id, class],
    )
    .await?;
    Ok(())
}

db::row! {
    /// An order in the side panel of another one.
    pub struct OrderLine1 {
        pub id: Id,
        pub no: String,
        pub symptom: String,
        pub created_at: Ts,
    }
}

const SHORT_LIST: i64 = 50;

/// Orders of a unit within a scope, newest first.
pub async fn select_of_unit(conn: &mut Conn, scope: &kit::Scope, unit: Id) -> Result<Vec<OrderLine1>> {
    let mut sql = Sql::new(format!(
        "select {} from order_unit u join service_order o on o.id = u.order_id where 1 = 1",
        OrderLine1::cols("o")
    ));
    sql.and("u.unit_id =", unit);
    scope.push_shared(&mut sql, "o.org_id", Some("o.engineer_id"), Some(HELPERS));
    sql.push(&format!(" order by u.created_at desc limit {SHORT_LIST}"));
    Ok(conn.all_sql(sql).await?)
}

/// Number of files on an order.
pub async fn count_files(conn: &mut Conn, order: Id) -> Result<i64> {
    Ok(conn
        .scalar(
            "select count(*) from attachment where doc_kind = 'order' and doc_id = $1 and voided_at is null",
            args![order],
        )
        .await?)
}

/// Marks open orders without a step since `before`; returns how many (WO-49).
pub async fn mark_stale(conn: &mut Conn, before: Ts) -> Result<u64> {
    Ok(conn
        .exec(
            "update service_order set stale = $2 where open = $2 and stale = $3 and progress_at < $1",
            args![before, true, false],
        )
        .await?)
}

/// Orders whose sums differ from their lines, for `aftercare check`.
pub async fn faults(conn: &mut Conn) -> Result<Vec<String>> {
    let sums: Vec<(String,)> = conn
        .all(
            "select o.no from service_order o left join (
                 select order_id, cast(coalesce(sum(case when stock = 'returned' then 0 else gross end), 0) as bigint) as gross,
                     cast(coalesce(sum(case when stock = 'returned' then 0 else amount end), 0) as bigint) as amount
                 from order_line group by order_id) l on l.order_id = o.id
             where o.gross <> coalesce(l.gross, 0)
                 or o.payable <> case when coalesce(l.amount, 0) > o.reduced then coalesce(l.amount, 0) - o.reduced else 0 end limit 100",
            vec![],
        )
        .await?;
    let open: Vec<(String,)> = conn
        .all(
            "select o.no from service_order o where (o.state in ('audited', 'closed', 'cancelled', 'terminated', 'returned_unrepaired')) = o.open limit 100",
            vec![],
        )
        .await?;
    let shares: Vec<(String,)> = conn
        .all(
            "select o.no from service_order o join (select order_id, cast(sum(share_bp) as bigint) as total from order_engineer group by order_id) s
             on s.order_id = o.id where s.total <> 10000 limit 100",
            vec![],
        )
        .await?;
    // A first round that was never finished used nothing; after the work nothing is planned or held any more.
    let stock: Vec<(String,)> = conn
        .all(
            "select distinct o.no from service_order o join order_line l on l.order_id = o.id
             where (o.state in ('cancelled', 'terminated', 'returned_unrepaired') and (l.stock = 'issued' or (l.stock = 'used' and o.reworks = 0)))
             or (o.state not in ('new', 'accepted', 'scheduled', 'in_progress', 'waiting', 'reopened') and l.stock in ('planned', 'reserved'))
             order by o.no limit 100",
            vec![],
        )
        .await?;
    let text = |what: &str, rows: Vec<(String,)>| {
        rows.into_iter().map(|(no,)| format!("{no}: {what}")).collect::<Vec<_>>()
    };
    let mut faults = text("sums differ from the lines", sums);
    faults.extend(text("open flag does not fit the state", open));
    faults.extend(text("shares are not 100 %", shares));
    faults.extend(text("parts are out, planned or held that its state does not allow", stock));
    Ok(faults)
}

/// A deadline passed. Not a change of the document: its version stays.
pub async fn mark_over(conn: &mut Conn, id: Id, late: &str, loaner: &str) -> Result<()> {
    conn.exec(
        "update service_order set sla = 'over', late = $2, loaner = $3 where id = $1",
        args![id, late, loaner],
    )
    .await?;
    Ok(())
}

/// A deadline comes near.
pub async fn mark_warned(conn: &mut Conn, id: Id) -> Result<()> {
    conn.exec("update service_order set sla = 'warn' where id = $1 and sla = 'ok'", args![id]).await?;
    Ok(())
}

/// Gives all orders of one customer to another (merge). What was written on them stays as it was written.
pub async fn move_customer(conn: &mut Conn, from: Id, into: Id) -> Result<u64> {
    let sql = "update service_order set customer_id = $2, version = version + 1 where customer_id = $1";
    Ok(conn.exec(sql, args![from, into]).await?)
}
