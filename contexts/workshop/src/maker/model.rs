//! A return to the maker.

use kernel::{Id, Money, Ts};
use kit::inputs::Amount;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

db::codes! {
    /// Where a return stands.
    pub enum MakerState {
        /// at the maker
        Sent = "sent" ("在厂", "At the maker"),
        /// came back
        Back = "back" ("已返回", "Back"),
    }
}

db::codes! {
    /// What the maker did.
    pub enum Outcome {
        /// the fault is gone
        Fixed = "fixed" ("已修复", "Repaired"),
        /// another unit came
        Replaced = "replaced" ("换新", "Replaced"),
        /// came back as it went
        NotFixed = "not_fixed" ("未修复", "Not repaired"),
    }
}

db::record! {
    /// A return as stored and as callers see it: one row of the ledger.
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
    pub struct MakerReturn {
        /// Which.
        pub id: Id,
        /// Version.
        pub version: i64,
        /// Number of the slip.
        pub no: String,
        /// Owning organisation.
        pub org_id: Id,
        /// Which unit.
        pub shop_unit_id: Id,
        /// Its order.
        pub order_id: Id,
        /// To whom.
        pub maker: String,
        /// Fault as the maker is told it.
        pub fault: String,
        /// Unit checked against the slip: what was seen.
        pub looks: String,
        /// Carrier.
        pub carrier: String,
        /// Waybill.
        pub waybill: String,
        /// Vehicle asked for.
        pub vehicle: String,
        /// Who checked and sent it.
        pub checked_name: String,
        /// Where it stands.
        pub state: MakerState,
        /// Sent.
        pub sent_at: Ts,
        /// Promised back.
        pub promised_at: Option<Ts>,
        /// Times asked.
        pub enquiries: i64,
        /// Asked last.
        pub asked_at: Option<Ts>,
        /// What the maker said last.
        pub progress: String,
        /// Came back.
        pub back_at: Option<Ts>,
        /// Code of what the maker did; empty while there.
        pub outcome: String,
        /// What the maker charges.
        pub fee: Money,
        /// Remark on return.
        pub note: String,
        /// Written.
        pub created_at: Ts,
        /// Changed.
        pub updated_at: Ts,
    }
}

/// Sends a unit to its maker (SHOP-21).
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct SendToMaker {
    /// To whom.
    pub maker: String,
    /// Fault; the order's unless given.
    pub fault: Option<String>,
    /// Unit checked against the slip: looks and articles sent along.
    pub looks: String,
    /// Carrier.
    pub carrier: String,
    /// Waybill.
    pub waybill: String,
    /// Vehicle asked for.
    pub vehicle: String,
    /// Promised back.
    #[serde(deserialize_with = "crate::texts::time")]
    pub promised_at: Option<Ts>,
}

/// The maker was asked (SHOP-22).
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct AskMaker {
    /// What the maker said.
    pub progress: String,
    /// New promised date, when it changed.
    #[serde(deserialize_with = "crate::texts::time")]
    pub promised_at: Option<Ts>,
}

/// The unit came back (SHOP-23).
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct BackFromMaker {
    /// What the maker did.
    pub outcome: Outcome,
    /// What the maker charges; minor units, or yuan as text.
    #[serde(default)]
    pub fee: Option<Amount>,
    /// Where the unit is put.
    #[serde(default)]
    pub place: String,
    /// Remark.
    #[serde(default)]
    pub note: String,
}
