//! Markup.

use kernel::{Lang, T};
use kit::{
    Cx, FormErrors, format,
    personal::{Copy, Held, HeldColumn, Unsure},
};
use maud::{Markup, html};
use ui::{Btn, Col, Def, Field, Form, Render, Row, Table};

use super::model::Erase;
use crate::{
    customer::model::{CustomerRow, FileState},
    perms::PERSONAL_ERASE,
};

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

/// What is merged is erased with the file that it went into, and what is erased is so for good.
fn erasable(row: &CustomerRow) -> bool {
    matches!(row.state, FileState::Active | FileState::Archived)
}

/// What is held, table by table.
pub fn page(cx: &Cx, row: &CustomerRow, copy: &Copy) -> Markup {
    let crumbs = crumbs(cx, row, cx.t(TITLE));
    let crumbs: Vec<(&str, Option<&str>)> =
        crumbs.iter().map(|(text, href)| (text.as_str(), href.as_deref())).collect();
    let actions = html! {
        @if erasable(row) && cx.can(&PERSONAL_ERASE) { (Btn::link(cx.t(ERASE), format!("/customers/{}/erase", row.id)).icon("eraser")) }
        (Btn::link(cx.t(T("下载副本", "Download the copy")), format!("/customers/{}/personal.json", row.id)).icon("download").primary())
    };
    let files: Vec<(String, String, Option<String>, String)> = copy
        .files
        .iter()
        .map(|file| (file.name.clone(), format!("/files/{}", file.id), None, format::time(cx, file.at)))
        .collect();
    let body = html! {
        (ui::alert(ui::Tone::Blue, cx.t(T("本页与下载均会留痕；内容不遮盖，只交给本人或其授权的人。", "This page and the download are recorded. Nothing is masked: it is for the person, or whom the person sends."))))
        @if !copy.unsure.is_empty() { (unsure(cx, &copy.unsure)) }
        @for held in &copy.held { (ui::section(&format!("{} ({})", held.label, held.rows.len()), html! {}, rows(held))) }
        @if !files.is_empty() { (ui::section(&format!("{} ({})", cx.t(T("文件", "Files")), files.len()), html! {}, ui::attachments(&files))) }
        (ui::muted(cx.t(REACHED)))
    };
    let detail = ui::Detail { actions, ..ui::Detail::new(&crumbs, cx.t(TITLE), body) };
    ui::detail_view(cx.lang, &detail)
}

/// What a copy and an erasure reach, and what they can't.
const REACHED: T = T(
    "除关联到该客户的单据外，未关联的来电、受理单与流程单按电话号码（本人及联系人，号码须只属于该客户）找到；只写了姓名、没有电话的，请用搜索核对。保密单据只给有权知悉的人列出，匿名化时一并处理。",
    "Beside what is put to the customer, calls, requests and process documents that are put to nobody are found by the telephone number (the customer's own and the contacts', if no other customer has it). What has only a name and no number in it is not found: please search for it. Confidential documents are listed to those only who may know of them; erasure reaches them.",
);

/// What somebody has to look at.
fn unsure(cx: &Cx, found: &[Unsure]) -> Markup {
    let text = cx.t(T(
        "以下单据上的电话同时属于其他客户，不能确定是谁的，既不在副本中，也不会被匿名化。请核对：重复的档案先合并；确属本人的，在单据上另行处理。",
        "The telephone number in these documents is another customer's too. Whose they are is not certain: they are neither in the copy nor erased. Please look: merge files that are one person's; deal with what is this person's on the document itself.",
    ));
    let docs = &cx.app.registry.docs;
    ui::alert(
        ui::Tone::Amber,
        html! {
            (text) " "
            @for (index, unsure) in found.iter().enumerate() {
                @if index > 0 { (if cx.lang == Lang::En { ", " } else { "、" }) }
                @match docs.get(unsure.kind.as_str()) {
                    Some(doc) if !unsure.no.is_empty() => (ui::link(&doc.href.replace("{id}", &unsure.id.to_string()), &unsure.no)),
                    Some(doc) => (ui::link(&doc.href.replace("{id}", &unsure.id.to_string()), cx.t(doc.label))),
                    None => (unsure.no),
                }
            }
        },
    )
}

