//! What a template should be looked at for before it is used: steps from which some answers lead nowhere.

use std::collections::BTreeMap;

use kernel::{Lang, RuleError, T, Ts};
use serde_json::{Value, json};

use crate::{
    access::{Named, option, option_label},
    machine::{SYSTEM, holds},
    names,
    state::State,
    template::*,
};

/// Most combinations of answers that are tried for a step.
const MOST_CASES: usize = 600;

/// Steps whose every way on has conditions that may all fail: by step, with the answers that lead nowhere.
///
/// Yes/no and choice fields are tried in every combination; whatever else conditions look at (amounts, proofs,
/// messages) may be there or not, and counts as a way on when either lets one through. Calling off is no way on.
pub(crate) fn stuck(template: &Template) -> Vec<(usize, RuleError)> {
    let steps = template.steps.iter().enumerate();
    let found = steps.filter(|(_, s)| !s.end && !s.auto && s.approval.is_none());
    found.filter_map(|(index, step)| Some((index, told(step, &case(template, step)?)))).collect()
}

fn told(step: &Step, case: &str) -> RuleError {
    let text = T(
        "“{step}”：{case} 时没有往下走的动作，只能取消或改填",
        "\"{step}\": with {case} no move leads on; only calling off, or other answers",
    );
    RuleError::new("process.stuck", text).arg("step", step.both()).arg("case", case)
}

/// Conditions of a way on: of the move, of leaving the step and of entering the next.
fn conditions<'a>(template: &'a Template, step: &'a Step, made: &'a Move) -> Vec<&'a str> {
    let leave = if made.kind == MoveKind::Next { step.leave.as_str() } else { "" };
    let enter = template.step(&made.to).map_or("", |to| to.enter.as_str());
    [made.when.as_str(), leave, enter].into_iter().filter(|text| !text.is_empty()).collect()
}

/// Answers with which no move leads on; none: there is always a way.
fn case(template: &Template, step: &Step) -> Option<String> {
    let ways: Vec<Vec<&str>> = template
        .moves_from(&step.key)
        .filter(|made| made.kind != MoveKind::Cancel)
        .map(|made| conditions(template, step, made))
        .collect();
    if ways.iter().any(Vec::is_empty) {
        return None;
    }
    let named = |key: &str| {
        let name = format!(".{key}");
        let ends = |rest: &str| !rest.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_');
        ways.iter()
            .flatten()
            .any(|text| text.match_indices(&name).any(|(at, _)| text.get(at + name.len()..).is_none_or(ends)))
    };
    let asked: Vec<(&Field, Vec<Value>)> = template
        .fields
        .iter()
        .filter(|field| named(&field.key))
        .filter_map(|field| match field.kind {
            FieldType::Bool => Some((field, vec![json!(false), json!(true)])),
            FieldType::Choice => Some((field, field.options.iter().map(|o| json!(option(o).0)).collect())),
            _ => None,
        })
        .collect();
    let cases: usize = asked.iter().map(|(_, values)| values.len()).product();
    if asked.is_empty() || cases > MOST_CASES {
        return None;
    }
    let rest = [sample(template, step, 0), sample(template, step, 1), sample(template, step, 9_999_999)];
    for number in 0..cases {
        let (mut left, mut answers) = (number, BTreeMap::new());
        for (field, values) in &asked {
            if let Some(value) = values.get(left % values.len()) {
                answers.insert(field.key.clone(), value.clone());
            }
            left /= values.len().max(1);
        }
        let open = rest.iter().any(|sample| {
            let mut state = sample.clone();
            state.fields.extend(answers.clone());
            let values = names::values(template, &state, &SYSTEM, "", Ts(0));
            ways.iter().any(|way| way.iter().all(|text| holds(template, text, &values).unwrap_or(true)))
        });
        if !open {
            return Some(T::both(&said(&asked, &answers, Lang::Zh), &said(&asked, &answers, Lang::En)));
        }
    }
    None
}

/// Answers as people read them: names of fields and of choices.
fn said(asked: &[(&Field, Vec<Value>)], answers: &BTreeMap<String, Value>, lang: Lang) -> String {
    let word = |field: &Field| {
        let answer = match answers.get(&field.key)? {
            Value::Bool(yes) => T(if *yes { "是" } else { "否" }, if *yes { "yes" } else { "no" }).get(lang),
            value => {
                let code = value.as_str()?;
                field.options.iter().find(|o| option(o).0 == code).map_or("", |o| option_label(o, lang))
            }
        };
        Some(format!("{} = {answer}", field.label(lang)))
    };
    let words: Vec<String> = asked.iter().filter_map(|(field, _)| word(field)).collect();
    words.join(T("，", ", ").get(lang))
}

/// A run in which everything else is empty, there, or plenty.
fn sample(template: &Template, step: &Step, amount: i64) -> State {
    let mut state = State::new(Ts(0));
    state.step = step.key.clone();
    if amount == 0 {
        return state;
    }
    for field in &template.fields {
        let value = match field.kind {
            FieldType::Int | FieldType::Number | FieldType::Money => json!(amount),
            FieldType::Date => json!("2026-11-18"),
            FieldType::Time => json!("2026-11-18T01:00:00Z"),
            FieldType::Bool | FieldType::Choice => continue,
            _ => json!("x"),
        };
        state.fields.insert(field.key.clone(), value);
    }
    let many = |keys: Vec<&String>| keys.into_iter().map(|key| (key.clone(), 9)).collect();
    state.messages = many(template.messages.iter().map(|m| &m.key).collect());
    state.files = many(template.evidence.iter().map(|e| &e.key).collect());
    state
}
