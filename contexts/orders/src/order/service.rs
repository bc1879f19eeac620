//! Commands on an order up to the end of the work. Completion and what follows is in `finish`.

use kernel::{Date, Id, RuleError, Span, T, Ts};
use kit::{Cx, Result, Tx, timers};
use serde_json::json;

pub use super::create::create;
use super::{
    clocks::{self, ARRIVAL, DISPATCH, FIX, RESPONSE},
    crew,
    input::{
        Arrive, AssignOrder, Consent, EditOrder, Limit, Loaner, Note, Place, Quote, Reason, Verify, Wait,
    },
    job::{Job, answer, trimmed},
    model::{OrderRow, Share, VerifyWith},
    out::{OrderBrief, OrderFull, OrderOut, Revealable, Revealed, order_out},
    picture, rules, store,
};
use crate::{
    flow::{FLOW, State},
    line::{self, model::LineOut},
    perms::{ORDER_CONFIRM, ORDER_EDIT, ORDER_READ, ORDER_REVEAL, ORDER_WORK},
    record::ids_text,
    settings,
};

/// Everything of an order. 404 when it is not the caller's business.
pub async fn get(cx: &Cx, id: Id) -> Result<OrderFull> {
    let mut conn = cx.read().await?;
    let row = store::get_order(&mut conn, id).await?;
    cx.authorize(&ORDER_READ, &row)?;
    let units = store::select_units(&mut conn, id).await?;
    let lines = line::store::select_lines(&mut conn, id).await?;
    let mut steps = store::select_steps(&mut conn, id).await?;
    for step in &mut steps {
        step.reason = cx.lang.of(&step.reason).to_string();
    }
    let engineers = shares_of(&row, store::select_shares(&mut conn, id).await?);
    cx.count(&conn);
    let items = lines.iter().map(|line| LineOut::of(cx.lang, line)).collect();
    Ok(OrderFull { order: order_out(cx, &row, &[]), units, items, steps, engineers })
}

/// Shares with the lead alone at 100 % when nobody helps (PAY-14).
pub fn shares_of(row: &OrderRow, stored: Vec<Share>) -> Vec<Share> {
    match (row.engineer_id, stored.is_empty()) {
        (Some(staff_id), true) => vec![Share { staff_id, share_bp: 10_000, lead: true }],
        _ => stored,
    }
}

/// Somebody takes the order: the response clock is met.
pub async fn accept(cx: &Cx, id: Id, input: Note) -> Result<OrderOut> {
    let mut tx = kit::begin!(cx, "orders.accept", &(id, &input));
    let out = accept_in(&mut tx, id, &input).await?;
    tx.commit(out).await
}

/// The same in the caller's transaction.
pub async fn accept_in(tx: &mut Tx, id: Id, input: &Note) -> Result<OrderOut> {
    let mut job = Job::open(tx, id, "accept", input.version).await?;
    job.new.accepted_at = job.old.accepted_at.or(Some(tx.now()));
    job.clocks.stop = vec![RESPONSE];
    job.reason = trimmed(input.note.as_deref());
    let row = job.save(tx).await?;
    Ok(answer(tx, &row, &[]))
}

/// Missing data was verified with the dispatcher, later with the customer; who and when stays (CALL-07). Errors:
/// `orders.verify_order`, `orders.verified_already` (422).
pub async fn verify(cx: &Cx, id: Id, input: Verify) -> Result<OrderOut> {
    let mut tx = kit::begin!(cx, "orders.verify", &(id, &input));
    let mut job = Job::open(&mut tx, id, "verify", input.version).await?;
    rules::check_verify(&job.old, input.with)?;
    let (at, by) = (Some(tx.now()), cx.signature());
    let new = &mut job.new;
    match input.with {
        VerifyWith::Dispatcher => {
            (new.dispatch_verified_at, new.dispatch_verified_by) = (at, by);
            job.called = Some("verify_dispatcher");
        }
        VerifyWith::Customer => {
            (new.customer_verified_at, new.customer_verified_by) = (at, by);
            job.called = Some("verify_customer");
        }
    }
    job.reason = trimmed(input.note.as_deref());
    let row = job.save(&mut tx).await?;
    let out = answer(&tx, &row, &[]);
    tx.commit(out).await
}

