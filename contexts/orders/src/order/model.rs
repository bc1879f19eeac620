//! What an order is made of.

use kernel::{Date, Id, Money, Quantity, Ts};
use kit::{Owned, Secret, Sens};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use crate::flow::State;
use crate::record::ids_of;

db::codes! {
    /// How the work reaches the unit (WO-02).
    pub enum Mode {
        /// the engineer goes there
        OnSite = "on_site" ("上门", "On site"),
        /// the customer brings it
        BroughtIn = "brought_in" ("送修", "Brought in"),
        /// by phone or screen sharing
        Remote = "remote" ("远程", "Remote"),
        /// fetched for workshop repair
        Fetched = "fetched" ("拉修", "Fetched"),
        /// sent by post
        Mailed = "mailed" ("寄修", "Mailed in"),
        /// returned to the manufacturer
        Factory = "factory" ("返厂", "Returned to maker"),
        /// done by somebody else
        Outsourced = "outsourced" ("外协", "Outsourced"),
    }
}

impl Mode {
    /// The unit comes into the workshop.
    pub const fn in_shop(self) -> bool {
        matches!(self, Self::BroughtIn | Self::Fetched | Self::Mailed | Self::Factory)
    }

    /// Somebody travels to the unit: arrival counts.
    pub const fn travels(self) -> bool {
        matches!(self, Self::OnSite | Self::Fetched)
    }
}

db::codes! {
    /// Warranty class of the order (WO-04).
    pub enum WarrantyClass {
        /// claimed from the maker
        Claim = "claim" ("理赔机", "Claim unit"),
        /// in warranty
        In = "in" ("保修期内", "In warranty"),
        /// out of warranty
        Out = "out" ("保修期外", "Out of warranty"),
    }
}

db::codes! {
    /// Why an order waits (WO-14).
    pub enum Waiting {
        /// parts are missing
        Parts = "parts" ("等待备件", "Waiting for parts"),
        /// the customer has to do or decide something
        Customer = "customer" ("等待客户", "Waiting for the customer"),
        /// somebody else has to act
        ThirdParty = "third_party" ("等待第三方", "Waiting for a third party"),
        /// at the manufacturer
        Factory = "factory" ("返厂中", "At the manufacturer"),
        /// result of a test on site
        Test = "test" ("等待试运行结果", "Waiting for a test result"),
        /// a hard repair: the head of the workshop decides how to go on (P-04)
        Hard = "hard" ("难修", "Hard repair"),
        /// anything else, with a note
        Other = "other" ("其他原因", "Other"),
    }
}

db::codes! {
    /// With whom missing data is verified, in this order (CALL-07).
    pub enum VerifyWith {
        /// whoever assigns knows what is missing
        Dispatcher = "dispatcher" ("调度", "Dispatcher"),
        /// the customer was asked
        Customer = "customer" ("客户", "Customer"),
    }
}

db::codes! {
    /// How well the repair held, derived from history (WO-45).
    pub enum FixClass {
        /// not known: not completed yet, or history of another system
        Unknown = "unknown" ("未评定", "Not judged"),
        /// fixed at the first attempt
        First = "first" ("一次修复", "Fixed first time"),
        /// needed a second attempt
        NotOnce = "not_fixed_once" ("一次维修不到位", "Not fixed first time"),
        /// needed several
        NotRepeatedly = "not_fixed_repeatedly" ("多次维修不到位", "Repeatedly not fixed"),
    }
}

db::codes! {
    /// Result of a callback (CB-09).
    pub enum CallbackClass {
        /// content
        Satisfied = "satisfied" ("满意", "Satisfied"),
        /// not content when called
        Unsatisfied = "unsatisfied" ("回访不满意", "Unsatisfied"),
        /// complained by themselves
        Complaint = "complaint" ("来电投诉", "Complaint"),
        /// not fixed by the first visit
        NotOnce = "not_fixed_once" ("一次维修不到位", "Not fixed first time"),
        /// not fixed by several visits
        NotRepeatedly = "not_fixed_repeatedly" ("多次维修不到位", "Repeatedly not fixed"),
        /// rude or careless
        Attitude = "bad_attitude" ("服务态度不满意", "Bad attitude"),
    }
}

impl CallbackClass {
    /// The unit is not as it should be: the order goes back (rework). A bad attitude costs points, not rework.
    pub const fn sends_back(self) -> bool {
        !matches!(self, Self::Satisfied | Self::Attitude)
    }
}

db::codes! {
    /// How a deadline of the order stands.
    pub enum Sla {
        /// no deadline near
        Fine = "ok" ("正常", "On time"),
        /// little time left
        Warned = "warn" ("将超时", "Due soon"),
        /// over
        Over = "over" ("已超时", "Overdue"),
        /// standing still
        Paused = "paused" ("已暂停", "Paused"),
    }
}

/// `next_due_at` of an order without a running clock: sorts behind every deadline.
pub const NO_DUE: Ts = Ts::MAX;

