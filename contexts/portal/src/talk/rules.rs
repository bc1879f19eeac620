//! What may be said, and how people are called in front of customers.

use kernel::{Lang, RuleError, T};

/// Longest message.
const LONGEST: usize = 1000;

/// The words of a message. Errors: `portal.message` at `text`.
pub fn check(text: &str) -> Result<String, RuleError> {
    let text = text.trim();
    if text.is_empty() || text.chars().count() > LONGEST {
        let rule = T("请写 1 到 {most} 个字", "1 to {most} characters, please");
        return Err(RuleError::new("portal.message", rule).arg("most", LONGEST).field("text"));
    }
    Ok(text.to_string())
}

/// How somebody of the service is called in front of a customer: 陈师傅, or the first name; never the whole name.
pub fn address(name: &str, lang: Lang) -> String {
    let name = name.trim();
    let Some(first) = name.chars().next() else { return String::new() };
    if first.is_ascii() {
        return name.split_whitespace().next().unwrap_or(name).to_string();
    }
    // Two-character surnames that people do have.
    const DOUBLE: [&str; 8] = ["欧阳", "上官", "司马", "诸葛", "司徒", "夏侯", "皇甫", "尉迟"];
    let double = DOUBLE.iter().find(|surname| name.starts_with(**surname) && name.chars().count() > 2);
    let surname = double.map_or_else(|| first.to_string(), |surname| (*surname).to_string());
    T("{name}师傅", "Engineer {name}").fill(lang, &[("name", surname)])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_called_by_the_whole_name() {
        let cases = [("陈志强", "陈师傅"), ("欧阳锋", "欧阳师傅"), ("Anna Schmidt", "Anna"), (" ", "")];
        for (name, expected) in cases {
            assert_eq!(address(name, Lang::Zh), expected, "{name}");
        }
        assert_eq!(address("陈志强", Lang::En), "Engineer 陈");
    }

    #[test]
    fn a_message_has_words() {
        assert!(check(" ").is_err() && check(&"字".repeat(1001)).is_err());
        assert_eq!(check(" 几点到？ ").expect("good"), "几点到？");
    }
}
