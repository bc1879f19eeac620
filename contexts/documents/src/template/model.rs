//! Versions of process templates.

use kernel::{Id, Ts};
use process::{Fault, diff::Change};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

db::codes! {
    /// Where a version stands.
    pub enum TemplateState {
        /// being written
        Draft = "draft" ("草稿", "draft"),
        /// used for new documents from its date on
        Active = "active" ("启用", "active"),
        /// no longer used for new documents
        Retired = "retired" ("停用", "retired"),
    }
}

db::row! {
    /// A stored version.
    #[derive(Clone, Debug, Serialize, Deserialize)]
    pub struct TemplateRow {
        pub id: Id,
        pub version: i64,
        pub code: String,
        pub number: i64,
        pub state: TemplateState,
        pub name: String,
        pub name_en: String,
        pub source: String,
        pub shipped: bool,
        pub effective_from: Option<Ts>,
        pub note: String,
        pub created_by: String,
        pub created_at: Ts,
        pub updated_at: Ts,
    }
}

db::row! {
    /// A version without its text, for lists and choices.
    #[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
    pub struct TemplateBrief {
        /// Which.
        pub id: Id,
        /// For optimistic locking.
        pub version: i64,
        /// Code, the same over all versions.
        pub code: String,
        /// Number of this version.
        pub number: i64,
        /// Where it stands.
        pub state: TemplateState,
        /// Name.
        pub name: String,
        /// Name in English.
        pub name_en: String,
        /// Came with the product.
        pub shipped: bool,
        /// Used for documents opened from then on.
        pub effective_from: Option<Ts>,
        /// What changed.
        pub note: String,
        /// Who wrote it.
        pub created_by: String,
        /// When.
        pub created_at: Ts,
    }
}

/// A version with its text and what is wrong with it.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct TemplateOut {
    /// Without text.
    #[serde(flatten)]
    pub brief: TemplateBrief,
    /// TOML.
    pub source: String,
    /// Problems, with line and field; none: it can be activated.
    pub faults: Vec<Fault>,
    /// What should be looked at, though it can be activated: steps from which some answers lead nowhere.
    #[serde(default)]
    pub warnings: Vec<Fault>,
}

/// A new draft.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
pub struct NewTemplate {
    /// TOML. Its `code` says which template it is a version of.
    pub source: String,
    /// What changed, for colleagues.
    #[serde(default)]
    pub note: String,
}

/// A type of one's own, begun in a form.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct BeginTemplate {
    /// Code that no template has: small letters, digits and `-`, at most 40.
    pub code: String,
    /// Name.
    pub name: String,
    /// Name in English.
    pub name_en: String,
    /// Prefix or pattern of its numbers, at most 30 characters.
    pub number: String,
    /// Code of a type in force that it begins as a copy of; a small process of two steps unless given.
    pub copy: Option<String>,
}

/// A changed draft.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
pub struct ChangeTemplate {
    /// Version that was read.
    #[serde(default)]
    pub version: Option<i64>,
    /// TOML.
    pub source: String,
    /// What changed.
    #[serde(default)]
    pub note: String,
}

/// A text to be checked.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
pub struct CheckTemplate {
    /// TOML.
    pub source: String,
}

/// What a check found.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
pub struct Checked {
    /// Nothing is wrong.
    pub ok: bool,
    /// Problems, with line and field.
    pub faults: Vec<Fault>,
    /// What should be looked at all the same: steps from which some answers lead nowhere.
    #[serde(default)]
    pub warnings: Vec<Fault>,
}

/// When a draft begins to count.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
pub struct Activate {
    /// Documents opened from then on; now unless given.
    #[serde(default)]
    pub from: Option<Ts>,
}

/// Differences between two versions.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Difference {
    /// Before.
    pub old: TemplateBrief,
    /// After.
    pub new: TemplateBrief,
    /// What changed.
    pub changes: Vec<Change>,
}

/// A clock that would have been due at another time.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct DueChange {
    /// Key of the clock.
    pub timer: String,
    /// Its name.
    pub name: String,
    /// In English.
    pub name_en: String,
    /// Due under the version the document ran under; none: not started, or waiting.
    pub was: Option<Ts>,
    /// Due under the other version.
    pub now: Option<Ts>,
}

/// A past document replayed under another version.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Replay {
    /// The document.
    pub document_id: Id,
    /// Its kind: `document`, or what it was, such as `order`.
    #[serde(default)]
    pub kind: String,
    /// Its number.
    pub no: String,
    /// Moves it made; for work that followed other steps, stages it went through.
    pub moves: i64,
    /// Moves that would go through under the other version.
    pub passed: i64,
    /// The first move that would be refused, and why, in Chinese.
    pub refused: Option<String>,
    /// The same in English.
    pub refused_en: Option<String>,
    /// Clocks that would have been due at another time.
    #[serde(default)]
    pub dues: Vec<DueChange>,
    /// What would have been asked besides and nobody knows: names of fields, in both languages.
    #[serde(default)]
    pub asked: Vec<String>,
}

/// Past work that followed other steps and does not fit.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Unfit {
    /// Why: what the template asks at opening and nothing is known of.
    pub why: String,
    /// In English.
    pub why_en: String,
    /// How many.
    pub count: i64,
    /// One of them.
    pub example: String,
}

/// A new template tried on work that followed other steps.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
pub struct OtherRuns {
    /// Documents and orders looked at.
    pub looked_at: i64,
    /// Those whose facts fit, so that they could be replayed.
    pub replayed: i64,
    /// Those that went through all the stages they had gone through.
    pub through: i64,
    /// Why the rest could not be replayed.
    pub unfit: Vec<Unfit>,
    /// One line for each that was replayed.
    pub replays: Vec<Replay>,
}

/// The result of a dry run.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct DryRun {
    /// Documents looked at, newest first.
    pub documents: i64,
    /// Those that would have run just so.
    pub same: i64,
    /// Those of which some clock would have been due at another time.
    #[serde(default)]
    pub due_changed: i64,
    /// One line each.
    pub replays: Vec<Replay>,
    /// Work that followed other steps, when no document of this code was opened yet.
    #[serde(default)]
    pub others: Option<OtherRuns>,
}
