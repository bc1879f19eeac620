//! Telling the customer something.

use kernel::{Problems, T, Ts};

use crate::{
    access::{Named, find},
    actor::{Actor, SYSTEM, is_among},
    effects::{self, Effect},
    machine::{Outcome, condition, current, not_you, problem, told_by},
    names,
    state::State,
    template::*,
};

/// Somebody tells the customer something: counted and logged (P-04).
///
/// Errors: `process.no_message`, `process.message_step`, `process.who_may`, `process.when`.
pub fn message(
    template: &Template,
    state: &State,
    key: &str,
    actor: &Actor,
    now: Ts,
) -> Result<Outcome, Problems> {
    let step = current(template, state)?;
    let kind = find(&template.messages, key)
        .ok_or_else(|| problem("process.no_message", T("没有这种通知", "There is no such message")))?;
    if !kind.steps.contains(&step.key) {
        return Err(problem(
            "process.message_step",
            T("这一步不发“{name}”", "\"{name}\" is not given at this step"),
        )
        .arg("name", kind.both())
        .into());
    }
    let people = if kind.who.is_empty() { &step.who } else { &kind.who };
    if !is_among(actor, people, state) {
        return Err(not_you(kind).into());
    }
    let values = names::values(template, state, actor, "", now);
    condition(template, &kind.when, &kind.when_text, "process.when", &values)?;
    told_by(template, state, key, effects::message(template, kind, state, ""), actor, now)
}

/// The customer was told something elsewhere, in these words: it counts as if it had been told here. None: the template
/// has no such message, or the run has ended.
///
/// Errors: those of a move that a trigger makes.
pub fn told(
    template: &Template,
    state: &State,
    key: &str,
    text: &str,
    now: Ts,
) -> Result<Option<Outcome>, Problems> {
    let Some(kind) = find(&template.messages, key).filter(|_| state.ended.is_none()) else { return Ok(None) };
    let mut effect = effects::message(template, kind, state, "");
    if let Effect::Message { text: words, .. } = &mut effect {
        *words = text.to_string();
    }
    told_by(template, state, key, effect, &SYSTEM, now).map(Some)
}
