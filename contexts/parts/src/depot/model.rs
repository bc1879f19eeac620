//! Words of depots.

use kernel::{Id, Ts};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

db::codes! {
    /// Kind of depot (PARTS-09, 14).
    pub enum DepotKind {
        Parts = "parts" ("配件库", "Spare parts"),
        Finished = "finished" ("成品库", "Finished goods"),
        ToRepair = "to_repair" ("待修库", "To be repaired"),
        Samples = "samples" ("样品库", "Samples"),
        WriteOff = "write_off" ("报损库", "Write-off"),
        DealerReturns = "dealer_returns" ("商返库", "Dealer returns"),
        Outlet = "outlet" ("网点库", "Outlet store"),
        Van = "van" ("工程师车/包", "Engineer's van or bag"),
        Transit = "transit" ("在途", "In transit"),
    }
}

db::row! {
    /// A depot.
    #[derive(Clone, Debug, Serialize, Deserialize)]
    pub struct DepotRow {
        pub id: Id,
        pub code: String,
        pub name: String,
        pub kind: DepotKind,
        pub org_id: Id,
        pub holder_id: Option<Id>,
        pub address: String,
        pub active: bool,
        pub note: String,
        pub version: i64,
        pub created_at: Ts,
        pub updated_at: Ts,
    }
}

impl kit::Owned for DepotRow {
    fn org(&self) -> Id {
        self.org_id
    }
    fn owners(&self) -> Vec<Id> {
        self.holder_id.into_iter().collect()
    }
}

/// A depot, for other contexts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DepotBrief {
    /// Which.
    pub id: Id,
    /// Code for people.
    pub code: String,
    /// Name.
    pub name: String,
    /// Kind.
    pub kind: DepotKind,
    /// Whose.
    pub org_id: Id,
    /// Who answers for it, for vans.
    pub holder_id: Option<Id>,
}

impl From<DepotRow> for DepotBrief {
    fn from(row: DepotRow) -> Self {
        Self {
            id: row.id,
            code: row.code,
            name: row.name,
            kind: row.kind,
            org_id: row.org_id,
            holder_id: row.holder_id,
        }
    }
}

/// Input: a new depot, or all editable fields of an old one.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct DepotInput {
    /// Code, unique in the company.
    pub code: String,
    /// Name.
    pub name: String,
    /// Kind.
    pub kind: DepotKind,
    /// Organisation it belongs to; the caller's own when left out.
    #[serde(default)]
    pub org_id: Option<Id>,
    /// Who answers for it; needed for vans.
    #[serde(default)]
    pub holder_id: Option<Id>,
    /// Where it is.
    #[serde(default)]
    pub address: String,
    /// Anything else.
    #[serde(default)]
    pub note: String,
    /// Not in use any more.
    #[serde(default)]
    pub inactive: bool,
    /// Version the change is based on.
    #[serde(default)]
    pub version: Option<i64>,
}

/// A depot as the API shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DepotOut {
    pub id: Id,
    pub code: String,
    pub name: String,
    pub kind: DepotKind,
    pub org_id: Id,
    pub holder_id: Option<Id>,
    pub address: String,
    pub active: bool,
    pub note: String,
    pub version: i64,
}

impl From<DepotRow> for DepotOut {
    fn from(row: DepotRow) -> Self {
        Self {
            id: row.id,
            code: row.code,
            name: row.name,
            kind: row.kind,
            org_id: row.org_id,
            holder_id: row.holder_id,
            address: row.address,
            active: row.active,
            note: row.note,
            version: row.version,
        }
    }
}

db::row! {
    /// What lies in a depot, a line per part and state.
    #[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
    pub struct Lying {
        pub part_id: Id,
        pub code: String,
        pub name: String,
        pub stock_state: crate::stock::model::StockState,
        pub on_hand: kernel::Quantity,
        pub reserved: kernel::Quantity,
        pub bin: String,
        pub low: bool,
    }
}
