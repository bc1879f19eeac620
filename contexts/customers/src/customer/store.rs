//! All SQL of customer files.

use std::collections::HashMap;

use db::{Conn, Sql, args};
use kernel::{Id, phone_key};
use kit::{Error, Result, Scope};

use super::{
    model::CustomerRow,
    rules::{self, text_key},
};

fn select() -> String {
    format!("select {} from customer c where ", CustomerRow::cols("c"))
}

/// The file, whatever its state.
pub async fn get_customer(conn: &mut Conn, id: Id) -> Result<CustomerRow> {
    Ok(conn.one(&(select() + "c.id = $1"), args![id]).await?)
}

/// The file, held until the transaction ends.
pub async fn lock_customer(conn: &mut Conn, id: Id) -> Result<CustomerRow> {
    let sql = format!("{}c.id = $1{}", select(), conn.for_update());
    Ok(conn.one(&sql, args![id]).await?)
}

/// The file with a number.
pub async fn find_by_no(conn: &mut Conn, no: &str) -> Result<Option<CustomerRow>> {
    Ok(conn.opt(&(select() + "c.no = $1"), args![no]).await?)
}

/// The active file of the same organisation, phone and name; else, if asked for, another organisation's (CALL-30).
pub async fn find_same(
    conn: &mut Conn,
    org: Id,
    everywhere: bool,
    phone: &str,
    name: &str,
) -> Result<Option<CustomerRow>> {
    let sql = select()
        + "c.phone_key = $1 and c.name_key = $2 and (c.org_id = $3 or $4) and c.state = 'active'
           order by case when c.org_id = $3 then 0 else 1 end, c.id limit 1";
    Ok(conn.opt(&sql, args![phone_key(phone), text_key(name), org, everywhere]).await?)
}

/// Files whose own phone, or a contact's, is `phone`; newest first (CALL-02).
pub async fn select_by_phone(conn: &mut Conn, scope: &Scope, phone: &str) -> Result<Vec<CustomerRow>> {
    let key = phone_key(phone);
    if key.len() < 5 {
        return Ok(Vec::new());
    }
    let mut sql = Sql::new(
        select() + "c.state <> 'merged' and c.id in (select x.id from customer x where x.phone_key = ",
    );
    sql.bind(&key)
        .push(" union select t.customer_id from customer_contact t where t.phone_key = ")
        .bind(&key)
        .push(")");
    scope.push(&mut sql, "c.org_id", Some("c.custodian_id"));
    sql.push(" order by c.updated_at desc limit 20");
    Ok(conn.all_sql(sql).await?)
}

/// Several files.
pub async fn select_customers(conn: &mut Conn, ids: &[Id]) -> Result<Vec<CustomerRow>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut sql = Sql::new(select() + "c.id in ");
    sql.list(ids.iter().copied());
    Ok(conn.all_sql(sql).await?)
}

/// Names by id.
pub async fn select_names(conn: &mut Conn, ids: &[Id]) -> Result<HashMap<Id, String>> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let mut sql = Sql::new("select c.id, c.name from customer c where c.id in ");
    sql.list(ids.iter().copied());
    Ok(conn.all_sql::<(Id, String)>(sql).await?.into_iter().collect())
}

/// Stores a new file.
pub async fn insert_customer(conn: &mut Conn, row: &CustomerRow) -> Result<()> {
    let sql = Sql::with(
        "insert into customer (id, version, no, org_id, name, name_key, class, grade, standing, member, phone, phone_key,
            email, region, district, address, address_key, call_from, call_to, custodian_id, notes, complete, state,
            merged_into, created_by, created_at, updated_at)
         values ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15,$16,$17,$18,$19,$20,$21,$22,$23,$24,$25,$26,$27)",
        args![
            row.id, row.version, &row.no, row.org_id, &row.name, text_key(&row.name), &row.class, row.grade, row.standing,
            row.member, &row.phone, phone_key(&row.phone), &row.email, &row.region, &row.district, &row.address,
            address_key(row), &row.call_from, &row.call_to, row.custodian_id, &row.notes, row.complete, row.state,
            row.merged_into, row.created_by, row.created_at, row.updated_at
        ],
    );
    Ok(conn.later(sql).await?)
}

/// Stores a changed file; 409 when somebody else was faster.
pub async fn update_customer(conn: &mut Conn, old: &CustomerRow, row: &CustomerRow) -> Result<()> {
    let changed = conn
        .exec(
            "update customer set version = $3, name = $4, name_key = $5, class = $6, grade = $7, standing = $8, member = $9,
                phone = $10, phone_key = $11, email = $12, region = $13, district = $14, address = $15, address_key = $16,
                call_from = $17, call_to = $18, custodian_id = $19, notes = $20, complete = $21, state = $22,
                merged_into = $23, updated_at = $24, org_id = $25
             where id = $1 and version = $2",
            args![
                row.id, old.version, row.version, &row.name, text_key(&row.name), &row.class, row.grade, row.standing,
                row.member, &row.phone, phone_key(&row.phone), &row.email, &row.region, &row.district, &row.address,
                address_key(row), &row.call_from, &row.call_to, row.custodian_id, &row.notes, row.complete, row.state,
                row.merged_into, row.updated_at, row.org_id
            ],
        )
        .await?;
    if changed == 0 { Err(Error::Conflict(rules::stale())) } else { Ok(()) }
}

/// Region and district count too: the same house number stands in every town.
fn address_key(row: &CustomerRow) -> String {
    if row.address.is_empty() {
        String::new()
    } else {
        text_key(&format!("{}{}{}", row.region, row.district, row.address))
    }
}

/// Names of missing, for [`crate::checks`]: files whose `complete` does not say what their fields say.
pub async fn select_wrongly_complete(conn: &mut Conn) -> Result<Vec<String>> {
    let sql = "select c.no from customer c where c.state <> 'merged' and c.complete <>
        (case when c.phone <> '' and c.region <> '' and c.address <> '' then true else false end) limit 100";
    Ok(conn.all::<(String,)>(sql, vec![]).await?.into_iter().map(|(no,)| no).collect())
}

/// Files merged into one that is merged itself, or into nothing.
pub async fn select_lost_merges(conn: &mut Conn) -> Result<Vec<String>> {
    let sql = "select c.no from customer c left join customer m on m.id = c.merged_into
        where (c.state = 'merged') <> (c.merged_into is not null) or m.state = 'merged' limit 100";
    Ok(conn.all::<(String,)>(sql, vec![]).await?.into_iter().map(|(no,)| no).collect())
}

/// A file without its person is closed for good; those merged into it stay so.
pub async fn close_erased(conn: &mut Conn, ids: &[Id]) -> Result<()> {
    for id in ids {
        let sql = "update customer set complete = false, state = case when state = 'merged' then state else 'erased' end where id = $1";
        conn.exec(sql, args![id]).await?;
    }
    Ok(())
}

/// True when another file went into this one.
pub async fn is_merged_into(conn: &mut Conn, id: Id) -> Result<bool> {
    Ok(conn.scalar("select exists (select 1 from customer where merged_into = $1)", args![id]).await?)
}

/// Takes a file out: only for what is taken back along with what it was made for.
pub async fn delete_customer(conn: &mut Conn, id: Id) -> Result<()> {
    conn.exec("delete from customer where id = $1", args![id]).await?;
    Ok(())
}
