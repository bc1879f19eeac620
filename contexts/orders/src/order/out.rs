//! What leaves the house: masked for the person asking.

use kernel::{Id, Money, Quantity, Ts};
use kit::{Cx, Secret};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    model::{FixClass, Mode, NO_DUE, OrderRow, OrderStep, OrderUnit, Share, Sla, State, WarrantyClass},
    rules::{may_cancel, over_quote},
};
use crate::{
    flow::FLOW,
    line::model::{LineOut, LineRow},
};

/// Answer of every command, and head of an order.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct OrderOut {
    /// Order.
    pub id: Id,
    /// Number.
    pub no: String,
    /// For `If-Match` and `version` of the next command.
    pub version: i64,
    /// Macro state.
    pub state: State,
    /// Why it waits, if it does.
    pub waiting: String,
    /// Owning organisation.
    pub org_id: Id,
    /// Outlet or station that does the work, when it is not the owner.
    pub outlet_id: Option<Id>,
    /// Customer.
    pub customer_id: Id,
    /// Their name.
    pub customer_name: String,
    /// Person on site.
    pub contact: String,
    /// Phone, masked for those who may not see it.
    pub phone: String,
    /// Address, masked for those who may not see it.
    pub address: String,
    /// Service area.
    pub region: String,
    /// Kind of work.
    pub kind: String,
    /// How the work reaches the unit.
    pub mode: Mode,
    /// Warranty class.
    pub warranty: WarrantyClass,
    /// 1 low … 4 urgent.
    pub priority: i64,
    /// Urgent service.
    pub urgent: bool,
    /// Fault.
    pub symptom: String,
    /// Demand.
    pub demand: String,
    /// Anything else, and what was left open last time (PROD-08).
    pub remark: String,
    /// Request it came from.
    pub request_id: Option<Id>,
    /// Run of the process that it works by, a document (DOC-19).
    pub run_id: Option<Id>,
    /// Main unit.
    pub unit_id: Option<Id>,
    /// Its model.
    pub model_name: String,
    /// Its serial.
    pub serial: String,
    /// Data that CALL-07 asks for and that is missing.
    pub missing: Vec<String>,
    /// It was verified with the dispatcher at (CALL-07).
    pub dispatch_verified_at: Option<Ts>,
    /// By whom.
    pub dispatch_verified_by: String,
    /// And then with the customer at.
    pub customer_verified_at: Option<Ts>,
    /// By whom.
    pub customer_verified_by: String,
    /// Lead engineer.
    pub engineer_id: Option<Id>,
    /// Their name.
    pub engineer_name: String,
    /// Visit from.
    pub appointment_from: Option<Ts>,
    /// Visit until.
    pub appointment_to: Option<Ts>,
    /// Earlier order that this one repeats.
    pub repeat_of: Option<Id>,
    /// Level of repair: 1 outlet, 2 branch office, 3 head office (WO-16).
    pub level: i64,
    /// Organisation it was raised to; none: the own one.
    pub level_org_id: Option<Id>,
    /// Its name.
    pub level_org_name: String,
    /// Said to be hard to repair.
    pub hard: bool,
    /// Rounds of rework.
    pub reworks: i64,
    /// How well it held.
    pub fix_class: FixClass,
    /// Attribution.
    pub cause: String,
    /// What was done.
    pub result: String,
    /// Result of the last callback.
    pub callback_class: String,
    /// Points.
    pub score: Option<i64>,
    /// Sum before warranty.
    pub gross: Money,
    /// What the customer pays.
    pub payable: Money,
    /// Size of the repair by the completion sheet, a code of pricing; empty: not said.
    pub job_size: String,
    /// Hours worked by the completion sheet, thousandths.
    pub hours: Quantity,
    /// Kilometres driven by the completion sheet, thousandths.
    pub distance_km: Quantity,
    /// Only the cost price is charged.
    pub cost_price: bool,
    /// Limit for the over-quote stop.
    pub over_quote_limit: Option<Money>,
    /// Amount agreed to later.
    pub consent_total: Option<Money>,
    /// The stop is on.
    pub over_quote: bool,
    /// How deadlines stand.
    pub sla: Sla,
    /// Next deadline.
    pub next_due_at: Option<Ts>,
    /// Its whole span in seconds; 0 without a deadline.
    pub next_due_total: i64,
    /// Opened.
    pub created_at: Ts,
    /// Work finished.
    pub done_at: Option<Ts>,
    /// The signed sheet came back.
    pub sheet_returned_at: Option<Ts>,
    /// Moves this caller may make now.
    pub allowed: Vec<String>,
    /// Lines that the command touched or made.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lines: Vec<LineOut>,
}

