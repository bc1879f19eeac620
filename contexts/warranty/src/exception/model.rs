//! Data of exceptions.

use kernel::{Id, Ts};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{inputs::Amount, policy::model::Verdict};

db::codes! {
    /// Why the policies are not followed.
    pub enum ExceptionKind {
        Goodwill = "goodwill" ("减免优惠", "Goodwill"),
        Borderline = "borderline" ("边界判定", "Borderline case"),
    }
}

db::row! {
    /// A decision made by a person.
    #[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
    pub struct ExceptionRow {
        /// Row.
        pub id: Id,
        /// Organisation of the document.
        pub org_id: Id,
        /// Kind of document it is about.
        pub doc_kind: String,
        /// Which.
        pub doc_id: Id,
        /// Its number.
        pub doc_no: String,
        /// The unit, if it is about one.
        pub unit_id: Option<Id>,
        /// Why the policies are not followed.
        pub kind: ExceptionKind,
        /// What was decided instead.
        pub verdict: Verdict,
        /// What it costs the company, minor units.
        pub amount: kernel::Money,
        /// Reason.
        pub reason: String,
        /// Who decided (user).
        pub decided_by: Id,
        /// Name of who decided.
        pub decided_name: String,
        /// When.
        pub created_at: Ts,
    }
}

/// A decision against the policies.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct NewException {
    /// Kind of document, for example `order`.
    pub doc_kind: String,
    /// Which.
    pub doc_id: Id,
    /// The unit, if it is about one.
    #[serde(default)]
    pub unit_id: Option<Id>,
    /// Goodwill or a borderline case.
    pub kind: ExceptionKind,
    /// What is decided.
    pub verdict: Verdict,
    /// What it costs the company.
    #[serde(default)]
    pub amount: Amount,
    /// Reason; needed.
    pub reason: String,
}
