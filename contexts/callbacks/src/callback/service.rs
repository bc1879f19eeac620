//! Planning callbacks and recording what customers say.

use db::Conn;
use kernel::{Id, T, Ts};
use kit::{
    Cx, DocRef, Error, Result, Tx, begin,
    notify::{Notice, tell_in},
    numbering::Number,
    timers::{self, NewTimer, parse_span},
};

use super::{
    model::{
        CallbackKind, CallbackOut, CallbackRow, CallbackState, PlanCallback, Rating, RecordAttempt,
        RecordResult,
    },
    rules, store,
};
use crate::{
    perms::{CALLBACK_READ, CALLBACK_WRITE},
    settings::{self, DUE_AFTER, FIRST_AFTER, PHONE_ADVICE_AFTER, Question, SAMPLE_PERCENT, SELF_RATING},
};

/// Prefix of callback numbers.
pub const NUMBER: &str = "CB";
/// Clock until a first callback is made from a completed order.
pub const FIRST_TIMER: &str = "callbacks.first";
/// Clock until a call after phone advice is made.
pub const ADVICE_TIMER: &str = "callbacks.phone_advice";
/// Clock of a planned call.
pub const DUE_TIMER: &str = "callbacks.due";

/// A callback as the caller sees it.
pub fn out(row: &CallbackRow, order_state: Option<String>) -> CallbackOut {
    CallbackOut {
        id: row.id,
        no: row.no.clone(),
        version: row.version,
        kind: row.kind,
        state: row.state,
        customer_id: row.customer_id,
        order_id: row.order_id,
        order_no: row.order_no.clone(),
        request_id: row.request_id,
        planned_at: row.planned_at,
        attempts: row.attempts,
        called_at: row.called_at,
        class: row.class,
        quality: row.quality,
        attitude: row.attitude,
        answers: row.answers(),
        suggestion: row.suggestion.clone(),
        demand: row.demand.clone(),
        new_need: row.new_need.clone(),
        proposal: row.proposal.clone(),
        note: row.note.clone(),
        clerk_id: row.clerk_id,
        self_rated_at: row.self_rated_at,
        order_state,
    }
}

pub(super) fn doc(row: &CallbackRow) -> DocRef {
    DocRef::new("callback", row.id, &row.no)
}

/// A callback that the caller may see.
pub async fn get_callback(cx: &Cx, conn: &mut Conn, id: Id) -> Result<CallbackRow> {
    cx.require(&CALLBACK_READ)?;
    let row = store::get_callback(conn, id).await?;
    cx.authorize(&CALLBACK_READ, &row)?;
    Ok(row)
}

/// Calls about an order that the caller may see.
pub async fn of_order(cx: &Cx, order: Id) -> Result<Vec<CallbackOut>> {
    let scope = cx.scope(&CALLBACK_READ)?;
    let mut conn = cx.read().await?;
    let rows = store::select_of_order(&mut conn, order).await?;
    cx.count(&conn);
    Ok(rows.iter().filter(|row| scope.covers(row.org_id, &[])).map(|row| out(row, None)).collect())
}

/// What a new call is about.
struct Subject {
    kind: CallbackKind,
    org: Id,
    customer: Id,
    order: Option<(Id, String)>,
    request: Option<Id>,
}

