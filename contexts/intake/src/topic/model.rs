//! What people ask about.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

db::row! {
    /// A topic.
    #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
    pub struct Topic {
        /// Code.
        pub code: String,
        /// Chinese name.
        pub name: String,
        /// English name.
        pub name_en: String,
        /// Order of topics.
        pub place: i64,
        /// May be chosen.
        pub active: bool,
    }
}

db::row! {
    /// A content of a topic.
    #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
    pub struct Content {
        /// Code.
        pub code: String,
        /// Its topic.
        pub topic: String,
        /// Chinese name.
        pub name: String,
        /// English name.
        pub name_en: String,
        /// Kind of work an order about it usually needs; empty: none.
        pub work_kind: String,
        /// Order of contents.
        pub place: i64,
        /// May be chosen.
        pub active: bool,
    }
}

/// A topic with its contents.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct TopicOut {
    /// The topic.
    #[serde(flatten)]
    pub topic: Topic,
    /// Its contents in order.
    pub contents: Vec<Content>,
}

fn yes() -> bool {
    true
}

/// A topic to be added (no code, or a new one) or changed.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct SaveTopic {
    /// Code, letters, digits, `.`, `-` and `_`; none: made from the id.
    #[serde(default)]
    pub code: Option<String>,
    /// Chinese name, 1 to 20 characters.
    pub name: String,
    /// English name; the Chinese one unless given.
    #[serde(default)]
    pub name_en: Option<String>,
    /// Order of topics; last unless given.
    #[serde(default)]
    pub place: Option<i64>,
    /// May be chosen.
    #[serde(default = "yes")]
    pub active: bool,
}

/// A content to be added or changed.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct SaveContent {
    /// Code; none: made from the id.
    #[serde(default)]
    pub code: Option<String>,
    /// Its topic.
    pub topic: String,
    /// Chinese name, 1 to 20 characters.
    pub name: String,
    /// English name; the Chinese one unless given.
    #[serde(default)]
    pub name_en: Option<String>,
    /// Kind of work an order about it usually needs.
    #[serde(default)]
    pub work_kind: Option<String>,
    /// Order of contents; last unless given.
    #[serde(default)]
    pub place: Option<i64>,
    /// May be chosen.
    #[serde(default = "yes")]
    pub active: bool,
}

/// A name in a language.
pub fn name_in<'a>(lang: kernel::Lang, zh: &'a str, en: &'a str) -> &'a str {
    if lang == kernel::Lang::En && !en.is_empty() { en } else { zh }
}
