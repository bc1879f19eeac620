//! Panels of a document's page: proofs, messages, tasks, history, clocks.

use kernel::{T, Ts};
use kit::{Cx, format};
use maud::{Markup, html};
use process::{
    Named, Template,
    access::{self, find},
};
use ui::{Btn, Event, Form, Tone};

use super::{forms, model::*, views::Page};
use crate::perms::DOCUMENT_WRITE;

pub fn proofs(cx: &Cx, page: &Page) -> Markup {
    let items: Vec<(String, String, Option<String>, String)> = page
        .files
        .iter()
        .map(|f| {
            let label = find(&page.template.evidence, &f.label).map_or("", |e| e.label(cx.lang));
            let note = format!("{label} {}", format::time(cx, f.created_at));
            (f.name.clone(), format!("/files/{}", f.id), f.picture(), note)
        })
        .collect();
    let asked = page.template.step(&page.row.step).map(|s| s.evidence.clone()).unwrap_or_default();
    if items.is_empty() && (asked.is_empty() || !page.working) {
        return html! {};
    }
    ui::section(
        cx.t(T("凭证与附件", "Proofs and files")),
        html! {},
        html! {
            @if !items.is_empty() { (ui::attachments(&items)) (page.voids) }
            @if page.working { (forms::proofs(cx, &page.template, &asked, &page.state, page.row.id)) }
        },
    )
}

/// Messages to the customer, each kind with its count, and buttons for those that can be given now (P-04).
pub fn messages(cx: &Cx, page: &Page) -> Markup {
    if page.template.messages.is_empty() {
        return html! {};
    }
    let counts: Vec<(&str, String)> = page
        .template
        .messages
        .iter()
        .map(|m| (m.label(cx.lang), page.state.messages.get(&m.key).copied().unwrap_or(0).to_string()))
        .collect();
    let kinds = page.tellable.iter().filter_map(|key| find(&page.template.messages, key));
    let tell: Vec<Btn> = kinds
        .map(|kind| {
            let label = format!("{}：{}", cx.t(T("通知", "Tell")), kind.label(cx.lang));
            Btn::new(label).icon("message").sm().attr("type", "submit").name_value("message", &kind.key)
        })
        .collect();
    let events: Vec<Event> = page
        .messages
        .iter()
        .rev()
        .map(|m| Event {
            icon: "message",
            tone: Tone::Blue,
            head: html! { (ui::strong(find(&page.template.messages, &m.kind).map_or(m.kind.as_str(), |k| k.label(cx.lang)))) " #" (m.count) " " (m.user_name) },
            time: format::time(cx, m.at),
            body: Some(html! { (m.text) }),
        })
        .collect();
    ui::section(
        cx.t(T("客户通知", "Messages to the customer")),
        html! {},
        html! {
            (ui::mini_stats(&counts))
            @if !tell.is_empty() {
            (Form::post(format!("/documents/{}/tell", page.row.id), cx.form_key()).inline().body(ui::row(&[ui::btns(&tell)])))
        }
        (ui::timeline(&events))
        },
    )
}

pub fn tasks(cx: &Cx, page: &Page) -> Markup {
    if page.tasks.is_empty() {
        return html! {};
    }
    let line = |task: &TaskRow| {
        let (tone, label) = task_state(&task.state);
        html! {
            (ui::row_end(html! { (ui::tag(tone, cx.t(label))) " " (cx.lang.of(&task.text)) }, html! {
                @if let Some(due) = task.due_at { (ui::num(format::time(cx, due))) }
                @if task.state == "open" && cx.can(&DOCUMENT_WRITE) {
                    (ui::post_button(&format!("/document-tasks/{}/done", task.id), cx.form_key(), Btn::new(cx.t(T("完成", "Done"))).sm()))
                } @else if !task.done_by.is_empty() { (ui::muted(&task.done_by)) }
            }))
        }
    };
    ui::section(cx.t(T("任务", "Tasks")), html! {}, html! { @for task in &page.tasks { (line(task)) } })
}

fn task_state(state: &str) -> (Tone, T) {
    match state {
        "open" => (Tone::Amber, T("待办", "open")),
        "done" => (Tone::Green, T("已完成", "done")),
        _ => (Tone::Neutral, T("已取消", "off")),
    }
}

