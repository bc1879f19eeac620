//! The customer's key to an order.

use kernel::{Id, Ts};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

db::record! {
    /// As stored. Token and code never go into logs.
    #[derive(Clone, Debug)]
    pub struct KeyRow {
        pub order_id: Id,
        pub org_id: Id,
        /// Secret of the customer's page.
        pub token: String,
        /// Six digits.
        pub code: String,
        /// Wrong codes so far.
        pub tries: i64,
        /// The code stood for the signature.
        pub used_at: Option<Ts>,
        pub created_at: Ts,
    }
}

/// What the desk tells the customer.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct KeyOut {
    /// Address of the customer's page on this server.
    pub path: String,
    /// The acceptance code.
    pub code: String,
    /// Wrong codes that are still allowed.
    pub tries_left: i64,
    /// When it was given to the engineer, if it was.
    pub used_at: Option<Ts>,
}
