//! Which orders work by which template.

use kernel::{Id, Ts};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::order::model::Mode;

/// Orders of a kind and mode work by a template; the narrowest rule wins.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct ProcessRule {
    /// Kind of work; empty: every kind.
    pub kind: String,
    /// Code of the mode; empty: every mode.
    pub mode: String,
    /// Code of the template; empty: none, the fixed steps alone.
    pub template: String,
}

impl ProcessRule {
    /// True when the rule speaks of such orders.
    pub fn covers(&self, kind: &str, mode: Mode) -> bool {
        (self.kind.is_empty() || self.kind == kind) && (self.mode.is_empty() || self.mode == mode.as_str())
    }
}

/// Rules of an organisation from an instant on.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct ProcessSet {
    /// Organisation; none: all that have no rules of their own.
    pub org_id: Option<Id>,
    /// From when.
    pub valid_from: Ts,
    /// Rules.
    pub rules: Vec<ProcessRule>,
}

/// Everything that was set, newest first.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
pub struct Processes {
    /// Sets of rules.
    pub items: Vec<ProcessSet>,
    /// What to know before using a template for orders: moves that the order's state does not follow.
    pub notes: Vec<String>,
}

/// New rules for new orders; running ones keep their process and its version (DOC-22).
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct SetProcesses {
    /// Organisation; none: all that have no rules of their own.
    pub org_id: Option<Id>,
    /// From when; now unless given.
    #[serde(deserialize_with = "crate::texts::time")]
    pub valid_from: Option<Ts>,
    /// Rules; those without a template and without kind and mode are left out.
    pub rules: Vec<ProcessRule>,
}
