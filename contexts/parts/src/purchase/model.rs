//! Words of purchase requisitions.

use kernel::{Date, Id, Quantity, Ts};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::input;

db::codes! {
    /// State of a requisition.
    pub enum PurchaseState {
        Draft = "draft" ("待订购", "Asked for"),
        Ordered = "ordered" ("已订购", "Ordered"),
        Received = "received" ("已到货", "Received"),
        Cancelled = "cancelled" ("已取消", "Cancelled"),
    }
}

db::row! {
    /// A requisition: one part for one depot.
    #[derive(Clone, Debug, Serialize, Deserialize)]
    pub struct PurchaseRow {
        pub id: Id,
        pub no: String,
        pub part_id: Id,
        pub depot_id: Id,
        pub org_id: Id,
        pub quantity: Quantity,
        pub received: Quantity,
        pub source_no: String,
        pub wanted_on: Option<Date>,
        pub supplier: String,
        pub expected_on: Option<Date>,
        pub note: String,
        pub state: PurchaseState,
        pub reason: String,
        pub staff_id: Id,
        pub version: i64,
        pub created_at: Ts,
        pub updated_at: Ts,
    }
}

impl kit::Owned for PurchaseRow {
    fn org(&self) -> Id {
        self.org_id
    }
}

/// Input: what shall be bought.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
pub struct PurchaseInput {
    /// Id or code of the part.
    #[serde(default)]
    pub part: String,
    /// Code as typed into a form, when nothing was chosen.
    #[serde(default, skip_serializing)]
    #[schemars(skip)]
    pub part_text: String,
    /// For which depot.
    #[serde(default)]
    pub depot_id: Option<Id>,
    /// Quantity in thousandths (text: decimal).
    #[serde(default, deserialize_with = "input::quantity")]
    pub quantity: Quantity,
    /// Number of the order or request that needs it.
    #[serde(default)]
    pub source_no: String,
    /// Needed on.
    #[serde(default)]
    pub wanted_on: Option<Date>,
    /// Anything else.
    #[serde(default)]
    pub note: String,
}

/// Input: ordered from whom, and when it comes.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
pub struct OrderInput {
    /// Supplier.
    #[serde(default)]
    pub supplier: String,
    /// Expected on.
    #[serde(default)]
    pub expected_on: Option<Date>,
}

/// Input: why it is cancelled.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
pub struct CancelInput {
    /// Why.
    #[serde(default)]
    pub reason: String,
}

/// A requisition as its page and the API show it.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct PurchaseOut {
    pub id: Id,
    pub no: String,
    pub state: PurchaseState,
    pub part_id: Id,
    pub code: String,
    pub name: String,
    pub unit: String,
    pub depot_id: Id,
    pub depot: String,
    pub quantity: Quantity,
    /// Of it already received.
    pub received: Quantity,
    pub source_no: String,
    pub wanted_on: Option<Date>,
    pub supplier: String,
    pub expected_on: Option<Date>,
    pub note: String,
    pub reason: String,
    pub staff_id: Id,
    pub at: Ts,
    pub version: i64,
}
