//! Markup of process templates.

use kernel::T;
use kit::{Cx, FormErrors, format};
use maud::{Markup, html};
use process::{Named, Template};
use ui::{Btn, Col, Def, Detail, Field, Form, Row, Tab, Table, Tone};

use super::{
    form::{self, Input, Part},
    hints,
    model::*,
};
use crate::perms::TEMPLATE_WRITE;

/// Heading of the form.
pub const NEW: T = T("新建模板", "New template");

/// Said of what nobody here wrote.
const SHIPPED: T = T("随产品提供", "Comes with the product");

/// A template to start from.
pub const BLANK: &str = r#"
code = "my-document"
name = "我的单据"
number = "WD"
title = "{subject}"
open = ["role:agent"]
asks = ["subject"]
start = "todo"

fields = [
  { key = "subject", name = "事项", list = true },
  { key = "result", name = "结果", type = "area" },
]

steps = [
  { key = "todo", name = "待办", macro = "new", who = ["role:agent"], asks = ["result"] },
  { key = "done", name = "完成", macro = "closed", end = true },
]

moves = [
  { act = "finish", name = "完成", from = ["todo"], to = "done" },
]

timers = [
  { key = "limit", name = "一个工作日", from = "create", span = "1wd" },
]
"#;

fn name_of(cx: &Cx, brief: &TemplateBrief) -> String {
    let en = cx.lang == kernel::Lang::En && !brief.name_en.is_empty();
    if en { brief.name_en.clone() } else { brief.name.clone() }
}

fn tone(state: TemplateState) -> Tone {
    match state {
        TemplateState::Active => Tone::Green,
        TemplateState::Draft => Tone::Amber,
        TemplateState::Retired => Tone::Neutral,
    }
}

fn text_form(
    cx: &Cx,
    action: &str,
    source: &str,
    note: &str,
    version: Option<i64>,
    errors: &FormErrors,
) -> Markup {
    Form::post(action, cx.form_key()).body(html! {
        (errors.summary(cx.lang))
        @if let Some(version) = version { (ui::hidden("version", version)) }
        (ui::fields(html! {
            (Field::area("source", cx.t(T("模板文本（TOML）", "Text (TOML)")), 28).value(source).full().error(errors.of("source")).attr("spellcheck", "false").attr("data-numbered", ""))
            (Field::text("note", cx.t(T("改了什么", "What changed"))).value(note).full())
        }))
        (ui::form_actions(cx.lang, cx.t(T("保存草稿", "Save the draft")), Some("/process-templates")))
    })
}

/// What a type of one's own begins with; the rest is written in the form view.
fn begin_form(cx: &Cx, input: &BeginTemplate, kinds: &[(String, String)], errors: &FormErrors) -> Markup {
    let code_hint =
        cx.t(T("小写字母、数字、-，以后各版本相同", "Small letters, digits, -; the same over all versions"));
    let number_hint = cx.t(T("如 TS，得 TS-20261122-0001", "TS gives TS-20261122-0001"));
    let form = Form::post("/process-templates/begin", cx.form_key()).body(html! {
        (ui::fields(html! {
            (Field::text("code", cx.t(T("代码", "Code"))).value(&input.code).required().hint(code_hint).error(errors.of("code")))
            (Field::text("name", cx.t(T("名称", "Name"))).value(&input.name).required().error(errors.of("name")))
            (Field::text("name_en", cx.t(T("英文名称", "Name in English"))).value(&input.name_en).error(errors.of("name_en")))
            (Field::text("number", cx.t(T("编号规则", "Number pattern"))).value(&input.number).required().hint(number_hint).error(errors.of("number")))
            (Field::select("copy", cx.t(T("复制自", "As a copy of"))).blank(cx.t(T("空白流程", "nothing: a blank process")))
                .options(kinds.iter().cloned()).maybe(input.copy.as_ref()))
        }))
        (ui::form_actions(cx.lang, cx.t(T("用表单编写", "Write it in forms")), None))
    });
    ui::section(cx.t(T("新单据类型", "A new kind of document")), html! {}, form)
}

