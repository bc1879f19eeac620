//! Printed forms of a document (DOC-14): fields, check lists, surveys with room for answers, boxes to sign.

use kernel::T;
use kit::{Cx, format};
use maud::{Markup, html};
use process::{
    EvidenceKind, Named, Print,
    access::{self, find},
};

use super::{forms, views::Page};

/// All copies of a layout, or one of them.
pub fn sheets(cx: &Cx, page: &Page, layout: &Print, copy: &str) -> Markup {
    let cx = &cx.clock_of(page.row.org_id);
    let all: Vec<&str> = layout.copies.iter().map(String::as_str).collect();
    let copies: Vec<&str> = if all.is_empty() { vec![""] } else { all };
    html! {
        @for name in copies.into_iter().filter(|name| copy.is_empty() || access::halves(name).0 == copy || *name == copy) {
            (sheet(cx, page, layout, name))
        }
    }
}

fn sheet(cx: &Cx, page: &Page, layout: &Print, copy: &str) -> Markup {
    let company = cx.app.config.company.as_str();
    let keys: Vec<&str> = if layout.fields.is_empty() {
        page.template.fields.iter().map(|f| f.key.as_str()).collect()
    } else {
        layout.fields.iter().map(String::as_str).collect()
    };
    let facts = facts(cx, page, &keys);
    html! {
        (ui::print_head(company, layout.label(cx.lang), &page.row.no, access::said(copy, cx.lang), None))
        (ui::print_facts(&[
            (cx.t(T("步骤", "Step")), html! { (page.step_name(cx)) }, 1),
            (cx.t(T("开单时间", "Opened")), html! { (format::full_time(cx, page.row.created_at)) }, 1),
            (cx.t(T("关联单据", "For")), html! { (page.row.subject_no) }, 1),
        ]))
        (ui::print_facts(&facts))
        @for list in layout.checklists.iter().filter_map(|key| find(&page.template.checklists, key)) {
            (checks(cx, page, list))
        }
        @for survey in layout.surveys.iter().filter_map(|key| find(&page.template.surveys, key)) {
            (answers(cx, page, survey))
        }
        @if !layout.text.is_empty() { (ui::print_text(cx.t(T("说明", "Terms")), process::effects::fill(&page.template, &layout.text, &page.state, "", cx.lang))) }
        @if !layout.sign.is_empty() { (signatures(cx, page, layout)) }
    }
}

/// Fields as the caller sees them, each with the columns it takes.
pub fn facts<'a>(cx: &Cx, page: &'a Page, keys: &[&str]) -> Vec<(&'a str, Markup, u8)> {
    let names = page.names();
    let fact = |field: &'a process::Field| {
        let text = forms::read(cx, field, page.state.fields.get(&field.key), &names);
        let wide = if matches!(field.kind, process::FieldType::Area) { 3 } else { 1 };
        (field.label(cx.lang), html! { (text) }, wide)
    };
    keys.iter().filter_map(|key| page.template.field(key)).map(fact).collect()
}

fn checks(cx: &Cx, page: &Page, list: &process::Checklist) -> Markup {
    let marks = page.state.checks.get(&list.key);
    let rows: Vec<Vec<Markup>> = list
        .items
        .iter()
        .enumerate()
        .map(|(index, item)| {
            let mark = marks.and_then(|m| m.get(&(index + 1).to_string()));
            let result = match mark.map(|m| m.result.as_str()) {
                Some("ok") => "√",
                Some("failed") => "×",
                Some("none") => "—",
                _ => "",
            };
            vec![
                html! { (index + 1) },
                html! { (access::said(item, cx.lang)) },
                html! { (result) },
                html! { (mark.map_or("", |m| m.note.as_str())) },
            ]
        })
        .collect();
    let head = [
        cx.t(T("序号", "No.")),
        cx.t(T("项目", "Point")),
        cx.t(T("结果", "Result")),
        cx.t(T("说明", "Note")),
    ];
    ui::print_table(list.label(cx.lang), &head, &[], &rows, &[])
}

fn answers(cx: &Cx, page: &Page, survey: &process::Survey) -> Markup {
    let given = page.state.answers.get(&survey.key);
    let rows: Vec<Vec<Markup>> = survey
        .questions
        .iter()
        .map(|question| {
            let value = given.and_then(|g| g.get(&question.key)).filter(|v| !v.is_null());
            let text =
                value.map(|v| v.as_str().map_or_else(|| v.to_string(), str::to_string)).unwrap_or_default();
            vec![html! { (question.label(cx.lang)) }, html! { (text) }]
        })
        .collect();
    let head = [cx.t(T("问题", "Question")), cx.t(T("回答", "Answer"))];
    ui::print_table(survey.label(cx.lang), &head, &[], &rows, &[])
}

/// The first box shows the signature that was drawn, if there is one.
fn signatures(cx: &Cx, page: &Page, layout: &Print) -> Markup {
    let drawn = page.files.iter().rfind(|file| {
        find(&page.template.evidence, &file.label).is_some_and(|e| e.kind == EvidenceKind::Signature)
    });
    let boxes: Vec<(&str, Option<String>, String)> = layout
        .sign
        .iter()
        .enumerate()
        .map(|(index, label)| {
            let file = drawn.filter(|_| index == 0);
            let date = file.map(|f| format::date(cx, f.created_at)).unwrap_or_default();
            (access::said(label, cx.lang), file.map(|f| format!("/files/{}", f.id)), date)
        })
        .collect();
    ui::sign_boxes(&boxes)
}
