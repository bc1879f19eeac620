//! Opening an order: what is known of customer, units and prices is put together first, then written at once.

use db::Conn;
use kernel::{Id, RuleError, T};
use kit::{Cx, Error, Result, Tx, numbering::Number};
use serde_json::json;
use warranty::api::{Cause, Question, Verdict};

use super::{
    clocks::{self, Clocks},
    fast,
    input::{NewOrder, NewOrderUnit},
    job::{answer, put_search, trimmed},
    model::{Mode, OrderRow, OrderStep, OrderUnit, WarrantyClass},
    out::OrderOut,
    rules,
    store::{self, LastOrder},
};
use crate::{
    line::{
        self, apply,
        model::{LineRow, Sheet, StockWish},
    },
    perms::ORDER_CREATE,
    settings,
};

/// An order before it is written: everything was read and decided.
pub struct Draft {
    order: OrderRow,
    units: Vec<OrderUnit>,
    lines: Vec<(LineRow, StockWish)>,
    last: Option<LastOrder>,
    clocks: Clocks,
}

/// Opens an order for somebody who may (WO-06 step 1). Errors: `orders.*` and `text.length` by field; 404 for
/// customers and units that are not the caller's business.
pub async fn create(cx: &Cx, input: NewOrder) -> Result<OrderOut> {
    let scope = cx.scope(&ORDER_CREATE)?;
    let no = cx.number("SO").await?;
    if fast::typed(&input) {
        let mut tx = kit::begin!(cx, "orders.create", &input);
        let known = fast::resolve_in(&mut tx, &input).await?;
        let draft = draft(cx, &mut tx, &known).await?;
        if !scope.covers(draft.order.org_id, &[]) {
            return Err(Error::NotFound);
        }
        let out = insert_in(&mut tx, draft, no).await?;
        return tx.commit(out).await;
    }
    let mut conn = cx.read().await?;
    let draft = draft(cx, &mut conn, &input).await?;
    cx.count(&conn);
    drop(conn);
    if !scope.covers(draft.order.org_id, &[]) {
        return Err(Error::NotFound);
    }
    let mut tx = kit::begin!(cx, "orders.create", &input);
    let out = insert_in(&mut tx, draft, no).await?;
    tx.commit(out).await
}

/// Opens an order in the caller's transaction: the caller has checked its own permission. `no` is asked for with
/// `cx.number("SO")` before the transaction.
pub async fn create_in(tx: &mut Tx, input: &NewOrder, no: Number) -> Result<OrderOut> {
    let cx = tx.cx().clone();
    let known = if fast::typed(input) { Some(fast::resolve_in(tx, input).await?) } else { None };
    let draft = draft(&cx, tx, known.as_ref().unwrap_or(input)).await?;
    insert_in(tx, draft, no).await
}

