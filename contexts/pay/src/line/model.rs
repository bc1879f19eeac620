//! Data of pay lines.

use kernel::{Date, Id, Money, Ts};
use kit::Owned;
use pricing::api::Amount;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{rule::model::Party, said::Said};

db::codes! {
    /// What a line is.
    pub enum LineKind {
        Commission = "commission" ("提成", "Commission"),
        Deadline = "deadline" ("期限扣费", "Lateness"),
        AuditDeduction = "audit_deduction" ("审核扣款", "Deducted by the auditor"),
        Reward = "reward" ("奖励", "Reward"),
        Penalty = "penalty" ("处罚", "Penalty"),
        Reversal = "reversal" ("冲回", "Reversal"),
    }
}

db::codes! {
    /// State of a computation.
    pub enum CalcState {
        Valid = "valid" ("有效", "Valid"),
        Reversed = "reversed" ("已冲回", "Reversed"),
    }
}

/// A deadline that was missed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Late {
    /// Which clock.
    pub clock: String,
    /// Hours late, begun ones counted.
    pub hours: i64,
}

/// Somebody who worked on the order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Worker {
    /// Who.
    pub staff_id: Id,
    /// Name.
    pub name: String,
    /// Technical grade.
    pub grade: i64,
    /// Share, basis points (PAY-14).
    pub share_bp: i64,
}

/// Everything pay is computed from; stored with the computation so that it can be done again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facts {
    /// Day of the audit: which rules hold.
    pub on: Date,
    /// Group of work.
    pub grouping: String,
    /// Kind of work.
    pub kind: String,
    /// Mode of service.
    pub mode: String,
    /// Labour before warranty.
    pub labour_gross: Money,
    /// Labour that the customer pays.
    pub labour_net: Money,
    /// Parts before warranty.
    pub parts_gross: Money,
    /// What they cost.
    pub parts_cost: Money,
    /// Points of the customer.
    pub score: Option<i64>,
    /// How well it was fixed.
    pub fix_class: String,
    /// Results of callbacks, one entry each.
    pub callbacks: Vec<String>,
    /// Missed deadlines, one entry per clock.
    pub late: Vec<Late>,
    /// Deducted by the auditor.
    pub deduction: Money,
    /// Who worked on it, lead first.
    pub workers: Vec<Worker>,
    /// The outlet that answers for lateness, if one does.
    pub outlet: Option<(Id, String)>,
}

/// A computed line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Computed {
    /// Engineer or outlet.
    pub party: Party,
    /// Who; the organisation for outlets.
    pub staff_id: Id,
    /// Name.
    pub staff_name: String,
    /// What.
    pub kind: LineKind,
    /// Signed amount.
    pub amount: Money,
    /// Signed points.
    pub points: i64,
    /// Share of the worker.
    pub share_bp: i64,
    /// Table of the rule: `commission`, `step`, `item`; empty: none.
    pub rule_kind: &'static str,
    /// The rule.
    pub rule_id: Option<Id>,
    /// Its version.
    pub rule_version: i64,
    /// Name for people.
    pub label: String,
    /// How it came about.
    pub said: Vec<Said>,
}

db::row! {
    /// A pay line as stored. Never changed but for the sheet it is settled with.
    #[derive(Clone, Debug, Serialize, Deserialize)]
    pub struct LineRow {
        pub id: Id,
        pub org_id: Id,
        pub party: Party,
        pub staff_id: Id,
        pub staff_name: String,
        pub calc_id: Option<Id>,
        pub order_id: Option<Id>,
        pub order_no: String,
        pub period: String,
        pub kind: LineKind,
        pub amount: Money,
        pub points: i64,
        pub share_bp: i64,
        pub rule_kind: String,
        pub rule_id: Option<Id>,
        pub rule_version: i64,
        pub label: String,
        pub said: String,
        pub sheet_id: Option<Id>,
        pub reverses: Option<Id>,
        pub created_at: Ts,
        pub created_by: Id,
    }
}

impl Owned for LineRow {
    fn org(&self) -> Id {
        self.org_id
    }
    fn owners(&self) -> Vec<Id> {
        vec![self.staff_id]
    }
}

db::row! {
    /// A computation as stored.
    #[derive(Clone, Debug)]
    pub struct CalcRow {
        pub id: Id,
        pub org_id: Id,
        pub order_id: Id,
        pub order_no: String,
        pub round: i64,
        pub state: CalcState,
        pub facts: String,
        pub total: Money,
        pub created_at: Ts,
        pub reversed_at: Option<Ts>,
    }
}

/// A pay line as people see it. Amounts and reasons are absent for those who may not see pay; one's own are there.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct LineOut {
    /// Line.
    pub id: Id,
    /// Engineer or outlet.
    pub party: Party,
    /// Who.
    pub staff_id: Id,
    /// Name.
    pub staff_name: String,
    /// The order.
    pub order_id: Option<Id>,
    /// Its number.
    pub order_no: String,
    /// Month, `2026-11`.
    pub period: String,
    /// What.
    pub kind: LineKind,
    /// Name for people.
    pub label: String,
    /// Signed amount, minor units.
    pub amount: Option<Money>,
    /// Signed points.
    pub points: i64,
    /// Share of the worker, basis points.
    pub share_bp: i64,
    /// The rule row that was used.
    pub rule_id: Option<Id>,
    /// Its version.
    pub rule_version: i64,
    /// How it came about.
    pub trace: Vec<Said>,
    /// The sheet it was settled with.
    pub sheet_id: Option<Id>,
    /// The line it takes back.
    pub reverses: Option<Id>,
    /// When.
    pub created_at: Ts,
}

/// The pay of an order.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct OrderPay {
    /// The order.
    pub order_id: Id,
    /// `none`, `valid` or `reversed`.
    pub state: String,
    /// Lines that the caller may see.
    pub lines: Vec<LineOut>,
    /// Their sum, when all amounts are visible.
    pub total: Option<Money>,
}

/// A reward or penalty by hand (PAY-04).
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct GiveReward {
    /// Who.
    #[serde(deserialize_with = "kit::inputs::choice")]
    pub staff_id: Id,
    /// Which item, by its code.
    pub item: String,
    /// About which order.
    #[serde(default)]
    pub order_id: Option<Id>,
    /// Another amount than the item's.
    #[serde(default)]
    pub amount: Option<Amount>,
    /// Why; needed.
    pub reason: String,
}

db::row! {
    /// An engineer's doubt about a line, and the answer (PAY-03).
    #[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
    pub struct DisputeRow {
        /// Row.
        pub id: Id,
        /// The line.
        pub line_id: Id,
        /// Organisation.
        pub org_id: Id,
        /// Who asks.
        pub staff_id: Id,
        /// Name.
        pub staff_name: String,
        /// About which order.
        pub order_no: String,
        /// The question.
        pub question: String,
        /// `open` or `answered`.
        pub state: String,
        /// The answer.
        pub answer: String,
        /// Who answered.
        pub answered_by: String,
        /// Asked.
        pub created_at: Ts,
        /// Answered.
        pub answered_at: Option<Ts>,
    }
}

impl Owned for DisputeRow {
    fn org(&self) -> Id {
        self.org_id
    }
    fn owners(&self) -> Vec<Id> {
        vec![self.staff_id]
    }
}

/// A question about a line.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct AskDispute {
    /// The line.
    pub line_id: Id,
    /// What is doubted.
    pub question: String,
}

/// The answer to a question.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct AnswerDispute {
    /// What is said.
    pub answer: String,
}
