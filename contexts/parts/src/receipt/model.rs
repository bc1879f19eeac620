//! Words of receipts.

use kernel::{Id, Money, Quantity, Ts};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{input, stock::model::StockState};

db::codes! {
    /// Where the goods come from.
    pub enum ReceiptKind {
        Ordered = "ordered" ("订购入库", "Ordered goods"),
        AdHoc = "ad_hoc" ("临时采购", "Ad-hoc purchase"),
        Compensated = "compensated" ("厂家赔付", "Compensated by the maker"),
        Repaired = "repaired" ("修复入库", "Repaired"),
        Other = "other" ("其他入库", "Other"),
    }
}

db::codes! {
    /// State of a receipt.
    pub enum ReceiptState {
        Posted = "posted" ("已入库", "Received"),
        Reversed = "reversed" ("已冲销", "Reversed"),
    }
}

db::row! {
    /// A receipt.
    #[derive(Clone, Debug, Serialize, Deserialize)]
    pub struct ReceiptRow {
        pub id: Id,
        pub no: String,
        pub kind: ReceiptKind,
        pub depot_id: Id,
        pub org_id: Id,
        pub supplier: String,
        pub source_no: String,
        pub deliverer: String,
        pub note: String,
        pub purchase_id: Option<Id>,
        pub state: ReceiptState,
        pub reversed_reason: String,
        pub staff_id: Id,
        pub version: i64,
        pub created_at: Ts,
        pub updated_at: Ts,
    }
}

impl kit::Owned for ReceiptRow {
    fn org(&self) -> Id {
        self.org_id
    }
}

db::row! {
    /// A line of a receipt.
    #[derive(Clone, Debug, Serialize, Deserialize)]
    pub struct ReceiptLineRow {
        pub id: Id,
        pub n: i64,
        pub part_id: Id,
        pub stock_state: StockState,
        pub quantity: Quantity,
        pub unit_cost: Money,
        pub cost: Money,
        pub rejected: Quantity,
        pub reject_reason: String,
        pub certificate: String,
        pub old_part_due: bool,
    }
}

/// Input: goods that arrived.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct ReceiptInput {
    /// Where they come from.
    pub kind: ReceiptKind,
    /// Into which depot.
    #[serde(deserialize_with = "kit::inputs::choice")]
    pub depot_id: Id,
    /// Supplier, maker or repairer.
    #[serde(default)]
    pub supplier: String,
    /// Number of their delivery note, or of our request.
    #[serde(default)]
    pub source_no: String,
    /// Who handed them over.
    #[serde(default)]
    pub deliverer: String,
    /// Anything else.
    #[serde(default)]
    pub note: String,
    /// The requisition that these goods were ordered by.
    #[serde(default)]
    pub purchase_id: Option<Id>,
    /// Lines.
    #[serde(default)]
    pub lines: Vec<ReceiptLineInput>,
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

/// Input: a line of a receipt, inspected piece by piece (PARTS-16).
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
pub struct ReceiptLineInput {
    /// Id or code of the part.
    pub part: String,
    /// Code as typed into a form, when nothing was chosen.
    #[serde(default, skip_serializing)]
    #[schemars(skip)]
    pub part_text: String,
    /// Accepted quantity in thousandths (text: decimal).
    #[serde(default, deserialize_with = "input::quantity")]
    pub quantity: Quantity,
    /// State; new unless said otherwise, repaired for repaired goods.
    #[serde(default)]
    pub state: Option<StockState>,
    /// Cost of one in fen (text: yuan); the part's standard cost when left out, nothing for compensated goods.
    #[serde(default, deserialize_with = "input::opt_money")]
    pub unit_cost: Option<Money>,
    /// Quantity refused at inspection.
    #[serde(default, deserialize_with = "input::quantity")]
    pub rejected: Quantity,
    /// Why.
    #[serde(default)]
    pub reject_reason: String,
    /// Certificate or batch number.
    #[serde(default)]
    pub certificate: String,
    /// The old part must go back to the supplier (PARTS-19).
    #[serde(default)]
    pub old_part_due: Option<bool>,
}

/// Input: why a receipt is reversed.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct ReverseInput {
    /// Why.
    #[serde(default)]
    pub reason: String,
}

/// A receipt as its page and the API show it.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct ReceiptOut {
    pub id: Id,
    pub no: String,
    pub kind: ReceiptKind,
    pub state: ReceiptState,
    pub depot_id: Id,
    pub depot: String,
    pub supplier: String,
    pub source_no: String,
    pub deliverer: String,
    pub note: String,
    pub purchase_id: Option<Id>,
    pub reversed_reason: String,
    pub at: Ts,
    pub staff_id: Id,
    pub version: i64,
    pub lines: Vec<ReceiptLineOut>,
}

/// A line of a receipt as shown.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct ReceiptLineOut {
    pub id: Id,
    pub part_id: Id,
    pub code: String,
    pub name: String,
    pub state: StockState,
    pub quantity: Quantity,
    /// Absent for those who may not see costs.
    pub unit_cost: Option<Money>,
    /// Absent for those who may not see costs.
    pub cost: Option<Money>,
    pub rejected: Quantity,
    pub reject_reason: String,
    pub certificate: String,
    pub old_part_due: bool,
}
