//! Which orders work by which process: page and API.

use axum::{Json, response::Response};
use kernel::{Id, T};
use kit::extract::Query;
use kit::{Body, Cx, FormErrors, Result, format};
use serde::Deserialize;
use ui::{Btn, Col, Field, Form, Markup, Row, Table, html};

use super::{
    model::{ProcessRule, ProcessSet, Processes, SetProcesses},
    rules, service,
};
use pricing::api::{KIND_WRITE, WorkKind};

use crate::order::model::Mode;

/// Rules that one form holds beyond those there are.
const FREE: usize = 3;
const TITLE: T = T("工单流程", "Processes of orders");

pub async fn list(cx: Cx) -> Result<Json<Processes>> {
    service::list(&cx).await.map(Json)
}

pub async fn save(cx: Cx, Body(input): Body<SetProcesses>) -> Result<Json<Processes>> {
    service::save(&cx, input).await.map(Json)
}

/// What names stand for codes.
struct Names {
    orgs: Vec<(Id, String)>,
    kinds: Vec<WorkKind>,
    templates: Vec<(String, String)>,
}

async fn names(cx: &Cx) -> Result<Names> {
    let templates = service::choices(cx, cx.now()).await?;
    let mut conn = cx.read().await?;
    let orgs = org::api::orgs(&mut conn, &cx.scope(&KIND_WRITE)?).await?;
    let kinds = pricing::api::work_kinds(&mut conn).await?;
    cx.count(&conn);
    Ok(Names { orgs: orgs.into_iter().map(|o| (o.id, o.name)).collect(), kinds, templates })
}

pub async fn page(cx: Cx) -> Result<Response> {
    let sets = rules::in_force(service::list(&cx).await?.items, cx.now());
    let names = names(&cx).await?;
    let title = cx.t(TITLE);
    let add = Btn::new(cx.t(T("设置", "Set"))).primary().icon("plus").modal("/order-processes/edit");
    let body = html! {
        (ui::muted(cx.t(T(
            "按工种和方式为新工单选定流程模板；范围最窄的规则优先，没有规则的工单按固定步骤办理。已开的工单继续用原来的流程与版本。",
            "New orders work by the template chosen for their kind and mode; the narrowest rule wins, orders without a rule follow the fixed steps. Running orders keep their process and its version.",
        ))))
        (table(&cx, &sets, &names))
    };
    cx.page(title, ui::plain_view(title, html! { (add) }, body)).await
}

fn table(cx: &Cx, sets: &[ProcessSet], names: &Names) -> Markup {
    let cols = [T("组织", "Organisation"), T("生效时间", "From"), T("规则", "Rules")];
    let all = cx.t(T("全部组织", "All organisations"));
    let rows = sets.iter().enumerate().map(|(index, set)| {
        let org = set.org_id.map_or(all, |id| {
            names.orgs.iter().find(|(org, _)| *org == id).map_or("—", |(_, name)| name.as_str())
        });
        let rules: Vec<String> = set.rules.iter().map(|rule| words(cx, rule, names)).collect();
        let told = if rules.is_empty() {
            cx.t(T("固定步骤", "The fixed steps")).to_string()
        } else {
            rules.join("\n")
        };
        let href = match set.org_id {
            Some(id) => format!("/order-processes/edit?org_id={id}"),
            None => "/order-processes/edit".to_string(),
        };
        let edit = Btn::icon_only("edit", cx.t(T("修改", "Change"))).sm().modal(href);
        let cells = vec![html! { (org) }, ui::num(format::full_time(cx, set.valid_from)), ui::prose(&told)];
        Row::new(index, org, cells).actions(html! { (edit) })
    });
    let empty = ui::empty(
        "clipboard-list",
        cx.t(T("所有工单按固定步骤办理", "All orders follow the fixed steps")),
        "",
        None,
    );
    ui::small_table(
        &Table::new(cx.t(TITLE), cols.map(|c| Col::new(cx.t(c))).to_vec(), rows.collect()).empty(empty),
    )
}

fn words(cx: &Cx, rule: &ProcessRule, names: &Names) -> String {
    let any = cx.t(T("全部", "all"));
    let kind = names.kinds.iter().find(|k| k.code == rule.kind).map_or(any, |k| k.label(cx.lang));
    let mode = Mode::parse(&rule.mode).map_or(any, |mode| cx.t(mode.label()));
    let template = names.templates.iter().find(|(code, _)| *code == rule.template);
    let none = cx.t(T("固定步骤", "the fixed steps"));
    let template = template.map_or(if rule.template.is_empty() { none } else { &rule.template }, |(_, n)| n);
    format!("{kind} · {mode} → {template}")
}

/// Whose rules.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct WhoseQuery {
    org_id: Option<Id>,
}

pub async fn form(cx: Cx, Query(query): Query<WhoseQuery>) -> Result<Response> {
    let sets = service::list(&cx).await?.items;
    let mut input = SetProcesses { org_id: query.org_id, ..SetProcesses::default() };
    if let Some(set) = sets.into_iter().find(|set| set.org_id == query.org_id) {
        input.rules = set.rules;
    }
    let names = names(&cx).await?;
    Ok(cx.fragment(dialog(&cx, &input, &names, &FormErrors::default())))
}

pub async fn save_form(cx: Cx, Body(input): Body<SetProcesses>) -> Result<Response> {
    match cx.form(service::save(&cx, input.clone()).await)? {
        Ok(_) => Ok(cx.redirect("/order-processes")),
        Err(errors) => {
            let names = names(&cx).await?;
            Ok(cx.refused(dialog(&cx, &input, &names, &errors)))
        }
    }
}

fn dialog(cx: &Cx, input: &SetProcesses, names: &Names, errors: &FormErrors) -> Markup {
    let any = cx.t(T("全部", "All"));
    let blank = ProcessRule::default();
    let rules = input.rules.iter().chain(std::iter::repeat_n(&blank, FREE));
    ui::modal_form(
        cx.lang,
        cx.t(TITLE),
        Form::post("/order-processes", cx.form_key()),
        cx.t(T("保存", "Save")),
        html! {
            (errors.summary(cx.lang))
            (ui::fields(html! {
                (Field::select("org_id", cx.t(T("组织", "Organisation"))).blank(cx.t(T("全部组织", "All organisations")))
                    .options(names.orgs.iter().map(|(id, name)| (id.to_string(), name.clone())))
                    .maybe(input.org_id.map(|id| id.to_string())))
                (Field::datetime("valid_from", cx.t(T("生效时间，空为立即", "From; now unless given"))).error(errors.of("valid_from")))
                @for (index, rule) in rules.enumerate() {
                    @let at = |name: &str| format!("rules.{index}.{name}");
                    (Field::select(&at("kind"), cx.t(T("工种", "Kind of work"))).blank(any)
                        .options(names.kinds.iter().filter(|k| k.active).map(|k| (k.code.clone(), k.label(cx.lang).to_string())))
                        .value(&rule.kind).error(errors.of(&at("kind"))))
                    (Field::select(&at("mode"), cx.t(T("方式", "Mode"))).blank(any)
                        .options(Mode::OPTIONS.iter().map(|(code, label)| (*code, cx.t(*label))))
                        .value(&rule.mode).error(errors.of(&at("mode"))))
                    (Field::select(&at("template"), cx.t(T("流程模板", "Process"))).blank(cx.t(T("固定步骤", "The fixed steps")))
                        .options(names.templates.iter().map(|(code, name)| (code.clone(), name.clone())))
                        .value(&rule.template).error(errors.of(&at("template"))).full())
                }
            }))
        },
    )
}
