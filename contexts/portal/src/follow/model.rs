//! A request and an order as their customer sees them.

use kernel::{Date, Id, Money, Ts};
use orders::api::State;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{talk::model::MessageOut, unit::model::Cover};

db::row! {
    /// What is read of an order.
    #[derive(Clone, Debug)]
    pub struct FollowRow {
        pub id: Id,
        pub no: String,
        pub org_id: Id,
        pub state: State,
        pub waiting: String,
        pub symptom: String,
        pub model_name: String,
        pub serial: String,
        pub unit_id: Option<Id>,
        pub engineer_name: String,
        pub appoint_from: Option<Ts>,
        pub appoint_to: Option<Ts>,
        pub payable: Money,
        pub created_at: Ts,
        pub scheduled_at: Option<Ts>,
        pub departed_at: Option<Ts>,
        pub arrived_at: Option<Ts>,
        pub started_at: Option<Ts>,
        pub done_at: Option<Ts>,
        pub confirmed_at: Option<Ts>,
        pub closed_at: Option<Ts>,
    }
}

/// The customer accepts the work.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct ConfirmWork {
    /// Who accepts; the contact of the order unless given. 40 characters at most.
    pub by: Option<String>,
    /// When to call back, `18:00-20:00`: kept in the customer's file (CUST-13).
    pub call_time: Option<String>,
}

/// A wear part as seen by the engineer (PROD-17).
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Worn {
    /// Part.
    pub part: String,
    /// Remaining life in percent.
    pub percent: Option<i64>,
    /// Should last so many months.
    pub months: Option<i64>,
}

/// An order in plain words.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct OrderSeen {
    /// Number.
    pub no: String,
    /// Time zone of the place that serves; by its clock times are shown.
    pub zone: String,
    /// State.
    pub state: State,
    /// The same in plain words.
    pub words: String,
    /// Model.
    pub model_name: String,
    /// Serial number.
    pub serial: String,
    /// The fault as told.
    pub symptom: String,
    /// How the warranty of the unit stands.
    pub warranty: Option<Cover>,
    /// Its last day.
    pub warranty_until: Option<Date>,
    /// Who comes, as people are addressed.
    pub engineer: String,
    /// Visit from.
    pub appointment_from: Option<Ts>,
    /// Visit until.
    pub appointment_to: Option<Ts>,
    /// Opened.
    pub created_at: Ts,
    /// Engineer and time were fixed.
    pub scheduled_at: Option<Ts>,
    /// The engineer set out.
    pub departed_at: Option<Ts>,
    /// The engineer was there, or the work began.
    pub arrived_at: Option<Ts>,
    /// The work was finished.
    pub done_at: Option<Ts>,
    /// The customer accepted it.
    pub confirmed_at: Option<Ts>,
    /// What is to be paid, once the work is finished; fen.
    pub payable: Option<Money>,
    /// Six digits to tell the engineer when content with the work, instead of a signature.
    pub acceptance_code: Option<String>,
    /// How long wear parts will last, once the work is finished (PROD-17).
    pub wear: Vec<Worn>,
    /// Messages, oldest first.
    pub messages: Vec<MessageOut>,
    /// Messages are read.
    pub may_write: bool,
    /// The work is to be accepted.
    pub may_confirm: bool,
    /// The service can be rated.
    pub may_rate: bool,
    /// It was rated, or talked about on the phone.
    pub rated: bool,
    /// Whom to call; empty: not set.
    pub hotline: String,
}

/// An order of a request.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct OrderOfRequest {
    /// Number.
    pub no: String,
    /// How it stands.
    pub words: String,
    /// Where it is followed.
    pub path: Option<String>,
}

/// A request in plain words; no personal data.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct RequestSeen {
    /// Number.
    pub no: String,
    /// Time zone of the place that answers; by its clock times are shown.
    pub zone: String,
    /// How it stands.
    pub words: String,
    /// It has an answer.
    pub answered: bool,
    /// Work was arranged.
    pub ordered: bool,
    /// It is over.
    pub closed: bool,
    /// Taken down.
    pub created_at: Ts,
    /// An answer is promised until.
    pub promised_at: Option<Ts>,
    /// What came of it.
    pub orders: Vec<OrderOfRequest>,
}
