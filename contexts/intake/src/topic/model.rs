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

/// Names of topics and contents in the reader's language, for documents that keep them in Chinese.
pub struct Words<'a>(pub &'a [TopicOut]);

impl Words<'_> {
    /// Topic and content of a document, each given as its code and the name it keeps.
    pub fn of(&self, lang: kernel::Lang, topic: (&str, &str), content: (&str, &str)) -> String {
        let Self(all) = self;
        let one = all.iter().find(|one| one.topic.code == topic.0);
        let first = one.map_or(topic.1, |one| name_in(lang, topic.1, &one.topic.name_en));
        let second = one
            .and_then(|one| one.contents.iter().find(|c| c.code == content.0))
            .map_or(content.1, |c| name_in(lang, content.1, &c.name_en));
        [first, second].into_iter().filter(|name| !name.is_empty()).collect::<Vec<_>>().join(" · ")
    }
}

#[cfg(test)]
mod tests {
    use kernel::Lang;

    use super::*;

    #[test]
    fn documents_are_named_in_the_readers_language() {
        let names =
            |code: &str, name: &str, name_en: &str| (code.to_string(), name.to_string(), name_en.to_string());
        let (code, name, name_en) = names("repair", "报修", "Repair");
        let topic = Topic { code, name, name_en, place: 1, active: true };
        let (code, name, name_en) = names("dead", "不工作", "Does not work");
        let content = Content {
            code,
            topic: "repair".into(),
            name,
            name_en,
            work_kind: String::new(),
            place: 1,
            active: true,
        };
        let all = [TopicOut { topic, contents: vec![content] }];
        let said = |lang, content| Words(&all).of(lang, ("repair", "报修"), content);
        assert_eq!(said(Lang::En, ("dead", "不工作")), "Repair · Does not work");
        assert_eq!(said(Lang::Zh, ("dead", "不工作")), "报修 · 不工作");
        assert_eq!(said(Lang::En, ("gone", "已删")), "Repair · 已删");
        assert_eq!(said(Lang::En, ("", "")), "Repair");
    }
}
