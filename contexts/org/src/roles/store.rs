//! Statements on roles.

use std::collections::{BTreeMap, HashMap};

use db::{Conn, Sql, args};
use kernel::{Id, RuleError, T, Ts};
use kit::{Error, Reach, Result};

use super::model::{RoleRow, Shown};

db::row! {
    pub(super) struct Counted { pub id: Id, pub code: String, pub name: String, pub note: String, pub built_in: bool, pub users: i64, pub permissions: i64 }
}

pub(super) async fn all(conn: &mut Conn) -> Result<Vec<Counted>> {
    Ok(conn
        .all(
            "select r.id, r.code, r.name, r.note, r.built_in,
             (select count(*) from user_role x join app_user u on u.id = x.user_id where x.role_id = r.id and u.active) as users,
             (select count(*) from role_grant g where g.role_id = r.id) as permissions
             from role r order by r.built_in desc, r.code",
            vec![],
        )
        .await?)
}

pub(super) async fn role(conn: &mut Conn, id: Id) -> Result<RoleRow> {
    let sql = format!("select {} from role r where r.id = $1{}", RoleRow::cols("r"), conn.for_update());
    Ok(conn.one(&sql, args![id]).await?)
}

/// Without a lock, for reading.
pub(super) async fn read(conn: &mut Conn, id: Id) -> Result<RoleRow> {
    let sql = format!("select {} from role r where r.id = $1", RoleRow::cols("r"));
    Ok(conn.one(&sql, args![id]).await?)
}

pub(super) async fn grants(conn: &mut Conn, role: Id) -> Result<BTreeMap<String, Reach>> {
    Ok(crate::users::store::grants_of(conn, &[role]).await?.into_iter().collect())
}

pub(super) async fn fields(conn: &mut Conn, role: Id) -> Result<HashMap<String, Shown>> {
    let rows: Vec<(String, Shown)> =
        conn.all("select kind, shown from role_field where role_id = $1", args![role]).await?;
    Ok(rows.into_iter().collect())
}

pub(super) async fn insert(conn: &mut Conn, role: &RoleRow, now: Ts) -> Result<()> {
    conn.exec(
        "insert into role (id, version, code, name, note, built_in, created_at, updated_at) values ($1,$2,$3,$4,$5,$6,$7,$7)",
        args![role.id, role.version, &role.code, &role.name, &role.note, role.built_in, now],
    )
    .await
    .map_err(|error| match error.is_unique("code") {
        true => RuleError::new("org.role_taken", T("代码“{code}”已被使用", "The code \"{code}\" is taken")).arg("code", &role.code).field("code").into(),
        false => Error::from(error),
    })?;
    Ok(())
}

pub(super) async fn update(conn: &mut Conn, role: &RoleRow, now: Ts) -> Result<()> {
    let rows = conn
        .exec(
            "update role set version = version + 1, name = $3, note = $4, updated_at = $5 where id = $1 and version = $2",
            args![role.id, role.version, &role.name, &role.note, now],
        )
        .await?;
    if rows == 0 { Err(crate::stale()) } else { Ok(()) }
}

/// Replaces what a role grants.
pub(super) async fn set_grants(conn: &mut Conn, role: Id, grants: &BTreeMap<String, Reach>) -> Result<()> {
    conn.exec("delete from role_grant where role_id = $1", args![role]).await?;
    if grants.is_empty() {
        return Ok(());
    }
    let mut sql = Sql::new("insert into role_grant (role_id, perm_key, reach) values ");
    for (index, (key, reach)) in grants.iter().enumerate() {
        let values: Vec<db::Val> = args![role, key, reach.code()];
        sql.push(if index == 0 { "" } else { ", " }).list(values);
    }
    conn.exec_sql(sql).await?;
    Ok(())
}

/// Replaces what a role shows.
pub(super) async fn set_fields(conn: &mut Conn, role: Id, fields: &HashMap<String, Shown>) -> Result<()> {
    conn.exec("delete from role_field where role_id = $1", args![role]).await?;
    if fields.is_empty() {
        return Ok(());
    }
    let mut sql = Sql::new("insert into role_field (role_id, kind, shown) values ");
    for (index, (kind, shown)) in fields.iter().enumerate() {
        let values: Vec<db::Val> = args![role, kind, *shown];
        sql.push(if index == 0 { "" } else { ", " }).list(values);
    }
    conn.exec_sql(sql).await?;
    Ok(())
}

/// Accounts holding a role, closed ones included.
pub(super) async fn holders(conn: &mut Conn, role: Id) -> Result<i64> {
    Ok(conn.scalar("select count(*) from user_role where role_id = $1", args![role]).await?)
}

pub(super) async fn delete(conn: &mut Conn, role: Id) -> Result<()> {
    conn.exec("delete from role_grant where role_id = $1", args![role]).await?;
    conn.exec("delete from role_field where role_id = $1", args![role]).await?;
    conn.exec("delete from role where id = $1", args![role]).await?;
    Ok(())
}
