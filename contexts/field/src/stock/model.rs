//! Words of the van.

use kernel::{Id, Quantity};
use parts::api::DepotBrief;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

db::row! {
    /// What the van has of a part.
    #[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
    pub struct Held {
        /// Part.
        pub part_id: Id,
        /// Its code.
        pub code: String,
        /// Name.
        pub name: String,
        /// Specification.
        pub spec: String,
        /// Unit.
        pub unit: String,
        /// In the van.
        pub on_hand: Quantity,
        /// Held for orders.
        pub reserved: Quantity,
        /// Free to take.
        pub available: Quantity,
    }
}

/// The van and what is in it.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Van {
    /// Which; none: the caller has no van.
    pub depot: Option<DepotBrief>,
    /// Parts by code.
    pub items: Vec<Held>,
    /// Depots that unused parts may go back to.
    pub returns: Vec<DepotBrief>,
}
