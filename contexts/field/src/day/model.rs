//! Words of the day list.

use kernel::{Date, Id, Ts};
use orders::api::State;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

db::codes! {
    /// Segments of the day list.
    pub enum View {
        Today = "today" ("今天", "Today"),
        Tomorrow = "tomorrow" ("明天", "Tomorrow"),
        Todo = "todo" ("待办", "To do"),
        Done = "done" ("已完成", "Done"),
    }
}

db::row! {
    /// A visit as stored by orders; the address is bare here.
    #[derive(Clone, Debug)]
    pub struct VisitRow {
        pub id: Id,
        pub no: String,
        pub customer_name: String,
        pub address: String,
        pub region: String,
        pub kind: String,
        pub priority: i64,
        pub urgent: bool,
        pub state: State,
        pub waiting: String,
        pub symptom: String,
        pub model_name: String,
        pub appoint_from: Option<Ts>,
        pub appoint_to: Option<Ts>,
        pub reworks: i64,
        pub next_due_at: Ts,
        pub next_due_total: i64,
        pub departed_at: Option<Ts>,
        pub arrived_at: Option<Ts>,
        pub done_at: Option<Ts>,
    }
}

/// A visit of the list.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Visit {
    /// Order.
    pub id: Id,
    /// Its number.
    pub no: String,
    /// Customer.
    pub customer_name: String,
    /// Where, masked for those who may not see it.
    pub address: String,
    /// Service area.
    pub region: String,
    /// Kind of work.
    pub kind: String,
    /// 1 low … 4 urgent.
    pub priority: i64,
    /// Urgent service.
    pub urgent: bool,
    /// State.
    pub state: State,
    /// Why it waits, if it does.
    pub waiting: String,
    /// Fault.
    pub symptom: String,
    /// Model of the unit.
    pub model_name: String,
    /// Agreed from.
    pub appointment_from: Option<Ts>,
    /// Agreed until.
    pub appointment_to: Option<Ts>,
    /// Rounds of rework.
    pub reworks: i64,
    /// Next deadline.
    pub next_due_at: Option<Ts>,
    /// Its whole span in seconds; 0 without a deadline.
    pub next_due_total: i64,
    /// Set out.
    pub departed_at: Option<Ts>,
    /// There.
    pub arrived_at: Option<Ts>,
    /// Finished.
    pub done_at: Option<Ts>,
}

/// Visits of one segment, and how many each segment has.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Day {
    /// Today.
    pub date: Date,
    /// Segment shown.
    pub view: View,
    /// Visits in order of work.
    pub visits: Vec<Visit>,
    /// Visits by segment, in the order of [`View::ALL`].
    pub counts: Vec<usize>,
    /// Finished today.
    pub done_today: usize,
    /// Under way or at work.
    pub in_progress: usize,
    /// Still to go to today.
    pub to_visit: usize,
}
