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

/// A past document replayed under another version.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Replay {
    /// The document.
    pub document_id: Id,
    /// Its number.
    pub no: String,
    /// Moves it made.
    pub moves: i64,
    /// Moves that would go through under the other version.
    pub passed: i64,
    /// The first move that would be refused, and why, in Chinese.
    pub refused: Option<String>,
    /// The same in English.
    pub refused_en: Option<String>,
}

/// The result of a dry run.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct DryRun {
    /// Documents looked at, newest first.
    pub documents: i64,
    /// Those that would have run just so.
    pub same: i64,
    /// One line each.
    pub replays: Vec<Replay>,
}
