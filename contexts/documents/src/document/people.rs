//! Who the caller is to a template, and who its names stand for: roles, posts with their successors, persons, creator.

use std::collections::HashMap;

use db::Conn;
use kernel::Id;
use kit::{Actor as KitActor, Cx, Perm, Result, Tx};
use process::{Actor, FieldType, State, Template, Who, access, effects::named_in, machine};

use super::{guard, model::DocumentRow, store};
use crate::perms::DOCUMENT_INSTEAD;

/// The caller, as the machine sees people. A post counts when it belongs to the document's organisation or one above;
/// where nobody holds it, its role acts (ORG-15: whoever takes a post over acts from then on).
pub async fn actor(cx: &Cx, conn: &mut Conn, template: &Template, org: Id, creator: Id) -> Result<Actor> {
    seen_as(cx, conn, template, (org, creator), true).await
}

/// The same to a document: who has it only because it names him, his post or his organisation acts as that alone, and
/// by no role that he has elsewhere.
pub async fn actor_of(
    cx: &Cx,
    conn: &mut Conn,
    template: &Template,
    row: &DocumentRow,
    perm: &Perm,
) -> Result<Actor> {
    let reached = guard::reaches(cx, perm, row)?;
    seen_as(cx, conn, template, (row.org_id, row.creator_id), reached).await
}

async fn seen_as(
    cx: &Cx,
    conn: &mut Conn,
    template: &Template,
    (org, creator): (Id, Id),
    reached: bool,
) -> Result<Actor> {
    let me = cx.actor()?;
    if me.system {
        return Ok(machine::SYSTEM.clone());
    }
    let seen = as_people(conn, template, org, (me.user, people_of(me)), reached).await?;
    Ok(Actor { creator: me.user == creator, anybody: cx.can(&DOCUMENT_INSTEAD), ..seen })
}

/// What an account and some people are to a document of an organisation; by posts alone where no role counts.
async fn as_people(
    conn: &mut Conn,
    template: &Template,
    org: Id,
    (user, people): (Id, Vec<Id>),
    by_role: bool,
) -> Result<Actor> {
    let mut standing = org::api::standing(conn, user, &people).await?;
    if !by_role {
        standing.roles.clear();
    }
    let chain = org::api::above(conn, org).await?;
    let mut filled = Vec::new();
    for post in template.posts.iter().filter(|post| standing.roles.contains(&post.role)) {
        if !org::api::post_holders(conn, &post.name, &chain).await?.is_empty() {
            filled.push(post.name.clone());
        }
    }
    Ok(Actor {
        posts: posts(template, &standing, &chain, &|name| filled.iter().any(|f| f == name)),
        roles: standing.roles,
        places: standing.places,
        people,
        ..Actor::default()
    })
}

/// Keys of the template's posts that somebody holds in these organisations, or acts for because nobody does.
pub fn posts(
    template: &Template,
    standing: &org::api::Standing,
    chain: &[Id],
    filled: &dyn Fn(&str) -> bool,
) -> Vec<String> {
    let acts = |post: &&process::Post| {
        let held = standing.posts.iter().any(|(name, of)| *name == post.name && chain.contains(of));
        held || (standing.roles.contains(&post.role) && !filled(&post.name))
    };
    template.posts.iter().filter(acts).map(|post| post.key.clone()).collect()
}

/// The person and those stood in for.
pub fn people_of(me: &KitActor) -> Vec<Id> {
    me.staff.iter().chain(me.acting_for.iter()).copied().collect()
}

/// For whom the caller acts with one of these names: the absent person whom he stands in for (ORG-14), or, by the
/// permission to act for anybody, whoever it is the turn of. Empty: for himself.
pub async fn instead_of(
    tx: &mut Tx,
    template: &Template,
    row: &DocumentRow,
    actor: &Actor,
    list: &[String],
    state: &State,
) -> Result<String> {
    let cx = tx.cx().clone();
    let Ok(me) = cx.actor() else { return Ok(String::new()) };
    if actor.system || list.is_empty() {
        return Ok(String::new());
    }
    let plain = Actor { anybody: false, ..actor.clone() };
    if !machine::is_among(&plain, list, state) {
        return acted_for(tx, template, list, state).await;
    }
    if me.acting_for.is_empty() {
        return Ok(String::new());
    }
    let own: Vec<Id> = me.staff.into_iter().collect();
    let alone =
        Actor { creator: actor.creator, ..as_people(tx, template, row.org_id, (me.user, own), true).await? };
    if machine::is_among(&alone, list, state) {
        return Ok(String::new());
    }
    for absent in me.acting_for.iter().copied() {
        let other = as_people(tx, template, row.org_id, (Id::NIL, vec![absent]), true).await?;
        if machine::is_among(&other, list, state) {
            return Ok(org::api::staff_names(tx, &[absent]).await?.into_values().next().unwrap_or_default());
        }
    }
    Ok(String::new())
}

/// The name of the person, the post or the role that a list means.
async fn acted_for(tx: &mut Tx, template: &Template, list: &[String], state: &State) -> Result<String> {
    let held = holder(template, list, state, None);
    if let Some(person) = held.person {
        return Ok(org::api::staff_names(tx, &[person]).await?.into_values().next().unwrap_or_default());
    }
    if !held.post.is_empty() {
        return Ok(held.post);
    }
    let roles = org::api::roles(tx).await?;
    Ok(roles.into_iter().find(|(code, _)| *code == held.role).map_or(held.role, |(_, name)| name))
}

/// Whose turn it is (ORG-05): the person whom a field names or who opened it, else the holders of a post, else anybody
/// with a role. Nobody while signatures are collected: those are counted by seat.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Holder {
    /// Employee.
    pub person: Option<Id>,
    /// Name of the post; empty: none.
    pub post: String,
    /// Role that acts where nobody holds the post, or that it waits for.
    pub role: String,
}