async fn draft(cx: &Cx, conn: &mut Conn, input: &NewOrder) -> Result<Draft> {
    let now = cx.now();
    let typed = |text: &Option<String>| text.clone().unwrap_or_default();
    kit::perm::whole(kit::Sens::Phone, &typed(&input.phone), "phone")?;
    kit::perm::whole(kit::Sens::Address, &typed(&input.address), "address")?;
    let customer = customers::api::brief(conn, input.customer_id).await.map_err(|error| match error {
        Error::NotFound => RuleError::new("orders.customer", T("没有这个客户", "There is no such customer"))
            .field("customer_id")
            .into(),
        other => other,
    })?;
    let own = cx.scope(&ORDER_CREATE);
    let ours = own.as_ref().is_ok_and(|scope| scope.covers(customer.org_id, &[]));
    let shared = own.is_ok_and(|scope| customers::api::shared(cx, scope).covers(customer.org_id, &[]));
    if !cx.actor()?.system && !shared {
        return Err(Error::NotFound);
    }
    customer.check_usable()?;
    // Work for another branch's customer belongs to the branch that takes it on (CUST-23).
    let org = if ours || cx.actor()?.system { customer.org_id } else { cx.actor()?.org };
    let mut order = head(cx, input, &customer, org);
    let work = pricing::api::active_work_kind(conn, &order.kind).await?;
    let wanted: Vec<NewOrderUnit> = match (input.unit_id, input.units.as_slice()) {
        (unit_id, []) => vec![NewOrderUnit { unit_id, model_id: input.model_id, ..NewOrderUnit::default() }],
        (_, units) => units.to_vec(),
    };
    if wanted.len() > crate::unit::service::MOST {
        return Err(crate::unit::service::too_many().into());
    }
    let (mut units, mut bought) = (Vec::with_capacity(wanted.len()), true);
    for (place, item) in wanted.iter().enumerate() {
        let prefix = if place == 0 { String::new() } else { format!("units.{place}.") };
        let (unit, known) = draft_unit(cx, conn, &order, item, place, &prefix, customer.id).await?;
        bought &= known;
        units.push(unit);
    }
    if let Some(first) = units.first() {
        order.unit_id = first.unit_id;
        order.model_id = first.model_id;
        order.model_name = first.model_name.clone();
        order.serial = first.serial.clone();
    }
    order.missing = rules::missing(&order, bought).join(",");
    order.warranty_set = input.warranty.is_some();
    order.warranty = input.warranty.unwrap_or_else(|| rules::class_of(&units));
    let known: Vec<Id> = units.iter().filter_map(|unit| unit.unit_id).collect();
    let last = if work.repair { store::find_last_repair(conn, &known, order.id).await? } else { None };
    let days: i64 = cx.setting(&settings::REPEAT_DAYS, order.org_id).await?;
    let last = last.filter(|last| rules::is_repeat(last.done_at, now, days));
    if let Some(last) = &last {
        order.repeat_of = Some(last.id);
        order.repeat_round = last.repeat_round + 1;
    }
    remind(conn, &mut order, &known).await?;
    rules::check_head(&order)?;
    let lines = draft_lines(cx, conn, &mut order, &units, input).await?;
    let clocks = first_clocks(cx, &order).await?;
    let start: Vec<_> = clocks.start.iter().map(|(_, span, start)| (*span, *start)).collect();
    let next = kit::timers::first_due(cx, order.org_id, &start).await?;
    clocks::set_due(&mut order, next);
    Ok(Draft { order, units, lines, last, clocks })
}

fn head(cx: &Cx, input: &NewOrder, customer: &customers::api::CustomerBrief, org: Id) -> OrderRow {
    let or = |given: &Option<String>, other: &str| match given.as_deref().map(str::trim) {
        Some(text) if !text.is_empty() => text.to_string(),
        _ => other.to_string(),
    };
    let mut order = blank(cx, input.org_id.unwrap_or(org), input);
    order.customer_id = customer.id;
    order.customer_name = customer.name.clone();
    order.contact = or(&input.contact, &customer.name);
    order.region = or(&input.region, &customer.region);
    order.phone = or(&input.phone, customer.phone.expose());
    order.address = or(&input.address, customer.address.expose());
    order
}

/// An order with what the input says and everything else as at the very beginning.
pub fn blank(cx: &Cx, org_id: Id, input: &NewOrder) -> OrderRow {
    let by = cx.actor.as_ref().map_or(Id::NIL, |actor| actor.user);
    let kind = input.kind.trim();
    let said = |text: &Option<String>| trimmed(text.as_deref());
    OrderRow {
        customer_id: input.customer_id,
        region: said(&input.region),
        kind: if kind.is_empty() { "repair_minor" } else { kind }.to_string(),
        mode: input.mode.unwrap_or(Mode::OnSite),
        priority: input.priority.unwrap_or(if input.urgent { 4 } else { 2 }),
        urgent: input.urgent,
        quote_limit: input.over_quote_limit,
        source: Some(said(&input.source)).filter(|s| !s.is_empty()).unwrap_or_else(|| "phone".into()),
        request_id: input.request_id,
        external_no: said(&input.external_no),
        symptom: said(&input.symptom),
        demand: said(&input.demand),
        remark: said(&input.remark),
        appoint_from: input.appointment_from,
        appoint_to: input.appointment_to,
        continuous: input.continuous,
        pickup_on: input.pickup_on,
        ..OrderRow::fresh(cx.id(), org_id, by, cx.now())
    }
}

