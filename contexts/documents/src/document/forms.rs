//! Forms made from templates: fields, check lists, surveys, proofs.

use std::collections::BTreeMap;

use kernel::{Id, T};
use kit::{Cx, FormErrors, Show};
use maud::{Markup, html};
use process::{
    Checklist, Entry, EvidenceKind, Field as Asked, FieldType, Mark, Named, Question, QuestionKind, State,
    Survey, Template, access,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use ui::{Btn, Field, Form};

use super::values::secret;

/// What a page sends: everything of the step, and what to do with it.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct WorkForm {
    /// Move; empty: only store.
    pub act: String,
    /// Version that was read.
    pub version: Option<i64>,
    /// Coded reason.
    pub reason: String,
    /// Check list whose open points are all right.
    pub all_ok: String,
    /// Scanned serial numbers, one a line, by proof.
    pub scan: BTreeMap<String, String>,
    /// Values.
    pub fields: BTreeMap<String, Value>,
    /// Points.
    pub checks: BTreeMap<String, BTreeMap<String, Mark>>,
    /// Answers.
    pub answers: BTreeMap<String, BTreeMap<String, Value>>,
}

impl WorkForm {
    /// As the machine takes it.
    pub fn entry(&self, template: &Template) -> Entry {
        let lines = |text: &String| {
            text.lines().map(str::trim).filter(|l| !l.is_empty()).map(str::to_string).collect()
        };
        let mut checks = self.checks.clone();
        if let Some(list) = access::find(&template.checklists, &self.all_ok) {
            let marks = checks.entry(list.key.clone()).or_default();
            for n in 1..=list.items.len() {
                let mark = marks.entry(format!("p{n}")).or_default();
                if mark.result.is_empty() {
                    mark.result = "ok".into();
                }
            }
        }
        Entry {
            fields: self.fields.clone(),
            checks,
            scans: self.scan.iter().map(|(key, text)| (key.clone(), lines(text))).collect(),
            answers: self.answers.clone(),
        }
    }
}

/// People and names that fields of a form need.
pub struct Choices {
    /// Employees that can be chosen: ids and names.
    pub people: Vec<(String, String)>,
    /// Organisations.
    pub orgs: Vec<(String, String)>,
}

/// What a field shows when nothing was entered in this form.
fn shown(cx: &Cx, asked: &Asked, state: Option<&State>, entered: Option<&Value>) -> String {
    if let Some(entered) = entered {
        return entered.as_str().map_or_else(|| entered.to_string(), str::to_string);
    }
    let Some(value) = state.and_then(|s| s.fields.get(&asked.key)).filter(|v| !v.is_null()) else {
        return String::new();
    };
    match asked.kind {
        FieldType::Money | FieldType::Number => process::effects::shown(asked, Some(value), cx.lang),
        FieldType::Time => value
            .as_str()
            .and_then(|text| kernel::Ts::parse(text).ok())
            .map(|at| kit::format::field_time(cx, at))
            .unwrap_or_default(),
        _ => value.as_str().map_or_else(|| value.to_string(), str::to_string),
    }
    .replace(
        "**",
        if secret(asked.kind).is_some_and(|kind| cx.shows(kind) != Show::Full) { "" } else { "**" },
    )
}

