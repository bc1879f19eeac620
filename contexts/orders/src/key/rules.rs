//! Codes and how often they may be wrong.

use kernel::{RuleError, T};

use super::model::KeyRow;

/// Letters of a token: no look-alikes, safe in addresses.
const LETTERS: &[u8; 32] = b"23456789abcdefghijkmnpqrstuvwxyz";

/// Wrong codes allowed: with six digits one chance in two hundred thousand.
pub const MOST_TRIES: i64 = 5;

/// A token of 26 letters from 130 random bits.
pub fn token(random: [u8; 26]) -> String {
    random.iter().map(|byte| char::from(LETTERS[usize::from(byte % 32)])).collect()
}

/// Six digits, zeros in front included.
pub fn code(random: u32) -> String {
    format!("{:06}", random % 1_000_000)
}

/// What a code said to the engineer means: right; or wrong, with the number of tries to store.
///
/// Errors: `orders.code_locked` after too many, `orders.code_missing` where there is none.
pub fn try_code(key: Option<&KeyRow>, said: &str) -> Result<Option<i64>, RuleError> {
    let Some(key) = key else {
        let text = T("这张工单没有验收码，请客户签字", "This order has no code; ask for a signature");
        return Err(RuleError::new("orders.code_missing", text).field("acceptance_code"));
    };
    if key.tries >= MOST_TRIES {
        return Err(locked());
    }
    let digits: String = kernel::fold(said).chars().filter(char::is_ascii_digit).collect();
    Ok(if same(&digits, &key.code) { None } else { Some(key.tries + 1) })
}

/// Compares without telling by its time where the difference is.
fn same(a: &str, b: &str) -> bool {
    a.len() == b.len() && a.bytes().zip(b.bytes()).fold(0, |sum, (x, y)| sum | (x ^ y)) == 0
}

/// `orders.code_locked`
pub fn locked() -> RuleError {
    let text = T(
        "验收码输错次数过多，请客户签字或请服务台更换验收码",
        "Too many wrong codes; ask for a signature, or the desk for a new code",
    );
    RuleError::new("orders.code_locked", text).field("acceptance_code")
}

/// `orders.code_wrong`
pub fn wrong(left: i64) -> RuleError {
    let text = T("验收码不对，还可以试 {left} 次", "The code is wrong; {left} tries left");
    RuleError::new("orders.code_wrong", text).arg("left", left).field("acceptance_code")
}

#[cfg(test)]
mod tests {
    use kernel::{Id, Ts};

    use super::*;

    #[test]
    fn codes_and_tokens() {
        assert_eq!(
            (code(42), code(1_000_042), code(u32::MAX)),
            ("000042".into(), "000042".into(), "967295".into())
        );
        let (a, b) = (token([1; 26]), token([33; 26]));
        assert!(a.len() == 26 && a == b, "five bits of every byte count");
    }

    #[test]
    fn a_wrong_code_counts_and_many_lock() {
        let key = |tries| KeyRow {
            order_id: Id::NIL,
            org_id: Id::NIL,
            token: String::new(),
            code: "012345".into(),
            tries,
            used_at: None,
            created_at: Ts(0),
        };
        let cases = [
            (0, "012345", Ok(None)),
            (4, " 012 345 ", Ok(None)),
            (0, "０１２３４５", Ok(None)),
            (0, "12345", Ok(Some(1))),
            (4, "999999", Ok(Some(5))),
            (5, "012345", Err("orders.code_locked")),
        ];
        for (tries, said, expected) in cases {
            let got = try_code(Some(&key(tries)), said).map_err(|error| error.code.to_string());
            assert_eq!(got, expected.map_err(str::to_string), "{tries} {said}");
        }
        assert!(try_code(None, "012345").is_err());
    }
}
