//! Papers for customers.

use kernel::{Id, Ts};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

db::row! {
    /// A published file.
    #[derive(Clone, Debug, Serialize, Deserialize)]
    pub struct PaperRow {
        pub file_id: Id,
        pub model_id: Id,
        pub title: String,
        pub published_at: Ts,
        pub published_by: String,
    }
}

/// A file of a model.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct PaperOut {
    /// The file.
    pub file_id: Id,
    /// Its name.
    pub name: String,
    /// Bytes.
    pub size: i64,
    /// What customers read as its title; none: not published.
    pub title: Option<String>,
}

/// Publishes a file or withdraws it.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct SetPaper {
    /// The file, attached to the model.
    pub file_id: Id,
    /// Customers may read it.
    pub published: bool,
    /// Title for customers, up to 80 characters; the file's name unless given.
    pub title: Option<String>,
}
