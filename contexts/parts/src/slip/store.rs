//! SQL of issue slips.

use db::{Conn, Sql, Val, args};
use kernel::{Id, Money, Quantity};
use kit::{Error, Result, Tx};

use super::model::{SlipLineRow, SlipRow};

/// The slip, or 404.
pub async fn get_slip(conn: &mut Conn, id: Id) -> Result<SlipRow> {
    Ok(conn
        .one(&format!("select {} from issue_slip s where s.id = $1", SlipRow::cols("s")), args![id])
        .await?)
}

/// The depot somebody used last.
pub async fn find_last_depot(conn: &mut Conn, staff: Id) -> Result<Option<Id>> {
    let sql = "select r.depot_id from issue_slip r where r.staff_id = $1 order by r.id desc limit 1";
    Ok(conn.scalar_opt(sql, args![staff]).await?)
}

/// The slip, locked, or 404.
pub async fn lock_slip(tx: &mut Tx, id: Id) -> Result<SlipRow> {
    let sql = format!("select {} from issue_slip s where s.id = $1{}", SlipRow::cols("s"), tx.for_update());
    Ok(tx.one(&sql, args![id]).await?)
}

/// Its lines in order, without deleted ones.
pub async fn select_lines(conn: &mut Conn, id: Id) -> Result<Vec<SlipLineRow>> {
    let sql = format!(
        "select {} from issue_slip_line l where l.slip_id = $1 and l.quantity > 0 order by l.n",
        SlipLineRow::cols("l")
    );
    Ok(conn.all(&sql, args![id]).await?)
}

/// Number of the next line.
pub async fn next_line(conn: &mut Conn, id: Id) -> Result<i64> {
    Ok(conn
        .scalar("select coalesce(max(n), 0) + 1 from issue_slip_line where slip_id = $1", args![id])
        .await?)
}

/// Pieces of a part that slips hold or issued for a document.
pub async fn find_held_for(conn: &mut Conn, part_id: Id, voucher: &str) -> Result<Quantity> {
    let sql = "select cast(coalesce(sum(l.quantity), 0) as bigint) from issue_slip_line l join issue_slip s on s.id = l.slip_id
        where l.part_id = $1 and s.voucher = $2 and s.state <> 'cancelled'";
    Ok(conn.scalar(sql, args![part_id, voucher]).await?)
}

/// Slips that hold pieces under a voucher and were not issued.
pub async fn select_reserved_for(conn: &mut Conn, voucher: &str) -> Result<Vec<Id>> {
    let sql = "select s.id from issue_slip s where s.voucher = $1 and s.state = 'reserved' order by s.id";
    Ok(conn.all::<(Id,)>(sql, args![voucher]).await?.into_iter().map(|(id,)| id).collect())
}

/// Writes a new slip.
pub async fn insert_slip(tx: &mut Tx, row: &SlipRow) -> Result<()> {
    tx.exec(
        "insert into issue_slip (id, no, kind, depot_id, org_id, holder_id, recipient, voucher, pick, reason, note, state,
         staff_id, version, created_at, updated_at) values ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15,$15)",
        args![
            row.id, &row.no, row.kind, row.depot_id, row.org_id, row.holder_id, &row.recipient, &row.voucher, row.pick, &row.reason,
            &row.note, row.state, row.staff_id, row.version, row.created_at
        ],
    )
    .await?;
    Ok(())
}

/// Writes new lines.
pub async fn insert_lines(tx: &mut Tx, slip_id: Id, lines: &[SlipLineRow]) -> Result<()> {
    for chunk in lines.chunks(150) {
        let mut sql =
            Sql::new("insert into issue_slip_line (id, slip_id, n, part_id, quantity, cost) values ");
        for (index, line) in chunk.iter().enumerate() {
            sql.push(if index == 0 { "" } else { ", " });
            let values: Vec<Val> = args![line.id, slip_id, line.n, line.part_id, line.quantity, line.cost];
            sql.list(values);
        }
        tx.exec_sql(sql).await?;
    }
    Ok(())
}

/// Writes a line's quantity and cost.
pub async fn update_line(tx: &mut Tx, id: Id, quantity: Quantity, cost: Money) -> Result<()> {
    tx.exec("update issue_slip_line set quantity = $2, cost = $3 where id = $1", args![id, quantity, cost])
        .await?;
    Ok(())
}

/// Writes what may change of a slip. 409 when somebody else was faster.
pub async fn update_slip(tx: &mut Tx, row: &SlipRow) -> Result<()> {
    let now = tx.now();
    let done = tx
        .exec(
            "update issue_slip set state = $3, reason = $4, version = version + 1, updated_at = $5 where id = $1 and version = $2",
            args![row.id, row.version, row.state, &row.reason, now],
        )
        .await?;
    if done == 0 { Err(Error::stale()) } else { Ok(()) }
}
