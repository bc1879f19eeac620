//! References to documents, by which platform panels (attachments, comments, clocks, audit) attach to them.

use kernel::Id;
use serde::{Deserialize, Serialize};

/// A document of any kind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct DocRef {
    /// `order`, `customer` …
    pub kind: String,
    /// Which one.
    pub id: Id,
    /// The number people know it by; empty where there is none.
    pub no: String,
}

impl DocRef {
    /// A reference.
    pub fn new(kind: &str, id: Id, no: impl Into<String>) -> Self {
        Self { kind: kind.to_string(), id, no: no.into() }
    }
}

/// What panels need to know of a document once the caller was found to be allowed to see it.
#[derive(Clone, Debug)]
pub struct DocBrief {
    /// The reference.
    pub doc: DocRef,
    /// Owning organisation.
    pub org: Id,
    /// Title for people.
    pub title: String,
}
