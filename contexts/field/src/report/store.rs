//! SQL of reports, departure checks and closings.

use db::{Conn, args};
use kernel::Id;
use kit::{Result, Tx};

use super::model::{CheckRow, Closing, Report};

/// Reports shown with an order.
const MOST: i64 = 100;

/// Adds a report.
pub async fn insert_report(tx: &mut Tx, row: &Report) -> Result<()> {
    tx.exec(
        "insert into visit_report (id, order_id, order_no, org_id, staff_id, staff_name, kind, code, note, detail, at)
         values ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11)",
        args![
            row.id, row.order_id, &row.order_no, row.org_id, row.staff_id, &row.staff_name, row.kind, &row.code, &row.note,
            &row.detail, row.at
        ],
    )
    .await?;
    Ok(())
}

/// Reports about an order, newest first.
pub async fn select_reports(conn: &mut Conn, order: Id) -> Result<Vec<Report>> {
    let sql = format!(
        "select {} from visit_report r where r.order_id = $1 order by r.at desc, r.id desc limit {MOST}",
        Report::cols("r")
    );
    Ok(conn.all(&sql, args![order]).await?)
}

/// Adds a departure check.
pub async fn insert_check(tx: &mut Tx, row: &CheckRow) -> Result<()> {
    tx.exec(
        "insert into departure_check (id, order_id, org_id, staff_id, staff_name, ticked, missing, note, at)
         values ($1,$2,$3,$4,$5,$6,$7,$8,$9)",
        args![
            row.id,
            row.order_id,
            row.org_id,
            row.staff_id,
            &row.staff_name,
            &row.ticked,
            &row.missing,
            &row.note,
            row.at
        ],
    )
    .await?;
    Ok(())
}

/// The latest departure check of an order.
pub async fn find_check(conn: &mut Conn, order: Id) -> Result<Option<CheckRow>> {
    let sql = format!(
        "select {} from departure_check d where d.order_id = $1 order by d.at desc, d.id desc limit 1",
        CheckRow::cols("d")
    );
    Ok(conn.opt(&sql, args![order]).await?)
}

/// Keeps how a visit closed; the latest word counts.
pub async fn put_closing(tx: &mut Tx, org: Id, staff: Id, row: &Closing) -> Result<()> {
    let now = tx.now();
    tx.exec(
        "insert into visit_closing (order_id, org_id, staff_id, test_run, certain, at) values ($1,$2,$3,$4,$5,$6)
         on conflict (order_id) do update set org_id = excluded.org_id, staff_id = excluded.staff_id,
             test_run = excluded.test_run, certain = excluded.certain, at = excluded.at",
        args![row.order_id, org, staff, row.test_run, row.certain, now],
    )
    .await?;
    Ok(())
}

/// How a visit closed.
pub async fn find_closing(conn: &mut Conn, order: Id) -> Result<Option<Closing>> {
    let sql = format!("select {} from visit_closing c where c.order_id = $1", Closing::cols("c"));
    Ok(conn.opt(&sql, args![order]).await?)
}
