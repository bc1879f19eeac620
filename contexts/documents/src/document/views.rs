//! Markup of documents.

use std::{collections::HashMap, sync::Arc};

use kernel::{Id, T};
use kit::{Cx, FormErrors, attachments::Attachment, comments::Comment, format};
use maud::{Markup, html};
use process::{
    MoveKind, Named, State, Template,
    access::{self, find},
};
use ui::{Approver, Btn, Def, Detail, Field, Form, Step, StepState, Tone};

use super::{
    forms::{self, Choices, WorkForm},
    model::*,
    pages::OpenForm,
    panels,
};
use crate::{
    approval::model::{ApprovalOut, ApprovalState, SeatState},
    perms::DOCUMENT_REVEAL,
};

/// Heading of the form.
pub const NEW: T = T("开单", "New document");
const SIGNING: T = T("等待审批签字，见下方。", "Waits for the signatures below.");
/// Heading of the inbox.
pub const INBOX: T = T("待我办理", "Inbox");

/// Everything the page shows.
pub struct Page {
    pub row: DocumentRow,
    pub template: Arc<Template>,
    /// Number of the version it runs under.
    pub number: i64,
    pub state: State,
    pub offers: Vec<OfferOut>,
    /// The caller may correct what was said at opening.
    pub correctable: bool,
    /// The step is the caller's to work on.
    pub working: bool,
    pub clocks: Vec<ClockOut>,
    pub history: Vec<EntryRow>,
    pub tasks: Vec<TaskRow>,
    pub messages: Vec<MessageRow>,
    pub approvals: Vec<ApprovalOut>,
    pub children: Vec<DocumentRow>,
    pub files: Vec<Attachment>,
    /// The menu that takes them back.
    pub voids: Markup,
    pub comments: Vec<Comment>,
    pub choices: Choices,
    /// Messages the caller may give now.
    pub tellable: Vec<String>,
    /// Names of persons by id.
    pub names: HashMap<String, String>,
    pub sees_template: bool,
}

impl Page {
    /// Looks persons up.
    pub fn names(&self) -> impl Fn(&str) -> String + '_ {
        |id| self.names.get(id).cloned().unwrap_or_default()
    }

    /// Name of the current step.
    pub fn step_name(&self, cx: &Cx) -> &str {
        self.template.step(&self.row.step).map_or("", |s| s.label(cx.lang))
    }

    /// Name of a step.
    pub fn label_of(&self, cx: &Cx, step: &str) -> String {
        self.template.step(step).map_or(step, |s| s.label(cx.lang)).to_string()
    }
}

/// Kinds of documents that can be opened.
pub fn kinds_page(cx: &Cx, kinds: &[(Arc<Template>, bool)]) -> Markup {
    let mine = kinds.iter().filter(|(_, may)| *may);
    let others: Vec<&str> = kinds.iter().filter(|(_, may)| !may).map(|(t, _)| t.label(cx.lang)).collect();
    let body = html! {
        @for (template, _) in mine {
            @let actions = ui::btns(&[
                Btn::link(cx.t(T("列表", "List")), format!("/documents/of/{}", template.code)).ghost().sm(),
                Btn::link(cx.t(T("开单", "Open")), format!("/documents/new/{}", template.code)).primary().sm(),
            ]);
            (ui::card(template.label(cx.lang), actions,
                html! { (ui::muted(access::said(&template.purpose, cx.lang))) }))
        }
        @if !others.is_empty() {
            (ui::muted(format!("{}{}", cx.t(T("由其他岗位开单：", "Opened by others: ")), others.join("、"))))
        }
    };
    ui::plain_view(cx.t(NEW), html! {}, body)
}

/// The form of a new document.
pub fn open_page(
    cx: &Cx,
    template: &Template,
    input: &OpenForm,
    orgs: &[(Id, String)],
    choices: &Choices,
    errors: &FormErrors,
) -> Markup {
    let title = template.label(cx.lang);
    let crumbs = [(cx.t(T("流程单据", "Documents")), Some("/documents")), (title, None)];
    let org = input.org_id.or_else(|| cx.actor.as_ref().map(|a| a.org));
    let form = Form::post(format!("/documents/new/{}", template.code), cx.form_key()).body(html! {
        (errors.summary(cx.lang))
        @if orgs.len() > 1 {
            (ui::fields(html! {
                (Field::select("org_id", cx.t(T("组织", "Organisation"))).options(orgs.iter().map(|(id, name)| (id.to_string(), name.clone())))
                    .maybe(org).error(errors.of("org_id")))
            }))
        }
        (forms::asked(cx, template, &template.asks, None, Some(&input.fields), choices, errors))
        (ui::form_actions(cx.lang, cx.t(NEW), Some("/documents/new")))
    });
    ui::form_page(cx.lang, &crumbs, title, access::said(&template.purpose, cx.lang), form, None)
}

