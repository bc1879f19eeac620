//! SQL of the catalogue.

use db::{Conn, Sql, args};
use kernel::Id;
use kit::{Result, Tx};

use super::model::{PartRow, Substitute, SubstituteInput};

fn select() -> String {
    format!("select {} from part p where ", PartRow::cols("p"))
}

/// The part, or 404.
pub async fn get_part(conn: &mut Conn, id: Id) -> Result<PartRow> {
    Ok(conn.one(&format!("{} p.id = $1", select()), args![id]).await?)
}

/// The part, locked, or 404.
pub async fn lock_part(tx: &mut Tx, id: Id) -> Result<PartRow> {
    let sql = format!("{} p.id = $1{}", select(), tx.for_update());
    Ok(tx.one(&sql, args![id]).await?)
}

/// The part with this code.
pub async fn find_by_code(conn: &mut Conn, code: &str) -> Result<Option<PartRow>> {
    Ok(conn.opt(&format!("{} p.code = $1", select()), args![code]).await?)
}

/// Parts in use whose code begins with a text, by code.
pub async fn select_by_prefix(conn: &mut Conn, prefix: &str, limit: i64) -> Result<Vec<PartRow>> {
    // An upper bound instead of LIKE: the unique index serves it on both engines.
    let after = format!("{prefix}\u{10ffff}");
    let sql = format!("{} p.code >= $1 and p.code < $2 and p.active order by p.code limit $3", select());
    Ok(conn.all(&sql, args![prefix, after, limit]).await?)
}

/// Parts with these codes, those that exist.
pub async fn select_by_codes(conn: &mut Conn, codes: &[String]) -> Result<Vec<PartRow>> {
    let mut sql = Sql::new(format!("{} p.code in ", select()));
    sql.list(codes.iter().map(String::as_str));
    Ok(conn.all_sql(sql).await?)
}

/// Parts with these ids, those that exist.
pub async fn select_by_ids(conn: &mut Conn, ids: &[Id]) -> Result<Vec<PartRow>> {
    let mut sql = Sql::new(format!("{} p.id in ", select()));
    sql.list(ids.iter().copied());
    Ok(conn.all_sql(sql).await?)
}

/// Writes a new part.
pub async fn insert_part(tx: &mut Tx, row: &PartRow) -> Result<()> {
    let mut sql = Sql::new(
        "insert into part (id, code, name, spec, category, category_id, class, form, criticality, unit, price, cost, lead_days, replace_days,
         fits, source, serialised, old_part_due, active, note, version, created_at, updated_at) values ",
    );
    let values: Vec<db::Val> = args![
        row.id,
        &row.code,
        &row.name,
        &row.spec,
        &row.category,
        row.category_id,
        row.class,
        row.form,
        row.criticality,
        &row.unit,
        row.price,
        row.cost,
        row.lead_days,
        row.replace_days,
        &row.fits,
        &row.source,
        row.serialised,
        row.old_part_due,
        row.active,
        &row.note,
        row.version,
        row.created_at,
        row.updated_at
    ];
    sql.list(values);
    tx.exec_sql(sql).await?;
    Ok(())
}

/// Writes all editable fields. 409 when somebody else was faster.
pub async fn update_part(tx: &mut Tx, row: &PartRow) -> Result<()> {
    let done = tx
        .exec(
            "update part set code = $3, name = $4, spec = $5, category = $6, class = $7, form = $8, criticality = $9, unit = $10,
                    price = $11, cost = $12, lead_days = $13, replace_days = $14, fits = $15, source = $16, serialised = $17,
                    old_part_due = $18, active = $19, note = $20, version = version + 1, updated_at = $21, category_id = $22
              where id = $1 and version = $2",
            args![
                row.id, row.version, &row.code, &row.name, &row.spec, &row.category, row.class, row.form, row.criticality,
                &row.unit, row.price, row.cost, row.lead_days, row.replace_days, &row.fits, &row.source, row.serialised,
                row.old_part_due, row.active, &row.note, row.updated_at, row.category_id
            ],
        )
        .await?;
    if done == 0 { Err(kit::Error::stale()) } else { Ok(()) }
}

/// Parts that may stand in for `part_id`, both directions.
pub async fn select_substitutes(conn: &mut Conn, part_id: Id) -> Result<Vec<Substitute>> {
    Ok(conn
        .all(
            "select s.id, p.id as other_id, p.code, p.name, s.both_ways, s.note from part_substitute s
               join part p on p.id = s.other_id where s.part_id = $1
             union all
             select s.id, p.id as other_id, p.code, p.name, s.both_ways, s.note from part_substitute s
               join part p on p.id = s.part_id where s.other_id = $1 and s.both_ways
             order by 3",
            args![part_id],
        )
        .await?)
}

/// Links a substitute, or renews the link.
pub async fn put_substitute(tx: &mut Tx, part_id: Id, other_id: Id, input: &SubstituteInput) -> Result<()> {
    let (id, now) = (tx.id(), tx.now());
    tx.exec(
        "insert into part_substitute (id, part_id, other_id, both_ways, note, created_at) values ($1,$2,$3,$4,$5,$6)
         on conflict (part_id, other_id) do update set both_ways = excluded.both_ways, note = excluded.note",
        args![id, part_id, other_id, input.both_ways, input.note.trim(), now],
    )
    .await?;
    Ok(())
}

/// Removes the link; false when it is not this part's.
pub async fn delete_substitute(tx: &mut Tx, part_id: Id, link_id: Id) -> Result<bool> {
    let done = tx
        .exec(
            "delete from part_substitute where id = $1 and (part_id = $2 or other_id = $2)",
            args![link_id, part_id],
        )
        .await?;
    Ok(done > 0)
}