db::record! {
    /// A service order as stored; phone and address are bare here.
    #[derive(Clone, Debug, PartialEq)]
    pub struct OrderRow {
        pub id: Id,
        pub version: i64,
        pub no: String,
        pub org_id: Id,
        pub customer_id: Id,
        pub customer_name: String,
        pub contact: String,
        pub phone: String,
        pub address: String,
        pub region: String,
        pub kind: String,
        pub mode: Mode,
        pub warranty: WarrantyClass,
        /// The class was set by a person and overrides the units' decisions (WO-48).
        pub warranty_set: bool,
        pub priority: i64,
        pub urgent: bool,
        pub quote_limit: Option<Money>,
        pub source: String,
        pub request_id: Option<Id>,
        /// Run of the process template that it works by (DOC-19); none: the fixed steps alone.
        pub run_id: Option<Id>,
        pub external_no: String,
        pub symptom: String,
        pub demand: String,
        pub remark: String,
        /// Field names lacking by CALL-07, joined by commas.
        pub missing: String,
        /// Missing data was verified with the dispatcher, the first of two steps (CALL-07).
        pub dispatch_verified_at: Option<Ts>,
        /// Who did, by name.
        pub dispatch_verified_by: String,
        /// And then with the customer.
        pub customer_verified_at: Option<Ts>,
        /// Who did, by name.
        pub customer_verified_by: String,
        pub unit_id: Option<Id>,
        pub model_id: Option<Id>,
        pub model_name: String,
        pub serial: String,
        pub appoint_from: Option<Ts>,
        pub appoint_to: Option<Ts>,
        pub engineer_id: Option<Id>,
        pub engineer_name: String,
        /// Other engineers, a JSON list of ids.
        pub helpers: String,
        pub outlet_id: Option<Id>,
        pub state: State,
        pub open: bool,
        /// Code of [`Waiting`], empty while not waiting.
        pub waiting: String,
        pub continuous: bool,
        /// 1 outlet, 2 branch office, 3 head office (WO-16).
        pub level: i64,
        /// Organisation it was raised to; none: the own one.
        pub level_org_id: Option<Id>,
        pub level_org_name: String,
        /// Said to be hard to repair: a reason to raise it.
        pub hard: bool,
        pub repeat_of: Option<Id>,
        pub repeat_round: i64,
        pub failed_fixes: i64,
        pub reworks: i64,
        pub fix_class: FixClass,
        pub cause: String,
        pub root_cause: String,
        pub result: String,
        pub assistance: String,
        pub score: Option<i64>,
        pub appraisal: String,
        pub sheet_returned_at: Option<Ts>,
        pub quote_total: Option<Money>,
        pub quoted_at: Option<Ts>,
        pub consent_total: Option<Money>,
        pub consent_at: Option<Ts>,
        pub consent_by: String,
        pub gross: Money,
        pub payable: Money,
        /// Taken off what the customer pays, as agreed in the process (BILL-10).
        pub reduced: Money,
        /// Code of pricing's grade (major, medium, minor repair); empty: not said.
        pub job_size: String,
        /// Hours worked, thousandths; 0: not said.
        pub hours: Quantity,
        /// Kilometres driven, thousandths; 0: not said.
        pub distance_km: Quantity,
        /// Only the cost price is charged (BILL-19).
        pub cost_price: bool,
        /// What the automatic fees were computed from: unchanged means nothing to do.
        pub fee_key: String,
        pub signed: bool,
        pub accepted_at: Option<Ts>,
        pub scheduled_at: Option<Ts>,
        pub departed_at: Option<Ts>,
        pub arrived_at: Option<Ts>,
        pub started_at: Option<Ts>,
        pub done_at: Option<Ts>,
        pub confirmed_at: Option<Ts>,
        pub confirmed_by: String,
        pub callback_at: Option<Ts>,
        pub callback_class: String,
        pub audited_at: Option<Ts>,
        pub auditor_id: Option<Id>,
        pub audit_note: String,
        pub deduction: Money,
        pub closed_at: Option<Ts>,
        pub sla: Sla,
        /// Kinds of clocks that ran out, joined by commas.
        pub late: String,
        pub next_due_at: Ts,
        /// Microseconds from start to the next due time.
        pub next_due_total: i64,
        pub pickup_on: Option<Date>,
        /// Empty, `due`, `given` or `refused` (WO-12).
        pub loaner: String,
        pub progress_at: Ts,
        pub stale: bool,
        pub created_by: Id,
        pub created_at: Ts,
        pub updated_at: Ts,
    }
}

impl Owned for OrderRow {
    fn org(&self) -> Id {
        self.org_id
    }
    fn owners(&self) -> Vec<Id> {
        self.engineer_id.into_iter().chain(ids_of(&self.helpers)).collect()
    }
}

