//! Taking a request down: at once as a draft when its content is clicked, and as a whole (CALL-01…36).

use contracts::RequestSolvedByPhone;
use kernel::{Id, Quantity};
use kit::{Cx, Error, Result, Scope, Tx, begin, numbering::Number};

use super::{
    clocks,
    entry::{self, Known},
    input::{AnswerRequest, DraftRequest, NewRequest, OrderLink, RequestOut, Then},
    model::{Advice, Class, NO_DUE, RequestRow, State},
    ordering,
    rules::{self, By, clean},
    service::{audit_of, by, doc, index_in, out, refused},
    store,
};
use crate::{
    call,
    perms::{REQUEST_LEAD, REQUEST_WRITE},
    settings, topic,
};

/// Takes a request down, and does at once what the caller asked for: answer, advice, order (CALL-01…36).
/// Errors: those of [`rules::check_new`], of fast entry and of orders; 404 outside the caller's reach.
pub async fn register(cx: &Cx, input: NewRequest) -> Result<RequestOut> {
    let scope = cx.scope(&REQUEST_WRITE)?;
    if input.then() == Then::Order && input.join_order_id.is_none() {
        cx.require(&orders::api::ORDER_CREATE)?;
    }
    rules::check_new(&input, cx.now())?;
    entry::try_number(cx, &input).await?;
    let numbers = Numbers::take(cx).await?;
    let mut tx = begin!(cx, "intake.register", &input);
    let (row, links) = register_in(&mut tx, &input, &scope, numbers).await?;
    let out = out(cx, &row, links);
    tx.commit(out).await
}

/// What is fixed before the transaction: id and numbers.
pub struct Numbers {
    /// Id of the request, so that files can be stored for it beforehand.
    pub id: Id,
    /// Its number.
    pub request: Number,
    customer: Number,
    order: Number,
}

impl Numbers {
    /// One of each that may be needed; those that are not go back.
    pub async fn take(cx: &Cx) -> Result<Self> {
        Ok(Self {
            id: cx.id(),
            request: cx.number("RQ").await?,
            customer: cx.number("C").await?,
            order: cx.number("SO").await?,
        })
    }
}

/// Takes a request down in the caller's transaction; `scope` is where the caller may write.
pub async fn register_in(
    tx: &mut Tx,
    input: &NewRequest,
    scope: &Scope,
    numbers: Numbers,
) -> Result<(RequestRow, Vec<OrderLink>)> {
    let draft = draft_in(tx, input.draft_id).await?;
    if let Some(draft) = &draft {
        rules::can_complete(draft).map_err(refused)?;
    }
    let known = entry::resolve_in(tx, input, scope, numbers.customer).await?;
    let id = input.draft_id.unwrap_or(numbers.id);
    let mut row = new_row(tx, input, &known, (id, scope)).await?;
    if !scope.covers(row.org_id, &row.owners_now()) {
        return Err(Error::NotFound);
    }
    let by = by(tx);
    let given = AnswerRequest { version: None, answer: clean(input.answer.as_deref()) };
    let mut links = Vec::new();
    row = match input.then() {
        Then::Save => row,
        Then::Answer => rules::answer(&row, &given, &by)?,
        Then::Solve => {
            emit_solved(tx, &row)?;
            rules::solve(&row, &given.answer, &by)?
        }
        Then::Order => {
            let row = match (input.advice_accepted, given.answer.is_empty()) {
                (Some(false), _) => rules::refuse_advice(&row, &given.answer, &by)?,
                (_, true) => row,
                _ => rules::answer(&row, &given, &by)?,
            };
            let (row, link) = order_in(tx, &row, input, &known, numbers.order, &by).await?;
            links.push(link);
            row
        }
    };
    row = put_in(tx, row, draft.as_ref(), numbers.request).await?;
    for link in &links {
        ordering::link_in(tx, &row, link).await?;
    }
    if row.channel == super::model::Channel::Phone || input.call_id.is_some() {
        call::service::of_request_in(tx, &row, input.call_id).await?;
    }
    clocks::changed_in(tx, None, &row).await?;
    index_in(tx, &row).await?;
    if row.class == Class::Special && row.cleared_at.is_none() {
        clocks::escalate_in(tx, &row).await?;
    }
    Ok((row, links))
}

/// The draft, if it is the caller's business.
async fn draft_in(tx: &mut Tx, id: Option<Id>) -> Result<Option<RequestRow>> {
    let Some(id) = id else { return Ok(None) };
    let draft = store::find_locked(tx, id).await?;
    if let Some(draft) = &draft {
        tx.authorize(&REQUEST_WRITE, draft)?;
    }
    Ok(draft)
}