pub fn children(cx: &Cx, page: &Page) -> Markup {
    if page.children.is_empty() {
        return html! {};
    }
    ui::section(
        cx.t(T("生成的单据", "Documents made")),
        html! {},
        html! {
            @for row in &page.children {
                (ui::row_end(html! { (ui::id_link(&format!("/documents/{}", row.id), &row.no)) " " (row.label(cx.lang)) }, ui::st(row.stage.as_str(), cx.t(row.stage.label()))))
            }
        },
    )
}

/// What happened, newest first, with what people said.
pub fn history(cx: &Cx, page: &Page) -> Markup {
    let mut events: Vec<(Ts, Event)> =
        page.history.iter().map(|entry| (entry.at, event(cx, page, entry))).collect();
    for comment in &page.comments {
        let event = Event {
            icon: "message",
            tone: Tone::Neutral,
            head: html! { (ui::strong(&comment.user_name)) (kit::panels::void_comment(cx, page.row.org_id, comment)) },
            time: format::time(cx, comment.at),
            body: Some(ui::prose(&comment.text)),
        };
        events.push((comment.at, event));
    }
    events.sort_by_key(|(at, _)| *at);
    let events: Vec<Event> = events.into_iter().rev().map(|(_, event)| event).collect();
    let me = cx.actor.as_ref().map_or("", |actor| actor.name.as_str());
    let url = format!("/docs/document/{}/comments", page.row.id);
    ui::section(
        cx.t(T("经过", "History")),
        html! {},
        html! {
            (ui::comment_form(cx.lang, &url, cx.form_key(), me, "#main"))
            (ui::timeline(&events))
        },
    )
}

fn event(cx: &Cx, page: &Page, entry: &EntryRow) -> Event {
    let steps = (entry.from_step.as_str(), entry.to_step.as_str());
    let (icon, tone, what) = happened(cx, &page.template, &entry.kind, &entry.act, steps);
    let instead = match entry.instead_of.as_str() {
        "" => String::new(),
        name => format!("{}{name}{}", cx.t(T("（代 ", " (for ")), cx.t(T("）", ")"))),
    };
    Event {
        icon,
        tone,
        head: html! { (ui::strong(&entry.user_name)) (instead) " " (what) },
        time: format::time(cx, entry.at),
        body: (!entry.text.is_empty()).then(|| html! { (said(cx, page, entry)) }),
    }
}

/// What a line of the history says happened.
pub fn happened(
    cx: &Cx,
    template: &Template,
    kind: &str,
    act: &str,
    (from, to): (&str, &str),
) -> (&'static str, Tone, String) {
    let made = find(&template.moves, act);
    let step = |key| template.step(key).map_or(key, |step| step.label(cx.lang));
    let timer = || find(&template.timers, act).map_or(act, |t| t.label(cx.lang));
    match kind {
        "opened" => ("plus", Tone::Blue, cx.t(T("开单", "opened it")).to_string()),
        "moved" => {
            let act = match made {
                Some(made) => made.label(cx.lang),
                None if act == "reopen" => cx.t(T("重新打开", "opened again")),
                None if act == "ended" => cx.t(T("随工单结束", "ended with its order")),
                None => act,
            };
            ("arrow-right", Tone::Green, format!("{act}{}{} → {}", cx.t(T("：", ": ")), step(from), step(to)))
        }
        "late" => ("clock", Tone::Red, format!("{}{}", cx.t(T("超时：", "late: ")), timer())),
        "warned" => ("clock", Tone::Amber, format!("{}{}", cx.t(T("预警：", "nearly due: ")), timer())),
        "signed" => ("check", Tone::Green, cx.t(T("审批同意", "approved")).to_string()),
        "refused" => ("x", Tone::Red, cx.t(T("审批驳回", "refused")).to_string()),
        "withdrawn" => ("x", Tone::Neutral, cx.t(T("审批撤下", "no longer to be signed")).to_string()),
        "corrected" => {
            ("edit", Tone::Amber, cx.t(T("更正开单内容", "corrected what was said at opening")).to_string())
        }
        "told" => ("message", Tone::Blue, cx.t(T("通知客户", "told the customer")).to_string()),
        "trouble" => (
            "alert-triangle",
            Tone::Red,
            format!("{}：{}", cx.t(T("流程无法自动继续", "could not go on by itself")), timer()),
        ),
        _ => ("file-text", Tone::Neutral, asked_words(cx, act)),
    }
}

