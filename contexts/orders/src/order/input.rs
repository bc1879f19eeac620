//! What callers say: one struct per command, the same for pages and API.

use kernel::{Date, Id, Money, Ts};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::model::{Mode, VerifyWith, Waiting, WarrantyClass};
use crate::line::model::NewLine;

/// A new order. Only `customer_id`, `kind` and `mode` are needed; what CALL-07 asks for and is missing marks the
/// order as incomplete.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct NewOrder {
    /// Whose unit.
    pub customer_id: Id,
    /// Name of the customer when the file is not known: found by phone and name, else opened (CALL-30).
    #[serde(alias = "customer_id_text")]
    pub customer_name: Option<String>,
    /// Owning organisation; the customer's unless given.
    pub org_id: Option<Id>,
    /// Person on site; the customer's name unless given.
    pub contact: Option<String>,
    /// Their phone; the customer's unless given.
    pub phone: Option<String>,
    /// Where; the customer's address unless given.
    pub address: Option<String>,
    /// Service area.
    pub region: Option<String>,
    /// Kind of work, a code of `work_kind`; `repair_minor` unless given.
    pub kind: String,
    /// How the work reaches the unit.
    pub mode: Option<Mode>,
    /// Warranty class; by the units' decisions unless given.
    pub warranty: Option<WarrantyClass>,
    /// 1 low … 4 urgent; 2 unless given.
    pub priority: Option<i64>,
    /// Urgent service, may cost more.
    pub urgent: bool,
    /// Stop and ask before it costs more, minor units (SHOP-18).
    #[serde(deserialize_with = "crate::texts::money")]
    pub over_quote_limit: Option<Money>,
    /// Phone, walk-in, web …
    pub source: Option<String>,
    /// The request it came from.
    pub request_id: Option<Id>,
    /// Number in another system.
    pub external_no: Option<String>,
    /// Fault as the customer tells it.
    pub symptom: Option<String>,
    /// What the customer wants.
    pub demand: Option<String>,
    /// Anything else.
    pub remark: Option<String>,
    /// Visit promised from.
    #[serde(deserialize_with = "crate::texts::time")]
    pub appointment_from: Option<Ts>,
    /// Visit promised until.
    #[serde(deserialize_with = "crate::texts::time")]
    pub appointment_to: Option<Ts>,
    /// Work that may not be left unfinished (WO-15).
    pub continuous: bool,
    /// Promised pick-up day of carried-in units (WO-38).
    pub pickup_on: Option<Date>,
    /// The unit, when there is just one.
    pub unit_id: Option<Id>,
    /// Serial number when the unit is not known: found, else opened together with `model`.
    #[serde(alias = "unit_id_text")]
    pub serial: Option<String>,
    /// The model, when the unit is not known.
    pub model_id: Option<Id>,
    /// Code or name of the model: found, else opened.
    #[serde(alias = "model_id_text")]
    pub model: Option<String>,
    /// Several units or fault items (WO-46).
    pub units: Vec<NewOrderUnit>,
    /// Parts and fees known from the start.
    pub lines: Vec<NewLine>,
}

/// One unit or fault item of an order.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct NewOrderUnit {
    /// The installed unit.
    pub unit_id: Option<Id>,
    /// Its model, when the unit is not known.
    pub model_id: Option<Id>,
    /// Serial number when the unit is not known: found, else opened together with `model`.
    #[serde(alias = "unit_id_text")]
    pub serial: Option<String>,
    /// Code or name of the model: found, else opened.
    #[serde(alias = "model_id_text")]
    pub model: Option<String>,
    /// What is wrong; the order's symptom unless given.
    pub fault: Option<String>,
    /// Component group, for the warranty decision.
    pub group_code: Option<String>,
    /// Kind of work of this item; the order's unless given.
    pub work_kind: Option<String>,
}

/// Changes of the head; absent fields stay.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct EditOrder {
    /// Version seen; 409 when somebody was faster.
    pub version: Option<i64>,
    /// Person on site.
    pub contact: Option<String>,
    /// Their phone.
    pub phone: Option<String>,
    /// Where.
    pub address: Option<String>,
    /// Service area.
    pub region: Option<String>,
    /// Kind of work.
    pub kind: Option<String>,
    /// How the work reaches the unit.
    pub mode: Option<Mode>,
    /// Warranty class, after evidence (WO-48); overrides the units' decisions from then on.
    pub warranty: Option<WarrantyClass>,
    /// The class set by hand is taken back: the units' decisions hold again.
    pub warranty_by_decision: Option<bool>,
    /// 1 low … 4 urgent.
    pub priority: Option<i64>,
    /// Urgent service.
    pub urgent: Option<bool>,
    /// Limit for the over-quote stop.
    #[serde(deserialize_with = "crate::texts::money")]
    pub over_quote_limit: Option<Money>,
    /// Fault.
    pub symptom: Option<String>,
    /// Demand.
    pub demand: Option<String>,
    /// Anything else.
    pub remark: Option<String>,
    /// Visit promised from.
    #[serde(deserialize_with = "crate::texts::time")]
    pub appointment_from: Option<Ts>,
    /// Visit promised until.
    #[serde(deserialize_with = "crate::texts::time")]
    pub appointment_to: Option<Ts>,
    /// May not be left unfinished.
    pub continuous: Option<bool>,
    /// Promised pick-up day.
    pub pickup_on: Option<Date>,
    /// Hard to repair: raised to the next level by rule (WO-16).
    pub hard: Option<bool>,
}

