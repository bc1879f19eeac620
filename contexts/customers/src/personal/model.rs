//! What is asked and answered.

use kernel::Id;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// An erasure asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Erase {
    /// Why, for the log; up to 200 characters: who asked, by what letter.
    #[serde(default)]
    pub reason: String,
    /// Number of the file, typed again: it can't be undone.
    #[serde(default)]
    pub no: String,
}

/// What was done.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct ErasedOut {
    /// The file, which stays with its number.
    pub id: Id,
    /// Its number.
    pub no: String,
    /// How much was made anonymous.
    #[serde(flatten)]
    pub erased: kit::personal::Erased,
}
