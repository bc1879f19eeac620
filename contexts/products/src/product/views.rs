//! Markup of product models.

use kernel::{Id, T};
use kit::{Cx, FormErrors, format};
use maud::{Markup, html};
use ui::{Btn, Col, Def, Detail, Field, Form, Row, Table, Tone};

use super::model::{ModelOut, NewModel};
use crate::{
    category::{self, model::CategoryRow},
    perms::{MODEL_WRITE, UNIT_READ},
};

fn or_none(text: &str) -> Markup {
    ui::or_none(Some(text).filter(|text| !text.is_empty()))
}

/// A model on one screen.
pub fn model_page(cx: &Cx, out: &ModelOut, category: &str, units: i64, side: Markup) -> Markup {
    let row = &out.model;
    let crumbs = [(cx.t(T("产品型号", "Models")), Some("/models")), (row.code.as_str(), None)];
    let facts = ui::dl(&[
        Def::new(cx.t(T("型号代码", "Code")), ui::mono(&row.code)),
        Def::new(cx.t(T("分类", "Category")), or_none(category)),
        Def::new(
            cx.t(T("在册设备", "Units on file")),
            ui::link(&format!("/units?filter=model_id~eq~{}", row.id), units),
        ),
        Def::new(cx.t(T("规格", "Specification")), or_none(&row.spec)).full(),
        Def::new(cx.t(T("备注", "Remarks")), or_none(&row.notes)).full(),
        Def::new(cx.t(T("更新", "Updated")), ui::num(format::time(cx, row.updated_at))),
    ]);
    let body = html! {
        (ui::section(cx.t(T("基本资料", "Basics")), html! {}, facts))
        (ui::section(cx.t(T("部件组", "Component groups")), html! {}, groups(cx, out)))
    };
    let actions = html! {
        @if cx.can(&UNIT_READ) { (Btn::link(cx.t(T("登记设备", "Register a unit")), format!("/units/new?model={}", row.id)).icon("plus")) }
        @if papers(cx) { (Btn::link(cx.t(T("客户资料", "For customers")), format!("/models/{}/papers", row.id)).icon("book")) }
        @if cx.can(&MODEL_WRITE) { (Btn::link(cx.t(T("修改", "Edit")), format!("/models/{}/edit", row.id)).icon("edit").primary()) }
    };
    let meta = html! { @if !row.active { (ui::tag(Tone::Neutral, cx.t(T("已停用", "Retired")))) } };
    ui::detail_view(
        cx.lang,
        &Detail { meta, actions, side: Some(side), ..Detail::new(&crumbs, &row.name, body) },
    )
}

/// What customers may read is chosen on a page of the context of the public pages.
fn papers(cx: &Cx) -> bool {
    cx.can(&MODEL_WRITE)
        && cx.app.registry.routes.iter().any(|r| r.method == "GET" && r.path == "/models/{id}/papers")
}

fn groups(cx: &Cx, out: &ModelOut) -> Markup {
    if out.groups.is_empty() {
        return ui::muted(
            cx.t(T("未分部件组：整机适用同一保修条件", "No groups: one warranty term for the whole product")),
        );
    }
    let cols = vec![Col::new(cx.t(T("代码", "Code"))).width("12rem"), Col::new(cx.t(T("名称", "Name")))];
    let rows = out
        .groups
        .iter()
        .map(|group| Row::new(group.id, &group.name, vec![ui::mono(&group.code), html! { (group.name) }]))
        .collect();
    ui::small_table(&Table::new(cx.t(T("部件组", "Component groups")), cols, rows).min_width("20rem"))
}

/// What the form of an existing model begins with.
pub fn input_of(out: &ModelOut) -> NewModel {
    let row = &out.model;
    let groups: Vec<String> =
        out.groups.iter().map(|group| format!("{} {}", group.code, group.name)).collect();
    NewModel {
        version: Some(row.version),
        code: Some(row.code.clone()),
        name: row.name.clone(),
        category_id: row.category_id,
        spec: Some(row.spec.clone()),
        notes: Some(row.notes.clone()),
        groups: Some(groups.join("\n")),
        retired: !row.active,
    }
}

/// The form for a new model (`id` none) or a change.
pub fn model_form(
    cx: &Cx,
    id: Option<Id>,
    input: &NewModel,
    categories: &[CategoryRow],
    errors: &FormErrors,
) -> Markup {
    let title =
        cx.t(if id.is_some() { T("修改型号", "Change model") } else { T("新建型号", "New model") });
    let (action, cancel) = match id {
        Some(id) => (format!("/models/{id}/edit"), format!("/models/{id}")),
        None => ("/models/new".to_string(), "/models".to_string()),
    };
    let fields = html! {
        (Field::text("name", cx.t(T("名称", "Name"))).value(&input.name).error(errors.of("name")).required().wide().autofocus())
        (Field::text("code", cx.t(T("型号代码", "Code"))).maybe(input.code.as_ref()).error(errors.of("code")).hint(cx.t(T("不填则同名称", "The name if left empty"))))
        (Field::select("category_id", cx.t(T("分类", "Category"))).blank(cx.t(T("（未分类）", "(none)"))).options(category::views::options(categories)).maybe(input.category_id))
        (Field::area("spec", cx.t(T("规格", "Specification")), 2).maybe(input.spec.as_ref()).error(errors.of("spec")).full())
        (Field::area("groups", cx.t(T("部件组", "Component groups")), 4).maybe(input.groups.as_ref()).error(errors.of("groups")).full()
            .hint(cx.t(T("每行一个“代码 名称”，如 main 主机；保修可按部件组设定", "One \"code name\" a line, such as main Compressor; warranty may differ by group"))))
        (Field::area("notes", cx.t(T("备注", "Remarks")), 2).maybe(input.notes.as_ref()).error(errors.of("notes")).full())
        (Field::switch("retired", cx.t(T("停用", "Retired"))).checked(input.retired))
    };
    let body = html! {
        (errors.summary(cx.lang))
        @if let Some(version) = input.version { (ui::hidden("version", version)) }
        (ui::fieldset("", "", fields))
        (ui::form_actions(cx.lang, cx.t(T("保存", "Save")), Some(&cancel)))
    };
    let crumbs = [(cx.t(T("产品型号", "Models")), Some("/models")), (title, None)];
    ui::form_page(cx.lang, &crumbs, title, "", Form::post(action, cx.form_key()).body(body), None)
}
