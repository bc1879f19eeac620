//! Data of policies, questions and decisions.

use kernel::{Bp, Date, Id, Ts};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::inputs::Share;

db::codes! {
    /// What the fault comes from (WARR-03).
    pub enum Cause {
        Product = "product" ("产品质量", "Product defect"),
        Material = "material" ("材料/配件", "Material or part"),
        Workmanship = "workmanship" ("安装或维修工艺", "Workmanship"),
        Customer = "customer" ("用户原因", "Caused by the customer"),
        Other = "other" ("其他", "Other"),
    }
}

db::codes! {
    /// What the decision says (WARR-04).
    pub enum Verdict {
        Covered = "covered" ("保内", "Covered"),
        NotCovered = "not_covered" ("保外", "Not covered"),
        Refer = "refer" ("待判定", "To be referred"),
    }
}

db::codes! {
    /// Which date starts the warranty.
    pub enum StartBasis {
        Purchase = "purchase" ("购买日期", "Date of purchase"),
        Install = "install" ("安装完工日期", "Date of installation"),
    }
}

/// A sentence in both languages, as stored with a decision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Said {
    /// Chinese.
    pub zh: String,
    /// English.
    pub en: String,
}

impl Said {
    /// The sentence in one language.
    pub fn get(&self, lang: kernel::Lang) -> &str {
        match lang {
            kernel::Lang::Zh => &self.zh,
            kernel::Lang::En => &self.en,
        }
    }
}

/// What is asked (WARR-04). Anything unknown stays `None`; with `unit_id` it is taken from the unit.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Question {
    /// The unit, when it is known.
    #[serde(default)]
    pub unit_id: Option<Id>,
    /// Its model.
    #[serde(default)]
    pub model_id: Option<Id>,
    /// Component group the fault is in; none: the whole unit.
    #[serde(default)]
    pub group_code: Option<String>,
    /// The organisation that asks.
    #[serde(default)]
    pub org_id: Id,
    /// Purchase date by voucher or card.
    #[serde(default)]
    pub purchase_date: Option<Date>,
    /// Completion of the installation.
    #[serde(default)]
    pub install_date: Option<Date>,
    /// The day the fault was reported.
    pub at: Date,
    /// What it comes from.
    pub cause: Cause,
}

/// The answer, with the reasons in words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Decision {
    /// Covered, not covered, or to be referred to the manufacturer or a working group.
    pub verdict: Verdict,
    /// Share of parts that the warranty bears, basis points.
    pub parts_bp: i64,
    /// Share of labour, basis points.
    pub labour_bp: i64,
    /// Share of travel and transport, basis points.
    pub travel_bp: i64,
    /// First day of the warranty.
    pub from: Option<Date>,
    /// Last day of the warranty, that day included.
    pub until: Option<Date>,
    /// The policy that decided.
    pub policy_id: Option<Id>,
    /// Which version of it; 0: none.
    pub policy_version: i64,
    /// Working days within which the repair is due (WARR-21).
    pub repair_days: i64,
    /// The reasons, in the language asked for.
    pub trace: Vec<String>,
    /// The reasons in both languages, to be stored with the document.
    pub said: Vec<Said>,
}

/// A policy with all its dated terms, as the rules read it.
#[derive(Clone, Debug)]
pub struct Policy {
    /// Row.
    pub id: Id,
    /// Name for people.
    pub name: String,
    /// Only this model.
    pub model_id: Option<Id>,
    /// Only models of this category.
    pub category_id: Option<Id>,
    /// Only this component group; empty: the whole unit.
    pub group_code: String,
    /// Versions, oldest first.
    pub terms: Vec<Term>,
}

/// One dated version of a policy's terms.
#[derive(Clone, Debug)]
pub struct Term {
    /// 1, 2, 3 …
    pub number: i64,
    /// For warranties that start on this day or later.
    pub valid_from: Date,
    /// Length.
    pub months: i64,
    /// What starts it.
    pub start_basis: StartBasis,
    /// Share of parts borne, basis points.
    pub parts_bp: i64,
    /// Share of labour borne.
    pub labour_bp: i64,
    /// Share of travel borne.
    pub travel_bp: i64,
    /// Causes that are not covered.
    pub excluded: Vec<Cause>,
    /// Causes that somebody must decide.
    pub referred: Vec<Cause>,
    /// Working days for a repair inside the warranty.
    pub limit_in_days: i64,
    /// Working days for a repair outside.
    pub limit_out_days: i64,
}

/// What the rules need to know of the case.
#[derive(Clone, Debug)]
pub struct Facts {
    /// Model, if known.
    pub model_id: Option<Id>,
    /// Its category and the categories above, nearest first.
    pub categories: Vec<Id>,
    /// Component group; empty: the whole unit.
    pub group_code: String,
    /// Purchase date.
    pub purchase_date: Option<Date>,
    /// Installation date.
    pub install_date: Option<Date>,
    /// Day of the fault.
    pub at: Date,
    /// Cause.
    pub cause: Cause,
}

