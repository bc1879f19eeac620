//! SQL of receipts.

use db::{Conn, Sql, Val, args};
use kernel::Id;
use kit::{Error, Result, Tx};

use super::model::{ReceiptLineRow, ReceiptRow, ReceiptState};

/// The receipt, or 404.
pub async fn get_receipt(conn: &mut Conn, id: Id) -> Result<ReceiptRow> {
    Ok(conn
        .one(&format!("select {} from receipt r where r.id = $1", ReceiptRow::cols("r")), args![id])
        .await?)
}

/// The depot somebody used last.
pub async fn find_last_depot(conn: &mut Conn, staff: Id) -> Result<Option<Id>> {
    let sql = "select r.depot_id from receipt r where r.staff_id = $1 order by r.id desc limit 1";
    Ok(conn.scalar_opt(sql, args![staff]).await?)
}

/// The receipt, locked, or 404.
pub async fn lock_receipt(tx: &mut Tx, id: Id) -> Result<ReceiptRow> {
    let sql = format!("select {} from receipt r where r.id = $1{}", ReceiptRow::cols("r"), tx.for_update());
    Ok(tx.one(&sql, args![id]).await?)
}

/// Its lines in order.
pub async fn select_lines(conn: &mut Conn, id: Id) -> Result<Vec<ReceiptLineRow>> {
    let sql = format!(
        "select {} from receipt_line l where l.receipt_id = $1 order by l.n",
        ReceiptLineRow::cols("l")
    );
    Ok(conn.all(&sql, args![id]).await?)
}

/// Writes a new receipt.
pub async fn insert_receipt(tx: &mut Tx, row: &ReceiptRow, lines: &[ReceiptLineRow]) -> Result<()> {
    tx.exec(
        "insert into receipt (id, no, kind, depot_id, org_id, supplier, source_no, deliverer, note, state, staff_id, version,
         created_at, updated_at, purchase_id) values ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$13,$14)",
        args![
            row.id, &row.no, row.kind, row.depot_id, row.org_id, &row.supplier, &row.source_no, &row.deliverer, &row.note,
            row.state, row.staff_id, row.version, row.created_at, row.purchase_id
        ],
    )
    .await?;
    for chunk in lines.chunks(80) {
        let mut sql = Sql::new(
            "insert into receipt_line (id, receipt_id, n, part_id, stock_state, quantity, unit_cost, cost, rejected, reject_reason,
             certificate, old_part_due) values ",
        );
        for (index, line) in chunk.iter().enumerate() {
            sql.push(if index == 0 { "" } else { ", " });
            let values: Vec<Val> = args![
                line.id,
                row.id,
                line.n,
                line.part_id,
                line.stock_state,
                line.quantity,
                line.unit_cost,
                line.cost,
                line.rejected,
                &line.reject_reason,
                &line.certificate,
                line.old_part_due
            ];
            sql.list(values);
        }
        tx.exec_sql(sql).await?;
    }
    Ok(())
}

/// Marks a receipt as reversed. 409 when somebody else was faster.
pub async fn update_reversed(tx: &mut Tx, row: &ReceiptRow, reason: &str) -> Result<()> {
    let now = tx.now();
    let done = tx
        .exec(
            "update receipt set state = $3, reversed_reason = $4, version = version + 1, updated_at = $5 where id = $1 and version = $2",
            args![row.id, row.version, ReceiptState::Reversed, reason, now],
        )
        .await?;
    if done == 0 { Err(Error::stale()) } else { Ok(()) }
}
