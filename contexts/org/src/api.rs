//! What other contexts may ask of organisations and people. `conn` may be the caller's transaction.

use std::collections::HashMap;

use db::{Conn, Sql, args};
use kernel::{Id, Ts};
use kit::{Result, Role, Scope, Tx};

use crate::directory::administers;

pub use crate::{
    password::hash as hash_password,
    posts::{NewPost, create_post_in, subordinates},
    staff::{
        create_staff_in,
        model::{NewStaff, StaffBrief},
    },
    units::{
        create_org_in,
        model::{NewUnit, UnitKind},
    },
    users::{create_user_in, model::NewUser},
};

db::row! {
    /// What other contexts need of an organisation.
    #[derive(Clone, Debug)]
    pub struct OrgBrief {
        pub id: Id,
        pub name: String,
        pub kind: UnitKind,
        pub parent_id: Option<Id>,
        /// Sales and service region in words; empty: none.
        pub region: String,
    }
}

const STAFF: &str =
    "select s.id, s.no, s.name, s.org_id, u.id as user_id, s.grade, s.skills, s.phone, s.active, s.engineer
    from staff s left join app_user u on u.staff_id = s.id";

/// One person; 404 when unknown.
pub async fn staff(conn: &mut Conn, id: Id) -> Result<StaffBrief> {
    Ok(conn.one(&format!("{STAFF} where s.id = $1"), args![id]).await?)
}

/// The active person with an employee number.
pub async fn staff_by_no(conn: &mut Conn, no: &str) -> Result<Option<StaffBrief>> {
    Ok(conn.opt(&format!("{STAFF} where s.no = $1 and s.active"), args![no]).await?)
}

/// Several people in one query, in no order; unknown ids are left out.
pub async fn staff_many(conn: &mut Conn, ids: &[Id]) -> Result<Vec<StaffBrief>> {
    let mut sql = Sql::new(format!("{STAFF} where s.id in "));
    sql.list(ids.iter().copied());
    Ok(conn.all_sql(sql).await?)
}

/// Names by id; unknown ids are left out.
pub async fn staff_names(conn: &mut Conn, ids: &[Id]) -> Result<HashMap<Id, String>> {
    names(conn, "staff", ids).await
}

/// Names of organisations by id; unknown ids are left out.
pub async fn org_names(conn: &mut Conn, ids: &[Id]) -> Result<HashMap<Id, String>> {
    names(conn, "org_unit", ids).await
}

async fn names(conn: &mut Conn, table: &str, ids: &[Id]) -> Result<HashMap<Id, String>> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let mut sql = Sql::new(format!("select id, name from {table} where id in "));
    sql.list(ids.iter().copied());
    Ok(conn.all_sql::<(Id, String)>(sql).await?.into_iter().collect())
}

/// Active people who do field work within a scope, by employee number (DISP: who can be assigned).
pub async fn engineers(conn: &mut Conn, scope: &Scope) -> Result<Vec<StaffBrief>> {
    let mut sql = Sql::new(format!("{STAFF} where s.active and s.engineer"));
    scope.push(&mut sql, "s.org_id", Some("s.id"));
    sql.push(" order by s.no");
    Ok(conn.all_sql(sql).await?)
}

/// Accounts holding a permission that covers an organisation, for notices; also of those who stand in for such a person
/// now (ORG-14). `own` and `team` reach cover none.
pub async fn users_with(tx: &mut Tx, perm_key: &str, org: Id) -> Result<Vec<Id>> {
    let now = tx.now();
    users_with_at(tx, perm_key, org, now).await
}

/// The same at an instant.
pub async fn users_with_at(conn: &mut Conn, perm_key: &str, org: Id, at: Ts) -> Result<Vec<Id>> {
    let rows: Vec<(Id,)> = conn
        .all(
            &format!(
                "with recursive up (id, parent_id) as (
                     select o.id, o.parent_id from org_unit o where o.id = $2
                     union select p.id, p.parent_id from org_unit p join up on p.id = up.parent_id),
                 holder (id, staff_id, code) as (
                     select u.id, u.staff_id, r.code from role_grant g
                     join user_role ur on ur.role_id = g.role_id
                     join role r on r.id = g.role_id
                     join app_user u on u.id = ur.user_id
                     where g.perm_key = $1 and u.active and (g.reach = 'all'
                         or (g.reach = 'below' and u.org_id in (select id from up))
                         or (g.reach = 'outlet' and u.org_id = $2)))
                 {}",
                with_substitutes(perm_key, "$3")
            ),
            args![perm_key, org, at],
        )
        .await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// Accounts of `holder`, and of those who stand in for one at an instant, unless the right is one that nobody takes over.
