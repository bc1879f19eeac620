//! Words of transfers.

use kernel::{Date, Id, Money, Quantity, Ts};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{input, stock::model::StockState};

db::codes! {
    /// What kind of movement between depots.
    pub enum TransferKind {
        Move = "move" ("调拨", "Transfer"),
        Draw = "draw" ("工程师领料", "Drawn by engineer"),
        ReturnUnused = "return_unused" ("退回未用件", "Unused returned"),
    }
}

db::codes! {
    /// State of a transfer.
    pub enum TransferState {
        Sent = "sent" ("在途", "On the way"),
        Partly = "partly" ("部分收到", "Partly received"),
        Received = "received" ("已收到", "Received"),
        Returned = "returned" ("已退回", "Sent back"),
    }
}

db::row! {
    /// A transfer.
    #[derive(Clone, Debug, Serialize, Deserialize)]
    pub struct TransferRow {
        pub id: Id,
        pub no: String,
        pub kind: TransferKind,
        pub from_id: Id,
        pub to_id: Id,
        pub org_id: Id,
        pub holder_id: Option<Id>,
        pub to_org_id: Id,
        pub state: TransferState,
        pub carrier: String,
        pub waybill: String,
        pub place: String,
        pub due: Option<Date>,
        pub reason: String,
        pub note: String,
        pub staff_id: Id,
        pub sent_at: Ts,
        pub received_at: Option<Ts>,
        pub version: i64,
        pub created_at: Ts,
        pub updated_at: Ts,
    }
}

db::row! {
    /// A line of a transfer.
    #[derive(Clone, Debug, Serialize, Deserialize)]
    pub struct TransferLineRow {
        pub id: Id,
        pub n: i64,
        pub part_id: Id,
        pub stock_state: StockState,
        pub quantity: Quantity,
        pub cost: Money,
        pub received: Quantity,
        pub received_cost: Money,
        pub returned: Quantity,
        pub returned_cost: Money,
    }
}

impl TransferLineRow {
    /// Pieces still on the way.
    pub fn open(&self) -> i64 {
        self.quantity.0 - self.received.0 - self.returned.0
    }

    /// Value still on the way.
    pub fn open_cost(&self) -> i64 {
        self.cost.0 - self.received_cost.0 - self.returned_cost.0
    }
}

/// Input: stock that leaves a depot for another.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct TransferInput {
    /// What kind. Draws go into a van and returns come out of one, both at once; transfers are on the way until
    /// they are received.
    pub kind: TransferKind,
    /// Out of.
    #[serde(deserialize_with = "kit::inputs::choice")]
    pub from_id: Id,
    /// Into.
    #[serde(deserialize_with = "kit::inputs::choice")]
    pub to_id: Id,
    /// Carrier.
    #[serde(default)]
    pub carrier: String,
    /// Waybill number.
    #[serde(default)]
    pub waybill: String,
    /// Expected on; for draws: unused parts go back by.
    #[serde(default)]
    pub due: Option<Date>,
    /// Why.
    #[serde(default)]
    pub reason: String,
    /// Anything else.
    #[serde(default)]
    pub note: String,
    /// Lines.
    #[serde(default)]
    pub lines: Vec<TransferLineInput>,
    /// A scanned code that becomes a new line of the form.
    #[serde(default, skip_serializing)]
    #[schemars(skip)]
    pub scan: String,
    /// Codes that were scanned and that no part has, parted by tabs; they stay on the page.
    #[serde(default, skip_serializing)]
    #[schemars(skip)]
    pub unknown: String,
    /// They were seen to.
    #[serde(default, skip_serializing)]
    #[schemars(skip)]
    pub seen: bool,
    /// The form asks to take out this line only.
    #[serde(default, skip_serializing)]
    #[schemars(skip)]
    pub remove: Option<usize>,
    /// The form asks for one more line only.
    #[serde(default, skip_serializing)]
    #[schemars(skip)]
    pub add: bool,
}

/// Input: a line of a transfer.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
pub struct TransferLineInput {
    /// Id or code of the part.
    pub part: String,
    /// Code as typed into a form, when nothing was chosen.
    #[serde(default, skip_serializing)]
    #[schemars(skip)]
    pub part_text: String,
    /// Quantity in thousandths (text: decimal).
    #[serde(default, deserialize_with = "input::quantity")]
    pub quantity: Quantity,
    /// State; repaired before new when left out (PARTS-29).
    #[serde(default)]
    pub state: Option<StockState>,
}

/// Input: what arrived.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
pub struct ArriveInput {
    /// Quantities by line; everything that is on the way when left out.
    #[serde(default)]
    pub lines: Vec<ArriveLine>,
}

/// Input: what arrived of a line.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct ArriveLine {
    /// The line.
    pub line_id: Id,
    /// Quantity in thousandths (text: decimal).
    #[serde(default, deserialize_with = "input::quantity")]
    pub quantity: Quantity,
}

/// Input: what was not received goes back to where it came from.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct SendBackInput {
    /// Why.
    #[serde(default)]
    pub reason: String,
}

/// Input: where the goods are and when they will arrive (PARTS-64).
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct PositionInput {
    /// Carrier.
    #[serde(default)]
    pub carrier: String,
    /// Waybill number.
    #[serde(default)]
    pub waybill: String,
    /// Where they are now.
    #[serde(default)]
    pub place: String,
    /// Expected on.
    #[serde(default)]
    pub due: Option<Date>,
}

/// A transfer as its page and the API show it.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct TransferOut {
    pub id: Id,
    pub no: String,
    pub kind: TransferKind,
    pub state: TransferState,
    pub from_id: Id,
    pub from: String,
    pub to_id: Id,
    pub to: String,
    pub carrier: String,
    pub waybill: String,
    pub place: String,
    pub due: Option<Date>,
    pub reason: String,
    pub note: String,
    pub sent_at: Ts,
    pub received_at: Option<Ts>,
    pub version: i64,
    pub lines: Vec<TransferLineOut>,
}

/// A line of a transfer as shown.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct TransferLineOut {
    pub id: Id,
    pub part_id: Id,
    pub code: String,
    pub name: String,
    pub state: StockState,
    pub quantity: Quantity,
    pub received: Quantity,
    pub returned: Quantity,
    /// Still on the way.
    pub open: Quantity,
    /// Absent for those who may not see costs.
    pub cost: Option<Money>,
}
