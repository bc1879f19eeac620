//! How often codes are given and may be wrong.

use kernel::{RuleError, T, Ts};

use super::model::CodeRow;

/// Wrong codes allowed.
pub const MOST_TRIES: i64 = 5;
/// Codes for one unit within an hour: nobody's telephone is to ring all day.
pub const MOST_AN_HOUR: i64 = 4;

/// Six digits.
pub fn code(random: u32) -> String {
    format!("{:06}", random % 1_000_000)
}

/// Digits of a number as they are compared.
pub fn digits(text: &str) -> String {
    kernel::fold(text).chars().filter(char::is_ascii_digit).collect()
}

/// A number that could be one. Errors: `portal.phone`.
pub fn check_phone(phone: &str) -> Result<(), RuleError> {
    if (7..=15).contains(&digits(phone).len()) && phone.chars().count() <= 40 {
        return Ok(());
    }
    let text = T("请填写登记的电话号码", "Enter the number you are registered with");
    Err(RuleError::new("portal.phone", text).field("phone"))
}

/// `portal.code`: wrong, over, or never asked for; which of them is nobody's business.
pub fn wrong() -> RuleError {
    let text = T("验证码不对或已过期，请重新获取", "The code is wrong or over; ask for another one");
    RuleError::new("portal.code", text).field("code")
}

/// True when a code may still be tried.
pub fn usable(row: &CodeRow, now: Ts) -> bool {
    row.used_at.is_none() && row.tries < MOST_TRIES && row.expires_at > now
}

#[cfg(test)]
mod tests {
    use kernel::Id;

    use super::*;

    #[test]
    fn a_code_ends_by_time_by_use_and_by_guessing() {
        let row = CodeRow {
            id: Id::NIL,
            unit_id: Id::NIL,
            customer_id: Id::NIL,
            org_id: Id::NIL,
            phone_key: String::new(),
            hash: String::new(),
            tries: 0,
            created_at: Ts(0),
            expires_at: Ts(10),
            used_at: None,
        };
        assert!(usable(&row, Ts(9)) && !usable(&row, Ts(10)));
        assert!(!usable(&CodeRow { tries: MOST_TRIES, ..row.clone() }, Ts(1)));
        assert!(!usable(&CodeRow { used_at: Some(Ts(1)), ..row }, Ts(2)));
    }

    #[test]
    fn numbers_are_numbers() {
        assert!(check_phone("138 0013-6027").is_ok());
        assert!(
            check_phone("12").is_err() && check_phone("").is_err() && check_phone(&"1".repeat(50)).is_err()
        );
        assert_eq!(code(7), "000007");
    }
}
