//! What a process learns from the document it runs for: a field with `bind` takes its value from there.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::{
    access::{asked, find},
    state::{State, field_value},
    template::{Field, FieldType, Template},
};

/// Facts that a document may provide, with the kinds of fields that can hold each.
pub const FACTS: &[(&str, &[FieldType])] = &[
    ("no", &[FieldType::Text]),
    ("customer", &[FieldType::Text]),
    ("contact", &[FieldType::Text]),
    ("phone", &[FieldType::Phone]),
    ("address", &[FieldType::Address]),
    ("region", &[FieldType::Text]),
    ("product", &[FieldType::Text]),
    ("serial", &[FieldType::Serial, FieldType::Text]),
    ("accessories", &[FieldType::Text, FieldType::Area]),
    ("appearance", &[FieldType::Text, FieldType::Area]),
    ("fault", &[FieldType::Text, FieldType::Area]),
    ("demand", &[FieldType::Text, FieldType::Area]),
    ("kind", &[FieldType::Text, FieldType::Choice]),
    ("mode", &[FieldType::Choice]),
    ("warranty", &[FieldType::Choice]),
    ("in_warranty", &[FieldType::Bool]),
    ("urgent", &[FieldType::Bool]),
    ("over_quote", &[FieldType::Money]),
    ("engineer", &[FieldType::Person]),
    ("outlet", &[FieldType::Org]),
    ("appointment", &[FieldType::Time]),
    ("cause", &[FieldType::Choice]),
    ("root_cause", &[FieldType::Text, FieldType::Area]),
    ("result", &[FieldType::Text, FieldType::Area]),
    ("amount", &[FieldType::Money]),
    ("missing", &[FieldType::Text, FieldType::Area]),
    ("done_at", &[FieldType::Time]),
    ("callback", &[FieldType::Choice]),
    ("suggestion", &[FieldType::Text, FieldType::Area]),
    ("confirmed_by", &[FieldType::Text]),
    ("received", &[FieldType::Money]),
    ("sheet_back", &[FieldType::Time]),
    ("score", &[FieldType::Int]),
    ("deduction", &[FieldType::Money]),
];

/// The survey that a document's own callback answers, and how its answers are named among the facts: `answers.quality`.
/// Questions of equal keys are not asked again.
pub const CALLBACK_SURVEY: &str = "callback";
const ANSWER: &str = "answers.";

/// Why work stands still at a step (WO-14).
pub const WAITS: &[&str] = &["parts", "customer", "third_party", "factory", "test", "hard", "other"];

/// Whose a line of the settlement is (DOC-04): the pay of the engineer who leads, or of all who worked on it by their
/// shares (PAY-14); others are settled by the auditor.
pub const PAYEES: &[&str] = &["engineer", "engineers", "outlet", "maker", "customer"];

/// True when a kind of field can hold a fact.
pub fn fits(fact: &str, kind: FieldType) -> bool {
    FACTS.iter().any(|(name, kinds)| *name == fact && kinds.contains(&kind))
}

/// Facts as values of the fields bound to them, at the opening. What a field can't hold, such as a code that is none of
/// its options, is left out: the field is then asked like any other.
pub fn values(template: &Template, facts: &BTreeMap<String, Value>) -> BTreeMap<String, Value> {
    taken(template, &template.start, &BTreeMap::new(), facts)
}

fn taken(
    template: &Template,
    step: &str,
    fields: &BTreeMap<String, Value>,
    facts: &BTreeMap<String, Value>,
) -> BTreeMap<String, Value> {
    let value = |(fact, value): (&String, &Value)| {
        let field = taker(template, step, fields, fact)?;
        Some((field.key.clone(), field_value(field, value, "").ok()?))
    };
    facts.iter().filter_map(value).collect()
}

/// The field that takes a fact. Of several bound to one, say the agent's engineer and the company's, it is the one asked
/// where the run stands, else the last that says something, else the first.
fn taker<'a>(
    template: &'a Template,
    step: &str,
    fields: &BTreeMap<String, Value>,
    fact: &str,
) -> Option<&'a Field> {
    let bound: Vec<&Field> = template.fields.iter().filter(|field| field.bind == fact).collect();
    if bound.len() < 2 {
        return bound.first().copied();
    }
    let asks = template.step(step).map(|step| step.asks.as_slice()).unwrap_or_default();
    let here = |field: &&&Field| asks.iter().any(|ask| asked(ask).0 == field.key);
    let says = |field: &&&Field| fields.get(&field.key).is_some_and(crate::names::is_filled);
    bound.iter().find(here).or_else(|| bound.iter().rfind(says)).or(bound.first()).copied()
}

/// Takes facts over into a run; true when something changed. An empty fact does not wipe out what people entered.
pub fn refresh(template: &Template, state: &mut State, facts: &BTreeMap<String, Value>) -> bool {
    let mut changed = false;
    for (key, value) in taken(template, &state.step, &state.fields, facts) {
        if crate::names::is_filled(&value) && state.fields.get(&key) != Some(&value) {
            state.fields.insert(key, value);
            changed = true;
        }
    }
    answer(template, state, facts) || changed
}

fn answer(template: &Template, state: &mut State, facts: &BTreeMap<String, Value>) -> bool {
    let Some(survey) = find(&template.surveys, CALLBACK_SURVEY) else { return false };
    let mut changed = false;
    for question in &survey.questions {
        let given = facts.get(&format!("{ANSWER}{}", question.key));
        // What does not fit the question is asked like any other.
        let Some(Ok(value)) = given.map(|given| crate::entry::answer(question, given)) else { continue };
        let known = state.answers.entry(survey.key.clone()).or_default();
        if crate::names::is_filled(&value) && known.get(&question.key) != Some(&value) {
            known.insert(question.key.clone(), value);
            changed = true;
        }
    }
    changed
}

/// Values of bound fields by the name of their fact: what a run says about the document it runs for. Of several fields
/// bound to one fact the last that says something counts.
pub fn said(template: &Template, state: &State) -> BTreeMap<String, Value> {
    let bound = template.fields.iter().filter(|field| !field.bind.is_empty());
    bound
        .filter_map(|field| Some((field.bind.clone(), state.fields.get(&field.key)?.clone())))
        .filter(|(_, value)| crate::names::is_filled(value))
        .collect()
}