/// What was said with it; coded reasons in the reader's language.
fn said<'a>(cx: &Cx, page: &'a Page, entry: &'a EntryRow) -> &'a str {
    let mut moves = page.template.moves_from(&entry.from_step);
    let made = moves.find(|m| m.act == entry.act);
    made.map_or(cx.lang.of(&entry.text), |m| access::reason_said(m, &entry.text, cx.lang))
}

fn asked_words(cx: &Cx, what: &str) -> String {
    let label = match what {
        "requisition" => T("申领备件工具", "asked for parts and tools"),
        "handed_over" => T("发料", "parts handed over"),
        "callback" => T("安排回访", "asked for a callback"),
        "called" => T("已回访", "called the customer"),
        "settlement" => T("记入结算", "put on the settlement"),
        "message" => T("通知外发", "message handed over"),
        "document" => T("没有重复开单", "opened no second document"),
        _ => T("记录", "noted"),
    };
    cx.t(label).to_string()
}

pub fn clocks(cx: &Cx, page: &Page) -> Markup {
    if page.clocks.is_empty() {
        return html! {};
    }
    ui::side_section(
        cx.t(T("时限", "Clocks")),
        html! { @for clock in &page.clocks { (clock_card(cx, clock)) } },
    )
}

fn clock_card(cx: &Cx, clock: &ClockOut) -> Markup {
    let (tone, label) = match clock.state.as_str() {
        "open" if clock.breached_at.is_some() => (Tone::Red, T("已超时", "late")),
        "open" if clock.due_at.is_none() => (Tone::Neutral, T("时间未定", "no time set")),
        "open" => (Tone::Blue, T("计时中", "running")),
        "paused" => (Tone::Amber, T("暂停", "paused")),
        "met" => (Tone::Green, T("按时", "in time")),
        "late" => (Tone::Red, T("超时完成", "done late")),
        _ => (Tone::Neutral, T("已结束", "ended")),
    };
    let due = clock.due_at.map_or_else(|| "—".to_string(), |at| format::full_time(cx, at));
    ui::side_card(html! {
        (ui::row_end(ui::strong(&clock.name), ui::tag(tone, cx.t(label))))
        (ui::kv(&[(cx.t(T("到期", "Due")), ui::num(due))]))
        @for line in &clock.explained { (ui::small(line)) }
        @if !clock.number.is_empty() { (ui::small(&clock.number)) }
    })
}

pub fn about(cx: &Cx, page: &Page) -> Markup {
    let version = format!("{} v{}", page.template.label(cx.lang), page.number);
    let template = if page.sees_template {
        ui::link(&format!("/process-templates/{}", page.row.template_id), version)
    } else {
        html! { (version) }
    };
    let owner = page.row.owner_id.map(|id| page.names()(&id.to_string())).unwrap_or_default();
    let mut items = vec![
        (cx.t(T("流程", "Process")), template),
        (
            cx.t(T("开单人", "Opened by")),
            ui::person_or(Some(&owner).filter(|o| !o.is_empty()).map(String::as_str), "—"),
        ),
        (cx.t(T("开单时间", "Opened")), ui::num(format::full_time(cx, page.row.created_at))),
    ];
    if let Some(parent) = page.row.parent_id {
        items.push((
            cx.t(T("来自", "Made by")),
            ui::link(&format!("/documents/{parent}"), cx.t(T("上级单据", "its parent"))),
        ));
    }
    if !page.row.subject_no.is_empty() {
        let kind = cx.app.registry.docs.get(page.row.subject_kind.as_str());
        let href = kind.zip(page.row.subject_id).map(|(kind, id)| kind.href.replace("{id}", &id.to_string()));
        let no = match &href {
            Some(href) => ui::id_link(href, &page.row.subject_no),
            None => html! { (page.row.subject_no) },
        };
        items.push((cx.t(T("关联单据", "For")), no));
    }
    ui::side_section(cx.t(T("关于", "About")), ui::side_card(ui::kv(&items)))
}