/// Makes a planned call, or returns the open one about the same thing (PLAT-19: a trigger that fires twice
/// makes one call). `planned` is moved into the customer's convenient hours.
async fn plan_in(
    tx: &mut Tx,
    no: Number,
    subject: Subject,
    planned: Ts,
    due_span: &str,
) -> Result<CallbackRow> {
    let order_id = subject.order.as_ref().map(|(id, _)| *id);
    if let Some(open) = store::find_open(tx, order_id, subject.request).await? {
        return Ok(open);
    }
    let customer = customers::api::brief(tx, subject.customer).await?;
    let zone = tx.cx().zone_of(subject.org);
    let now = tx.now();
    let row = CallbackRow {
        id: tx.id(),
        no: no.take(tx, subject.org).await?,
        version: 1,
        kind: subject.kind,
        org_id: subject.org,
        customer_id: subject.customer,
        order_id,
        order_no: subject.order.map(|(_, no)| no).unwrap_or_default(),
        request_id: subject.request,
        state: CallbackState::Planned,
        planned_at: rules::convenient(planned, &customer.call_time, &zone),
        clerk_id: None,
        attempts: 0,
        last_attempt_at: None,
        called_at: None,
        class: None,
        quality: None,
        attitude: None,
        answers: "[]".into(),
        suggestion: String::new(),
        demand: String::new(),
        new_need: String::new(),
        proposal: String::new(),
        note: String::new(),
        self_rated_at: None,
        created_at: now,
        updated_at: now,
    };
    store::insert_callback(tx, &row).await?;
    tx.created(doc(&row), &row)?;
    let timer = NewTimer {
        doc: &doc(&row),
        org: row.org_id,
        kind: DUE_TIMER,
        span: parse_span(due_span)?,
        start: row.planned_at,
        warn_percent: 0,
    };
    timers::start_in(tx, &[timer]).await?;
    Ok(row)
}

/// Plans a call about an order by hand: before the clock does, or once more.
pub async fn plan_callback(cx: &Cx, order_id: Id, input: PlanCallback) -> Result<CallbackOut> {
    cx.require(&CALLBACK_WRITE)?;
    let no = cx.number(NUMBER).await?;
    let mut tx = begin!(cx, "callbacks.plan", &(order_id, &input));
    let order = orders::api::brief(&mut tx, order_id).await?;
    tx.authorize(&CALLBACK_WRITE, &order)?;
    if !rules::callable(order.state) {
        return Err(Error::Conflict(rules::not_done()));
    }
    let due: String = cx.setting(&DUE_AFTER, order.org_id).await?;
    let subject = Subject {
        kind: input.kind.unwrap_or(CallbackKind::First),
        org: order.org_id,
        customer: order.customer_id,
        order: Some((order.id, order.no.clone())),
        request: None,
    };
    let planned = input.planned_at.unwrap_or(tx.now());
    let row = plan_in(&mut tx, no, subject, planned, &due).await?;
    // A call that is planned by hand replaces the one the clock would make.
    timers::stop_in(&mut tx, order_id, &[FIRST_TIMER]).await?;
    tx.commit(out(&row, Some(order.state.as_str().to_string()))).await
}

/// Starts the clock of the first callback of a completed order, if it is sampled (CB-02, CB-03).
pub async fn start_first_clock(cx: &Cx, event: &contracts::OrderCompleted) -> Result<()> {
    let after: String = cx.setting(&FIRST_AFTER, event.org_id).await?;
    let percent: i64 = cx.setting(&SAMPLE_PERCENT, event.org_id).await?;
    let mut tx = begin!(cx, "callbacks.start_clock", &event.order_id);
    // Who is always called need not be counted.
    if percent >= 100 || rules::sampled(store::next_candidate(&mut tx, event.org_id).await? - 1, percent) {
        let order = DocRef::new("order", event.order_id, &event.no);
        let timer = NewTimer {
            doc: &order,
            org: event.org_id,
            kind: FIRST_TIMER,
            span: parse_span(&after)?,
            start: event.at,
            warn_percent: 0,
        };
        timers::start_in(&mut tx, &[timer]).await?;
    }
    tx.commit(()).await
}

/// Plans the first callback of an order, due by the company's time.
pub(super) async fn plan_first_in(tx: &mut Tx, brief: &orders::api::OrderBrief) -> Result<CallbackRow> {
    let due: String = tx.cx().clone().setting(&DUE_AFTER, brief.org_id).await?;
    let subject = Subject {
        kind: CallbackKind::First,
        org: brief.org_id,
        customer: brief.customer_id,
        order: Some((brief.id, brief.no.clone())),
        request: None,
    };
    let now = tx.now();
    plan_in(tx, Number::late(NUMBER), subject, now, &due).await
}

