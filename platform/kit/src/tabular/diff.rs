//! What an import did or, in a dry run, would do.

use kernel::{Lang, T};
use serde::Serialize;

use super::problem::Problem;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RowAction {
    Create,
    Update,
    /// Nothing to do: the record already says what the row says.
    Skip,
}

/// One field that a row changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    pub key: &'static str,
    pub label: T,
    pub old: String,
    pub new: String,
}

/// What became of one good row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowOutcome {
    pub row: usize,
    pub action: RowAction,
    pub changes: Vec<Change>,
}

/// The sum of an import. `rows = created + updated + skipped`; a row that its problems kept out counts as skipped. A row may also be
/// taken without a cell; that is told among the problems too.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ImportReport {
    pub rows: usize,
    pub created: usize,
    pub updated: usize,
    pub skipped: usize,
    pub problems: Vec<Problem>,
    pub outcomes: Vec<RowOutcome>,
}

impl RowOutcome {
    pub fn created(row: usize) -> Self {
        Self { row, action: RowAction::Create, changes: Vec::new() }
    }

    /// An update, or a skip when nothing differs.
    pub fn changed(row: usize, changes: Vec<Change>) -> Self {
        let action = if changes.is_empty() { RowAction::Skip } else { RowAction::Update };
        Self { row, action, changes }
    }
}

impl Change {
    /// `None` when both texts are the same.
    pub fn between(
        key: &'static str,
        label: T,
        old: impl Into<String>,
        new: impl Into<String>,
    ) -> Option<Self> {
        let (old, new) = (old.into(), new.into());
        (old != new).then_some(Self { key, label, old, new })
    }
}

impl ImportReport {
    /// Counts a good row.
    pub fn accept(&mut self, outcome: RowOutcome) {
        self.rows += 1;
        match outcome.action {
            RowAction::Create => self.created += 1,
            RowAction::Update => self.updated += 1,
            RowAction::Skip => self.skipped += 1,
        }
        self.outcomes.push(outcome);
    }

    /// Counts a bad row with everything that is wrong with it.
    pub fn refuse(&mut self, problems: impl IntoIterator<Item = Problem>) {
        self.rows += 1;
        self.skipped += 1;
        self.problems.extend(problems);
    }

    /// The report that scripts read:
    /// `{"rows","created","updated","skipped","problems":[{"row","column","code","message"}]}`.
    pub fn in_lang(&self, lang: Lang) -> ReportOut {
        let problem = |p: &Problem| ProblemOut {
            row: p.row,
            column: p.column.clone(),
            code: p.code,
            message: p.text(lang),
        };
        ReportOut {
            rows: self.rows,
            created: self.created,
            updated: self.updated,
            skipped: self.skipped,
            problems: self.problems.iter().map(problem).collect(),
        }
    }

    /// Row by row, for pages and for a dry run.
    pub fn outcomes_in(&self, lang: Lang) -> Vec<OutcomeOut> {
        let change = |c: &Change| ChangeOut {
            key: c.key,
            label: c.label.get(lang),
            old: c.old.clone(),
            new: c.new.clone(),
        };
        let outcome = |o: &RowOutcome| OutcomeOut {
            row: o.row,
            action: o.action,
            changes: o.changes.iter().map(change).collect(),
        };
        self.outcomes.iter().map(outcome).collect()
    }
}

/// [`ImportReport`] in one language.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ReportOut {
    pub rows: usize,
    pub created: usize,
    pub updated: usize,
    pub skipped: usize,
    pub problems: Vec<ProblemOut>,
}

/// [`Problem`] in one language.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ProblemOut {
    pub row: usize,
    pub column: Option<String>,
    pub code: &'static str,
    pub message: String,
}

/// [`RowOutcome`] in one language.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct OutcomeOut {
    pub row: usize,
    pub action: RowAction,
    pub changes: Vec<ChangeOut>,
}

/// [`Change`] in one language.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ChangeOut {
    pub key: &'static str,
    pub label: &'static str,
    pub old: String,
    pub new: String,
}
