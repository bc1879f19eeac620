//! A message.

use kernel::{Id, Ts};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

db::record! {
    /// As stored.
    #[derive(Clone, Debug)]
    pub struct MessageRow {
        pub id: Id,
        pub order_id: Id,
        pub org_id: Id,
        pub from_customer: bool,
        pub author: String,
        pub user_id: Option<Id>,
        pub text: String,
        pub form_key: String,
        pub at: Ts,
    }
}

/// As both sides read it.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct MessageOut {
    /// Which.
    pub id: Id,
    /// The customer wrote it.
    pub from_customer: bool,
    /// Who wrote it; to the customer only how people are addressed.
    pub author: String,
    /// What.
    pub text: String,
    /// When.
    pub at: Ts,
}

/// Something to say.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct NewMessage {
    /// What; 1 to 1,000 characters.
    pub text: String,
}
