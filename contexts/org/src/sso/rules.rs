//! What the claims of an identity say about an account. Pure.

use kernel::T;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// What a browser carries from here to the provider and back, sealed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Journey {
    /// Comes back with the code.
    pub state: String,
    /// Comes back inside the signed token.
    pub nonce: String,
    /// Proves to the provider that the code is handed in by who asked for it (PKCE).
    pub verifier: String,
    /// Where to go afterwards.
    pub next: String,
    /// Microseconds; later it counts no more.
    pub until: i64,
}

/// Who somebody is by the provider's word.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Identity {
    /// Login name, folded; empty when the claim is missing.
    pub login: String,
    /// Verified address in small letters; empty otherwise.
    pub email: String,
    /// Name for people.
    pub name: String,
}

/// Why somebody did not get in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// the provider does not answer, or not as it should
    Unreachable,
    /// too old, from another browser, or made up
    Stale,
    /// the provider or the person said no
    Denied,
    /// the token is not to be trusted
    Invalid,
    /// no account belongs to this identity
    Unknown,
    /// the account is closed
    Closed,
}

impl Trouble {
    /// For the log.
    pub fn code(self) -> &'static str {
        match self {
            Self::Unreachable => "unreachable",
            Self::Stale => "stale",
            Self::Denied => "denied",
            Self::Invalid => "invalid",
            Self::Unknown => "unknown",
            Self::Closed => "closed",
        }
    }

    /// For the person.
    pub fn text(self) -> T {
        match self {
            Self::Unreachable => T(
                "统一登录服务暂时无法使用，请稍后再试",
                "The single sign-on service can't be reached right now. Try again later",
            ),
            Self::Stale => T("登录已过期，请重新开始", "This sign-in is too old. Start again"),
            Self::Denied => T("统一登录被取消或拒绝", "The single sign-on was cancelled or refused"),
            Self::Invalid => T(
                "统一登录返回的身份无法验证，请联系管理员",
                "The identity that came back can't be verified. Ask an administrator",
            ),
            Self::Unknown => T(
                "没有与您的统一登录身份对应的账户，请管理员用同样的登录名或邮箱建立账户",
                "No account belongs to your identity. Ask an administrator for one with the same login name or e-mail",
            ),
            Self::Closed => T("账户已停用，请联系管理员", "The account is closed. Ask an administrator"),
        }
    }

    /// HTTP status of the page that says so.
    pub fn status(self) -> u16 {
        match self {
            Self::Unreachable => 502,
            Self::Stale => 400,
            Self::Denied | Self::Unknown | Self::Closed | Self::Invalid => 403,
        }
    }
}

/// Reads an identity out of verified claims. An address counts only when the provider says that it was verified.
pub fn identity(claims: &Value, login_claim: &str) -> Identity {
    let text = |name: &str| claims.get(name).and_then(Value::as_str).unwrap_or_default().trim().to_string();
    // Some providers write the flag as a text.
    let verified = match claims.get("email_verified") {
        Some(Value::Bool(yes)) => *yes,
        Some(Value::String(yes)) => yes == "true",
        _ => false,
    };
    // An address as login name is as good as its verification.
    let login = if login_claim == "email" && !verified { String::new() } else { text(login_claim) };
    Identity {
        login: crate::sessions::fold_login(&login),
        email: if verified { text("email").to_lowercase() } else { String::new() },
        name: text("name"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn claims_become_identities() {
        let who = |login: &str, email: &str| Identity {
            login: login.into(),
            email: email.into(),
            name: String::new(),
        };
        let cases = [
            (json!({ "preferred_username": "ZhangSan" }), "preferred_username", who("zhangsan", "")),
            (json!({ "email": "A@B.cn", "email_verified": true }), "preferred_username", who("", "a@b.cn")),
            (json!({ "email": "A@B.cn", "email_verified": "true" }), "preferred_username", who("", "a@b.cn")),
            (json!({ "email": "a@b.cn", "email_verified": false }), "preferred_username", who("", "")),
            (json!({ "email": "a@b.cn" }), "email", who("", "")),
            (json!({ "email": "a@b.cn", "email_verified": true }), "email", who("a@b.cn", "a@b.cn")),
            (json!({ "upn": 7, "sub": "x" }), "upn", who("", "")),
        ];
        for (claims, claim, expected) in cases {
            assert_eq!(identity(&claims, claim), expected, "{claims}");
        }
    }
}
