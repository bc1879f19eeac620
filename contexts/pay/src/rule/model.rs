//! Data of pay rules.

use kernel::{Date, Id, Money, Ts};
use pricing::api::{Amount, Share};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

db::codes! {
    /// What a commission is a share of.
    pub enum Base {
        LabourGross = "labour_gross" ("工时费（质保前）", "Labour before warranty"),
        LabourNet = "labour_net" ("工时费（用户实付）", "Labour paid by the customer"),
        PartsMargin = "parts_margin" ("备件毛利", "Margin of parts"),
        Fixed = "fixed" ("每单固定金额", "Fixed amount per job"),
    }
}

db::codes! {
    /// Whose pay a rule is about (PAY-05).
    pub enum Party {
        Engineer = "engineer" ("工程师", "Engineer"),
        Outlet = "outlet" ("网点", "Outlet"),
    }
}

db::codes! {
    /// Reward or penalty.
    pub enum Sign {
        Reward = "reward" ("奖励", "Reward"),
        Penalty = "penalty" ("处罚", "Penalty"),
    }
}

db::codes! {
    /// What brings an item about (PAY-04, 06).
    pub enum Trigger {
        Manual = "manual" ("人工登记", "By hand"),
        CallbackClass = "callback_class" ("回访结果", "Callback result"),
        FixClass = "fix_class" ("修复情况", "How well it was fixed"),
        ScoreAtLeast = "score_at_least" ("评分不低于", "Score at least"),
        ScoreBelow = "score_below" ("评分低于", "Score below"),
        OnTime = "on_time" ("全部按时", "Every deadline met"),
    }
}

db::codes! {
    /// What an item is counted in.
    pub enum Measure {
        Amount = "amount" ("金额", "Amount"),
        Percent = "percent" ("提成比例", "Percent of the commission"),
        Points = "points" ("积分", "Points"),
    }
}

db::row! {
    /// A commission rule. Rows are only ended, never edited.
    #[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
    pub struct CommissionRow {
        /// Row.
        pub id: Id,
        /// Name for people.
        pub name: String,
        /// Version of the rule for this case.
        pub number: i64,
        /// Only this group of work: repair, install, outsourced …; empty: any.
        pub grouping_code: String,
        /// Only this kind of work.
        pub kind: String,
        /// Only this mode.
        pub mode: String,
        /// Only this technical grade; 0: any.
        pub grade: i64,
        /// What it is a share of.
        pub base: Base,
        /// The share, basis points.
        pub ratio_bp: i64,
        /// The amount, where it is fixed.
        pub amount: Money,
        /// First day.
        pub valid_from: Date,
        /// Last day.
        pub valid_until: Option<Date>,
        /// Why.
        pub note: String,
        /// Made.
        pub created_at: Ts,
        /// By whom (user).
        pub created_by: Id,
    }
}

db::row! {
    /// A step of the deductions for lateness (PAY-05).
    #[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
    pub struct StepRow {
        /// Row.
        pub id: Id,
        /// Version for this case.
        pub number: i64,
        /// Who pays.
        pub party: Party,
        /// Which clock; empty: every one without steps of its own.
        pub clock: String,
        /// More hours late than this.
        pub after_hours: i64,
        /// The deduction.
        pub amount: Money,
        /// First day.
        pub valid_from: Date,
        /// Last day.
        pub valid_until: Option<Date>,
        /// Why.
        pub note: String,
        /// Made.
        pub created_at: Ts,
        /// By whom (user).
        pub created_by: Id,
    }
}

db::row! {
    /// A reward or penalty (PAY-04).
    #[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
    pub struct ItemRow {
        /// Row.
        pub id: Id,
        /// Version of the item.
        pub number: i64,
        /// Short code, the same in all versions.
        pub code: String,
        /// Name for people.
        pub name: String,
        /// Reward or penalty.
        pub sign: Sign,
        /// What brings it about.
        pub cause: Trigger,
        /// Which class, for results and fixes.
        pub cause_code: String,
        /// Which score.
        pub threshold: i64,
        /// What it is counted in.
        pub measure: Measure,
        /// Amount.
        pub amount: Money,
        /// Share of the commission, basis points.
        pub percent_bp: i64,
        /// Points.
        pub points: i64,
        /// First day.
        pub valid_from: Date,
        /// Last day.
        pub valid_until: Option<Date>,
        /// Why.
        pub note: String,
        /// Made.
        pub created_at: Ts,
        /// By whom (user).
        pub created_by: Id,
    }
}

