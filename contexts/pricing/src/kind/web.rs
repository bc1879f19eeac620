//! Kinds of work: page and API.

use axum::{Json, response::Response};
use kernel::T;
use kit::extract::Path;
use kit::{Body, Cx, FormErrors, Result};
use ui::{Btn, Col, Field, Form, Markup, Row, Table, Tone, html};

use super::{
    model::{Grouping, KindsOut, WorkKind, WorkKindInput},
    service,
};

pub async fn list(cx: Cx) -> Result<Json<KindsOut>> {
    service::list(&cx).await.map(Json)
}

pub async fn save(
    cx: Cx,
    Path(code): Path<String>,
    Body(input): Body<WorkKindInput>,
) -> Result<Json<WorkKind>> {
    service::save(&cx, &code, input).await.map(Json)
}

pub async fn page(cx: Cx) -> Result<Response> {
    let kinds = service::list(&cx).await?.items;
    let title = cx.t(T("服务工种", "Kinds of work"));
    cx.page(title, ui::plain_view(title, html! {}, table(&cx, &kinds))).await
}

pub async fn form(cx: Cx, Path(code): Path<String>) -> Result<Response> {
    let kinds = service::list(&cx).await?.items;
    let kind = kinds.into_iter().find(|k| k.code == code).ok_or(kit::Error::NotFound)?;
    let input = WorkKindInput {
        name: kind.name,
        name_en: Some(kind.name_en),
        grouping: kind.grouping,
        level: kind.level,
        repair: kind.repair,
        active: kind.active,
        place: kind.place,
    };
    let title = cx.t(T("修改服务工种", "Change a kind of work"));
    Ok(cx.fragment(kind_form(&cx, title, &code, &input, &FormErrors::default())))
}

pub async fn save_form(
    cx: Cx,
    Path(code): Path<String>,
    Body(input): Body<WorkKindInput>,
) -> Result<Response> {
    match cx.form(service::save(&cx, &code, input.clone()).await)? {
        Ok(_) => Ok(cx.redirect("/work-kinds")),
        Err(errors) => {
            let title = cx.t(T("修改服务工种", "Change a kind of work"));
            Ok(cx.refused(kind_form(&cx, title, &code, &input, &errors)))
        }
    }
}

fn table(cx: &Cx, kinds: &[WorkKind]) -> Markup {
    let cols = [
        T("代码", "Code"),
        T("名称", "Name"),
        T("计价与提成分组", "Price and commission group"),
        T("状态", "State"),
    ];
    let rows = kinds
        .iter()
        .map(|kind| {
            let state = if kind.active {
                ui::tag(Tone::Green, cx.t(T("启用", "Active")))
            } else {
                ui::tag(Tone::Neutral, cx.t(T("停用", "Retired")))
            };
            let edit = Btn::icon_only("edit", cx.t(T("修改", "Change")))
                .sm()
                .modal(format!("/work-kinds/{}/edit", kind.code));
            let cells = vec![
                ui::mono(&kind.code),
                html! { (kind.label(cx.lang)) },
                html! { (cx.t(kind.grouping.label())) },
                state,
            ];
            Row::new(&kind.code, kind.label(cx.lang), cells).actions(html! { (edit) })
        })
        .collect();
    ui::small_table(&Table::new(
        cx.t(T("服务工种", "Kinds of work")),
        cols.map(|c| Col::new(cx.t(c))).to_vec(),
        rows,
    ))
}

fn kind_form(cx: &Cx, title: &str, code: &str, input: &WorkKindInput, errors: &FormErrors) -> Markup {
    let form = Form::post(format!("/work-kinds/{code}"), cx.form_key());
    let groups = Grouping::OPTIONS.iter().map(|(code, label)| (*code, cx.t(*label)));
    ui::modal_form(
        cx.lang,
        title,
        form,
        cx.t(T("保存", "Save")),
        html! {
            (errors.summary(cx.lang))
            (ui::fields(html! {
                (Field::text("name", cx.t(T("名称", "Chinese name"))).required().value(&input.name).error(errors.of("name")))
                (Field::text("name_en", cx.t(T("英文名称", "English name"))).maybe(input.name_en.as_ref()))
                (Field::select("grouping", cx.t(T("计价与提成分组", "Price and commission group"))).options(groups).value(input.grouping.as_str()))
                (Field::number("level", cx.t(T("级别（1 小 2 中 3 大）", "Size (1 minor … 3 major)"))).value(input.level).error(errors.of("level")))
                (Field::number("place", cx.t(T("排序", "Order"))).value(input.place))
                (Field::check("repair", cx.t(T("属于维修（需根本原因）", "A repair (root cause needed)"))).checked(input.repair))
                (Field::check("active", cx.t(T("启用", "Active"))).checked(input.active))
            }))
        },
    )
}
