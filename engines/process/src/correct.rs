//! Correcting what was said when a document was opened: a wrong telephone number, the wrong kind.
//!
//! A correction changes values and nothing else: nobody goes on, no trigger fires, no clock starts. What steps asked is
//! not corrected but entered again where the process goes back: its steps check it on the way.

use std::collections::BTreeMap;

use kernel::{Problems, RuleError, T, Ts};
use serde_json::Value;

use crate::{
    access::{Named, asked},
    entry::{needed, take_fields},
    machine::{Entry, SYSTEM, condition, current, problem},
    names,
    state::State,
    template::*,
};

/// What was corrected: field, value before, value now.
pub type Corrected<'a> = Vec<(&'a Field, Value, Value)>;

/// True when an amount that was or is being signed for is computed from the field.
fn signed_for(template: &Template, state: &State, key: &str) -> bool {
    let was = |step: &&Step| state.visits.get(&step.key).copied().unwrap_or(0) > 0;
    let name = format!("f.{key}");
    let reads = |source: &str| {
        source.match_indices(&name).any(|(at, _)| {
            let next = source[at + name.len()..].chars().next();
            !next.is_some_and(|c| c.is_alphanumeric() || c == '_')
        })
    };
    template.steps.iter().filter(was).filter_map(|s| s.approval.as_ref()).any(|a| reads(&a.amount))
}

/// Fields asked at opening that may be corrected now, in order, and the people whose turn it is. `subject`: the run is for another document, which says
/// what the fields bound to it hold.
pub fn open_fields<'a>(template: &'a Template, state: &State, subject: bool) -> Vec<&'a String> {
    let Ok(step) = current(template, state) else { return Vec::new() };
    if step.approval.is_some() {
        return Vec::new();
    }
    let free = |ask: &&String| {
        let key = asked(ask).0;
        let bound = template.field(key).is_none_or(|f| subject && !f.bind.is_empty());
        !bound && !signed_for(template, state, key)
    };
    let mut open: Vec<&String> = template.asks.iter().filter(free).collect();
    // Whoever does this step may fall ill: another person takes it over, be it named at opening or on the way.
    let named = step.who.iter().filter_map(|who| who.strip_prefix("person:"));
    for field in named.filter_map(|key| template.field(key)) {
        let bound = subject && !field.bind.is_empty();
        let given = field.kind == FieldType::Person && !bound && state.fields.contains_key(&field.key);
        if given && !open.iter().any(|ask| asked(ask).0 == field.key) {
            open.push(&field.key);
        }
    }
    open
}

/// Corrects values that were asked at opening, or who does the step that it stands at. Nothing follows from it; a settlement booked already is made good the
/// next time its moment comes.
///
/// Errors: `process.ended`, `process.signing`, `process.signed_for` and `process.bound` and `process.not_opening` at
/// fields, `process.field_…` and `process.needed` at fields, `process.enter`, `process.unchanged`.
pub fn correct<'a>(
    template: &'a Template,
    state: &State,
    fields: &BTreeMap<String, Value>,
    subject: bool,
    now: Ts,
) -> Result<(State, Corrected<'a>), Problems> {
    let step = current(template, state)?;
    if step.approval.is_some() {
        let text = T(
            "正在审批，签完再更正：审批人签的是现在的内容",
            "It is being signed: correct it afterwards, the signers sign what stands there now",
        );
        return Err(problem("process.signing", text).into());
    }
    let open = open_fields(template, state, subject);
    let mut problems = Problems::new();
    for key in fields.keys().filter(|key| !open.iter().any(|ask| asked(ask).0 == *key)) {
        problems.push(refused(template, state, key, subject));
    }
    problems.finish()?;
    let mut next = state.clone();
    let entry = Entry { fields: fields.clone(), ..Entry::default() };
    // What was promised at opening lay ahead then.
    take_fields(template, &open, &entry, &mut next, state.started)?;
    // What was missing before is not this correction's fault.
    let asks: Vec<&String> = template.asks.iter().collect();
    let missing = |state: &State| needed(template, &asks, state, &SYSTEM, now).err().unwrap_or_default();
    let before: Vec<Option<String>> = missing(state).0.into_iter().map(|p| p.field).collect();
    let mut problems = Problems::new();
    missing(&next).0.into_iter().filter(|p| !before.contains(&p.field)).for_each(|p| problems.push(p));
    problems.finish()?;
    if let Some(start) = template.step(&template.start) {
        let values = |state: &State| names::values(template, state, &SYSTEM, "", now);
        let held = condition(template, &start.enter, &start.enter_text, "process.enter", &values(state));
        if held.is_ok() {
            condition(template, &start.enter, &start.enter_text, "process.enter", &values(&next))?;
        }
    }
    let of = |state: &State, key: &str| state.fields.get(key).cloned().unwrap_or(Value::Null);
    let changed = template.fields.iter().filter_map(|field| {
        let (old, new) = (of(state, &field.key), of(&next, &field.key));
        (old != new).then_some((field, old, new))
    });
    let changed: Corrected = changed.collect();
    if changed.is_empty() {
        let text = T("没有改动，无需更正", "Nothing differs: there is nothing to correct");
        return Err(problem("process.unchanged", text).into());
    }
    Ok((next, changed))
}

fn refused(template: &Template, state: &State, key: &str, subject: bool) -> RuleError {
    let field = template.field(key);
    if let Some(field) = field.filter(|field| subject && !field.bind.is_empty()) {
        return problem(
            "process.bound",
            T("“{name}”取自关联单据，请在那里修改", "\"{name}\" is taken from its order: change it there"),
        )
        .arg("name", field.both())
        .field(key);
    }
    let Some(field) = field.filter(|_| template.asks.iter().any(|ask| asked(ask).0 == key)) else {
        let text = T(
            "只能更正开单时填写的内容；步骤里填写的“{key}”请退回那一步重填",
            "Only what was asked at opening can be corrected; what a step asked (\"{key}\") is entered again there",
        );
        let name = field.map_or_else(|| key.to_string(), Named::both);
        return problem("process.not_opening", text).arg("key", name).field(key);
    };
    let text = if signed_for(template, state, key) {
        T("“{name}”已经审批签字，不能更正", "\"{name}\" was signed for and can't be corrected")
    } else {
        T("“{name}”不能更正", "\"{name}\" can't be corrected")
    };
    problem("process.signed_for", text).arg("name", field.both()).field(key)
}