/// The form of a new template: begun in forms, or written as text.
pub fn new_page(
    cx: &Cx,
    begin: Option<(&BeginTemplate, &[(String, String)])>,
    input: &NewTemplate,
    errors: &FormErrors,
) -> Markup {
    let crumbs = [(cx.t(T("流程模板", "Process templates")), Some("/process-templates")), (cx.t(NEW), None)];
    let intro = cx.t(T(
        "从这段文本开始，改代码和名称后保存为草稿；检查无误后再启用，只影响以后开的单据。",
        "Start from this text, change code and name and save it as a draft; it counts for new documents once it is activated.",
    ));
    let none = FormErrors::default();
    let of_text = if begin.is_some() { &none } else { errors };
    let form = text_form(cx, "/process-templates/new", &input.source, &input.note, None, of_text);
    let Some((begin, kinds)) = begin else {
        return ui::form_page(cx.lang, &crumbs, cx.t(NEW), intro, form, None);
    };
    let both = html! {
        (errors.summary(cx.lang))
        (begin_form(cx, begin, kinds, errors))
        (ui::section(cx.t(T("或写成文本", "Or as a text")), html! {}, ui::stack(&[ui::muted(intro), html! { (form) }])))
    };
    let intro = cx.t(T(
        "写好代码、名称和编号，再用表单逐项补步骤、字段、动作；保存的是草稿，启用前不影响任何单据。",
        "Code, name and number first; steps, fields and moves follow in forms. It is a draft: nothing changes before it is activated.",
    ));
    ui::form_page(cx.lang, &crumbs, cx.t(NEW), intro, both, None)
}

/// A version: overview, text or form.
pub fn template_page(
    cx: &Cx,
    template: &TemplateOut,
    parsed: Option<&Template>,
    versions: &[TemplateBrief],
    view: &str,
    errors: &FormErrors,
) -> Markup {
    let brief = &template.brief;
    let title = format!("{} v{}", name_of(cx, brief), brief.number);
    let href = format!("/process-templates/{}", brief.id);
    let crumbs =
        [(cx.t(T("流程模板", "Process templates")), Some("/process-templates")), (brief.code.as_str(), None)];
    let draft = brief.state == TemplateState::Draft && cx.can(&TEMPLATE_WRITE);
    let view = if view.is_empty() { "read" } else { view };
    let tabs = [("read", T("概览", "Overview")), ("form", T("表单", "Form")), ("text", T("文本", "Text"))]
        .map(|(key, label)| Tab::new(cx.t(label), format!("{href}?view={key}"), view == key));
    let body = html! {
        @if view != "text" { (errors.summary(cx.lang)) }
        (faults(cx, template))
        @match view {
            "text" => {
                @if draft { (text_form(cx, &href, &template.source, &brief.note, Some(brief.version), errors)) }
                @else { (ui::section(cx.t(T("文本", "Text")), html! {}, ui::prose(&template.source))) }
            }
            "form" => @if let Some(parsed) = parsed { (items(cx, template, parsed, draft)) },
            _ => @if let Some(parsed) = parsed { (overview(cx, parsed)) },
        }
    };
    let detail = Detail {
        meta: html! {
            (ui::tag(tone(brief.state), cx.t(brief.state.label())))
            @if let Some(from) = brief.effective_from.filter(|from| from.0 > 0) { (ui::tag(Tone::Neutral, format!("{} {}", cx.t(T("自", "from")), format::full_time(cx, from)))) }
            @if brief.shipped { (ui::tag(Tone::Blue, cx.t(SHIPPED))) }
        },
        actions: actions(cx, template, draft),
        tabs: ui::tabs(&title, &tabs, None),
        side: Some(side(cx, template, versions, draft)),
        ..Detail::new(&crumbs, &title, body)
    };
    ui::detail_view(cx.lang, &detail)
}

