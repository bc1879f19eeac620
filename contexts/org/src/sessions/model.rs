//! Credentials: what a browser or program shows to be somebody.

use std::collections::BTreeMap;

use kernel::{Id, Ts};
use kit::Reach;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

db::codes! {
    /// What a credential is.
    pub enum CredentialKind {
        Session = "session" ("会话", "Session"),
        Token = "token" ("接口令牌", "API token"),
        Start = "start" ("一次性链接", "One-time link"),
        Second = "second" ("等待验证码", "Waits for a code"),
    }
}

db::row! {
    /// A credential without its secret, which nobody knows but its holder.
    #[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
    pub struct CredentialOut {
        pub id: Id,
        pub kind: CredentialKind,
        pub user_id: Id,
        /// What the holder calls it.
        pub label: String,
        /// What a token may do: `read_only` and permission keys, separated by spaces; empty: what its account may.
        pub scope: String,
        /// Address it was made from.
        pub ip: String,
        /// Program it was made with.
        pub user_agent: String,
        pub created_at: Ts,
        /// None: until revoked.
        pub expires_at: Option<Ts>,
        /// Last use, to ten minutes.
        pub seen_at: Ts,
    }
}

/// What is written of a new credential.
pub(super) struct NewCredential {
    pub kind: CredentialKind,
    pub user_id: Id,
    pub hash: String,
    pub label: String,
    pub scope: String,
    pub user_agent: String,
    pub expires_at: Option<Ts>,
}

/// The sign-in form. The password is never logged, stored or sent back.
#[derive(Clone, Default, Deserialize)]
pub struct SignIn {
    pub login: String,
    pub password: String,
    /// Where to go then; only paths of this server.
    #[serde(default)]
    pub next: Option<String>,
}

/// The code after a right password.
#[derive(Clone, Default, Deserialize)]
pub struct SignInCode {
    /// What the right password was answered with.
    pub ticket: String,
    /// Six digits of the app, or a recovery code.
    pub code: String,
    /// Where to go then; only paths of this server.
    #[serde(default)]
    pub next: Option<String>,
}

/// A first password, set under a one-time link.
#[derive(Clone, Default, Deserialize)]
pub struct FirstPassword {
    pub password: String,
    pub repeat: String,
}

/// A new password for the own account.
#[derive(Clone, Default, Deserialize, JsonSchema)]
pub struct ChangePassword {
    /// The present one.
    pub current: String,
    pub password: String,
    /// The new one again; not needed over the API.
    #[serde(default)]
    pub repeat: Option<String>,
}

/// A new API token.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
pub struct NewToken {
    /// What it is for.
    pub label: String,
    /// Days until it ends; none: until revoked.
    #[serde(default)]
    pub days: Option<i64>,
    /// For reading only: every command is refused.
    #[serde(default)]
    pub read_only: bool,
    /// Keys of the permissions it may use, separated by spaces or commas; empty: all of the account.
    #[serde(default)]
    pub permissions: String,
}

/// A token just made.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct TokenOut {
    pub id: Id,
    pub label: String,
    pub expires_at: Option<Ts>,
    /// The secret for `Authorization: Bearer …`. Shown once; absent when the answer is a repeated one.
    pub secret: Option<String>,
}

/// The caller.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Me {
    pub user_id: Id,
    pub login: String,
    pub name: String,
    pub staff_id: Option<Id>,
    pub org_id: Id,
    pub org_name: String,
    /// People the caller stands in for right now (ORG-14).
    pub acting_for: Vec<Id>,
    /// Permissions and how far they reach.
    pub permissions: BTreeMap<String, Reach>,
    /// What is shown of sensitive fields: `absent`, `masked` or `full`.
    pub fields: BTreeMap<String, String>,
}
