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

/// The branch that a path means (`空调/挂机`), made where there is none; none for an empty path. A single name means the
/// branch of that name wherever it hangs: an export says the last branch only.
pub async fn at_path_in(tx: &mut Tx, path: &str) -> Result<Option<CategoryRow>> {
    let names: Vec<&str> = path.split('/').map(str::trim).filter(|name| !name.is_empty()).collect();
    let all = store::select_categories(tx).await?;
    if let [name] = names.as_slice()
        && let Some(row) = all.iter().find(|row| row.name == *name)
    {
        return Ok(Some(row.clone()));
    }
    let mut at: Option<CategoryRow> = None;
    for name in names {
        let parent = at.as_ref().map(|row| row.id);
        let known = all.iter().find(|row| row.name == name && row.parent_id == parent).cloned();
        at = match known {
            Some(row) => Some(row),
            None => Some(create_in(tx, parent, name).await?),
        };
    }
    Ok(at)
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
