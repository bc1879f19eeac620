//! Builds an actor from the database: place in the organisation, team, substitutes, rights.

use std::{collections::HashMap, sync::Arc};

use db::{Conn, Sql, args};
use kernel::{Id, Ts};
use kit::{Actor, Instead, OrgNode, Reach, Result, Role, Sens, Show};

use crate::units::rules::Shape;

db::row! {
    pub(super) struct Credential { pub id: Id, pub kind: String, pub user_id: Id, pub scope: String, pub seen_at: Ts, pub expires_at: Option<Ts> }
}

/// The live session or token behind a hash.
pub(super) async fn credential(conn: &mut Conn, hash: &str, now: Ts) -> Result<Option<Credential>> {
    let sql = format!(
        "select {} from credential c where c.hash = $1 and c.kind in ('session', 'token') and c.revoked_at is null
         and (c.expires_at is null or c.expires_at > $2)",
        Credential::cols("c")
    );
    Ok(conn.opt(&sql, args![hash, now]).await?)
}

/// Notes the last use.
pub(super) async fn seen(conn: &mut Conn, id: Id, now: Ts) -> Result<()> {
    conn.exec("update credential set seen_at = $2 where id = $1 and seen_at < $2", args![id, now]).await?;
    Ok(())
}

db::row! {
    struct Person {
        login: String, name: String, staff_id: Option<Id>, org_id: Id, org_name: String, must_change: bool,
        team: Option<String>, staff_org: Option<Id>, post_id: Option<Id>
    }
}

/// The whole tree, by code.
pub(super) async fn orgs(conn: &mut Conn) -> Result<Vec<OrgNode>> {
    let rows: Vec<(Id, Option<Id>, String, String, String)> =
        conn.all("select id, parent_id, name, code, time_zone from org_unit order by code", vec![]).await?;
    let node = |(id, parent_id, name, code, time_zone)| OrgNode { id, parent_id, code, name, time_zone };
    Ok(rows.into_iter().map(node).collect())
}

/// The actor of an account; none when the account, its person or its organisation is closed.
pub(super) async fn actor(conn: &mut Conn, shape: &Shape, user: Id, now: Ts) -> Result<Option<Actor>> {
    let person: Option<Person> = conn
        .opt(
            "select u.login, u.name, u.staff_id, u.org_id, o.name as org_name, u.must_change, s.team, s.org_id as staff_org,
             s.post_id
             from app_user u join org_unit o on o.id = u.org_id left join staff s on s.id = u.staff_id
             where u.id = $1 and u.active and o.active and (s.id is null or s.active)",
            args![user],
        )
        .await?;
    let Some(person) = person else { return Ok(None) };
    let absent = match person.staff_id {
        Some(staff) => standing_in_for(conn, staff, now).await?,
        None => Vec::new(),
    };
    let rights = if person.must_change {
        // Nothing but the page for a new password works until there is one.
        Rights::default()
    } else {
        rights(conn, user, &absent).await?
    };
    let mut instead = Vec::new();
    for one in &absent {
        instead.push(Instead {
            staff: one.id,
            name: one.name.clone(),
            org: one.org_id,
            below: shape.below(one.org_id).into(),
            team: team(conn, Some(one.id), Some(&one.team), Some(one.staff_org)).await?.into(),
            posts: posts(conn, Some(one.id), one.post_id).await?.into(),
            post: one.post_id,
            grants: rights.theirs.get(&one.id).cloned().unwrap_or_default(),
        });
    }
    Ok(Some(Actor {
        user,
        staff: person.staff_id,
        name: person.name.clone(),
        login: person.login.clone(),
        org: person.org_id,
        org_name: person.org_name.clone(),
        below: shape.below(person.org_id).into(),
        team: team(conn, person.staff_id, person.team.as_deref(), person.staff_org).await?.into(),
        posts: posts(conn, person.staff_id, person.post_id).await?.into(),
        post: person.post_id,
        acting_for: absent.iter().map(|one| one.id).collect(),
        instead: instead.into(),
        grants: Arc::new(rights.own),
        fields: rights.fields,
        credential: None,
        token: false,
        read_only: false,
        narrowed: false,
        system: false,
    }))
}

db::row! {
    /// Somebody whose place the person takes: `org_id` is where that person's account works.
    struct Absent { id: Id, name: String, org_id: Id, team: String, staff_org: Id, post_id: Option<Id> }
}

