//! Codes and passes.

use kernel::{Id, Ts};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

db::record! {
    /// A code told to a customer; only its hash is kept.
    #[derive(Clone, Debug)]
    pub struct CodeRow {
        pub id: Id,
        pub unit_id: Id,
        pub customer_id: Id,
        pub org_id: Id,
        pub phone_key: String,
        pub hash: String,
        pub tries: i64,
        pub created_at: Ts,
        pub expires_at: Ts,
        pub used_at: Option<Ts>,
    }
}

db::record! {
    /// A day's access; only the hash of its secret is kept.
    #[derive(Clone, Debug)]
    pub struct PassRow {
        pub hash: String,
        pub customer_id: Id,
        pub org_id: Id,
        pub unit_id: Id,
        pub created_at: Ts,
        pub expires_at: Ts,
    }
}

db::row! {
    /// An order of a customer with its key.
    #[derive(Clone, Debug)]
    pub struct OwnOrder {
        pub id: Id,
        pub no: String,
        pub state: orders::api::State,
        pub model_name: String,
        pub appoint_from: Option<Ts>,
        pub created_at: Ts,
    }
}

/// Asks for a code.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct AskCode {
    /// The number registered with the service.
    pub phone: String,
}

/// Enters with a code.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct UseCode {
    /// The number registered with the service.
    pub phone: String,
    /// The six digits.
    pub code: String,
}

/// The door is open.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Entered {
    /// Address of the customer's documents, good for a day.
    pub path: String,
}

/// A document of the customer.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct OwnDoc {
    /// Number.
    pub no: String,
    /// What it is about.
    pub about: String,
    /// How it stands, in plain words.
    pub words: String,
    /// Opened.
    pub created_at: Ts,
    /// The visit that was agreed.
    pub appointment_from: Option<Ts>,
    /// Where it is followed; none: only shown here.
    pub path: Option<String>,
}

/// A customer's documents.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct MinePage {
    /// Orders, newest first.
    pub orders: Vec<OwnDoc>,
    /// Requests without an order, newest first.
    pub requests: Vec<OwnDoc>,
}
