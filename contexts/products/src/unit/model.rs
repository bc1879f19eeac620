//! Units: what customers have (PROD-02).

use db::{codes, row};
use kernel::{Date, Id, Ts};
use kit::Owned;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

codes! {
    /// What becomes of a unit.
    pub enum UnitState {
        InUse = "in_use" ("使用中", "In use"),
        Stored = "stored" ("闲置", "Stored"),
        Scrapped = "scrapped" ("已报废", "Scrapped"),
    }
}

row! {
    /// A unit as stored.
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
    pub struct UnitRow {
        pub id: Id,
        pub version: i64,
        pub no: String,
        pub org_id: Id,
        pub serial: String,
        pub model_id: Id,
        pub customer_id: Option<Id>,
        pub purchase_date: Option<Date>,
        pub invoice_no: String,
        pub dealer: String,
        pub install_date: Option<Date>,
        pub acceptance_date: Option<Date>,
        pub place: String,
        pub meter: Option<i64>,
        pub meter_unit: String,
        pub state: UnitState,
        pub notes: String,
        pub token: String,
        pub open_notes: i64,
        pub created_at: Ts,
        pub updated_at: Ts,
    }
}

impl Owned for UnitRow {
    fn org(&self) -> Id {
        self.org_id
    }
}

/// The content of a unit; a change sends all of it. Owner and place change by transfer and relocation, which
/// leave a trace (PROD-19).
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
pub struct NewUnit {
    /// Only when changing: the version the change is based on.
    #[serde(default)]
    pub version: Option<i64>,
    /// Serving organisation; none: the caller's.
    #[serde(default)]
    pub org_id: Option<Id>,
    /// Model; or `model` by code or name.
    #[serde(default)]
    pub model_id: Option<Id>,
    /// Code or name of the model, when `model_id` is not given.
    #[serde(default)]
    pub model: Option<String>,
    /// Serial or plate number, up to 60 characters.
    #[serde(default)]
    pub serial: Option<String>,
    /// Owner.
    #[serde(default)]
    pub customer_id: Option<Id>,
    /// Bought on.
    #[serde(default)]
    pub purchase_date: Option<Date>,
    /// Invoice or other proof of purchase.
    #[serde(default)]
    pub invoice_no: Option<String>,
    /// Who sold it.
    #[serde(default)]
    pub dealer: Option<String>,
    /// Installed on.
    #[serde(default)]
    pub install_date: Option<Date>,
    /// Accepted on.
    #[serde(default)]
    pub acceptance_date: Option<Date>,
    /// Where it stands.
    #[serde(default)]
    pub place: Option<String>,
    /// What its meter counts: `km`, `h`, `张`.
    #[serde(default)]
    pub meter_unit: Option<String>,
    /// In use unless said.
    #[serde(default)]
    pub state: Option<UnitState>,
    /// Remarks.
    #[serde(default)]
    pub notes: Option<String>,
    /// Take the serial number although another unit of the model has it.
    #[serde(default)]
    pub same_serial_ok: bool,
}

/// A unit as its reader may see it.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct UnitOut {
    /// Which.
    pub id: Id,
    /// For `version` of the next change.
    pub version: i64,
    /// Number for people.
    pub no: String,
    /// Serving organisation.
    pub org_id: Id,
    /// Serial number.
    pub serial: String,
    /// Model.
    pub model_id: Id,
    /// Owner.
    pub customer_id: Option<Id>,
    /// Bought on.
    pub purchase_date: Option<Date>,
    /// Proof of purchase.
    pub invoice_no: String,
    /// Who sold it.
    pub dealer: String,
    /// Installed on.
    pub install_date: Option<Date>,
    /// Accepted on.
    pub acceptance_date: Option<Date>,
    /// Where it stands, masked unless the caller may see addresses.
    pub place: String,
    /// Last meter reading.
    pub meter: Option<i64>,
    /// What the meter counts.
    pub meter_unit: String,
    /// What becomes of it.
    pub state: UnitState,
    /// Remarks.
    pub notes: String,
    /// Problems found but not fixed (PROD-08).
    pub open_notes: i64,
    /// Path of its public page, for the QR code.
    pub public_path: String,
    /// Created.
    pub created_at: Ts,
    /// Last change.
    pub updated_at: Ts,
}
