//! Past work replayed under another template: which move would be refused, what else would have been asked, when its
//! clocks would have been due. Nothing is stored, nobody is told.

use std::collections::BTreeMap;

use kernel::{BusinessCalendar, Lang, Pause, Problems, Span, Ts};
use process::{
    Effect, Entry, Macro, MoveKind, Named, Outcome, State, Template,
    access::{asked, find},
    machine,
    names::is_filled,
};
use serde_json::Value;

use super::model::{DueChange, Replay};
use crate::document::model::EntryRow;

/// Most moves between two stages that somebody would have made without the past knowing.
const MOST_BETWEEN: usize = 8;
/// Most attempts at finding the way between two stages.
const MOST_TRIES: usize = 200;

/// A clock as it would have run.
struct Clock {
    start: Ts,
    span: String,
    due: Option<Ts>,
    pauses: Vec<Pause>,
    ended: bool,
}

/// Clocks of a replay, by their keys; the last start of each.
#[derive(Default)]
struct Clocks(BTreeMap<String, Clock>);

impl Clocks {
    fn take(&mut self, effects: &[Effect], at: Ts) {
        for effect in effects {
            match effect {
                // One that runs is not started anew.
                Effect::Start { timer, .. } if self.0.get(timer).is_some_and(|clock| !clock.ended) => {}
                Effect::Start { timer, span, due } => {
                    let (span, due) = (span.clone(), *due);
                    let clock = Clock { start: at, span, due, pauses: Vec::new(), ended: false };
                    self.0.insert(timer.clone(), clock);
                }
                Effect::Stop { timer } => {
                    if let Some(clock) = self.0.get_mut(timer) {
                        clock.ended = true;
                    }
                }
                Effect::StopAll => self.0.values_mut().for_each(|clock| clock.ended = true),
                Effect::Pause { timers } => self.each(timers, |clock| {
                    if clock.pauses.last().is_none_or(|p| p.to.is_some()) {
                        clock.pauses.push(Pause { from: at, to: None, reason: String::new() });
                    }
                }),
                Effect::Resume { timers } => self.each(timers, |clock| {
                    if let Some(open) = clock.pauses.last_mut().filter(|p| p.to.is_none()) {
                        open.to = Some(at);
                    }
                }),
                _ => {}
            }
        }
    }

    fn each(&mut self, keys: &[String], change: impl Fn(&mut Clock)) {
        for key in keys {
            if let Some(clock) = self.0.get_mut(key).filter(|clock| !clock.ended) {
                change(clock);
            }
        }
    }

    /// When each was due; clocks that wait for a field, or stand still, are due at no time.
    fn dues(&self, template: &Template, calendar: &BusinessCalendar) -> BTreeMap<String, Option<Ts>> {
        let due = |key: &str, clock: &Clock| {
            let before = find(&template.timers, key).and_then(|t| Span::parse(&t.before).ok());
            if let (Some(point), Some(span @ Span::WorkingMinutes(_))) = (clock.due, before) {
                return kernel::ahead(point, &span, calendar).ok();
            }
            clock.due.or_else(|| {
                let span = Span::parse(&clock.span).ok()?;
                kernel::due(clock.start, &span, calendar, &clock.pauses).ok()?.due
            })
        };
        self.0.iter().map(|(key, clock)| (key.clone(), due(key, clock))).collect()
    }
}

fn put_data(next: &mut State, last: &State) {
    next.fields = last.fields.clone();
    next.checks = last.checks.clone();
    next.used.clear();
    next.scans = last.scans.clone();
    next.files = last.files.clone();
    next.answers = last.answers.clone();
    next.messages = last.messages.clone();
    next.told = last.told.clone();
}

fn refuse(out: &mut Replay, what: &str, problems: &Problems) {
    let said = |lang| {
        let all: Vec<String> = problems.0.iter().map(|p| p.message(lang)).collect();
        format!("{what} {}", all.join("; ")).trim().to_string()
    };
    out.refused = Some(said(Lang::Zh));
    out.refused_en = Some(said(Lang::En));
}

