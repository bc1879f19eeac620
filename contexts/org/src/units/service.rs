//! Making, changing and moving organisations.

use kernel::{Id, RuleError, T};
use kit::{Cx, DocRef, Error, Result, Tx, numbering};

use super::{model::*, rules, store};
use crate::{STAFF_READ, UNIT_READ, UNIT_WRITE, users};

/// The visible part of the tree, parents first.
pub async fn tree(cx: &Cx) -> Result<Vec<TreeNode>> {
    let scope = cx.scope(&UNIT_READ)?;
    let mut conn = cx.read().await?;
    let rows = store::units(&mut conn, &scope).await?;
    let people: std::collections::HashMap<Id, i64> =
        store::head_counts(&mut conn).await?.into_iter().collect();
    let posts = store::posts(&mut conn).await?;
    let staff = match cx.scope(&STAFF_READ) {
        Ok(scope) => store::people(&mut conn, &scope).await?,
        Err(_) => Vec::new(),
    };
    cx.count(&conn);
    let node = |(depth, row): (usize, UnitRow)| TreeNode {
        depth,
        people: people.get(&row.id).copied().unwrap_or(0),
        posts: Vec::new(),
        unposted: Vec::new(),
        unit: UnitOut::from(&row),
    };
    let mut nodes: Vec<TreeNode> = rules::in_tree_order(rows).into_iter().map(node).collect();
    rules::with_people(&mut nodes, posts, staff);
    Ok(nodes)
}

/// One organisation within reach.
pub async fn unit(cx: &Cx, id: Id) -> Result<UnitOut> {
    let mut conn = cx.read().await?;
    let row = store::unit(&mut conn, id).await?;
    cx.count(&conn);
    cx.authorize(&UNIT_READ, &row)?;
    Ok(UnitOut::from(&row))
}

/// Makes an organisation below one within reach.
pub async fn create(cx: &Cx, input: NewUnit) -> Result<UnitOut> {
    let mut tx = kit::begin!(cx, "org.create_unit", &input);
    let parent = store::unit(&mut tx, input.parent_id).await?;
    tx.authorize(&UNIT_WRITE, &parent)?;
    let row = insert(&mut tx, &input).await?;
    tx.commit(UnitOut::from(&row)).await
}

pub(super) async fn insert(tx: &mut Tx, input: &NewUnit) -> Result<UnitRow> {
    let parent = store::unit(tx, input.parent_id).await?;
    let now = tx.now();
    let spare = match &input.code {
        Some(code) if !code.trim().is_empty() => String::new(),
        _ => numbering::next_for(tx, "O", parent.id, now).await?,
    };
    let row = rules::new_unit(tx.id(), input, &parent, spare)?;
    store::insert_unit(tx, &row, now).await?;
    tx.created(DocRef::new("org", row.id, &row.code), &row)?;
    tx.forget_actors();
    Ok(row)
}

/// Makes an organisation in the caller's transaction, for imports and the demo company.
pub async fn create_org_in(tx: &mut Tx, input: &NewUnit) -> Result<UnitOut> {
    Ok(UnitOut::from(&insert(tx, input).await?))
}

/// Changes, moves or closes an organisation.
///
/// Errors: `org.circle` when moved below itself, `org.unit_in_use` when closed with people or open
/// organisations in it, `org.last_admin` when nobody could administer any more.
pub async fn change(cx: &Cx, id: Id, input: ChangeUnit) -> Result<UnitOut> {
    let mut tx = kit::begin!(cx, "org.change_unit", &(id, &input));
    let (_, new) = change_in(&mut tx, id, &input).await?;
    let out = UnitOut { version: new.version + 1, ..UnitOut::from(&new) };
    tx.commit(out).await
}

/// The organisation before and after.
pub(super) async fn change_in(tx: &mut Tx, id: Id, input: &ChangeUnit) -> Result<(UnitRow, UnitRow)> {
    store::lock_tree(tx).await?;
    users::lock_admins(tx).await?;
    let old = store::lock_unit(tx, id).await?;
    tx.authorize(&UNIT_WRITE, &old)?;
    crate::check_version(input.version, old.version)?;
    let shape = store::shape(tx).await?;
    let new = rules::change_unit(&old, input, &shape)?;
    if let Some(parent) = new.parent_id.filter(|_| new.parent_id != old.parent_id) {
        let parent = store::unit(tx, parent).await?;
        tx.authorize(&UNIT_WRITE, &parent)?;
        if !parent.active {
            return Err(RuleError::new(
                "org.parent_closed",
                T("上级组织已停用", "The organisation above is closed"),
            )
            .field("parent_id")
            .into());
        }
    }
    if old.active && !new.active && store::in_use(tx, id).await? > 0 {
        return Err(Error::Conflict(
            RuleError::new(
                "org.unit_in_use",
                T(
                    "还有在用的下级组织、员工或用户，不能停用",
                    "Open organisations, people or accounts still belong to it",
                ),
            )
            .field("active"),
        ));
    }
    let now = tx.now();
    store::update_unit(tx, &new, now).await?;
    users::keep_an_admin(tx).await?;
    tx.changed(DocRef::new("org", id, &new.code), &old, &new)?;
    tx.forget_actors();
    Ok((old, new))
}
