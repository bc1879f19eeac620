//! Reading what other systems wrote. Pure.

use kernel::{Date, DateHint, RuleError, T};

/// The text of a date, without a time behind it; empty texts, `NA` and a spreadsheet's zero date (`0/1/00`) are none.
pub fn filled_date(text: &str) -> Option<&str> {
    const ZERO: &[&str] =
        &["", "0", "-", "0/1/00", "0/01/00", "00/01/1900", "0/1/1900", "0/0/00", "00/00/0000", "0000-00-00"];
    let text = text.trim();
    let text = text.split_once([' ', 'T']).map_or(text, |(day, _)| day);
    let none = ZERO.contains(&text) || text.eq_ignore_ascii_case("na") || text.eq_ignore_ascii_case("n/a");
    (!none).then_some(text)
}

/// A date of a past order where the mapping says nothing of the order of day and month: ISO and Chinese dates first,
/// then day/month/year, then month/day/year where only that makes sense.
///
/// Errors: `date.invalid`.
pub fn date(text: &str) -> Result<Date, RuleError> {
    Date::parse(text).or_else(|error| Date::parse_with(text, DateHint::MonthFirst).map_err(|_| error))
}

/// A text that is no date in the order that the mapping names.
pub fn no_date(text: &str) -> RuleError {
    let words = T("“{value}”不是映射所写格式的日期", "“{value}” is no date in the format of the mapping");
    RuleError::new("date.invalid", words).arg("value", text)
}

/// Priority 1–4 from a number or a word; medium when nothing is said. SAP-like files count 1 as the most urgent.
pub fn priority(text: &str) -> i64 {
    match text.trim().to_lowercase().as_str() {
        "1" | "urgent" | "emergency" | "very high" | "紧急" => 4,
        "2" | "high" | "高" => 3,
        "4" | "low" | "低" => 1,
        _ => 2,
    }
}

/// The kind of work: as said, else maintenance words mean cleaning, installation words an installation.
pub fn kind<'a>(said: &'a str, symptom: &str) -> &'a str {
    let said = said.trim();
    if !said.is_empty() {
        return said;
    }
    let words = symptom.to_lowercase();
    let has = |list: &[&str]| list.iter().any(|word| words.contains(word));
    if has(&["install", "commission", "安装", "调试"]) {
        "install"
    } else if has(&["rebuild", "overhaul", "replace engine", "大修"]) {
        "repair_major"
    } else {
        "repair_minor"
    }
}

/// Remark lines of what has no field of its own.
pub fn remark(items: &[(T, Option<String>)]) -> String {
    let filled = items.iter().filter_map(|(label, text)| {
        let text =
            text.as_deref().map(str::trim).filter(|t| !t.is_empty() && *t != "Removed" && *t != "NA")?;
        Some(format!("{}：{text}", label.0))
    });
    filled.collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_of_dirty_files() {
        let read = |text: &str| filled_date(text).map(date);
        let is = |text: &str, day: &str| {
            assert_eq!(read(text).expect(text).expect(text).to_string(), day, "{text}");
        };
        is("13/09/2001", "2001-09-13");
        is("1/11/2007", "2007-11-01");
        is("2006-02-28", "2006-02-28");
        is("2/28/2006", "2006-02-28");
        is("28/02/2006 14:30", "2006-02-28");
        for text in ["0/1/00", "", " NA ", "n/a"] {
            assert!(read(text).is_none(), "{text}");
        }
        assert!(date("mechanical").is_err());
        assert!(date("31/02/2006").is_err());
    }

    #[test]
    fn words_decide_the_kind_only_when_nothing_is_said() {
        assert_eq!(kind("cleaning", "install pump"), "cleaning");
        assert_eq!(kind("", "install pump"), "install");
        assert_eq!(kind("", "2 lights out on machine"), "repair_minor");
    }

    #[test]
    fn placeholders_do_not_become_remarks() {
        let text = remark(&[
            (T("类型", "Type"), Some("X".into())),
            (T("位置", "Place"), Some("Removed".into())),
            (T("班组", "Team"), None),
        ]);
        assert_eq!(text, "类型：X");
    }
}
