//! Commands and queries on requests. The only place of the feature that opens transactions.

use contracts::AdviceFollowedUp;
use kernel::{Id, Problems};
use kit::{Cx, DocRef, Error, Perm, Result, Sens, Tx, begin, numbering::Number};
use orders::api::{NewOrder, OrderOut};
use serde::Serialize;
use serde_json::{Value, json};

use super::{
    clocks,
    input::{
        AnswerRequest, ClassifyRequest, ClearRequest, CloseRequest, ConfirmRequest, DropRequest, JoinOrder,
        OrderLink, PromiseReply, RequestOut, SolveRequest,
    },
    model::{Class, RequestRow, State},
    ordering,
    register::emit_solved,
    rules::{self, By},
    store,
};
use crate::{
    perms::{REQUEST_LEAD, REQUEST_READ, REQUEST_WRITE},
    settings,
};

pub use super::register::{Numbers, draft, register, register_in};

/// Reference for panels, clocks and logs.
pub fn doc(row: &RequestRow) -> DocRef {
    DocRef::new("request", row.id, &row.no)
}

/// What the audit keeps: phone and address masked, because history is read by people who may not see them.
pub fn audit_of(row: &RequestRow) -> Value {
    json!({
        "state": row.state, "channel": row.channel, "topic": row.topic, "content": row.content, "customer_id": row.customer_id,
        "unit_id": row.unit_id, "caller_phone": kit::perm::mask(Sens::Phone, &row.caller_phone), "text": row.text,
        "demand": row.demand, "class": row.class, "class_reason": row.class_reason, "clear_note": row.clear_note,
        "urgent": row.urgent, "answer": row.answer, "advice": row.advice, "promised_at": row.promised_at, "confirmed_at": row.confirmed_at,
        "genuine": row.genuine, "in_scope": row.in_scope, "confirm_note": row.confirm_note, "order_no": row.order_no,
        "close_note": row.close_note,
    })
}

/// What leaves the house.
pub fn out(cx: &Cx, row: &RequestRow, orders: Vec<OrderLink>) -> RequestOut {
    RequestOut {
        id: row.id,
        version: row.version,
        no: row.no.clone(),
        org_id: row.org_id,
        channel: row.channel,
        topic: row.topic.clone(),
        topic_name: row.topic_name.clone(),
        content: row.content.clone(),
        content_name: row.content_name.clone(),
        caller_name: row.caller_name.clone(),
        caller_phone: cx.mask(Sens::Phone, &row.caller_phone),
        customer_id: row.customer_id,
        customer_name: row.customer_name.clone(),
        unit_id: row.unit_id,
        model_name: row.model_name.clone(),
        serial: row.serial.clone(),
        address: cx.mask(Sens::Address, &row.address),
        text: row.text.clone(),
        demand: row.demand.clone(),
        part_id: row.part_id,
        part_name: row.part_name.clone(),
        class: row.class,
        cleared_at: row.cleared_at,
        urgent: row.urgent,
        warranty_said: row.warranty_said,
        quote_limit: row.quote_limit,
        estimate_low: row.estimate_low,
        estimate_high: row.estimate_high,
        first_time: row.first_time,
        missing: row.missing.split(',').filter(|m| !m.is_empty()).map(str::to_string).collect(),
        state: row.state,
        confirmed_at: row.confirmed_at,
        promised_at: row.promised_at,
        overdue: row.overdue,
        answer: row.answer.clone(),
        answered_at: row.answered_at,
        advice: row.advice,
        orders,
        related_order_id: row.related_order_id,
        status_path: format!("/r/{}", row.token),
        created_at: row.created_at,
        updated_at: row.updated_at,
    }
}

/// Who acts.
pub fn by(tx: &Tx) -> By {
    let actor = tx.cx().actor.as_ref();
    By {
        staff: actor.and_then(|a| a.staff),
        name: actor.map(|a| a.name.clone()).unwrap_or_default(),
        now: tx.now(),
    }
}

