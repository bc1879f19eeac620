//! A document's states and moves as a table (DESIGN §5): gives allowed buttons, checks and a diagram.

use kernel::{RuleError, T};

use crate::{Cx, Error, Result, perm::Perm};

/// One allowed move.
#[derive(Debug)]
pub struct Move {
    /// States it starts from.
    pub from: &'static [&'static str],
    /// What is done, for example `complete`.
    pub action: &'static str,
    /// The state it leads to; empty: it stays, or the rules decide.
    pub to: &'static str,
    /// Button text.
    pub label: T,
    /// Permission to do it.
    pub perm: &'static Perm,
}

/// States and moves of one kind of document.
#[derive(Debug)]
pub struct Flow {
    /// `order`
    pub doc: &'static str,
    /// Codes and labels, in order of progress.
    pub states: &'static [(&'static str, T)],
    /// Moves.
    pub moves: &'static [Move],
}

impl Flow {
    /// The move for `action` out of `state`; 409 when the document is elsewhere.
    pub fn check(&self, state: &str, action: &str) -> Result<&'static Move> {
        self.moves.iter().find(|m| m.action == action && m.from.contains(&state)).ok_or_else(|| {
            let at = self.label(state);
            Error::Conflict(
                RuleError::new(
                    "flow.wrong_state",
                    T("当前状态“{state}”不能做这一步", "This can't be done in state \"{state}\""),
                )
                .label("state", at),
            )
        })
    }

    /// Moves that this caller may make from `state`.
    pub fn allowed<'a>(&'a self, cx: &'a Cx, state: &'a str) -> impl Iterator<Item = &'static Move> + 'a {
        self.moves.iter().filter(move |m| m.from.contains(&state) && cx.can(m.perm))
    }

    /// Label of a state.
    pub fn label(&self, state: &str) -> T {
        self.states
            .iter()
            .find(|(code, _)| *code == state)
            .map_or(T("未知", "unknown"), |(_, label)| *label)
    }

    /// Faults of the table itself: unknown states, states that can't be reached. For tests.
    pub fn faults(&self, initial: &str) -> Vec<String> {
        let known = |state: &str| self.states.iter().any(|(code, _)| *code == state);
        let mut faults = Vec::new();
        for m in self.moves {
            for state in m.from.iter().chain([&m.to]).filter(|s| !s.is_empty()) {
                if !known(state) {
                    faults.push(format!("{}: move {} names unknown state {state}", self.doc, m.action));
                }
            }
        }
        for (state, _) in self.states {
            if *state != initial && !self.moves.iter().any(|m| m.to == *state) {
                faults.push(format!("{}: state {state} can't be reached", self.doc));
            }
        }
        faults
    }

    /// Mermaid source of the diagram, for the documentation.
    pub fn mermaid(&self) -> String {
        let mut text = String::from("stateDiagram-v2\n");
        for m in self.moves {
            for from in m.from {
                let to = if m.to.is_empty() { from } else { m.to };
                text.push_str(&format!("  {from} --> {to}: {}\n", m.action));
            }
        }
        text
    }
}