/// A move that needs nothing, or only a note.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Note {
    /// Version seen.
    pub version: Option<i64>,
    /// Why, or what was said.
    pub note: Option<String>,
}

/// Missing data was verified with somebody (CALL-07).
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Verify {
    /// Version seen.
    #[serde(default)]
    pub version: Option<i64>,
    /// First with the dispatcher, then with the customer.
    pub with: VerifyWith,
    /// What they said.
    #[serde(default)]
    pub note: Option<String>,
}

/// Assignment and reassignment (WO-44).
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct AssignOrder {
    /// Version seen.
    pub version: Option<i64>,
    /// Who answers for it.
    pub engineer_id: Id,
    /// Others who share it, and their parts (PAY-14).
    pub helpers: Vec<Helper>,
    /// Outlet that does the work.
    pub outlet_id: Option<Id>,
    /// Visit from; the promised time stays when absent.
    #[serde(deserialize_with = "crate::texts::time")]
    pub appointment_from: Option<Ts>,
    /// Visit until.
    #[serde(deserialize_with = "crate::texts::time")]
    pub appointment_to: Option<Ts>,
    /// Why, when the order was assigned before.
    pub reason: Option<String>,
}

/// A helping engineer.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Helper {
    /// Who.
    pub staff_id: Id,
    /// Basis points of the commission, 1–9999; texts are percent.
    #[serde(deserialize_with = "crate::texts::some_share")]
    pub share_bp: i64,
}

/// Departure and start of work: where it happened, if the phone knows.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Place {
    /// Version seen.
    pub version: Option<i64>,
    /// Degrees north.
    pub lat: Option<f64>,
    /// Degrees east.
    pub lng: Option<f64>,
    /// Remark.
    pub note: Option<String>,
}

/// Arrival (WO-43): time, place and the picture of the surroundings.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Arrive {
    /// Version seen.
    pub version: Option<i64>,
    /// Degrees north.
    pub lat: Option<f64>,
    /// Degrees east.
    pub lng: Option<f64>,
    /// Remark.
    pub note: Option<String>,
    /// Picture of the surroundings as a data URL or Base64; may also be sent as an attachment labelled `arrival`.
    pub photo: Option<String>,
}

/// Stop with a coded reason (WO-14, WO-15).
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Wait {
    /// Version seen.
    #[serde(default)]
    pub version: Option<i64>,
    /// Why.
    pub reason: Waiting,
    /// In words; needed for `other`.
    #[serde(default)]
    pub note: Option<String>,
    /// Who goes on, for work that may not be left.
    #[serde(default)]
    pub hand_over_to: Option<Id>,
}

/// A quote to the customer.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Quote {
    /// Version seen.
    pub version: Option<i64>,
    /// Amount; what is payable now unless given.
    #[serde(deserialize_with = "crate::texts::money")]
    pub total: Option<Money>,
    /// Remark.
    pub note: Option<String>,
}

/// The customer's consent, recorded (SHOP-18).
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Consent {
    /// Version seen.
    pub version: Option<i64>,
    /// Up to which amount; the quote, else what is payable now.
    #[serde(deserialize_with = "crate::texts::money")]
    pub total: Option<Money>,
    /// Who agreed.
    pub by: String,
    /// How: phone, on paper …
    pub note: Option<String>,
}

