//! The frame of every command on an existing order: read, authorise, check the move; later clocks, row, step,
//! search, audit, in one regular order and few statements.

use kernel::{Id, T, Ts};
use kit::{Error, Result, Tx, flow::Move, search::SearchDoc};
use serde_json::{Value, json};

use super::{
    clocks::{Clocks, short},
    model::{OrderRow, OrderStep, Sla},
    out::{self, OrderOut},
    rules, store,
};
use crate::{flow::FLOW, line::model::LineRow, record::audit_of};

/// A command on one order, from reading to saving it.
pub struct Job {
    /// As it was.
    pub old: OrderRow,
    /// As it becomes.
    pub new: OrderRow,
    /// What is done.
    pub step: &'static Move,
    /// What happens to the clocks.
    pub clocks: Clocks,
    /// Why, in words.
    pub reason: String,
    /// Where, millionths of a degree.
    pub place: Option<(i64, i64)>,
    /// Further details for the audit.
    pub detail: Vec<(&'static str, Value)>,
    /// What history and audit call it, when the move alone does not say.
    pub called: Option<&'static str>,
    /// Bookkeeping moves leave no step in the history.
    pub silent: bool,
    /// The workshop hands the unit over to the customer, or will: it asks for what that needs.
    pub handed_over: bool,
}

impl Job {
    /// Reads the order; 403/404 unless the caller may make this move on it; 409 when it is in another state or
    /// newer than what the caller saw.
    pub async fn open(tx: &mut Tx, id: Id, action: &str, seen: Option<i64>) -> Result<Self> {
        Self::open_by(tx, id, action, seen, true).await
    }

    /// The same; `own` false: another context makes the move and has checked its own permission on the order.
    pub async fn open_by(tx: &mut Tx, id: Id, action: &str, seen: Option<i64>, own: bool) -> Result<Self> {
        // Not locked: saving checks the version, and who comes second is run again.
        let old = store::get_order(tx, id).await?;
        let perm = FLOW.moves.iter().find(|m| m.action == action).map(|m| m.perm);
        let perm = perm.ok_or_else(|| Error::Internal(format!("no move {action}")))?;
        // A move of the order's process was allowed by its template, to people whom the template names.
        let checked = own && (old.run_id.is_none() || tx.hearing() != old.run_id);
        if checked {
            tx.authorize(perm, &old)?;
        }
        rules::check_version(&old, seen)?;
        let step = FLOW.check(old.state.as_str(), action)?;
        if checked {
            // The same move may ask for more out of another state.
            tx.authorize(step.perm, &old)?;
        }
        kit::guarded(tx, "order", id, action).await?;
        let new = old.clone();
        let (clocks, reason, place) = (Clocks::default(), String::new(), None);
        Ok(Self {
            old,
            new,
            step,
            clocks,
            reason,
            place,
            detail: Vec::new(),
            called: None,
            silent: false,
            handed_over: false,
        })
    }

    /// Writes everything: clocks, order, step, search, audit; all of it with the commit when no clock is paused.
    pub async fn save(mut self, tx: &mut Tx) -> Result<OrderRow> {
        let now = tx.now();
        if let Some(to) = crate::flow::State::parse(self.step.to) {
            self.new.state = to;
        }
        self.new.open = self.new.state.is_open();
        self.new.progress_at = now;
        self.new.stale = false;
        let doc = self.new.doc();
        let late = self.clocks.apply_to(tx, &mut self.new).await?;
        let over = self.settle_late();
        self.new.sla = self.sla(over);
        let changes = store::update_order(tx, &self.old, &mut self.new).await?;
        if !self.silent {
            self.insert_step(tx, late).await?;
        }
        if self.finds_change() {
            put_search(tx, &self.new).await?;
        }
        let mut detail = audit_of(&changes);
        if let Value::Object(map) = &mut detail {
            map.extend(self.detail.drain(..).map(|(key, value)| (key.to_string(), value)));
            if !self.reason.is_empty() {
                map.insert("reason".into(), json!(self.reason));
            }
        }
        tx.log(doc, self.action(), detail);
        crate::process::service::follow_in(tx, &self.old, &self.new, &self.reason, self.handed_over).await?;
        Ok(self.new)
    }

    fn action(&self) -> &'static str {
        self.called.unwrap_or(self.step.action)
    }

