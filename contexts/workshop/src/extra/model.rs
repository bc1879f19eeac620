//! An extra item.

use kernel::{Id, Money, Ts};
use kit::inputs::Amount;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

db::codes! {
    /// What the customer said.
    pub enum ExtraState {
        /// not answered yet
        Asked = "asked" ("征询中", "Asked"),
        /// may be done
        Agreed = "agreed" ("同意", "Agreed"),
        /// must not be done
        Refused = "refused" ("不同意", "Refused"),
    }
}

db::record! {
    /// An extra item as stored and as callers see it.
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
    pub struct ExtraItem {
        /// Which.
        pub id: Id,
        /// Version.
        pub version: i64,
        /// Owning organisation.
        pub org_id: Id,
        /// On which unit.
        pub shop_unit_id: Id,
        /// What is to be done.
        pub what: String,
        /// For how much.
        pub price: Money,
        /// How much longer it takes.
        pub delay: String,
        /// The unit is unsafe or useless without it.
        pub necessary: bool,
        /// What the customer said.
        pub state: ExtraState,
        /// Who answered.
        pub answered_by: String,
        /// How: phone, signature …
        pub how: String,
        /// Asked.
        pub asked_at: Ts,
        /// By whom.
        pub asked_name: String,
        /// Answered.
        pub answered_at: Option<Ts>,
    }
}

/// An extra item to ask about.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct NewExtra {
    /// What is to be done.
    pub what: String,
    /// For how much; minor units, or yuan as text.
    pub price: Amount,
    /// How much longer it takes, in words.
    #[serde(default)]
    pub delay: String,
    /// The unit is unsafe or useless without it.
    #[serde(default)]
    pub necessary: bool,
}

/// What the customer answered.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct AnswerExtra {
    /// The customer agrees.
    #[serde(default)]
    pub agreed: bool,
    /// Who answered.
    #[serde(default)]
    pub by: String,
    /// How: phone, signature …
    #[serde(default)]
    pub how: String,
}
