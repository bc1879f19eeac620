//! Decisions: which template, and which commands bring an order to where its process stands.

use kernel::Ts;

use super::model::{ProcessRule, ProcessSet};
use crate::{
    flow::{FLOW, State},
    order::model::Mode,
};

/// The template for a new order; the narrowest rule wins, the kind before the mode, the first among equals.
pub fn choose<'a>(rules: &'a [ProcessRule], kind: &str, mode: Mode) -> Option<&'a str> {
    let narrow = |rule: &&ProcessRule| (!rule.kind.is_empty(), !rule.mode.is_empty());
    let mut best: Option<&ProcessRule> = None;
    for rule in rules.iter().filter(|rule| rule.covers(kind, mode)) {
        if best.is_none_or(|b| narrow(&rule) > narrow(&b)) {
            best = Some(rule);
        }
    }
    best.map(|rule| rule.template.as_str()).filter(|code| !code.is_empty())
}

/// Of everything that was set, newest first: what counts now and what is to come.
pub fn in_force(sets: Vec<ProcessSet>, now: Ts) -> Vec<ProcessSet> {
    let mut seen = Vec::new();
    let mut kept = sets;
    kept.retain(|set| {
        if set.valid_from > now {
            return true;
        }
        let first = !seen.contains(&set.org_id);
        seen.push(set.org_id);
        first
    });
    kept
}

/// Commands that a process may give on the way to a state. Nothing is finished, confirmed or opened again by the way.
fn commands(from: State, to: State) -> &'static [&'static str] {
    use State as S;
    let again = matches!(from, S::Done | S::Confirmed);
    match to {
        S::New => &[],
        S::Accepted if again => &["reopen", "accept"],
        S::Accepted => &["accept"],
        S::Scheduled if again => &["reopen", "assign"],
        S::Scheduled => &["assign"],
        S::InProgress if again => &["reopen", "assign", "start"],
        S::InProgress => &["assign", "start", "resume"],
        S::Waiting => &["wait"],
        S::Done => &["assign", "start", "resume", "complete"],
        S::Confirmed => &["assign", "start", "resume", "complete", "confirm"],
        S::Audited => &["confirm", "audit"],
        // Archiving belongs to the audit; a trade whose process ends with the customer is confirmed by it (DOC-23).
        S::Closed if from == S::Audited => &["close"],
        S::Closed => &["assign", "start", "resume", "complete", "confirm"],
        S::Reopened => &["reopen"],
        S::Cancelled => &["cancel", "terminate"],
        S::Terminated => &["terminate"],
        S::Returned => &["return", "terminate"],
    }
}

/// Where a process that stands at `to` wants its order.
fn wanted(from: State, to: State) -> State {
    match to {
        State::Closed if from != State::Audited => State::Confirmed,
        other => other,
    }
}

/// The commands that bring an order from one state to another, in order; none when the table knows no such way, and the
/// order stays where it is.
pub fn way(from: State, to: State) -> Option<Vec<&'static str>> {
    let (goal, allowed) = (wanted(from, to), commands(from, to));
    if from == goal {
        return Some(Vec::new());
    }
    // Called off in the middle of work is broken off.
    let reached = |state: State, last: &str| {
        state == goal
            || (last == "terminate" && matches!(goal, State::Cancelled | State::Returned | State::Terminated))
    };
    let mut ways: Vec<(State, Vec<&'static str>)> = vec![(from, Vec::new())];
    let mut index = 0;
    while index < ways.len() {
        let (state, steps) = ways[index].clone();
        index += 1;
        for action in allowed {
            let found = FLOW
                .moves
                .iter()
                .find(|m| m.action == *action && !m.to.is_empty() && m.from.contains(&state.as_str()));
            let Some(next) = found.and_then(|m| State::parse(m.to)) else { continue };
            if ways.iter().any(|(known, _)| *known == next) {
                continue;
            }
            let steps: Vec<&'static str> = steps.iter().copied().chain([*action]).collect();
            if reached(next, action) {
                return Some(steps);
            }
            ways.push((next, steps));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(kind: &str, mode: &str, template: &str) -> ProcessRule {
        ProcessRule { kind: kind.into(), mode: mode.into(), template: template.into() }
    }

    #[test]
    fn the_narrowest_rule_wins_and_an_empty_template_means_the_fixed_steps() {
        let rules = [
            rule("", "", "integrated"),
            rule("", "brought_in", "front-desk-repair"),
            rule("install", "", "home-visit"),
            rule("install", "remote", ""),
        ];
        assert_eq!(choose(&rules, "repair_minor", Mode::OnSite), Some("integrated"));
        assert_eq!(choose(&rules, "repair_minor", Mode::BroughtIn), Some("front-desk-repair"));
        assert_eq!(choose(&rules, "install", Mode::BroughtIn), Some("home-visit"));
        assert_eq!(choose(&rules, "install", Mode::Remote), None);
        assert_eq!(choose(&[], "install", Mode::Remote), None);
    }

    #[test]
    fn a_process_gives_the_commands_of_the_state_table_and_nothing_by_the_way() {
        use State as S;
        let table: &[(S, S, Option<&[&str]>)] = &[
            (S::New, S::Accepted, Some(&["accept"])),
            (S::New, S::InProgress, Some(&["assign", "start"])),
            (S::Accepted, S::InProgress, Some(&["assign", "start"])),
            (S::Scheduled, S::InProgress, Some(&["start"])),
            (S::InProgress, S::Waiting, Some(&["wait"])),
            (S::Waiting, S::InProgress, Some(&["resume"])),
            (S::Waiting, S::Done, Some(&["resume", "complete"])),
            (S::InProgress, S::Done, Some(&["complete"])),
            (S::Done, S::Closed, Some(&["confirm"])),
            (S::Confirmed, S::Closed, Some(&[])),
            (S::Audited, S::Closed, Some(&["close"])),
            (S::Done, S::Audited, Some(&["confirm", "audit"])),
            (S::Done, S::Accepted, Some(&["reopen", "accept"])),
            (S::Done, S::InProgress, Some(&["reopen", "assign", "start"])),
            (S::InProgress, S::Accepted, None),
            (S::InProgress, S::Cancelled, Some(&["terminate"])),
            (S::Accepted, S::Cancelled, Some(&["cancel"])),
            (S::Waiting, S::Returned, Some(&["return"])),
            (S::Accepted, S::Returned, Some(&["terminate"])),
            (S::Done, S::New, None),
        ];
        for (from, to, want) in table {
            assert_eq!(way(*from, *to).as_deref(), *want, "{} → {}", from.as_str(), to.as_str());
        }
    }
}
