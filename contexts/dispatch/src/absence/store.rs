//! SQL of absences.

use db::{Conn, args};
use kernel::{Id, Ts};
use kit::Result;

use super::Absence;

pub async fn lock_absence(conn: &mut Conn, id: Id) -> Result<Absence> {
    let sql = format!("select {} from absence a where a.id = $1{}", Absence::cols("a"), conn.for_update());
    Ok(conn.one(&sql, args![id]).await?)
}

pub async fn insert_absence(conn: &mut Conn, row: &Absence, now: Ts) -> Result<()> {
    conn.exec(
        "insert into absence (id, version, org_id, staff_id, kind, from_at, to_at, note, state, created_at, updated_at)
         values ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$10)",
        args![row.id, row.version, row.org_id, row.staff_id, row.kind, row.from_at, row.to_at, &row.note, &row.state, now],
    )
    .await?;
    Ok(())
}

/// Saves a state that was checked on the locked row.
pub async fn update_state(conn: &mut Conn, row: &Absence, now: Ts) -> Result<()> {
    conn.exec(
        "update absence set state = $2, version = $3, updated_at = $4 where id = $1",
        args![row.id, &row.state, row.version, now],
    )
    .await?;
    Ok(())
}
