//! Decisions about versions of templates.

use super::model::{BeginTemplate, TemplateRow, TemplateState};
use kernel::{Problems, RuleError, T, Ts};

/// Only a draft may be rewritten: what ran under a version must stay readable.
pub fn check_draft(row: &TemplateRow) -> Result<(), RuleError> {
    if row.state == TemplateState::Draft {
        return Ok(());
    }
    Err(RuleError::new(
        "template.not_draft",
        T("只有草稿可以修改，请另存为新版本", "Only a draft can be changed: save it as a new version"),
    ))
}

/// Codes stand in addresses and in other templates.
pub fn check_code(code: &str) -> Result<(), RuleError> {
    let fine = (1..=40).contains(&code.len())
        && code.starts_with(|c: char| c.is_ascii_lowercase())
        && code.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
    if fine {
        return Ok(());
    }
    let text = T(
        "代码以小写字母开头，只含小写字母、数字和 -，最多 40 个",
        "A code begins with a small letter and holds only small letters, digits and -, at most 40",
    );
    Err(RuleError::new("template.code", text).field("code"))
}

/// A type of one's own needs a code nobody has, a name and a number pattern.
pub fn check_begin(input: &BeginTemplate, taken: bool) -> Result<(), Problems> {
    let mut problems = Problems::new();
    problems.take(check_code(input.code.trim()));
    problems.check(!taken, || {
        let text = T("已有这个代码的模板，请换一个", "There is a template with this code: take another");
        RuleError::new("template.taken", text).field("code")
    });
    problems.check((1..=80).contains(&input.name.trim().chars().count()), || {
        RuleError::new(
            "template.name",
            T("请填写名称，最多 80 字", "Give it a name of at most 80 characters"),
        )
        .field("name")
    });
    problems.check((1..=30).contains(&input.number.trim().chars().count()), || {
        let text = T("请填写编号规则，最多 30 字", "Give it a number pattern of at most 30 characters");
        RuleError::new("template.number", text).field("number")
    });
    problems.finish()
}

/// A version never begins to count in the past: documents opened then keep what they were opened under.
pub fn check_start(from: Ts, now: Ts) -> Result<(), RuleError> {
    if from.0 >= now.0 - 60_000_000 {
        return Ok(());
    }
    Err(RuleError::new("template.past", T("启用时间不能早于现在", "It can't begin to count in the past"))
        .field("from"))
}
