//! The context of expressions: what they may name, and the values behind the names.

use std::collections::BTreeSet;

use kernel::Ts;
use serde_json::{Map, Value, json};

use crate::{
    actor::Actor,
    expr::{Names, Values, day_number},
    state::State,
    template::*,
};

/// What expressions of a template may name.
pub fn names(template: &Template) -> Names {
    let of = |keys: Vec<&String>| keys.into_iter().cloned().collect::<BTreeSet<_>>();
    let none = BTreeSet::new;
    Names::from([
        ("f", of(template.fields.iter().map(|x| &x.key).collect())),
        ("filled", of(template.fields.iter().map(|x| &x.key).collect())),
        ("checks", of(template.checklists.iter().map(|x| &x.key).collect())),
        ("evidence", of(template.evidence.iter().map(|x| &x.key).collect())),
        ("messages", of(template.messages.iter().map(|x| &x.key).collect())),
        ("told", of(template.messages.iter().map(|x| &x.key).collect())),
        ("answers", of(template.surveys.iter().map(|x| &x.key).collect())),
        ("visits", of(template.steps.iter().map(|x| &x.key).collect())),
        ("came", of(template.steps.iter().map(|x| &x.key).collect())),
        ("ends", of(ends(template).collect())),
        ("late", of(template.timers.iter().map(|x| &x.key).collect())),
        ("actor", ["roles", "posts"].map(str::to_string).into()),
        ("step", none()),
        ("reason", none()),
        ("now", none()),
        ("today", none()),
        ("started", none()),
        ("opened", none()),
        ("entered", none()),
    ])
}

/// Steps at which a process ends.
fn ends(template: &Template) -> impl Iterator<Item = &String> {
    template.steps.iter().filter(|step| step.end).map(|step| &step.key)
}

/// True when some condition asks how other documents of the type ended.
pub fn counts_ends(template: &Template) -> bool {
    let steps = template.steps.iter().flat_map(|step| [&step.enter, &step.leave]);
    let fields = template.fields.iter().map(|field| &field.required_when);
    let triggers = template.triggers.iter().map(|trigger| &trigger.when);
    let mut all = template.moves.iter().map(|made| &made.when).chain(steps).chain(fields).chain(triggers);
    all.any(|text| text.contains("ends."))
}

fn seconds(at: Ts) -> i64 {
    at.0.div_euclid(1_000_000)
}

/// A field's value in expressions; what is empty counts as nothing of its kind, so no condition fails over it.
fn field_value(field: &Field, value: Option<&Value>) -> Value {
    let value = value.filter(|v| !v.is_null());
    let text = || json!(value.and_then(Value::as_str).unwrap_or_default());
    match field.kind {
        FieldType::Int | FieldType::Number | FieldType::Money => {
            json!(value.and_then(Value::as_i64).unwrap_or(0))
        }
        FieldType::Bool => json!(value.and_then(Value::as_bool).unwrap_or(false)),
        FieldType::Date => json!(value.and_then(Value::as_str).and_then(day_number).unwrap_or(0)),
        FieldType::Time => {
            let at = value.and_then(Value::as_str).and_then(|text| Ts::parse(text).ok());
            json!(at.map_or(0, seconds))
        }
        _ => text(),
    }
}

fn checks(template: &Template, state: &State) -> Value {
    let one = |list: &Checklist| {
        let marks = state.checks.get(&list.key);
        let count = |result: &str| {
            marks.map_or(0, |marks| marks.values().filter(|mark| mark.result == result).count() as i64)
        };
        let (ok, failed, none) = (count("ok"), count("failed"), count("none"));
        json!({ "total": list.items.len(), "done": ok + failed + none, "ok": ok, "failed": failed })
    };
    Value::Object(template.checklists.iter().map(|list| (list.key.clone(), one(list))).collect())
}

fn answers(template: &Template, state: &State) -> Value {
    let one = |survey: &Survey| {
        let given = state.answers.get(&survey.key);
        let answer = |question: &Question| {
            let value = given.and_then(|given| given.get(&question.key)).cloned();
            let nothing = match question.kind {
                QuestionKind::Score => json!(0),
                QuestionKind::Bool => json!(false),
                QuestionKind::Text | QuestionKind::Choice => json!(""),
            };
            (question.key.clone(), value.filter(|v| !v.is_null()).unwrap_or(nothing))
        };
        Value::Object(survey.questions.iter().map(answer).collect())
    };
    Value::Object(template.surveys.iter().map(|survey| (survey.key.clone(), one(survey))).collect())
}

/// The values of all names for a run.
pub fn values(template: &Template, state: &State, actor: &Actor, reason: &str, now: Ts) -> Values {
    let fields = template.fields.iter();
    let f: Map<String, Value> =
        fields.clone().map(|x| (x.key.clone(), field_value(x, state.fields.get(&x.key)))).collect();
    let filled: Map<String, Value> =
        fields.map(|x| (x.key.clone(), json!(state.fields.get(&x.key).is_some_and(is_filled)))).collect();
    let count = |keys: Vec<&String>, map: &std::collections::BTreeMap<String, i64>| -> Value {
        Value::Object(
            keys.into_iter().map(|k| (k.clone(), json!(map.get(k).copied().unwrap_or(0)))).collect(),
        )
    };
    let last = |keys: Vec<&String>, map: &std::collections::BTreeMap<String, Ts>| -> Value {
        let at = |key: &String| json!(map.get(key).map_or(0, |at| seconds(*at)));
        Value::Object(keys.into_iter().map(|key| (key.clone(), at(key))).collect())
    };
    let evidence: Map<String, Value> =
        template.evidence.iter().map(|e| (e.key.clone(), json!(state.proofs(e)))).collect();
    let late: Map<String, Value> =
        template.timers.iter().map(|t| (t.key.clone(), json!(state.over.contains(&t.key)))).collect();
    let zone = kernel::zone_or_home(&state.zone);
    let epoch = kernel::Ts(0).date_in(&kernel::Tz::UTC);
    let day = |at: Ts| at.date_in(&zone).days_since(epoch);
    Values::from([
        ("f", Value::Object(f)),
        ("filled", Value::Object(filled)),
        ("checks", checks(template, state)),
        ("evidence", Value::Object(evidence)),
        ("messages", count(template.messages.iter().map(|m| &m.key).collect(), &state.messages)),
        ("told", last(template.messages.iter().map(|m| &m.key).collect(), &state.told)),
        ("answers", answers(template, state)),
        ("visits", count(template.steps.iter().map(|s| &s.key).collect(), &state.visits)),
        ("came", last(template.steps.iter().map(|s| &s.key).collect(), &state.came)),
        ("ends", count(ends(template).collect(), &state.ends)),
        ("late", Value::Object(late)),
        ("actor", json!({ "roles": actor.roles, "posts": actor.posts })),
        ("step", json!(state.step)),
        ("reason", json!(reason)),
        ("now", json!(seconds(now))),
        ("today", json!(day(now))),
        ("started", json!(seconds(state.started))),
        ("opened", json!(day(state.started))),
        ("entered", json!(seconds(state.entered))),
    ])
}

/// True when a stored value says something.
pub fn is_filled(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::String(text) => !text.is_empty(),
        _ => true,
    }
}
