//! Statements of the first start.

use db::{Conn, Sql, args};
use kernel::{Id, Ts};
use kit::{Perm, Result, Role, Sens};

use super::{default_grants, default_show};

/// Accounts that can sign in with a password.
pub(super) async fn with_password(conn: &mut Conn) -> Result<i64> {
    Ok(conn.scalar("select count(*) from app_user where active and password <> ''", vec![]).await?)
}

pub(super) async fn roles(conn: &mut Conn) -> Result<Vec<(String, Id)>> {
    Ok(conn.all("select code, id from role where built_in", vec![]).await?)
}

/// A built-in role with what it shows of sensitive fields.
pub(super) async fn insert_role(conn: &mut Conn, id: Id, role: Role, now: Ts) -> Result<()> {
    conn.exec(
        "insert into role (id, version, code, name, note, built_in, created_at, updated_at) values ($1, 1, $2, $3, '', true, $4, $4)",
        args![id, role.code(), role.info().1.0, now],
    )
    .await?;
    let mut sql = Sql::new("insert into role_field (role_id, kind, shown) values ");
    for (index, kind) in Sens::ALL.iter().enumerate() {
        let values: Vec<db::Val> = args![id, kind.code(), crate::roles::show_code(default_show(role, *kind))];
        sql.push(if index == 0 { "" } else { ", " }).list(values);
    }
    conn.exec_sql(sql).await?;
    Ok(())
}

/// Permissions whose defaults were handed out.
pub(super) async fn known_perms(conn: &mut Conn) -> Result<Vec<String>> {
    let rows: Vec<(String,)> = conn.all("select perm_key from known_perm", vec![]).await?;
    Ok(rows.into_iter().map(|(key,)| key).collect())
}

/// Gives the built-in roles what new permissions say.
pub(super) async fn hand_out(conn: &mut Conn, roles: &[(Role, Id)], perms: &[&Perm]) -> Result<()> {
    if perms.is_empty() {
        return Ok(());
    }
    let mut grants = Sql::new("insert into role_grant (role_id, perm_key, reach) values ");
    let mut known = Sql::new("insert into known_perm (perm_key) values ");
    let mut first = true;
    for (index, perm) in perms.iter().enumerate() {
        known.push(if index == 0 { "" } else { ", " }).list([perm.key]);
        for (role, reach) in default_grants(perm) {
            let Some((_, id)) = roles.iter().find(|(known, _)| *known == role) else { continue };
            let values: Vec<db::Val> = args![*id, perm.key, reach.code()];
            grants.push(if std::mem::take(&mut first) { "" } else { ", " }).list(values);
        }
    }
    grants.push(" on conflict (role_id, perm_key) do nothing");
    known.push(" on conflict (perm_key) do nothing");
    conn.exec_sql(grants).await?;
    conn.exec_sql(known).await?;
    Ok(())
}
