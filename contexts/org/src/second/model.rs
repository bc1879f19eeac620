//! What is known of a second factor.

use kernel::{Id, Ts};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

db::row! {
    /// As stored. Without `confirmed_at` it is being set up and asks nobody for anything.
    #[derive(Clone)]
    pub struct FactorRow {
        pub user_id: Id,
        /// Sealed, see [`super::secret`].
        pub secret: Vec<u8>,
        pub confirmed_at: Option<Ts>,
        pub last_step: i64,
    }
}

/// The second factor of the caller.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SecondFactor {
    /// A code is asked for at sign-in.
    pub on: bool,
    /// Since when.
    pub since: Option<Ts>,
    /// Recovery codes that were not used yet.
    pub codes_left: i64,
}

/// What an app needs to make codes.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct SetUp {
    /// The key in base 32, to be typed.
    pub secret: String,
    /// The same as an address, for a QR code.
    pub url: String,
}

/// A code of the app.
#[derive(Clone, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Code {
    /// Six digits.
    pub code: String,
}

/// The caller's password, once more.
#[derive(Clone, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Password {
    /// Password.
    pub password: String,
}

/// Codes for the day the telephone is lost; each works once.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
pub struct RecoveryCodes {
    /// Shown once; empty when the answer is a repeated one.
    pub codes: Vec<String>,
}
