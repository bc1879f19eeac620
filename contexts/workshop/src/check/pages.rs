//! Pages and API of checks: signing, the signed sheet, check lists and rules.

use axum::{Json, response::Response};
use kernel::{Id, T};
use kit::extract::Path;
use kit::{Body, Cx, Error, FormErrors, Result};
use orders::api as order;

use super::{
    model::{CheckRule, SaveTemplate, SetRules, SheetOut, SignCheck, Stage, StageOut, TemplateOut},
    rules, service, setup as lists, views,
};
use crate::unit::service as units;

fn stage_of(code: &str) -> Result<Stage> {
    Stage::parse(code).ok_or(Error::NotFound)
}

async fn signing(cx: &Cx, id: Id, stage: Stage, input: &SignCheck, errors: &FormErrors) -> Result<Response> {
    let mut conn = cx.read().await?;
    let held = units::visible(cx, &mut conn, id).await?;
    cx.authorize(service::signer(stage), &held)?;
    let stages = service::stages_in(&mut conn, &held).await?;
    cx.count(&conn);
    drop(conn);
    let this = stages.into_iter().find(|s| s.stage == stage).ok_or(Error::NotFound)?;
    let main = views::sign_form(cx, &held, &this, input, errors);
    if errors.is_empty() { cx.page(cx.t(stage.label()), main).await } else { Ok(cx.refused(main)) }
}

pub async fn sign_form(cx: Cx, Path((id, stage)): Path<(Id, String)>) -> Result<Response> {
    signing(&cx, id, stage_of(&stage)?, &SignCheck::default(), &FormErrors::default()).await
}

pub async fn sign(
    cx: Cx,
    Path((id, stage)): Path<(Id, String)>,
    Body(input): Body<SignCheck>,
) -> Result<Response> {
    let stage = stage_of(&stage)?;
    match cx.form(service::sign(&cx, id, stage, input.clone()).await)? {
        Ok(_) => Ok(cx.redirect(&format!("/workshop/units/{id}"))),
        Err(errors) => signing(&cx, id, stage, &input, &errors).await,
    }
}

pub async fn sign_json(
    cx: Cx,
    Path((id, stage)): Path<(Id, String)>,
    Body(input): Body<SignCheck>,
) -> Result<Json<SheetOut>> {
    service::sign(&cx, id, stage_of(&stage)?, input).await.map(Json)
}

pub async fn stages_json(cx: Cx, Path(id): Path<Id>) -> Result<Json<Vec<StageOut>>> {
    service::stages(&cx, id).await.map(Json)
}

/// A signed check, as a sheet.
pub async fn sheet(cx: Cx, Path(id): Path<Id>) -> Result<Response> {
    let (held, sheet, template) = service::sheet(&cx, id).await?;
    let title = format!("{} {}", cx.t(sheet.stage.label()), held.unit.no);
    let main = views::sheet(&cx, &held, &sheet, template.as_ref());
    Ok(cx.sheet(&title, &format!("/workshop/units/{}", held.unit.id), main))
}

/// Check lists in use, and which kinds of work need them.
pub async fn setup(cx: Cx) -> Result<Response> {
    let templates = lists::templates(&cx).await?;
    let rules = lists::all_rules(&cx).await?;
    let mut conn = cx.read().await?;
    let kinds = order::work_kinds(&mut conn).await?;
    drop(conn);
    let main = views::setup_page(&cx, &templates, &rules, &kinds);
    cx.page(cx.t(T("检验模板", "Check lists")), main).await
}

async fn editing(cx: &Cx, input: &SaveTemplate, new: bool, errors: &FormErrors) -> Result<Response> {
    let main = views::template_form(cx, input, new, errors);
    if errors.is_empty() {
        cx.page(cx.t(T("检验模板", "Check lists")), main).await
    } else {
        Ok(cx.refused(main))
    }
}

/// The form of a list; `new`: an empty one.
pub async fn template_form(cx: Cx, Path(code): Path<String>) -> Result<Response> {
    if code == "new" {
        return editing(&cx, &SaveTemplate::default(), true, &FormErrors::default()).await;
    }
    let template =
        lists::templates(&cx).await?.into_iter().find(|t| t.code == code).ok_or(Error::NotFound)?;
    let input = SaveTemplate {
        code: template.code,
        name: template.name,
        name_en: template.name_en,
        points: Vec::new(),
        points_text: Some(rules::points_text(&template.points)),
    };
    editing(&cx, &input, false, &FormErrors::default()).await
}

pub async fn save_template(cx: Cx, Body(input): Body<SaveTemplate>) -> Result<Response> {
    match cx.form(lists::save_template(&cx, input.clone()).await)? {
        Ok(_) => Ok(cx.redirect("/workshop/checks")),
        Err(errors) => editing(&cx, &input, false, &errors).await,
    }
}

pub async fn save_template_json(cx: Cx, Body(input): Body<SaveTemplate>) -> Result<Json<TemplateOut>> {
    lists::save_template(&cx, input).await.map(Json)
}

pub async fn templates_json(cx: Cx) -> Result<Json<Vec<TemplateOut>>> {
    lists::templates(&cx).await.map(Json)
}

async fn rules_of(cx: &Cx, input: &SetRules, errors: &FormErrors) -> Result<Response> {
    let templates = lists::templates(cx).await?;
    let markup = views::rules_dialog(cx, input, &templates, errors);
    Ok(if errors.is_empty() { cx.fragment(markup) } else { cx.refused(markup) })
}

/// The dialog of the rules of a kind of work.
pub async fn rules_dialog(cx: Cx, Path(kind): Path<String>) -> Result<Response> {
    let all = lists::all_rules(&cx).await?;
    let of = |stage| {
        let rule = all.iter().find(|r| r.work_kind == kind && r.stage == stage && r.percent > 0);
        rule.map(|r| r.template.clone()).unwrap_or_default()
    };
    let percent = all.iter().find(|r| r.work_kind == kind && r.stage == Stage::Final).map(|r| r.percent);
    let input = SetRules {
        self_template: of(Stage::SelfCheck),
        team_template: of(Stage::Team),
        final_template: of(Stage::Final),
        final_percent: percent,
        as_usual: false,
        work_kind: kind,
    };
    rules_of(&cx, &input, &FormErrors::default()).await
}

pub async fn set_rules(cx: Cx, Body(input): Body<SetRules>) -> Result<Response> {
    match cx.form(lists::set_rules(&cx, input.clone()).await)? {
        Ok(_) => Ok(cx.redirect("/workshop/checks")),
        Err(errors) => rules_of(&cx, &input, &errors).await,
    }
}

pub async fn set_rules_json(cx: Cx, Body(input): Body<SetRules>) -> Result<Json<Vec<CheckRule>>> {
    lists::set_rules(&cx, input).await.map(Json)
}

pub async fn rules_json(cx: Cx) -> Result<Json<Vec<CheckRule>>> {
    lists::all_rules(&cx).await.map(Json)
}
