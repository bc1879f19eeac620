//! Words of the ledger.

use kernel::{Id, Money, Quantity, Ts};
use kit::DocRef;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

db::codes! {
    /// State of a piece of stock (PARTS-04, DESIGN §7.1).
    pub enum StockState {
        New = "new" ("新件", "New"),
        Repaired = "repaired" ("修复件", "Repaired"),
        Repairable = "repairable" ("待修件", "Repairable"),
        UnderRepair = "under_repair" ("修理中", "Under repair"),
        Scrap = "scrap" ("报废件", "Scrap"),
        Quarantine = "quarantine" ("待检/隔离", "Quarantine"),
        InTransit = "in_transit" ("在途", "In transit"),
    }
}

impl StockState {
    /// States that may be issued and promised, in the order they are taken: repaired first (PARTS-29).
    pub const ISSUABLE: [Self; 2] = [Self::Repaired, Self::New];

    /// True when it may be issued and promised.
    pub fn is_issuable(self) -> bool {
        Self::ISSUABLE.contains(&self)
    }
}

db::codes! {
    /// Why stock is issued (PARTS-32).
    pub enum IssueKind {
        Sale = "sale" ("销售出库", "Sale to customer"),
        Warranty = "warranty" ("保内更换", "In-warranty replacement"),
        Charged = "charged" ("保外收费", "Out-of-warranty, charged"),
        DealerReturn = "dealer_return" ("商返机", "Dealer return unit"),
        Outlet = "outlet" ("网点", "Outlet"),
        Requisition = "requisition" ("工程师领用", "Engineer requisition"),
    }
}

db::codes! {
    /// What a movement was.
    pub enum MoveKind {
        Opening = "opening" ("期初", "Opening balance"),
        Receipt = "receipt" ("入库", "Receipt"),
        Issue = "issue" ("出库", "Issue"),
        GiveBack = "give_back" ("退回出库", "Issue given back"),
        Send = "send" ("调拨发出", "Transfer sent"),
        Arrive = "arrive" ("调拨收到", "Transfer received"),
        Draw = "draw" ("领料", "Drawn by engineer"),
        ReturnUnused = "return_unused" ("退回未用件", "Unused returned"),
        Count = "count" ("盘点更正", "Count correction"),
        Restate = "restate" ("状态变更", "Change of state"),
        OldPart = "old_part" ("旧件回收", "Old part taken back"),
        Reverse = "reverse" ("冲销", "Reversal"),
    }
}

db::codes! {
    /// Where stock comes from or goes to. Only places of our own have balances; what lies outside is without
    /// limit and is known from the movements.
    pub enum Place {
        Depot = "depot" ("仓库", "Depot"),
        Supplier = "supplier" ("供应商", "Supplier"),
        Customer = "customer" ("客户", "Customer"),
        Repairer = "repairer" ("外修单位", "Repairer"),
        Scrapped = "scrapped" ("处置", "Disposed of"),
        Count = "count" ("盘点差异", "Count difference"),
    }
}

/// One end of a movement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// Stock of ours.
    Stock {
        /// Where.
        depot_id: Id,
        /// In which state.
        state: StockState,
    },
    /// Outside.
    Outside(Place),
}

/// What the moved pieces are worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Worth {
    /// The moving average of where they come from.
    Average,
    /// A known amount in all. Taking the last piece always takes what value is left, so that no stock has no value.
    Exactly(Money),
}

/// A movement to be posted.
#[derive(Clone, Debug)]
pub struct Posting {
    /// What it is.
    pub kind: MoveKind,
    /// Which part.
    pub part_id: Id,
    /// Out of.
    pub from: End,
    /// Into.
    pub to: End,
    /// How many; above zero.
    pub quantity: Quantity,
    /// Worth how much.
    pub worth: Worth,
    /// On which document.
    pub doc: DocRef,
    /// On which of its lines.
    pub line_id: Option<Id>,
    /// Why, where a reason is asked for.
    pub reason: String,
    /// The movement it takes back.
    pub reversal_of: Option<Id>,
}

/// A document line that takes, or reserves, stock.
#[derive(Clone, Debug)]
pub struct LineStock {
    /// The document.
    pub doc: DocRef,
    /// Its line: the key under which everything is remembered.
    pub line_id: Id,
    /// Which part.
    pub part_id: Id,
    /// Out of which depot.
    pub depot_id: Id,
    /// Why.
    pub kind: IssueKind,
    /// Organisation of the document.
    pub org_id: Id,
}