/// The document.
pub fn document_page(cx: &Cx, page: &Page, form: Option<&WorkForm>, errors: &FormErrors) -> Markup {
    let row = &page.row;
    let list = cx.t(T("流程单据", "Documents"));
    let kind = page.template.label(cx.lang);
    let of_kind = format!("/documents/of/{}", row.code);
    let crumbs = [(list, Some("/documents")), (kind, Some(of_kind.as_str())), (row.no.as_str(), None)];
    let meta = html! {
        (ui::st(row.stage.as_str(), cx.t(row.stage.label())))
        (ui::tag(Tone::Neutral, kind))
        @if let Some(due) = row.due_at { (ui::sla(&ui::Sla::running(cx.lang, cx.now().0 / 1_000_000, due.0 / 1_000_000, 86_400))) }
    };
    let body = html! {
        @if form.is_none() { (errors.summary(cx.lang)) }
        (work(cx, page, form, errors))
        (signatures(cx, &page.approvals.iter().collect::<Vec<_>>()))
        (data(cx, page))
        (panels::proofs(cx, page))
        (panels::messages(cx, page))
        (panels::tasks(cx, page))
        (panels::children(cx, page))
        (panels::history(cx, page))
    };
    let detail = Detail {
        meta,
        actions: prints(cx, page),
        steps: stations(cx, page),
        side: Some(html! { (panels::clocks(cx, page)) (panels::about(cx, page)) }),
        ..Detail::new(&crumbs, row.label(cx.lang), body)
    };
    ui::detail_view(cx.lang, &detail)
}

/// Steps passed, the current one, and the main way ahead.
fn stations(cx: &Cx, page: &Page) -> Markup {
    let reached = |step: &str| {
        page.history.iter().rfind(|e| e.to_step == step && matches!(e.kind.as_str(), "opened" | "moved"))
    };
    let mut items = Vec::new();
    for step in page.template.steps.iter().filter(|s| !s.auto) {
        let at = reached(&step.key).map(|e| format::time(cx, e.at));
        let state = if step.key == page.row.step {
            StepState::Now
        } else if at.is_some() {
            StepState::Done
        } else if on_the_way(page, &step.key) {
            StepState::Todo
        } else {
            continue;
        };
        items.push(Step::new(step.label(cx.lang), at.unwrap_or_default(), state));
    }
    ui::steps(cx.lang, &items)
}

/// Reached by moves onwards alone from where the run stands.
fn on_the_way(page: &Page, wanted: &str) -> bool {
    let (mut seen, mut todo) = (vec![page.row.step.as_str()], vec![page.row.step.as_str()]);
    while let Some(step) = todo.pop() {
        for made in page.template.moves_from(step).filter(|m| m.kind == MoveKind::Next) {
            if made.to == wanted {
                return true;
            }
            if !seen.contains(&made.to.as_str()) {
                seen.push(&made.to);
                todo.push(&made.to);
            }
        }
    }
    false
}

