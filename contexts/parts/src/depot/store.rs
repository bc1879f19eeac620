//! SQL of depots.

use db::{Conn, Sql, args};
use kernel::Id;
use kit::{Error, Result, Scope, Tx};

use super::model::{DepotKind, DepotRow, Lying};

fn select() -> String {
    format!("select {} from depot d where ", DepotRow::cols("d"))
}

/// The depot, or 404.
pub async fn get_depot(conn: &mut Conn, id: Id) -> Result<DepotRow> {
    Ok(conn.one(&format!("{} d.id = $1", select()), args![id]).await?)
}

/// The depot, locked for the rest of the transaction, or 404.
pub async fn lock_depot(tx: &mut Tx, id: Id) -> Result<DepotRow> {
    let sql = format!("{} d.id = $1{}", select(), tx.for_update());
    Ok(tx.one(&sql, args![id]).await?)
}

/// The depot with this code.
pub async fn find_by_code(conn: &mut Conn, code: &str) -> Result<Option<DepotRow>> {
    Ok(conn.opt(&format!("{} d.code = $1", select()), args![code]).await?)
}

/// The van of a person.
pub async fn find_van(conn: &mut Conn, holder: Id) -> Result<Option<DepotRow>> {
    Ok(conn
        .opt(&format!("{} d.holder_id = $1 and d.kind = 'van' and d.active", select()), args![holder])
        .await?)
}

/// Depots by id, those that exist.
pub async fn select_by_ids(conn: &mut Conn, ids: &[Id]) -> Result<Vec<DepotRow>> {
    let mut sql = Sql::new(format!("{} d.id in ", select()));
    sql.list(ids.iter().copied());
    Ok(conn.all_sql(sql).await?)
}

/// Depots in use within a scope, by code; none in transit.
pub async fn select_in_scope(conn: &mut Conn, scope: &Scope) -> Result<Vec<DepotRow>> {
    let mut sql = Sql::new(format!("{} d.active and d.kind <> 'transit'", select()));
    scope.push(&mut sql, "d.org_id", Some("d.holder_id"));
    sql.push(" order by d.code limit 2000");
    Ok(conn.all_sql(sql).await?)
}

/// Writes a new depot.
pub async fn insert_depot(tx: &mut Tx, row: &DepotRow) -> Result<()> {
    tx.exec(
        "insert into depot (id, code, name, kind, org_id, holder_id, address, active, note, version, created_at, updated_at)
         values ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12)",
        args![
            row.id, &row.code, &row.name, row.kind, row.org_id, row.holder_id, &row.address, row.active, &row.note, row.version,
            row.created_at, row.updated_at
        ],
    )
    .await?;
    Ok(())
}

/// Writes the fields that may change. 409 when somebody else was faster.
pub async fn update_depot(tx: &mut Tx, row: &DepotRow) -> Result<()> {
    let done = tx
        .exec(
            "update depot set code = $3, name = $4, kind = $5, holder_id = $6, address = $7, active = $8, note = $9,
                    version = version + 1, updated_at = $10 where id = $1 and version = $2",
            args![
                row.id, row.version, &row.code, &row.name, row.kind, row.holder_id, &row.address, row.active, &row.note,
                row.updated_at
            ],
        )
        .await?;
    if done == 0 { Err(kit::Error::stale()) } else { Ok(()) }
}

/// Balances follow their depot's holder, by whom `own` reach is decided.
pub async fn update_holder_of_balances(tx: &mut Tx, depot_id: Id, holder: Option<Id>) -> Result<()> {
    tx.exec("update stock_balance set holder_id = $2 where depot_id = $1", args![depot_id, holder]).await?;
    Ok(())
}

/// True while anything lies in the depot.
pub async fn has_stock(conn: &mut Conn, depot_id: Id) -> Result<bool> {
    let found: Option<i64> = conn
        .scalar_opt(
            "select cast(1 as bigint) from stock_balance where depot_id = $1 and on_hand > 0 limit 1",
            args![depot_id],
        )
        .await?;
    Ok(found.is_some())
}

/// The depot that stands for goods on their way to an organisation, made when first needed under the organisation's code;
/// where a store is called like that already, under its id.
pub async fn ensure_transit(tx: &mut Tx, org_id: Id) -> Result<DepotRow> {
    let find =
        format!("{} d.kind = 'transit' and d.org_id = $1 order by d.created_at, d.id limit 1", select());
    if let Some(found) = tx.opt(&find, args![org_id]).await? {
        return Ok(found);
    }
    let code: String = tx.scalar("select o.code from pub_org o where o.id = $1", args![org_id]).await?;
    for code in [format!("ZT-{code}"), format!("ZT-{org_id}")] {
        let (id, now) = (tx.id(), tx.now());
        tx.exec(
            "insert into depot (id, code, name, kind, org_id, active, version, created_at, updated_at)
             values ($1,$2,'在途',$3,$4,$5,1,$6,$6) on conflict (code) do nothing",
            args![id, &code, DepotKind::Transit, org_id, true, now],
        )
        .await?;
        if let Some(found) = tx.opt(&find, args![org_id]).await? {
            return Ok(found);
        }
    }
    Err(Error::NotFound)
}

/// What lies in a depot, by code; at most 100 lines, the list of stock has the rest.
pub async fn select_lying(conn: &mut Conn, depot_id: Id) -> Result<Vec<Lying>> {
    Ok(conn
        .all(
            "select p.id as part_id, p.code, p.name, b.stock_state, b.on_hand, b.reserved, coalesce(l.bin, '') as bin,
                    coalesce(l.low, false) as low
               from stock_balance b join part p on p.id = b.part_id
               left join stock_level l on l.part_id = b.part_id and l.depot_id = b.depot_id
              where b.depot_id = $1 and b.on_hand > 0 order by p.code, b.stock_state limit 100",
            args![depot_id],
        )
        .await?)
}

/// The part, organisation and holder of a balance.
pub async fn find_balance_part(conn: &mut Conn, id: Id) -> Result<(Id, Id)> {
    Ok(conn.one("select part_id, depot_id from stock_balance where id = $1", args![id]).await?)
}

/// The part and depot of a level.
pub async fn find_level_part(conn: &mut Conn, id: Id) -> Result<(Id, Id)> {
    Ok(conn.one("select part_id, depot_id from stock_level where id = $1", args![id]).await?)
}
