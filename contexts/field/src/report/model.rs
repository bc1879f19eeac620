//! Words of reports.

use kernel::{Id, Ts};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::settings::CheckItem;

db::codes! {
    /// What a report is about.
    pub enum ReportKind {
        Attempt = "attempt" ("联系客户", "Attempt"),
        Delay = "delay" ("延误", "Delay"),
        Demand = "demand" ("退换要求", "Return or exchange"),
        Alarm = "alarm" ("紧急求助", "Alarm"),
        Damage = "damage" ("损坏客户物品", "Damage"),
    }
}

db::codes! {
    /// How an attempt to reach the customer went (DISP-10, FIELD-04).
    pub enum AttemptCode {
        NoAnswer = "no_answer" ("电话无人接", "Phone not answered"),
        Off = "off" ("关机或空号", "Phone off or wrong"),
        Door = "door" ("敲门无人应", "Nobody opens"),
        Neighbour = "neighbour" ("询问邻居", "Asked a neighbour"),
        Slip = "slip" ("已留留言条", "Left a message slip"),
        Reached = "reached" ("已联系上", "Reached"),
    }
}

impl AttemptCode {
    /// The customer was spoken to.
    pub const fn reached(self) -> bool {
        matches!(self, Self::Reached)
    }
}

db::codes! {
    /// Why an engineer comes later (DISP-12).
    pub enum DelayCode {
        Traffic = "traffic" ("路上堵车", "Traffic"),
        Previous = "previous" ("上一户未结束", "Previous visit takes longer"),
        Vehicle = "vehicle" ("车辆故障", "Vehicle trouble"),
        Parts = "parts" ("等备件", "Waiting for parts"),
        Weather = "weather" ("天气", "Weather"),
        Other = "other" ("其他", "Other"),
    }
}

db::codes! {
    /// What an incident is (FIELD-16…18).
    pub enum IncidentCode {
        Return = "return" ("要求退货", "Wants to return it"),
        Exchange = "exchange" ("要求换货", "Wants an exchange"),
        Compensation = "compensation" ("要求赔偿", "Demands compensation"),
        Damage = "damage" ("损坏客户物品", "Customer's property damaged"),
        Alarm = "alarm" ("冲突或安全事件", "Conflict or safety"),
    }
}

db::codes! {
    /// The test run at the end (FIELD-20).
    pub enum TestRun {
        Done = "done" ("已试机，正常", "Tested, works"),
        NoTime = "no_time" ("没有时间试机", "No time to test"),
        None = "none" ("无需试机", "Not needed"),
    }
}

db::codes! {
    /// What the three-guarantee rules say of a demand (FIELD-16).
    pub enum Verdict {
        Fits = "fits" ("符合条件", "Conditions met"),
        Not = "not" ("不符合条件", "Conditions not met"),
        Centre = "centre" ("请示中心", "The centre decides"),
    }
}

db::row! {
    /// A report as stored and shown.
    #[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
    pub struct Report {
        /// Which.
        pub id: Id,
        /// Order.
        pub order_id: Id,
        /// Its number.
        pub order_no: String,
        /// Organisation.
        pub org_id: Id,
        /// Who reported.
        pub staff_id: Id,
        /// Their name.
        pub staff_name: String,
        /// What about.
        pub kind: ReportKind,
        /// Code within the kind.
        pub code: String,
        /// In words.
        pub note: String,
        /// Further facts, JSON.
        pub detail: String,
        /// When.
        pub at: Ts,
    }
}

/// A fact of a report's detail as text; empty when it is not there.
pub fn fact(detail: &str, key: &str) -> String {
    let value: serde_json::Value = serde_json::from_str(detail).unwrap_or_default();
    value[key]
        .as_str()
        .map_or_else(|| value[key].as_i64().map(|n| n.to_string()).unwrap_or_default(), str::to_string)
}

impl Report {
    /// Label of the code.
    pub fn code_label(&self) -> kernel::T {
        Self::label_of(&self.code)
    }

    /// Label of a code of any kind of report: no two kinds share one.
    pub fn label_of(code: &str) -> kernel::T {
        AttemptCode::parse(code)
            .map(AttemptCode::label)
            .or_else(|| DelayCode::parse(code).map(DelayCode::label))
            .or_else(|| IncidentCode::parse(code).map(IncidentCode::label))
            .unwrap_or(kernel::T("", ""))
    }

    /// A fact of the detail as text; empty when it is not there.
    pub fn fact(&self, key: &str) -> String {
        fact(&self.detail, key)
    }
}

db::row! {
    /// A stored departure check.
    #[derive(Clone, Debug)]
    pub struct CheckRow {
        pub id: Id,
        pub order_id: Id,
        pub org_id: Id,
        pub staff_id: Id,
        pub staff_name: String,
        pub ticked: String,
        pub missing: String,
        pub note: String,
        pub at: Ts,
    }
}

/// What was ticked before setting out.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct DepartureCheck {
    /// Codes of the items ticked.
    pub ticked: Vec<String>,
    /// Remark.
    pub note: Option<String>,
}

/// How the check went.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct CheckOut {
    /// Which.
    pub id: Id,
    /// Ticked.
    pub ticked: Vec<String>,
    /// Mandatory items that were not.
    pub missing: Vec<CheckItem>,
    /// Departure is refused while something is missing.
    pub blocks: bool,
    /// When.
    pub at: Ts,
}

/// An attempt to reach the customer.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct NewAttempt {
    /// How it went.
    pub code: AttemptCode,
    /// In words.
    #[serde(default)]
    pub note: Option<String>,
}

/// A delay.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct NewDelay {
    /// When the engineer expects to be there: RFC 3339, or local as forms send it.
    pub expected_at: String,
    /// Why.
    pub reason: DelayCode,
    /// In words; needed for `other`.
    #[serde(default)]
    pub note: Option<String>,
    /// The customer was phoned (FIELD-06).
    #[serde(default)]
    pub customer_told: bool,
}

/// An incident.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct NewIncident {
    /// What.
    pub code: IncidentCode,
    /// What happened; needed except for an alarm.
    #[serde(default)]
    pub note: Option<String>,
    /// What was offered for damage.
    #[serde(default)]
    pub compensation: Option<String>,
    /// The engineer apologised.
    #[serde(default)]
    pub apologised: bool,
}

/// How sure the engineer is of the repair.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct NewClosing {
    /// The test run.
    pub test_run: TestRun,
    /// Not sure that it is repaired for good (FIELD-26).
    #[serde(default)]
    pub uncertain: bool,
}

db::row! {
    /// The same as stored.
    #[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
    pub struct Closing {
        /// Order.
        pub order_id: Id,
        /// The test run.
        pub test_run: TestRun,
        /// Sure of the repair.
        pub certain: bool,
    }
}
