//! SQL of the old-part ledger.

use db::{Conn, args};
use kernel::{Date, Id};
use kit::{Result, Tx};

use super::model::DebtRow;

/// The debt, or 404.
pub async fn get_debt(conn: &mut Conn, id: Id) -> Result<DebtRow> {
    let sql = format!("select {} from old_part_debt o where o.id = $1", DebtRow::cols("o"));
    Ok(conn.one(&sql, args![id]).await?)
}

/// The debt, locked, or 404.
pub async fn lock_debt(tx: &mut Tx, id: Id) -> Result<DebtRow> {
    let sql =
        format!("select {} from old_part_debt o where o.id = $1{}", DebtRow::cols("o"), tx.for_update());
    Ok(tx.one(&sql, args![id]).await?)
}

/// The debt of a document line, locked.
pub async fn lock_by_line(tx: &mut Tx, line_id: Id) -> Result<Option<DebtRow>> {
    let sql =
        format!("select {} from old_part_debt o where o.line_id = $1{}", DebtRow::cols("o"), tx.for_update());
    Ok(tx.opt(&sql, args![line_id]).await?)
}

/// Writes a new debt.
pub async fn insert_debt(tx: &mut Tx, row: &DebtRow) -> Result<()> {
    tx.exec(
        "insert into old_part_debt (id, no, part_id, org_id, debtor_kind, debtor_id, debtor_name, owner_id, doc_kind, doc_id,
         doc_no, line_id, quantity, state, due, note, version, created_at, updated_at)
         values ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15,$16,1,$17,$17)",
        args![
            row.id, &row.no, row.part_id, row.org_id, row.debtor_kind, row.debtor_id, &row.debtor_name, row.owner_id,
            &row.doc_kind, row.doc_id, &row.doc_no, row.line_id, row.quantity, row.state, row.due, &row.note, row.created_at
        ],
    )
    .await?;
    Ok(())
}

/// Writes what may change. 409 when somebody else was faster.
pub async fn update_debt(tx: &mut Tx, row: &DebtRow) -> Result<()> {
    let done = tx
        .exec(
            "update old_part_debt set part_id = $3, debtor_kind = $4, debtor_id = $5, debtor_name = $6, owner_id = $7,
                    quantity = $8, returned = $9, rejected = $10, charged = $11, charge = $12, waived = $13, state = $14, due = $15,
                    note = $16, version = version + 1, updated_at = $17 where id = $1 and version = $2",
            args![
                row.id, row.version, row.part_id, row.debtor_kind, row.debtor_id, &row.debtor_name, row.owner_id, row.quantity,
                row.returned, row.rejected, row.charged, row.charge, row.waived, row.state, row.due, &row.note, row.updated_at
            ],
        )
        .await?;
    if done == 0 { Err(kit::Error::stale()) } else { Ok(()) }
}

/// How many debts are overdue on a day, by organisation and owner, organisations together.
pub async fn select_overdue(conn: &mut Conn, today: Date) -> Result<Vec<(Id, Option<Id>, i64)>> {
    Ok(conn
        .all(
            "select org_id, owner_id, count(*) from old_part_debt where state = 'owed' and due < $1 group by org_id, owner_id order by org_id",
            args![today],
        )
        .await?)
}
