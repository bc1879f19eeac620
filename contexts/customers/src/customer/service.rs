//! Commands and queries on customer files. The only place of the feature that opens transactions.

use kernel::{Id, RuleError, T};
use kit::{Cx, DocRef, Error, Result, Sens, Tx, begin, numbering::Number, timers};

use super::{
    model::{CustomerOut, CustomerRow, FileState, NewCustomer, Revealed, SecretField},
    rules::{self, Opening},
    store,
};
use crate::{
    class, clock, contact,
    perms::{CUSTOMER_MERGE, CUSTOMER_READ, CUSTOMER_REVEAL, CUSTOMER_WRITE},
};

/// The reference under which panels and the audit know a file.
pub fn doc(row: &CustomerRow) -> DocRef {
    DocRef::new("customer", row.id, &row.no)
}

/// What leaves the house: sensitive values as this caller may see them.
pub fn out(cx: &Cx, row: &CustomerRow) -> CustomerOut {
    CustomerOut {
        id: row.id,
        version: row.version,
        no: row.no.clone(),
        org_id: row.org_id,
        name: cx.mask(Sens::Name, &row.name),
        class: row.class.clone(),
        grade: row.grade,
        standing: row.standing,
        member: row.member,
        phone: cx.mask(Sens::Phone, &row.phone),
        email: cx.mask(Sens::Phone, &row.email),
        region: row.region.clone(),
        district: row.district.clone(),
        address: cx.mask(Sens::Address, &row.address),
        call_from: row.call_from.clone(),
        call_to: row.call_to.clone(),
        custodian_id: row.custodian_id,
        notes: cx.mask(Sens::Note, &row.notes),
        complete: row.complete,
        missing: rules::missing(row).into_iter().map(str::to_string).collect(),
        state: row.state,
        merged_into: row.merged_into,
        created_at: row.created_at,
        updated_at: row.updated_at,
    }
}

/// One file, if it is the caller's business. A merged file answers as the one it went into.
pub async fn load_customer(cx: &Cx, id: Id) -> Result<CustomerRow> {
    let mut conn = cx.read().await?;
    let mut row = store::get_customer(&mut conn, id).await?;
    if let Some(into) = row.merged_into {
        row = store::get_customer(&mut conn, into).await?;
    }
    cx.count(&conn);
    cx.authorize(&CUSTOMER_READ, &row)?;
    Ok(row)
}

/// Files with this phone number that the caller may see (CALL-02), other branches' where they are shared (CUST-23).
pub async fn find_by_phone(cx: &Cx, phone: &str) -> Result<Vec<CustomerOut>> {
    let scope = crate::api::shared(cx, cx.scope(&CUSTOMER_READ)?);
    kit::search::try_number(cx, phone).await?;
    let mut conn = cx.read().await?;
    let rows = store::select_by_phone(&mut conn, &scope, phone).await?;
    cx.count(&conn);
    Ok(rows.iter().map(|row| out(cx, row)).collect())
}

/// Opens a file (CUST-01).
pub async fn create_customer(cx: &Cx, input: NewCustomer) -> Result<CustomerOut> {
    cx.require(&CUSTOMER_WRITE)?;
    let no = cx.number("C").await?;
    let mut tx = begin!(cx, "customers.create", &input);
    let row = create_in(&mut tx, &input, no).await?;
    tx.authorize(&CUSTOMER_WRITE, &row)?;
    let out = out(cx, &row);
    tx.commit(out).await
}

/// Opens a file inside the caller's transaction; the caller has checked that it may. A file with something
/// missing gets the clock within which it must be completed (CUST-05).
pub async fn create_in(tx: &mut Tx, input: &NewCustomer, no: impl Into<Number>) -> Result<CustomerRow> {
    let no = no.into();
    let actor = tx.cx().actor()?.clone();
    let org = input.org_id.unwrap_or(actor.org);
    if org.is_nil() {
        return Err(RuleError::new("customers.org", T("请选择所属组织", "Choose the organisation"))
            .field("org_id")
            .into());
    }
    let user = (!actor.user.is_nil()).then_some(actor.user);
    let opening = Opening { id: tx.id(), org, staff: actor.staff, user, now: tx.now() };
    let mut row = rules::open(input, opening)?;
    class::store::check_class(tx, &row.class).await?;
    row.no = no.take(tx, row.org_id).await?;
    store::insert_customer(tx, &row).await?;
    index_with(tx, &row, Vec::new()).await?;
    if !row.complete {
        clock::opened_in(tx, &row).await?;
    }
    tx.created(doc(&row), &row)?;
    Ok(row)
}

/// Changes the content of a file.
pub async fn change_customer(cx: &Cx, id: Id, input: NewCustomer) -> Result<CustomerOut> {
    cx.require(&CUSTOMER_WRITE)?;
    let mut tx = begin!(cx, "customers.change", &(id, &input));
    let old = store::lock_customer(&mut tx, id).await?;
    tx.authorize(&CUSTOMER_WRITE, &old)?;
    rules::check_changeable(&old, input.version).map_err(Error::Conflict)?;
    let row = rules::change(&old, &input, &|kind| cx.shows(kind), tx.now())?;
    save_in(&mut tx, &old, &row).await?;
    let out = out(cx, &row);
    tx.commit(out).await
}