fn actions(cx: &Cx, template: &TemplateOut, draft: bool) -> Markup {
    let id = template.brief.id;
    html! {
        (Btn::link(cx.t(T("用历史单据试运行", "Dry run")), format!("/process-templates/{id}/dry-run")).icon("player-play").ghost().sm())
        @if cx.can(&TEMPLATE_WRITE) {
            (Btn::link(cx.t(T("另存新版本", "New version")), format!("/process-templates/new?copy={id}")).icon("copy").ghost().sm())
        }
        @if !draft && template.brief.state == TemplateState::Active && cx.can(&TEMPLATE_WRITE) {
            (ui::post_button(&format!("/process-templates/{id}/retire"), cx.form_key(),
                Btn::new(cx.t(T("停用", "Retire"))).danger().sm().confirm(cx.t(T("停用后不能再用它开单，办理中的单据照旧。停用？", "New documents can't be opened under it; running ones go on. Retire it?")))))
        }
    }
}

fn faults(cx: &Cx, template: &TemplateOut) -> Markup {
    let (tone, list, head) = if template.faults.is_empty() {
        let head = T("有 {n} 处请再看一眼（不妨碍启用）", "{n} places to look at (it can be activated)");
        (Tone::Amber, &template.warnings, head)
    } else {
        (
            Tone::Red,
            &template.faults,
            T("有 {n} 处问题，改好才能启用", "{n} faults: it can't be activated yet"),
        )
    };
    if list.is_empty() {
        return html! {};
    }
    let head = head.fill(cx.lang, &[("n", list.len().to_string())]);
    let rows = list
        .iter()
        .enumerate()
        .map(|(index, fault)| {
            let cells = vec![ui::num(fault.line), ui::mono(&fault.field), html! { (fault.text(cx.lang)) }];
            Row::new(index, &fault.field, cells)
        })
        .collect();
    let cols = [T("行", "Line"), T("位置", "Where"), T("问题", "Fault")].map(|label| Col::new(cx.t(label)));
    html! {
        (ui::alert(tone, &head))
        (ui::small_table(&Table::new(head.clone(), cols.to_vec(), rows)))
    }
}

fn side(cx: &Cx, template: &TemplateOut, versions: &[TemplateBrief], draft: bool) -> Markup {
    let id = template.brief.id;
    html! {
        @if draft && template.faults.is_empty() {
            (ui::side_section(cx.t(T("启用", "Activate")), Form::post(format!("/process-templates/{id}/activate"), cx.form_key()).body(html! {
                (Field::datetime("from", cx.t(T("从何时起（空为现在）", "From (empty: now)"))).full())
                (ui::form_buttons(&[Btn::submit(cx.t(T("启用", "Activate"))).primary()]))
            })))
        }
        (ui::side_section(cx.t(T("版本", "Versions")), html! {
            @for version in versions {
                (ui::side_card(html! {
                    (ui::row_end(ui::link(&format!("/process-templates/{}", version.id), format!("v{}", version.number)), ui::tag(tone(version.state), cx.t(version.state.label()))))
                    @if version.shipped { (ui::small(cx.t(SHIPPED))) } @else { (ui::small(format!("{} {}", version.created_by, version.note))) }
                    @if version.id != id { (ui::link(&format!("/process-templates/{id}?with={}", version.id), cx.t(T("与它比较", "Compare")))) }
                }))
            }
        }))
    }
}

