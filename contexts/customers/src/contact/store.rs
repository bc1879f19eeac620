//! All SQL of contacts and further addresses.

use db::{Conn, args};
use kernel::{Id, phone_key};
use kit::{Error, Result};

use super::model::{AddressRow, ContactRow};

/// Contacts of a customer, oldest first.
pub async fn select_contacts(conn: &mut Conn, customer: Id) -> Result<Vec<ContactRow>> {
    let sql = format!(
        "select {} from customer_contact t where t.customer_id = $1 order by t.created_at, t.id",
        ContactRow::cols("t")
    );
    Ok(conn.all(&sql, args![customer]).await?)
}

/// Further addresses of a customer, oldest first.
pub async fn select_addresses(conn: &mut Conn, customer: Id) -> Result<Vec<AddressRow>> {
    let sql = format!(
        "select {} from customer_address_more t where t.customer_id = $1 order by t.created_at, t.id",
        AddressRow::cols("t")
    );
    Ok(conn.all(&sql, args![customer]).await?)
}

/// One contact of a customer.
pub async fn get_contact(conn: &mut Conn, customer: Id, id: Id) -> Result<ContactRow> {
    let sql = format!(
        "select {} from customer_contact t where t.id = $1 and t.customer_id = $2",
        ContactRow::cols("t")
    );
    Ok(conn.one(&sql, args![id, customer]).await?)
}

/// One further address of a customer.
pub async fn get_address(conn: &mut Conn, customer: Id, id: Id) -> Result<AddressRow> {
    let sql = format!(
        "select {} from customer_address_more t where t.id = $1 and t.customer_id = $2",
        AddressRow::cols("t")
    );
    Ok(conn.one(&sql, args![id, customer]).await?)
}

/// Stores a contact.
pub async fn insert_contact(conn: &mut Conn, row: &ContactRow) -> Result<()> {
    conn.exec(
        "insert into customer_contact (id, customer_id, org_id, name, role, phone, phone_key, email, created_at)
         values ($1,$2,$3,$4,$5,$6,$7,$8,$9)",
        args![
            row.id, row.customer_id, row.org_id, &row.name, &row.role, &row.phone, phone_key(&row.phone), &row.email,
            row.created_at
        ],
    )
    .await?;
    Ok(())
}

/// Stores a further address.
pub async fn insert_address(conn: &mut Conn, row: &AddressRow) -> Result<()> {
    conn.exec(
        "insert into customer_address_more (id, customer_id, org_id, label, region, district, address, created_at)
         values ($1,$2,$3,$4,$5,$6,$7,$8)",
        args![
            row.id, row.customer_id, row.org_id, &row.label, &row.region, &row.district, &row.address, row.created_at
        ],
    )
    .await?;
    Ok(())
}

/// Removes a contact; its content stays in the audit log.
pub async fn delete_contact(conn: &mut Conn, id: Id) -> Result<()> {
    gone(conn.exec("delete from customer_contact where id = $1", args![id]).await?)
}

/// Removes a further address; its content stays in the audit log.
pub async fn delete_address(conn: &mut Conn, id: Id) -> Result<()> {
    gone(conn.exec("delete from customer_address_more where id = $1", args![id]).await?)
}

fn gone(rows: u64) -> Result<()> {
    if rows == 0 { Err(Error::NotFound) } else { Ok(()) }
}

/// Gives everything of one file to another one (merge).
pub async fn move_all(conn: &mut Conn, from: Id, into: Id, org: Id) -> Result<()> {
    conn.exec(
        "update customer_contact set customer_id = $2, org_id = $3 where customer_id = $1",
        args![from, into, org],
    )
    .await?;
    conn.exec(
        "update customer_address_more set customer_id = $2, org_id = $3 where customer_id = $1",
        args![from, into, org],
    )
    .await?;
    Ok(())
}
