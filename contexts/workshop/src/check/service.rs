//! Signing checks, and refusing to let work end without them.

use std::collections::HashMap;

use db::Conn;
use kernel::{Id, RuleError, T};
use kit::{Cx, Error, Perm, Result, Tx, attachments, begin};
use orders::api::{self as order, State};

use super::{
    model::{CheckSheet, CheckTemplate, SheetOut, SignCheck, Stage, StageOut, TemplateOut},
    points, rules, store,
};
use crate::{
    perms::{CHECK_FINAL, CHECK_TEAM, SHOP_WORK},
    settings,
    unit::{
        model::{Held, ShopUnit},
        service as units, store as unit_store,
    },
};

/// Who may sign a stage.
pub fn signer(stage: Stage) -> &'static Perm {
    match stage {
        Stage::SelfCheck => &SHOP_WORK,
        Stage::Team => &CHECK_TEAM,
        Stage::Final => &CHECK_FINAL,
    }
}

/// The list of a code that is in use: the newest saved revision, else as shipped.
pub async fn find_template(conn: &mut Conn, code: &str) -> Result<Option<CheckTemplate>> {
    let saved = store::select_revisions(conn, code).await?.into_iter().find(|row| row.active);
    Ok(saved.or_else(|| points::all().into_iter().find(|row| row.code == code)))
}

/// A revision of a list, as it was signed.
pub async fn template_of(conn: &mut Conn, code: &str, revision: i64) -> Result<Option<CheckTemplate>> {
    let saved = store::select_revisions(conn, code).await?.into_iter().find(|row| row.revision == revision);
    Ok(saved.or_else(|| points::all().into_iter().find(|row| row.code == code && row.revision == revision)))
}

/// Whether a kind of work repairs.
async fn repairs(conn: &mut Conn, kind: &str) -> Result<bool> {
    Ok(order::work_kinds(conn).await?.iter().any(|known| known.code == kind && known.repair))
}

/// Stages that a unit still has to pass.
pub async fn open_stages(conn: &mut Conn, unit: &ShopUnit, kind: &str) -> Result<Vec<Stage>> {
    let all = store::select_rules(conn).await?;
    let repair = repairs(conn, kind).await?;
    let needed = rules::needed(&all, kind, repair, unit.id);
    if needed.is_empty() {
        return Ok(Vec::new());
    }
    let sheets = store::select_sheets(conn, unit.id).await?;
    Ok(rules::open_stages(&needed, &sheets, unit.check_round))
}

/// 409 `workshop.checks_open` until every stage is passed (QC-01).
pub async fn check_passed(conn: &mut Conn, unit: &ShopUnit, kind: &str) -> Result<()> {
    let open = open_stages(conn, unit, kind).await?;
    if open.is_empty() {
        return Ok(());
    }
    let name = |zh: bool| {
        let of = |stage: &Stage| if zh { stage.label().0 } else { stage.label().1 };
        open.iter().map(of).collect::<Vec<_>>().join(if zh { "、" } else { ", " })
    };
    let text = T("质检未通过：还差{zh}", "Checks are open: {en}");
    Err(Error::Conflict(
        RuleError::new("workshop.checks_open", text).arg("zh", name(true)).arg("en", name(false)),
    ))
}

/// What the workshop forbids on orders, through whichever door they come: work doesn't end before the checks, and a
/// unit that is in the house is confirmed by its pick-up only.
pub async fn guard(conn: &mut Conn, order: Id, action: &str) -> Result<()> {
    if !matches!(action, "complete" | "confirm") {
        return Ok(());
    }
    let Some(unit) = unit_store::find_in_house(conn, order).await? else { return Ok(()) };
    if action == "confirm" {
        let text = T("机器还在店里，请办理取机", "The unit is in the house: hand it over instead");
        return Err(Error::Conflict(RuleError::new("workshop.pick_up_first", text)));
    }
    if crate::maker::store::find_open(conn, unit.id).await?.is_some() {
        let text = T("机器在厂家，请先登记返回", "The unit is at its maker: record its return first");
        return Err(Error::Conflict(RuleError::new("workshop.at_maker", text)));
    }
    let kind = order::brief(conn, order).await?.kind;
    check_passed(conn, &unit, &kind).await
}

/// Stages of a unit with lists and signed checks.
pub async fn stages_in(conn: &mut Conn, held: &Held) -> Result<Vec<StageOut>> {
    let all = store::select_rules(conn).await?;
    let repair = repairs(conn, &held.order.kind).await?;
    let needed = rules::needed(&all, &held.order.kind, repair, held.unit.id);
    let sheets = store::select_sheets(conn, held.unit.id).await?;
    let open = rules::open_stages(&needed, &sheets, held.unit.check_round);
    let mut lists: HashMap<&str, Option<CheckTemplate>> = HashMap::new();
    let mut stages = Vec::new();
    for stage in Stage::ALL {
        let rule = needed.iter().find(|rule| rule.stage == *stage);
        let template = match rule {
            Some(rule) => {
                if !lists.contains_key(rule.template.as_str()) {
                    lists.insert(&rule.template, find_template(conn, &rule.template).await?);
                }
                lists.get(rule.template.as_str()).cloned().flatten()
            }
            None => None,
        };
        stages.push(StageOut {
            stage: *stage,
            needed: rule.is_some(),
            passed: rule.is_some() && !open.contains(stage),
            next: open.first() == Some(stage),
            template: template.as_ref().map(TemplateOut::from),
            sheets: sheets.iter().filter(|sheet| sheet.stage == *stage).map(SheetOut::from).collect(),
        });
    }
    Ok(stages)
}