/// What is to be done at the step, by those whose step it is; others see whose it is.
fn work(cx: &Cx, page: &Page, form: Option<&WorkForm>, errors: &FormErrors) -> Markup {
    let Some(step) = page.template.step(&page.row.step).filter(|s| !s.end) else { return html! {} };
    let title = format!("{}：{}", cx.t(T("当前步骤", "Now")), step.label(cx.lang));
    if !page.working && page.offers.is_empty() {
        let whose = people_words(cx, page, &step.who);
        let words = if step.approval.is_some() {
            cx.t(SIGNING).to_string()
        } else {
            format!("{} {whose}", cx.t(T("由以下岗位办理：", "To be done by")))
        };
        return ui::section(&title, html! {}, ui::muted(words));
    }
    // A move that asks for something, or that others make here too, has a page of its own.
    let apart = |offer: &&OfferOut| !offer.reasons.is_empty() || !offer.asks.is_empty() || !page.working;
    let (stuck, free): (Vec<&OfferOut>, Vec<&OfferOut>) = page.offers.iter().partition(|o| o.stuck);
    let (own, here): (Vec<&OfferOut>, Vec<&OfferOut>) = free.into_iter().partition(apart);
    let action = format!("/documents/{}/work", page.row.id);
    let entered = form.map(|f| &f.fields);
    let asks: Vec<String> = page.template.asks_at(step, &page.state).into_iter().cloned().collect();
    let fields = html! {
        (errors.summary(cx.lang))
        @if !step.help.is_empty() { (ui::muted(access::said(&step.help, cx.lang))) }
        @if step.approval.is_some() { (ui::muted(cx.t(SIGNING))) }
        (ui::hidden("version", page.row.version))
        @if page.working {
            (forms::asked(cx, &page.template, &asks, Some(&page.state), entered, &page.choices, errors))
            (forms::scans(cx, &page.template, &step.evidence, &page.state, errors))
            @for list in step.checklists.iter().filter_map(|key| find(&page.template.checklists, key)) { (forms::checklist(cx, list, &page.state, errors)) }
            @for survey in step.surveys.iter().filter_map(|key| find(&page.template.surveys, key)) { (forms::survey(cx, survey, &page.state, errors)) }
        }
        (ui::form_buttons(&buttons(cx, page, &here)))
        @for offer in stuck {
            @let why = offer.blocked.as_deref().unwrap_or_default();
            (ui::muted(format!("{}{}{why}", offer.name, cx.t(T("：", ": ")))))
        }
    };
    let aside = own.iter().map(|offer| {
        let btn = Btn::link(&offer.name, format!("/documents/{}/act/{}", page.row.id, offer.act)).sm();
        if offer.kind == MoveKind::Cancel { btn.danger() } else { btn }
    });
    let aside: Vec<Btn> = aside.collect();
    ui::section(&title, ui::btns(&aside), Form::post(action, cx.form_key()).body(fields))
}

fn buttons(cx: &Cx, page: &Page, here: &[&OfferOut]) -> Vec<Btn> {
    let mut list: Vec<Btn> = here
        .iter()
        .enumerate()
        .map(|(index, offer)| {
            let btn = Btn::submit(&offer.name).name_value("act", &offer.act);
            match offer.kind {
                MoveKind::Cancel => btn.danger(),
                _ if index == 0 => btn.primary(),
                _ => btn,
            }
        })
        .collect();
    if page.working {
        list.push(Btn::submit(cx.t(T("只保存", "Only save"))).ghost());
    }
    list
}

fn people_words(cx: &Cx, page: &Page, who: &[String]) -> String {
    let names = page.names();
    let holder = |field: &str| names(&page.state.text(field));
    who_words(cx, &page.template, who, &holder)
}

/// The people a template names, in words; `holder` says who stands in a field now.
pub fn who_words(cx: &Cx, template: &Template, who: &[String], holder: &dyn Fn(&str) -> String) -> String {
    use process::Who;
    let word = |text: &String| match process::access::who(text) {
        Some(Who::Role(code)) => kit::Role::ALL
            .iter()
            .map(|r| r.info())
            .find(|(c, _)| *c == code)
            .map_or_else(|| code.to_string(), |(_, label)| cx.t(label).to_string()),
        Some(Who::RoleAt(code, field)) => {
            let role = who_words(cx, template, &[format!("role:{code}")], holder);
            let label = template.field(field).map_or(field, |f| f.label(cx.lang));
            let place = Some(holder(field)).filter(|name| !name.is_empty());
            format!("{role} {}", place.unwrap_or_else(|| label.to_string()))
        }
        Some(Who::Post(key)) => find(&template.posts, key).map_or(key, |p| p.label(cx.lang)).to_string(),
        Some(Who::Person(field)) => {
            let label = template.field(field).map_or(field, |f| f.label(cx.lang));
            format!("{label} {}", holder(field)).trim().to_string()
        }
        Some(Who::Creator) => cx.t(T("开单人", "the opener")).to_string(),
        Some(Who::Party(key)) => cx.t(party(key)).to_string(),
        None => text.clone(),
    };
    who.iter().map(word).collect::<Vec<_>>().join("、")
}

/// What a party of a process is called (ORG-16).
pub fn party(key: &str) -> T {
    match key {
        "manages" => T("归口管理", "managing party"),
        "executes" => T("执行方", "executing party"),
        _ => T("支持与鉴定方", "supporting and appraising party"),
    }
}

