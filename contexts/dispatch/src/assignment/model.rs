//! A day as dispatchers see it.

use kernel::{Date, Id, Ts};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

db::row! {
    /// Something that keeps an engineer busy: an appointment or an absence.
    #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
    pub struct Booking {
        /// Who.
        pub staff_id: Id,
        /// Order or absence.
        pub ref_id: Id,
        /// Number of the order, or kind of absence.
        pub label: String,
        /// Customer, or note.
        pub detail: String,
        /// State of the order, or `absent`.
        pub state: String,
        /// From.
        pub from_at: Ts,
        /// Until, not included.
        pub to_at: Ts,
        /// Organisation of the order or the absence.
        pub org_id: Id,
    }
}

/// State of a booking of whose order the caller may know nothing but the time.
pub const ELSEWHERE: &str = "elsewhere";

db::row! {
    /// An order that waits for an engineer.
    #[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
    pub struct Unassigned {
        /// Order.
        pub id: Id,
        /// Its number.
        pub no: String,
        /// Customer.
        pub customer_name: String,
        /// Unit.
        pub model_name: String,
        /// Fault.
        pub symptom: String,
        /// Area.
        pub region: String,
        /// 1 … 4
        pub priority: i64,
        /// State.
        pub state: String,
        /// Next deadline, microseconds; far future when there is none.
        pub next_due_at: Ts,
        /// Promised visit.
        pub appoint_from: Option<Ts>,
    }
}

/// An engineer's day.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct EngineerDay {
    /// Who.
    pub staff_id: Id,
    /// Name.
    pub name: String,
    /// Outlet they belong to.
    pub org_id: Id,
    /// Its name.
    pub org_name: String,
    /// Technical grade.
    pub grade: i64,
    /// Skills.
    pub skills: Vec<String>,
    /// Appointments and absences by time.
    pub bookings: Vec<Booking>,
    /// Orders assigned without a time.
    pub untimed: i64,
}

/// The day list.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Day {
    /// Which day.
    pub date: Date,
    /// Engineers by employee number.
    pub engineers: Vec<EngineerDay>,
    /// Waiting orders, most urgent first; of one area when asked for. At most 200.
    pub unassigned: Vec<Unassigned>,
    /// Areas of waiting orders and how many wait there, most first.
    pub areas: Vec<(String, i64)>,
    /// The area asked for.
    pub area: Option<String>,
}