fn same_moves(template: &Template, last: &State, entries: &[EntryRow], out: &mut Replay) -> Clocks {
    let anybody = process::Actor { anybody: true, ..process::Actor::default() };
    let mut state: Option<State> = None;
    let mut clocks = Clocks::default();
    for entry in entries.iter().filter(|e| matches!(e.kind.as_str(), "opened" | "moved")) {
        let system = entry.user_id == kernel::Id::NIL;
        let actor = if system { &machine::SYSTEM } else { &anybody };
        let result = match &state {
            None => {
                let known = |key: &str| last.fields.get(key).map(|v| (key.to_string(), v.clone()));
                let fields = template.asks.iter().filter_map(|ask| known(asked(ask).0)).collect();
                machine::begin(template, &Entry { fields, ..Entry::default() }, actor, entry.at, &last.zone)
            }
            // A decision or a trigger of the new version led here already.
            Some(now) if system && now.step == entry.to_step => continue,
            Some(now) => {
                machine::act(template, now, &entry.act, &entry.text, &Entry::default(), actor, entry.at)
            }
        };
        out.moves += 1;
        match result {
            Ok(outcome) => {
                out.passed += 1;
                clocks.take(&outcome.effects, entry.at);
                let mut next = outcome.state;
                put_data(&mut next, last);
                state = Some(next);
            }
            Err(problems) => {
                refuse(out, &entry.act, &problems);
                break;
            }
        }
    }
    clocks
}

/// Replays a document's moves under another version of its template, with the data it ended with, and compares when its
/// clocks were due. `before`: the version it ran under.
pub fn replay(
    template: &Template,
    before: &Template,
    calendar: &BusinessCalendar,
    (last, entries): (&State, &[EntryRow]),
    blank: Replay,
) -> Replay {
    let mut out = blank.clone();
    let now = same_moves(template, last, entries, &mut out).dues(template, calendar);
    let was = same_moves(before, last, entries, &mut blank.clone()).dues(before, calendar);
    let keys: std::collections::BTreeSet<&String> = now.keys().chain(was.keys()).collect();
    let changed = keys.into_iter().filter_map(|key| {
        // Where a refusal cut it short, clocks behind it were never started.
        if out.refused.is_some() && !now.contains_key(key) {
            return None;
        }
        let (old, new) = (was.get(key).copied().flatten(), now.get(key).copied().flatten());
        let timer = find(&template.timers, key).or_else(|| find(&before.timers, key))?;
        let (name, name_en) = (timer.label(Lang::Zh).to_string(), timer.label(Lang::En).to_string());
        (old != new).then(|| DueChange { timer: key.clone(), name, name_en, was: old, now: new })
    });
    let changed = changed.collect();
    Replay { dues: changed, ..out }
}

/// Work that followed other steps: what is known of it, and when it went to which stage.
pub struct Past<'a> {
    /// Values by the template's own fields.
    pub fields: BTreeMap<String, Value>,
    /// When it was opened.
    pub opened: Ts,
    /// The zone its clocks counted in.
    pub zone: &'a str,
    /// Stages, and why.
    pub stages: &'a [(Ts, Macro, String)],
}

/// Takes another process's values over: fields of the same key or fact that can hold them.
pub fn adopt(
    template: &Template,
    other: &Template,
    values: &BTreeMap<String, Value>,
    zone: &str,
) -> BTreeMap<String, Value> {
    let fits = |field: &process::Field| {
        let same = |f: &&process::Field| {
            f.kind == field.kind && (f.key == field.key || (!f.bind.is_empty() && f.bind == field.bind))
        };
        let theirs = other.fields.iter().find(same)?;
        let value = values.get(&theirs.key).filter(|v| is_filled(v))?;
        Some((field.key.clone(), process::field_value(field, value, zone).ok()?))
    };
    template.fields.iter().filter_map(fits).collect()
}

/// Keys of what must be said at opening and nobody knows.
pub fn unknown<'a>(template: &'a Template, fields: &BTreeMap<String, Value>) -> Vec<&'a str> {
    let asks = template.asks.iter().map(|ask| asked(ask)).filter(|(_, optional)| !optional);
    asks.map(|(key, _)| key).filter(|key| !fields.get(*key).is_some_and(is_filled)).collect()
}

/// Check lists, proofs and messages of this template can't be known of work that followed other steps: they count as
/// done, so that only what is known decides.
fn trust(template: &Template, state: &mut State) {
    for message in &template.messages {
        state.messages.entry(message.key.clone()).or_insert(1);
        state.told.insert(message.key.clone(), state.entered);
    }
    for proof in &template.evidence {
        state.used.remove(&proof.key);
        state.files.insert(proof.key.clone(), proof.least);
        let scans = (0..proof.least).map(|n| n.to_string());
        state.scans.insert(proof.key.clone(), scans.collect());
    }
    for list in &template.checklists {
        let good = || process::Mark { result: "ok".into(), note: String::new() };
        let marks = (1..=list.items.len()).map(|n| (n.to_string(), good()));
        state.checks.insert(list.key.clone(), marks.collect());
    }
}