/// Everything of an order.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct OrderFull {
    /// Head.
    #[serde(flatten)]
    pub order: OrderOut,
    /// Units and fault items with their decisions.
    pub units: Vec<OrderUnit>,
    /// All lines.
    pub items: Vec<LineOut>,
    /// History.
    pub steps: Vec<OrderStep>,
    /// Engineers and shares, lead first.
    pub engineers: Vec<Share>,
}

/// Fields that may be revealed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Revealable {
    /// the contact's phone
    Phone,
    /// where
    Address,
}

/// A value shown in full.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Revealed {
    /// In full.
    pub value: String,
    /// As it looks masked.
    pub masked: String,
}

/// The head of an order for the caller.
pub fn order_out(cx: &Cx, row: &OrderRow, lines: &[LineRow]) -> OrderOut {
    let mut allowed: Vec<String> =
        FLOW.allowed(cx, row.state.as_str()).map(|m| m.action.to_string()).collect();
    allowed.dedup();
    allowed.retain(|action| action != "cancel" || may_cancel(row));
    OrderOut {
        id: row.id,
        no: row.no.clone(),
        version: row.version,
        state: row.state,
        waiting: row.waiting.clone(),
        org_id: row.org_id,
        outlet_id: row.outlet_id,
        customer_id: row.customer_id,
        customer_name: row.customer_name.clone(),
        contact: row.contact.clone(),
        phone: cx.show(&row.phone()),
        address: cx.show(&row.address()),
        region: row.region.clone(),
        kind: row.kind.clone(),
        mode: row.mode,
        warranty: row.warranty,
        priority: row.priority,
        urgent: row.urgent,
        symptom: row.symptom.clone(),
        demand: row.demand.clone(),
        remark: row.remark.clone(),
        request_id: row.request_id,
        run_id: row.run_id,
        unit_id: row.unit_id,
        model_name: row.model_name.clone(),
        serial: row.serial.clone(),
        missing: row.missing.split(',').filter(|m| !m.is_empty()).map(str::to_string).collect(),
        dispatch_verified_at: row.dispatch_verified_at,
        dispatch_verified_by: row.dispatch_verified_by.clone(),
        customer_verified_at: row.customer_verified_at,
        customer_verified_by: row.customer_verified_by.clone(),
        engineer_id: row.engineer_id,
        engineer_name: row.engineer_name.clone(),
        appointment_from: row.appoint_from,
        appointment_to: row.appoint_to,
        repeat_of: row.repeat_of,
        level: row.level,
        level_org_id: row.level_org_id,
        level_org_name: row.level_org_name.clone(),
        hard: row.hard,
        reworks: row.reworks,
        fix_class: row.fix_class,
        cause: row.cause.clone(),
        result: row.result.clone(),
        callback_class: row.callback_class.clone(),
        score: row.score,
        gross: row.gross,
        payable: row.payable,
        job_size: row.job_size.clone(),
        hours: row.hours,
        distance_km: row.distance_km,
        cost_price: row.cost_price,
        over_quote_limit: row.quote_limit,
        consent_total: row.consent_total,
        over_quote: over_quote(row.payable, row.quote_limit, row.consent_total),
        sla: row.sla,
        next_due_at: Some(row.next_due_at).filter(|at| *at < NO_DUE),
        next_due_total: row.next_due_total / 1_000_000,
        created_at: row.created_at,
        done_at: row.done_at,
        sheet_returned_at: row.sheet_returned_at,
        allowed,
        lines: lines.iter().map(|line| LineOut::of(cx.lang, line)).collect(),
    }
}

