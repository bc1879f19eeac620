//! What the phone shows of an order.

use kernel::{Date, Id, Ts};
use kit::attachments::Attachment;
use orders::api::{OrderFull, State};
use parts::api::DepotBrief;
use products::api::UnitNote;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::report::model::Report;

db::codes! {
    /// The one thing that comes next.
    pub enum Next {
        Assign = "assign" ("等待派工", "Wait for assignment"),
        Depart = "depart" ("出发", "Set out"),
        Arrive = "arrive" ("到达", "Arrive"),
        Start = "start" ("检查并开工", "Check and start"),
        Consent = "consent" ("征得客户同意", "Get the customer's consent"),
        Complete = "complete" ("完工签字", "Complete and sign"),
        Resume = "resume" ("恢复作业", "Go on"),
        Confirm = "confirm" ("客户确认", "Customer confirms"),
        Nothing = "nothing" ("已交回", "Handed in"),
    }
}

/// When the stages of the present round of work were reached.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Progress {
    /// Set out.
    pub departed_at: Option<Ts>,
    /// There.
    pub arrived_at: Option<Ts>,
    /// Work began.
    pub started_at: Option<Ts>,
}

impl FieldOrder {
    /// Until when what was typed into a form may be put back: the present round of work and its step. Scripts keep it
    /// with the form (`assets/js/lib/kept.js`).
    pub fn round(&self) -> String {
        let head = &self.order.order;
        format!("{}.{}.{}", head.reworks, head.state.as_str(), self.next.as_str())
    }
}

/// The unit as it stands at the customer.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct UnitSeen {
    /// Which.
    pub id: Id,
    /// Number.
    pub no: String,
    /// Serial number.
    pub serial: String,
    /// Model.
    pub model_name: String,
    /// Bought on.
    pub purchase_date: Option<Date>,
    /// Installed on.
    pub install_date: Option<Date>,
    /// Where it stands, masked for those who may not see addresses.
    pub place: String,
}

db::row! {
    /// An earlier order of the same unit.
    #[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
    pub struct PastOrder {
        /// Which.
        pub id: Id,
        /// Number.
        pub no: String,
        /// Kind of work.
        pub kind: String,
        /// State.
        pub state: State,
        /// Fault.
        pub symptom: String,
        /// Attribution.
        pub cause: String,
        /// Who did it.
        pub engineer_name: String,
        /// Opened.
        pub created_at: Ts,
        /// Finished.
        pub done_at: Option<Ts>,
    }
}

/// The latest departure check.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct CheckSeen {
    /// When.
    pub at: Ts,
    /// Codes of what was ticked.
    pub ticked: Vec<String>,
    /// Codes of what was missing.
    pub missing: Vec<String>,
}

/// An order with everything an engineer needs on site.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct FieldOrder {
    /// The order.
    pub order: OrderFull,
    /// What comes next.
    pub next: Next,
    /// Stages reached.
    pub progress: Progress,
    /// The unit.
    pub unit: Option<UnitSeen>,
    /// Open reminders of the unit (PROD-08).
    pub notes: Vec<UnitNote>,
    /// Earlier orders of the unit, newest first.
    pub history: Vec<PastOrder>,
    /// Reports about this order, newest first.
    pub reports: Vec<Report>,
    /// Departure check.
    pub check: Option<CheckSeen>,
    /// Photos and files.
    pub files: Vec<Attachment>,
    /// The caller's van.
    pub van: Option<DepotBrief>,
}