/// Which stock a line takes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Pick {
    /// Repaired first, then new (PARTS-29).
    #[default]
    RepairedFirst,
    /// New first: an override, with a reason on the document.
    NewFirst,
    /// Only new pieces.
    NewOnly,
}

impl Pick {
    /// States in the order they are taken.
    pub fn states(self) -> &'static [StockState] {
        match self {
            Self::RepairedFirst => &[StockState::Repaired, StockState::New],
            Self::NewFirst => &[StockState::New, StockState::Repaired],
            Self::NewOnly => &[StockState::New],
        }
    }
}

/// What setting a line's quantity did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct LineMoved {
    /// Cost of everything the line has now.
    pub cost: Money,
    /// Quantity the line has now.
    pub quantity: Quantity,
    /// Quantity still reserved for it.
    pub reserved: Quantity,
}

/// What a depot has of a part, over the states that may be issued.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Available {
    /// Lies there.
    pub on_hand: Quantity,
    /// Promised to documents.
    pub reserved: Quantity,
    /// Free.
    pub available: Quantity,
}

/// A balance row, locked, with what one line holds of it.
#[derive(Clone, Debug)]
pub struct Held {
    /// The row.
    pub id: Id,
    /// Of which part.
    pub part_id: Id,
    /// Where.
    pub depot_id: Id,
    /// Whose depot.
    pub org_id: Id,
    /// In which state.
    pub state: StockState,
    /// Lies there.
    pub on_hand: i64,
    /// Promised.
    pub reserved: i64,
    /// Worth.
    pub value: i64,
    /// For the conditional update.
    pub version: i64,
    /// Issued to the line.
    pub issued: i64,
    /// At this cost.
    pub issued_cost: i64,
    /// Version of the line's issue row; 0: none.
    pub issued_version: i64,
    /// Reserved for the line.
    pub mine: i64,
    /// Version of the line's reservation row; 0: none.
    pub mine_version: i64,
    /// Level row, if the part has levels here.
    pub level: Option<LevelOf>,
}

/// Level of a part in a depot, as far as movements care.
#[derive(Clone, Copy, Debug)]
pub struct LevelOf {
    /// The row.
    pub id: Id,
    /// Alarm at or below.
    pub minimum: i64,
    /// The alarm is on.
    pub low: bool,
}

impl db::FromRow for Held {
    fn from_row(row: &db::Row) -> db::Result<Self> {
        let level: Option<Id> = row.get("level_id")?;
        Ok(Self {
            id: row.get("id")?,
            part_id: row.get("part_id")?,
            depot_id: row.get("depot_id")?,
            org_id: row.get("org_id")?,
            state: row.get("stock_state")?,
            on_hand: row.get("on_hand")?,
            reserved: row.get("reserved")?,
            value: row.get("value")?,
            version: row.get("version")?,
            issued: row.get("issued")?,
            issued_cost: row.get("issued_cost")?,
            issued_version: row.get("issued_version")?,
            mine: row.get("mine")?,
            mine_version: row.get("mine_version")?,
            level: match level {
                Some(id) => Some(LevelOf { id, minimum: row.get("minimum")?, low: row.get("low")? }),
                None => None,
            },
        })
    }
}

db::row! {
    /// A movement of the ledger.
    #[derive(Clone, Debug, Serialize, Deserialize)]
    pub struct MoveRow {
        pub id: Id,
        pub at: Ts,
        pub kind: MoveKind,
        pub issue_kind: String,
        pub part_id: Id,
        pub quantity: Quantity,
        pub cost: Money,
        pub from_place: Place,
        pub from_balance_id: Option<Id>,
        pub from_depot_id: Option<Id>,
        pub from_state: String,
        pub to_place: Place,
        pub to_balance_id: Option<Id>,
        pub to_depot_id: Option<Id>,
        pub to_state: String,
        pub doc_kind: String,
        pub doc_id: Id,
        pub doc_no: String,
        pub line_id: Option<Id>,
        pub reason: String,
        pub reversal_of: Option<Id>,
        pub user_id: Id,
        pub staff_id: Id,
        pub org_id: Id,
    }
}
