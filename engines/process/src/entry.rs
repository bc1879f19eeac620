//! What people enter: taken only where it is asked, and complete before a run goes on.

use kernel::{Problems, RuleError, T, Ts};
use serde_json::Value;

use crate::{
    access::{Named, asked, find},
    actor::Actor,
    expr::Values,
    machine::{Entry, holds, problem},
    names,
    state::{State, field_value},
    template::*,
};

/// Fields that may be filled in at a step and with a move.
pub(crate) fn take(
    template: &Template,
    step: &Step,
    made: Option<&Move>,
    entry: &Entry,
    next: &mut State,
    now: Ts,
) -> Result<(), Problems> {
    let mut asks = template.asks_at(step, next);
    asks.extend(made.iter().flat_map(|m| &m.asks));
    take_fields(template, &asks, entry, next, now)?;
    for (list, marks) in &entry.checks {
        let Some(points) = find(&template.checklists, list).filter(|_| step.checklists.contains(list)) else {
            return Err(not_asked(list).into());
        };
        let known = next.checks.entry(list.clone()).or_default();
        for (point, mark) in marks {
            // Forms write p1: bare numbers would make a list there.
            let point = point.trim_start_matches('p');
            let there = point.parse::<usize>().is_ok_and(|n| (1..=points.items.len()).contains(&n));
            if !there || !matches!(mark.result.as_str(), "" | "ok" | "failed" | "none") {
                return Err(not_asked(&format!("checks.{list}.{point}")).into());
            }
            if mark.result.is_empty() {
                known.remove(point)
            } else {
                known.insert(point.to_string(), mark.clone())
            };
        }
    }
    for (proof, scans) in &entry.scans {
        if !step.evidence.contains(proof) || scans.len() > 500 {
            return Err(not_asked(proof).into());
        }
        let scans = scans.iter().map(|s| s.trim().to_string()).filter(|s| !s.is_empty());
        next.scans.insert(proof.clone(), scans.collect());
    }
    for (survey, answers) in &entry.answers {
        let Some(asked) = find(&template.surveys, survey).filter(|_| step.surveys.contains(survey)) else {
            return Err(not_asked(survey).into());
        };
        let known = next.answers.entry(survey.clone()).or_default();
        for (question, value) in answers {
            let question = find(&asked.questions, question).ok_or_else(|| not_asked(question))?;
            known.insert(question.key.clone(), answer(question, value)?);
        }
    }
    Ok(())
}

pub(crate) fn answer(question: &Question, given: &Value) -> Result<Value, RuleError> {
    let kind = match question.kind {
        QuestionKind::Score => FieldType::Int,
        QuestionKind::Bool => FieldType::Bool,
        QuestionKind::Text => FieldType::Text,
        QuestionKind::Choice => FieldType::Choice,
    };
    let score = question.kind == QuestionKind::Score;
    let field = Field {
        key: question.key.clone(),
        name: question.name.clone(),
        name_en: question.name_en.clone(),
        kind,
        options: question.options.clone(),
        least: score.then_some(1),
        most: score.then_some(5),
        ..Field::default()
    };
    field_value(&field, given, "")
}

pub(crate) fn take_fields(
    template: &Template,
    asks: &[&String],
    entry: &Entry,
    next: &mut State,
    now: Ts,
) -> Result<(), Problems> {
    let mut problems = Problems::new();
    for (key, given) in &entry.fields {
        let asked_here = asks.iter().any(|ask| asked(ask).0 == key);
        match template.field(key).filter(|_| asked_here) {
            None => problems.push(not_asked(key)),
            Some(field) => {
                if let Some(value) = problems.take(field_value(field, given, &next.zone)) {
                    problems.take(still_ahead(field, &value, next, now));
                    next.fields.insert(key.clone(), value);
                }
            }
        }
    }
    problems.finish()
}

/// A promise that was over when it was typed: minutes pass while somebody types.
const TYPING: i64 = 5 * 60_000_000;

/// What is promised lies ahead when it is entered; what stood there already may be over by now (DOC-03).
fn still_ahead(field: &Field, value: &Value, state: &State, now: Ts) -> Result<(), RuleError> {
    let text = value.as_str().unwrap_or_default();
    let zone = kernel::zone_or_home(&state.zone);
    let over = match field.kind {
        FieldType::Date => kernel::Date::parse_iso(text).is_ok_and(|day| day < now.date_in(&zone)),
        FieldType::Time => Ts::parse(text).is_ok_and(|at| at.0.saturating_add(TYPING) < now.0),
        _ => false,
    };
    // Forms send back what stands there, without its seconds.
    let minute = |text: &str| Ts::parse(text).ok().map(|at| at.0.div_euclid(60_000_000));
    let before = state.text(&field.key);
    let kept = before == text || minute(&before).is_some_and(|at| minute(text) == Some(at));
    if !field.ahead || !over || kept {
        return Ok(());
    }
    let text =
        T("“{name}”已经过去，请填还没到的时间", "\"{name}\" is over already: enter what is still ahead");
    Err(problem("process.field_past", text).arg("name", field.both()).field(&field.key))
}