/// A unit with its decision; the flag says whether the purchase date is known. `prefix` stands before the names of
/// fields in errors.
pub async fn draft_unit(
    cx: &Cx,
    conn: &mut Conn,
    order: &OrderRow,
    item: &NewOrderUnit,
    place: usize,
    prefix: &str,
    customer: Id,
) -> Result<(OrderUnit, bool)> {
    let unknown = |text: T, name: &str| {
        Error::rule(RuleError::new("orders.unit", text).field(format!("{prefix}{name}")))
    };
    let mut row = OrderUnit {
        id: cx.id(),
        order_id: order.id,
        org_id: order.org_id,
        place: i64::try_from(place).unwrap_or(0) + 1,
        unit_id: item.unit_id,
        model_id: item.model_id,
        model_name: String::new(),
        serial: String::new(),
        fault: trimmed(item.fault.as_deref().or(Some(&order.symptom))),
        group_code: trimmed(item.group_code.as_deref()),
        work_kind: item.work_kind.clone().unwrap_or_else(|| order.kind.clone()),
        cause: String::new(),
        result: String::new(),
        verdict: Verdict::NotCovered.as_str().into(),
        parts_bp: 0,
        labour_bp: 0,
        travel_bp: 0,
        warranty_until: None,
        policy_id: None,
        policy_version: 0,
        decision: "{}".into(),
        created_at: order.created_at,
    };
    if row.work_kind != order.kind {
        pricing::api::active_work_kind(conn, &row.work_kind).await?;
    }
    let (mut bought, mut installed) = (None, None);
    if let Some(id) = item.unit_id {
        let unit = products::api::unit(conn, id).await.map_err(|error| match error {
            Error::NotFound => unknown(T("没有这台设备", "There is no such unit"), "unit_id"),
            other => other,
        })?;
        if unit.customer_id.is_some_and(|owner| owner != customer) {
            return Err(unknown(
                T("这台设备属于其他客户", "This unit belongs to another customer"),
                "unit_id",
            ));
        }
        (row.model_id, row.model_name, row.serial) = (Some(unit.model_id), unit.model_name, unit.serial);
        (bought, installed) = (unit.purchase_date, unit.install_date);
    } else if let Some(id) = item.model_id {
        row.model_name = products::api::model(conn, id).await?.name;
    }
    if row.unit_id.is_some() || row.model_id.is_some() {
        decide(cx, conn, &mut row, Cause::Product, bought, installed).await?;
    }
    Ok((row, bought.is_some() || installed.is_some()))
}

/// Asks the warranty and keeps inputs, version and reasons with the unit (WO-46).
pub async fn decide(
    cx: &Cx,
    conn: &mut Conn,
    row: &mut OrderUnit,
    cause: Cause,
    bought: Option<kernel::Date>,
    installed: Option<kernel::Date>,
) -> Result<()> {
    let question = Question {
        unit_id: row.unit_id,
        model_id: row.model_id,
        group_code: Some(row.group_code.clone()).filter(|code| !code.is_empty()),
        org_id: row.org_id,
        purchase_date: bought,
        install_date: installed,
        at: kit::format::date_of(cx.zone_of(row.org_id), row.created_at),
        cause,
    };
    let decision = warranty::api::decide(cx.lang, conn, &question).await?;
    row.verdict = decision.verdict.as_str().to_string();
    (row.parts_bp, row.labour_bp, row.travel_bp) = match decision.verdict {
        Verdict::Covered => (decision.parts_bp, decision.labour_bp, decision.travel_bp),
        Verdict::NotCovered | Verdict::Refer => (0, 0, 0),
    };
    row.warranty_until = decision.until;
    row.policy_id = decision.policy_id;
    row.policy_version = decision.policy_version;
    row.decision = serde_json::to_string(&json!({ "question": question, "decision": decision }))?;
    Ok(())
}

/// Problems left open on the units last time are copied into the remark (PROD-08).
async fn remind(conn: &mut Conn, order: &mut OrderRow, units: &[Id]) -> Result<()> {
    let mut texts: Vec<String> = Vec::new();
    for unit in units {
        let notes = products::api::open_notes(conn, *unit).await?;
        texts.extend(notes.iter().map(|note| note.text.trim().to_string()));
    }
    if texts.is_empty() {
        return Ok(());
    }
    let room = rules::LONG.saturating_sub(order.remark.chars().count() + 20);
    let reminder: String = format!("【上次遗留】{}", texts.join("；")).chars().take(room).collect();
    order.remark = if order.remark.is_empty() { reminder } else { format!("{}\n{reminder}", order.remark) };
    Ok(())
}