/// The form of one move: its own fields and the reason.
pub fn move_page(cx: &Cx, page: &Page, act: &str, form: Option<&WorkForm>, errors: &FormErrors) -> Markup {
    let row = &page.row;
    let back = format!("/documents/{}", row.id);
    let Some(made) = page.template.moves_from(&row.step).find(|m| m.act == act) else {
        return ui::plain_view(
            &row.no,
            html! {},
            ui::link(&back, cx.t(T("回到单据", "Back to the document"))),
        );
    };
    let crumbs = [(row.no.as_str(), Some(back.as_str())), (made.label(cx.lang), None)];
    let entered = form.map(|f| &f.fields);
    let chosen = form.map(|f| f.reason.clone()).unwrap_or_default();
    let body = Form::post(format!("/documents/{}/act/{act}", row.id), cx.form_key()).body(html! {
        (errors.summary(cx.lang))
        (ui::hidden("version", row.version))
        @if !made.reasons.is_empty() {
            (ui::fields(html! {
                (Field::chips("reason", cx.t(T("原因", "Reason"))).options(made.reasons.iter().map(|r| (access::halves(r).0, access::said(r, cx.lang))))
                    .value(chosen).required().full().error(errors.of("reason")))
            }))
        }
        (forms::asked(cx, &page.template, &made.asks, Some(&page.state), entered, &page.choices, errors))
        (ui::form_actions(cx.lang, made.label(cx.lang), Some(&back)))
    });
    let intro = format!("{} → {}", page.step_name(cx), page.label_of(cx, &made.to));
    ui::form_page(cx.lang, &crumbs, made.label(cx.lang), &intro, body, None)
}

/// Signing with a finger.
pub fn signing_page(cx: &Cx, page: &Page, form: Markup) -> Markup {
    let back = format!("/documents/{}", page.row.id);
    let title = cx.t(T("签名", "Signature"));
    ui::form_page(
        cx.lang,
        &[(page.row.no.as_str(), Some(back.as_str())), (title, None)],
        title,
        page.row.label(cx.lang),
        form,
        None,
    )
}

/// Who has signed and whose turn it is.
pub fn signatures(cx: &Cx, approvals: &[&ApprovalOut]) -> Markup {
    html! {
        @for approval in approvals {
            @let title = format!("{} {} · {}", cx.t(T("审批", "Approval")), kit::format::money(kernel::Money(approval.amount)), approval.band);
            (ui::section(&title, open_link(cx, approval), html! { (chain(cx, approval)) }))
        }
    }
}

fn open_link(cx: &Cx, approval: &ApprovalOut) -> Markup {
    let label = if approval.mine { cx.t(T("去签署", "Sign")) } else { cx.t(T("查看", "Open")) };
    let btn = Btn::link(label, format!("/approvals/{}", approval.id)).sm();
    html! { (if approval.mine { btn.primary() } else { btn }) }
}

/// The chain of an approval.
pub fn chain(cx: &Cx, approval: &ApprovalOut) -> Markup {
    let asked = Approver {
        name: approval.asked_by.clone(),
        role: format!("{} {}", cx.t(T("发起", "asked")), format::time(cx, approval.asked_at)),
        state: StepState::Done,
    };
    let items: Vec<Approver> = std::iter::once(asked)
        .chain(approval.seats.iter().map(|seat| Approver {
            name: if seat.user_name.is_empty() { seat.post.clone() } else { seat.user_name.clone() },
            role: {
                let post = if seat.user_name.is_empty() { "" } else { seat.post.as_str() };
                let said = format!("{}{}", cx.t(seat.state.label()), reminders(cx, seat));
                if post.is_empty() { said } else { format!("{post} · {said}") }
            },
            state: match seat.state {
                SeatState::Approved | SeatState::Rejected => StepState::Done,
                SeatState::Open => StepState::Now,
                SeatState::Waiting | SeatState::Cancelled => StepState::Todo,
            },
        }))
        .collect();
    let tone = match approval.state {
        ApprovalState::Approved => Tone::Green,
        ApprovalState::Rejected => Tone::Red,
        ApprovalState::Open => Tone::Amber,
        ApprovalState::Cancelled => Tone::Neutral,
    };
    html! { (ui::row(&[ui::tag(tone, cx.t(approval.state.label()))])) (ui::approval_chain(&items)) }
}