/// Replays work that followed other steps: from stage to stage, through steps in between that the past does not tell
/// apart, as far as the conditions hold for what is known. Fields, check lists and proofs that only this template asks
/// can't be known: the fields are named.
pub fn walk(template: &Template, past: &Past, blank: Replay) -> Replay {
    let mut out = blank;
    out.moves = 1;
    let mut state = match machine::begin_for(template, past.fields.clone(), past.opened, past.zone) {
        Ok(outcome) => outcome.state,
        Err(problems) => {
            refuse(&mut out, "", &problems);
            return out;
        }
    };
    trust(template, &mut state);
    out.passed = 1;
    let mut seen = vec![state.step.clone()];
    for (at, stage, reason) in past.stages {
        let stands = template.step(&state.step).map(|s| s.stage);
        let has = template.steps.iter().any(|s| s.stage == *stage);
        // States that this trade does not tell apart pass it by.
        if stands == Some(*stage) || !has || state.ended.is_some() {
            continue;
        }
        out.moves += 1;
        let mut tries = MOST_TRIES;
        match reach(template, &state, *stage, reason, *at, &mut tries, MOST_BETWEEN) {
            Ok((next, path)) => {
                out.passed += 1;
                seen.extend(path);
                state = next;
            }
            Err(problems) => {
                let step = template.step(&state.step).map_or("", |s| s.label(Lang::Zh));
                refuse(&mut out, step, &problems);
                break;
            }
        }
    }
    let steps = template.steps.iter().filter(|s| seen.contains(&s.key));
    let asks = template.asks.iter().chain(steps.flat_map(|s| &s.asks)).map(|ask| asked(ask));
    let mut missing: Vec<String> = Vec::new();
    for (key, _) in asks.filter(|(key, optional)| !optional && !state.fields.get(*key).is_some_and(is_filled))
    {
        let name = template.field(key).map_or_else(|| key.to_string(), Named::both);
        if !missing.contains(&name) {
            missing.push(name);
        }
    }
    out.asked = missing;
    out
}

/// A way to a stage, the shortest that the conditions allow.
fn reach(
    template: &Template,
    state: &State,
    stage: Macro,
    reason: &str,
    at: Ts,
    tries: &mut usize,
    depth: usize,
) -> Result<(State, Vec<String>), Problems> {
    let went = |outcome: Outcome| {
        let path = outcome.path.iter().map(|p| p.to.clone()).collect();
        let mut state = outcome.state;
        trust(template, &mut state);
        (state, path)
    };
    let first = match machine::follow(template, state, stage, None, reason, &machine::SYSTEM, at) {
        Ok(Some(outcome)) => return Ok(went(outcome)),
        Ok(None) => no_way(template, state, stage),
        Err(problems) => problems,
    };
    if depth == 0 {
        return Err(first);
    }
    let onwards = template.moves_from(&state.step).filter(|m| m.kind == MoveKind::Next);
    for made in onwards {
        if *tries == 0 {
            break;
        }
        *tries -= 1;
        let none = Entry::default();
        let Ok(outcome) = machine::act(template, state, &made.act, "", &none, &machine::SYSTEM, at) else {
            continue;
        };
        if outcome.state.ended.is_some() || outcome.state.step == state.step {
            continue;
        }
        let (next, mut path): (State, Vec<String>) = went(outcome);
        if template.step(&next.step).is_some_and(|s| s.stage == stage) {
            return Ok((next, path));
        }
        if let Ok((end, more)) = reach(template, &next, stage, reason, at, tries, depth - 1) {
            path.extend(more);
            return Ok((end, path));
        }
    }
    Err(first)
}

fn no_way(template: &Template, state: &State, stage: Macro) -> Problems {
    let to = template.steps.iter().find(|s| s.stage == stage).map_or_else(String::new, Named::both);
    let text = kernel::T("没有路走到“{to}”", "no way leads to \"{to}\"");
    let here = template.step(&state.step).map_or_else(String::new, Named::both);
    kernel::RuleError::new("process.no_way", text).arg("to", to).arg("from", here).into()
}
