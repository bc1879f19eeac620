//! Markup.

use kernel::T;
use kit::{
    Cx, FormErrors, format,
    personal::{Copy, Held},
};
use maud::{Markup, html};
use ui::{Btn, Col, Field, Form, Render, Row, Table};

use super::model::Erase;
use crate::{customer::model::CustomerRow, perms::PERSONAL_ERASE};

/// Of the page.
pub const TITLE: T = T("个人信息", "Personal data");
/// Of the form.
pub const ERASE: T = T("匿名化", "Make anonymous");

fn crumbs(cx: &Cx, row: &CustomerRow, last: &'static str) -> [(String, Option<String>); 3] {
    [
        (cx.t(T("客户", "Customers")).to_string(), Some("/customers".to_string())),
        (row.no.clone(), Some(format!("/customers/{}", row.id))),
        (last.to_string(), None),
    ]
}

/// What is held, table by table.
pub fn page(cx: &Cx, row: &CustomerRow, copy: &Copy) -> Markup {
    let crumbs = crumbs(cx, row, cx.t(TITLE));
    let crumbs: Vec<(&str, Option<&str>)> =
        crumbs.iter().map(|(text, href)| (text.as_str(), href.as_deref())).collect();
    let actions = html! {
        @if cx.can(&PERSONAL_ERASE) { (Btn::link(cx.t(ERASE), format!("/customers/{}/erase", row.id)).icon("eraser")) }
        (Btn::link(cx.t(T("下载副本", "Download the copy")), format!("/customers/{}/personal.json", row.id)).icon("download").primary())
    };
    let files: Vec<(String, String, Option<String>, String)> = copy
        .files
        .iter()
        .map(|file| (file.name.clone(), format!("/files/{}", file.id), None, format::time(cx, file.at)))
        .collect();
    let body = html! {
        (ui::alert(ui::Tone::Blue, cx.t(T("本页与下载均会留痕；内容不遮盖，只交给本人或其授权的人。", "This page and the download are recorded. Nothing is masked: it is for the person, or whom the person sends."))))
        @for held in &copy.held { (ui::section(&format!("{} ({})", held.label, held.rows.len()), html! {}, rows(held))) }
        @if !files.is_empty() { (ui::section(&format!("{} ({})", cx.t(T("文件", "Files")), files.len()), html! {}, ui::attachments(&files))) }
    };
    let detail = ui::Detail { actions, ..ui::Detail::new(&crumbs, cx.t(TITLE), body) };
    ui::detail_view(cx.lang, &detail)
}

fn rows(held: &Held) -> Markup {
    // What is empty everywhere would only make the others narrow; the download has every column.
    let told = |column: &String| {
        held.rows.iter().any(|row| row.get(column).is_some_and(|v| !v.is_null() && v.as_str() != Some("")))
    };
    let columns: Vec<&String> =
        held.rows.first().map(|row| row.keys().filter(|column| told(column)).collect()).unwrap_or_default();
    let cols = columns.iter().map(|column| Col::new(column.as_str())).collect();
    let lines = held
        .rows
        .iter()
        .enumerate()
        .map(|(index, row)| {
            let cells = columns.iter().map(|column| {
                let value = row.get(*column).unwrap_or(&serde_json::Value::Null);
                let text = value.as_str().map_or_else(
                    || if value.is_null() { String::new() } else { value.to_string() },
                    str::to_string,
                );
                ui::or_none(Some(text.as_str()).filter(|text| !text.is_empty()))
            });
            Row::new(index, &held.label, cells.collect())
        })
        .collect();
    // Wide tables scroll within themselves rather than break words.
    let width = format!("{}rem", columns.len() * 9);
    ui::small_table(&Table::new(&held.label, cols, lines).min_width(width))
}

/// The form of the erasure.
pub fn form(cx: &Cx, row: &CustomerRow, input: &Erase, errors: &FormErrors) -> Markup {
    let crumbs = crumbs(cx, row, cx.t(ERASE));
    let crumbs: Vec<(&str, Option<&str>)> =
        crumbs.iter().map(|(text, href)| (text.as_str(), href.as_deref())).collect();
    let back = format!("/customers/{}", row.id);
    let body = html! {
        (errors.summary(cx.lang))
        (ui::fields(html! {
            (Field::area("reason", cx.t(T("依据", "Grounds")), 2).value(&input.reason).required().full().error(errors.of("reason"))
                .hint(cx.t(T("如：本人 2026-11-20 来函要求删除", "For example: asked for by letter of 2026-11-20"))))
            (Field::text("no", cx.t(T("再次输入档案编号", "Type the number of the file again"))).value(&input.no).placeholder(&row.no).required().error(errors.of("no")))
        }))
        (ui::form_actions(cx.lang, cx.t(ERASE), Some(&back)))
    };
    let intro = cx.t(T(
        "姓名、电话、地址、联系人、备注、留言、录音、签名与照片将被清除，不能恢复；工单、金额与库存保留。有未完工单或未过法定保存期的，不能匿名化。",
        "Names, numbers, addresses, contacts, remarks, messages, recordings, signatures and pictures go for good; orders, money and stock stay. Not while orders are open or must be kept by law.",
    ));
    let form = Form::post(format!("/customers/{}/erase", row.id), cx.form_key()).body(body);
    ui::form_page(cx.lang, &crumbs, cx.t(ERASE), intro, form.render(), None)
}