/// Starts the two-hour clock after advice on the phone (CALL-11).
pub async fn start_advice_clock(cx: &Cx, event: &contracts::RequestSolvedByPhone) -> Result<()> {
    let after: String = cx.setting(&PHONE_ADVICE_AFTER, event.org_id).await?;
    let mut tx = begin!(cx, "callbacks.start_clock", &event.request_id);
    let request = DocRef::new("request", event.request_id, "");
    let timer = NewTimer {
        doc: &request,
        org: event.org_id,
        kind: ADVICE_TIMER,
        span: parse_span(&after)?,
        start: event.at,
        warn_percent: 0,
    };
    timers::start_in(&mut tx, &[timer]).await?;
    // Who to call stands in the event only; the clock carries it in its document's line.
    store::insert_advice(&mut tx, event.request_id, event.customer_id).await?;
    tx.commit(()).await
}

/// The clock ran out: the call is made and the clerks hear of it.
pub async fn clock_fired(tx: &mut Tx, fired: &timers::Fired) -> Result<()> {
    if !fired.over {
        return Ok(());
    }
    let timer = &fired.timer;
    let now = tx.now();
    let subject = if timer.kind == ADVICE_TIMER {
        let Some(customer) = store::find_advice(tx, timer.doc_id).await? else { return Ok(()) };
        let request = Some(timer.doc_id);
        Subject { kind: CallbackKind::PhoneAdvice, org: timer.org_id, customer, order: None, request }
    } else {
        let order = orders::api::brief(tx, timer.doc_id).await?;
        if !rules::callable(order.state) {
            // It went back or was stopped meanwhile; the next completion starts the clock again.
            return timers::stop_in(tx, timer.doc_id, &[FIRST_TIMER]).await;
        }
        let about = Some((order.id, order.no));
        Subject {
            kind: CallbackKind::First,
            org: order.org_id,
            customer: order.customer_id,
            order: about,
            request: None,
        }
    };
    let cx = tx.cx().clone();
    let due: String = cx.setting(&DUE_AFTER, timer.org_id).await?;
    let row = plan_in(tx, Number::late(NUMBER), subject, now, &due).await?;
    timers::stop_in(tx, timer.doc_id, &[FIRST_TIMER, ADVICE_TIMER]).await?;
    notify_clerks(tx, &row, T("有新的回访", "A customer is to be called back")).await
}

/// A planned call was not made in time (CB-08: the head hears of it).
pub async fn overdue(tx: &mut Tx, fired: &timers::Fired) -> Result<()> {
    let row = store::get_callback(tx, fired.timer.doc_id).await?;
    if fired.over && row.state == CallbackState::Planned {
        notify_clerks(tx, &row, T("回访已超时", "A callback is overdue")).await?;
    }
    Ok(())
}

/// The order ended without its work: there is nothing to ask about, and nobody has to call.
pub async fn drop_of_order(tx: &mut Tx, event: &contracts::OrderStopped) -> Result<()> {
    timers::stop_in(tx, event.order_id, &[FIRST_TIMER]).await?;
    drop_open_in(tx, event.order_id, &event.reason).await
}

/// Nobody has to make the call that is planned about an order, for this reason.
pub(super) async fn drop_open_in(tx: &mut Tx, order: Id, reason: &str) -> Result<()> {
    let Some(old) = store::find_open(tx, Some(order), None).await? else { return Ok(()) };
    let new = rules::dropped(&old, reason, tx.now());
    store::update_callback(tx, &new).await?;
    timers::cancel_in(tx, new.id).await?;
    tx.changed(doc(&new), &old, &new)
}