impl OrderRow {
    /// An order as at the very beginning: nothing said, nobody assigned, no clock running.
    pub fn fresh(id: Id, org_id: Id, created_by: Id, now: Ts) -> Self {
        OrderRow {
            id,
            version: 1,
            no: String::new(),
            org_id,
            customer_id: Id::NIL,
            customer_name: String::new(),
            contact: String::new(),
            phone: String::new(),
            address: String::new(),
            region: String::new(),
            kind: "repair_minor".into(),
            mode: Mode::OnSite,
            warranty: WarrantyClass::Out,
            warranty_set: false,
            priority: 2,
            urgent: false,
            quote_limit: None,
            source: "phone".into(),
            request_id: None,
            run_id: None,
            external_no: String::new(),
            symptom: String::new(),
            demand: String::new(),
            remark: String::new(),
            missing: String::new(),
            dispatch_verified_at: None,
            dispatch_verified_by: String::new(),
            customer_verified_at: None,
            customer_verified_by: String::new(),
            unit_id: None,
            model_id: None,
            model_name: String::new(),
            serial: String::new(),
            appoint_from: None,
            appoint_to: None,
            engineer_id: None,
            engineer_name: String::new(),
            helpers: "[]".into(),
            outlet_id: None,
            state: State::New,
            open: true,
            waiting: String::new(),
            continuous: false,
            level: 1,
            level_org_id: None,
            level_org_name: String::new(),
            hard: false,
            repeat_of: None,
            repeat_round: 0,
            failed_fixes: 0,
            reworks: 0,
            fix_class: FixClass::Unknown,
            cause: String::new(),
            root_cause: String::new(),
            result: String::new(),
            assistance: String::new(),
            score: None,
            appraisal: String::new(),
            sheet_returned_at: None,
            quote_total: None,
            quoted_at: None,
            consent_total: None,
            consent_at: None,
            consent_by: String::new(),
            gross: Money::ZERO,
            payable: Money::ZERO,
            reduced: Money::ZERO,
            job_size: String::new(),
            hours: Quantity::ZERO,
            distance_km: Quantity::ZERO,
            cost_price: false,
            fee_key: String::new(),
            signed: false,
            accepted_at: None,
            scheduled_at: None,
            departed_at: None,
            arrived_at: None,
            started_at: None,
            done_at: None,
            confirmed_at: None,
            confirmed_by: String::new(),
            callback_at: None,
            callback_class: String::new(),
            audited_at: None,
            auditor_id: None,
            audit_note: String::new(),
            deduction: Money::ZERO,
            closed_at: None,
            sla: Sla::Fine,
            late: String::new(),
            next_due_at: NO_DUE,
            next_due_total: 0,
            pickup_on: None,
            loaner: String::new(),
            progress_at: now,
            stale: false,
            created_by,
            created_at: now,
            updated_at: now,
        }
    }

    /// The reference panels and logs use.
    pub fn doc(&self) -> kit::DocRef {
        kit::DocRef::new("order", self.id, &self.no)
    }

    /// Data is lacking and not yet verified with both: not to be assigned (CALL-07).
    pub fn unverified(&self) -> bool {
        !self.missing.is_empty() && self.customer_verified_at.is_none()
    }

    /// With whom it is verified next.
    pub fn verify_next(&self) -> Option<VerifyWith> {
        match (self.dispatch_verified_at, self.customer_verified_at) {
            (None, _) => Some(VerifyWith::Dispatcher),
            (Some(_), None) => Some(VerifyWith::Customer),
            (Some(_), Some(_)) => None,
        }
    }

    /// The bare phone, wrapped.
    pub fn phone(&self) -> Secret {
        Secret::new(Sens::Phone, &self.phone)
    }

    /// The bare address, wrapped.
    pub fn address(&self) -> Secret {
        Secret::new(Sens::Address, &self.address)
    }
}

db::record! {
    /// One unit of an order, its fault and its own warranty decision (WO-46).
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
    pub struct OrderUnit {
        pub id: Id,
        pub order_id: Id,
        pub org_id: Id,
        pub place: i64,
        pub unit_id: Option<Id>,
        pub model_id: Option<Id>,
        pub model_name: String,
        pub serial: String,
        pub fault: String,
        pub group_code: String,
        pub work_kind: String,
        pub cause: String,
        pub result: String,
        /// `covered`, `not_covered` or `refer`.
        pub verdict: String,
        pub parts_bp: i64,
        pub labour_bp: i64,
        pub travel_bp: i64,
        pub warranty_until: Option<Date>,
        pub policy_id: Option<Id>,
        pub policy_version: i64,
        /// Inputs and trace of the decision, JSON.
        pub decision: String,
        pub created_at: Ts,
    }
}

db::record! {
    /// One step of an order's history (WO-50).
    #[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
    pub struct OrderStep {
        pub id: Id,
        pub order_id: Id,
        pub org_id: Id,
        pub action: String,
        pub from_state: String,
        pub to_state: String,
        pub at: Ts,
        pub staff_id: Id,
        pub staff_name: String,
        pub on_behalf: Option<Id>,
        pub reason: String,
        /// Millionths of a degree.
        pub lat: Option<i64>,
        /// Millionths of a degree.
        pub lon: Option<i64>,
        /// A deadline that this step ends had passed.
        pub late: bool,
    }
}

db::row! {
    /// Share of an engineer in an order (PAY-14).
    #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
    pub struct Share {
        /// Who.
        pub staff_id: Id,
        /// Basis points of the commission.
        pub share_bp: i64,
        /// Answers for the order.
        pub lead: bool,
    }
}