/// Who is meant by a list of names; `opener` is the employee who opened the document.
pub fn holder(template: &Template, list: &[String], state: &State, opener: Option<Id>) -> Holder {
    let mut found = Holder::default();
    for who in list.iter().filter_map(|text| access::who(text)) {
        match who {
            Who::Person(field) => found.person = found.person.or(named_in(state, field)),
            Who::Creator => found.person = found.person.or(opener),
            Who::Post(key) if found.post.is_empty() => {
                if let Some(post) = access::find(&template.posts, key) {
                    (found.post, found.role) = (post.name.clone(), post.role.clone());
                }
            }
            Who::Role(code) | Who::RoleAt(code, _) if found.role.is_empty() => found.role = code.to_string(),
            Who::Post(_) | Who::Role(_) | Who::RoleAt(..) | Who::Party(_) => {}
        }
    }
    if found.person.is_some() { Holder { person: found.person, ..Holder::default() } } else { found }
}

/// Accounts behind the names of a list, for notices and tasks.
pub async fn users(
    conn: &mut Conn,
    template: &Template,
    list: &[String],
    org: Id,
    creator: Id,
    state: &State,
    now: kernel::Ts,
) -> Result<Vec<Id>> {
    let chain = org::api::above(conn, org).await?;
    let mut users = Vec::new();
    for text in list {
        match access::who(text) {
            Some(Who::Role(code)) => users.extend(org::api::users_with_role(conn, code, &chain, now).await?),
            Some(Who::RoleAt(code, field)) => {
                let place = named_in(state, field).map(|org| vec![org]);
                let orgs = place.as_ref().unwrap_or(&chain);
                users.extend(org::api::users_with_role(conn, code, orgs, now).await?);
            }
            Some(Who::Post(key)) => {
                let Some(post) = access::find(&template.posts, key) else { continue };
                let holders = org::api::post_holders(conn, &post.name, &chain).await?;
                let people: Vec<Id> = holders.into_iter().map(|(person, _)| person).collect();
                users.extend(if people.is_empty() {
                    org::api::users_with_role(conn, &post.role, &chain, now).await?
                } else {
                    org::api::users_of(conn, &people, now).await?
                });
            }
            Some(Who::Person(field)) => {
                if let Some(person) = named_in(state, field) {
                    users.extend(org::api::users_of(conn, &[person], now).await?);
                }
            }
            Some(Who::Creator) => users.push(creator),
            // Parties are written out before a template runs.
            Some(Who::Party(_)) | None => {}
        }
    }
    users.sort();
    users.dedup();
    users.retain(|user| *user != Id::NIL);
    Ok(users)
}

/// Whom a document names: the people and organisations in its fields, and the posts at whose step or task it stands,
/// each with whether it is a reader of a confidential kind. They have it wherever they are ([`kit::Owned::named`]).
pub async fn parties(
    conn: &mut Conn,
    row: &DocumentRow,
    template: &Template,
    state: &State,
) -> Result<Vec<(Id, bool)>> {
    let readers = template.readers().unwrap_or_default();
    let reads = |key: &str| readers.iter().any(|text| text.strip_prefix("person:") == Some(key));
    let fields = template.fields.iter().filter(|f| matches!(f.kind, FieldType::Person | FieldType::Org));
    let mut found: Vec<(Id, bool)> =
        fields.filter_map(|f| Some((named_in(state, &f.key)?, reads(&f.key)))).collect();
    let mut who: Vec<String> = Vec::new();
    if let Some(step) = template.step(&row.step) {
        who.extend(step.who.iter().cloned());
        who.extend(template.moves_from(&row.step).flat_map(|made| made.who.iter().cloned()));
    }
    for task in store::select_tasks(conn, row.id).await?.into_iter().filter(|task| task.state == "open") {
        who.extend(serde_json::from_str::<Vec<String>>(&task.who)?);
    }
    let posts = who.iter().filter_map(|text| match access::who(text) {
        Some(Who::Post(key)) => access::find(&template.posts, key).map(|post| post.name.clone()),
        _ => None,
    });
    let posts: Vec<String> = posts.collect();
    if !posts.is_empty() {
        let chain = org::api::above(conn, row.org_id).await?;
        found.extend(org::api::post_ids(conn, &posts, &chain).await?.into_iter().map(|post| (post, false)));
    }
    // The reader first: of each one line stays.
    found.sort_by_key(|(id, reader)| (*id, !reader));
    found.dedup_by_key(|(id, _)| *id);
    Ok(found)
}

/// Names of the people and organisations in the fields of a document, by their ids as texts hold them.
pub async fn names(conn: &mut Conn, template: &Template, state: &State) -> Result<HashMap<String, String>> {
    let of = |kind: FieldType| -> Vec<Id> {
        let fields = template.fields.iter().filter(|f| f.kind == kind);
        fields.filter_map(|f| named_in(state, &f.key)).collect()
    };
    let (people, orgs) = (of(FieldType::Person), of(FieldType::Org));
    let mut names = HashMap::new();
    if !people.is_empty() {
        names.extend(org::api::staff_names(conn, &people).await?);
    }
    if !orgs.is_empty() {
        names.extend(org::api::org_names(conn, &orgs).await?);
    }
    Ok(names.into_iter().map(|(id, name)| (id.to_string(), name)).collect())
}

/// A text with names where the machine left ids.
pub fn in_names(text: &str, names: &HashMap<String, String>) -> String {
    names.iter().fold(text.to_string(), |text, (id, name)| text.replace(id, name))
}