/// The same for callers.
pub async fn stages(cx: &Cx, id: Id) -> Result<Vec<StageOut>> {
    let mut conn = cx.read().await?;
    let held = units::visible(cx, &mut conn, id).await?;
    let stages = stages_in(&mut conn, &held).await?;
    cx.count(&conn);
    Ok(stages)
}

/// A signed check with the list it was signed under.
pub async fn sheet(cx: &Cx, id: Id) -> Result<(Held, CheckSheet, Option<CheckTemplate>)> {
    let mut conn = cx.read().await?;
    let sheet = store::get_sheet(&mut conn, id).await?;
    let held = units::visible(cx, &mut conn, sheet.shop_unit_id).await?;
    let template = template_of(&mut conn, &sheet.template, sheet.revision).await?;
    cx.count(&conn);
    Ok((held, sheet, template))
}

fn conflict(code: &'static str, text: T) -> Error {
    Error::Conflict(RuleError::new(code, text))
}

/// Signs a stage. Everything passed: the next stage may be signed. Something failed: all stages are to be done again,
/// and a failed final inspection counts the order as "not fixed first time" (QC-05).
///
/// Errors: `workshop.check_not_needed`, `workshop.check_order`, `workshop.check_same_person`, `workshop.check_list`,
/// `workshop.not_working` (409); `workshop.check_*` by field.
pub async fn sign(cx: &Cx, id: Id, stage: Stage, input: SignCheck) -> Result<SheetOut> {
    let mut tx = begin!(cx, "workshop.sign_check", &(id, stage, &input));
    let held = units::open(&mut tx, id, signer(stage)).await?;
    if held.order.state != State::InProgress {
        return Err(conflict(
            "workshop.not_working",
            T("修理中的机器才能检验", "Only units being repaired are checked"),
        ));
    }
    let stages = stages_in(&mut tx, &held).await?;
    let this = stages.iter().find(|s| s.stage == stage).filter(|s| s.needed);
    let this = this.ok_or_else(|| {
        conflict("workshop.check_not_needed", T("这台机器不需要这一检验", "This stage is not needed"))
    })?;
    if !this.next {
        return Err(conflict(
            "workshop.check_order",
            T("请按顺序检验，通过的不用再签", "Stages are signed in order, each once"),
        ));
    }
    let list = this.template.as_ref().ok_or_else(|| {
        conflict(
            "workshop.check_list",
            T("检验模板不存在，请先设置", "The check list does not exist: set it up first"),
        )
    })?;
    if input.revision.is_some_and(|seen| seen != list.revision) {
        return Err(Error::stale());
    }
    check_person(cx, &tx, &held, stage).await?;
    let answers = rules::judge(&list.points, &input)?;
    check_photos(&mut tx, &held, list).await?;
    let faults = rules::faults(&answers);
    let row = CheckSheet {
        id: tx.id(),
        org_id: held.unit.org_id,
        shop_unit_id: id,
        order_id: held.order.id,
        stage,
        round: held.unit.check_round,
        template: list.code.clone(),
        revision: list.revision,
        answers: serde_json::to_string(&answers)?,
        passed: faults == 0,
        faults,
        advice: input.advice.trim().chars().take(2000).collect(),
        note: input.note.trim().chars().take(2000).collect(),
        signed_by: tx.staff(),
        signed_name: tx.cx().actor.as_ref().map(|actor| actor.name.clone()).unwrap_or_default(),
        signed_at: tx.now(),
    };
    store::insert_sheet(&mut tx, &row).await?;
    if !row.passed {
        failed(&mut tx, &held, &row).await?;
    }
    tx.log(
        held.unit.doc(),
        "checked",
        serde_json::json!({ "stage": stage, "round": row.round, "passed": row.passed, "faults": faults }),
    );
    tx.commit(SheetOut::from(&row)).await
}

/// The person who repaired does not pass his own work, where the company wants that.
async fn check_person(cx: &Cx, tx: &Tx, held: &Held, stage: Stage) -> Result<()> {
    let strict: bool = cx.setting(&settings::OTHER_PERSON, held.unit.org_id).await?;
    let staff = tx.staff();
    if stage != Stage::SelfCheck && strict && !staff.is_nil() && held.order.engineer_id == Some(staff) {
        return Err(conflict(
            "workshop.check_same_person",
            T("维修人不能做自己的终检", "The repairer can't pass his own work"),
        ));
    }
    Ok(())
}

/// Lists that ask for photos need some among the unit's files (QC-07).
async fn check_photos(tx: &mut Tx, held: &Held, list: &TemplateOut) -> Result<()> {
    let wanted = list.points.iter().filter(|point| point.photo).count();
    if wanted == 0 {
        return Ok(());
    }
    let files = attachments::of_doc(tx, "shop_unit", held.unit.id).await?;
    let photos = files.iter().filter(|f| f.mime.starts_with("image/") && f.label != "signature").count();
    if photos < wanted {
        let text = T("模板要求 {n} 张照片，请先上传", "The list asks for {n} photos: add them first");
        return Err(Error::rule(
            RuleError::new("workshop.check_photos", text).arg("n", wanted).field("note"),
        ));
    }
    Ok(())
}

async fn failed(tx: &mut Tx, held: &Held, row: &CheckSheet) -> Result<()> {
    let mut new = held.unit.clone();
    new.check_round += 1;
    units::save(tx, &held.unit, new).await?;
    if row.stage == Stage::Final {
        let words = T("终检 {n} 项不合格 {note}", "Final inspection: {n} points failed {note}");
        let reason = words.fill(tx.cx().lang, &[("n", row.faults.to_string()), ("note", row.note.clone())]);
        order::check_failed_in(tx, held.order.id, reason.trim()).await?;
    }
    Ok(())
}