/// How often somebody whose turn it is was reminded.
fn reminders(cx: &Cx, seat: &crate::approval::model::SeatRow) -> String {
    if seat.reminded == 0 || seat.state != SeatState::Open {
        return String::new();
    }
    T("，已催 {n} 次", ", reminded {n} times").fill(cx.lang, &[("n", seat.reminded.to_string())])
}

/// All fields that say something.
pub fn data(cx: &Cx, page: &Page) -> Markup {
    let names = page.names();
    let items: Vec<Def> = page
        .template
        .fields
        .iter()
        .filter_map(|field| {
            let text = forms::read(cx, field, page.state.fields.get(&field.key), &names);
            let secret = super::values::secret(field.kind).is_some();
            let url = format!("/documents/{}/reveal/{}", page.row.id, field.key);
            let url = (secret && text.contains('*') && cx.can(&DOCUMENT_REVEAL)).then_some(url);
            let value = html! {
                @if secret { (ui::masked(cx.lang, &format!("doc-{}", field.key), &text, url.as_deref())) } @else { (text) }
            };
            let def = Def::new(field.label(cx.lang), value);
            (!text.is_empty()).then(|| if text.chars().count() > 30 { def.full() } else { def })
        })
        .collect();
    let correct = page.correctable.then(|| {
        Btn::new(cx.t(T("更正", "Correct")))
            .icon("edit")
            .sm()
            .modal(format!("/documents/{}/correct", page.row.id))
    });
    ui::section(
        cx.t(T("内容", "Content")),
        html! { (ui::btns(&correct.into_iter().collect::<Vec<_>>())) },
        ui::dl(&items),
    )
}

fn prints(cx: &Cx, page: &Page) -> Markup {
    let items: Vec<Btn> = page
        .template
        .prints
        .iter()
        .map(|p| {
            Btn::link(p.label(cx.lang), format!("/documents/{}/print/{}", page.row.id, p.key))
                .icon("printer")
                .ghost()
                .sm()
        })
        .collect();
    ui::btns(&items)
}

/// Signatures and tasks that wait for the caller.
pub fn inbox_page(
    cx: &Cx,
    approvals: &[ApprovalOut],
    tasks: &[(TaskRow, DocumentRow)],
    turns: &[DocumentRow],
) -> Markup {
    let empty = |text: T| ui::muted(cx.t(text));
    if approvals.is_empty() && tasks.is_empty() && turns.is_empty() {
        let none = T(
            "没有待办：审批、任务和单据都处理完了",
            "Nothing waits for you: no signature, task or document",
        );
        return ui::plain_view(cx.t(INBOX), html! {}, ui::empty("inbox", cx.t(none), "", None));
    }
    let body = html! {
        (ui::section(cx.t(T("待我审批", "To sign")), html! {}, html! {
            @if approvals.is_empty() { (empty(T("没有待签的审批", "Nothing to sign"))) }
            @for approval in approvals {
                (ui::side_card(html! {
                    (ui::row_end(html! { (ui::id_link(&format!("/approvals/{}", approval.id), &approval.doc_no)) " " (approval.title) },
                        html! { (ui::num(kit::format::money(kernel::Money(approval.amount)))) (open_link(cx, approval)) }))
                    (chain(cx, approval))
                }))
            }
        }))
        (ui::section(cx.t(T("我的任务", "My tasks")), html! {}, html! {
            @if tasks.is_empty() { (empty(T("没有待办任务", "No tasks"))) }
            @for (task, row) in tasks {
                (ui::row_end(html! { (ui::id_link(&format!("/documents/{}", row.id), &row.no)) " " (cx.lang.of(&task.text)) }, html! {
                    @if let Some(due) = task.due_at { (ui::num(format::time(cx, due))) }
                    (ui::post_button(&format!("/document-tasks/{}/done", task.id), cx.form_key(), Btn::new(cx.t(T("完成", "Done"))).sm()))
                }))
            }
        }))
        (ui::section(cx.t(T("轮到我的单据", "Documents at my step")), html! {}, html! {
            @if turns.is_empty() { (empty(T("没有轮到您的单据", "None waits for you"))) }
            @for row in turns {
                (ui::row_end(html! { (ui::id_link(&format!("/documents/{}", row.id), &row.no)) " " (row.label(cx.lang)) }, html! {
                    @if let Some(due) = row.due_at { (ui::num(format::time(cx, due))) }
                    (ui::muted(row.step_label(cx.lang)))
                }))
            }
        }))
    };
    ui::plain_view(cx.t(INBOX), html! {}, body)
}
