//! An order as its history tells it.

use kernel::{Id, Money, Quantity, Ts};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::order::model::State;

db::row! {
    /// An order as stored, with the fault of the unit that was asked for.
    pub struct HistoryRow {
        pub id: Id,
        pub no: String,
        pub state: State,
        pub kind: String,
        pub kind_zh: String,
        pub kind_en: String,
        pub unit_id: Option<Id>,
        pub model_name: String,
        pub serial: String,
        pub fault: String,
        pub cause: String,
        pub root_cause: String,
        pub result: String,
        pub gross: Money,
        pub payable: Money,
        pub engineer_name: String,
        pub callback_class: String,
        pub score: Option<i64>,
        pub created_at: Ts,
        pub done_at: Option<Ts>,
    }
}

db::row! {
    /// A part that went into an order.
    pub struct PartRow {
        pub order_id: Id,
        pub code: String,
        pub name: String,
        pub quantity: Quantity,
    }
}

/// History of a unit or a customer, newest first; the latest fifty.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct HistoryOut {
    /// Orders that the caller may see.
    pub items: Vec<HistoryLine>,
}

/// One order of a history.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct HistoryLine {
    /// Order.
    pub id: Id,
    /// Number.
    pub no: String,
    /// Macro state.
    pub state: State,
    /// Kind of work, code.
    pub kind: String,
    /// Its name in the caller's language.
    pub kind_name: String,
    /// Unit.
    pub unit_id: Option<Id>,
    /// Its model.
    pub model_name: String,
    /// Its serial.
    pub serial: String,
    /// Fault: of the unit asked for, else of the order.
    pub fault: String,
    /// Cause, code; empty before completion.
    pub cause: String,
    /// Root cause in words.
    pub root_cause: String,
    /// What was done.
    pub result: String,
    /// Parts used.
    pub parts: Vec<HistoryPart>,
    /// What the work was worth, minor units.
    pub gross: Money,
    /// What the customer pays of it, minor units.
    pub payable: Money,
    /// Engineer.
    pub engineer_name: String,
    /// Result of the callback, code; empty without one.
    pub callback_class: String,
    /// Score of 100, if one was given.
    pub score: Option<i64>,
    /// Opened.
    pub created_at: Ts,
    /// Finished.
    pub done_at: Option<Ts>,
}

/// A part used.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct HistoryPart {
    /// Part code.
    pub code: String,
    /// Name.
    pub name: String,
    /// How much, thousandths.
    pub quantity: Quantity,
}