/// Names the engineer and the appointment, in the transaction of dispatch, whose guard refuses clashes; again
/// with a reason, all promises kept (WO-44). Errors: `orders.incomplete`, `orders.engineer`, `orders.shares`,
/// `orders.reason`, `orders.appointment` (422); wrong state or version (409).
pub async fn assign_in(tx: &mut Tx, id: Id, input: &AssignOrder) -> Result<OrderOut> {
    let cx = tx.cx().clone();
    let mut job = Job::open(tx, id, "assign", input.version).await?;
    let must_verify: bool = cx.setting(&settings::VERIFY, job.old.org_id).await?;
    rules::check_assign(&job.old, input, must_verify)?;
    let (name, helpers) = crew::engineers(tx, &job.old, input).await?;
    let now = tx.now();
    let new = &mut job.new;
    (new.engineer_id, new.engineer_name) = (Some(input.engineer_id), name);
    new.outlet_id = input.outlet_id.or(new.outlet_id);
    if input.appointment_from.is_some() {
        (new.appoint_from, new.appoint_to) = (input.appointment_from, input.appointment_to);
    }
    new.accepted_at.get_or_insert(now);
    new.scheduled_at.get_or_insert(now);
    new.helpers = ids_text(&helpers)?;
    if job.new.helpers != job.old.helpers || !input.helpers.is_empty() {
        store::replace_shares(tx, id, &crew::shares(input)).await?;
    }
    job.clocks.stop = vec![RESPONSE, DISPATCH];
    job.reason = trimmed(input.reason.as_deref());
    let changed = job.old.engineer_id != Some(input.engineer_id);
    let sent = job.step.to == State::Scheduled.as_str();
    let news = changed || job.old.state != State::Scheduled;
    let before = job.old.engineer_id.filter(|_| changed);
    // In the middle of the work what was taken out is with the unit; what is still planned comes from the new van.
    let lines = if sent || changed {
        line::supply::dispatch_in(tx, &job.new, before.filter(|_| sent), news).await?
    } else {
        Vec::new()
    };
    let row = job.save(tx).await?;
    if changed {
        crew::tell_assigned_in(tx, before, &row).await?;
    } else {
        kit::guarded(tx, "order", id, "appointment").await?;
    }
    Ok(answer(tx, &row, &lines))
}

/// The engineer sets out.
pub async fn depart(cx: &Cx, id: Id, input: Place) -> Result<OrderOut> {
    let mut tx = kit::begin!(cx, "orders.depart", &(id, &input));
    let mut job = Job::open(&mut tx, id, "depart", input.version).await?;
    job.new.departed_at = Some(tx.now());
    job.place = place(input.lat, input.lng)?;
    job.reason = trimmed(input.note.as_deref());
    let row = job.save(&mut tx).await?;
    let out = answer(&tx, &row, &[]);
    tx.commit(out).await
}

/// The engineer is there: time, place, picture of the surroundings (WO-43).
pub async fn arrive(cx: &Cx, id: Id, input: Arrive) -> Result<OrderOut> {
    let photo = match &input.photo {
        Some(text) => Some(picture::store(cx, id, &ORDER_WORK, text, "arrival", "photo").await?),
        None => None,
    };
    let mut tx = kit::begin!(cx, "orders.arrive", &(id, &input));
    let mut job = Job::open(&mut tx, id, "arrive", input.version).await?;
    job.new.arrived_at = Some(tx.now());
    job.place = place(input.lat, input.lng)?;
    job.clocks.stop = vec![ARRIVAL];
    job.reason = trimmed(input.note.as_deref());
    if let Some(photo) = &photo {
        kit::attachments::insert_in(&mut tx, photo).await?;
    }
    let row = job.save(&mut tx).await?;
    let out = answer(&tx, &row, &[]);
    tx.commit(out).await
}

/// Work begins. Refused while the order is over its quote (SHOP-18).
pub async fn start(cx: &Cx, id: Id, input: Place) -> Result<OrderOut> {
    let mut tx = kit::begin!(cx, "orders.start", &(id, &input));
    let out = start_in(&mut tx, id, &input).await?;
    tx.commit(out).await
}

/// The same in the caller's transaction.
pub async fn start_in(tx: &mut Tx, id: Id, input: &Place) -> Result<OrderOut> {
    let mut job = Job::open(tx, id, "start", input.version).await?;
    rules::check_quote(&job.old)?;
    job.new.started_at = job.old.started_at.or(Some(tx.now()));
    job.place = place(input.lat, input.lng)?;
    job.reason = trimmed(input.note.as_deref());
    if !job.old.mode.travels() {
        job.clocks.stop = vec![RESPONSE];
    }
    let row = job.save(tx).await?;
    Ok(answer(tx, &row, &[]))
}

