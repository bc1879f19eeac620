//! SQL of purchase requisitions.

use db::{Conn, Sql, args};
use kernel::{Id, Quantity};
use kit::{Error, Result, Scope, Tx};

use super::model::{PurchaseRow, PurchaseState};

/// The requisition, or 404.
pub async fn get_purchase(conn: &mut Conn, id: Id) -> Result<PurchaseRow> {
    let sql = format!("select {} from purchase p where p.id = $1", PurchaseRow::cols("p"));
    Ok(conn.one(&sql, args![id]).await?)
}

/// The requisition, locked, or 404.
pub async fn lock_purchase(tx: &mut Tx, id: Id) -> Result<PurchaseRow> {
    let sql = format!("select {} from purchase p where p.id = $1{}", PurchaseRow::cols("p"), tx.for_update());
    Ok(tx.one(&sql, args![id]).await?)
}

/// Writes a new requisition.
pub async fn insert_purchase(tx: &mut Tx, row: &PurchaseRow) -> Result<()> {
    tx.exec(
        "insert into purchase (id, no, part_id, depot_id, org_id, quantity, received, source_no, wanted_on, supplier, expected_on,
         note, state, reason, staff_id, version, created_at, updated_at)
         values ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15,$16,$17,$17)",
        args![
            row.id, &row.no, row.part_id, row.depot_id, row.org_id, row.quantity, row.received, &row.source_no, row.wanted_on,
            &row.supplier, row.expected_on, &row.note, row.state, &row.reason, row.staff_id, row.version, row.created_at
        ],
    )
    .await?;
    Ok(())
}

/// Writes what became of it. 409 when somebody else was faster.
pub async fn update_purchase(tx: &mut Tx, old: &PurchaseRow, new: &PurchaseRow) -> Result<()> {
    let now = tx.now();
    let done = tx
        .exec(
            "update purchase set state = $3, received = $4, supplier = $5, expected_on = $6, reason = $7,
             version = version + 1, updated_at = $8 where id = $1 and version = $2",
            args![
                old.id,
                old.version,
                new.state,
                new.received,
                &new.supplier,
                new.expected_on,
                &new.reason,
                now
            ],
        )
        .await?;
    if done == 0 { Err(Error::stale()) } else { Ok(()) }
}

/// Pieces of a part that were asked for or ordered for a document, whether they have come or not.
pub async fn find_asked(conn: &mut Conn, part_id: Id, source_no: &str) -> Result<Quantity> {
    let sql = "select cast(coalesce(sum(p.quantity), 0) as bigint) from purchase p
        where p.part_id = $1 and p.source_no = $2 and p.state <> 'cancelled'";
    Ok(conn.scalar(sql, args![part_id, source_no]).await?)
}

/// Pieces of a part that are asked for but not ordered, and that are ordered and have not come (预订), for the depots
/// of a scope.
pub async fn find_on_order(conn: &mut Conn, part_id: Id, scope: &Scope) -> Result<(Quantity, Quantity)> {
    let mut sql = Sql::with(
        "select p.state, p.quantity - p.received from purchase p
          where p.part_id = $1 and p.state in ('draft', 'ordered') and p.received < p.quantity",
        args![part_id],
    );
    scope.push(&mut sql, "p.org_id", None);
    let open: Vec<(PurchaseState, i64)> = conn.all_sql(sql).await?;
    let of = |state| Quantity(open.iter().filter(|(s, _)| *s == state).map(|(_, n)| n).sum());
    Ok((of(PurchaseState::Draft), of(PurchaseState::Ordered)))
}

/// Requisitions for a document that were not ordered yet.
pub async fn select_drafts_for(conn: &mut Conn, source_no: &str) -> Result<Vec<Id>> {
    let sql = "select p.id from purchase p where p.source_no = $1 and p.state = 'draft' order by p.id";
    Ok(conn.all::<(Id,)>(sql, args![source_no]).await?.into_iter().map(|(id,)| id).collect())
}
