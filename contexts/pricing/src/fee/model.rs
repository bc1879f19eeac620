//! Data of prices and fees.

use kernel::{Date, Id, Money, Quantity, Ts};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::inputs::{Amount, Share};

db::codes! {
    /// Kinds of fees (WO-39, BILL-09).
    pub enum FeeCode {
        Visit = "visit" ("上门费", "Visit"),
        Labour = "labour" ("工时费", "Labour"),
        Travel = "travel" ("差旅费", "Travel"),
        Urgent = "urgent" ("加急费", "Urgent surcharge"),
        Inspection = "inspection" ("检测费", "Inspection"),
        Software = "software" ("软件费", "Software"),
        Upgrade = "upgrade" ("升级费", "Upgrade"),
        Other = "other" ("其他费用", "Other"),
    }
}

db::codes! {
    /// How a rule's amount is counted.
    pub enum Basis {
        Flat = "flat" ("固定金额", "Flat"),
        PerKm = "per_km" ("每公里", "Per km"),
        PerHour = "per_hour" ("每小时", "Per hour"),
        PercentOfLabour = "percent_of_labour" ("工时费比例", "Percent of labour"),
    }
}

db::codes! {
    /// Which share of a warranty bears a fee.
    pub enum BorneAs {
        Labour = "labour" ("按工时份额", "As labour"),
        Travel = "travel" ("按差旅份额", "As travel"),
        Customer = "customer" ("由用户承担", "By the customer"),
    }
}

db::codes! {
    /// What a list is for.
    pub enum Nature {
        Standard = "standard" ("标准价", "Standard"),
        Cost = "cost" ("工本价", "Cost price"),
    }
}

db::codes! {
    /// Size of a job (BILL-01); empty in a rule: any.
    pub enum Grade {
        Major = "major" ("大修", "Major"),
        Medium = "medium" ("中修", "Medium"),
        Minor = "minor" ("小修", "Minor"),
    }
}

/// What is asked of the fee rules.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct FeeQuestion {
    /// Organisation that serves; its region chooses the list.
    pub org_id: Id,
    /// Kind of work, as coded by orders.
    pub kind: String,
    /// Mode of service, as coded by orders.
    pub mode: String,
    /// The unit's model.
    pub model_id: Option<Id>,
    /// Share of labour that the warranty bears, basis points.
    pub covered_labour_bp: i64,
    /// Share of travel that the warranty bears, basis points.
    pub covered_travel_bp: i64,
    /// The customer asked for urgent service.
    pub urgent: bool,
    /// The day whose prices count.
    pub on: Date,
}

/// What more may be known of a job.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
pub struct FeeMore {
    /// Size of the job.
    #[serde(default)]
    pub grade: Option<Grade>,
    /// Kilometres driven, thousandths.
    #[serde(default)]
    pub distance_km: Quantity,
    /// Hours worked, thousandths.
    #[serde(default)]
    pub hours: Quantity,
    /// The unit, for what its certificate says (BILL-08).
    #[serde(default)]
    pub unit_id: Option<Id>,
    /// Only cost price is charged (BILL-19).
    #[serde(default)]
    pub cost_price: bool,
    /// A further unit of a job: the way, the hours and flat surcharges were asked for with its first unit.
    #[serde(default)]
    pub also: bool,
}

/// One fee of an order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Fee {
    /// Kind of fee.
    pub code: String,
    /// Text on the bill.
    pub label: String,
    /// What the customer pays.
    pub amount: Money,
    /// Before the warranty bears its share.
    pub gross: Money,
    /// The rule row that priced it.
    pub rule_id: Id,
    /// How it was computed, in Chinese.
    pub trace: String,
    /// How it was computed, in English.
    pub trace_en: String,
}

/// A rule with what its list says, as the rules read it.
#[derive(Clone, Debug)]
pub struct Rule {
    /// The row.
    pub row: RuleRow,
    /// Region of its list; empty: all.
    pub region: String,
    /// Name of its list.
    pub list_name: String,
}

/// Everything the fee computation needs.
#[derive(Clone, Debug)]
pub struct Job<'a> {
    /// Kind of work.
    pub kind: &'a str,
    /// Mode of service.
    pub mode: &'a str,
    /// Size, as code; empty: unknown.
    pub grade: &'a str,
    /// Region of the serving organisation.
    pub region: &'a str,
    /// Model.
    pub model_id: Option<Id>,
    /// Category and those above it, nearest first.
    pub categories: &'a [Id],
    /// Shares borne by the warranty.
    pub covered_labour_bp: i64,
    /// Likewise.
    pub covered_travel_bp: i64,
    /// Urgent service was asked for.
    pub urgent: bool,
    /// A further unit of the same job.
    pub also: bool,
    /// Distance.
    pub distance_km: Quantity,
    /// Time worked.
    pub hours: Quantity,
    /// Day of the prices.
    pub on: Date,
    /// Charges printed on the certificate: kind of fee and amount.
    pub certificate: &'a [(String, Money)],
}

db::row! {
    /// A price list.
    #[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
    pub struct ListRow {
        /// Row.
        pub id: Id,
        /// Short code.
        pub code: String,
        /// Name.
        pub name: String,
        /// Region it is for; empty: all.
        pub region: String,
        /// Standard or cost price.
        pub nature: Nature,
        /// Retired lists charge nothing.
        pub active: bool,
        /// For concurrent changes.
        pub version: i64,
        /// Made.
        pub created_at: Ts,
        /// Last change.
        pub updated_at: Ts,
    }
}