fn with_substitutes(perm_key: &str, at: &str) -> String {
    let taken = if administers(perm_key) { "and 1 = 0" } else { "" };
    format!(
        "select id from holder union select v.id from holder h
         join acting a on a.absent_id = h.staff_id
         join app_user v on v.staff_id = a.substitute_id
         where v.active and h.code <> '{}' and a.ended_at is null and a.from_at <= {at} and a.until_at > {at} {taken} order by 1",
        Role::Admin.code()
    )
}

/// The accounts of people and of those who stand in for them at an instant, for notices and reminders (ORG-14).
pub async fn users_of(conn: &mut Conn, staff: &[Id], at: Ts) -> Result<Vec<Id>> {
    let mut sql = Sql::new("select u.id from app_user u where u.active and (u.staff_id in ");
    sql.list(staff.iter().copied());
    sql.push(
        " or u.staff_id in (select a.substitute_id from acting a where a.ended_at is null and a.from_at <= ",
    )
    .bind(at);
    sql.push(" and a.until_at > ")
        .bind(at)
        .push(" and a.absent_id in ")
        .list(staff.iter().copied())
        .push("))");
    Ok(conn.all_sql::<(Id,)>(sql).await?.into_iter().map(|(id,)| id).collect())
}

/// One organisation; 404 when unknown.
pub async fn org(conn: &mut Conn, id: Id) -> Result<OrgBrief> {
    let sql = format!("select {} from org_unit o where o.id = $1", OrgBrief::cols("o"));
    Ok(conn.one(&sql, args![id]).await?)
}

/// Active organisations within a scope, by code: for choices in forms.
pub async fn orgs(conn: &mut Conn, scope: &Scope) -> Result<Vec<OrgBrief>> {
    let mut sql = Sql::new(format!("select {} from org_unit o where o.active", OrgBrief::cols("o")));
    scope.push(&mut sql, "o.id", None);
    sql.push(" order by o.code");
    Ok(conn.all_sql(sql).await?)
}

/// From an organisation upwards to the root, itself first: for rules that are inherited downwards.
pub async fn above(conn: &mut Conn, org: Id) -> Result<Vec<Id>> {
    Ok(crate::units::store::shape(conn).await?.above(org))
}

/// The same with names and kinds, itself first: who is next in charge (WO-16).
pub async fn chain(conn: &mut Conn, org: Id) -> Result<Vec<OrgBrief>> {
    let ids = above(conn, org).await?;
    let mut sql = Sql::new(format!("select {} from org_unit o where o.id in ", OrgBrief::cols("o")));
    sql.list(ids.iter().copied());
    let mut units: Vec<OrgBrief> = conn.all_sql(sql).await?;
    units.sort_by_key(|unit| ids.iter().position(|id| *id == unit.id));
    Ok(units)
}

/// Accounts holding a permission that work at an organisation themselves, and their substitutes: whose job it is there.
/// Where there are none, everybody whom [`users_with`] finds.
pub async fn users_at(tx: &mut Tx, perm_key: &str, org: Id) -> Result<Vec<Id>> {
    let now = tx.now();
    let rows: Vec<(Id,)> = tx
        .all(
            &format!(
                "with holder (id, staff_id, code) as (
                     select u.id, u.staff_id, r.code from role_grant g join user_role ur on ur.role_id = g.role_id
                     join role r on r.id = g.role_id join app_user u on u.id = ur.user_id
                     where g.perm_key = $1 and u.active and u.org_id = $2 and g.reach in ('all', 'below', 'outlet'))
                 {}",
                with_substitutes(perm_key, "$3")
            ),
            args![perm_key, org, now],
        )
        .await?;
    if rows.is_empty() {
        users_with(tx, perm_key, org).await
    } else {
        Ok(rows.into_iter().map(|(id,)| id).collect())
    }
}

/// The topmost organisation.
pub async fn root(conn: &mut Conn) -> Result<OrgBrief> {
    let sql = format!(
        "select {} from org_unit o where o.parent_id is null order by o.id limit 1",
        OrgBrief::cols("o")
    );
    Ok(conn.one(&sql, vec![]).await?)
}

/// What somebody is in the company: roles, and posts with their organisations.
#[derive(Clone, Debug, Default)]
pub struct Standing {
    /// Codes of roles.
    pub roles: Vec<String>,
    /// Codes of roles, each with the organisation in which it is held.
    pub places: Vec<(String, Id)>,
    /// Names of posts held, with the post's organisation.
    pub posts: Vec<(String, Id)>,
}

