//! Pure rules of customer classes.

use kernel::{RuleError, T};

use super::model::ClassRow;

/// Error `customers.class_form` unless the code is 1 to 30 of `a-z0-9_` and both names are there.
pub fn check_class(row: &ClassRow) -> Result<(), RuleError> {
    let letters = row.code.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
    let code = letters && (1..=30).contains(&row.code.len());
    let named = [&row.zh, &row.en].iter().all(|label| (1..=40).contains(&label.trim().chars().count()));
    if code && named {
        return Ok(());
    }
    let text = T(
        "代码用小写字母、数字和下划线，并填写中英文名称",
        "The code takes a-z, 0-9 and _; both names are needed",
    );
    Err(RuleError::new("customers.class_form", text).field("code"))
}
