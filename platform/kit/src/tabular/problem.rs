//! What is wrong with a row or a cell, in words for the person who has to put the file right.

use kernel::{Lang, RuleError, T};

/// One finding in an imported file.
#[derive(Debug, Clone, PartialEq)]
pub struct Problem {
    /// Row number as the user sees it; the header is usually 1.
    pub row: usize,
    /// Name of the column in the file; `None` when the finding is about the whole row.
    pub column: Option<String>,
    /// Stable code for programs: `row.…`, `cell.…` or the code of the business rule that refused the row.
    pub code: &'static str,
    /// Text with `{name}` places, filled from `args`.
    pub message: T,
    pub args: Vec<(&'static str, String)>,
}

impl Problem {
    /// A finding about a whole row.
    pub fn row(row: usize, code: &'static str, message: T) -> Self {
        Self { row, column: None, code, message, args: Vec::new() }
    }

    /// A finding about one cell.
    pub fn cell(row: usize, column: impl Into<String>, code: &'static str, message: T) -> Self {
        Self { row, column: Some(column.into()), code, message, args: Vec::new() }
    }

    /// Adds a value for a `{name}` place of the message.
    #[must_use]
    pub fn arg(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.args.push((name, value.into()));
        self
    }

    /// Puts a finding of [`super::parse_cell`] in its place.
    #[must_use]
    pub fn at(mut self, row: usize, column: &str) -> Self {
        self.row = row;
        self.column = Some(column.to_owned());
        self
    }

    /// The message in one language, its places filled.
    pub fn text(&self, lang: Lang) -> String {
        self.message.fill(lang, &self.args)
    }

    /// A business rule's refusal of a row. The rule's field, if it is a column's key, is put in by
    /// [`super::RowReader::refused`].
    pub fn from_rule(row: usize, error: RuleError) -> Self {
        Self { row, column: error.field, code: error.code, message: error.text, args: error.args }
    }

    /// The finding as the reason to refuse a whole file.
    pub fn into_error(self) -> RuleError {
        refuse(self.code, self.message, &self.args)
    }
}

/// A spreadsheet's own error value in a cell, `#N/A` for instance.
pub(super) const ERROR_VALUE: (&str, T) =
    ("cell.error_value", T("公式结果是错误值 {value}", "The cell holds the formula error {value}"));

/// A reason to refuse a whole file or mapping.
pub(super) fn refuse(code: &'static str, text: T, args: &[(&'static str, String)]) -> RuleError {
    let mut error = RuleError::new(code, text);
    error.args.extend_from_slice(args);
    error
}
