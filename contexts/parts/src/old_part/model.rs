//! Words of the old-part ledger.

use kernel::{Date, Id, Money, Quantity, Ts};
use kit::DocRef;
use serde::{Deserialize, Serialize};

db::codes! {
    /// Who owes an old part (PARTS-51).
    pub enum DebtorKind {
        Staff = "staff" ("员工", "Person"),
        Outlet = "outlet" ("网点", "Outlet"),
        Customer = "customer" ("客户/经销商", "Customer or dealer"),
    }
}

db::codes! {
    /// State of a debt.
    pub enum DebtState {
        Owed = "owed" ("欠退", "Owed"),
        Settled = "settled" ("已结清", "Settled"),
        Charged = "charged" ("已扣款", "Charged"),
        Waived = "waived" ("免退", "Waived"),
        Cancelled = "cancelled" ("已取消", "Cancelled"),
    }
}

/// An old part that must come back, as the context that issued the new one reports it.
#[derive(Clone, Debug)]
pub struct OldPart {
    /// The document.
    pub doc: DocRef,
    /// Its line: one debt per line.
    pub line_id: Id,
    /// Which part.
    pub part_id: Id,
    /// Whose ledger.
    pub org_id: Id,
    /// Who owes.
    pub debtor: DebtorKind,
    /// Which person, organisation or customer.
    pub debtor_id: Id,
    /// Their name, for lists; nothing sensitive.
    pub debtor_name: String,
    /// The person who sees it as their own; the engineer.
    pub owner_id: Option<Id>,
    /// Due on this day; by setting `parts.old_part_days` after today when absent.
    pub due: Option<Date>,
}

db::row! {
    /// A debt.
    #[derive(Clone, Debug, Serialize, Deserialize)]
    pub struct DebtRow {
        pub id: Id,
        pub no: String,
        pub part_id: Id,
        pub org_id: Id,
        pub debtor_kind: DebtorKind,
        pub debtor_id: Id,
        pub debtor_name: String,
        pub owner_id: Option<Id>,
        pub doc_kind: String,
        pub doc_id: Id,
        pub doc_no: String,
        pub line_id: Id,
        pub quantity: Quantity,
        pub returned: Quantity,
        pub rejected: Quantity,
        pub charged: Quantity,
        pub charge: Money,
        pub waived: Quantity,
        pub state: DebtState,
        pub due: Date,
        pub note: String,
        pub version: i64,
        pub created_at: Ts,
        pub updated_at: Ts,
    }
}

impl DebtRow {
    /// What is still to come.
    pub fn open(&self) -> i64 {
        (self.quantity.0 - self.returned.0 - self.charged.0 - self.waived.0).max(0)
    }
}

impl kit::Owned for DebtRow {
    fn org(&self) -> Id {
        self.org_id
    }
    fn owners(&self) -> Vec<Id> {
        self.owner_id.into_iter().collect()
    }
}

db::codes! {
    /// How a debt is settled.
    pub enum Settlement {
        Returned = "returned" ("收回旧件", "Taken back"),
        Rejected = "rejected" ("鉴定不合格", "Refused at appraisal"),
        Charged = "charged" ("扣款", "Charged"),
        Waived = "waived" ("免退", "Waived"),
    }
}

/// Input: pieces of a debt that are settled.
#[derive(Clone, Debug, Serialize, Deserialize, schemars::JsonSchema)]
pub struct SettleInput {
    /// How.
    pub how: Settlement,
    /// Quantity in thousandths (text: decimal).
    #[serde(deserialize_with = "crate::input::quantity")]
    pub quantity: Quantity,
    /// Depot that takes the old pieces.
    #[serde(default)]
    pub depot_id: Option<Id>,
    /// They are scrap rather than repairable.
    #[serde(default)]
    pub scrap: bool,
    /// Amount charged in all, in fen (text: yuan); list price when left out.
    #[serde(default, deserialize_with = "crate::input::opt_money")]
    pub amount: Option<Money>,
    /// Findings of the appraisal, or why.
    #[serde(default)]
    pub note: String,
}

/// A debt as its page and the API show it.
#[derive(Clone, Debug, Serialize, Deserialize, schemars::JsonSchema)]
pub struct DebtOut {
    pub id: Id,
    pub no: String,
    pub part_id: Id,
    pub code: String,
    pub name: String,
    pub debtor_kind: DebtorKind,
    pub debtor_name: String,
    pub doc_kind: String,
    pub doc_id: Id,
    pub doc_no: String,
    pub quantity: Quantity,
    pub returned: Quantity,
    pub rejected: Quantity,
    pub charged: Quantity,
    pub charge: Money,
    pub waived: Quantity,
    pub open: Quantity,
    pub state: DebtState,
    pub due: Date,
    pub overdue: bool,
    pub note: String,
    pub version: i64,
}
