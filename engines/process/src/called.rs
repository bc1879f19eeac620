//! Callbacks that a process makes itself (CB-09): what the customer said is the callback of the document it runs for.

use kernel::T;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{access::find, effects::Effect, facts::CALLBACK_SURVEY, state::State, template::Template};

/// Classes of the result of a callback (OUTLET-05). As `what` of a callback: the process called, and this came of it.
pub const CLASSES: &[(&str, T)] = &[
    ("satisfied", T("满意", "Satisfied")),
    ("unsatisfied", T("回访不满意", "Unsatisfied")),
    ("complaint", T("来电投诉", "Complaint")),
    ("not_fixed_once", T("一次维修不到位", "Not fixed first time")),
    ("not_fixed_repeatedly", T("多次维修不到位", "Repeatedly not fixed")),
    ("bad_attitude", T("服务态度不满意", "Bad attitude")),
];
/// As `what`: the process called; the class stands in the field bound to `callback`.
pub const RESULT: &str = "result";
/// As `what`: the process called in vain until it gave up.
pub const UNREACHED: &str = "unreached";

/// An answer of the callback, in words that need no template.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Said {
    /// Key of the question, or `suggestion`.
    pub question: String,
    /// The question as it was asked.
    pub text: String,
    /// `1` to `5`, `yes`, `no`, or words.
    pub value: String,
}

/// True when a callback of this kind was made already, so that nobody has to be called.
pub fn is_over(kind: &str) -> bool {
    kind == UNREACHED || is_class(kind)
}

/// Puts the result in its place; none while the class is not known. Callbacks yet to be made stay what they are.
pub(crate) fn result(template: &Template, state: &State, effect: Effect) -> Option<Effect> {
    let Effect::Callback { kind, span, due, text, .. } = effect else { return Some(effect) };
    let kind = if kind == RESULT { class(template, state)? } else { kind };
    let said = if is_over(&kind) { answers(template, state) } else { Vec::new() };
    Some(Effect::Callback { kind, span, due, text, said })
}

fn class(template: &Template, state: &State) -> Option<String> {
    let class = state.text(&field(template)?.key);
    is_class(&class).then_some(class)
}

fn is_class(code: &str) -> bool {
    CLASSES.iter().any(|(class, _)| *class == code)
}

/// The field that holds the class.
pub(crate) fn field(template: &Template) -> Option<&crate::template::Field> {
    template.fields.iter().find(|field| field.bind == "callback")
}

fn answers(template: &Template, state: &State) -> Vec<Said> {
    let mut said = Vec::new();
    let known = state.answers.get(CALLBACK_SURVEY);
    let survey = find(&template.surveys, CALLBACK_SURVEY);
    for question in survey.map(|survey| survey.questions.as_slice()).unwrap_or_default() {
        let Some(value) = known.and_then(|known| known.get(&question.key)).map(words) else { continue };
        said.push(Said { question: question.key.clone(), text: question.name.clone(), value });
    }
    for field in template.fields.iter().filter(|field| field.bind == "suggestion") {
        let value = state.text(&field.key);
        said.push(Said { question: field.bind.clone(), text: field.name.clone(), value });
    }
    said.retain(|said| !said.value.is_empty());
    said
}

fn words(value: &Value) -> String {
    match value {
        Value::Bool(true) => "yes".into(),
        Value::Bool(false) => "no".into(),
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        other => other.to_string(),
    }
}
