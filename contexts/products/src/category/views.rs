//! Markup of the product tree.

use kernel::{Id, T};
use kit::{Cx, FormErrors};
use maud::{Markup, html};
use ui::{Btn, Col, Field, Form, Row, Table, Tone};

use super::{
    model::{CategoryRow, NewCategory},
    rules,
};
use crate::perms::MODEL_WRITE;

/// Branches for a choice, indented by depth.
pub fn options(rows: &[CategoryRow]) -> Vec<(String, String)> {
    rules::ordered(rows)
        .into_iter()
        .map(|(depth, row)| (row.id.to_string(), format!("{}{}", "　".repeat(depth), row.name)))
        .collect()
}

/// Branches in use whose name holds what was typed, or begins with it as pinyin initials.
pub fn suggested(rows: &[CategoryRow], typed: &str) -> Vec<ui::Suggestion> {
    let typed = kernel::fold(typed.trim());
    let fits = |row: &CategoryRow| {
        kernel::fold(&row.name).contains(&typed) || kernel::pinyin_initials(&row.name).starts_with(&typed)
    };
    let above = |row: &CategoryRow| {
        rows.iter().find(|other| Some(other.id) == row.parent_id).map_or("", |other| other.name.as_str())
    };
    let found =
        rules::ordered(rows).into_iter().map(|(_, row)| row).filter(|row| row.active && fits(row)).take(20);
    found
        .map(|row| ui::Suggestion {
            id: row.id.to_string(),
            text: row.name.clone(),
            hint: above(row).to_string(),
        })
        .collect()
}

/// The tree with its buttons.
pub fn tree_page(cx: &Cx, rows: &[CategoryRow]) -> Markup {
    let title = cx.t(T("产品分类", "Product tree"));
    let write = cx.can(&MODEL_WRITE);
    let cols = vec![Col::new(cx.t(T("分类", "Branch"))), Col::new(cx.t(T("状态", "State"))).width("8rem")];
    let lines = rules::ordered(rows)
        .into_iter()
        .map(|(depth, row)| {
            let models = Btn::link(cx.t(T("型号", "Models")), format!("/models?filter=category_id~eq~{}", row.id)).ghost().sm();
            let state = if row.active { ui::tag(Tone::Green, cx.t(T("启用", "In use"))) } else { ui::tag(Tone::Neutral, cx.t(T("停用", "Retired"))) };
            let buttons = html! {
                (models)
                @if write {
                    (Btn::icon_only("plus", cx.t(T("添加下级", "Add below"))).ghost().sm().modal(format!("/categories/new?parent={}", row.id)))
                    (Btn::icon_only("edit", cx.t(T("修改", "Edit"))).ghost().sm().modal(format!("/categories/{}/edit", row.id)))
                }
            };
            let name = html! { ("　".repeat(depth)) @if depth > 0 { (ui::muted("└ ")) } (row.name) };
            Row::new(row.id, &row.name, vec![name, state]).actions(buttons).faded(!row.active)
        })
        .collect();
    let add = write
        .then(|| Btn::new(cx.t(T("新建分类", "New branch"))).icon("plus").primary().modal("/categories/new"));
    let none = ui::empty(
        "sitemap",
        cx.t(T("还没有分类", "No branches yet")),
        cx.t(T(
            "分类用于型号查找、保修与价格规则。",
            "Branches serve to find models and to hang warranty and prices on.",
        )),
        None,
    );
    let body = if rows.is_empty() { none } else { ui::small_table(&Table::new(title, cols, lines)) };
    ui::plain_view(title, html! { @if let Some(add) = add { (add) } }, body)
}

/// The dialog for a new branch (`id` none) or a change.
pub fn category_form(
    cx: &Cx,
    id: Option<Id>,
    input: &NewCategory,
    rows: &[CategoryRow],
    errors: &FormErrors,
) -> Markup {
    let title =
        cx.t(if id.is_some() { T("修改分类", "Change branch") } else { T("新建分类", "New branch") });
    let action = id.map_or_else(|| "/categories".to_string(), |id| format!("/categories/{id}/edit"));
    let body = html! {
        (errors.summary(cx.lang))
        @if let Some(version) = input.version { (ui::hidden("version", version)) }
        (ui::fields(html! {
            (Field::text("name", cx.t(T("名称", "Name"))).value(&input.name).error(errors.of("name")).required().autofocus())
            (Field::select("parent_id", cx.t(T("上级", "Above"))).blank(cx.t(T("（顶级）", "(root)"))).options(options(rows)).maybe(input.parent_id).error(errors.of("parent_id")))
            (Field::number("sort", cx.t(T("次序", "Order"))).maybe(input.sort))
            (Field::switch("retired", cx.t(T("停用", "Retired"))).checked(input.retired))
        }))
    };
    ui::modal_form(cx.lang, title, Form::post(action, cx.form_key()), cx.t(T("保存", "Save")), body)
}