/// Work stops for a coded reason; all clocks stand still (WO-14). Continuous work is handed over (WO-15).
pub async fn wait(cx: &Cx, id: Id, input: Wait) -> Result<OrderOut> {
    let mut tx = kit::begin!(cx, "orders.wait", &(id, &input));
    let out = wait_in(&mut tx, id, &input).await?;
    tx.commit(out).await
}

/// The same in the caller's transaction.
pub async fn wait_in(tx: &mut Tx, id: Id, input: &Wait) -> Result<OrderOut> {
    let mut job = Job::open(tx, id, "wait", input.version).await?;
    rules::check_wait(&job.old, input)?;
    job.new.waiting = input.reason.as_str().to_string();
    if let Some(next) = input.hand_over_to {
        crew::hand_over_in(tx, &mut job, next).await?;
    }
    job.clocks.pause = Some(input.reason.as_str());
    job.reason = trimmed(input.note.as_deref());
    let old = job.old.engineer_id;
    let row = job.save(tx).await?;
    if row.engineer_id != old {
        crew::tell_assigned_in(tx, old, &row).await?;
    }
    Ok(answer(tx, &row, &[]))
}

/// The order goes on from where it stood before it waited, and the clocks with it. Refused while it is over its quote.
pub async fn resume(cx: &Cx, id: Id, input: Note) -> Result<OrderOut> {
    let mut tx = kit::begin!(cx, "orders.resume", &(id, &input));
    let out = resume_in(&mut tx, id, &input).await?;
    tx.commit(out).await
}

/// The same in the caller's transaction.
pub async fn resume_in(tx: &mut Tx, id: Id, input: &Note) -> Result<OrderOut> {
    let mut job = Job::open(tx, id, "resume", input.version).await?;
    rules::check_quote(&job.old)?;
    go_on(tx, &mut job).await?;
    job.reason = trimmed(input.note.as_deref());
    let row = job.save(tx).await?;
    Ok(answer(tx, &row, &[]))
}

/// From where it stood before it waited.
async fn go_on(tx: &mut Tx, job: &mut Job) -> Result<()> {
    let back = rules::waited_from(&store::select_steps(tx, job.old.id).await?);
    let step = FLOW.moves.iter().find(|m| m.action == "resume" && m.to == back.as_str());
    job.step = step.unwrap_or(job.step);
    job.new.waiting = String::new();
    if back == State::InProgress {
        job.new.started_at = job.old.started_at.or(Some(tx.now()));
    }
    job.clocks.resume = true;
    Ok(())
}

/// The unit goes to its maker, in the transaction of whoever sends it and with that one's permission: the order waits,
/// its clocks stand still. What waits for something else waits for the maker from now on.
pub async fn to_maker_in(tx: &mut Tx, id: Id, maker: &str) -> Result<()> {
    let waits = store::lock_order(tx, id).await?.state == State::Waiting;
    if waits {
        from_maker_in(tx, id, "").await?;
    }
    let mut job = Job::open_by(tx, id, "wait", None, false).await?;
    job.new.waiting = super::model::Waiting::Factory.as_str().to_string();
    job.clocks.pause = Some(super::model::Waiting::Factory.as_str());
    job.reason = trimmed(Some(maker));
    job.save(tx).await.map(drop)
}

/// It is back: the order goes on from where it stood, and the clocks with it.
pub async fn from_maker_in(tx: &mut Tx, id: Id, note: &str) -> Result<()> {
    let mut job = Job::open_by(tx, id, "resume", None, false).await?;
    go_on(tx, &mut job).await?;
    job.reason = trimmed(Some(note));
    job.save(tx).await.map(drop)
}

/// What the customer is told it will cost.
pub async fn quote(cx: &Cx, id: Id, input: Quote) -> Result<OrderOut> {
    let mut tx = kit::begin!(cx, "orders.quote", &(id, &input));
    let mut job = Job::open(&mut tx, id, "quote", input.version).await?;
    let total = input.total.unwrap_or(job.old.payable);
    line::rules::check_price(total).map_err(|e| e.field("total"))?;
    (job.new.quote_total, job.new.quoted_at) = (Some(total), Some(tx.now()));
    job.reason = trimmed(input.note.as_deref());
    let row = job.save(&mut tx).await?;
    let out = answer(&tx, &row, &[]);
    tx.commit(out).await
}

