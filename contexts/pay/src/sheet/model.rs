//! Data of pay sheets.

use kernel::{Id, Money, Ts};
use kit::Owned;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::line::model::{DisputeRow, LineOut};

db::codes! {
    /// State of a sheet.
    pub enum SheetState {
        Draft = "draft" ("待锁定", "Draft"),
        Locked = "locked" ("已锁定", "Locked"),
    }
}

db::row! {
    /// A month's pay of one person as stored.
    #[derive(Clone, Debug, Serialize, Deserialize)]
    pub struct SheetRow {
        pub id: Id,
        pub org_id: Id,
        pub staff_id: Id,
        pub staff_name: String,
        pub period: String,
        pub wage: Money,
        pub allowance: Money,
        pub commission: Money,
        pub rewards: Money,
        pub deductions: Money,
        pub corrections: Money,
        pub total: Money,
        pub points: i64,
        pub jobs: i64,
        pub state: SheetState,
        pub version: i64,
        pub created_at: Ts,
        pub updated_at: Ts,
        pub locked_at: Option<Ts>,
        pub locked_by: String,
    }
}

impl Owned for SheetRow {
    fn org(&self) -> Id {
        self.org_id
    }
    fn owners(&self) -> Vec<Id> {
        vec![self.staff_id]
    }
}

/// Sums of a sheet: total = wage + allowance + commission + rewards − deductions + corrections (PAY-09).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Sums {
    /// Post wage.
    pub wage: Money,
    /// Post allowance.
    pub allowance: Money,
    /// Commissions.
    pub commission: Money,
    /// Rewards.
    pub rewards: Money,
    /// Deductions and penalties, as a positive amount.
    pub deductions: Money,
    /// Reversals of earlier months (PAY-15), signed.
    pub corrections: Money,
    /// What is paid.
    pub total: Money,
    /// Points.
    pub points: i64,
    /// Orders paid for.
    pub jobs: i64,
}

/// A sheet as people see it. Sums are absent for those who may not see pay.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct SheetOut {
    /// The sheet; none before it was made.
    pub id: Option<Id>,
    /// Whose.
    pub staff_id: Id,
    /// Name.
    pub staff_name: String,
    /// Month.
    pub period: String,
    /// `open` before it was made, then `draft`, then `locked`.
    pub state: String,
    /// The sums.
    pub sums: Option<Sums>,
    /// When it was locked.
    pub locked_at: Option<Ts>,
    /// By whom.
    pub locked_by: String,
}

/// A statement: the sheet with its lines.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Statement {
    /// The sheet.
    pub sheet: SheetOut,
    /// Its lines, newest first.
    pub lines: Vec<LineOut>,
    /// Questions asked, newest first.
    pub disputes: Vec<DisputeRow>,
}

/// Makes or locks the sheets of a month.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Settle {
    /// The month, `2026-11`.
    pub period: String,
    /// Only this person.
    #[serde(default)]
    pub staff_id: Option<Id>,
}

/// What was made or locked.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Settled {
    /// The month.
    pub period: String,
    /// Sheets made, renewed or locked.
    pub sheets: i64,
    /// People left out because an earlier sheet of theirs is still open.
    pub waiting: Vec<String>,
}