/// Roles and posts of an account and of the people it stands in for (ORG-14).
pub async fn standing(conn: &mut Conn, user: Id, staff: &[Id]) -> Result<Standing> {
    let mut sql = Sql::with(
        "select distinct r.code, u.org_id from app_user u join user_role ur on ur.user_id = u.id join role r on r.id = ur.role_id
         where u.id = $1 or (u.active and u.staff_id in ",
        args![user],
    );
    sql.list(staff.iter().copied()).push(") order by r.code, u.org_id");
    let places: Vec<(String, Id)> = conn.all_sql(sql).await?;
    let mut roles: Vec<String> = places.iter().map(|(code, _)| code.clone()).collect();
    roles.dedup();
    let mut sql = Sql::new(
        "select distinct p.name, p.org_id from staff s join post p on p.id = s.post_id where s.active and p.active and s.id in ",
    );
    sql.list(staff.iter().copied()).push(" order by p.name, p.org_id");
    Ok(Standing { roles, places, posts: conn.all_sql(sql).await? })
}

/// Codes and names of all roles, by code.
pub async fn roles(conn: &mut Conn) -> Result<Vec<(String, String)>> {
    Ok(conn.all("select code, name from role order by code", vec![]).await?)
}

/// Active holders of posts of a name in these organisations: `(person, organisation of the post)`. Whoever takes a post
/// over is found from then on (ORG-15).
pub async fn post_holders(conn: &mut Conn, name: &str, orgs: &[Id]) -> Result<Vec<(Id, Id)>> {
    let mut sql = Sql::with(
        "select s.id, p.org_id from post p join staff s on s.post_id = p.id where s.active and p.active and p.name = $1 and p.org_id in ",
        args![name],
    );
    sql.list(orgs.iter().copied()).push(" order by s.no");
    Ok(conn.all_sql(sql).await?)
}

/// Posts in use of these names in these organisations.
pub async fn post_ids(conn: &mut Conn, names: &[String], orgs: &[Id]) -> Result<Vec<Id>> {
    if names.is_empty() || orgs.is_empty() {
        return Ok(Vec::new());
    }
    let mut sql = Sql::new("select p.id from post p where p.active and p.name in ");
    sql.list(names.iter().map(String::as_str))
        .push(" and p.org_id in ")
        .list(orgs.iter().copied())
        .push(" order by p.id");
    Ok(conn.all_sql::<(Id,)>(sql).await?.into_iter().map(|(id,)| id).collect())
}

/// Active holders of the posts above the posts of a name in these organisations (ORG-05).
pub async fn superiors_of(conn: &mut Conn, name: &str, orgs: &[Id]) -> Result<Vec<Id>> {
    let mut sql = Sql::with(
        "select distinct s.id from post p join post above on above.id = p.superior_id join staff s on s.post_id = above.id
         where s.active and above.active and p.active and p.name = $1 and p.org_id in ",
        args![name],
    );
    sql.list(orgs.iter().copied()).push(" order by s.id");
    Ok(conn.all_sql::<(Id,)>(sql).await?.into_iter().map(|(id,)| id).collect())
}

/// Posts that somebody holds, among these names: name and organisation.
pub async fn held_posts(conn: &mut Conn, names: &[String]) -> Result<Vec<(String, Id)>> {
    let mut sql = Sql::new(
        "select distinct p.name, p.org_id from post p join staff s on s.post_id = p.id where s.active and p.active and p.name in ",
    );
    sql.list(names.iter().map(String::as_str));
    Ok(conn.all_sql(sql).await?)
}

/// Every organisation with the one above it.
pub async fn parents(conn: &mut Conn) -> Result<HashMap<Id, Option<Id>>> {
    let rows: Vec<(Id, Option<Id>)> = conn.all("select id, parent_id from org_unit", vec![]).await?;
    Ok(rows.into_iter().collect())
}

/// Active accounts with a role in these organisations, and of those who stand in for one at an instant (ORG-14).
pub async fn users_with_role(conn: &mut Conn, code: &str, orgs: &[Id], at: Ts) -> Result<Vec<Id>> {
    let mut sql = Sql::with(
        "with holder (id, staff_id, code) as (
             select u.id, u.staff_id, r.code from app_user u join user_role ur on ur.user_id = u.id
             join role r on r.id = ur.role_id where u.active and r.code = $1 and u.org_id in ",
        args![code, at],
    );
    sql.list(orgs.iter().copied()).push(") ").push(&with_substitutes("", "$2"));
    Ok(conn.all_sql::<(Id,)>(sql).await?.into_iter().map(|(id,)| id).collect())
}

/// People with a role in some organisations, without those who stand in for them.
pub async fn role_holders(conn: &mut Conn, code: &str, orgs: &[Id]) -> Result<Vec<Id>> {
    let mut sql = Sql::with(
        "select distinct u.staff_id from app_user u join user_role ur on ur.user_id = u.id join role r on r.id = ur.role_id
         where u.active and u.staff_id is not null and r.code = $1 and u.org_id in ",
        args![code],
    );
    sql.list(orgs.iter().copied());
    Ok(conn.all_sql::<(Id,)>(sql).await?.into_iter().map(|(id,)| id).collect())
}

/// Names of posts in use, for choices.
pub async fn post_names(conn: &mut Conn) -> Result<Vec<String>> {
    let rows: Vec<(String,)> =
        conn.all("select distinct name from post where active order by name", vec![]).await?;
    Ok(rows.into_iter().map(|(name,)| name).collect())
}
