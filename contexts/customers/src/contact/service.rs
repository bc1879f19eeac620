//! Commands on contacts and further addresses of a customer.

use kernel::Id;
use kit::{Cx, Error, Result, Sens, Tx, begin};

use super::{
    model::{AddressOut, AddressRow, ContactOut, ContactRow, NewAddress, NewContact},
    rules, store,
};
use crate::{
    customer::{
        self,
        model::{CustomerRow, Revealed, SecretField},
        rules::check_open,
        service::{doc, index_in},
    },
    perms::{CUSTOMER_READ, CUSTOMER_REVEAL, CUSTOMER_WRITE},
};

/// A contact as this caller may see it.
pub fn contact_out(cx: &Cx, row: &ContactRow) -> ContactOut {
    ContactOut {
        id: row.id,
        name: row.name.clone(),
        role: row.role.clone(),
        phone: cx.mask(Sens::Phone, &row.phone),
        email: cx.mask(Sens::Phone, &row.email),
    }
}

/// A further address as this caller may see it.
pub fn address_out(cx: &Cx, row: &AddressRow) -> AddressOut {
    AddressOut {
        id: row.id,
        label: row.label.clone(),
        region: row.region.clone(),
        district: row.district.clone(),
        address: cx.mask(Sens::Address, &row.address),
    }
}

/// Contacts of a customer that is the caller's business.
pub async fn list_contacts(cx: &Cx, customer: Id) -> Result<Vec<ContactOut>> {
    let mut conn = cx.read().await?;
    cx.authorize(&CUSTOMER_READ, &customer::store::get_customer(&mut conn, customer).await?)?;
    let rows = store::select_contacts(&mut conn, customer).await?;
    Ok(rows.iter().map(|row| contact_out(cx, row)).collect())
}

/// Further addresses of a customer that is the caller's business.
pub async fn list_addresses(cx: &Cx, customer: Id) -> Result<Vec<AddressOut>> {
    let mut conn = cx.read().await?;
    cx.authorize(&CUSTOMER_READ, &customer::store::get_customer(&mut conn, customer).await?)?;
    let rows = store::select_addresses(&mut conn, customer).await?;
    Ok(rows.iter().map(|row| address_out(cx, row)).collect())
}

async fn lock_open(tx: &mut Tx, customer: Id) -> Result<CustomerRow> {
    let row = customer::store::lock_customer(tx, customer).await?;
    tx.authorize(&CUSTOMER_WRITE, &row)?;
    check_open(&row).map_err(Error::Conflict)?;
    Ok(row)
}

/// Adds a person.
pub async fn add_contact(cx: &Cx, customer: Id, input: NewContact) -> Result<ContactOut> {
    cx.require(&CUSTOMER_WRITE)?;
    let mut tx = begin!(cx, "customers.add_contact", &(customer, &input));
    let file = lock_open(&mut tx, customer).await?;
    let row = rules::contact(&input, &file, tx.id(), tx.now())?;
    store::insert_contact(&mut tx, &row).await?;
    index_in(&mut tx, &file).await?;
    tx.log(doc(&file), "contact_added", serde_json::to_value(&row)?);
    let out = contact_out(cx, &row);
    tx.commit(out).await
}

/// Removes a person.
pub async fn remove_contact(cx: &Cx, customer: Id, contact: Id) -> Result<()> {
    cx.require(&CUSTOMER_WRITE)?;
    let mut tx = begin!(cx, "customers.remove_contact", &(customer, contact));
    let file = lock_open(&mut tx, customer).await?;
    let row = store::get_contact(&mut tx, customer, contact).await?;
    store::delete_contact(&mut tx, contact).await?;
    index_in(&mut tx, &file).await?;
    tx.log(doc(&file), "contact_removed", serde_json::to_value(&row)?);
    tx.commit(()).await
}

/// Adds an address.
pub async fn add_address(cx: &Cx, customer: Id, input: NewAddress) -> Result<AddressOut> {
    cx.require(&CUSTOMER_WRITE)?;
    let mut tx = begin!(cx, "customers.add_address", &(customer, &input));
    let file = lock_open(&mut tx, customer).await?;
    let row = rules::address(&input, &file, tx.id(), tx.now())?;
    store::insert_address(&mut tx, &row).await?;
    tx.log(doc(&file), "address_added", serde_json::to_value(&row)?);
    let out = address_out(cx, &row);
    tx.commit(out).await
}

/// Removes an address.
pub async fn remove_address(cx: &Cx, customer: Id, address: Id) -> Result<()> {
    cx.require(&CUSTOMER_WRITE)?;
    let mut tx = begin!(cx, "customers.remove_address", &(customer, address));
    let file = lock_open(&mut tx, customer).await?;
    let row = store::get_address(&mut tx, customer, address).await?;
    store::delete_address(&mut tx, address).await?;
    tx.log(doc(&file), "address_removed", serde_json::to_value(&row)?);
    tx.commit(()).await
}

/// Shows a sensitive field of a contact or further address (`item`) in full and records who asked (ORG-11).
pub async fn reveal_item(cx: &Cx, customer: Id, item: Id, field: SecretField) -> Result<Revealed> {
    cx.require(&CUSTOMER_REVEAL)?;
    let mut conn = cx.read().await?;
    let file = customer::store::get_customer(&mut conn, customer).await?;
    cx.authorize(&CUSTOMER_REVEAL, &file)?;
    let (kind, value) = match field {
        SecretField::Phone => (Sens::Phone, store::get_contact(&mut conn, customer, item).await?.phone),
        SecretField::Email => (Sens::Phone, store::get_contact(&mut conn, customer, item).await?.email),
        SecretField::Address => (Sens::Address, store::get_address(&mut conn, customer, item).await?.address),
    };
    drop(conn);
    customer::service::log_reveal(cx, &file, item, field).await?;
    Ok(Revealed { masked: kit::perm::mask(kind, &value), value })
}