async fn notify_clerks(tx: &mut Tx, row: &CallbackRow, title: T) -> Result<()> {
    let users = org::api::users_with(tx, CALLBACK_WRITE.key, row.org_id).await?;
    let href = format!("/callbacks/{}", row.id);
    let title = T::both(&format!("{} {}", title.0, row.no), &format!("{} {}", title.1, row.no));
    tell_in(tx, &Notice { users: &users, title: &title, detail: &row.order_no, href: &href, mail: false })
        .await
}

/// Records a call that reached nobody.
pub async fn record_attempt(cx: &Cx, id: Id, input: RecordAttempt) -> Result<CallbackOut> {
    let mut tx = begin!(cx, "callbacks.attempt", &(id, &input));
    let old = store::get_callback(&mut tx, id).await?;
    tx.authorize(&CALLBACK_WRITE, &old)?;
    let new = rules::record_attempt(&old, &input, tx.now())?;
    store::update_callback(&mut tx, &new).await?;
    tx.changed(doc(&new), &old, &new)?;
    tx.commit(out(&new, None)).await
}

/// The questions of a call, by its kind and the kind of work it is about.
pub async fn questions_of(conn: &mut Conn, cx: &Cx, row: &CallbackRow) -> Result<Vec<Question>> {
    let work = match row.order_id {
        Some(order) => orders::api::brief(conn, order).await?.kind,
        None => String::new(),
    };
    settings::questions(cx, row.org_id, row.kind.as_str(), &work).await
}

/// Records a result. "Satisfied" lets the order go to the audit; anything else sends it back (CB-09).
pub async fn record_result(cx: &Cx, id: Id, input: RecordResult) -> Result<CallbackOut> {
    let mut tx = begin!(cx, "callbacks.result", &(id, &input));
    let old = store::get_callback(&mut tx, id).await?;
    tx.authorize(&CALLBACK_WRITE, &old)?;
    // Without answers nobody needs to know what was to be asked.
    let asked = if input.answers.is_empty() { Vec::new() } else { questions_of(&mut tx, cx, &old).await? };
    let mut new = rules::record_result(&old, &input, &asked, tx.now())?;
    new.clerk_id = cx.actor()?.staff;
    let order_state = result_in(&mut tx, &old, &new, input.class).await?;
    if let Some(request_id) = new.request_id {
        // The desk hears of it: advice that did not help leads to a visit (CALL-09, CALL-11).
        tx.emit(&contracts::AdviceFollowedUp {
            request_id,
            callback_id: id,
            remains: input.class.sends_back(),
            said: rules::words(&new),
            at: tx.now(),
        })?;
    }
    let answer = out(&new, order_state);
    tx.commit(answer).await
}

/// Stores a result; the state of the order after it.
async fn result_in(
    tx: &mut Tx,
    old: &CallbackRow,
    new: &CallbackRow,
    class: super::model::ResultClass,
) -> Result<Option<String>> {
    store::update_callback(tx, new).await?;
    timers::stop_in(tx, new.id, &[DUE_TIMER]).await?;
    tx.changed(doc(new), old, new)?;
    let Some(order) = new.order_id else { return Ok(None) };
    learn(tx, order, new).await?;
    let state = orders::api::callback_said_in(tx, order, class.as_str(), &rules::words(new)).await?;
    tx.emit(&contracts::CallbackResulted {
        callback_id: new.id,
        order_id: order,
        class: class.as_str().to_string(),
        sent_back: state == orders::api::State::Reopened,
        said: rules::words(new),
        at: tx.now(),
    })?;
    Ok(Some(state.as_str().to_string()))
}

