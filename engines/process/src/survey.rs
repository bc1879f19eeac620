//! Surveys of a process template (DOC-03).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Kinds of answers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum QuestionKind {
    /// 1…5
    #[default]
    Score,
    /// yes or no
    Bool,
    /// words
    Text,
    /// one of the options
    Choice,
}

/// A question.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Question {
    /// `answers.SURVEY.KEY` in expressions.
    pub key: String,
    /// The question.
    pub name: String,
    /// In English.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub name_en: String,
    /// Kind of answer; a score of 1…5 unless given.
    #[serde(default, rename = "type")]
    pub kind: QuestionKind,
    /// Options of a choice.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub options: Vec<String>,
    /// May be left open.
    #[serde(default, skip_serializing_if = "is_false")]
    pub optional: bool,
}

/// A survey attached to steps (DOC-03).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Survey {
    /// Key.
    pub key: String,
    /// Heading.
    pub name: String,
    /// In English.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub name_en: String,
    /// Questions.
    pub questions: Vec<Question>,
}

pub(crate) fn one() -> i64 {
    1
}

pub(crate) fn is_one(value: &i64) -> bool {
    *value == 1
}

pub(crate) fn is_false(value: &bool) -> bool {
    !value
}
