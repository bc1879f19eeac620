//! Texts people read. Both languages stand side by side in the code, so neither can be forgotten (PLAT-11).

use std::{borrow::Cow, fmt};

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A text in Chinese and in English. May hold `{name}` places, see [`T::fill`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct T(pub &'static str, pub &'static str);

impl T {
    /// The text of one language, places left as they are.
    pub const fn get(self, lang: Lang) -> &'static str {
        match lang {
            Lang::Zh => self.0,
            Lang::En => self.1,
        }
    }

    /// Stands between the two languages of an argument that is a text itself.
    pub const BETWEEN: char = '\u{1f}';

    /// A text that holds both languages, to be stored and told apart by [`Lang::of`], or to be an argument.
    pub fn both(zh: &str, en: &str) -> String {
        if zh == en { zh.to_string() } else { format!("{zh}{}{en}", Self::BETWEEN) }
    }

    /// The text filled in both languages, see [`T::both`].
    pub fn told<K: AsRef<str>>(self, args: &[(K, String)]) -> String {
        Self::both(&self.fill(Lang::Zh, args), &self.fill(Lang::En, args))
    }

    fn pick<'a>(lang: Lang, zh: &'a str, en: &'a str) -> &'a str {
        match lang {
            Lang::Zh => zh,
            Lang::En => en,
        }
    }

    /// The text with every `{name}` replaced by its argument. An unknown name stays visible, so that a mistake is
    /// seen; a value is never searched for places again, so that user text can't inject any.
    pub fn fill<K: AsRef<str>>(self, lang: Lang, args: &[(K, String)]) -> String {
        let mut rest = self.get(lang);
        let mut out = String::with_capacity(rest.len() + 16);
        while let Some(open) = rest.find('{') {
            out.push_str(&rest[..open]);
            rest = &rest[open..];
            let value = rest.find('}').and_then(|close| {
                let name = &rest[1..close];
                args.iter().find(|(key, _)| key.as_ref() == name).map(|(_, value)| (close, value))
            });
            match value {
                Some((close, value)) => {
                    let both = value.split_once(Self::BETWEEN);
                    out.push_str(both.map_or(value.as_str(), |(zh, en)| Self::pick(lang, zh, en)));
                    rest = &rest[close + 1..];
                }
                None => {
                    out.push('{');
                    rest = &rest[1..];
                }
            }
        }
        out.push_str(rest);
        out
    }
}

/// The languages of the interface. Traditional Chinese readers get Chinese (converted on output elsewhere).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Lang {
    #[default]
    Zh,
    En,
}

impl Lang {
    pub const ALL: [Lang; 2] = [Lang::Zh, Lang::En];

    /// What a text says in this language, where it may hold both, see [`T::both`].
    pub fn of(self, text: &str) -> &str {
        text.split_once(T::BETWEEN).map_or(text, |(zh, en)| T::pick(self, zh, en))
    }

    /// Reads a language tag such as `zh-CN`, `zh_TW`, `en` or `en-GB`; anything else is `None`.
    pub fn parse(tag: &str) -> Option<Lang> {
        let tag = tag.trim();
        let primary = tag.split(['-', '_']).next().unwrap_or(tag);
        if primary.eq_ignore_ascii_case("zh") {
            Some(Lang::Zh)
        } else if primary.eq_ignore_ascii_case("en") {
            Some(Lang::En)
        } else {
            None
        }
    }

    /// The tag for `<html lang>` and the API.
    pub const fn code(self) -> &'static str {
        match self {
            Lang::Zh => "zh-CN",
            Lang::En => "en",
        }
    }
}

impl fmt::Display for Lang {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl Serialize for Lang {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_str(self.code())
    }
}

impl<'de> Deserialize<'de> for Lang {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let tag = Cow::<str>::deserialize(d)?;
        Lang::parse(&tag).ok_or_else(|| serde::de::Error::custom("language must be zh-CN or en"))
    }
}

impl JsonSchema for Lang {
    fn schema_name() -> Cow<'static, str> {
        "Lang".into()
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"type": "string", "enum": ["zh-CN", "en"]})
    }
}

/// Bytes as lower-case hexadecimal digits, two for each.
pub fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        text.push(char::from(DIGITS[usize::from(byte >> 4)]));
        text.push(char::from(DIGITS[usize::from(byte & 15)]));
    }
    text
}
/// NUL is the one character that PostgreSQL does not store; SQLite would, and the two must not differ. Nobody types it,
/// so that input with it is refused: error `input.nul`.
pub fn no_nul(has_nul: bool) -> Result<(), crate::RuleError> {
    if !has_nul {
        return Ok(());
    }
    Err(crate::RuleError::new("input.nul", T("文字中不能有空字符（NUL）", "Texts can't hold NUL characters")))
}

/// The same rule for texts from elsewhere (files, mails): as they can be stored, without NUL.
pub fn storable(text: &str) -> std::borrow::Cow<'_, str> {
    if text.contains('\0') { text.replace('\0', "").into() } else { text.into() }
}