/// What was said is known to the process of the order too: nobody is asked twice.
async fn learn(tx: &mut Tx, order: Id, row: &CallbackRow) -> Result<()> {
    let text = |text: &str| serde_json::Value::from(text);
    let said = row.answers().into_iter().map(|answer| (answer.question, text(&answer.value)));
    let marks = [("quality", row.quality), ("attitude", row.attitude)];
    let marks = marks.into_iter().filter_map(|(key, mark)| Some((key.to_string(), mark?.into())));
    let answers = said.chain(marks).map(|(key, value)| (format!("answers.{key}"), value));
    let facts = answers.chain([("suggestion".to_string(), text(&row.suggestion))]).collect();
    orders::api::learn_in(tx, order, &facts).await
}

/// What the customer said about the last round of work, on the order's own page or when called.
pub async fn said_of_order(conn: &mut Conn, order: Id, done_at: Ts) -> Result<Option<CallbackRow>> {
    let rows = store::select_of_order(conn, order).await?;
    let said = |row: &CallbackRow| row.self_rated_at.or(row.called_at).is_some_and(|at| at >= done_at);
    Ok(rows.into_iter().rev().find(said))
}

/// A rating by the customer, in the transaction of the order's page, which knows that it is the customer. Content ends
/// the callback (unless the company calls everybody); anything else makes it due now and the clerks hear of it.
///
/// Errors: those of [`rules::rate`]; `callbacks.rated` when the customer has been asked already; `callbacks.not_done`.
pub async fn rate_in(tx: &mut Tx, order: Id, done_at: Option<Ts>, input: &Rating) -> Result<CallbackRow> {
    let refused = |code, text| Error::from(kernel::RuleError::new(code, text));
    let brief = orders::api::brief(tx, order).await?;
    let open = matches!(brief.state, orders::api::State::Done | orders::api::State::Confirmed);
    let Some(done_at) = done_at.filter(|_| open) else {
        return Err(refused("callbacks.not_done", T("完工后才能评价", "Rate it once the work is done")));
    };
    if said_of_order(tx, order, done_at).await?.is_some() {
        return Err(refused(
            "callbacks.rated",
            T("您已经评价过，谢谢", "You have rated it already, thank you"),
        ));
    }
    let counts: bool = tx.cx().clone().setting(&SELF_RATING, brief.org_id).await?;
    let now = tx.now();
    let row = match store::find_open(tx, Some(order), None).await? {
        Some(row) => row,
        None => plan_first_in(tx, &brief).await?,
    };
    timers::stop_in(tx, order, &[FIRST_TIMER]).await?;
    let new = rules::rate(&row, input, counts, now)?;
    store::update_callback(tx, &new).await?;
    tx.log(
        doc(&new),
        "self_rated",
        serde_json::json!({ "quality": new.quality, "attitude": new.attitude, "state": new.state }),
    );
    if new.state == CallbackState::Done {
        timers::stop_in(tx, new.id, &[DUE_TIMER]).await?;
        learn(tx, order, &new).await?;
        orders::api::callback_result_in(tx, order, super::model::ResultClass::Satisfied.as_str()).await?;
        let class = super::model::ResultClass::Satisfied.as_str().to_string();
        tx.emit(&contracts::CallbackResulted {
            callback_id: new.id,
            order_id: order,
            class,
            sent_back: false,
            said: String::new(),
            at: now,
        })?;
    } else if !rules::is_content(input) {
        notify_clerks(
            tx,
            &new,
            T("客户网上评价不满意，请尽快回访", "A customer is not content: call back soon"),
        )
        .await?;
    }
    Ok(new)
}

/// For panels: the callback if the caller may see (or change) it.
pub async fn find_doc(cx: &Cx, conn: &mut Conn, id: Id, write: bool) -> Result<kit::DocBrief> {
    let row = store::get_callback(conn, id).await?;
    cx.authorize(if write { &CALLBACK_WRITE } else { &CALLBACK_READ }, &row)?;
    if row.no.is_empty() {
        return Err(Error::NotFound);
    }
    Ok(kit::DocBrief { doc: doc(&row), org: row.org_id, title: row.no.clone() })
}