/// The process for readers: steps with who, what and how long (DOC-18).
fn overview(cx: &Cx, t: &Template) -> Markup {
    let t = &t.routed();
    let people = |list: &[String]| crate::document::views::who_words(cx, t, list, &|_| String::new());
    let parties: Vec<Def> = ["manages", "executes", "supports"]
        .into_iter()
        .filter_map(|key| t.party(key).filter(|list| !list.is_empty()).map(|list| (key, list)))
        .map(|(key, list)| Def::new(cx.t(crate::document::views::party(key)), html! { (people(list)) }))
        .collect();
    let readers = t.readers().map(|list| {
        Def::new(cx.t(T("保密：仅下列人可见", "Confidential: seen only by")), html! { (people(&list)) })
    });
    let parties: Vec<Def> = parties.into_iter().chain(readers).collect();
    let rows = t.steps.iter().enumerate().map(|(index, step)| step_row(cx, t, index, step)).collect();
    let cols = [
        T("步骤", "Step"),
        T("状态", "State"),
        T("谁", "Who"),
        T("填写与凭证", "Entered and proven"),
        T("然后", "Then"),
    ]
    .map(|label| Col::new(cx.t(label)));
    let clocks: Vec<Def> = t
        .timers
        .iter()
        .map(|timer| {
            Def::new(timer.label(cx.lang), html! { (limit(cx, t, timer)) " " (ui::muted(&timer.number)) })
        })
        .collect();
    html! {
        (ui::section(cx.t(T("目的与范围", "Purpose and scope")), html! {}, html! { (ui::prose(process::access::said(&t.purpose, cx.lang))) (ui::muted(t.processes.join("、"))) }))
        @if !parties.is_empty() { (ui::section(cx.t(T("归口与分工", "Parties")), html! {}, ui::dl(&parties))) }
        (ui::section(cx.t(T("步骤", "Steps")), html! {}, ui::small_table(&Table::new(cx.t(T("步骤", "Steps")), cols.to_vec(), rows).min_width("40rem"))))
        @if !clocks.is_empty() { (ui::section(cx.t(T("时限", "Clocks")), html! {}, ui::dl(&clocks))) }
    }
}

/// How long a clock runs, in words.
fn limit(cx: &Cx, t: &Template, timer: &process::Timer) -> String {
    let words = |span: &str| kernel::Span::parse(span).map_or_else(|_| span.to_string(), |s| s.text(cx.lang));
    if timer.at.is_empty() {
        return words(&timer.span);
    }
    let field = t.field(&timer.at).map_or(timer.at.as_str(), |f| f.label(cx.lang));
    if timer.before.is_empty() {
        return field.to_string();
    }
    let before = T("{field}之前 {span}", "{span} before {field}");
    before.fill(cx.lang, &[("field", field.to_string()), ("span", words(&timer.before))])
}

/// Whose step it is; signatures and decisions say so.
fn whose(cx: &Cx, t: &Template, step: &process::Step) -> String {
    match &step.approval {
        Some(approval) => format!("{} {}", cx.t(T("按审批方案", "by the matrix")), approval.scheme),
        None if step.auto => cx.t(T("自动判断", "decided at once")).to_string(),
        None => crate::document::views::who_words(cx, t, &step.who, &|_| String::new()),
    }
}

/// What an item of the form view is about, beside its name.
fn gist(cx: &Cx, t: &Template, list: &str, index: usize) -> String {
    let step = |key: &str| t.step(key).map_or(key, |s| s.label(cx.lang)).to_string();
    match list {
        "steps" => t.steps.get(index).map(|s| whose(cx, t, s)),
        "moves" => t.moves.get(index).map(|m| {
            let from: Vec<String> = m.from.iter().map(|key| step(key)).collect();
            format!("{} → {}", from.join("、"), step(&m.to))
        }),
        "timers" => t.timers.get(index).map(|timer| limit(cx, t, timer)),
        "triggers" => t.triggers.get(index).map(|x| x.on.clone()),
        _ => None,
    }
    .unwrap_or_default()
}

fn step_row(cx: &Cx, t: &Template, index: usize, step: &process::Step) -> Row {
    let stage: crate::document::model::Stage = step.stage.into();
    let asked = step
        .asks
        .iter()
        .map(|a| process::access::asked(a).0)
        .filter_map(|k| t.field(k))
        .map(|f| f.label(cx.lang));
    let proofs =
        step.evidence.iter().filter_map(|k| process::access::find(&t.evidence, k)).map(|e| e.label(cx.lang));
    let lists = step
        .checklists
        .iter()
        .filter_map(|k| process::access::find(&t.checklists, k))
        .map(|c| c.label(cx.lang));
    let what: Vec<&str> = asked.chain(proofs).chain(lists).collect();
    let next: Vec<String> = t
        .moves_from(&step.key)
        .map(|m| format!("{} → {}", m.label(cx.lang), t.step(&m.to).map_or("", |s| s.label(cx.lang))))
        .collect();
    let contact = if step.contact {
        cx.t(T("客户接触", "with the customer"))
    } else {
        cx.t(T("内部", "internal"))
    };
    let cells = vec![
        ui::two_lines(step.label(cx.lang), contact),
        ui::st(stage.as_str(), cx.t(stage.label())),
        html! { (whose(cx, t, step)) },
        html! { (what.join("、")) },
        html! { (next.join("；")) },
    ];
    Row::new(index, step.label(cx.lang), cells)
}

