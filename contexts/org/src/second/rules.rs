//! One-time codes and recovery codes, without database.

use kernel::{RuleError, T, Ts};
use totp_rs::{Builder, Secret, Totp};

use super::model::SetUp;

/// Letters and digits that can't be taken for one another.
const LETTERS: &[u8; 32] = b"23456789abcdefghijkmnpqrstuvwxyz";
/// Recovery codes made at once.
pub(crate) const CODES: usize = 10;

/// Six digits every thirty seconds, one step early or late: what every app does. None for a damaged secret.
fn totp(secret: &[u8]) -> Option<Totp> {
    Builder::new().with_secret(Secret::from(secret.to_vec())).with_skew(1).build().ok()
}

fn seconds(at: Ts) -> u64 {
    u64::try_from(at.0.div_euclid(1_000_000)).unwrap_or_default()
}

/// The step of a right code. A code works once: its step and those before are used up.
pub(crate) fn matched(secret: &[u8], code: &str, now: Ts, last_step: i64) -> Option<i64> {
    let digits: String = code.chars().filter(|c| !c.is_whitespace()).collect();
    if digits.len() != 6 || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let step = i64::try_from(totp(secret)?.check(&digits, seconds(now))?).ok()?;
    (step > last_step).then_some(step)
}

/// Key and address for the app.
pub(crate) fn set_up(secret: &[u8], company: &str, login: &str) -> SetUp {
    let escaped =
        |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>().replace('+', "%20");
    let key = Secret::from(secret.to_vec()).to_base32();
    let (issuer, login) = (escaped(company), escaped(login));
    let url = format!("otpauth://totp/{issuer}:{login}?secret={key}&issuer={issuer}");
    SetUp { secret: key, url }
}

/// `abcde-fghij`, from random bytes.
pub(crate) fn recovery_code(random: [u8; 10]) -> String {
    let letters: String = random.iter().map(|byte| char::from(LETTERS[usize::from(byte % 32)])).collect();
    format!("{}-{}", &letters[..5], &letters[5..])
}

/// A recovery code as it is compared; none when it can't be one.
pub(crate) fn folded(code: &str) -> Option<String> {
    let plain: String = code.to_lowercase().chars().filter(|c| !c.is_whitespace() && *c != '-').collect();
    (plain.len() == 10 && plain.bytes().all(|b| LETTERS.contains(&b))).then_some(plain)
}

/// The same words for a wrong, an old and a used code.
pub(crate) fn wrong_code() -> RuleError {
    RuleError::new("org.second_code", T("验证码不正确或已使用", "The code is wrong or was used before"))
        .field("code")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 6238, appendix B, with six digits.
    #[test]
    fn codes_are_those_of_the_standard() {
        let secret = b"12345678901234567890";
        for (at, code) in
            [(59, "287082"), (1_111_111_109, "081804"), (1_234_567_890, "005924"), (20_000_000_000, "353130")]
        {
            let now = Ts(at * 1_000_000);
            assert_eq!(matched(secret, code, now, 0), Some(at / 30), "{at}");
            assert_eq!(matched(secret, &format!(" {} {} ", &code[..3], &code[3..]), now, 0), Some(at / 30));
            assert_eq!(matched(secret, code, now, at / 30), None, "a code works once");
            assert_eq!(matched(secret, code, Ts(now.0 + 30_000_000), 0), Some(at / 30), "a step late");
            assert_eq!(matched(secret, code, Ts(now.0 + 90_000_000), 0), None, "too late");
        }
        for wrong in ["", "28708", "2870822", "abcdef", "２８７０８２"] {
            assert_eq!(matched(secret, wrong, Ts(59_000_000), 0), None, "{wrong}");
        }
        assert_eq!(matched(b"short", "287082", Ts(59_000_000), 0), None);
    }

    #[test]
    fn the_address_names_company_and_account() {
        let made = set_up(b"12345678901234567890", "售后 & Co", "a@b");
        assert_eq!(made.secret, "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
        assert!(
            made.url.starts_with("otpauth://totp/%E5%94%AE%E5%90%8E%20%26%20Co:a%40b?secret=GEZD"),
            "{}",
            made.url
        );
    }

    #[test]
    fn recovery_codes_are_read_as_people_write_them() {
        let code = recovery_code([0, 1, 2, 3, 4, 5, 6, 7, 31, 255]);
        assert_eq!(code, "23456-789zz");
        assert_eq!(folded(" 23456 789ZZ "), Some("23456789zz".into()));
        assert_eq!(folded("23456"), None);
        assert_eq!(folded("l0000-00000"), None);
    }
}