/// Stores a request that is new, or that completes a draft.
async fn put_in(
    tx: &mut Tx,
    row: RequestRow,
    draft: Option<&RequestRow>,
    number: Number,
) -> Result<RequestRow> {
    let mut row = rules::completed(row, draft);
    match draft {
        Some(draft) => {
            store::update_request(tx, draft, &row).await?;
            tx.changed(doc(&row), &audit_of(draft), &audit_of(&row))?;
        }
        None => {
            row.version = 1;
            row.no = number.take(tx, row.org_id).await?;
            store::insert_request(tx, &row).await?;
            tx.created(doc(&row), &audit_of(&row))?;
        }
    }
    Ok(row)
}

/// Topic and content were clicked: a draft with the time, or another content of the same draft (CALL-03). Once it was
/// completed or dropped, nothing happens. Errors: those of [`rules::check_draft`]; 404 outside the caller's reach.
pub async fn draft(cx: &Cx, input: DraftRequest) -> Result<RequestOut> {
    let scope = cx.scope(&REQUEST_WRITE)?;
    rules::check_draft(&input)?;
    let wish = input.request();
    entry::try_number(cx, &wish).await?;
    let numbers = Numbers::take(cx).await?;
    let mut tx = begin!(cx, "intake.draft", &input);
    let old = draft_in(&mut tx, input.draft_id).await?;
    if let Some(old) = old.as_ref().filter(|old| old.state != State::Draft) {
        let out = out(cx, old, store::select_orders(&mut tx, old.id).await?);
        return tx.commit(out).await;
    }
    let known = entry::resolve_in(&mut tx, &wish, &scope, numbers.customer).await?;
    let id = input.draft_id.unwrap_or(numbers.id);
    let row = new_row(&mut tx, &wish, &known, (id, &scope)).await?;
    if !scope.covers(row.org_id, &row.owners_now()) {
        return Err(Error::NotFound);
    }
    let row = rules::drafted(row, old.as_ref(), tx.now());
    let row = put_in(&mut tx, row, old.as_ref(), numbers.request).await?;
    index_in(&mut tx, &row).await?;
    let out = out(cx, &row, Vec::new());
    tx.commit(out).await
}

impl RequestRow {
    fn owners_now(&self) -> Vec<Id> {
        kit::Owned::owners(self)
    }
}

/// The follow-up call is planned.
pub fn emit_solved(tx: &mut Tx, row: &RequestRow) -> Result<()> {
    let Some(customer_id) = row.customer_id else { return Err(rules::need_customer().into()) };
    let at = tx.now();
    tx.emit(&RequestSolvedByPhone { request_id: row.id, customer_id, org_id: row.org_id, at })
}

async fn order_in(
    tx: &mut Tx,
    row: &RequestRow,
    input: &NewRequest,
    known: &Known,
    no: Number,
    by: &By,
) -> Result<(RequestRow, OrderLink)> {
    rules::can_order(row, tx.cx().can(&REQUEST_LEAD))?;
    let link = match input.join_order_id {
        Some(id) => ordering::join_in(tx, row, id).await?,
        None => {
            let new = ordering::from_input(row, input, known)?;
            let order = orders::api::create_in(tx, &new, no).await?;
            OrderLink { id: order.id, no: order.no, joined: false }
        }
    };
    Ok((rules::ordered(row, link.id, &link.no, link.joined, by)?, link))
}

