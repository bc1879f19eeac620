//! The page of customer classes.

use axum::response::Response;
use kernel::T;
use kit::{Body, Cx, FormErrors, Result};
use maud::{Markup, html};
use ui::{Btn, Card, Col, Field, Form, Row, Table, Tone};

use super::{model::ClassRow, service};
use crate::perms::CLASS_WRITE;

pub async fn classes(cx: Cx) -> Result<Response> {
    let rows = service::list_classes(&cx).await?;
    cx.page(cx.t(T("客户类别", "Customer classes")), view(&cx, &rows, &FormErrors::default())).await
}

pub async fn save(cx: Cx, Body(input): Body<ClassRow>) -> Result<Response> {
    match cx.form(service::save_class(&cx, input).await)? {
        Ok(_) => Ok(cx.redirect("/customer-classes")),
        Err(errors) => Ok(cx.refused(view(&cx, &service::list_classes(&cx).await?, &errors))),
    }
}

fn view(cx: &Cx, rows: &[ClassRow], errors: &FormErrors) -> Markup {
    let heads = [
        T("中文", "Chinese"),
        T("英文", "English"),
        T("代码", "Code"),
        T("次序", "Order"),
        T("状态", "State"),
    ];
    let mut cols: Vec<Col> = heads.iter().map(|head| Col::new(cx.t(*head))).collect();
    cols[0].card = Card::Title;
    let lines = rows
        .iter()
        .map(|row| {
            let state = if row.active {
                ui::tag(Tone::Green, cx.t(T("启用", "In use")))
            } else {
                ui::tag(Tone::Neutral, cx.t(T("停用", "Retired")))
            };
            let cells =
                vec![html! { (row.zh) }, html! { (row.en) }, ui::muted(&row.code), ui::num(row.sort), state];
            Row::new(&row.code, &row.zh, cells).faded(!row.active)
        })
        .collect();
    let title = cx.t(T("客户类别", "Customer classes"));
    let body = html! {
        (ui::small_table(&Table::new(title, cols, lines)))
        @if cx.can(&CLASS_WRITE) {
            (Form::post("/customer-classes", cx.form_key()).body(html! {
                (errors.summary(cx.lang))
                (ui::fieldset(cx.t(T("新增或修改", "Add or change")), cx.t(T("代码相同即修改", "The same code changes it")), html! {
                    (Field::text("code", cx.t(T("代码", "Code"))).required().error(errors.of("code")))
                    (Field::text("zh", cx.t(T("中文名称", "Chinese name"))).required())
                    (Field::text("en", cx.t(T("英文名称", "English name"))).required())
                    (Field::number("sort", cx.t(T("次序", "Order"))).value(rows.len() + 1))
                    (Field::switch("active", cx.t(T("启用", "In use"))).checked(true))
                }))
                (ui::form_buttons(&[Btn::submit(cx.t(T("保存", "Save")))]))
            }))
        }
    };
    ui::plain_view(title, html! {}, body)
}