/// One field of a form.
pub fn field(
    cx: &Cx,
    asked: &Asked,
    required: bool,
    state: Option<&State>,
    entered: Option<&Value>,
    choices: &Choices,
    errors: &FormErrors,
) -> Markup {
    let name = format!("fields.{}", asked.key);
    let label = asked.label(cx.lang);
    let label = if asked.unit.is_empty() {
        label.to_string()
    } else {
        format!("{label} ({})", access::said(&asked.unit, cx.lang))
    };
    let hidden = secret(asked.kind).filter(|kind| cx.shows(*kind) != Show::Full);
    let value =
        if hidden.is_some() && entered.is_none() { String::new() } else { shown(cx, asked, state, entered) };
    let made = match asked.kind {
        FieldType::Text => Field::text(&name, label),
        FieldType::Serial => Field::text(&name, label).scan(cx.lang),
        FieldType::Area => Field::area(&name, label, 3).full(),
        FieldType::Int | FieldType::Number => Field::number(&name, label),
        FieldType::Money => Field::money(&name, label),
        FieldType::Date => Field::date(&name, label),
        FieldType::Time => Field::datetime(&name, label),
        FieldType::Bool => {
            return html! {
                // A box that is off sends nothing; this says no.
                (ui::hidden(&name, "false"))
                (Field::switch(&name, label).checked(value == "true").error(errors.of(&asked.key)))
            };
        }
        FieldType::Choice => Field::chips(&name, label)
            .options(asked.options.iter().map(|o| (access::option(o).0, access::option_label(o, cx.lang))))
            .full(),
        FieldType::Person | FieldType::Org => {
            let list = if asked.kind == FieldType::Org { &choices.orgs } else { &choices.people };
            Field::select(&name, label).blank("—").options(list.iter().cloned())
        }
        FieldType::Phone => Field::tel(&name, label),
        FieldType::Address => Field::text(&name, label).wide(),
    };
    let made = made.value(value).error(errors.of(&asked.key));
    let made =
        if asked.hint.is_empty() { made } else { made.hint(access::said(&asked.hint, cx.lang).to_string()) };
    let kept = state.is_some_and(|s| !s.text(&asked.key).is_empty());
    let made = match hidden {
        Some(kind) if kept => {
            let masked = cx.mask(kind, &state.map(|s| s.text(&asked.key)).unwrap_or_default());
            made.placeholder(masked)
        }
        _ if required => made.required(),
        _ => made,
    };
    html! { (made) }
}

/// The fields asked by a list such as a step's.
pub fn asked(
    cx: &Cx,
    template: &Template,
    asks: &[String],
    state: Option<&State>,
    entered: Option<&BTreeMap<String, Value>>,
    choices: &Choices,
    errors: &FormErrors,
) -> Markup {
    let list: Vec<(&Asked, bool)> = asks
        .iter()
        .map(|ask| access::asked(ask))
        .filter_map(|(key, optional)| template.field(key).map(|f| (f, !optional)))
        .collect();
    html! {
        @if !list.is_empty() {
            (ui::fields(html! {
                @for (f, required) in list {
                    (field(cx, f, required, state, entered.and_then(|e| e.get(&f.key)), choices, errors))
                }
            }))
        }
    }
}

/// A check list: each point right, wrong or not there, with a note.
pub fn checklist(cx: &Cx, list: &Checklist, state: &State, errors: &FormErrors) -> Markup {
    let marks = state.checks.get(&list.key);
    let options = [("ok", T("正常", "fine")), ("failed", T("异常", "wrong")), ("none", T("不适用", "n/a"))];
    let title = format!("{} ({})", list.label(cx.lang), list.items.len());
    let hint = errors.of(&format!("checks.{}", list.key)).unwrap_or_default();
    ui::fieldset(
        &title,
        &hint,
        html! {
            @for (index, item) in list.items.iter().enumerate() {
                @let name = format!("checks.{}.p{}", list.key, index + 1);
                @let mark = marks.and_then(|m| m.get(&(index + 1).to_string()));
                (Field::chips(&format!("{name}.result"), format!("{}. {}", index + 1, access::said(item, cx.lang)))
                    .options(options.iter().map(|(code, label)| (*code, cx.t(*label))))
                    .value(mark.map(|m| m.result.clone()).unwrap_or_default()).wide())
                (Field::text(&format!("{name}.note"), cx.t(T("说明", "Note")))
                    .value(mark.map(|m| m.note.clone()).unwrap_or_default()).wide())
            }
            (Btn::submit(cx.t(T("未检项全部正常", "All open points are fine"))).sm().name_value("all_ok", &list.key))
        },
    )
}

/// A survey.
pub fn survey(cx: &Cx, survey: &Survey, state: &State, errors: &FormErrors) -> Markup {
    let given = state.answers.get(&survey.key);
    ui::fieldset(
        survey.label(cx.lang),
        "",
        html! {
            (ui::fields(html! {
                @for question in &survey.questions {
                    (answer(cx, survey, question, given.and_then(|g| g.get(&question.key)), errors))
                }
            }))
        },
    )
}