/// A request closed before or after is a conflict; everything else is the input's fault.
pub fn refused(problems: Problems) -> Error {
    match problems.0.first() {
        Some(first) if first.code == "intake.state" => Error::Conflict(first.clone()),
        _ => Error::Invalid(problems),
    }
}

/// Renews the search entry: number, caller, phone, unit, words.
pub async fn index_in(tx: &mut Tx, row: &RequestRow) -> Result<()> {
    let said: String = row.text.chars().take(200).collect();
    let text = format!(
        "{} {} {} {} {} {said}",
        row.caller_name,
        kernel::pinyin_initials(&row.customer_name),
        row.serial,
        row.model_name,
        row.order_no
    );
    let title = format!("{} {} {}", row.no, row.topic_name, row.content_name);
    let name = kit::veil::marked(kit::Sens::Name, &row.customer_name);
    let sub = format!("{name} {}", row.model_name);
    let doc = kit::search::SearchDoc {
        kind: "request",
        id: row.id,
        org: row.org_id,
        owner: row.handler_id.or(row.created_by),
        title: title.trim(),
        sub: sub.trim(),
        text: &text,
        secret: &[(kit::Sens::Phone, &row.caller_phone)],
    };
    kit::search::put_in(tx, &doc).await
}

/// One request, if it is the caller's business.
pub async fn load(cx: &Cx, id: Id) -> Result<(RequestRow, Vec<OrderLink>)> {
    let mut conn = cx.read().await?;
    let row = store::get_request(&mut conn, id).await?;
    cx.authorize(&REQUEST_READ, &row)?;
    let links = store::select_orders(&mut conn, id).await?;
    cx.count(&conn);
    Ok((row, links))
}

/// One request for the API.
pub async fn get(cx: &Cx, id: Id) -> Result<RequestOut> {
    let (row, links) = load(cx, id).await?;
    Ok(out(cx, &row, links))
}

pub async fn locked(tx: &mut Tx, perm: &Perm, id: Id, seen: Option<i64>) -> Result<RequestRow> {
    let row = store::lock_request(tx, id).await?;
    tx.authorize(perm, &row)?;
    if seen.is_some_and(|version| version != row.version) { Err(Error::stale()) } else { Ok(row) }
}

/// Stores a changed request with everything that follows from it: clocks, search, audit.
pub async fn save_in(tx: &mut Tx, old: &RequestRow, new: &RequestRow) -> Result<()> {
    store::update_request(tx, old, new).await?;
    clocks::changed_in(tx, Some(old), new).await?;
    if old.state != new.state || old.order_no != new.order_no {
        index_in(tx, new).await?;
    }
    tx.changed(doc(new), &audit_of(old), &audit_of(new))
}