/// The form view: every list with its items, each a link to its form.
fn items(cx: &Cx, template: &TemplateOut, t: &Template, draft: bool) -> Markup {
    let id = template.brief.id;
    let all = serde_json::to_value(t).unwrap_or_default();
    let list_of = |list: &str| all.get(list).and_then(|v| v.as_array()).cloned().unwrap_or_default();
    let text = |item: &serde_json::Value, key: &str| {
        item.get(key).and_then(|v| v.as_str()).unwrap_or_default().to_string()
    };
    html! {
        @if !draft { (ui::alert(Tone::Blue, cx.t(T("只有草稿可以修改：先“另存新版本”。", "Only a draft can be changed: make a new version first.")))) }
        @for (list, label) in form::LISTS {
            @let items = list_of(list);
            @let add = (draft && *list != "head").then(|| Btn::link(cx.t(T("添加", "Add")), format!("/process-templates/{id}/items/{list}/{}", items.len())).icon("plus").sm());
            (ui::section(cx.t(*label), html! { @if let Some(add) = add { (add) } }, html! {
                @if *list == "head" {
                    (ui::row_end(html! { (t.label(cx.lang)) " " (ui::mono(&t.number)) }, html! { @if draft { (ui::link(&format!("/process-templates/{id}/items/head/0"), cx.t(T("修改", "Change")))) } }))
                }
                @for (index, item) in items.iter().enumerate() {
                    @let key = Some(text(item, "key")).filter(|k| !k.is_empty()).unwrap_or_else(|| text(item, "act"));
                    @let name = ui_name(cx, item);
                    (ui::row_end(html! { (name) " " (ui::mono(&key)) " " (ui::muted(gist(cx, t, list, index))) }, html! { @if draft { (ui::link(&format!("/process-templates/{id}/items/{list}/{index}"), cx.t(T("修改", "Change")))) } }))
                }
            }))
        }
    }
}

/// What the list of the form view calls an item: its name, or its text.
fn ui_name(cx: &Cx, item: &serde_json::Value) -> String {
    let text = |key: &str| item.get(key).and_then(|v| v.as_str()).filter(|text| !text.is_empty());
    let english = text("name_en").filter(|_| cx.lang == kernel::Lang::En);
    let said = english.or(text("name")).or(text("text")).unwrap_or_default();
    process::access::said(said, cx.lang).to_string()
}

/// The form of one item.
pub fn item_page(
    cx: &Cx,
    template: &TemplateOut,
    parsed: Option<&Template>,
    (list, index): (&str, usize),
    part: &Part,
    errors: &FormErrors,
) -> Markup {
    let id = template.brief.id;
    let known = |key: &str| parsed.map(|t| hints::choices(cx, t, list, key)).unwrap_or_default();
    let back = format!("/process-templates/{id}?view=form");
    let label =
        form::LISTS.iter().find(|(key, _)| *key == list).map_or(T("项", "item"), |(_, label)| *label);
    let title = format!("{} {}", cx.t(label), part.values.get("name").cloned().unwrap_or_default());
    let crumbs = [(template.brief.code.as_str(), Some(back.as_str())), (cx.t(label), None)];
    let body = Form::post(format!("/process-templates/{id}/items/{list}/{index}"), cx.form_key()).body(html! {
        (errors.summary(cx.lang))
        (ui::fields(html! { @for (key, label, input) in form::words(list) { (word(cx, (key, label, input), part, &known(key))) } }))
        @if list != "head" { (Field::check("remove_item", cx.t(T("删除这一项", "Remove this item")))) }
        (ui::form_actions(cx.lang, cx.t(T("保存", "Save")), Some(&back)))
    });
    ui::form_page(cx.lang, &crumbs, title.trim(), "", body, None)
}

