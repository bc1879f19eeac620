//! SQL of exceptions.

use db::{Conn, args};
use kernel::Id;
use kit::Result;

use super::model::ExceptionRow;

/// Stores a decision.
pub async fn insert_exception(conn: &mut Conn, row: &ExceptionRow) -> Result<()> {
    conn.exec(
        "insert into warranty_exception (id, org_id, doc_kind, doc_id, doc_no, unit_id, kind, verdict, amount, reason,
            decided_by, decided_name, created_at) values ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13)",
        args![
            row.id,
            row.org_id,
            &row.doc_kind,
            row.doc_id,
            &row.doc_no,
            row.unit_id,
            row.kind,
            row.verdict,
            row.amount,
            &row.reason,
            row.decided_by,
            &row.decided_name,
            row.created_at
        ],
    )
    .await?;
    Ok(())
}

/// Decisions about a document, newest first.
pub async fn select_of(conn: &mut Conn, doc: Id) -> Result<Vec<ExceptionRow>> {
    let sql = format!(
        "select {} from warranty_exception e where e.doc_id = $1 order by e.created_at desc, e.id desc",
        ExceptionRow::cols("e")
    );
    Ok(conn.all(&sql, args![doc]).await?)
}
