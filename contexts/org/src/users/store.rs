//! Statements on accounts.

use db::{Conn, Sql, args};
use kernel::{Id, RuleError, T, Ts};
use kit::{Error, Reach, Result, Role};

use super::model::UserRow;

pub(crate) async fn user(conn: &mut Conn, id: Id) -> Result<UserRow> {
    let sql = format!("select {} from app_user u where u.id = $1", UserRow::cols("u"));
    Ok(conn.one(&sql, args![id]).await?)
}

pub(super) async fn lock_user(conn: &mut Conn, id: Id) -> Result<UserRow> {
    let sql = format!("select {} from app_user u where u.id = $1{}", UserRow::cols("u"), conn.for_update());
    Ok(conn.one(&sql, args![id]).await?)
}

pub(crate) async fn by_login(conn: &mut Conn, login: &str) -> Result<UserRow> {
    let sql = format!("select {} from app_user u where u.login = $1", UserRow::cols("u"));
    Ok(conn.one(&sql, args![login]).await?)
}

/// The account of a person, if there is one.
pub(super) async fn of_staff(conn: &mut Conn, staff: Id) -> Result<Option<UserRow>> {
    let sql = format!("select {} from app_user u where u.staff_id = $1", UserRow::cols("u"));
    Ok(conn.opt(&sql, args![staff]).await?)
}

fn taken(error: db::Error, login: &str) -> Error {
    if error.is_unique("login") {
        return RuleError::new(
            "org.login_taken",
            T("登录名“{login}”已被使用", "The login name \"{login}\" is taken"),
        )
        .arg("login", login)
        .field("login")
        .into();
    }
    if error.is_unique("staff") {
        return RuleError::new(
            "org.staff_has_user",
            T("这位员工已有账户", "This person has an account already"),
        )
        .field("staff_id")
        .into();
    }
    error.into()
}

pub(super) async fn insert(conn: &mut Conn, user: &UserRow, password: &str, now: Ts) -> Result<()> {
    conn.exec(
        "insert into app_user (id, version, login, name, staff_id, org_id, email, password, must_change, active, created_at,
         updated_at) values ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$11)",
        args![
            user.id, user.version, &user.login, &user.name, user.staff_id, user.org_id, &user.email, password,
            user.must_change, user.active, now
        ],
    )
    .await
    .map_err(|error| taken(error, &user.login))?;
    Ok(())
}

pub(super) async fn update(conn: &mut Conn, user: &UserRow, now: Ts) -> Result<()> {
    let rows = conn
        .exec(
            "update app_user set version = version + 1, name = $3, org_id = $4, email = $5, active = $6, updated_at = $7,
             staff_id = $8 where id = $1 and version = $2",
            args![user.id, user.version, &user.name, user.org_id, &user.email, user.active, now, user.staff_id],
        )
        .await
        .map_err(|error| taken(error, &user.login))?;
    if rows == 0 { Err(crate::stale()) } else { Ok(()) }
}

/// The first password may stay.
pub(super) async fn keep_password(conn: &mut Conn, user: Id) -> Result<()> {
    conn.exec("update app_user set must_change = $2 where id = $1", args![user, false]).await?;
    Ok(())
}

/// Active accounts of people.
pub(crate) async fn ids_of_staff(conn: &mut Conn, staff: &[Id]) -> Result<Vec<Id>> {
    let mut sql = Sql::new("select id from app_user where active and staff_id in ");
    sql.list(staff.iter().copied());
    Ok(conn.all_sql::<(Id,)>(sql).await?.into_iter().map(|(id,)| id).collect())
}

/// Keeps the address that mails of an account go to.
pub(super) async fn set_mail(conn: &mut Conn, user: Id, email: &str) -> Result<()> {
    if email.is_empty() {
        conn.exec("delete from mail_address where user_id = $1", args![user]).await?;
    } else {
        conn.exec(
            "insert into mail_address (user_id, address) values ($1, $2) on conflict (user_id) do update set address = excluded.address",
            args![user, email],
        )
        .await?;
    }
    Ok(())
}

/// Codes of an account's roles.
pub(crate) async fn roles(conn: &mut Conn, user: Id) -> Result<Vec<String>> {
    let rows: Vec<(String,)> = conn
        .all("select r.code from user_role x join role r on r.id = x.role_id where x.user_id = $1 order by r.code", args![user])
        .await?;
    Ok(rows.into_iter().map(|(code,)| code).collect())
}

/// Ids of roles by code; unknown codes are left out.
pub(super) async fn role_ids(conn: &mut Conn, codes: &[String]) -> Result<Vec<(Id, String)>> {
    let mut sql = Sql::new("select id, code from role where code in ");
    sql.list(codes.iter());
    Ok(conn.all_sql(sql).await?)
}

/// What roles grant.
pub(crate) async fn grants_of(conn: &mut Conn, roles: &[Id]) -> Result<Vec<(String, Reach)>> {
    let mut sql = Sql::new("select perm_key, reach from role_grant where role_id in ");
    sql.list(roles.iter().copied()).push(" order by perm_key");
    let rows: Vec<(String, String)> = conn.all_sql(sql).await?;
    Ok(rows.into_iter().filter_map(|(key, reach)| Some((key, Reach::parse(&reach)?))).collect())
}

/// Replaces the roles of an account.
pub(super) async fn set_roles(conn: &mut Conn, user: Id, roles: &[Id]) -> Result<()> {
    conn.exec("delete from user_role where user_id = $1", args![user]).await?;
    if roles.is_empty() {
        return Ok(());
    }
    let mut sql = Sql::new("insert into user_role (user_id, role_id) values ");
    for (index, role) in roles.iter().enumerate() {
        sql.push(if index == 0 { "" } else { ", " }).list([user, *role]);
    }
    conn.exec_sql(sql).await?;
    Ok(())
}

/// Accounts that can administer: active, with an active person and organisation.
pub(super) async fn admins(conn: &mut Conn) -> Result<i64> {
    Ok(conn
        .scalar(
            "select count(*) from user_role x join role r on r.id = x.role_id join app_user u on u.id = x.user_id
             join org_unit o on o.id = u.org_id left join staff s on s.id = u.staff_id
             where r.code = $1 and u.active and o.active and (s.id is null or s.active)",
            args![Role::Admin.code()],
        )
        .await?)
}

/// Whoever changes who can administer does so one after the other.
pub(super) async fn lock_admin_role(conn: &mut Conn) -> Result<()> {
    let sql = format!("select id from role where code = $1{}", conn.for_update());
    conn.rows(&sql, args![Role::Admin.code()]).await?;
    Ok(())
}

/// All roles: code, stored name, built in.
pub(super) async fn all_roles(conn: &mut Conn) -> Result<Vec<(String, String, bool)>> {
    Ok(conn.all("select code, name, built_in from role order by built_in desc, code", vec![]).await?)
}