db::row! {
    /// A fee rule. Rows are only ended, never edited.
    #[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
    pub struct RuleRow {
        /// Row.
        pub id: Id,
        /// Its list.
        pub list_id: Id,
        /// Kind of fee.
        pub code: FeeCode,
        /// Text on the bill.
        pub label: String,
        /// Only this kind of work; empty: any.
        pub kind: String,
        /// Only this mode; empty: any.
        pub mode: String,
        /// Only this size; empty: any.
        pub grade: String,
        /// Only this model.
        pub model_id: Option<Id>,
        /// Only this category.
        pub category_id: Option<Id>,
        /// How the amount is counted.
        pub basis: Basis,
        /// Minor units, flat or per unit.
        pub amount: Money,
        /// Rate for percentages, basis points.
        pub rate_bp: i64,
        /// Which share of the warranty bears it.
        pub borne_as: BorneAs,
        /// Put on orders by itself; otherwise only chosen by hand.
        pub automatic: bool,
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
    /// A dated deviation from a part's uniform price.
    #[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
    pub struct PartPriceRow {
        /// Row.
        pub id: Id,
        /// The part.
        pub part_id: Id,
        /// Its code then.
        pub part_code: String,
        /// Its name then.
        pub part_name: String,
        /// The price.
        pub price: Money,
        /// First day.
        pub valid_from: Date,
        /// Last day.
        pub valid_until: Option<Date>,
        /// Why.
        pub reason: String,
        /// Made.
        pub created_at: Ts,
        /// By whom (user).
        pub created_by: Id,
    }
}

db::row! {
    /// A charge printed on a customer's certificate.
    #[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
    pub struct CertificateRow {
        /// Row.
        pub id: Id,
        /// Organisation that noted it.
        pub org_id: Id,
        /// The unit.
        pub unit_id: Id,
        /// Kind of fee.
        pub code: FeeCode,
        /// What the certificate says.
        pub amount: Money,
        /// Where on it.
        pub note: String,
        /// Made.
        pub created_at: Ts,
        /// By whom (user).
        pub created_by: Id,
    }
}

/// A new price list.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct NewList {
    /// Short code, unique.
    pub code: String,
    /// Name.
    pub name: String,
    /// Region it is for, as organisations write theirs; empty: all. `江苏` is also for `江苏/苏州`.
    #[serde(default)]
    pub region: String,
    /// Standard or cost price (BILL-19).
    #[serde(default = "standard")]
    pub nature: Nature,
}

fn standard() -> Nature {
    Nature::Standard
}

/// Change of a list's name or region, or its retirement.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct ChangeList {
    /// Version the change is based on.
    pub version: i64,
    /// Name.
    pub name: String,
    /// Region.
    #[serde(default)]
    pub region: String,
    /// Still charges.
    #[serde(default)]
    pub active: bool,
}

/// A new fee rule. Where one for the same case is in force, it ends the day before.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct NewRule {
    /// Kind of fee.
    pub code: FeeCode,
    /// Text on the bill; empty: the kind's own.
    #[serde(default)]
    pub label: String,
    /// Only this kind of work.
    #[serde(default)]
    pub kind: String,
    /// Only this mode.
    #[serde(default)]
    pub mode: String,
    /// Only this size.
    #[serde(default)]
    pub grade: Option<Grade>,
    /// Only this model.
    #[serde(default)]
    pub model_id: Option<Id>,
    /// Only this category.
    #[serde(default)]
    pub category_id: Option<Id>,
    /// How the amount is counted.
    #[serde(default = "flat")]
    pub basis: Basis,
    /// The amount, flat or per unit.
    #[serde(default)]
    pub amount: Amount,
    /// The rate, for percentages.
    #[serde(default)]
    pub rate: Share,
    /// Which share of a warranty bears it; none: what is usual for the kind of fee.
    #[serde(default)]
    pub borne_as: Option<BorneAs>,
    /// Put on orders by itself.
    #[serde(default = "yes")]
    pub automatic: bool,
    /// First day.
    pub valid_from: Date,
    /// Why.
    #[serde(default)]
    pub note: String,
}

fn flat() -> Basis {
    Basis::Flat
}
fn yes() -> bool {
    true
}

impl FeeCode {
    /// Which share of a warranty usually bears a fee (WARR-02); urgency is the customer's own wish.
    pub fn usually_borne_as(self) -> BorneAs {
        match self {
            Self::Visit | Self::Travel => BorneAs::Travel,
            Self::Labour | Self::Inspection => BorneAs::Labour,
            Self::Urgent | Self::Software | Self::Upgrade | Self::Other => BorneAs::Customer,
        }
    }
}

/// Ends a rule.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct EndRule {
    /// Last day; not before the rule began.
    pub valid_until: Date,
}

/// A list with its rules, those in force first.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct ListOut {
    /// The list.
    pub list: ListRow,
    /// Its rules.
    pub rules: Vec<RuleRow>,
}

/// A new deviation from a part's uniform price; the present one ends the day before.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct NewPartPrice {
    /// The part.
    pub part_id: Id,
    /// Its code, for lists.
    #[serde(default)]
    pub part_code: String,
    /// Its name, for lists.
    #[serde(default)]
    pub part_name: String,
    /// The price.
    pub price: Amount,
    /// First day.
    pub valid_from: Date,
    /// Why; needed (BILL-02).
    pub reason: String,
}

/// A charge printed on a certificate.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct NewCertificate {
    /// Kind of fee.
    pub code: FeeCode,
    /// What the certificate says.
    pub amount: Amount,
    /// Where on it.
    #[serde(default)]
    pub note: String,
}

/// A question with what more is known, for trying the rules.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct TryFees {
    /// The job.
    pub question: FeeQuestion,
    /// More about it.
    #[serde(default)]
    pub more: FeeMore,
}

/// The fees of a job.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct FeesOut {
    /// Fee by fee.
    pub fees: Vec<Fee>,
    /// What the customer pays.
    pub total: Money,
}