/// The frame of every small command: lock, authorise, decide, save.
async fn change<I: Serialize>(
    cx: &Cx,
    (command, perm): (&'static str, &Perm),
    (id, seen, input): (Id, Option<i64>, &I),
    decide: impl FnOnce(&RequestRow, &By) -> Result<RequestRow, Problems>,
) -> Result<RequestOut> {
    cx.require(perm)?;
    let mut tx = begin!(cx, command, &(id, input));
    let old = locked(&mut tx, perm, id, seen).await?;
    let new = decide(&old, &by(&tx)).map_err(refused)?;
    save_in(&mut tx, &old, &new).await?;
    if new.class == Class::Special && old.class != Class::Special {
        clocks::escalate_in(&mut tx, &new).await?;
    }
    let links = store::select_orders(&mut tx, id).await?;
    let out = out(cx, &new, links);
    tx.commit(out).await
}

/// Records an answer.
pub async fn answer(cx: &Cx, id: Id, input: AnswerRequest) -> Result<RequestOut> {
    let decide = |row: &RequestRow, by: &By| rules::answer(row, &input, by);
    change(cx, ("intake.answer", &REQUEST_WRITE), (id, input.version, &input), decide).await
}

/// Closes a request.
pub async fn close(cx: &Cx, id: Id, input: CloseRequest) -> Result<RequestOut> {
    let decide = |row: &RequestRow, by: &By| rules::close(row, &input, by);
    change(cx, ("intake.close", &REQUEST_WRITE), (id, input.version, &input), decide).await
}

/// Nobody goes on with a draft (CALL-03).
pub async fn discard(cx: &Cx, id: Id, input: DropRequest) -> Result<RequestOut> {
    let decide = |row: &RequestRow, by: &By| rules::dropped(row, &input, by);
    change(cx, ("intake.discard", &REQUEST_WRITE), (id, input.version, &input), decide).await
}

/// Promises an answer until another time.
pub async fn promise(cx: &Cx, id: Id, input: PromiseReply) -> Result<RequestOut> {
    let decide = |row: &RequestRow, by: &By| rules::promise(row, &input, by);
    change(cx, ("intake.promise", &REQUEST_WRITE), (id, input.version, &input), decide).await
}

/// Records the check with the customer.
pub async fn confirm(cx: &Cx, id: Id, input: ConfirmRequest) -> Result<RequestOut> {
    let decide = |row: &RequestRow, by: &By| rules::confirm(row, &input, by);
    change(cx, ("intake.confirm", &REQUEST_WRITE), (id, input.version, &input), decide).await
}

/// Sorts a request as general or special.
pub async fn classify(cx: &Cx, id: Id, input: ClassifyRequest) -> Result<RequestOut> {
    let decide = |row: &RequestRow, by: &By| rules::classify(row, &input, by);
    change(cx, ("intake.classify", &REQUEST_WRITE), (id, input.version, &input), decide).await
}

/// The head decides on a special request.
pub async fn clear(cx: &Cx, id: Id, input: ClearRequest) -> Result<RequestOut> {
    let decide = |row: &RequestRow, by: &By| rules::clear(row, &input, by);
    change(cx, ("intake.clear", &REQUEST_LEAD), (id, input.version, &input), decide).await
}

/// Advice on the phone was enough; a follow-up call is planned (CALL-09, CALL-11).
pub async fn solve(cx: &Cx, id: Id, input: SolveRequest) -> Result<RequestOut> {
    cx.require(&REQUEST_WRITE)?;
    if input.advice_accepted == Some(false) {
        return refuse_advice(cx, id, input).await;
    }
    let mut tx = begin!(cx, "intake.solve", &(id, &input));
    let old = locked(&mut tx, &REQUEST_WRITE, id, input.version).await?;
    if input.advice_accepted.is_none() {
        return Err(rules::ask_accepted().into());
    }
    let new = rules::solve(&old, &input.answer, &by(&tx)).map_err(refused)?;
    emit_solved(&mut tx, &new)?;
    save_in(&mut tx, &old, &new).await?;
    let links = store::select_orders(&mut tx, id).await?;
    let out = out(cx, &new, links);
    tx.commit(out).await
}

/// Makes a service order of a request, both in one transaction. What the order's input leaves out is taken from
/// the request.
pub async fn order(cx: &Cx, id: Id, input: NewOrder) -> Result<OrderOut> {
    cx.require(&REQUEST_WRITE)?;
    cx.require(&orders::api::ORDER_CREATE)?;
    let no = cx.number("SO").await?;
    let mut tx = begin!(cx, "intake.order", &(id, &input));
    let old = locked(&mut tx, &REQUEST_WRITE, id, None).await?;
    let by = by(&tx);
    rules::can_order(&old, cx.can(&REQUEST_LEAD)).map_err(refused)?;
    let (_, order) = make_order_in(&mut tx, (&old, &old), input, no, &by).await?;
    tx.commit(order).await
}

/// The order of a request that `decided` may have changed from `stored`, and the link between both.
async fn make_order_in(
    tx: &mut Tx,
    (stored, decided): (&RequestRow, &RequestRow),
    input: NewOrder,
    no: Number,
    by: &By,
) -> Result<(RequestRow, OrderOut)> {
    let new_order = ordering::from_request(decided, input)?;
    let order = orders::api::create_in(tx, &new_order, no).await?;
    let mut new = rules::ordered(decided, order.id, &order.no, false, by).map_err(refused)?;
    new.version = stored.version + 1;
    save_in(tx, stored, &new).await?;
    let link = OrderLink { id: order.id, no: order.no.clone(), joined: false };
    ordering::link_in(tx, &new, &link).await?;
    Ok((new, order))
}

/// Advice that the customer does not accept: what was said is kept and an order for a visit is opened (CALL-09).
async fn refuse_advice(cx: &Cx, id: Id, input: SolveRequest) -> Result<RequestOut> {
    cx.require(&orders::api::ORDER_CREATE)?;
    let no = cx.number("SO").await?;
    let mut tx = begin!(cx, "intake.solve", &(id, &input));
    let old = locked(&mut tx, &REQUEST_WRITE, id, input.version).await?;
    let by = by(&tx);
    let told = rules::refuse_advice(&old, &input.answer, &by).map_err(refused)?;
    rules::can_order(&told, cx.can(&REQUEST_LEAD)).map_err(refused)?;
    let visit = ordering::visit(cx, &told, "").await?;
    let (new, _) = make_order_in(&mut tx, (&old, &told), visit, no, &by).await?;
    let links = store::select_orders(&mut tx, id).await?;
    let out = out(cx, &new, links);
    tx.commit(out).await
}

/// The follow-up call says that advice did not help: the request is open again and the desk hears of it (CALL-11).
/// True when a visit is to be ordered.
pub async fn reopen_after_advice(cx: &Cx, event: &AdviceFollowedUp) -> Result<bool> {
    let mut tx = begin!(cx, "intake.advice_failed", &event.callback_id);
    let old = store::lock_request(&mut tx, event.request_id).await?;
    let promised = settings::due(cx, &settings::REPLY, old.org_id, tx.now()).await?.1;
    let Some(new) = rules::advice_failed(&old, promised, &by(&tx)) else {
        let owed = old.advice.wants_visit() && old.order_id.is_none();
        return tx.commit(owed).await;
    };
    save_in(&mut tx, &old, &new).await?;
    tx.log(doc(&new), "advice_failed", json!({ "said": event.said }));
    clocks::visit_owed_in(&mut tx, &new, &event.said).await?;
    tx.commit(true).await
}

/// The visit after advice that did not help, as far as the request says enough for one; otherwise the desk opens it:
/// the request waits, and can't be closed without.
pub async fn order_after_advice(cx: &Cx, event: &AdviceFollowedUp) -> Result<()> {
    let no = cx.number("SO").await?;
    let mut tx = begin!(cx, "intake.visit_after_advice", &event.callback_id);
    let old = store::lock_request(&mut tx, event.request_id).await?;
    if rules::can_order(&old, false).is_err() || old.state == State::Ordered {
        return tx.commit(()).await;
    }
    let by = by(&tx);
    let visit = ordering::visit(cx, &old, &event.said).await?;
    make_order_in(&mut tx, (&old, &old), visit, no, &by).await?;
    tx.commit(()).await
}

/// Puts a request to an order that exists (CALL-19).
pub async fn join(cx: &Cx, id: Id, input: JoinOrder) -> Result<RequestOut> {
    cx.require(&REQUEST_WRITE)?;
    let mut tx = begin!(cx, "intake.join", &(id, &input));
    let old = locked(&mut tx, &REQUEST_WRITE, id, input.version).await?;
    let by = by(&tx);
    let link = ordering::join_in(&mut tx, &old, input.order_id).await?;
    let new = rules::ordered(&old, link.id, &link.no, true, &by).map_err(refused)?;
    save_in(&mut tx, &old, &new).await?;
    ordering::link_in(&mut tx, &new, &link).await?;
    let links = store::select_orders(&mut tx, id).await?;
    let out = out(cx, &new, links);
    tx.commit(out).await
}
