//! Decisions about versions of templates.

use kernel::{RuleError, T, Ts};
use process::{State, Template, machine};

use super::model::{Replay, TemplateRow, TemplateState};
use crate::document::model::EntryRow;

/// Only a draft may be rewritten: what ran under a version must stay readable.
pub fn check_draft(row: &TemplateRow) -> Result<(), RuleError> {
    if row.state == TemplateState::Draft {
        return Ok(());
    }
    Err(RuleError::new(
        "template.not_draft",
        T("只有草稿可以修改，请另存为新版本", "Only a draft can be changed: save it as a new version"),
    ))
}

/// A version never begins to count in the past: documents opened then keep what they were opened under.
pub fn check_start(from: Ts, now: Ts) -> Result<(), RuleError> {
    if from.0 >= now.0 - 60_000_000 {
        return Ok(());
    }
    Err(RuleError::new("template.past", T("启用时间不能早于现在", "It can't begin to count in the past"))
        .field("from"))
}

/// Replays a document's moves under another version, with the data it ended with.
pub fn replay(template: &Template, last: &State, entries: &[EntryRow], blank: Replay) -> Replay {
    let anybody = process::Actor { anybody: true, ..process::Actor::default() };
    let mut out = blank;
    let mut state: Option<State> = None;
    for entry in entries.iter().filter(|e| matches!(e.kind.as_str(), "opened" | "moved")) {
        let system = entry.user_id == kernel::Id::NIL;
        let result = match &state {
            None => {
                let given = process::Entry {
                    fields: template
                        .asks
                        .iter()
                        .map(|ask| process::access::asked(ask).0)
                        .filter_map(|key| last.fields.get(key).map(|v| (key.to_string(), v.clone())))
                        .collect(),
                    ..process::Entry::default()
                };
                machine::begin(template, &given, &anybody, entry.at, &last.zone)
            }
            // A decision or a trigger of the new version led here already.
            Some(now) if system && now.step == entry.to_step => continue,
            Some(now) => {
                let actor = if system { &machine::SYSTEM } else { &anybody };
                let none = process::Entry::default();
                machine::act(template, now, &entry.act, &entry.text, &none, actor, entry.at)
            }
        };
        out.moves += 1;
        match result {
            Ok(outcome) => {
                out.passed += 1;
                let mut next = outcome.state;
                next.fields = last.fields.clone();
                next.checks = last.checks.clone();
                next.used.clear();
                next.scans = last.scans.clone();
                next.files = last.files.clone();
                next.answers = last.answers.clone();
                next.messages = last.messages.clone();
                state = Some(next);
            }
            Err(problems) => {
                let what = entry.act.as_str();
                let said = |lang| {
                    let all: Vec<String> = problems.0.iter().map(|p| p.message(lang)).collect();
                    format!("{what} {}", all.join("; ")).trim().to_string()
                };
                out.refused = Some(said(kernel::Lang::Zh));
                out.refused_en = Some(said(kernel::Lang::En));
                break;
            }
        }
    }
    out
}