    /// A step that touches no clock leaves the state of the deadline as it is; a warning stays until a clock is met.
    fn sla(&self, over: bool) -> Sla {
        if self.clocks.is_empty() && self.new.state == self.old.state {
            return self.old.sla;
        }
        let next = rules::sla_after(self.new.state, if over { "!" } else { "" });
        let stops = !self.clocks.stop.is_empty() || self.clocks.reached.is_some();
        let still_warned = self.old.sla == Sla::Warned && !stops;
        if next == Sla::Fine && still_warned && self.new.state.is_open() { Sla::Warned } else { next }
    }

    /// Clocks that ran out and are stopped now are history; true while another late one runs.
    fn settle_late(&mut self) -> bool {
        let ends = |kind: &str| self.clocks.cancel || self.clocks.stopped(kind, Ts(0)).is_some();
        let kinds = self.new.late.split(',').filter(|k| !k.is_empty());
        let settled: Vec<&str> =
            kinds.map(|k| k.strip_suffix('!').filter(|kind| ends(kind)).unwrap_or(k)).collect();
        let over = settled.iter().any(|k| k.ends_with('!'));
        self.new.late = settled.join(",");
        over
    }

    async fn insert_step(&self, tx: &mut Tx, late: bool) -> Result<()> {
        let step = OrderStep {
            id: tx.id(),
            order_id: self.new.id,
            org_id: self.new.org_id,
            action: self.action().to_string(),
            from_state: self.old.state.as_str().to_string(),
            to_state: self.new.state.as_str().to_string(),
            at: tx.now(),
            staff_id: tx.staff(),
            staff_name: tx.cx().signature(),
            on_behalf: tx.cx().on_behalf(),
            reason: self.reason.clone(),
            lat: self.place.map(|(lat, _)| lat),
            lon: self.place.map(|(_, lon)| lon),
            late,
        };
        store::insert_step(tx, &step).await
    }

    fn finds_change(&self) -> bool {
        let key = |row: &OrderRow| {
            (
                row.engineer_id,
                row.symptom.clone(),
                row.phone.clone(),
                row.address.clone(),
                row.contact.clone(),
                row.serial.clone(),
            )
        };
        key(&self.old) != key(&self.new)
    }
}

/// What an order is found by.
pub async fn put_search(tx: &mut Tx, row: &OrderRow) -> Result<()> {
    let title = format!("{} {}", row.no, kit::veil::marked(kit::Sens::Name, &row.customer_name));
    let sub = short(&row.symptom, 80);
    let text = [&row.contact, &row.serial, &row.model_name, &row.external_no, &row.symptom]
        .map(String::as_str)
        .join(" ");
    let doc = SearchDoc {
        kind: "order",
        id: row.id,
        org: row.org_id,
        owner: row.engineer_id,
        title: &title,
        sub: &sub,
        text: &text,
        secret: &[(kit::Sens::Phone, &row.phone), (kit::Sens::Address, &row.address)],
    };
    kit::search::put_in(tx, &doc).await
}

/// The answer of a command.
pub fn answer(tx: &Tx, row: &OrderRow, lines: &[LineRow]) -> OrderOut {
    out::order_out(tx.cx(), row, lines)
}

/// Trimmed text of an optional field.
pub fn trimmed(text: Option<&str>) -> String {
    text.map(str::trim).unwrap_or_default().to_string()
}

/// The two steps of verifying, as history and audit call them (CALL-07).
pub const VERIFIED: &[(&str, T)] = &[
    ("verify_dispatcher", T("已与调度核实", "Verified with the dispatcher")),
    ("verify_customer", T("已与客户核实", "Verified with the customer")),
];

/// Label of a move for people.
pub fn move_label(action: &str) -> T {
    match action {
        "create" => T("建单", "Opened"),
        "callback" => T("回访", "Called back"),
        "called" => T("客户又来电", "The customer called again"),
        "verify_dispatcher" => VERIFIED[0].1,
        "verify_customer" => VERIFIED[1].1,
        "import" => T("导入", "Imported"),
        "check_failed" => T("检验不合格，返工", "Failed the check"),
        _ => FLOW.moves.iter().find(|m| m.action == action).map_or(T("变更", "Changed"), |m| m.label),
    }
}
