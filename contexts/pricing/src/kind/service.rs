//! Setting up kinds of work.

use kernel::{Id, Problems, RuleError, T};
use kit::{Cx, DocRef, Result};

use super::{
    model::{KindsOut, WorkKind, WorkKindInput},
    store,
};
use crate::perms::KIND_WRITE;

/// All kinds of work.
pub async fn list(cx: &Cx) -> Result<KindsOut> {
    cx.actor()?;
    let mut conn = cx.read().await?;
    let items = store::select(&mut conn).await?;
    cx.count(&conn);
    Ok(KindsOut { items })
}

/// Adds or changes one. Codes are lower-case letters and underscores, names at most 40 characters.
pub async fn save(cx: &Cx, code: &str, input: WorkKindInput) -> Result<WorkKind> {
    cx.require(&KIND_WRITE)?;
    let kind = checked(code, &input)?;
    let mut tx = kit::begin!(cx, "pricing.save_kind", &(code, &input));
    let old = store::find(&mut tx, code).await?;
    let now = tx.now();
    store::put(&mut tx, &kind, now).await?;
    let doc = DocRef::new("work_kind", Id::NIL, code);
    match old {
        Some(old) => tx.changed(doc, &old, &kind)?,
        None => tx.created(doc, &kind)?,
    }
    tx.commit(kind).await
}

fn checked(code: &str, input: &WorkKindInput) -> Result<WorkKind, Problems> {
    let mut problems = Problems::new();
    let plain =
        !code.is_empty() && code.len() <= 30 && code.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
    problems.check(plain, || {
        RuleError::new(
            "pricing.kind_code",
            T("代码只能用小写字母和下划线", "Codes have lower-case letters and underscores"),
        )
        .field("code")
    });
    let name = input.name.trim().to_string();
    problems.check((1..=40).contains(&name.chars().count()), || {
        RuleError::new("pricing.kind_name", T("名称应有 1–40 个字", "A name has 1 to 40 characters"))
            .field("name")
    });
    problems.check((0..=3).contains(&input.level), || {
        RuleError::new("pricing.kind_level", T("级别应为 0–3", "The size is 0 to 3")).field("level")
    });
    problems.finish()?;
    Ok(WorkKind {
        code: code.to_string(),
        name,
        name_en: input.name_en.as_deref().unwrap_or_default().trim().chars().take(60).collect(),
        grouping: input.grouping,
        level: input.level,
        repair: input.repair,
        active: input.active,
        place: input.place.clamp(0, 100_000),
    })
}