/// Completion sheet (WO-17, 18, 21, 42, 47; PAY-06).
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Complete {
    /// Version seen.
    pub version: Option<i64>,
    /// Attribution: `product`, `material`, `workmanship`, `customer`, `other`.
    pub cause: String,
    /// What really caused it.
    pub root_cause: Option<String>,
    /// What was done.
    pub result: Option<String>,
    /// Explanation and plan to help, when the customer caused it.
    pub assistance: Option<String>,
    /// Work was finished at; now unless given.
    #[serde(deserialize_with = "crate::texts::time")]
    pub finished_at: Option<Ts>,
    /// Quantities really used, by line.
    pub used: Vec<UsedLine>,
    /// Parts and fees entered with the sheet.
    pub lines: Vec<NewLine>,
    /// Customer's signature: PNG as data URL or Base64.
    #[serde(alias = "signature_png")]
    pub signature: Option<String>,
    /// The six digits that the customer has from the order's page or the desk, instead of a signature (WO-41).
    pub acceptance_code: Option<String>,
    /// Why there is no signature.
    pub unsigned_reason: Option<String>,
    /// Problems found beyond the reported fault (WO-47, PROD-08).
    pub findings: Vec<Finding>,
    /// What was seen of wear parts (PROD-17); items without a part are left out.
    pub wear: Vec<WornPart>,
    /// When the customer likes to be called back, `18:00-20:00`: kept in their file (CUST-13).
    pub call_time: Option<String>,
    /// Major, medium or minor repair, where prices differ by it (BILL-01); as in the round before unless given.
    pub job_size: Option<pricing::api::Grade>,
    /// Hours worked in all rounds, for fees by the hour; as in the round before unless given.
    #[serde(deserialize_with = "crate::texts::quantity")]
    pub hours: Option<kernel::Quantity>,
    /// Kilometres driven in all rounds, for fees by the kilometre; as in the round before unless given.
    #[serde(deserialize_with = "crate::texts::quantity")]
    pub distance_km: Option<kernel::Quantity>,
    /// Only the cost price is charged (BILL-19); as in the round before unless given.
    pub cost_price: Option<bool>,
}

/// What became of a material line.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct UsedLine {
    /// The line.
    pub id: Id,
    /// Thousandths really used; the rest goes back.
    #[serde(deserialize_with = "crate::texts::some_quantity")]
    pub quantity: kernel::Quantity,
    /// The old part was taken along.
    #[serde(default)]
    pub old_part_taken: bool,
    /// Serial numbers built in.
    #[serde(default)]
    pub serials: Option<String>,
}

/// A problem found beside the reported fault.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Finding {
    /// What.
    pub text: String,
    /// The customer did not want it fixed.
    #[serde(default)]
    pub refused: bool,
    /// On which of the order's units; the first unless said.
    #[serde(default)]
    pub unit_id: Option<Id>,
}

/// Remaining life of a wear part.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct WornPart {
    /// Part: 滤芯, 刹车片 …
    pub part: String,
    /// Remaining life in percent, 0 to 100.
    pub percent: Option<i64>,
    /// Should last so many months, 0 to 600.
    pub months: Option<i64>,
    /// Remark.
    pub remark: Option<String>,
    /// On which of the order's units; the first unless said.
    pub unit_id: Option<Id>,
}

/// The customer's acknowledgement (WO-41, 42).
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Confirm {
    /// Version seen.
    pub version: Option<i64>,
    /// Who acknowledged; the contact unless given.
    pub by: Option<String>,
    /// Signature given later (补签): PNG as data URL or Base64.
    #[serde(alias = "signature_png")]
    pub signature: Option<String>,
    /// Points 0–100 (PAY-06).
    pub score: Option<i64>,
    /// Appraisal of the staff.
    pub appraisal: Option<String>,
    /// When the customer likes to be called back, `18:00-20:00`: kept in their file (CUST-13).
    pub call_time: Option<String>,
    /// Remark.
    pub note: Option<String>,
    /// The signed paper came back at; now when it is signed here. An unsigned acknowledgement leaves it open.
    #[serde(deserialize_with = "crate::texts::time")]
    pub sheet_returned_at: Option<Ts>,
    /// The customer did it in person on a page of their own: as good as a signed sheet. Not for callers outside.
    #[serde(skip)]
    pub proven: bool,
    /// The unit was handed over in person, with everything that belongs to it. Not for callers outside.
    #[serde(skip)]
    pub handed_over: bool,
}

/// Audit sheet.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Audit {
    /// Version seen.
    pub version: Option<i64>,
    /// Remark.
    pub note: Option<String>,
    /// Taken off the commission, minor units.
    #[serde(deserialize_with = "crate::texts::money")]
    pub deduction: Option<Money>,
    /// Points 0–100, when not given before.
    pub score: Option<i64>,
    /// The signed sheet came back at; completion unless given.
    #[serde(deserialize_with = "crate::texts::time")]
    pub sheet_returned_at: Option<Ts>,
    /// Audit without a satisfied callback; needs the right to, and a note.
    pub waive_callback: bool,
}

/// A reason, for moves that can't be undone or that send work back.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Reason {
    /// Version seen.
    pub version: Option<i64>,
    /// Why.
    pub reason: String,
}

/// Another time limit agreed for a special case (WO-13).
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Limit {
    /// Version seen.
    #[serde(default)]
    pub version: Option<i64>,
    /// `72h`, `10wd` …, counted from now.
    pub span: String,
    /// Who agreed, and why.
    pub reason: String,
}

/// A loaner given or refused (WO-12).
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Loaner {
    /// Version seen.
    #[serde(default)]
    pub version: Option<i64>,
    /// Given; otherwise the customer did without.
    #[serde(default)]
    pub given: bool,
    /// Which unit, or why not.
    pub note: String,
}