fn word(cx: &Cx, (key, label, input): form::Word, part: &Part, known: &[hints::Choice]) -> Markup {
    let name = format!("values.{key}");
    let label = cx.t(label);
    let value = part.values.get(key).cloned().unwrap_or_default();
    match input {
        Input::Text => html! { (Field::text(&name, label).value(value).offer(cx.lang, known, "")) },
        Input::Int => html! { (Field::number(&name, label).value(value)) },
        Input::Words => {
            html! { (Field::text(&name, label).value(value).wide().hint(cx.t(T("用逗号分开", "Separated by commas"))).offer(cx.lang, known, "，")) }
        }
        Input::Area => html! { (Field::area(&name, label, 3).value(value).full()) },
        Input::Lines | Input::Rungs | Input::Questions => {
            html! { (Field::area(&name, label, 6).value(value).full()) }
        }
        Input::Bool => html! { (Field::switch(&name, label).checked(value == "true")) },
        Input::Code(codes) => {
            html! { (Field::select(&name, label).options(codes.iter().map(|(code, label)| (*code, cx.t(*label)))).value(value)) }
        }
    }
}

/// Differences between two versions.
pub fn diff_page(cx: &Cx, difference: &Difference) -> Markup {
    let (old, new) = (&difference.old, &difference.new);
    let back = format!("/process-templates/{}", new.id);
    let title = format!("{} v{} → v{}", name_of(cx, new), old.number, new.number);
    let crumbs = [(new.code.as_str(), Some(back.as_str())), (cx.t(T("差异", "Differences")), None)];
    let rows = difference
        .changes
        .iter()
        .enumerate()
        .map(|(index, change)| {
            let cells = vec![
                ui::mono(&change.path),
                html! { (cx.t(process::diff::words(change))) },
                ui::or_none(change.old.as_deref()),
                ui::or_none(change.new.as_deref()),
            ];
            Row::new(index, &change.path, cells)
        })
        .collect();
    let cols = [T("位置", "Where"), T("变化", "Change"), T("原来", "Before"), T("现在", "After")]
        .map(|l| Col::new(cx.t(l)));
    let empty = ui::empty("check", cx.t(T("两个版本完全一样", "The versions are the same")), "", None);
    let table = Table::new(title.as_str(), cols.to_vec(), rows).empty(empty).min_width("40rem");
    ui::detail_view(cx.lang, &Detail::new(&crumbs, &title, ui::small_table(&table)))
}

/// Past documents replayed.
pub fn dry_run_page(cx: &Cx, template: &TemplateOut, run: &DryRun) -> Markup {
    let back = format!("/process-templates/{}", template.brief.id);
    let title = format!(
        "{} v{} · {}",
        name_of(cx, &template.brief),
        template.brief.number,
        cx.t(T("试运行", "dry run"))
    );
    let crumbs = [
        (cx.t(T("流程模板", "Process templates")), Some("/process-templates")),
        (template.brief.code.as_str(), Some(back.as_str())),
        (cx.t(T("试运行", "Dry run")), None),
    ];
    let rows = run
        .replays
        .iter()
        .map(|replay| replay_row(cx, replay, (Tone::Red, T("会被拒绝", "would be refused"))))
        .collect();
    let cols = [T("单号", "Document"), T("通过的动作", "Moves passed"), T("结果", "Result")]
        .map(|l| Col::new(cx.t(l)));
    let empty =
        ui::empty("file-text", cx.t(T("还没有这种单据", "There are no such documents yet")), "", None);
    let table = Table::new(title.as_str(), cols.to_vec(), rows).empty(empty);
    let counts = [
        (cx.t(T("试运行单据", "Documents")), run.documents.to_string()),
        (cx.t(T("同样能走完", "Run just so")), run.same.to_string()),
        (cx.t(T("时限会变", "Due at another time")), run.due_changed.to_string()),
    ];
    let body = html! {
        @if let Some(others) = &run.others { (other_runs(cx, others)) }
        @else { (ui::mini_stats(&counts)) (ui::small_table(&table)) }
    };
    ui::detail_view(cx.lang, &Detail::new(&crumbs, &title, body))
}

