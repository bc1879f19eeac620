//! Files that may be the same customer.

use kernel::Id;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::customer::model::CustomerOut;

/// Another file that may be the same customer as a given one.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Suspect {
    /// The other file.
    pub other: CustomerOut,
    /// How alike, 1 to 100.
    pub score: i64,
    /// What is alike: `phone`, `name`, `address`.
    pub alike: Vec<String>,
}

/// Two files that may be the same customer.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct SuspectPair {
    /// The older file.
    pub first: CustomerOut,
    /// The newer one.
    pub second: CustomerOut,
    /// How alike, 1 to 100.
    pub score: i64,
    /// What is alike.
    pub alike: Vec<String>,
}

/// Merge another file into this one.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
pub struct Merge {
    /// The file that goes; none is refused.
    #[serde(default)]
    pub from: Option<Id>,
}