fn answer(
    cx: &Cx,
    survey: &Survey,
    question: &Question,
    given: Option<&Value>,
    errors: &FormErrors,
) -> Markup {
    let name = format!("answers.{}.{}", survey.key, question.key);
    let label = question.label(cx.lang).to_string();
    let value =
        given.filter(|v| !v.is_null()).map(|v| v.as_str().map_or_else(|| v.to_string(), str::to_string));
    let yes_no = || [("true", cx.t(T("是", "yes"))), ("false", cx.t(T("否", "no")))];
    let made = match question.kind {
        QuestionKind::Score => {
            Field::chips(&name, label).options((1..=5).map(|n| (n.to_string(), n.to_string())))
        }
        QuestionKind::Bool => Field::chips(&name, label).options(yes_no()),
        QuestionKind::Text => Field::area(&name, label, 2).full(),
        QuestionKind::Choice => Field::chips(&name, label).options(
            question.options.iter().map(|o| (access::option(o).0, access::option_label(o, cx.lang))),
        ),
    };
    let made = if question.optional { made } else { made.required() };
    html! { (made.maybe(value).error(errors.of(&name))) }
}

/// Serial numbers are scanned into the form itself; pictures, signatures and files are sent beside it.
pub fn scans(cx: &Cx, template: &Template, keys: &[String], state: &State, errors: &FormErrors) -> Markup {
    let serials = keys.iter().filter_map(|key| access::find(&template.evidence, key));
    html! {
        @for proof in serials.filter(|p| p.kind == EvidenceKind::Serial) {
            @let kept = state.scans.get(&proof.key).map(|list| list.join("\n")).unwrap_or_default();
            (Field::area(&format!("scan.{}", proof.key), proof.label(cx.lang), 3).value(kept).full()
                .hint(cx.t(T("每行一个，可连续扫码", "One a line; scan one after the other"))).scan(cx.lang)
                .error(errors.of(&format!("evidence.{}", proof.key))))
        }
    }
}

/// Pictures, signatures and files that a step asks for.
pub fn proofs(cx: &Cx, template: &Template, keys: &[String], state: &State, document: Id) -> Markup {
    let list = keys.iter().filter_map(|key| access::find(&template.evidence, key));
    html! {
        @for proof in list.filter(|p| p.kind != EvidenceKind::Serial) {
            @let count = state.proofs(proof);
            @let title = format!("{} {count}/{}", proof.label(cx.lang), proof.least);
            @if proof.kind == EvidenceKind::Signature {
                (ui::row_end(title, Btn::link(cx.t(T("签名", "Sign")), format!("/documents/{document}/signature/{}", proof.key))
                    .icon("signature").attr("hx-boost", "false")))
            } @else {
                @let accept = if proof.kind == EvidenceKind::Photo { "image/*" } else { "image/*,application/pdf,.xlsx,.docx" };
                (Form::post(format!("/docs/document/{document}/files"), cx.form_key()).multipart().plain().body(html! {
                    (ui::hidden("label", &proof.key))
                    (ui::upload_box(cx.lang, "file", accept, true, &title))
                    (ui::row(&[html! { (Btn::new(cx.t(T("上传", "Upload"))).icon("upload").sm().attr("type", "submit")) }]))
                }))
            }
        }
    }
}

/// The page on which somebody signs with a finger.
pub fn signing(cx: &Cx, template: &Template, key: &str, document: Id) -> Option<Markup> {
    let proof = access::find(&template.evidence, key).filter(|p| p.kind == EvidenceKind::Signature)?;
    let form = Form::post(format!("/documents/{document}/signature/{key}"), cx.form_key()).plain().body(html! {
        (ui::sign_box(cx.lang, "signature", proof.label(cx.lang)))
        (ui::form_actions(cx.lang, cx.t(T("保存签名", "Save the signature")), Some(&format!("/documents/{document}"))))
    });
    Some(form)
}

/// A value as people read it in their language.
pub fn read(cx: &Cx, asked: &Asked, value: Option<&Value>, names: &dyn Fn(&str) -> String) -> String {
    let Some(value) = value.filter(|v| process::names::is_filled(v)) else { return String::new() };
    let text = value.as_str().unwrap_or_default();
    match asked.kind {
        FieldType::Time => {
            kernel::Ts::parse(text).map(|at| kit::format::full_time(cx, at)).unwrap_or_default()
        }
        FieldType::Person | FieldType::Org => names(text),
        _ => match secret(asked.kind) {
            Some(kind) => cx.mask(kind, text),
            None => process::effects::shown(asked, Some(value), cx.lang),
        },
    }
}
