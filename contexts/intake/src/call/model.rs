//! A call or letter.

use kernel::{Id, Ts};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::desk::model::Lookup;

db::codes! {
    /// What it was.
    pub enum Medium {
        /// telephone call
        Call = "call" ("电话", "Call"),
        /// notice by letter
        Notice = "notice" ("通知", "Notice"),
        /// invitation
        Invitation = "invitation" ("邀请函", "Invitation"),
        /// reply by letter
        Reply = "reply" ("答复函", "Reply"),
    }
}

db::codes! {
    /// From whom to whom.
    pub enum Direction {
        /// to us
        In = "in" ("呼入/来函", "Incoming"),
        /// from us
        Out = "out" ("呼出/去函", "Outgoing"),
    }
}

db::codes! {
    /// How it went.
    pub enum Outcome {
        /// spoken, or delivered
        Answered = "answered" ("已接通", "Answered"),
        /// rings now
        Ringing = "ringing" ("响铃中", "Ringing"),
        /// nobody took it
        Missed = "missed" ("未接", "Missed"),
        /// line was busy
        Busy = "busy" ("占线", "Busy"),
    }
}

db::record! {
    /// A stored call: the number is bare here.
    #[derive(Clone, Debug)]
    pub struct CallRow {
        pub id: Id,
        pub org_id: Id,
        pub medium: Medium,
        pub direction: Direction,
        pub outcome: Outcome,
        pub phone: String,
        pub phone_key: String,
        pub party: String,
        pub customer_id: Option<Id>,
        pub request_id: Option<Id>,
        pub request_no: String,
        pub order_id: Option<Id>,
        pub order_no: String,
        pub staff_id: Option<Id>,
        pub staff_name: String,
        pub seconds: i64,
        pub note: String,
        pub at: Ts,
        pub created_at: Ts,
        pub source_user: Option<Id>,
        pub external_id: String,
        pub line: String,
        pub extension: String,
        pub ring_at: Option<Ts>,
        pub answered_at: Option<Ts>,
        pub ended_at: Option<Ts>,
        pub ring_seconds: Option<i64>,
        pub rings: Option<i64>,
        pub to_return: bool,
    }
}

impl CallRow {
    /// A call as at the very beginning: somebody rings, nobody knows who.
    pub fn fresh(id: Id, org_id: Id, at: Ts) -> Self {
        Self {
            id,
            org_id,
            medium: Medium::Call,
            direction: Direction::In,
            outcome: Outcome::Ringing,
            phone: String::new(),
            phone_key: String::new(),
            party: String::new(),
            customer_id: None,
            request_id: None,
            request_no: String::new(),
            order_id: None,
            order_no: String::new(),
            staff_id: None,
            staff_name: String::new(),
            seconds: 0,
            note: String::new(),
            at,
            created_at: at,
            source_user: None,
            external_id: String::new(),
            line: String::new(),
            extension: String::new(),
            ring_at: None,
            answered_at: None,
            ended_at: None,
            ring_seconds: None,
            rings: None,
            to_return: false,
        }
    }
}

/// A call or letter to be registered.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct NewCall {
    /// The other side's number.
    pub phone: Option<String>,
    /// Call unless given.
    pub medium: Option<Medium>,
    /// Incoming unless given.
    pub direction: Option<Direction>,
    /// Answered unless given.
    pub outcome: Option<Outcome>,
    /// The customer; the one with this number, if there is just one.
    pub customer_id: Option<Id>,
    /// Name of the other side.
    #[serde(alias = "customer_id_text")]
    pub party: Option<String>,
    /// About which request.
    pub request_id: Option<Id>,
    /// About which order.
    pub order_id: Option<Id>,
    /// How long, 0 to 86400.
    pub seconds: Option<i64>,
    /// What was said or written.
    pub note: Option<String>,
}

/// A registered call.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct CallOut {
    /// Which; goes into the request that comes of it.
    pub id: Id,
    /// What it was.
    pub medium: Medium,
    /// From whom to whom.
    pub direction: Direction,
    /// How it went.
    pub outcome: Outcome,
    /// The other side.
    pub party: String,
    /// The customer.
    pub customer_id: Option<Id>,
    /// When.
    pub at: Ts,
}

/// The registered call, and who it is.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct CallAnswer {
    /// The call.
    pub call: CallOut,
    /// Customers with this number, with units and orders.
    pub lookup: Lookup,
    /// Page that opens with all of it.
    pub intake_path: String,
}