/// The customer agreed, up to an amount: the over-quote stop is off (SHOP-18).
pub async fn consent(cx: &Cx, id: Id, input: Consent) -> Result<OrderOut> {
    let mut tx = kit::begin!(cx, "orders.consent", &(id, &input));
    let out = consent_in(&mut tx, id, &input).await?;
    tx.commit(out).await
}

/// The same in the caller's transaction.
pub async fn consent_in(tx: &mut Tx, id: Id, input: &Consent) -> Result<OrderOut> {
    consent_by(tx, id, input, true).await
}

/// The same; `own` false: another context asked the customer and has checked its own permission on the order.
pub async fn consent_by(tx: &mut Tx, id: Id, input: &Consent, own: bool) -> Result<OrderOut> {
    let mut job = Job::open_by(tx, id, "consent", input.version, own).await?;
    let by = trimmed(Some(&input.by));
    if by.is_empty() || by.chars().count() > rules::SHORT {
        return Err(RuleError::new("orders.consent_by", T("请填写同意人", "Say who agreed"))
            .field("by")
            .into());
    }
    let total = input.total.or(job.old.quote_total).unwrap_or(job.old.payable);
    line::rules::check_price(total).map_err(|e| e.field("total"))?;
    job.new.consent_total = Some(total);
    (job.new.consent_at, job.new.consent_by) = (Some(tx.now()), by);
    job.reason = trimmed(input.note.as_deref());
    let row = job.save(tx).await?;
    Ok(answer(tx, &row, &[]))
}

/// Changes the head; fees follow when kind, mode, urgency or warranty class change (WO-39, WO-48).
pub async fn edit(cx: &Cx, id: Id, input: EditOrder) -> Result<OrderOut> {
    let mut tx = kit::begin!(cx, "orders.edit", &(id, &input));
    let out = edit_in(&mut tx, id, &input).await?;
    tx.commit(out).await
}

/// The same in the caller's transaction.
pub async fn edit_in(tx: &mut Tx, id: Id, input: &EditOrder) -> Result<OrderOut> {
    let cx = tx.cx().clone();
    let mut job = Job::open(tx, id, "edit", input.version).await?;
    overlay(&mut job.new, &unmasked(&cx, &job.old, input.clone())?);
    rules::check_head(&job.new)?;
    if job.new.kind != job.old.kind {
        pricing::api::active_work_kind(tx, &job.new.kind).await?;
        store::update_unit_kinds(tx, id, &job.old.kind, &job.new.kind).await?;
    }
    if input.warranty_by_decision == Some(true) && job.new.warranty_set {
        job.new.warranty_set = false;
        job.new.warranty = rules::class_of(&store::select_units(tx, id).await?);
    }
    let still: Vec<&str> =
        job.old.missing.split(',').filter(|m| matches!(*m, "model" | "purchase_date")).collect();
    let bought = !still.contains(&"purchase_date");
    job.new.missing = rules::missing(&job.new, bought).join(",");
    let lines = line::service::renew_fees(tx, &mut job.new).await?.unwrap_or_default();
    if let Some(day) = job.new.pickup_on.filter(|_| job.new.pickup_on != job.old.pickup_on) {
        job.clocks.stop = vec![clocks::PICKUP];
        let now = tx.now();
        job.clocks.start = vec![pickup_clock(&cx.zone_of(job.new.org_id), day, now)];
    }
    let moved = (job.new.appoint_from, job.new.appoint_to) != (job.old.appoint_from, job.old.appoint_to);
    let row = job.save(tx).await?;
    if moved && row.engineer_id.is_some() {
        kit::guarded(tx, "order", id, "appointment").await?;
    }
    Ok(answer(tx, &row, &lines))
}

/// A form shows phone and address masked; sent back like that they mean "unchanged" (ORG-11).
fn unmasked(cx: &Cx, row: &OrderRow, mut input: EditOrder) -> Result<EditOrder> {
    let EditOrder { phone, address, .. } = &mut input;
    for (kind, field, old, new) in [
        (kit::Sens::Phone, "phone", &row.phone, phone),
        (kit::Sens::Address, "address", &row.address, address),
    ] {
        *new = cx.said(kind, field, old, new.take())?;
    }
    Ok(input)
}

