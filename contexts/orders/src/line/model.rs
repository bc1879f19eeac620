//! Lines of an order: material, labour, travel, fees.

use kernel::{Id, Lang, Money, Quantity, Ts};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

db::codes! {
    /// What a line is.
    pub enum LineKind {
        /// a part from stock
        Part = "part" ("备件", "Part"),
        /// work
        Labour = "labour" ("工时", "Labour"),
        /// way
        Travel = "travel" ("上门", "Travel"),
        /// a fee by rule
        Fee = "fee" ("费用", "Fee"),
        /// anything else
        Other = "other" ("其他", "Other"),
    }
}

db::codes! {
    /// Sheet on which a line was entered (WO-06, PARTS-33).
    pub enum Sheet {
        /// intake sheet
        Intake = "intake" ("接单", "Intake"),
        /// dispatch sheet
        Dispatch = "dispatch" ("派工单", "Dispatch sheet"),
        /// completion sheet
        Completion = "completion" ("完工单", "Completion sheet"),
        /// callback sheet
        Callback = "callback" ("回访单", "Callback sheet"),
    }
}

db::codes! {
    /// What a material line did to the stock.
    pub enum Stock {
        /// not a stock line
        None = "none" ("—", "—"),
        /// wanted, nothing moved
        Planned = "planned" ("计划", "Planned"),
        /// held in the depot
        Reserved = "reserved" ("已预约", "Reserved"),
        /// taken out of the depot
        Issued = "issued" ("已出库", "Issued"),
        /// built in
        Used = "used" ("已使用", "Used"),
        /// given back or never taken
        Returned = "returned" ("已退回", "Returned"),
    }
}

impl Stock {
    /// The part has left the depot for this line.
    pub const fn is_out(self) -> bool {
        matches!(self, Self::Issued | Self::Used)
    }
}

db::codes! {
    /// What saving a material line shall do to the stock.
    pub enum StockWish {
        /// nothing yet
        Plan = "plan" ("仅计划", "Plan only"),
        /// hold it
        Reserve = "reserve" ("预约", "Reserve"),
        /// take it out
        Issue = "issue" ("出库", "Issue"),
    }
}

/// A new line.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct NewLine {
    /// `part` unless given.
    pub kind: Option<LineKind>,
    /// Which part.
    pub part_id: Option<Id>,
    /// Which part, by its code.
    pub part_code: Option<String>,
    /// Code or name of a part as typed: found, else opened (CALL-30).
    #[serde(alias = "part_id_text")]
    pub part: Option<String>,
    /// From which depot; the engineer's van unless given.
    pub depot_id: Option<Id>,
    /// Name of other lines.
    pub name: Option<String>,
    /// Thousandths; one unless given.
    #[serde(deserialize_with = "crate::texts::quantity")]
    pub quantity: Option<Quantity>,
    /// Unit price, minor units; from the price list unless given.
    #[serde(deserialize_with = "crate::texts::money")]
    pub price: Option<Money>,
    /// Unit or fault item it is for.
    pub order_unit_id: Option<Id>,
    /// Sheet it is entered on; follows from the state. A done order takes `callback` beside `completion`.
    pub sheet: Option<Sheet>,
    /// What happens to the stock: issued when saved on a dispatch, completion or callback sheet, else planned. Once the
    /// work is done parts can only be issued.
    pub stock: Option<StockWish>,
    /// Serial numbers.
    pub serials: Option<String>,
    /// The old part was taken along.
    pub old_part_taken: bool,
    /// Remark.
    pub note: Option<String>,
}

/// Changes of a line; absent fields stay.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct EditLine {
    /// Version of the order seen.
    pub version: Option<i64>,
    /// Thousandths.
    #[serde(deserialize_with = "crate::texts::quantity")]
    pub quantity: Option<Quantity>,
    /// Unit price.
    #[serde(deserialize_with = "crate::texts::money")]
    pub price: Option<Money>,
    /// Depot; only while nothing has left one.
    pub depot_id: Option<Id>,
    /// What shall happen to the stock.
    pub stock: Option<StockWish>,
    /// Serial numbers.
    pub serials: Option<String>,
    /// The old part was taken along.
    pub old_part_taken: Option<bool>,
    /// Share the warranty bears, basis points, after evidence (WO-48); needs the right to and a reason.
    #[serde(deserialize_with = "crate::texts::share")]
    pub covered_bp: Option<i64>,
    /// Why the cover changes.
    pub reason: Option<String>,
    /// Remark.
    pub note: Option<String>,
}

