//! SQL of kinds of work.

use db::{Conn, args};
use kernel::{RuleError, T, Ts};
use kit::{Error, Result};

use super::model::WorkKind;

fn unknown() -> Error {
    RuleError::new(
        "pricing.kind",
        T("没有这个服务工种，或已停用", "There is no such kind of work, or it is retired"),
    )
    .field("kind")
    .into()
}

/// The kind, or a rule error at field `kind`.
pub async fn get(conn: &mut Conn, code: &str) -> Result<WorkKind> {
    find(conn, code).await?.ok_or_else(unknown)
}

/// The same, if it may still be chosen.
pub async fn get_active(conn: &mut Conn, code: &str) -> Result<WorkKind> {
    find(conn, code).await?.filter(|kind| kind.active).ok_or_else(unknown)
}

/// The kind, if there is one.
pub async fn find(conn: &mut Conn, code: &str) -> Result<Option<WorkKind>> {
    let sql = format!("select {} from work_kind k where k.code = $1", WorkKind::cols("k"));
    Ok(conn.opt(&sql, args![code]).await?)
}

/// All kinds in order.
pub async fn select(conn: &mut Conn) -> Result<Vec<WorkKind>> {
    let sql = format!("select {} from work_kind k order by k.place, k.code", WorkKind::cols("k"));
    Ok(conn.all(&sql, vec![]).await?)
}

/// The code for what a person wrote: a code, or a name in either language; empty for any. Errors: `pricing.kind`.
pub async fn code_of(conn: &mut Conn, text: &str) -> Result<String> {
    let text = text.trim();
    let any = crate::fee::words::ANY;
    if text.is_empty() || [any.0, any.1.0, any.1.1].iter().any(|word| word.eq_ignore_ascii_case(text)) {
        return Ok(String::new());
    }
    let kinds = select(conn).await?;
    let named =
        |kind: &&WorkKind| kind.code == text || kind.name == text || kind.name_en.eq_ignore_ascii_case(text);
    Ok(kinds.iter().find(named).ok_or_else(unknown)?.code.clone())
}

/// Adds or changes a kind.
pub async fn put(conn: &mut Conn, kind: &WorkKind, now: Ts) -> Result<()> {
    conn.exec(
        "insert into work_kind (code, name, name_en, grouping, level, repair, active, place, updated_at)
         values ($1,$2,$3,$4,$5,$6,$7,$8,$9)
         on conflict (code) do update set name = excluded.name, name_en = excluded.name_en, grouping = excluded.grouping,
            level = excluded.level, repair = excluded.repair, active = excluded.active, place = excluded.place,
            updated_at = excluded.updated_at",
        args![
            &kind.code, &kind.name, &kind.name_en, kind.grouping, kind.level, kind.repair, kind.active, kind.place, now
        ],
    )
    .await?;
    Ok(())
}