fn replay_row(cx: &Cx, replay: &Replay, (tone, stopped): (Tone, T)) -> Row {
    let en = cx.lang == kernel::Lang::En;
    let said = if en { &replay.refused_en } else { &replay.refused };
    let moment = |at: Option<kernel::Ts>| at.map_or_else(|| "—".to_string(), |at| format::full_time(cx, at));
    let asked: Vec<&str> = replay.asked.iter().map(|name| cx.lang.of(name)).collect();
    let result = html! {
        @match said {
            None => { (ui::tag(Tone::Green, cx.t(T("同样能走完", "runs just so")))) " " }
            Some(why) => { (ui::tag(tone, cx.t(stopped))) " " (why) " " }
        }
        @for due in &replay.dues {
            (ui::small(format!("{}：{} → {}", if en { &due.name_en } else { &due.name }, moment(due.was), moment(due.now))))
        }
        @if !asked.is_empty() { (ui::small(format!("{}{}", cx.t(T("还要填写：", "Would be asked besides: ")), asked.join(if en { ", " } else { "、" })))) }
    };
    let kind = cx.app.registry.docs.get(replay.kind.as_str());
    let href =
        kind.map_or_else(String::new, |kind| kind.href.replace("{id}", &replay.document_id.to_string()));
    let cells =
        vec![ui::id_link(&href, &replay.no), ui::num(format!("{}/{}", replay.passed, replay.moves)), result];
    Row::new(replay.document_id, &replay.no, cells)
}

/// A template that nobody used yet, tried on work that followed other steps: what could be replayed, and what not.
fn other_runs(cx: &Cx, others: &OtherRuns) -> Markup {
    let counts = [
        (cx.t(T("看过的工单与单据", "Orders and documents looked at")), others.looked_at.to_string()),
        (cx.t(T("能重放", "Could be replayed")), others.replayed.to_string()),
        (cx.t(T("全程走通", "Went all the way")), others.through.to_string()),
        (cx.t(T("不适用", "Did not fit")), (others.looked_at - others.replayed).to_string()),
    ];
    let unfit: Vec<Def> = others
        .unfit
        .iter()
        .map(|u| {
            let why = if cx.lang == kernel::Lang::En { &u.why_en } else { &u.why };
            let count = T("{n} 张，如 {no}", "{n}, such as {no}")
                .fill(cx.lang, &[("n", u.count.to_string()), ("no", u.example.clone())]);
            Def::new(count, html! { (why) })
        })
        .collect();
    let rows = others
        .replays
        .iter()
        .map(|replay| replay_row(cx, replay, (Tone::Amber, T("停在这里", "stops here"))))
        .collect();
    let cols = [T("单号", "Document"), T("走到的阶段", "Stages passed"), T("结果", "Result")]
        .map(|l| Col::new(cx.t(l)));
    let empty = ui::empty("file-text", cx.t(T("没有能重放的单据", "Nothing could be replayed")), "", None);
    let intro = T(
        "还没有人用过这个流程：用走过别的步骤的工单和单据来试。条件按已知的内容判断；检查表、凭证和客户通知无从得知，都当作已办；只有这个流程才问的内容没有，条件要用到就停在那里。",
        "Nobody used this process yet: it is tried on orders and documents that followed other steps. Conditions are judged by what is known; check lists, proofs and messages can't be known and count as done; what only this process asks is not there: where a condition needs it, the replay stops.",
    );
    html! {
        (ui::muted(cx.t(intro)))
        (ui::mini_stats(&counts))
        @if !unfit.is_empty() { (ui::section(cx.t(T("不能重放：开单所需的这些内容无从得知", "Could not be replayed: this is asked at opening and not known")), html! {}, ui::dl(&unfit))) }
        (ui::section(cx.t(T("重放结果", "Replayed")), html! {}, ui::small_table(&Table::new(cx.t(T("重放结果", "Replayed")), cols.to_vec(), rows).empty(empty))))
    }
}
