//! SQL of proofs.

use db::{Conn, args};
use kernel::Id;
use kit::Result;

use super::model::ProofRow;

/// Stores a proof.
pub async fn insert_proof(conn: &mut Conn, row: &ProofRow) -> Result<()> {
    conn.exec(
        "insert into warranty_proof (id, org_id, unit_id, kind, number, proof_date, note, verified_by, verified_name, created_at)
         values ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10)",
        args![
            row.id,
            row.org_id,
            row.unit_id,
            row.kind,
            &row.number,
            row.proof_date,
            &row.note,
            row.verified_by,
            &row.verified_name,
            row.created_at
        ],
    )
    .await?;
    Ok(())
}

/// Proofs of a unit, newest first.
pub async fn select_proofs(conn: &mut Conn, unit: Id) -> Result<Vec<ProofRow>> {
    let sql = format!(
        "select {} from warranty_proof w where w.unit_id = $1 order by w.created_at desc, w.id desc limit 50",
        ProofRow::cols("w")
    );
    Ok(conn.all(&sql, args![unit]).await?)
}
