//! From a request to an order: what the caller did not say again is taken from the request.

use kernel::{Id, Problems, RuleError, T};
use kit::{Cx, Error, Result, Tx};
use orders::api::{Mode, NewLine, NewOrder};

use super::{
    entry::Known,
    input::{NewRequest, OrderLink},
    model::RequestRow,
    rules, store,
};
use crate::settings;

/// The order of a request being taken down.
pub fn from_input(row: &RequestRow, input: &NewRequest, known: &Known) -> Result<NewOrder> {
    let units = match &known.unit {
        Some(_) => Vec::new(),
        None => input
            .model_id
            .map(|id| orders::api::NewOrderUnit { model_id: Some(id), ..Default::default() })
            .into_iter()
            .collect(),
    };
    let new = NewOrder {
        kind: rules::clean(input.kind.as_deref()),
        mode: input.mode,
        region: input.region.clone(),
        appointment_from: input.appointment_from,
        appointment_to: input.appointment_to,
        units,
        ..NewOrder::default()
    };
    from_request(row, new)
}

/// Fills what an order's input leaves out. Errors: `intake.need_customer` when nobody knows whose it is.
pub fn from_request(row: &RequestRow, input: NewOrder) -> Result<NewOrder> {
    let customer = if input.customer_id.is_nil() { row.customer_id } else { Some(input.customer_id) };
    let Some(customer_id) = customer else { return Err(rules::need_customer().into()) };
    let or =
        |given: Option<String>, ours: &str| given.filter(|t| !t.trim().is_empty()).or_else(|| said(ours));
    let kind = if input.kind.trim().is_empty() { row.work_kind.clone() } else { input.kind };
    // Several units given by the caller stand for themselves.
    let unit_id = input.unit_id.or(row.unit_id.filter(|_| input.units.is_empty()));
    let mut lines = input.lines;
    if let Some(part) = row.part_id.filter(|_| lines.is_empty()) {
        lines.push(NewLine { part_id: Some(part), quantity: Some(row.part_quantity), ..NewLine::default() });
    }
    Ok(NewOrder {
        customer_id,
        org_id: input.org_id.or(Some(row.org_id)),
        contact: or(input.contact, &row.caller_name),
        phone: or(input.phone, &row.caller_phone),
        address: or(input.address, &row.address),
        kind,
        mode: input.mode.or_else(|| Mode::parse(&row.mode)),
        urgent: input.urgent || row.urgent,
        over_quote_limit: input.over_quote_limit.or(row.quote_limit),
        source: or(input.source, row.channel.as_str()),
        request_id: Some(row.id),
        symptom: or(input.symptom, &symptom(row)),
        demand: or(input.demand, &row.demand),
        remark: or(input.remark, &row.diagnosis),
        unit_id,
        lines,
        ..input
    })
}

/// A visit after advice on the phone: with the kind of work of its content, or the company's for such visits, and what
/// the customer said last (CALL-09, CALL-11).
pub async fn visit(cx: &Cx, row: &RequestRow, said: &str) -> Result<NewOrder> {
    let kind = if row.work_kind.is_empty() {
        cx.setting(&settings::VISIT_KIND, row.org_id).await?
    } else {
        row.work_kind.clone()
    };
    let remark = [row.diagnosis.as_str(), row.answer.as_str(), said];
    let remark = remark.into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join("\n");
    Ok(NewOrder { kind, mode: Some(Mode::OnSite), remark: Some(remark), ..NewOrder::default() })
}

fn said(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_string())
}

/// The customer's words, or what was chosen for them.
fn symptom(row: &RequestRow) -> String {
    if row.text.is_empty() { row.content_name.clone() } else { row.text.clone() }
}

/// Keeps what came of a request. A call that was put to an order stands in that order's history with the customer's
/// words: its dispatcher and engineer read the order, not the request (CALL-19).
pub async fn link_in(tx: &mut Tx, row: &RequestRow, link: &OrderLink) -> Result<()> {
    let (id, now) = (tx.id(), tx.now());
    store::insert_order(tx, id, row, link, now).await?;
    if !link.joined {
        return Ok(());
    }
    let words: Vec<String> =
        [symptom(row), row.demand.clone()].into_iter().filter(|w| !w.is_empty()).collect();
    orders::api::called_in(tx, link.id, &row.no, &words.join(" · ")).await
}

/// An order that a request may join: open, of the same organisation's customer. 404 for others.
pub async fn join_in(tx: &mut Tx, row: &RequestRow, order: Id) -> Result<OrderLink> {
    let Some((id, no, org, customer, open)) = store::find_order(tx, order).await? else {
        return Err(Error::NotFound);
    };
    if !tx.cx().scope(&orders::api::ORDER_READ)?.covers(org, &[]) {
        return Err(Error::NotFound);
    }
    let mut problems = Problems::new();
    problems.check(open, || {
        RuleError::new("intake.order_over", T("这张工单已经结束", "That order is over"))
            .field("join_order_id")
    });
    problems.check(row.customer_id.is_none_or(|c| c == customer), || {
        RuleError::new(
            "intake.other_customer",
            T("这张工单属于其他客户", "That order belongs to another customer"),
        )
        .field("join_order_id")
    });
    problems.finish()?;
    Ok(OrderLink { id, no, joined: true })
}
