//! All SQL of units.

use std::collections::HashMap;

use db::{Conn, Sql, args};
use kernel::Id;
use kit::{Error, Result, Scope};

use super::model::UnitRow;
use crate::product::rules::{stale, text_key};

fn select() -> String {
    format!("select {} from unit u where ", UnitRow::cols("u"))
}

/// A unit.
pub async fn get_unit(conn: &mut Conn, id: Id) -> Result<UnitRow> {
    Ok(conn.one(&(select() + "u.id = $1"), args![id]).await?)
}

/// A unit, held until the transaction ends.
pub async fn lock_unit(conn: &mut Conn, id: Id) -> Result<UnitRow> {
    let sql = format!("{}u.id = $1{}", select(), conn.for_update());
    Ok(conn.one(&sql, args![id]).await?)
}

/// The unit behind a QR code.
pub async fn find_by_token(conn: &mut Conn, token: &str) -> Result<Option<UnitRow>> {
    // Anything may stand in an address; a token is letters and digits.
    if !token.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return Ok(None);
    }
    Ok(conn.opt(&(select() + "u.token = $1"), args![token]).await?)
}

/// The unit with a number.
pub async fn find_by_no(conn: &mut Conn, no: &str) -> Result<Option<UnitRow>> {
    Ok(conn.opt(&(select() + "u.no = $1"), args![no]).await?)
}

/// Units with a serial number, written in any way, newest first.
pub async fn select_by_serial(conn: &mut Conn, serial: &str) -> Result<Vec<UnitRow>> {
    let key = text_key(serial);
    if key.is_empty() {
        return Ok(Vec::new());
    }
    Ok(conn.all(&(select() + "u.serial_key = $1 order by u.id desc limit 20"), args![key]).await?)
}

/// Units of a customer, in use first.
pub async fn select_of_customer(conn: &mut Conn, scope: &Scope, customer: Id) -> Result<Vec<UnitRow>> {
    let mut sql = Sql::with(select() + "u.customer_id = $1", args![customer]);
    scope.push(&mut sql, "u.org_id", None);
    sql.push(" order by case when u.state = 'scrapped' then 1 else 0 end, u.updated_at desc limit 200");
    Ok(conn.all_sql(sql).await?)
}

/// Stores a new unit.
pub async fn insert_unit(conn: &mut Conn, row: &UnitRow) -> Result<()> {
    let sql = Sql::with(
        "insert into unit (id, version, no, org_id, serial, serial_key, model_id, customer_id, purchase_date, invoice_no,
            dealer, install_date, acceptance_date, place, meter, meter_unit, state, notes, token, open_notes, created_at,
            updated_at)
         values ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15,$16,$17,$18,$19,$20,$21,$22)",
        args![
            row.id, row.version, &row.no, row.org_id, &row.serial, text_key(&row.serial), row.model_id, row.customer_id,
            row.purchase_date, &row.invoice_no, &row.dealer, row.install_date, row.acceptance_date, &row.place, row.meter,
            &row.meter_unit, row.state, &row.notes, &row.token, row.open_notes, row.created_at, row.updated_at
        ],
    );
    Ok(conn.later(sql).await?)
}

/// Stores a changed unit; 409 when somebody else was faster.
pub async fn update_unit(conn: &mut Conn, old: &UnitRow, row: &UnitRow) -> Result<()> {
    let changed = conn
        .exec(
            "update unit set version = $3, serial = $4, serial_key = $5, model_id = $6, customer_id = $7, purchase_date = $8,
                invoice_no = $9, dealer = $10, install_date = $11, acceptance_date = $12, place = $13, meter = $14,
                meter_unit = $15, state = $16, notes = $17, token = $18, open_notes = $19, updated_at = $20, org_id = $21
             where id = $1 and version = $2",
            args![
                row.id, old.version, row.version, &row.serial, text_key(&row.serial), row.model_id, row.customer_id,
                row.purchase_date, &row.invoice_no, &row.dealer, row.install_date, row.acceptance_date, &row.place,
                row.meter, &row.meter_unit, row.state, &row.notes, &row.token, row.open_notes, row.updated_at, row.org_id
            ],
        )
        .await?;
    if changed == 0 { Err(Error::Conflict(stale())) } else { Ok(()) }
}

/// The organisation of a customer, through what the context of customers publishes.
pub async fn find_customer_place(conn: &mut Conn, id: Id) -> Result<Option<(Id, Option<Id>)>> {
    Ok(conn.opt("select c.org_id, c.custodian_id from pub_customer c where c.id = $1", args![id]).await?)
}

/// Number and name of a customer, from what the context `customers` publishes.
pub async fn find_customer(conn: &mut Conn, id: Option<Id>) -> Result<Option<(String, String)>> {
    let Some(id) = id else { return Ok(None) };
    Ok(conn.opt("select no, name from pub_customer where id = $1", args![id]).await?)
}

/// The customer with a number; a merged file answers as the one it went into.
pub async fn find_customer_by_no(conn: &mut Conn, no: &str) -> Result<Option<Id>> {
    Ok(conn.scalar_opt("select coalesce(merged_into, id) from pub_customer where no = $1", args![no]).await?)
}

/// Names of customers by id.
pub async fn select_customer_names(conn: &mut Conn, ids: &[Id]) -> Result<HashMap<Id, String>> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let mut sql = Sql::new("select id, name from pub_customer where id in ");
    sql.list(ids.iter().copied());
    Ok(conn.all_sql::<(Id, String)>(sql).await?.into_iter().collect())
}

/// Gives all units of one customer to another (merge); returns how many.
pub async fn move_customer(conn: &mut Conn, from: Id, into: Id) -> Result<u64> {
    Ok(conn
        .exec(
            "update unit set customer_id = $2, version = version + 1 where customer_id = $1",
            args![from, into],
        )
        .await?)
}

/// Units whose owner does not exist, for the check of invariants.
pub async fn select_ownerless(conn: &mut Conn) -> Result<Vec<String>> {
    let sql = "select u.no from unit u left join pub_customer c on c.id = u.customer_id
        where u.customer_id is not null and c.id is null limit 100";
    Ok(conn.all::<(String,)>(sql, vec![]).await?.into_iter().map(|(no,)| no).collect())
}

/// Takes a unit out: only for what is taken back along with what it was registered for.
pub async fn delete_unit(conn: &mut Conn, id: Id) -> Result<()> {
    conn.exec("delete from unit where id = $1", args![id]).await?;
    Ok(())
}