async fn standing_in_for(conn: &mut Conn, staff: Id, now: Ts) -> Result<Vec<Absent>> {
    Ok(conn
        .all(
            "select s.id, s.name, coalesce(u.org_id, s.org_id) as org_id, s.team, s.org_id as staff_org,
             s.post_id
             from staff s left join app_user u on u.staff_id = s.id
             where s.id in (select a.absent_id from acting a
                where a.substitute_id = $1 and a.from_at <= $2 and a.until_at > $2 and a.ended_at is null) order by s.id",
            args![staff, now],
        )
        .await?)
}

async fn team(conn: &mut Conn, staff: Option<Id>, team: Option<&str>, org: Option<Id>) -> Result<Vec<Id>> {
    let Some(staff) = staff else { return Ok(Vec::new()) };
    match (team, org) {
        (Some(team), Some(org)) if !team.is_empty() => {
            let rows: Vec<(Id,)> = conn
                .all("select id from staff where org_id = $1 and team = $2 order by id", args![org, team])
                .await?;
            Ok(rows.into_iter().map(|(id,)| id).collect())
        }
        _ => Ok(vec![staff]),
    }
}

/// The person and everybody on a post below that person's own, wherever it is (ORG-04). People who left count too: what
/// they left behind is still the superior's business.
async fn posts(conn: &mut Conn, staff: Option<Id>, post: Option<Id>) -> Result<Vec<Id>> {
    let Some(staff) = staff else { return Ok(Vec::new()) };
    let Some(post) = post else { return Ok(vec![staff]) };
    let below = crate::posts::store::shape(conn).await?.below(post);
    let mut sql = Sql::new("select id from staff where post_id in ");
    sql.list(below.into_iter().filter(|id| *id != post)).push(" order by id");
    let rows: Vec<(Id,)> = conn.all_sql(sql).await?;
    Ok(std::iter::once(staff).chain(rows.into_iter().map(|(id,)| id)).collect())
}

#[derive(Default)]
struct Rights {
    own: HashMap<String, Reach>,
    /// By absent person.
    theirs: HashMap<Id, HashMap<String, Reach>>,
    fields: HashMap<&'static str, Show>,
}

/// Grants and field rules of all roles, the widest of each. A substitute also holds the roles of the people it
/// stands in for, in their place, except what administers: taking somebody's place is not becoming an administrator.
async fn rights(conn: &mut Conn, user: Id, absent: &[Absent]) -> Result<Rights> {
    let mut sql = Sql::new(
        "select r.role_id, u.staff_id, u.id from user_role r join app_user u on u.id = r.user_id where u.id = ",
    );
    sql.bind(user);
    if !absent.is_empty() {
        sql.push(
            " union all select r.role_id, u.staff_id, u.id from user_role r join app_user u on u.id = r.user_id
             join role o on o.id = r.role_id where o.code <> ",
        )
        .bind(Role::Admin.code())
        .push(" and u.active and u.staff_id in ")
        .list(absent.iter().map(|one| one.id));
    }
    let roles: Vec<(Id, Option<Id>, Id)> = conn.all_sql(sql).await?;
    let all = || roles.iter().map(|(id, _, _)| *id);
    let mut sql = Sql::new("select role_id, 'g', perm_key, reach from role_grant where role_id in ");
    sql.list(all())
        .push(" union all select role_id, 'f', kind, shown from role_field where role_id in ")
        .list(all());
    let rows = conn.all_sql::<(Id, String, String, String)>(sql).await?;
    let mut rights = Rights::default();
    for (role, staff, account) in &roles {
        // What a role says nothing of is shown as its kind says, and the widest counts.
        for kind in Sens::OPTIONAL {
            let silent = !rows.iter().any(|row| row.0 == *role && row.1 == "f" && row.2 == kind.code());
            if silent {
                rights.fields.insert(kind.code(), kind.default_show());
            }
        }
        let own = *account == user;
        let grants = match staff {
            _ if own => &mut rights.own,
            Some(staff) => rights.theirs.entry(*staff).or_default(),
            None => continue,
        };
        for (_, what, key, level) in rows.iter().filter(|row| row.0 == *role) {
            if what == "g" {
                if !own && administers(key) {
                    continue;
                }
                let Some(reach) = Reach::parse(level) else { continue };
                let held = grants.entry(key.clone()).or_insert(reach);
                *held = (*held).max(reach);
            } else if let (Some(kind), Some(show)) =
                (Sens::ALL.iter().find(|kind| kind.code() == key), Show::parse(level))
            {
                let held = rights.fields.entry(kind.code()).or_insert(show);
                *held = (*held).max(show);
            }
        }
    }
    Ok(rights)
}

/// Permissions over people, rights and the system itself: not taken over with somebody's place.
pub(crate) fn administers(key: &str) -> bool {
    key.starts_with("org.") || key.starts_with("kit.")
}
