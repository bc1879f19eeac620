//! A follow-up call and what the customer said.

use kernel::{Id, Ts};
use kit::Owned;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

db::codes! {
    /// Why somebody is called.
    pub enum CallbackKind {
        /// after the work was done (CB-01, CB-03)
        First = "first" ("首次回访", "First callback"),
        /// a week later, about other topics (CB-04)
        Second = "second" ("二次回访", "Second callback"),
        /// after advice on the phone (CALL-11)
        PhoneAdvice = "phone_advice" ("电话解决跟踪", "After phone advice"),
    }
}

db::codes! {
    /// Where a callback stands.
    pub enum CallbackState {
        /// to be called
        Planned = "planned" ("待回访", "to call"),
        /// result recorded
        Done = "done" ("已回访", "called"),
        /// no longer needed
        Cancelled = "cancelled" ("已取消", "cancelled"),
    }
}

/// The six classes of a result (OUTLET-05); the order keeps the last one.
pub use orders::api::CallbackClass as ResultClass;

db::row! {
    /// A stored callback.
    #[derive(Clone, Debug, Serialize, Deserialize)]
    pub struct CallbackRow {
        pub id: Id,
        pub no: String,
        pub version: i64,
        pub kind: CallbackKind,
        pub org_id: Id,
        pub customer_id: Id,
        pub order_id: Option<Id>,
        pub order_no: String,
        pub request_id: Option<Id>,
        pub state: CallbackState,
        pub planned_at: Ts,
        pub clerk_id: Option<Id>,
        pub attempts: i64,
        pub last_attempt_at: Option<Ts>,
        pub called_at: Option<Ts>,
        pub class: Option<ResultClass>,
        pub quality: Option<i64>,
        pub attitude: Option<i64>,
        pub answers: String,
        pub suggestion: String,
        pub demand: String,
        pub new_need: String,
        pub proposal: String,
        pub note: String,
        pub self_rated_at: Option<Ts>,
        pub created_at: Ts,
        pub updated_at: Ts,
    }
}

impl CallbackRow {
    /// Questions and answers.
    pub fn answers(&self) -> Vec<Answer> {
        serde_json::from_str(&self.answers).unwrap_or_default()
    }
}

impl Owned for CallbackRow {
    fn org(&self) -> Id {
        self.org_id
    }
}

/// A callback as callers see it.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct CallbackOut {
    /// Which.
    pub id: Id,
    /// Its number.
    pub no: String,
    /// For optimistic locking.
    pub version: i64,
    /// Why.
    pub kind: CallbackKind,
    /// Where it stands.
    pub state: CallbackState,
    /// Whom.
    pub customer_id: Id,
    /// About which order.
    pub order_id: Option<Id>,
    /// Its number.
    pub order_no: String,
    /// About which request.
    pub request_id: Option<Id>,
    /// When to call.
    pub planned_at: Ts,
    /// Times tried in vain.
    pub attempts: i64,
    /// When somebody was reached.
    pub called_at: Option<Ts>,
    /// Result.
    pub class: Option<ResultClass>,
    /// Repair quality, 1…5.
    pub quality: Option<i64>,
    /// Attitude, 1…5.
    pub attitude: Option<i64>,
    /// Questions and answers.
    pub answers: Vec<Answer>,
    /// Suggestion.
    pub suggestion: String,
    /// Demand, in the customer's words.
    pub demand: String,
    /// New need.
    pub new_need: String,
    /// The customer's own proposal.
    pub proposal: String,
    /// Anything else.
    pub note: String,
    /// Who called.
    pub clerk_id: Option<Id>,
    /// When the customer rated the service on the order's own page.
    pub self_rated_at: Option<Ts>,
    /// State of the order after the result, when it was about one.
    pub order_state: Option<String>,
}

/// A question of the call (CB-07) and what was answered.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Answer {
    /// Code of the question.
    pub question: String,
    /// The question as it was asked; given by the server.
    #[serde(default)]
    pub text: String,
    /// Ticked: it was talked about.
    #[serde(default)]
    pub asked: bool,
    /// The answer: `yes` or `no`, `1` to `5`, or the customer's words, as the question wants it.
    #[serde(default)]
    pub value: String,
    /// Remark.
    #[serde(default)]
    pub note: String,
}

/// The result of a call.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct RecordResult {
    /// One of the six classes.
    pub class: ResultClass,
    /// Repair quality, 1…5 (CB-15).
    #[serde(default)]
    pub quality: Option<i64>,
    /// Attitude, 1…5.
    #[serde(default)]
    pub attitude: Option<i64>,
    /// What was asked and said.
    #[serde(default)]
    pub answers: Vec<Answer>,
    /// Suggestion.
    #[serde(default)]
    pub suggestion: String,
    /// Demand, hope or complaint, in the customer's words (CB-08).
    #[serde(default)]
    pub demand: String,
    /// New need, passed to sales (CUST-12).
    #[serde(default)]
    pub new_need: String,
    /// The customer's own proposal (CB-23).
    #[serde(default)]
    pub proposal: String,
    /// Anything else.
    #[serde(default)]
    pub note: String,
}

impl RecordResult {
    /// A class and nothing else.
    pub fn of(class: ResultClass) -> Self {
        Self {
            class,
            quality: None,
            attitude: None,
            answers: Vec::new(),
            suggestion: String::new(),
            demand: String::new(),
            new_need: String::new(),
            proposal: String::new(),
            note: String::new(),
        }
    }
}

/// What a customer says on the order's own page (CB-15).
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Rating {
    /// The fault is gone.
    pub solved: bool,
    /// Repair quality, 1…5.
    pub quality: Option<i64>,
    /// Attitude, 1…5.
    pub attitude: Option<i64>,
    /// In the customer's words.
    pub text: String,
}

/// A call that reached nobody.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct RecordAttempt {
    /// What happened.
    #[serde(default)]
    pub note: String,
    /// When to try again; one hour later unless given.
    #[serde(default)]
    pub again_at: Option<Ts>,
}

/// A callback to be made.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct PlanCallback {
    /// Why; first callback unless given.
    #[serde(default)]
    pub kind: Option<CallbackKind>,
    /// When; now unless given.
    #[serde(default)]
    pub planned_at: Option<Ts>,
}