db::row! {
    /// Post wage of a person, or of everybody of a grade (PAY-09, 16).
    #[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
    pub struct WageRow {
        /// Row.
        pub id: Id,
        /// Whose; none: everybody of the grade.
        pub staff_id: Option<Id>,
        /// Name.
        pub staff_name: String,
        /// Grade; 0: every grade.
        pub grade: i64,
        /// Per month.
        pub wage: Money,
        /// Post allowance per month.
        pub allowance: Money,
        /// From this day.
        pub valid_from: Date,
        /// Made.
        pub created_at: Ts,
        /// By whom (user).
        pub created_by: Id,
    }
}

/// A new commission rule. The one for the same case ends the day before.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct NewCommission {
    /// Name for people.
    pub name: String,
    /// Only this group of work: repair, install, outsourced …
    #[serde(default)]
    pub grouping_code: String,
    /// Only this kind of work.
    #[serde(default)]
    pub kind: String,
    /// Only this mode.
    #[serde(default)]
    pub mode: String,
    /// Only this technical grade, 1 to 5.
    #[serde(default)]
    pub grade: i64,
    /// What it is a share of.
    pub base: Base,
    /// The share.
    #[serde(default)]
    pub ratio: Share,
    /// The amount, where it is fixed.
    #[serde(default)]
    pub amount: Amount,
    /// First day.
    pub valid_from: Date,
    /// Why.
    #[serde(default)]
    pub note: String,
}

/// A new step of the deductions for lateness.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct NewStep {
    /// Who pays.
    pub party: Party,
    /// Which clock, for example `orders.fix`; empty: any.
    #[serde(default)]
    pub clock: String,
    /// More hours late than this.
    pub after_hours: i64,
    /// The deduction.
    pub amount: Amount,
    /// First day.
    pub valid_from: Date,
    /// Why.
    #[serde(default)]
    pub note: String,
}

/// A new reward or penalty, or the next version of one with the same code.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct NewItem {
    /// Short code.
    pub code: String,
    /// Name for people.
    pub name: String,
    /// Reward or penalty.
    pub sign: Sign,
    /// What brings it about.
    pub cause: Trigger,
    /// Which class, for results and fixes.
    #[serde(default)]
    pub cause_code: String,
    /// Which score.
    #[serde(default)]
    pub threshold: i64,
    /// What it is counted in.
    pub measure: Measure,
    /// Amount.
    #[serde(default)]
    pub amount: Amount,
    /// Share of the commission.
    #[serde(default)]
    pub percent: Share,
    /// Points.
    #[serde(default)]
    pub points: i64,
    /// First day.
    pub valid_from: Date,
    /// Why.
    #[serde(default)]
    pub note: String,
}

/// A new post wage.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct NewWage {
    /// Whose; none: everybody of the grade.
    #[serde(default)]
    pub staff_id: Option<Id>,
    /// Grade, 1 to 5; 0: every grade.
    #[serde(default)]
    pub grade: i64,
    /// Per month.
    pub wage: Amount,
    /// Post allowance per month.
    #[serde(default)]
    pub allowance: Amount,
    /// From this day.
    pub valid_from: Date,
}

/// Ends a rule, step or item.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct EndOn {
    /// Last day; not before it began.
    pub valid_until: Date,
}

/// The rules in force on a day.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
pub struct Rules {
    /// Commissions.
    pub commissions: Vec<CommissionRow>,
    /// Deductions for lateness.
    pub steps: Vec<StepRow>,
    /// Rewards and penalties.
    pub items: Vec<ItemRow>,
}
