//! Data of proofs.

use kernel::{Date, Id, Ts};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

db::codes! {
    /// What was shown.
    pub enum ProofKind {
        Card = "card" ("保修卡", "Warranty card"),
        Invoice = "invoice" ("发票", "Invoice"),
        Voucher = "voucher" ("购货凭证", "Purchase voucher"),
        Missing = "missing" ("无凭证", "Nothing shown"),
    }
}

db::row! {
    /// A checked proof.
    #[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
    pub struct ProofRow {
        /// Row.
        pub id: Id,
        /// Organisation of the unit.
        pub org_id: Id,
        /// The unit.
        pub unit_id: Id,
        /// What was shown.
        pub kind: ProofKind,
        /// Its number.
        pub number: String,
        /// Its date.
        pub proof_date: Option<Date>,
        /// Remarks.
        pub note: String,
        /// Who checked it (user).
        pub verified_by: Id,
        /// Name of who checked it.
        pub verified_name: String,
        /// When.
        pub created_at: Ts,
    }
}

/// A proof that somebody looked at.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct NewProof {
    /// What was shown.
    pub kind: ProofKind,
    /// Its number.
    #[serde(default)]
    pub number: String,
    /// Its date.
    #[serde(default)]
    pub proof_date: Option<Date>,
    /// Remarks.
    #[serde(default)]
    pub note: String,
}