db::record! {
    /// A line as stored.
    #[derive(Clone, Debug, PartialEq)]
    pub struct LineRow {
        pub id: Id,
        pub order_id: Id,
        pub org_id: Id,
        pub place: i64,
        pub order_unit_id: Option<Id>,
        pub kind: LineKind,
        pub code: String,
        pub name: String,
        pub part_id: Option<Id>,
        pub depot_id: Option<Id>,
        pub quantity: Quantity,
        pub price: Money,
        pub covered_bp: i64,
        pub gross: Money,
        pub amount: Money,
        pub sheet: Sheet,
        pub stock: Stock,
        pub verdict: String,
        /// Why the cover was changed by hand.
        pub reclassified: String,
        pub old_part_due: bool,
        pub old_part_taken: bool,
        pub serials: String,
        /// Entered by rule (WO-39): renewed by rule, not by hand.
        pub auto: bool,
        /// The price of a line by rule was set by hand: it outlives the rule.
        pub priced: bool,
        pub rule_id: Option<Id>,
        /// How the amount came about, in both languages.
        pub trace: String,
        pub note: String,
        pub cost: Money,
        pub created_at: Ts,
        pub updated_at: Ts,
    }
}

/// A line for callers.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct LineOut {
    /// Line.
    pub id: Id,
    /// What it is.
    pub kind: LineKind,
    /// Part code or fee code.
    pub code: String,
    /// Name.
    pub name: String,
    /// Part.
    pub part_id: Option<Id>,
    /// Depot.
    pub depot_id: Option<Id>,
    /// Unit or fault item.
    pub order_unit_id: Option<Id>,
    /// Thousandths.
    pub quantity: Quantity,
    /// Unit price.
    pub price: Money,
    /// Before warranty.
    pub gross: Money,
    /// Share the warranty bears.
    pub covered_bp: i64,
    /// What the customer pays.
    pub amount: Money,
    /// Sheet it was entered on.
    pub sheet: Sheet,
    /// What it did to the stock.
    pub stock: Stock,
    /// Warranty verdict it stands under.
    pub verdict: String,
    /// Why the cover was changed by hand.
    pub reclassified: String,
    /// The old part must come back.
    pub old_part_due: bool,
    /// It was taken along.
    pub old_part_taken: bool,
    /// Serial numbers.
    pub serials: String,
    /// Entered by rule.
    pub auto: bool,
    /// How the amount came about.
    pub trace: String,
    /// Remark.
    pub note: String,
}

impl LineOut {
    /// The line for somebody who reads this language.
    pub fn of(lang: Lang, row: &LineRow) -> Self {
        Self {
            id: row.id,
            kind: row.kind,
            code: row.code.clone(),
            name: row.name.clone(),
            part_id: row.part_id,
            depot_id: row.depot_id,
            order_unit_id: row.order_unit_id,
            quantity: row.quantity,
            price: row.price,
            gross: row.gross,
            covered_bp: row.covered_bp,
            amount: row.amount,
            sheet: row.sheet,
            stock: row.stock,
            verdict: row.verdict.clone(),
            reclassified: row.reclassified.clone(),
            old_part_due: row.old_part_due,
            old_part_taken: row.old_part_taken,
            serials: row.serials.clone(),
            auto: row.auto,
            trace: lang.of(&row.trace).to_string(),
            note: row.note.clone(),
        }
    }
}

/// Lines of an order as callers get them.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct LinesOut {
    /// Lines in order.
    pub items: Vec<LineOut>,
    /// Sum before warranty.
    pub gross: Money,
    /// Taken off by agreement.
    #[serde(default)]
    pub reduced: Money,
    /// Sum the customer pays.
    pub payable: Money,
}
