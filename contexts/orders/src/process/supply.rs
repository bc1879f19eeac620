//! The requisition of an order's process (DOC-04): the part lines of the order are held where the pieces are, what is
//! missing is asked to be bought. Without lines the codes in the trigger's text count; where there are none either, the
//! storekeepers get the text as a task.

use contracts::ProcessAsked;
use kernel::{Id, Lang, Quantity, T};
use kit::{
    Error, Result, Tx,
    notify::{Notice, tell_in},
};
use parts::api::{self as stock, Need};
use serde_json::json;

use crate::{
    line::{
        apply,
        model::{LineKind, LineRow, Stock, StockWish},
        store as lines,
    },
    order::{job::Job, model::OrderRow, store as orders},
};

/// What came of a line, for people: `P-1 ×2 已占用（主库）`.
struct Done(Vec<String>);

/// Reacts to what a process asks.
pub async fn asked_in(tx: &mut Tx, event: &ProcessAsked) -> Result<()> {
    if event.what != "requisition" || event.doc_kind != "order" {
        return Ok(());
    }
    let done = match lines_in(tx, event).await {
        Ok(done) => done,
        // The order has gone on meanwhile: its lines are no longer to be changed.
        Err(Error::Conflict(_)) => None,
        Err(other) => return Err(other),
    };
    let said = match done {
        Some(Done(said)) => said,
        None => named_in(tx, event).await?,
    };
    if said.is_empty() {
        return documents::api::requisition_task_in(tx, event.run_id, event.due).await;
    }
    let users = org::api::users_with(tx, stock::STOCK_ISSUE.key, event.org_id).await?;
    let title = T("{no} 领料", "Parts for {no}").told(&[("no", event.doc_no.clone())]);
    let href = format!("/orders/{}", event.doc_id);
    let joined = |lang: Lang| said.iter().map(|s| lang.of(s)).collect::<Vec<_>>().join("; ");
    let detail = T::both(&joined(Lang::Zh), &joined(Lang::En));
    tell_in(tx, &Notice { users: &users, title: &title, detail: &detail, href: &href, mail: false }).await
}

/// Holds what the order's part lines plan; none: the order has no such lines.
async fn lines_in(tx: &mut Tx, event: &ProcessAsked) -> Result<Option<Done>> {
    let all = lines::select_lines(tx, event.doc_id).await?;
    let wanted: Vec<LineRow> = all
        .into_iter()
        .filter(|l| l.kind == LineKind::Part && l.part_id.is_some() && l.stock != Stock::Returned)
        .collect();
    if wanted.is_empty() {
        return Ok(None);
    }
    if wanted.iter().all(|line| line.stock != Stock::Planned) {
        let said = wanted
            .iter()
            .map(|l| told(T("{part} ×{n} {state}", "{part} ×{n} {state}"), l, l.quantity, &both(l.stock)))
            .collect();
        return Ok(Some(Done(said)));
    }
    let mut job = Job::open_by(tx, event.doc_id, "lines", None, false).await?;
    job.silent = true;
    let order = job.new.clone();
    let mut said = Vec::with_capacity(wanted.len());
    for old in wanted.iter().filter(|line| line.stock == Stock::Planned) {
        said.push(supply_in(tx, &order, old, event).await?);
    }
    job.detail.push(("supplied", json!(said.iter().map(|s| Lang::Zh.of(s)).collect::<Vec<_>>())));
    job.save(tx).await?;
    Ok(Some(Done(said)))
}

/// Held in full where it lies: in the depot of the line, else in the nearest store of the organisation or above that has
/// it; otherwise what is missing in the organisation's own is asked to be bought.
async fn supply_in(tx: &mut Tx, order: &OrderRow, old: &LineRow, event: &ProcessAsked) -> Result<String> {
    let part_id = old.part_id.unwrap_or(Id::NIL);
    let stores: Vec<Id> =
        stock::stores_of(tx, order.org_id).await?.into_iter().map(|store| store.id).collect();
    let depots: Vec<Id> = old.depot_id.into_iter().chain(stores.iter().copied()).collect();
    let Some((at, free)) = stock::nearest(tx, part_id, &depots, old.quantity).await? else {
        return Ok(told(T("{part} ×{n} 无可用仓库", "{part} ×{n}: no depot"), old, old.quantity, ""));
    };
    if free >= old.quantity {
        let depot = depots[at];
        let mut line = LineRow { depot_id: Some(depot), ..old.clone() };
        apply::move_in(tx, order, &mut line, StockWish::Reserve).await?;
        line.updated_at = tx.now();
        lines::update_line(tx, old, &line).await?;
        let place = stock::depot(tx, depot).await?.name;
        let text = T("{part} ×{n} 已占用（{state}）", "{part} ×{n} held ({state})");
        return Ok(told(text, old, old.quantity, &place));
    }
    let store = stores.first().copied().unwrap_or(depots[at]);
    let free = stock::available(tx, part_id, store).await?.available;
    let missing = Quantity(old.quantity.0 - free.0.max(0));
    let need = Need {
        part_id,
        quantity: missing,
        source_no: order.no.clone(),
        wanted_on: event.due.map(|due| kit::format::date_of(tx.cx().zone_of(event.org_id), due)),
        note: event.text.clone(),
    };
    let no = stock::ask_in(tx, store, &need).await?.unwrap_or_default();
    Ok(told(
        T("{part} 缺 {n}，采购申请 {state}", "{part}: {n} missing, requisition {state}"),
        old,
        missing,
        &no,
    ))
}

fn both(stock: Stock) -> String {
    let label = stock.label();
    T::both(label.0, label.1)
}

fn told(text: T, line: &LineRow, quantity: Quantity, state: &str) -> String {
    text.told(&[("part", line.code.clone()), ("n", quantity.to_string()), ("state", state.to_string())])
}

/// Parts that the trigger's text names by their codes.
async fn named_in(tx: &mut Tx, event: &ProcessAsked) -> Result<Vec<String>> {
    let supplied = stock::supply_named_in(tx, event).await?;
    let slips = supplied.slips.into_iter();
    let slip = slips.map(|no| T("已占用，出库单 {no}", "held, slip {no}").told(&[("no", no)]));
    let asked =
        supplied.asked.into_iter().map(|no| T("采购申请 {no}", "requisition {no}").told(&[("no", no)]));
    let said: Vec<String> = slip.chain(asked).collect();
    if !said.is_empty() {
        let order = orders::get_order(tx, event.doc_id).await?;
        let words: Vec<&str> = said.iter().map(|s| Lang::Zh.of(s)).collect();
        tx.log(order.doc(), "supplied", json!({ "parts": words }));
    }
    Ok(said)
}
