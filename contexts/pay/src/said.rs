//! Sentences in both languages, as stored with what they explain.

use kernel::{Lang, T};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// One sentence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Said {
    /// Chinese.
    pub zh: String,
    /// English.
    pub en: String,
}

impl Said {
    /// A text with its places filled in both languages.
    pub fn new(text: T, args: &[(&str, String)]) -> Self {
        Self { zh: text.fill(Lang::Zh, args), en: text.fill(Lang::En, args) }
    }

    /// The sentence in one language.
    pub fn get(&self, lang: Lang) -> &str {
        match lang {
            Lang::Zh => &self.zh,
            Lang::En => &self.en,
        }
    }
}
