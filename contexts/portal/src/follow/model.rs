//! A request and an order as their customer sees them.

use callbacks::api::Rating;
use kernel::{Date, Id, Money, Ts};
use kit::FormErrors;
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

/// What a button of the customer's page does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Act {
    #[default]
    Say,
    Confirm,
    Rate,
}

/// Everything on the customer's page, whichever button was pressed: the page is one form, so that what is typed for
/// another purpose is still there afterwards.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Typed {
    pub act: Act,
    /// The page asked for a rating; a tick that is not sent says something only then.
    pub asked: bool,
    pub call_time: String,
    pub solved: bool,
    pub quality: Option<i64>,
    pub attitude: Option<i64>,
    pub text: String,
    pub message: String,
}

impl Typed {
    pub fn confirmation(&self) -> ConfirmWork {
        ConfirmWork {
            by: None,
            call_time: Some(self.call_time.clone()).filter(|time| !time.trim().is_empty()),
        }
    }

    pub fn rating(&self) -> Rating {
        Rating {
            solved: self.solved,
            quality: self.quality,
            attitude: self.attitude,
            text: self.text.clone(),
        }
    }

    /// What was not sent yet.
    pub fn without_done(self) -> Self {
        match self.act {
            Act::Say => Self { message: String::new(), ..self },
            Act::Confirm => Self { call_time: String::new(), ..self },
            Act::Rate => Self { quality: None, attitude: None, text: String::new(), asked: false, ..self },
        }
    }

    /// Whether something of it can still be sent.
    pub fn is_left(&self, order: &OrderSeen) -> bool {
        let rating = self.quality.is_some() || self.attitude.is_some() || !self.text.trim().is_empty();
        (order.may_rate && rating)
            || (order.may_write && !self.message.trim().is_empty())
            || (order.may_confirm && !self.call_time.trim().is_empty())
    }

    /// Messages where they belong: message and rating both have a text.
    pub fn at_fields(&self, errors: FormErrors) -> FormErrors {
        let at =
            |field: String| if self.act == Act::Say && field == "text" { "message".into() } else { field };
        FormErrors(errors.0.into_iter().map(|(field, words)| (at(field), words)).collect())
    }
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