/// Most columns of a table; rows of more are shown one below the other.
const MOST_COLUMNS: usize = 6;

fn rows(held: &Held) -> Markup {
    // What is empty everywhere would only make the others narrow; the download has every column.
    let told =
        |index: usize| held.texts.iter().any(|row| row.get(index).is_some_and(|text| !text.is_empty()));
    let columns: Vec<(usize, &HeldColumn)> =
        held.columns.iter().enumerate().filter(|(index, _)| told(*index)).collect();
    let text = |row: &[String], index: usize| row.get(index).cloned().unwrap_or_default();
    if columns.len() > MOST_COLUMNS {
        let facts = |row: &Vec<String>| {
            let told = columns.iter().map(|(index, column)| (column, text(row, *index)));
            let told = told.filter(|(_, text)| !text.is_empty());
            ui::dl(&told.map(|(column, text)| fact(&column.label, &text)).collect::<Vec<_>>())
        };
        return ui::stack(&held.texts.iter().map(|row| ui::side_card(facts(row))).collect::<Vec<_>>());
    }
    let cols = columns.iter().map(|(_, column)| {
        let col = Col::new(column.label.as_str());
        if column.figures { col.right() } else { col }
    });
    let lines = held.texts.iter().enumerate().map(|(line, row)| {
        let cells = columns.iter().map(|(index, _)| {
            let text = text(row, *index);
            ui::or_none(Some(text.as_str()).filter(|text| !text.is_empty()))
        });
        Row::new(line, &held.label, cells.collect())
    });
    // Wide tables scroll within themselves rather than break words.
    let width = format!("{}rem", columns.len() * 7);
    ui::small_table(&Table::new(&held.label, cols.collect(), lines.collect()).min_width(width))
}

/// Longest text that stands in one of several columns, characters.
const SHORT: usize = 40;

fn fact(label: &str, text: &str) -> Def {
    let fact = Def::new(label, html! { (text) });
    if text.chars().count() > SHORT { fact.full() } else { fact }
}

/// The form of the erasure.
pub fn form(cx: &Cx, row: &CustomerRow, input: &Erase, errors: &FormErrors) -> Markup {
    let crumbs = crumbs(cx, row, cx.t(ERASE));
    let crumbs: Vec<(&str, Option<&str>)> =
        crumbs.iter().map(|(text, href)| (text.as_str(), href.as_deref())).collect();
    let back = format!("/customers/{}", row.id);
    let body = html! {
        (errors.summary(cx.lang))
        (ui::kv(&[(cx.t(T("客户", "Customer")), html! { (ui::strong(cx.mask(kit::Sens::Name, &row.name))) " " (row.no) })]))
        (ui::fields(html! {
            (Field::area("reason", cx.t(T("依据", "Grounds")), 2).value(&input.reason).required().full().error(errors.of("reason"))
                .hint(cx.t(T("如：本人 2026-11-20 来函要求删除", "For example: asked for by letter of 2026-11-20"))))
            (Field::text("no", cx.t(T("再次输入档案编号", "Type the number of the file again"))).value(&input.no).placeholder(&row.no).required().error(errors.of("no")))
        }))
        (ui::form_buttons(&[
            Btn::submit(cx.t(ERASE)).danger().icon("eraser"),
            Btn::link(cx.t(T("取消", "Cancel")), &back),
        ]))
    };
    let intro = cx.t(T(
        "姓名、电话、地址、联系人、备注、留言、录音、签名与照片将被清除，不能恢复；工单、金额与库存保留。有未办结的工单、受理单或流程单，或未过法定保存期的，不能匿名化。",
        "Names, numbers, addresses, contacts, remarks, messages, recordings, signatures and pictures go for good; orders, money and stock stay. Not while orders, requests or documents are open, or must be kept by law.",
    ));
    let form = Form::post(format!("/customers/{}/erase", row.id), cx.form_key()).body(body);
    ui::form_page(cx.lang, &crumbs, cx.t(ERASE), intro, form.render(), None)
}
