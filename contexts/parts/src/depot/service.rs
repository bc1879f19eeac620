//! Making and changing depots.

use kernel::{Id, RuleError, T};
use kit::{Cx, DocRef, Error, Result, Tx, begin, search};

use super::{
    model::{DepotInput, DepotKind, DepotRow},
    rules, store,
};
use crate::perms::{DEPOT_WRITE, STOCK_READ};

/// Makes a depot inside the caller's transaction. Errors: its field faults (422), `parts.depot_taken` (422).
pub async fn create_depot_in(tx: &mut Tx, input: &DepotInput) -> Result<DepotRow> {
    rules::check(input)?;
    free_code(tx, &input.code, None).await?;
    free_holder(tx, input, None).await?;
    let now = tx.now();
    let org = input.org_id.or_else(|| tx.cx().actor.as_ref().map(|actor| actor.org)).ok_or(Error::SignIn)?;
    let row = DepotRow {
        id: tx.id(),
        code: input.code.trim().to_string(),
        name: input.name.trim().to_string(),
        kind: input.kind,
        org_id: org,
        holder_id: input.holder_id,
        address: input.address.trim().to_string(),
        active: !input.inactive,
        note: input.note.trim().to_string(),
        version: 1,
        created_at: now,
        updated_at: now,
    };
    store::insert_depot(tx, &row).await?;
    tx.created(doc_ref(&row), &row)?;
    index(tx, &row).await?;
    Ok(row)
}

/// Makes a depot.
pub async fn create_depot(cx: &Cx, input: DepotInput) -> Result<DepotRow> {
    let mut tx = begin!(cx, "parts.create_depot", &input);
    let row = create_depot_in(&mut tx, &input).await?;
    tx.authorize(&DEPOT_WRITE, &row)?;
    tx.commit(row).await
}

/// Changes a depot. One that still holds stock can't be taken out of use.
pub async fn change_depot(cx: &Cx, id: Id, input: DepotInput) -> Result<DepotRow> {
    let mut tx = begin!(cx, "parts.change_depot", &(id, &input));
    let old = store::lock_depot(&mut tx, id).await?;
    tx.authorize(&DEPOT_WRITE, &old)?;
    rules::check(&input)?;
    if input.version.is_some_and(|version| version != old.version) {
        return Err(kit::Error::stale());
    }
    free_code(&mut tx, &input.code, Some(id)).await?;
    free_holder(&mut tx, &input, Some(id)).await?;
    if old.active && input.inactive && store::has_stock(&mut tx, id).await? {
        return Err(Error::rule(
            RuleError::new(
                "parts.depot_not_empty",
                T("仓库里还有库存，不能停用", "The depot still holds stock"),
            )
            .field("inactive"),
        ));
    }
    let mut new = DepotRow {
        code: input.code.trim().to_string(),
        name: input.name.trim().to_string(),
        kind: input.kind,
        holder_id: input.holder_id,
        address: input.address.trim().to_string(),
        active: !input.inactive,
        note: input.note.trim().to_string(),
        updated_at: tx.now(),
        ..old.clone()
    };
    store::update_depot(&mut tx, &new).await?;
    if old.holder_id != new.holder_id {
        store::update_holder_of_balances(&mut tx, id, new.holder_id).await?;
    }
    new.version += 1;
    tx.changed(doc_ref(&new), &old, &new)?;
    index(&mut tx, &new).await?;
    tx.commit(new).await
}

/// The depot if the caller may see it.
pub async fn get_depot(cx: &Cx, id: Id) -> Result<DepotRow> {
    let mut conn = cx.read().await?;
    let row = store::get_depot(&mut conn, id).await?;
    cx.authorize(&STOCK_READ, &row)?;
    Ok(row)
}

async fn free_code(tx: &mut Tx, code: &str, but: Option<Id>) -> Result<()> {
    match store::find_by_code(tx, code.trim()).await? {
        Some(found) if Some(found.id) != but => Err(Error::rule(
            RuleError::new("parts.depot_taken", T("编号已被使用", "This code is taken")).field("code"),
        )),
        _ => Ok(()),
    }
}

async fn free_holder(tx: &mut Tx, input: &DepotInput, but: Option<Id>) -> Result<()> {
    let (DepotKind::Van, Some(holder), false) = (input.kind, input.holder_id, input.inactive) else {
        return Ok(());
    };
    match store::find_van(tx, holder).await? {
        Some(found) if Some(found.id) != but => Err(Error::rule(
            RuleError::new("parts.van_taken", T("此人已有车/包库", "This person has a van already"))
                .field("holder_id"),
        )),
        _ => Ok(()),
    }
}

/// The reference under which panels attach.
pub fn doc_ref(row: &DepotRow) -> DocRef {
    DocRef::new("depot", row.id, &row.code)
}

async fn index(tx: &mut Tx, row: &DepotRow) -> Result<()> {
    search::put_in(
        tx,
        &search::SearchDoc {
            kind: "depot",
            id: row.id,
            org: row.org_id,
            owner: row.holder_id,
            title: &format!("{} {}", row.code, row.name),
            sub: row.kind.label().0,
            text: &row.address,
            secret: &[],
        },
    )
    .await
}
