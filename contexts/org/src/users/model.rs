//! Accounts (ORG-07).

use kernel::{Id, Ts};
use kit::Owned;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

db::row! {
    /// An account without its password.
    #[derive(Clone, Debug, Serialize, Deserialize)]
    pub struct UserRow {
        pub id: Id,
        pub version: i64,
        pub login: String,
        pub name: String,
        pub staff_id: Option<Id>,
        pub org_id: Id,
        pub email: String,
        pub must_change: bool,
        pub active: bool,
        pub signed_in_at: Option<Ts>,
    }
}

impl Owned for UserRow {
    fn org(&self) -> Id {
        self.org_id
    }
    fn owners(&self) -> Vec<Id> {
        self.staff_id.into_iter().collect()
    }
}

/// An account as callers see it.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct UserOut {
    pub id: Id,
    pub version: i64,
    /// Login name, lower case.
    pub login: String,
    pub name: String,
    pub staff_id: Option<Id>,
    pub org_id: Id,
    /// Masked for those who may not see it.
    pub email: String,
    /// Must set a new password at the next sign-in.
    pub must_change: bool,
    pub active: bool,
    pub signed_in_at: Option<Ts>,
    /// Codes of the roles.
    pub roles: Vec<String>,
}

/// A new account. Without a password the answer of `POST /users/{id}/invite` lets the person set one.
#[derive(Clone, Deserialize, JsonSchema)]
pub struct NewUser {
    /// Login name; case does not matter. Often the employee number.
    pub login: String,
    /// Shown name; the person's when absent.
    #[serde(default)]
    pub name: Option<String>,
    /// The person it belongs to.
    #[serde(default)]
    pub staff_id: Option<Id>,
    /// Organisation; the person's when absent.
    #[serde(default)]
    pub org_id: Option<Id>,
    #[serde(default)]
    pub email: Option<String>,
    /// Codes of roles.
    #[serde(default)]
    pub roles: Vec<String>,
    /// First password; must be changed at the first sign-in.
    #[serde(default)]
    pub password: Option<String>,
}

/// Changes to an account; absent fields stay.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
pub struct ChangeUser {
    /// Version that was read: a newer one refuses the change.
    #[serde(default)]
    pub version: Option<i64>,
    #[serde(default)]
    pub name: Option<String>,
    #[serde(default)]
    pub org_id: Option<Id>,
    /// The person it belongs to, for an account that has none yet.
    #[serde(default)]
    pub staff_id: Option<Id>,
    #[serde(default)]
    pub email: Option<String>,
    #[serde(default)]
    pub active: Option<bool>,
    /// Replaces all roles. Needs the right to assign permissions.
    #[serde(default)]
    pub roles: Option<Vec<String>>,
}

/// An address under which a person sets the own password once.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Invite {
    /// Path, to be put after the server's address; absent when the answer is a repeated one.
    pub path: Option<String>,
    /// Until when it works.
    pub expires_at: Ts,
}