/// Shows phone or address in full and records who asked (ORG-11). The value is not the command's output: it must
/// not be kept under an idempotency key.
pub async fn reveal(cx: &Cx, id: Id, field: Revealable) -> Result<Revealed> {
    cx.require(&ORDER_REVEAL)?;
    let mut conn = cx.read().await?;
    let row = store::get_order(&mut conn, id).await?;
    drop(conn);
    cx.authorize(&ORDER_REVEAL, &row)?;
    log_reveal(cx, &row, field).await?;
    let secret = if field == Revealable::Phone { row.phone() } else { row.address() };
    Ok(Revealed { value: secret.expose().to_string(), masked: secret.at(kit::Show::Masked) })
}

async fn log_reveal(cx: &Cx, row: &OrderRow, field: Revealable) -> Result<()> {
    let mut tx = kit::begin!(cx, "orders.reveal", &(row.id, field));
    tx.log(row.doc(), "revealed", json!({ "field": field }));
    tx.commit(()).await
}

fn overlay(row: &mut OrderRow, input: &EditOrder) {
    let texts = [
        (&mut row.contact, &input.contact),
        (&mut row.phone, &input.phone),
        (&mut row.address, &input.address),
        (&mut row.region, &input.region),
        (&mut row.kind, &input.kind),
        (&mut row.symptom, &input.symptom),
        (&mut row.demand, &input.demand),
        (&mut row.remark, &input.remark),
    ];
    for (target, given) in texts {
        if let Some(text) = given {
            *target = text.trim().to_string();
        }
    }
    row.mode = input.mode.unwrap_or(row.mode);
    if let Some(class) = input.warranty.filter(|class| *class != row.warranty) {
        (row.warranty, row.warranty_set) = (class, true);
    }
    row.priority = input.priority.unwrap_or(row.priority);
    row.urgent = input.urgent.unwrap_or(row.urgent);
    row.continuous = input.continuous.unwrap_or(row.continuous);
    row.hard = input.hard.unwrap_or(row.hard);
    row.quote_limit = input.over_quote_limit.or(row.quote_limit);
    row.pickup_on = input.pickup_on.or(row.pickup_on);
    if input.appointment_from.is_some() {
        (row.appoint_from, row.appoint_to) = (input.appointment_from, input.appointment_to);
    }
}

/// The clock of a promised pick-up day: until the end of that day where the order is.
pub fn pickup_clock(zone: &kernel::Tz, day: Date, now: Ts) -> (&'static str, Span, Ts) {
    let end = Ts::at_local(day, 24 * 60 - 1, zone);
    (clocks::PICKUP, Span::Hours(end.mins_since(now).max(0)), now)
}

/// A separately agreed repair limit (WO-13).
pub async fn limit(cx: &Cx, id: Id, input: Limit) -> Result<OrderOut> {
    let span = timers::parse_span(&input.span).map_err(|e| e.field("span"))?;
    let mut tx = kit::begin!(cx, "orders.limit", &(id, &input));
    let mut job = Job::open(&mut tx, id, "limit", input.version).await?;
    job.reason = rules::need_reason(Some(&input.reason))?;
    job.detail.push(("limit", json!(input.span)));
    job.clocks.stop = vec![FIX];
    let now = tx.now();
    job.clocks.start = vec![(FIX, span, now)];
    let row = job.save(&mut tx).await?;
    let out = answer(&tx, &row, &[]);
    tx.commit(out).await
}

/// A loaner was given, or refused (WO-12).
pub async fn loaner(cx: &Cx, id: Id, input: Loaner) -> Result<OrderOut> {
    let mut tx = kit::begin!(cx, "orders.loaner", &(id, &input));
    let mut job = Job::open(&mut tx, id, "loaner", input.version).await?;
    job.reason = rules::need_reason(Some(&input.note)).map_err(|e| e.field("note"))?;
    job.new.loaner = if input.given { "given" } else { "refused" }.to_string();
    let row = job.save(&mut tx).await?;
    let out = answer(&tx, &row, &[]);
    tx.commit(out).await
}

/// An order ends without completion: parts go back, clocks end.
async fn stop(cx: &Cx, id: Id, action: &'static str, input: Reason) -> Result<OrderOut> {
    let mut tx = kit::begin!(cx, "orders.stop", &(id, action, &input));
    let out = stop_in(&mut tx, id, action, &input).await?;
    tx.commit(out).await
}

/// The same in the caller's transaction; `action`: `cancel`, `terminate` or `return`.
pub async fn stop_in(tx: &mut Tx, id: Id, action: &'static str, input: &Reason) -> Result<OrderOut> {
    stop_at(tx, id, action, input, false).await
}

