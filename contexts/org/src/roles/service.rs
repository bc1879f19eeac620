//! Making and changing roles. Only holders of the right to assign permissions get here (ORG-08).

use std::collections::{BTreeMap, HashMap};

use db::Conn;
use kernel::{Id, RuleError, T};
use kit::{Cx, DocRef, Error, Reach, Result, Sens, Tx};
use serde_json::json;

use super::{model::*, rules, store};
use crate::{ROLE_READ, ROLE_WRITE, users};

/// All roles with how many accounts hold them.
pub async fn roles(cx: &Cx) -> Result<Vec<RoleBrief>> {
    cx.require(&ROLE_READ)?;
    let mut conn = cx.read().await?;
    let rows = store::all(&mut conn).await?;
    cx.count(&conn);
    let brief = |row: store::Counted| RoleBrief {
        name: super::name(cx, &row.code, &row.name),
        id: row.id,
        code: row.code,
        note: row.note,
        built_in: row.built_in,
        users: row.users,
        permissions: row.permissions,
    };
    Ok(rows.into_iter().map(brief).collect())
}

async fn out(cx: &Cx, conn: &mut Conn, row: RoleRow) -> Result<RoleOut> {
    let grants = store::grants(conn, row.id).await?;
    let fields = store::fields(conn, row.id).await?;
    Ok(RoleOut {
        name: super::name(cx, &row.code, &row.name),
        id: row.id,
        version: row.version,
        code: row.code,
        note: row.note,
        built_in: row.built_in,
        grants: grants.into_iter().map(|(perm, reach)| RoleGrant { perm, reach: Some(reach) }).collect(),
        fields: Sens::ALL
            .iter()
            .map(|kind| RoleField {
                kind: kind.code().to_string(),
                shown: fields.get(kind.code()).copied().unwrap_or_else(|| super::default_shown(*kind)),
            })
            .collect(),
    })
}

/// One role with everything it allows.
pub async fn role(cx: &Cx, id: Id) -> Result<RoleOut> {
    cx.require(&ROLE_READ)?;
    let mut conn = cx.read().await?;
    let row = store::read(&mut conn, id).await?;
    let role = out(cx, &mut conn, row).await?;
    cx.count(&conn);
    Ok(role)
}

/// Makes an own role, empty or like another.
pub async fn create(cx: &Cx, input: NewRole) -> Result<RoleOut> {
    cx.require(&ROLE_WRITE)?;
    let mut tx = kit::begin!(cx, "org.create_role", &input);
    let row = rules::new_role(tx.id(), &input)?;
    let (grants, fields) = match input.like {
        Some(like) => (store::grants(&mut tx, like).await?, store::fields(&mut tx, like).await?),
        None => (BTreeMap::new(), HashMap::new()),
    };
    not_more_than_held(&tx, &rules::widened(&BTreeMap::new(), &grants))?;
    let now = tx.now();
    store::insert(&mut tx, &row, now).await?;
    store::set_grants(&mut tx, row.id, &grants).await?;
    store::set_fields(&mut tx, row.id, &fields).await?;
    tx.created(DocRef::new("role", row.id, &row.code), &row)?;
    let out = out(cx, &mut tx, row).await?;
    tx.commit(out).await
}

fn not_more_than_held(tx: &Tx, given: &[(String, Reach)]) -> Result<()> {
    let actor = tx.cx().actor()?;
    if !actor.system {
        users::not_more_than_held(&actor.grants, given)?;
    }
    Ok(())
}

/// Changes what a role allows and shows.
///
/// Errors: `org.admin_role`, `org.no_perm`, `org.more_than_held`.
pub async fn change(cx: &Cx, id: Id, input: ChangeRole) -> Result<RoleOut> {
    cx.require(&ROLE_WRITE)?;
    let mut tx = kit::begin!(cx, "org.change_role", &(id, &input));
    let old = store::role(&mut tx, id).await?;
    crate::check_version(input.version, old.version)?;
    // A built-in role shown under its translated name was not renamed.
    let shown = super::name(cx, &old.code, &old.name);
    let kept = input.name.as_deref().map(str::trim) == Some(shown.as_str());
    let input = if kept { ChangeRole { name: None, ..input } } else { input };
    let new = rules::change_role(&old, &input)?;
    let before = store::grants(&mut tx, id).await?;
    let known = |key: &str| cx.app.registry.perms.iter().any(|perm| perm.key == key);
    let after = rules::change_grants(&before, &input.grants, known)?;
    not_more_than_held(&tx, &rules::widened(&before, &after))?;
    let fields_before = store::fields(&mut tx, id).await?;
    let fields = rules::change_fields(&fields_before, &input.fields)?;
    let now = tx.now();
    store::update(&mut tx, &new, now).await?;
    if after != before {
        store::set_grants(&mut tx, id, &after).await?;
    }
    if fields != fields_before {
        store::set_fields(&mut tx, id, &fields).await?;
    }
    let audited = |row: &RoleRow, grants: &BTreeMap<String, Reach>, fields: &HashMap<String, Shown>| {
        let sorted: BTreeMap<&String, &Shown> = fields.iter().collect();
        json!({ "name": row.name, "note": row.note, "grants": grants, "fields": sorted })
    };
    tx.changed(
        DocRef::new("role", id, &new.code),
        &audited(&old, &before, &fields_before),
        &audited(&new, &after, &fields),
    )?;
    tx.forget_actors();
    let row = store::role(&mut tx, id).await?;
    let out = out(cx, &mut tx, row).await?;
    tx.commit(out).await
}

/// Deletes an own role that nobody holds.
pub async fn delete(cx: &Cx, id: Id) -> Result<()> {
    cx.require(&ROLE_WRITE)?;
    let mut tx = kit::begin!(cx, "org.delete_role", &id);
    let row = store::role(&mut tx, id).await?;
    if row.built_in {
        return Err(Error::Conflict(RuleError::new(
            "org.built_in_role",
            T("内置角色不能删除", "A built-in role can't be deleted"),
        )));
    }
    if store::holders(&mut tx, id).await? > 0 {
        return Err(Error::Conflict(RuleError::new(
            "org.role_in_use",
            T("还有用户拥有这个角色", "Accounts still hold this role"),
        )));
    }
    store::delete(&mut tx, id).await?;
    tx.log(DocRef::new("role", id, &row.code), "deleted", json!(row));
    tx.commit(()).await
}
