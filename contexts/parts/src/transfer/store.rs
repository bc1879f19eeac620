//! SQL of transfers.

use std::collections::HashMap;

use db::{Conn, Sql, Val, args};
use kernel::{Id, Ts};
use kit::{Error, Result, Tx};

use super::model::{TransferLineRow, TransferRow};

/// The transfer, or 404.
pub async fn get_transfer(conn: &mut Conn, id: Id) -> Result<TransferRow> {
    Ok(conn
        .one(&format!("select {} from transfer t where t.id = $1", TransferRow::cols("t")), args![id])
        .await?)
}

/// The transfer, locked, or 404.
pub async fn lock_transfer(tx: &mut Tx, id: Id) -> Result<TransferRow> {
    let sql = format!("select {} from transfer t where t.id = $1{}", TransferRow::cols("t"), tx.for_update());
    Ok(tx.one(&sql, args![id]).await?)
}

/// Its lines in order.
pub async fn select_lines(conn: &mut Conn, id: Id) -> Result<Vec<TransferLineRow>> {
    let sql = format!(
        "select {} from transfer_line l where l.transfer_id = $1 order by l.n",
        TransferLineRow::cols("l")
    );
    Ok(conn.all(&sql, args![id]).await?)
}

/// Free repaired pieces by part in a depot.
pub async fn select_free_repaired(conn: &mut Conn, depot_id: Id, parts: &[Id]) -> Result<HashMap<Id, i64>> {
    let mut sql = Sql::with(
        "select part_id, on_hand - reserved from stock_balance where depot_id = $1 and stock_state = 'repaired' and part_id in ",
        args![depot_id],
    );
    sql.list(parts.iter().copied());
    Ok(conn.all_sql::<(Id, i64)>(sql).await?.into_iter().collect())
}

/// Writes a new transfer.
pub async fn insert_transfer(tx: &mut Tx, row: &TransferRow, lines: &[TransferLineRow]) -> Result<()> {
    tx.exec(
        "insert into transfer (id, no, kind, from_id, to_id, org_id, holder_id, to_org_id, state, carrier, waybill, place, due,
         reason, note, staff_id, sent_at, received_at, version, created_at, updated_at)
         values ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15,$16,$17,$18,1,$17,$17)",
        args![
            row.id, &row.no, row.kind, row.from_id, row.to_id, row.org_id, row.holder_id, row.to_org_id, row.state, &row.carrier,
            &row.waybill, &row.place, row.due, &row.reason, &row.note, row.staff_id, row.sent_at, row.received_at
        ],
    )
    .await?;
    for chunk in lines.chunks(80) {
        let mut sql = Sql::new(
            "insert into transfer_line (id, transfer_id, n, part_id, stock_state, quantity, cost, received, received_cost) values ",
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
                line.cost,
                line.received,
                line.received_cost
            ];
            sql.list(values);
        }
        tx.exec_sql(sql).await?;
    }
    Ok(())
}

/// Writes what may change of a transfer. 409 when somebody else was faster.
pub async fn update_transfer(tx: &mut Tx, row: &TransferRow) -> Result<()> {
    let now: Ts = tx.now();
    let done = tx
        .exec(
            "update transfer set state = $3, carrier = $4, waybill = $5, place = $6, due = $7, reason = $8, received_at = $9,
                    version = version + 1, updated_at = $10 where id = $1 and version = $2",
            args![
                row.id, row.version, row.state, &row.carrier, &row.waybill, &row.place, row.due, &row.reason, row.received_at, now
            ],
        )
        .await?;
    if done == 0 { Err(Error::stale()) } else { Ok(()) }
}

/// Writes what arrived and what went back of a line.
pub async fn update_line(tx: &mut Tx, line: &TransferLineRow) -> Result<()> {
    tx.exec(
        "update transfer_line set received = $2, received_cost = $3, returned = $4, returned_cost = $5 where id = $1",
        args![line.id, line.received, line.received_cost, line.returned, line.returned_cost],
    )
    .await?;
    Ok(())
}
