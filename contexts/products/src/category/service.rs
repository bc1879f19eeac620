//! Commands and queries on the product tree.

use kernel::{Id, RuleError, T};
use kit::{Cx, DocRef, Error, Result, Tx, begin};

use super::{
    model::{CategoryRow, NewCategory},
    rules, store,
};
use crate::{
    perms::{MODEL_READ, MODEL_WRITE},
    product::rules::check_version,
};

fn doc(row: &CategoryRow) -> DocRef {
    DocRef::new("category", row.id, &row.name)
}

/// The whole tree.
pub async fn list_categories(cx: &Cx) -> Result<Vec<CategoryRow>> {
    cx.require(&MODEL_READ)?;
    let mut conn = cx.read().await?;
    let rows = store::select_categories(&mut conn).await?;
    cx.count(&conn);
    Ok(rows)
}

/// Adds a branch.
pub async fn create_category(cx: &Cx, input: NewCategory) -> Result<CategoryRow> {
    cx.require(&MODEL_WRITE)?;
    let mut tx = begin!(cx, "products.create_category", &input);
    let row = insert_in(&mut tx, &input).await?;
    tx.commit(row).await
}

/// Adds a branch inside the caller's transaction.
pub async fn create_in(tx: &mut Tx, parent: Option<Id>, name: &str) -> Result<CategoryRow> {
    insert_in(tx, &NewCategory { parent_id: parent, name: name.to_string(), ..NewCategory::default() }).await
}

async fn insert_in(tx: &mut Tx, input: &NewCategory) -> Result<CategoryRow> {
    check_parent(tx, input.parent_id).await?;
    let row = rules::create(input, tx.id(), tx.now())?;
    store::insert_category(tx, &row).await?;
    tx.created(doc(&row), &row)?;
    Ok(row)
}

/// Renames, moves or retires a branch.
pub async fn change_category(cx: &Cx, id: Id, input: NewCategory) -> Result<CategoryRow> {
    cx.require(&MODEL_WRITE)?;
    let mut tx = begin!(cx, "products.change_category", &(id, &input));
    let old = store::lock_category(&mut tx, id).await?;
    check_version(old.version, input.version).map_err(Error::Conflict)?;
    let all = store::select_categories(&mut tx).await?;
    check_parent(&mut tx, input.parent_id).await?;
    let row = rules::change(&old, &input, &all, tx.now())?;
    store::update_category(&mut tx, &old, &row).await?;
    tx.changed(doc(&row), &old, &row)?;
    tx.commit(row).await
}

async fn check_parent(tx: &mut Tx, parent: Option<Id>) -> Result<()> {
    let Some(parent) = parent else { return Ok(()) };
    if store::select_categories(tx).await?.iter().any(|row| row.id == parent) {
        return Ok(());
    }
    Err(RuleError::new("products.parent", T("没有这个上级分类", "There is no such branch"))
        .field("parent_id")
        .into())
}