async fn new_row(
    tx: &mut Tx,
    input: &NewRequest,
    known: &Known,
    (id, scope): (Id, &Scope),
) -> Result<RequestRow> {
    let topic = topic::store::find_topic(tx, &input.topic).await?.filter(|t| t.active);
    let topic = topic.ok_or_else(|| topic::service::unknown_topic().field("topic"))?;
    let code = clean(input.content.as_deref());
    let content = if code.is_empty() { None } else { topic::store::find_content(tx, &code).await? };
    let content = content.filter(|c| c.active && c.topic == topic.code);
    if content.is_none() && !code.is_empty() {
        return Err(topic::service::unknown_topic().field("content").into());
    }
    let (cx, now, customer) = (tx.cx().clone(), tx.now(), known.customer.as_ref());
    let actor = cx.actor.as_ref();
    // What is taken in for another branch's customer is the work of whoever takes it in.
    let ours = |org: &Id| scope.covers(*org, &[]) || cx.actor.is_none();
    let org = input
        .org_id
        .or(customer.map(|c| c.org_id).filter(ours))
        .or(known.unit.as_ref().map(|u| u.org_id).filter(ours))
        .or(actor.map(|a| a.org));
    let first_time = match customer {
        Some(_) if known.new_customer => true,
        Some(customer) => !store::has_history(tx, customer.id).await?,
        None => false,
    };
    let related = match &known.unit {
        Some(unit) => store::find_open_order(tx, unit.id).await?,
        None => None,
    };
    let or = |given: &Option<String>, other: Option<&str>| {
        let text = clean(given.as_deref());
        if text.is_empty() { other.unwrap_or_default().to_string() } else { text }
    };
    let phone = or(&input.caller_phone, customer.map(|c| c.phone.expose()));
    let staff = actor.and_then(|a| a.staff);
    let row = RequestRow {
        id,
        version: 1,
        no: String::new(),
        org_id: org.unwrap_or(Id::NIL),
        channel: input.channel.unwrap_or(super::model::Channel::Phone),
        topic: topic.code,
        topic_name: topic.name,
        work_kind: clean(input.kind.as_deref().or(content.as_ref().map(|c| c.work_kind.as_str()))),
        content: content.as_ref().map(|c| c.code.clone()).unwrap_or_default(),
        content_name: content.map(|c| c.name).unwrap_or_default(),
        caller_name: or(&input.caller_name, customer.map(|c| c.name.as_str())),
        phone_key: kernel::phone_key(&phone),
        caller_phone: phone,
        customer_id: customer.map(|c| c.id),
        customer_name: or(
            &input.customer_name.clone().filter(|_| customer.is_none()),
            customer.map(|c| c.name.as_str()),
        ),
        unit_id: known.unit.as_ref().map(|u| u.id),
        model_name: known.model_name.clone(),
        serial: known.serial.clone(),
        purchase_date: input.purchase_date.or(known.unit.as_ref().and_then(|u| u.purchase_date)),
        proof: clean(input.proof.as_deref()),
        address: or(&input.address, customer.map(|c| c.address.expose())),
        text: clean(input.text.as_deref()),
        demand: clean(input.demand.as_deref()),
        part_id: known.part.as_ref().map(|p| p.id),
        part_name: known.part.as_ref().map(|p| p.name.clone()).unwrap_or_default(),
        part_quantity: known
            .part
            .as_ref()
            .map_or(Quantity(0), |_| input.part_quantity.unwrap_or(Quantity(1000))),
        class: input.class.unwrap_or(Class::General),
        class_reason: clean(input.class_reason.as_deref()),
        cleared_at: None,
        cleared_by: None,
        clear_note: String::new(),
        urgent: input.urgent,
        mode: input.mode.map(|m| m.as_str().to_string()).unwrap_or_default(),
        warranty_said: input.warranty_said.unwrap_or(super::model::Said::Unknown),
        quote_limit: input.quote_limit,
        estimate_low: input.estimate_low,
        estimate_high: input.estimate_high,
        diagnosis: clean(input.diagnosis.as_deref()),
        first_time,
        missing: String::new(),
        state: State::Open,
        confirmed_at: None,
        genuine: None,
        in_scope: None,
        confirm_note: String::new(),
        confirm_due_at: None,
        promised_at: None,
        next_due_at: NO_DUE,
        waiting: false,
        overdue: false,
        answer: String::new(),
        answered_at: None,
        advice: Advice::NotGiven,
        handler_id: staff,
        handler_name: actor.filter(|a| a.staff.is_some()).map(|a| a.name.clone()).unwrap_or_default(),
        order_id: None,
        order_no: String::new(),
        related_order_id: related.as_ref().map(|(id, _)| *id),
        related_order_no: related.map(|(_, no)| no).unwrap_or_default(),
        closed_at: None,
        close_note: String::new(),
        token: secret(),
        created_by: staff,
        created_at: now,
        updated_at: now,
    };
    with_promises(&cx, row, input).await
}

/// Deadlines of a new request: the answer that is owed, and the check with the customer when nobody spoke with
/// them (CALL-13, CALL-21).
async fn with_promises(cx: &Cx, mut row: RequestRow, input: &NewRequest) -> Result<RequestRow> {
    let now = row.created_at;
    if row.channel.live() && cx.actor.is_some() {
        row.confirmed_at = Some(now);
    } else {
        row.confirm_due_at = Some(settings::due(cx, &settings::CONFIRM, row.org_id, now).await?.1);
    }
    row.promised_at = match input.promised_at {
        Some(at) => Some(at),
        None => Some(settings::due(cx, &settings::REPLY, row.org_id, now).await?.1),
    };
    Ok(rules::opened(row, now))
}

/// A secret for an address.
fn secret() -> String {
    format!("{:032x}", rand::random::<u128>())
}