/// Stores a changed file with everything that follows from it: class check, search index, clock, audit.
pub async fn save_in(tx: &mut Tx, old: &CustomerRow, row: &CustomerRow) -> Result<()> {
    if row.class != old.class {
        class::store::check_class(tx, &row.class).await?;
    }
    store::update_customer(tx, old, row).await?;
    index_in(tx, row).await?;
    if row.complete && !old.complete {
        timers::stop_in(tx, row.id, &[clock::FILE_COMPLETE]).await?;
    }
    tx.changed(doc(row), old, row)
}

/// Takes a file out to which nothing refers, as if it had never been made; the log keeps that it was.
pub async fn forget_in(tx: &mut Tx, row: &CustomerRow) -> Result<()> {
    timers::stop_in(tx, row.id, &[clock::FILE_COMPLETE]).await?;
    store::delete_customer(tx, row.id).await?;
    kit::search::remove_in(tx, "customer", row.id).await?;
    tx.log(doc(row), "deleted", serde_json::Value::Null);
    Ok(())
}

/// Archives a file: it is kept and found, but nothing new refers to it.
pub async fn archive_customer(cx: &Cx, id: Id) -> Result<CustomerOut> {
    set_state(cx, id, "customers.archive", FileState::Active, FileState::Archived).await
}

/// Takes a file back from the archive.
pub async fn restore_customer(cx: &Cx, id: Id) -> Result<CustomerOut> {
    set_state(cx, id, "customers.restore", FileState::Archived, FileState::Active).await
}

async fn set_state(
    cx: &Cx,
    id: Id,
    command: &'static str,
    from: FileState,
    to: FileState,
) -> Result<CustomerOut> {
    cx.require(&CUSTOMER_MERGE)?;
    let mut tx = begin!(cx, command, &id);
    let old = store::lock_customer(&mut tx, id).await?;
    tx.authorize(&CUSTOMER_MERGE, &old)?;
    if old.state != from {
        let text = T("档案现在是“{state}”", "The file is {state} now");
        return Err(Error::Conflict(
            RuleError::new("customers.state", text).arg("state", cx.t(old.state.label())),
        ));
    }
    let row = CustomerRow { state: to, version: old.version + 1, updated_at: tx.now(), ..old.clone() };
    store::update_customer(&mut tx, &old, &row).await?;
    if to == FileState::Archived {
        timers::cancel_in(&mut tx, id).await?;
    }
    tx.changed(doc(&row), &old, &row)?;
    let out = out(cx, &row);
    tx.commit(out).await
}

/// Shows one sensitive field in full and records who asked (ORG-11).
pub async fn reveal_field(cx: &Cx, id: Id, field: SecretField) -> Result<Revealed> {
    cx.require(&CUSTOMER_REVEAL)?;
    let mut conn = cx.read().await?;
    let row = store::get_customer(&mut conn, id).await?;
    drop(conn);
    cx.authorize(&CUSTOMER_REVEAL, &row)?;
    let (kind, value) = match field {
        SecretField::Phone => (Sens::Phone, row.phone.clone()),
        SecretField::Email => (Sens::Phone, row.email.clone()),
        SecretField::Address => (Sens::Address, row.address.clone()),
    };
    log_reveal(cx, &row, id, field).await?;
    Ok(Revealed { masked: kit::perm::mask(kind, &value), value })
}

/// The trace of a reveal. The value itself is not the command's output: it must not be stored under an
/// idempotency key.
pub async fn log_reveal(cx: &Cx, row: &CustomerRow, item: Id, field: SecretField) -> Result<()> {
    let mut tx = begin!(cx, "customers.reveal", &(row.id, item, field));
    tx.log(doc(row), "revealed", serde_json::json!({ "field": field, "item": item }));
    tx.commit(()).await
}

/// Renews the search entry of a file: name with pinyin initials, number, phones, contacts.
pub async fn index_in(tx: &mut Tx, row: &CustomerRow) -> Result<()> {
    let contacts = contact::store::select_contacts(tx, row.id).await?;
    index_with(tx, row, contacts).await
}

async fn index_with(tx: &mut Tx, row: &CustomerRow, contacts: Vec<contact::model::ContactRow>) -> Result<()> {
    let mut text = format!("{} {}", row.no, kernel::pinyin_initials(&row.name));
    let mut secret = vec![(Sens::Phone, row.phone.as_str())];
    for contact in &contacts {
        text.push_str(&format!(" {}", contact.name));
        secret.push((Sens::Phone, &contact.phone));
    }
    let sub = format!("{} {}{}", row.no, row.region, row.district);
    let doc = kit::search::SearchDoc {
        kind: "customer",
        id: row.id,
        org: row.org_id,
        owner: row.custodian_id,
        title: &kit::veil::marked(Sens::Name, &row.name),
        sub: &sub,
        text: &text,
        secret: &secret,
    };
    kit::search::put_in(tx, &doc).await
}
