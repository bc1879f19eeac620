//! Why a rule said no: a stable code for programs, a text for people, the field it is about.

use std::fmt;

use crate::{Lang, T};

/// One broken rule. `code` is stable and dotted (`orders.not_done`), `text` may hold `{name}` places for `args`,
/// `field` names the input field as the form and the API call it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleError {
    pub code: &'static str,
    pub text: T,
    pub field: Option<String>,
    pub args: Vec<(&'static str, String)>,
}

impl RuleError {
    pub const fn new(code: &'static str, text: T) -> Self {
        RuleError { code, text, field: None, args: Vec::new() }
    }

    #[must_use]
    pub fn field(mut self, name: impl Into<String>) -> Self {
        self.field = Some(name.into());
        self
    }

    #[must_use]
    pub fn arg(mut self, name: &'static str, value: impl fmt::Display) -> Self {
        self.args.push((name, value.to_string()));
        self
    }

    /// An argument that is a text in both languages itself: a label, a state.
    #[must_use]
    pub fn label(self, name: &'static str, value: T) -> Self {
        self.arg(name, format_args!("{}{}{}", value.0, T::BETWEEN, value.1))
    }

    /// The sentence shown to a person.
    pub fn message(&self, lang: Lang) -> String {
        self.text.fill(lang, &self.args)
    }
}

impl fmt::Display for RuleError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code, self.message(Lang::En))?;
        match &self.field {
            Some(field) => write!(f, " [{field}]"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for RuleError {}

/// Collects every broken rule of an input, so that a form shows all of them at once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Problems(pub Vec<RuleError>);

impl Problems {
    pub const fn new() -> Self {
        Problems(Vec::new())
    }

    /// Adds the problem unless `ok`.
    pub fn check(&mut self, ok: bool, problem: impl FnOnce() -> RuleError) {
        if !ok {
            self.0.push(problem());
        }
    }

    pub fn push(&mut self, problem: RuleError) {
        self.0.push(problem);
    }

    /// Keeps the value of a result, or notes its problem.
    pub fn take<V>(&mut self, result: Result<V, RuleError>) -> Option<V> {
        result.map_err(|problem| self.0.push(problem)).ok()
    }

    /// Adds all problems of another collector.
    pub fn extend(&mut self, other: Problems) {
        self.0.extend(other.0);
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// `Ok` when nothing was found.
    pub fn finish(self) -> Result<(), Problems> {
        if self.0.is_empty() { Ok(()) } else { Err(self) }
    }
}

impl From<RuleError> for Problems {
    fn from(problem: RuleError) -> Self {
        Problems(vec![problem])
    }
}

impl IntoIterator for Problems {
    type Item = RuleError;
    type IntoIter = std::vec::IntoIter<RuleError>;
    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, problem) in self.0.iter().enumerate() {
            if i > 0 {
                f.write_str("; ")?;
            }
            problem.fmt(f)?;
        }
        Ok(())
    }
}

impl std::error::Error for Problems {}
