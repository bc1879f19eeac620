//! All SQL of product models.

use db::{Conn, Sql, args};
use kernel::Id;
use kit::{Error, Result};

use super::{
    model::{ComponentGroup, ModelRow},
    rules::{clean, stale, text_key},
};

fn select() -> String {
    format!("select {} from model m where ", ModelRow::cols("m"))
}

/// A model.
pub async fn get_model(conn: &mut Conn, id: Id) -> Result<ModelRow> {
    Ok(conn.one(&(select() + "m.id = $1"), args![id]).await?)
}

/// A model, held until the transaction ends.
pub async fn lock_model(conn: &mut Conn, id: Id) -> Result<ModelRow> {
    let sql = format!("{}m.id = $1{}", select(), conn.for_update());
    Ok(conn.one(&sql, args![id]).await?)
}

/// The model with a code, written in any way, or else with a name.
pub async fn find_by_code(conn: &mut Conn, text: &str) -> Result<Option<ModelRow>> {
    let sql = select()
        + "m.code_key = $2 or m.name_key = $2
           order by case when m.code = $1 then 0 when m.code_key = $2 then 1 else 2 end, m.id limit 1";
    Ok(conn.opt(&sql, args![clean(text), text_key(text)]).await?)
}

/// Several models.
pub async fn select_models(conn: &mut Conn, ids: &[Id]) -> Result<Vec<ModelRow>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut sql = Sql::new(select() + "m.id in ");
    sql.list(ids.iter().copied());
    Ok(conn.all_sql(sql).await?)
}

/// The newest models, for a choice before anything is typed.
pub async fn select_recent(conn: &mut Conn, limit: i64) -> Result<Vec<ModelRow>> {
    Ok(conn
        .all(&(select() + "m.active = true order by m.updated_at desc, m.id desc limit $1"), args![limit])
        .await?)
}

/// Name of a category.
pub async fn find_category_name(conn: &mut Conn, id: Option<Id>) -> Result<String> {
    let Some(id) = id else { return Ok(String::new()) };
    Ok(conn.scalar_opt("select c.name from category c where c.id = $1", args![id]).await?.unwrap_or_default())
}

/// Stores a new model.
pub async fn insert_model(conn: &mut Conn, row: &ModelRow) -> Result<()> {
    conn.exec(
        "insert into model (id, version, code, code_key, name, name_key, category_id, spec, notes, active, created_at, updated_at)
         values ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12)",
        args![
            row.id, row.version, &row.code, text_key(&row.code), &row.name, text_key(&row.name), row.category_id, &row.spec,
            &row.notes, row.active, row.created_at, row.updated_at
        ],
    )
    .await?;
    Ok(())
}

/// Stores a changed model; 409 when somebody else was faster.
pub async fn update_model(conn: &mut Conn, old: &ModelRow, row: &ModelRow) -> Result<()> {
    let changed = conn
        .exec(
            "update model set version = $3, code = $4, name = $5, name_key = $6, category_id = $7, spec = $8, notes = $9,
                active = $10, updated_at = $11, code_key = $12 where id = $1 and version = $2",
            args![
                row.id, old.version, row.version, &row.code, &row.name, text_key(&row.name), row.category_id, &row.spec,
                &row.notes, row.active, row.updated_at, text_key(&row.code)
            ],
        )
        .await?;
    if changed == 0 { Err(Error::Conflict(stale())) } else { Ok(()) }
}

/// Component groups of a model in order.
pub async fn select_groups(conn: &mut Conn, model: Id) -> Result<Vec<ComponentGroup>> {
    let sql = format!(
        "select {} from component_group g where g.model_id = $1 order by g.sort, g.code",
        ComponentGroup::cols("g")
    );
    Ok(conn.all(&sql, args![model]).await?)
}

/// Stores a component group, new or renamed.
pub async fn put_group(
    conn: &mut Conn,
    id: Id,
    model: Id,
    code: &str,
    name: &str,
    sort: usize,
) -> Result<()> {
    conn.exec(
        "insert into component_group (id, model_id, code, name, sort) values ($1,$2,$3,$4,$5)
         on conflict (model_id, code) do update set name = excluded.name, sort = excluded.sort",
        args![id, model, code, name, sort],
    )
    .await?;
    Ok(())
}

/// Removes component groups of a model whose codes are not among `keep`.
pub async fn delete_groups_except(conn: &mut Conn, model: Id, keep: &[&str]) -> Result<()> {
    let mut sql = Sql::with("delete from component_group where model_id = $1", args![model]);
    if !keep.is_empty() {
        sql.push(" and code not in ").list(keep.iter().copied());
    }
    conn.exec_sql(sql).await?;
    Ok(())
}

/// Number of units of a model, for its page.
pub async fn count_units(conn: &mut Conn, model: Id) -> Result<i64> {
    Ok(conn.scalar("select count(*) from unit u where u.model_id = $1", args![model]).await?)
}

/// Takes a model out: only for what is taken back along with what it was made for.
pub async fn delete_model(conn: &mut Conn, id: Id) -> Result<()> {
    conn.exec("delete from model where id = $1", args![id]).await?;
    Ok(())
}
