//! Words of issue slips.

use kernel::{Id, Money, Quantity, Ts};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{input, stock::model::IssueKind};

db::codes! {
    /// State of a slip.
    pub enum SlipState {
        Reserved = "reserved" ("已预约", "Reserved"),
        Issued = "issued" ("已出库", "Issued"),
        Cancelled = "cancelled" ("已取消", "Cancelled"),
    }
}

db::codes! {
    /// Which pieces a slip takes.
    pub enum SlipPick {
        RepairedFirst = "repaired_first" ("修复件优先", "Repaired first"),
        NewFirst = "new_first" ("新件优先", "New first"),
        NewOnly = "new_only" ("仅新件", "New only"),
    }
}

db::row! {
    /// A slip.
    #[derive(Clone, Debug, Serialize, Deserialize)]
    pub struct SlipRow {
        pub id: Id,
        pub no: String,
        pub kind: IssueKind,
        pub depot_id: Id,
        pub org_id: Id,
        pub holder_id: Option<Id>,
        pub recipient: String,
        pub voucher: String,
        pub pick: SlipPick,
        pub reason: String,
        pub note: String,
        pub state: SlipState,
        pub staff_id: Id,
        pub version: i64,
        pub created_at: Ts,
        pub updated_at: Ts,
    }
}

impl kit::Owned for SlipRow {
    fn org(&self) -> Id {
        self.org_id
    }
    fn owners(&self) -> Vec<Id> {
        self.holder_id.into_iter().collect()
    }
}

db::row! {
    /// A line of a slip.
    #[derive(Clone, Debug, Serialize, Deserialize)]
    pub struct SlipLineRow {
        pub id: Id,
        pub n: i64,
        pub part_id: Id,
        pub quantity: Quantity,
        pub cost: Money,
    }
}

/// Input: a slip.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct SlipInput {
    /// Why stock is issued.
    pub kind: IssueKind,
    /// Out of which depot.
    #[serde(deserialize_with = "kit::inputs::choice")]
    pub depot_id: Id,
    /// For whom: a name for the slip, nothing sensitive.
    #[serde(default)]
    pub recipient: String,
    /// Number of the signed requisition (领料票据, PARTS-26).
    #[serde(default)]
    pub voucher: String,
    /// Which pieces first; repaired ones unless said otherwise, and otherwise with a reason (PARTS-29).
    #[serde(default)]
    pub pick: Option<SlipPick>,
    /// Why not repaired ones first.
    #[serde(default)]
    pub reason: String,
    /// Anything else.
    #[serde(default)]
    pub note: String,
    /// Reserve only; issue later.
    #[serde(default)]
    pub reserve: bool,
    /// Lines.
    #[serde(default)]
    pub lines: Vec<SlipLineInput>,
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

/// Input: a line of a slip.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
pub struct SlipLineInput {
    /// Id or code of the part.
    pub part: String,
    /// Code as typed into a form, when nothing was chosen.
    #[serde(default, skip_serializing)]
    #[schemars(skip)]
    pub part_text: String,
    /// Quantity in thousandths (text: decimal).
    #[serde(default, deserialize_with = "input::quantity")]
    pub quantity: Quantity,
}

/// Input: a line's new quantity; zero deletes the line, no line id adds one.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct LineChange {
    /// The line.
    #[serde(default)]
    pub line_id: Option<Id>,
    /// Id or code of the part, for a new line.
    #[serde(default)]
    pub part: String,
    /// Code as typed into a form, when nothing was chosen.
    #[serde(default, skip_serializing)]
    #[schemars(skip)]
    pub part_text: String,
    /// Quantity in thousandths (text: decimal).
    #[serde(default, deserialize_with = "input::quantity")]
    pub quantity: Quantity,
}

/// Input: why a slip is cancelled.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct CancelInput {
    /// Why.
    #[serde(default)]
    pub reason: String,
}

/// Input of commands that need nothing.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
pub struct Nothing {}

/// A slip as its page and the API show it.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct SlipOut {
    pub id: Id,
    pub no: String,
    pub kind: IssueKind,
    pub state: SlipState,
    pub depot_id: Id,
    pub depot: String,
    pub recipient: String,
    pub voucher: String,
    pub pick: SlipPick,
    pub reason: String,
    pub note: String,
    pub at: Ts,
    pub version: i64,
    pub lines: Vec<SlipLineOut>,
}

/// A line of a slip as shown.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct SlipLineOut {
    pub id: Id,
    pub part_id: Id,
    pub code: String,
    pub name: String,
    pub unit: String,
    pub quantity: Quantity,
    /// List price of one.
    pub price: Money,
    /// Absent for those who may not see costs.
    pub cost: Option<Money>,
}
