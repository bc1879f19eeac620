//! SQL of units in the house.

use db::{Conn, args};
use kernel::{Id, Ts};
use kit::{Error, Result};

use super::model::ShopUnit;

fn select() -> String {
    format!("select {} from shop_unit u", ShopUnit::cols("u"))
}

pub async fn get_unit(conn: &mut Conn, id: Id) -> Result<ShopUnit> {
    Ok(conn.one(&format!("{} where u.id = $1", select()), args![id]).await?)
}

pub async fn lock_unit(conn: &mut Conn, id: Id) -> Result<ShopUnit> {
    let sql = format!("{} where u.id = $1{}", select(), conn.for_update());
    Ok(conn.one(&sql, args![id]).await?)
}

/// The unit of an order that is in the house now.
pub async fn find_in_house(conn: &mut Conn, order: Id) -> Result<Option<ShopUnit>> {
    let sql = format!("{} where u.order_id = $1 and u.left_at is null", select());
    Ok(conn.opt(&sql, args![order]).await?)
}

/// Every stay of an order's unit, oldest first.
pub async fn select_of_order(conn: &mut Conn, order: Id) -> Result<Vec<ShopUnit>> {
    let sql = format!("{} where u.order_id = $1 order by u.received_at, u.id", select());
    Ok(conn.all(&sql, args![order]).await?)
}

/// Boxes in use in an organisation.
pub async fn select_boxes(conn: &mut Conn, org: Id) -> Result<Vec<String>> {
    let sql = "select box_no from shop_unit where org_id = $1 and left_at is null and box_no <> ''";
    Ok(conn.all::<(String,)>(sql, args![org]).await?.into_iter().map(|(no,)| no).collect())
}

/// Units of an organisation whose repair is still to be done (SHOP-10).
pub async fn count_waiting(conn: &mut Conn, org: Id) -> Result<i64> {
    Ok(conn
        .scalar(
            "select count(*) from shop_unit u join pub_order o on o.id = u.order_id where u.org_id = $1
                and u.left_at is null and o.state in ('new', 'accepted', 'scheduled', 'in_progress', 'reopened')",
            args![org],
        )
        .await?)
}

/// People who repair in an organisation.
pub async fn count_repairers(conn: &mut Conn, org: Id) -> Result<i64> {
    let scope = kit::Scope::Orgs([org].into());
    Ok(i64::try_from(org::api::engineers(conn, &scope).await?.len()).unwrap_or(0))
}

pub async fn insert_unit(conn: &mut Conn, row: &ShopUnit) -> Result<()> {
    conn.exec_sql(db::insert_many("shop_unit", ShopUnit::NAMES, vec![row.values()])).await?;
    Ok(())
}

/// Saves what changed; 409 when somebody was faster.
pub async fn update_unit(conn: &mut Conn, old: &ShopUnit, new: &mut ShopUnit, now: Ts) -> Result<()> {
    new.updated_at = now;
    let sql = db::update_changed("shop_unit", ShopUnit::NAMES, old.values(), new.values());
    let sql = sql.ok_or_else(|| Error::Internal("shop_unit has no id".into()))?;
    if conn.exec_sql(sql).await? == 0 {
        return Err(Error::stale());
    }
    new.version = old.version + 1;
    Ok(())
}

/// Counts whole days in the house; the version stays, nobody's form goes stale by it.
pub async fn count_days(conn: &mut Conn, now: Ts) -> Result<()> {
    conn.exec(
        "update shop_unit set days = ($1 - received_at) / 86400000000
         where left_at is null and days <> ($1 - received_at) / 86400000000",
        args![now],
    )
    .await?;
    Ok(())
}

/// Gives all units of one customer to another (merge).
pub async fn move_customer(conn: &mut Conn, from: Id, into: Id) -> Result<()> {
    let sql = "update shop_unit set customer_id = $2, version = version + 1 where customer_id = $1";
    conn.exec(sql, args![from, into]).await?;
    Ok(())
}

/// Units that left unpaid although they are marked settled, and boxes held by units that left (for `check`).
pub async fn faults(conn: &mut Conn) -> Result<Vec<String>> {
    let sql = "select no from shop_unit where (settled and received < due) or (left_at is null and settled)";
    let rows: Vec<(String,)> = conn.all(sql, vec![]).await?;
    Ok(rows.into_iter().map(|(no,)| format!("{no}: settled does not match what was received")).collect())
}

db::row! {
    /// An order whose unit is expected.
    #[derive(Clone, Debug)]
    pub struct Expected {
        pub id: Id,
        pub no: String,
        pub customer_name: String,
        pub model_name: String,
        pub serial: String,
        pub symptom: String,
        pub mode: orders::api::Mode,
        pub created_at: Ts,
    }
}

/// Open orders whose unit comes into the workshop and is not there, newest first.
pub async fn select_expected(conn: &mut Conn, scope: &kit::Scope) -> Result<Vec<Expected>> {
    let mut sql = db::Sql::new(format!(
        "select {} from pub_order o where o.open and o.mode in ('brought_in', 'fetched', 'mailed', 'factory')
            and o.state in ('new', 'accepted', 'scheduled', 'in_progress', 'waiting', 'reopened')
            and not exists (select 1 from shop_unit u where u.order_id = o.id and u.left_at is null)",
        Expected::cols("o")
    ));
    scope.push(&mut sql, "o.org_id", Some("o.engineer_id"));
    sql.push(" order by o.created_at desc, o.id desc limit 100");
    Ok(conn.all_sql(sql).await?)
}