db::row! {
    /// A policy as stored.
    #[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
    pub struct PolicyRow {
        /// Row.
        pub id: Id,
        /// Short code.
        pub code: String,
        /// Name for people.
        pub name: String,
        /// Only this model.
        pub model_id: Option<Id>,
        /// Only models of this category.
        pub category_id: Option<Id>,
        /// Only this component group; empty: the whole unit.
        pub group_code: String,
        /// What it is for, in words, as it was called when the policy was made.
        pub scope_name: String,
        /// Retired policies no longer decide.
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
    /// A version of terms as stored.
    #[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
    pub struct TermRow {
        /// Row.
        pub id: Id,
        /// Of which policy.
        pub policy_id: Id,
        /// 1, 2, 3 …
        pub number: i64,
        /// For warranties that start on this day or later.
        pub valid_from: Date,
        /// Length in months.
        pub months: i64,
        /// What starts it.
        pub start_basis: StartBasis,
        /// Share of parts borne, basis points.
        pub parts_bp: i64,
        /// Share of labour borne.
        pub labour_bp: i64,
        /// Share of travel borne.
        pub travel_bp: i64,
        /// Causes not covered, as a JSON list of codes.
        pub excluded: String,
        /// Causes to be decided by somebody, likewise.
        pub referred: String,
        /// Working days for a repair inside the warranty.
        pub limit_in_days: i64,
        /// Working days for a repair outside.
        pub limit_out_days: i64,
        /// Why.
        pub note: String,
        /// Made.
        pub created_at: Ts,
        /// By whom (user).
        pub created_by: Id,
    }
}

/// A new policy with its first terms.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct NewPolicy {
    /// Short code, unique.
    pub code: String,
    /// Name for people.
    pub name: String,
    /// Only this model.
    #[serde(default)]
    pub model_id: Option<Id>,
    /// Only models of this category.
    #[serde(default)]
    pub category_id: Option<Id>,
    /// Only this component group.
    #[serde(default)]
    pub group_code: String,
    /// The terms.
    pub term: NewTerm,
}

/// Terms from a day on.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct NewTerm {
    /// For warranties that start on this day or later.
    pub valid_from: Date,
    /// Length, 0 to 1200.
    pub months: i64,
    /// What starts it.
    #[serde(default = "purchase")]
    pub start_basis: StartBasis,
    /// Share of parts borne.
    #[serde(default = "full")]
    pub parts: Share,
    /// Share of labour borne.
    #[serde(default = "full")]
    pub labour: Share,
    /// Share of travel borne.
    #[serde(default = "full")]
    pub travel: Share,
    /// Causes that are not covered; the customer's own never is (WARR-03).
    #[serde(default)]
    pub excluded: Vec<Cause>,
    /// Causes that somebody must judge (WARR-04).
    #[serde(default)]
    pub referred: Vec<Cause>,
    /// Working days for a repair inside the warranty (WARR-21).
    #[serde(default = "three")]
    pub limit_in_days: i64,
    /// Working days for a repair outside.
    #[serde(default = "five")]
    pub limit_out_days: i64,
    /// Why.
    #[serde(default)]
    pub note: String,
}

fn purchase() -> StartBasis {
    StartBasis::Purchase
}
fn full() -> Share {
    Share(Bp::FULL)
}
fn three() -> i64 {
    3
}
fn five() -> i64 {
    5
}

impl NewTerm {
    /// The usual terms from a day on: one year from purchase, everything covered.
    pub fn usual(valid_from: Date) -> Self {
        Self {
            valid_from,
            months: 12,
            start_basis: purchase(),
            parts: full(),
            labour: full(),
            travel: full(),
            excluded: vec![Cause::Customer],
            referred: Vec::new(),
            limit_in_days: three(),
            limit_out_days: five(),
            note: String::new(),
        }
    }
}

/// Change of a policy's name, or its retirement. Terms are never edited, only followed by newer ones.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct ChangePolicy {
    /// Version the change is based on.
    pub version: i64,
    /// Name for people.
    pub name: String,
    /// Still decides.
    #[serde(default)]
    pub active: bool,
}

/// A policy with all its terms, newest first.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct PolicyOut {
    /// The policy.
    pub policy: PolicyRow,
    /// Its terms.
    pub terms: Vec<TermRow>,
}

/// What may be told of the case when a unit's warranty is asked for.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
pub struct UnitQuery {
    /// Day of the fault; none: today.
    #[serde(default)]
    pub at: Option<Date>,
    /// Cause; none: product defect.
    #[serde(default)]
    pub cause: Option<Cause>,
    /// Component group.
    #[serde(default)]
    pub group: Option<String>,
}