/// What contexts above need of an order; phone and address stay wrapped.
#[derive(Clone, Debug)]
pub struct OrderBrief {
    /// Order.
    pub id: Id,
    /// Number.
    pub no: String,
    /// Version.
    pub version: i64,
    /// State.
    pub state: State,
    /// Owning organisation.
    pub org_id: Id,
    /// Outlet or station that does the work, when it is not the owner.
    pub outlet_id: Option<Id>,
    /// Customer.
    pub customer_id: Id,
    /// Their name.
    pub customer_name: String,
    /// Person on site.
    pub contact: String,
    /// Phone.
    pub phone: Secret,
    /// Address.
    pub address: Secret,
    /// Service area.
    pub region: String,
    /// Kind of work.
    pub kind: String,
    /// Mode.
    pub mode: Mode,
    /// Warranty class.
    pub warranty: WarrantyClass,
    /// 1 low … 4 urgent.
    pub priority: i64,
    /// Urgent service.
    pub urgent: bool,
    /// Fault.
    pub symptom: String,
    /// Demand.
    pub demand: String,
    /// Request it came from.
    pub request_id: Option<Id>,
    /// Data that CALL-07 asks for and that is missing, as field names.
    pub missing: Vec<String>,
    /// Data is missing and not yet verified with dispatcher and customer: it can't be assigned.
    pub unverified: bool,
    /// Main unit.
    pub unit_id: Option<Id>,
    /// Model of it.
    pub model_id: Option<Id>,
    /// Its name.
    pub model_name: String,
    /// Serial.
    pub serial: String,
    /// Lead engineer.
    pub engineer_id: Option<Id>,
    /// Their name.
    pub engineer_name: String,
    /// Other engineers.
    pub helpers: Vec<Id>,
    /// Visit from.
    pub appoint_from: Option<Ts>,
    /// Visit until.
    pub appoint_to: Option<Ts>,
    /// Escalation level (WO-16).
    pub level: i64,
    /// Rounds of rework.
    pub reworks: i64,
    /// How well it held.
    pub fix_class: FixClass,
    /// Attribution.
    pub cause: String,
    /// Result of the last callback.
    pub callback_class: String,
    /// Points.
    pub score: Option<i64>,
    /// Taken off the commission by the auditor.
    pub deduction: Money,
    /// Sum before warranty.
    pub gross: Money,
    /// What the customer pays.
    pub payable: Money,
    /// Limit for the over-quote stop.
    pub quote_limit: Option<Money>,
    /// The over-quote stop is on (SHOP-18).
    pub over_quote: bool,
    /// Promised pick-up day (WO-38).
    pub pickup_on: Option<kernel::Date>,
    /// Why it waits, a code of `Waiting`; empty while it does not.
    pub waiting: String,
    /// What was done.
    pub result: String,
    /// Kinds of clocks that ran out.
    pub late: Vec<String>,
    /// Opened.
    pub created_at: Ts,
    /// Assigned.
    pub scheduled_at: Option<Ts>,
    /// Arrived.
    pub arrived_at: Option<Ts>,
    /// Work finished.
    pub done_at: Option<Ts>,
    /// Signed sheet back.
    pub sheet_returned_at: Option<Ts>,
    /// Audited.
    pub audited_at: Option<Ts>,
    /// Next deadline, `NO_DUE` when none runs.
    pub next_due_at: Ts,
}

impl kit::Owned for OrderBrief {
    fn org(&self) -> Id {
        self.org_id
    }
    fn owners(&self) -> Vec<Id> {
        self.engineer_id.into_iter().chain(self.helpers.iter().copied()).collect()
    }
}

impl From<OrderRow> for OrderBrief {
    fn from(row: OrderRow) -> Self {
        Self {
            phone: row.phone(),
            address: row.address(),
            helpers: crate::record::ids_of(&row.helpers),
            over_quote: over_quote(row.payable, row.quote_limit, row.consent_total),
            unverified: row.unverified(),
            quote_limit: row.quote_limit,
            pickup_on: row.pickup_on,
            waiting: row.waiting,
            result: row.result,
            missing: row.missing.split(',').filter(|m| !m.is_empty()).map(str::to_string).collect(),
            late: row
                .late
                .split(',')
                .filter(|k| !k.is_empty())
                .map(|k| k.trim_end_matches('!').to_string())
                .collect(),
            id: row.id,
            no: row.no,
            version: row.version,
            state: row.state,
            org_id: row.org_id,
            outlet_id: row.outlet_id,
            customer_id: row.customer_id,
            customer_name: row.customer_name,
            contact: row.contact,
            region: row.region,
            kind: row.kind,
            mode: row.mode,
            warranty: row.warranty,
            priority: row.priority,
            urgent: row.urgent,
            symptom: row.symptom,
            demand: row.demand,
            request_id: row.request_id,
            unit_id: row.unit_id,
            model_id: row.model_id,
            model_name: row.model_name,
            serial: row.serial,
            engineer_id: row.engineer_id,
            engineer_name: row.engineer_name,
            appoint_from: row.appoint_from,
            appoint_to: row.appoint_to,
            level: row.level,
            reworks: row.reworks,
            fix_class: row.fix_class,
            cause: row.cause,
            callback_class: row.callback_class,
            score: row.score,
            deduction: row.deduction,
            gross: row.gross,
            payable: row.payable,
            created_at: row.created_at,
            scheduled_at: row.scheduled_at,
            arrived_at: row.arrived_at,
            done_at: row.done_at,
            sheet_returned_at: row.sheet_returned_at,
            audited_at: row.audited_at,
            next_due_at: row.next_due_at,
        }
    }
}