async fn stop_at(
    tx: &mut Tx,
    id: Id,
    action: &'static str,
    input: &Reason,
    in_shop: bool,
) -> Result<OrderOut> {
    let mut job = Job::open(tx, id, action, input.version).await?;
    job.handed_over = in_shop;
    if action == "cancel" {
        rules::check_cancel(&job.old)?;
    }
    job.reason = rules::need_reason(Some(&input.reason))?;
    line::service::give_back_all(tx, &mut job.new, action == "cancel").await?;
    job.new.waiting = String::new();
    job.new.closed_at = Some(tx.now());
    job.clocks.cancel = true;
    take_back_repeat(tx, &mut job.new).await?;
    let row = job.save(tx).await?;
    tx.emit(&contracts::OrderStopped {
        order_id: row.id,
        no: row.no.clone(),
        org_id: row.org_id,
        reason: input.reason.trim().to_string(),
        at: tx.now(),
    })?;
    Ok(answer(tx, &row, &[]))
}

/// An order that ends before anybody worked on it was no repeat repair, and the one before it held (WO-45).
async fn take_back_repeat(tx: &mut Tx, order: &mut OrderRow) -> Result<()> {
    let Some(last) = order.repeat_of.filter(|_| rules::never_begun(order)) else { return Ok(()) };
    let last = store::get_order(tx, last).await?;
    let failed = (last.failed_fixes - 1).max(0);
    let class = rules::fix_class(last.done_at.is_some(), failed, last.repeat_round);
    store::take_back_failed_fix(tx, &last, class).await?;
    (order.repeat_of, order.repeat_round) = (None, 0);
    Ok(())
}

/// Broken off by the workshop before work began, as [`give_back_in`].
pub async fn terminate_in(tx: &mut Tx, id: Id, input: &Reason) -> Result<OrderOut> {
    stop_at(tx, id, "terminate", input, true).await
}

/// Given back without repair by the workshop, in its transaction: what is asked when the customer fetches the unit is
/// asked there.
pub async fn give_back_in(tx: &mut Tx, id: Id, input: &Reason) -> Result<OrderOut> {
    stop_at(tx, id, "return", input, true).await
}

/// Dropped before work began.
pub async fn cancel(cx: &Cx, id: Id, input: Reason) -> Result<OrderOut> {
    stop(cx, id, "cancel", input).await
}

/// Broken off.
pub async fn terminate(cx: &Cx, id: Id, input: Reason) -> Result<OrderOut> {
    stop(cx, id, "terminate", input).await
}

/// Given back without repair.
pub async fn give_back(cx: &Cx, id: Id, input: Reason) -> Result<OrderOut> {
    stop(cx, id, "return", input).await
}

/// Degrees as millionths. Errors: `orders.place`.
pub fn place(lat: Option<f64>, lng: Option<f64>) -> Result<Option<(i64, i64)>, RuleError> {
    let (Some(lat), Some(lng)) = (lat, lng) else { return Ok(None) };
    if !(-90.0..=90.0).contains(&lat) || !(-180.0..=180.0).contains(&lng) {
        return Err(RuleError::new("orders.place", T("坐标超出范围", "The coordinates are out of range"))
            .field("lat"));
    }
    Ok(Some(((lat * 1e6).round() as i64, (lng * 1e6).round() as i64)))
}

/// Where documents of this kind ask who may see them.
pub async fn brief_for(cx: &Cx, conn: &mut db::Conn, id: Id, write: bool) -> Result<kit::DocBrief> {
    let row = store::get_order(conn, id).await?;
    if write {
        // Whoever works on it, keeps its data or calls the customer back may add files and notes.
        let allowed = [&ORDER_WORK, &ORDER_EDIT, &ORDER_CONFIRM]
            .into_iter()
            .any(|perm| cx.authorize(perm, &row).is_ok());
        if !allowed {
            cx.authorize(&ORDER_WORK, &row)?;
        }
    } else {
        cx.authorize(&ORDER_READ, &row)?;
    }
    let title = format!("{} {}", row.no, row.customer_name);
    Ok(kit::DocBrief { doc: row.doc(), org: row.org_id, title })
}

/// An order for contexts above; no permission is checked.
pub async fn brief(conn: &mut db::Conn, id: Id) -> Result<OrderBrief> {
    Ok(store::get_order(conn, id).await?.into())
}
