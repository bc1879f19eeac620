//! All SQL of the product tree.

use db::{Conn, args};
use kernel::Id;
use kit::{Error, Result};

use super::model::CategoryRow;
use crate::product::rules::stale;

/// The whole tree, siblings in order. Trees have hundreds of branches at most.
pub async fn select_categories(conn: &mut Conn) -> Result<Vec<CategoryRow>> {
    let sql = format!("select {} from category c order by c.sort, c.name, c.id", CategoryRow::cols("c"));
    Ok(conn.all(&sql, vec![]).await?)
}

/// A branch, held until the transaction ends.
pub async fn lock_category(conn: &mut Conn, id: Id) -> Result<CategoryRow> {
    let sql =
        format!("select {} from category c where c.id = $1{}", CategoryRow::cols("c"), conn.for_update());
    Ok(conn.one(&sql, args![id]).await?)
}

/// Stores a new branch.
pub async fn insert_category(conn: &mut Conn, row: &CategoryRow) -> Result<()> {
    conn.exec(
        "insert into category (id, version, parent_id, name, sort, active, created_at, updated_at)
         values ($1,$2,$3,$4,$5,$6,$7,$8)",
        args![
            row.id,
            row.version,
            row.parent_id,
            &row.name,
            row.sort,
            row.active,
            row.created_at,
            row.updated_at
        ],
    )
    .await?;
    Ok(())
}

/// Stores a changed branch; 409 when somebody else was faster.
pub async fn update_category(conn: &mut Conn, old: &CategoryRow, row: &CategoryRow) -> Result<()> {
    let changed = conn
        .exec(
            "update category set version = $3, parent_id = $4, name = $5, sort = $6, active = $7, updated_at = $8
             where id = $1 and version = $2",
            args![row.id, old.version, row.version, row.parent_id, &row.name, row.sort, row.active, row.updated_at],
        )
        .await?;
    if changed == 0 { Err(Error::Conflict(stale())) } else { Ok(()) }
}
