//! Check lists and which kinds of work need them.

use kernel::{Problems, RuleError, T};
use kit::{Cx, DocRef, Result, begin};
use orders::api as order;

use super::{
    model::{CheckRule, CheckTemplate, SaveTemplate, SetRules, Stage, TemplateOut},
    points, rules, store,
};
use crate::perms::{CHECK_SETUP, SHOP_READ};

/// Lists in use, saved ones in place of those shipped, by code.
pub async fn templates(cx: &Cx) -> Result<Vec<TemplateOut>> {
    cx.require(&SHOP_READ)?;
    let mut conn = cx.read().await?;
    let saved = store::select_templates(&mut conn).await?;
    cx.count(&conn);
    let mut lists: Vec<CheckTemplate> = saved.into_iter().filter(|row| row.active).collect();
    for shipped in points::all() {
        if !lists.iter().any(|row| row.code == shipped.code) {
            lists.push(shipped);
        }
    }
    lists.sort_by(|a, b| a.code.cmp(&b.code));
    Ok(lists.iter().map(TemplateOut::from).collect())
}

/// Saves a list as its next revision; checks signed before keep theirs (QC-06).
pub async fn save_template(cx: &Cx, input: SaveTemplate) -> Result<TemplateOut> {
    cx.require(&CHECK_SETUP)?;
    let mut points = input.points.clone();
    if let Some(text) = &input.points_text {
        points.extend(rules::parse_points(text)?);
    }
    rules::check_template(&input, &points)?;
    let mut tx = begin!(cx, "workshop.save_template", &input);
    let saved = store::select_revisions(&mut tx, &input.code).await?;
    let shipped = points::all().into_iter().find(|row| row.code == input.code);
    let last = saved.first().map(|row| row.revision).or(shipped.map(|row| row.revision)).unwrap_or(0);
    let row = CheckTemplate {
        id: tx.id(),
        code: input.code.clone(),
        revision: last + 1,
        name: input.name.trim().to_string(),
        name_en: input.name_en.trim().chars().take(60).collect(),
        points: serde_json::to_string(&points)?,
        active: true,
        created_name: tx.cx().actor.as_ref().map(|actor| actor.name.clone()).unwrap_or_default(),
        created_at: tx.now(),
    };
    store::insert_template(&mut tx, &row).await?;
    let doc = DocRef::new("check_template", row.id, format!("{} r{}", row.code, row.revision));
    tx.log(
        doc,
        "created",
        serde_json::json!({ "code": row.code, "revision": row.revision, "points": points.len() }),
    );
    tx.commit(TemplateOut::from(&row)).await
}

/// All rules: which stage of which kind of work needs which list.
pub async fn all_rules(cx: &Cx) -> Result<Vec<CheckRule>> {
    cx.require(&SHOP_READ)?;
    let mut conn = cx.read().await?;
    let rules = store::select_rules(&mut conn).await?;
    cx.count(&conn);
    Ok(rules)
}

/// Sets the rules of a kind of work (QC-01, QC-02). Without any stage a rule of 0 % says so: otherwise what holds for
/// all repairs would come back.
pub async fn set_rules(cx: &Cx, input: SetRules) -> Result<Vec<CheckRule>> {
    cx.require(&CHECK_SETUP)?;
    let mut tx = begin!(cx, "workshop.set_check_rules", &input);
    let kinds = order::work_kinds(&mut tx).await?;
    let known = input.work_kind == "*" || kinds.iter().any(|kind| kind.code == input.work_kind);
    let percent = input.final_percent.unwrap_or(100);
    let mut problems = Problems::new();
    problems.check(known, || {
        RuleError::new("workshop.work_kind", T("没有这个工种", "There is no such kind of work"))
            .field("work_kind")
    });
    problems.check((0..=100).contains(&percent), || {
        RuleError::new("workshop.percent", T("比例应为 0–100", "The share is 0 to 100"))
            .field("final_percent")
    });
    let saved = store::select_templates(&mut tx).await?;
    let mut rows = Vec::new();
    let wishes = [
        (Stage::SelfCheck, &input.self_template, "self_template", 100),
        (Stage::Team, &input.team_template, "team_template", 100),
        (Stage::Final, &input.final_template, "final_template", percent),
    ];
    for (stage, code, field, percent) in wishes {
        let code = code.trim();
        if code.is_empty() {
            continue;
        }
        let there =
            saved.iter().any(|row| row.code == code) || points::all().iter().any(|row| row.code == code);
        problems.check(there, || {
            RuleError::new("workshop.check_list", T("没有这个检验模板", "There is no such check list"))
                .field(field)
        });
        rows.push(CheckRule { work_kind: input.work_kind.clone(), stage, template: code.into(), percent });
    }
    problems.finish()?;
    if rows.is_empty() {
        let template = "repair".to_string();
        rows.push(CheckRule {
            work_kind: input.work_kind.clone(),
            stage: Stage::SelfCheck,
            template,
            percent: 0,
        });
    }
    if input.as_usual && input.work_kind != "*" {
        rows.clear();
    }
    let now = tx.now();
    store::replace_rules(&mut tx, &input.work_kind, &rows, now).await?;
    let doc = DocRef::new("check_rule", kernel::Id::NIL, &input.work_kind);
    tx.log(doc, "changed", serde_json::to_value(&rows)?);
    let all = store::select_rules(&mut tx).await?;
    tx.commit(all).await
}