fn not_asked(key: &str) -> RuleError {
    problem("process.not_asked", T("这一步不填“{key}”", "\"{key}\" is not asked at this step"))
        .arg("key", key)
        .field(key)
}

/// Fields that keep the first value of another take it over: the class an outlet is rated by stays what it was when
/// serving again made the customer happy.
pub(crate) fn keep(
    template: &Template,
    state: &mut State,
    actor: &Actor,
    reason: &str,
    now: Ts,
) -> Result<(), RuleError> {
    for field in template.fields.iter().filter(|f| !f.keeps.is_empty()) {
        if state.fields.get(&field.key).is_some_and(names::is_filled) {
            continue;
        }
        let value = state.fields.get(&field.keeps).filter(|v| names::is_filled(v)).cloned();
        let values = names::values(template, state, actor, reason, now);
        if let Some(value) = value
            && holds(template, &field.keeps_when, &values)?
        {
            state.fields.insert(field.key.clone(), value);
        }
    }
    Ok(())
}

/// Fields that must be filled: asked without `?`, or required by their own condition.
pub(crate) fn needed(
    template: &Template,
    asks: &[&String],
    state: &State,
    actor: &Actor,
    now: Ts,
) -> Result<(), Problems> {
    let mut problems = Problems::new();
    let values = names::values(template, state, actor, "", now);
    for ask in asks {
        let (key, optional) = asked(ask);
        let Some(field) = template.field(key) else { continue };
        let required = if optional {
            !field.required_when.is_empty() && holds(template, &field.required_when, &values)?
        } else {
            true
        };
        let filled = state.fields.get(key).is_some_and(names::is_filled);
        problems.check(!required || filled, || {
            problem("process.needed", T("请填写“{name}”", "\"{name}\" is needed"))
                .arg("name", field.both())
                .field(key)
        });
    }
    problems.finish()
}

pub(crate) fn proofs(
    template: &Template,
    step: &Step,
    state: &State,
    values: &Values,
    problems: &mut Problems,
) -> Result<(), RuleError> {
    for list in step.checklists.iter().filter_map(|key| find(&template.checklists, key)) {
        let marks = state.checks.get(&list.key);
        let good = |n: usize| {
            marks.and_then(|m| m.get(&n.to_string())).is_some_and(|mark| match mark.result.as_str() {
                "ok" | "none" => true,
                // What is wrong is explained, and not allowed to stay where everything must be right.
                "failed" => !list.all_ok && !mark.note.trim().is_empty(),
                _ => false,
            })
        };
        let open: Vec<String> = (1..=list.items.len()).filter(|n| !good(*n)).map(|n| n.to_string()).collect();
        problems.check(open.is_empty(), || {
            problem(
                "process.checklist",
                T(
                    "“{name}”还有未检、不合格或缺说明的项：{points}",
                    "\"{name}\": points open, wrong or unexplained: {points}",
                ),
            )
            .arg("name", list.both())
            .arg("points", open.join("、"))
            .field(format!("checks.{}", list.key))
        });
    }
    for proof in step.evidence.iter().filter_map(|key| find(&template.evidence, key)) {
        let enough = state.proofs(proof) >= proof.least || !holds(template, &proof.when, values)?;
        problems.check(enough, || {
            problem(
                "process.evidence",
                T("还缺“{name}”，需要 {least} 份", "\"{name}\" is missing: {least} needed"),
            )
            .arg("name", proof.both())
            .arg("least", proof.least)
            .field(format!("evidence.{}", proof.key))
        });
    }
    for survey in step.surveys.iter().filter_map(|key| find(&template.surveys, key)) {
        let given = state.answers.get(&survey.key);
        for question in survey.questions.iter().filter(|q| !q.optional) {
            let there = given.and_then(|g| g.get(&question.key)).is_some_and(names::is_filled);
            problems.check(there, || {
                problem("process.survey", T("请回答“{name}”", "Answer \"{name}\""))
                    .arg("name", question.both())
                    .field(format!("answers.{}.{}", survey.key, question.key))
            });
        }
    }
    Ok(())
}
