//! Statements on process templates.

use db::{Conn, args};
use kernel::{Id, Ts};
use kit::{Error, Result};

use super::model::{TemplateBrief, TemplateRow};

/// One version.
pub async fn get_template(conn: &mut Conn, id: Id) -> Result<TemplateRow> {
    let sql = format!("select {} from process_template t where t.id = $1", TemplateRow::cols("t"));
    Ok(conn.one(&sql, args![id]).await?)
}

/// One version, locked.
pub async fn lock_template(conn: &mut Conn, id: Id) -> Result<TemplateRow> {
    let sql = format!(
        "select {} from process_template t where t.id = $1{}",
        TemplateRow::cols("t"),
        conn.for_update()
    );
    Ok(conn.one(&sql, args![id]).await?)
}

/// The version that counts at an instant.
pub async fn find_current(conn: &mut Conn, code: &str, at: Ts) -> Result<Option<TemplateRow>> {
    let sql = format!(
        "select {} from process_template t where t.code = $1 and t.state = 'active' and t.effective_from <= $2
         order by t.effective_from desc, t.number desc limit 1",
        TemplateRow::cols("t")
    );
    Ok(conn.opt(&sql, args![code, at]).await?)
}

/// All versions of a template, newest first.
pub async fn select_versions(conn: &mut Conn, code: &str) -> Result<Vec<TemplateBrief>> {
    let sql = format!(
        "select {} from process_template t where t.code = $1 order by t.number desc",
        TemplateBrief::cols("t")
    );
    Ok(conn.all(&sql, args![code]).await?)
}

/// What counts at an instant, one version per template, by code.
pub async fn select_current(conn: &mut Conn, at: Ts) -> Result<Vec<TemplateRow>> {
    let sql = format!(
        "select {} from process_template t where t.state = 'active' and t.effective_from <= $1
           and not exists (select 1 from process_template n where n.code = t.code and n.state = 'active'
               and n.effective_from <= $1
               and (n.effective_from > t.effective_from or (n.effective_from = t.effective_from and n.number > t.number)))
         order by t.code",
        TemplateRow::cols("t")
    );
    Ok(conn.all(&sql, args![at]).await?)
}

/// Number of the newest version; 0: there is none.
pub async fn last_number(conn: &mut Conn, code: &str) -> Result<i64> {
    Ok(conn
        .scalar("select coalesce(max(number), 0) from process_template where code = $1", args![code])
        .await?)
}

/// True when a version of a template has exactly this text.
pub async fn has_source(conn: &mut Conn, code: &str, source: &str) -> Result<bool> {
    let sql = "select count(*) from process_template where code = $1 and source = $2";
    Ok(conn.scalar::<i64>(sql, args![code, source]).await? > 0)
}

/// A new version; somebody who took the same number first wins: 409.
pub async fn insert_template(conn: &mut Conn, row: &TemplateRow) -> Result<()> {
    let made = conn
        .exec(
            "insert into process_template (id, version, code, number, state, name, name_en, source, shipped, effective_from,
                note, created_by, created_at, updated_at)
             values ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14) on conflict (code, number) do nothing",
            args![
                row.id,
                row.version,
                &row.code,
                row.number,
                row.state,
                &row.name,
                &row.name_en,
                &row.source,
                row.shipped,
                row.effective_from,
                &row.note,
                &row.created_by,
                row.created_at,
                row.updated_at
            ],
        )
        .await?;
    if made == 0 { Err(Error::stale()) } else { Ok(()) }
}

/// Saves a version; 409 when somebody was faster.
pub async fn update_template(conn: &mut Conn, row: &TemplateRow) -> Result<()> {
    let saved = conn
        .exec(
            "update process_template set version = $2, state = $3, name = $4, name_en = $5, source = $6, effective_from = $7,
                note = $8, updated_at = $9, code = $10, number = $11
             where id = $1 and version = $2 - 1",
            args![
                row.id,
                row.version,
                row.state,
                &row.name,
                &row.name_en,
                &row.source,
                row.effective_from,
                &row.note,
                row.updated_at,
                &row.code,
                row.number
            ],
        )
        .await?;
    if saved == 0 { Err(Error::stale()) } else { Ok(()) }
}
