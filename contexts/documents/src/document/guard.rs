//! Who may know of a document. A confidential kind (`reads` in its template: complaints, personnel) is hidden from
//! whoever is not among its readers: on its page and in the API, in lists, exports, counts, the search and the log, with
//! comments and files. A permission alone never opens it: [`DocumentRow`] says whose it is to this module only.

use std::collections::HashMap;

use db::Conn;
use kernel::Id;
use kit::{Cx, Error, Owned, Perm, Result, Scope, hidden::Hidden};
use process::{Actor, EvidenceKind, State, Template, machine};

use super::{model::DocumentRow, people, store};
use crate::{
    approval,
    perms::{DOCUMENT_INSTEAD, DOCUMENT_READ},
    template,
};

/// Whose a document is, for permissions, and whom it names.
struct Whose<'a>(&'a DocumentRow, Vec<Id>);

impl Owned for Whose<'_> {
    fn org(&self) -> Id {
        self.0.org_id
    }
    fn owners(&self) -> Vec<Id> {
        self.0.owner_id.into_iter().collect()
    }
    fn named(&self) -> Vec<Id> {
        self.1.iter().copied().chain(self.0.owner_id).collect()
    }
}

/// True when a permission reaches a document by its organisation or its opener, and not only because it names somebody.
pub fn reaches(cx: &Cx, perm: &Perm, row: &DocumentRow) -> Result<bool> {
    let owners: Vec<Id> = row.owner_id.into_iter().collect();
    Ok(cx.actor()?.by_right(perm, Some((row.org_id, &owners))).is_some())
}

/// 403 without the permission; 404 when the document is none of the caller's business. Whoever it names may see it and
/// do what the template lets him, wherever he is (P-03, P-21).
pub async fn authorize(cx: &Cx, conn: &mut Conn, perm: &Perm, row: &DocumentRow) -> Result<()> {
    let named =
        if reaches(cx, perm, row)? { Vec::new() } else { store::select_parties(conn, row.id).await? };
    cx.authorize(perm, &Whose(row, named))?;
    if knows(cx, conn, row).await? { Ok(()) } else { Err(Error::NotFound) }
}

/// True for documents of confidential kinds; runs for another document are as visible as that.
pub fn guarded(template: &Template, for_another: bool) -> bool {
    !template.reads.is_empty() && !for_another
}

fn everything(cx: &Cx) -> Result<bool> {
    Ok(cx.actor()?.system || cx.can(&DOCUMENT_INSTEAD))
}

/// True when the caller may know that there is such a document, his permissions aside: it is not confidential, or he
/// opened it, is one of its readers, or signs for it.
pub async fn knows(cx: &Cx, conn: &mut Conn, row: &DocumentRow) -> Result<bool> {
    if !row.guarded || everything(cx)? || cx.actor()?.user == row.creator_id {
        return Ok(true);
    }
    let (_, template) = template::service::version(conn, row.template_id).await?;
    let actor = people::actor_of(cx, conn, &template, row, &DOCUMENT_READ).await?;
    let state: State = serde_json::from_str(&row.state)?;
    let readers = template.readers().unwrap_or_default();
    Ok(machine::is_among(&actor, &readers, &state) || approval::service::signs(cx, conn, row.id).await?)
}

/// Only the documents that the caller may know of.
pub async fn known(cx: &Cx, conn: &mut Conn, rows: Vec<DocumentRow>) -> Result<Vec<DocumentRow>> {
    let mut kept = Vec::with_capacity(rows.len());
    for row in rows {
        if knows(cx, conn, &row).await? {
            kept.push(row);
        }
    }
    Ok(kept)
}

/// The ids of confidential documents, and of their approvals, that the caller may not know of. Who only signs finds his
/// in the inbox.
pub async fn hidden(cx: &Cx, conn: &mut Conn) -> Result<Option<Hidden>> {
    if everything(cx)? {
        return Ok(None);
    }
    let kinds = store::guarded_kinds(conn).await?;
    if kinds.is_empty() {
        return Ok(None);
    }
    let open = open_kinds(cx, conn, kinds).await?;
    let me = cx.actor()?;
    Ok(Some(store::hidden(me.user, people::people_of(me), open)))
}

/// Kinds that the caller reads by role or post, each with the organisations for which that holds.
async fn open_kinds(cx: &Cx, conn: &mut Conn, kinds: Vec<(Id, Id)>) -> Result<Vec<(Id, Vec<Id>)>> {
    let me = cx.actor()?;
    let standing = org::api::standing(conn, me.user, &people::people_of(me)).await?;
    let posts_alone = org::api::Standing { posts: standing.posts.clone(), ..Default::default() };
    let scope = me.scope(&DOCUMENT_READ);
    let reached =
        |org: &Id| scope.as_ref().is_some_and(|s| matches!(s, Scope::Owners(_)) || s.covers(*org, &[]));
    let above = org::api::parents(conn).await?;
    let mut by_template: HashMap<Id, Vec<Id>> = HashMap::new();
    for (template, org) in kinds {
        by_template.entry(template).or_default().push(org);
    }
    let mut open = Vec::new();
    for (id, orgs) in by_template {
        let (_, template) = template::service::version(conn, id).await?;
        let readers = template.readers().unwrap_or_default();
        let names: Vec<String> = template.posts.iter().map(|post| post.name.clone()).collect();
        let held = org::api::held_posts(conn, &names).await?;
        let reads = |org: &Id| {
            let chain = chain(&above, *org);
            let filled = |name: &str| held.iter().any(|(post, of)| post == name && chain.contains(of));
            // Where only a name in a document reaches, no role reads.
            let standing = if reached(org) { &standing } else { &posts_alone };
            let actor = Actor {
                roles: standing.roles.clone(),
                posts: people::posts(&template, standing, &chain, &filled),
                ..Actor::default()
            };
            machine::is_among(&actor, &readers, &State::new(cx.now()))
        };
        let orgs: Vec<Id> = orgs.into_iter().filter(reads).collect();
        if !orgs.is_empty() {
            open.push((id, orgs));
        }
    }
    Ok(open)
}

/// An organisation and those above it.
fn chain(above: &HashMap<Id, Option<Id>>, org: Id) -> Vec<Id> {
    let mut chain = vec![org];
    while let Some(Some(parent)) = chain.last().and_then(|last| above.get(last))
        && !chain.contains(parent)
    {
        chain.push(*parent);
    }
    chain
}

/// What the processes of a document call its signatures: they are evidence under whatever name.
pub async fn signatures(conn: &mut Conn, kind: &str, id: Id) -> Result<Vec<String>> {
    let mut labels = Vec::new();
    for template in store::select_templates_of(conn, kind, id).await? {
        let (_, template) = template::service::version(conn, template).await?;
        let signed = template.evidence.iter().filter(|proof| proof.kind == EvidenceKind::Signature);
        labels.extend(signed.map(|proof| proof.key.clone()));
    }
    Ok(labels)
}