async fn draft_lines(
    cx: &Cx,
    conn: &mut Conn,
    order: &mut OrderRow,
    units: &[OrderUnit],
    input: &NewOrder,
) -> Result<Vec<(LineRow, StockWish)>> {
    let now = cx.now();
    order.fee_key = apply::fee_key(order, units);
    let scope = cx.scope(&ORDER_CREATE)?;
    let mut ctx = apply::For { order, units, scope, place: 1, sheet: Sheet::Intake, now };
    let mut lines: Vec<(LineRow, StockWish)> =
        apply::fee_lines(cx, conn, &ctx).await?.into_iter().map(|row| (row, StockWish::Plan)).collect();
    for wanted in &input.lines {
        ctx.place = i64::try_from(lines.len()).unwrap_or(0) + 1;
        lines.push(apply::draft(cx, conn, wanted, &ctx).await?);
    }
    let rows: Vec<LineRow> = lines.iter().map(|(row, _)| row.clone()).collect();
    (order.gross, order.payable) = line::rules::totals(&rows)?;
    Ok(lines)
}

async fn first_clocks(cx: &Cx, order: &OrderRow) -> Result<Clocks> {
    let (org, now) = (order.org_id, order.created_at);
    let fix = if order.warranty == WarrantyClass::Out { &settings::FIX_OUT } else { &settings::FIX_IN };
    let mut start = vec![
        (clocks::RESPONSE, settings::span(cx, &settings::RESPONSE, org).await?, now),
        (clocks::DISPATCH, settings::span(cx, &settings::DISPATCH, org).await?, now),
        (clocks::FIX, settings::span(cx, fix, org).await?, now),
    ];
    if order.mode.travels() {
        start.push((clocks::ARRIVAL, settings::span(cx, &settings::ARRIVAL, org).await?, now));
    }
    if let Some(day) = order.pickup_on {
        start.push(super::service::pickup_clock(&cx.zone_of(order.org_id), day, now));
    }
    Ok(Clocks { start, ..Clocks::default() })
}

async fn insert_in(tx: &mut Tx, draft: Draft, no: Number) -> Result<OrderOut> {
    let Draft { mut order, units, lines, last, clocks } = draft;
    order.no = no.take(tx, order.org_id).await?;
    let cx = tx.cx().clone();
    let process = match crate::process::service::template_of(&cx, &order).await? {
        Some(code) => crate::process::service::start_in(tx, &mut order, &code).await?,
        None => None,
    };
    clocks.apply(tx, &order.doc(), order.org_id).await?;
    store::insert_order(tx, &order).await?;
    store::insert_units(tx, &units).await?;
    crate::key::service::give_in(tx, &order).await?;
    let mut rows = Vec::with_capacity(lines.len());
    for (mut row, wish) in lines {
        if row.part_id.is_some() {
            apply::move_in(tx, &order, &mut row, wish).await?;
        }
        rows.push(row);
    }
    line::store::insert_lines(tx, &rows).await?;
    if let Some(last) = &last {
        let class = rules::fix_class(last.done_at.is_some(), last.failed_fixes + 1, last.repeat_round);
        store::add_failed_fix(tx, last, class).await?;
    }
    let step = first_step(tx, &order, "create");
    store::insert_step(tx, &step).await?;
    put_search(tx, &order).await?;
    tx.log(order.doc(), "created", created_detail(&order));
    let (order_id, at) = (order.id, tx.now());
    tx.emit(&contracts::OrderCreated { order_id, no: order.no.clone(), org_id: order.org_id, at })?;
    if let Some(step) = process {
        crate::process::service::catch_up_in(tx, &step).await?;
        order = store::get_order(tx, order.id).await?;
    }
    Ok(answer(tx, &order, &rows))
}

/// The step that opens an order's history.
pub fn first_step(tx: &Tx, order: &OrderRow, action: &str) -> OrderStep {
    OrderStep {
        id: tx.id(),
        order_id: order.id,
        org_id: order.org_id,
        action: action.to_string(),
        from_state: String::new(),
        to_state: order.state.as_str().to_string(),
        at: order.created_at,
        staff_id: tx.staff(),
        staff_name: tx.cx().actor.as_ref().map(|a| a.name.clone()).unwrap_or_default(),
        on_behalf: None,
        reason: String::new(),
        lat: None,
        lon: None,
        late: false,
    }
}

/// What the audit keeps of a new order: what was decided, not who lives where.
fn created_detail(order: &OrderRow) -> serde_json::Value {
    json!({
        "no": order.no, "customer_id": order.customer_id, "kind": order.kind, "mode": order.mode, "warranty": order.warranty,
        "priority": order.priority, "unit_id": order.unit_id, "payable": order.payable, "missing": order.missing,
        "repeat_of": order.repeat_of, "request_id": order.request_id,
    })
}
