//! How audited orders become pay lines, and what people may do with them.

use kernel::{Id, Money, Problems, RuleError, T, Ts};
use kit::{Cx, DocRef, Error, Result, Sens, Show, Tx, format::date_of};
use orders::api::{LineKind as OrderLine, Mode, OrderBrief, State};
use org::api::UnitKind;

use super::{
    model::{
        AnswerDispute, AskDispute, CalcRow, CalcState, Computed, DisputeRow, Facts, GiveReward, Late,
        LineKind, LineOut, LineRow, OrderPay, Worker,
    },
    rules, store,
};
use crate::{
    perms::{PAY_COMPUTE, PAY_MINE, PAY_READ, PAY_REWARD},
    rule,
};

/// Clocks that engineers and outlets answer for (PAY-05).
const ANSWERED: [&str; 3] = [orders::api::ARRIVAL, orders::api::FIX, orders::api::PAPERWORK];

/// True when the caller sees the amounts of a line: one's own always, others' by the field rule, nothing while
/// hidden by key (ORG-11).
fn sees(cx: &Cx, staff: Id) -> bool {
    let own = cx.actor.as_ref().is_some_and(|actor| actor.staff == Some(staff));
    (own && !cx.req.hidden) || cx.shows(Sens::Pay) == Show::Full
}

/// A line as the caller may see it.
pub fn out(cx: &Cx, row: &LineRow) -> LineOut {
    let full = sees(cx, row.staff_id);
    LineOut {
        id: row.id,
        party: row.party,
        staff_id: row.staff_id,
        staff_name: row.staff_name.clone(),
        order_id: row.order_id,
        order_no: row.order_no.clone(),
        period: row.period.clone(),
        kind: row.kind,
        label: row.label.clone(),
        amount: full.then_some(row.amount),
        points: row.points,
        share_bp: row.share_bp,
        rule_id: row.rule_id,
        rule_version: row.rule_version,
        trace: if full { serde_json::from_str(&row.said).unwrap_or_default() } else { Vec::new() },
        sheet_id: row.sheet_id,
        reverses: row.reverses,
        created_at: row.created_at,
    }
}

/// The pay of an order that the caller may see, with the lines that are theirs to see.
pub async fn of_order(cx: &Cx, order: Id) -> Result<OrderPay> {
    let scope = cx.scope(&PAY_READ)?;
    let mut conn = cx.read().await?;
    orders::api::visible(cx, &mut conn, order).await?;
    let state = store::select_calcs(&mut conn, order).await?.first().map(|calc| calc.state);
    let rows = store::select_of_order_in(&mut conn, order, &scope).await?;
    cx.count(&conn);
    order_pay(cx, order, state, &rows)
}

fn order_pay(cx: &Cx, order_id: Id, state: Option<CalcState>, rows: &[LineRow]) -> Result<OrderPay> {
    let lines: Vec<LineOut> = rows.iter().map(|row| out(cx, row)).collect();
    let amounts: Option<Vec<Money>> = lines.iter().map(|line| line.amount).collect();
    let total = amounts.map(Money::sum).transpose()?;
    Ok(OrderPay { order_id, state: state.map_or("none", CalcState::as_str).to_string(), lines, total })
}

/// Computes the pay of an audited order if it was not computed yet (PAY-02).
pub async fn compute(cx: &Cx, order: Id) -> Result<OrderPay> {
    let scope = cx.scope(&PAY_COMPUTE)?;
    let mut conn = cx.read().await?;
    let brief = orders::api::visible(cx, &mut conn, order).await?;
    cx.authorize(&PAY_COMPUTE, &brief)?;
    drop(conn);
    let mut tx = kit::begin!(cx, "pay.compute", &order);
    let computed = compute_in(&mut tx, order).await?;
    let calcs = store::select_calcs(&mut tx, order).await?;
    if !computed && calcs.is_empty() {
        return Err(Error::Conflict(RuleError::new(
            "pay.not_audited",
            T("工单审核后才计算提成", "Pay is computed once the order is audited"),
        )));
    }
    let state = calcs.first().map(|calc| calc.state);
    let rows = store::select_of_order_in(&mut tx, order, &scope).await?;
    let answer = order_pay(cx, order, state, &rows)?;
    tx.commit(answer).await
}

/// Computes the pay of an order once per audit: false when the order is not audited now, or it was done before.
pub async fn compute_in(tx: &mut Tx, order: Id) -> Result<bool> {
    let brief = orders::api::brief(tx, order).await?;
    let audited = matches!(brief.state, State::Audited | State::Closed);
    let (true, Some(at)) = (audited, brief.audited_at) else { return Ok(false) };
    // The event may have been faster than the person, or the other way round.
    if store::select_calcs(tx, order).await?.iter().any(|calc| calc.round == brief.reworks) {
        return Ok(false);
    }
    let facts = gather(tx, &brief, at).await?;
    let rules = rule::store::select_rules(tx, facts.on).await?;
    let lines = rules::compute(&facts, &rules)?;
    let now = tx.now();
    let calc = CalcRow {
        id: tx.id(),
        org_id: brief.org_id,
        order_id: order,
        order_no: brief.no.clone(),
        round: brief.reworks,
        state: CalcState::Valid,
        facts: serde_json::to_string(&facts)?,
        total: Money::sum(lines.iter().map(|line| line.amount))?,
        created_at: now,
        reversed_at: None,
    };
    store::claim_calc(tx, &calc).await?;
    let period = rules::period_of(facts.on);
    let rows = lines.iter().map(|line| row_of(tx, &calc, line, &period)).collect::<Result<Vec<_>>>()?;
    store::insert_lines(tx, &rows).await?;
    let detail =
        serde_json::json!({"round": calc.round, "total": calc.total, "rules": rules::versions(&lines)});
    tx.log(DocRef::new("order", order, &brief.no), "pay", detail);
    Ok(true)
}

fn row_of(tx: &Tx, calc: &CalcRow, line: &Computed, period: &str) -> Result<LineRow> {
    Ok(LineRow {
        id: tx.id(),
        org_id: calc.org_id,
        party: line.party,
        staff_id: line.staff_id,
        staff_name: line.staff_name.clone(),
        calc_id: Some(calc.id),
        order_id: Some(calc.order_id),
        order_no: calc.order_no.clone(),
        period: period.to_string(),
        kind: line.kind,
        amount: line.amount,
        points: line.points,
        share_bp: line.share_bp,
        rule_kind: line.rule_kind.to_string(),
        rule_id: line.rule_id,
        rule_version: line.rule_version,
        label: line.label.clone(),
        said: serde_json::to_string(&line.said)?,
        sheet_id: None,
        reverses: None,
        created_at: tx.now(),
        created_by: tx.cx().actor()?.user,
    })
}

/// Everything the rules need to know of an order, in a handful of statements.
async fn gather(tx: &mut Tx, order: &OrderBrief, at: Ts) -> Result<Facts> {
    let lines = orders::api::lines(tx, order.id).await?;
    let is_labour = |kind: OrderLine, code: &str| kind == OrderLine::Labour || code == "labour";
    let labour = || lines.iter().filter(|line| is_labour(line.kind, &line.code));
    // What was given back was not sold: it has no cost, and must have no margin.
    let parts = || lines.iter().filter(|line| line.kind == OrderLine::Part && line.stock.is_out());
    let kind = orders::api::work_kinds(tx).await?.into_iter().find(|kind| kind.code == order.kind);
    let grouping = if order.mode == Mode::Outsourced {
        "outsourced"
    } else {
        kind.map_or("", |kind| kind.grouping.as_str())
    };
    // Who did the work answers for its time: the outlet or authorised station the order was given to, else its own.
    let unit = org::api::org(tx, order.outlet_id.unwrap_or(order.org_id)).await?;
    let answers = matches!(unit.kind, UnitKind::Outlet | UnitKind::Station);
    let outlet = answers.then_some((unit.id, unit.name));
    Ok(Facts {
        on: date_of(tx.cx().zone_of(order.org_id), at),
        grouping: grouping.to_string(),
        kind: order.kind.clone(),
        mode: order.mode.as_str().to_string(),
        labour_gross: Money::sum(labour().map(|line| line.gross))?,
        labour_net: Money::sum(labour().map(|line| line.amount))?,
        parts_gross: Money::sum(parts().map(|line| line.gross))?,
        parts_cost: Money::sum(parts().map(|line| line.cost))?,
        score: order.score,
        fix_class: order.fix_class.as_str().to_string(),
        callbacks: rules::known_results(store::select_results(tx, order.id).await?, &order.callback_class),
        late: lateness(tx, order.id, at).await?,
        deduction: order.deduction,
        workers: workers(tx, order.id).await?,
        outlet,
    })
}

/// The longest delay of each clock that ran out.
async fn lateness(tx: &mut Tx, order: Id, at: Ts) -> Result<Vec<Late>> {
    let mut late: Vec<Late> = Vec::new();
    for timer in kit::timers::of_doc(tx, order).await? {
        let (Some(due), true) = (timer.due_at, ANSWERED.contains(&timer.kind.as_str())) else { continue };
        let Some(hours) = rules::hours_late(due, timer.ended_at.unwrap_or(at).min(at)) else { continue };
        match late.iter_mut().find(|known| known.clock == timer.kind) {
            Some(known) => known.hours = known.hours.max(hours),
            None => late.push(Late { clock: timer.kind, hours }),
        }
    }
    late.sort_by(|a, b| a.clock.cmp(&b.clock));
    Ok(late)
}

async fn workers(tx: &mut Tx, order: Id) -> Result<Vec<Worker>> {
    let shares = orders::api::shares(tx, order).await?;
    let ids: Vec<Id> = shares.iter().map(|share| share.staff_id).collect();
    let staff = org::api::staff_many(tx, &ids).await?;
    Ok(shares
        .into_iter()
        .filter_map(|share| {
            let person = staff.iter().find(|person| person.id == share.staff_id)?;
            Some(Worker {
                staff_id: person.id,
                name: person.name.clone(),
                grade: person.grade,
                share_bp: share.share_bp,
            })
        })
        .collect())
}

/// Takes back what was paid for an order that was opened again; the opposite lines are booked in the present month
/// and settled with the next sheet (PAY-15).
pub async fn reverse_in(tx: &mut Tx, order: Id, before_round: i64) -> Result<usize> {
    let now = tx.now();
    let period = rules::period_of(date_of(tx.cx().zone_of(Id::NIL), now));
    let mut back = Vec::new();
    for calc in store::select_calcs(tx, order).await? {
        if calc.round >= before_round
            || calc.state != CalcState::Valid
            || !store::reverse_calc(tx, calc.id, now).await?
        {
            continue;
        }
        for line in
            store::select_of_calc(tx, calc.id).await?.into_iter().filter(|line| line.reverses.is_none())
        {
            if line.amount.is_zero() && line.points == 0 {
                continue;
            }
            let (amount, points, said) = rules::reversal(line.amount, line.points, &line.label, &line.period);
            back.push(LineRow {
                id: tx.id(),
                period: period.clone(),
                kind: LineKind::Reversal,
                amount,
                points,
                said: serde_json::to_string(&said)?,
                sheet_id: None,
                reverses: Some(line.id),
                created_at: now,
                created_by: tx.cx().actor()?.user,
                ..line
            });
        }
        tx.log(
            DocRef::new("order", order, &calc.order_no),
            "pay_reversed",
            serde_json::json!({"round": calc.round}),
        );
    }
    store::insert_lines(tx, &back).await?;
    Ok(back.len())
}

/// Notes a callback's result; one that comes after the audit brings its rewards and penalties then (PAY-04, 06).
pub async fn note_result_in(tx: &mut Tx, callback: Id, order: Id, class: &str, at: Ts) -> Result<()> {
    let calcs = store::select_calcs(tx, order).await?;
    let Some(calc) = calcs.into_iter().find(|calc| calc.state == CalcState::Valid) else {
        return store::note_result(tx, callback, order, class, at).await;
    };
    if !store::insert_result(tx, callback, order, class, at).await? {
        return Ok(());
    }
    let mut facts: Facts = serde_json::from_str(&calc.facts)?;
    if !rules::is_new_result(&facts.callbacks, &store::select_results(tx, order).await?, class) {
        return Ok(());
    }
    let today = date_of(tx.cx().zone_of(Id::NIL), tx.now());
    let held = rule::store::select_rules(tx, today).await?;
    let lines = rules::late_result(&Facts { on: today, ..facts.clone() }, &held, class)?;
    facts.callbacks.push(class.to_string());
    let total = Money::sum(lines.iter().map(|line| line.amount).chain([calc.total]))?;
    store::grow_calc(tx, calc.id, &serde_json::to_string(&facts)?, total).await?;
    let period = rules::period_of(today);
    let rows = lines.iter().map(|line| row_of(tx, &calc, line, &period)).collect::<Result<Vec<_>>>()?;
    store::insert_lines(tx, &rows).await
}

/// A reward or penalty by hand, by a defined item (PAY-04).
pub async fn give_reward(cx: &Cx, input: GiveReward) -> Result<LineOut> {
    cx.require(&PAY_REWARD)?;
    let mut problems = Problems::default();
    problems.take(kit::inputs::chosen(input.staff_id, "staff_id"));
    problems.check(!input.item.trim().is_empty(), || kit::inputs::required("item"));
    let reason = problems.take(rules::check_reason(&input.reason, "reason")).unwrap_or_default();
    problems.finish()?;
    let mut tx = kit::begin!(cx, "pay.give_reward", &input);
    let today = date_of(tx.cx().zone_of(Id::NIL), tx.now());
    let item = rule::store::find_item(&mut tx, input.item.trim(), today).await?.ok_or_else(unknown_item)?;
    let person = org::api::staff(&mut tx, input.staff_id).await?;
    let order = match input.order_id {
        Some(id) => Some(orders::api::visible(cx, &mut tx, id).await?),
        None => None,
    };
    let worker =
        Worker { staff_id: person.id, name: person.name.clone(), grade: person.grade, share_bp: 10_000 };
    let amount = input.amount.map_or(item.amount, |amount| amount.0);
    if amount.is_negative() {
        return Err(RuleError::new("pay.amount", T("金额不能为负", "An amount can't be negative"))
            .field("amount")
            .into());
    }
    let said = vec![crate::said::Said::new(
        T("{who}登记：{reason}", "Noted by {who}: {reason}"),
        &[("who", cx.actor()?.name.clone()), ("reason", reason)],
    )];
    let line = rules::item_line(&worker, &item, amount, item.points, said);
    let about = order.map(|order| (order.id, order.no));
    let row = single(&tx, &person, line, about, &rules::period_of(today))?;
    tx.authorize(&PAY_REWARD, &row)?;
    store::insert_lines(&mut tx, std::slice::from_ref(&row)).await?;
    tx.created(DocRef::new("pay_line", row.id, &row.order_no), &row)?;
    let answer = out(cx, &row);
    tx.commit(answer).await
}

/// A line that belongs to no computation.
fn single(
    tx: &Tx,
    person: &org::api::StaffBrief,
    line: Computed,
    about: Option<(Id, String)>,
    period: &str,
) -> Result<LineRow> {
    Ok(LineRow {
        id: tx.id(),
        org_id: person.org_id,
        party: line.party,
        staff_id: person.id,
        staff_name: person.name.clone(),
        calc_id: None,
        order_id: about.as_ref().map(|(id, _)| *id),
        order_no: about.map_or_else(String::new, |(_, no)| no),
        period: period.to_string(),
        kind: line.kind,
        amount: line.amount,
        points: line.points,
        share_bp: line.share_bp,
        rule_kind: line.rule_kind.to_string(),
        rule_id: line.rule_id,
        rule_version: line.rule_version,
        label: line.label,
        said: serde_json::to_string(&line.said)?,
        sheet_id: None,
        reverses: None,
        created_at: tx.now(),
        created_by: tx.cx().actor()?.user,
    })
}

/// The process of an order puts something on the settlement: for the engineer who leads, or split among all who worked
/// on it by their shares (PAY-14); a reward when the amount is positive, a deduction when it is negative (DOC-04). What is
/// an outlet's, the maker's or the customer's is no engineer's pay. Orders without an engineer owe nobody anything.
pub async fn settle_asked_in(tx: &mut Tx, event: &contracts::ProcessAsked) -> Result<()> {
    let shared = event.party == "engineers";
    let pay = event.what == "settlement" && (shared || event.party == "engineer");
    if !pay || event.doc_kind != "order" || event.amount == 0 {
        return Ok(());
    }
    let order = orders::api::brief(tx, event.doc_id).await?;
    let Some(engineer) = order.engineer_id else { return Ok(()) };
    let mut people = if shared { workers(tx, order.id).await? } else { Vec::new() };
    if people.is_empty() {
        let person = org::api::staff(tx, engineer).await?;
        people.push(Worker { staff_id: person.id, name: person.name, grade: person.grade, share_bp: 10_000 });
    }
    let period = rules::period_of(date_of(tx.cx().zone_of(Id::NIL), event.at));
    for line in rules::process_lines(&people, Money(event.amount), &event.text) {
        let person = org::api::staff(tx, line.staff_id).await?;
        let row = single(tx, &person, line, Some((order.id, order.no.clone())), &period)?;
        store::insert_lines(tx, std::slice::from_ref(&row)).await?;
        tx.created(DocRef::new("pay_line", row.id, &row.order_no), &row)?;
    }
    Ok(())
}

fn unknown_item() -> Error {
    RuleError::new("pay.item", T("没有这个有效的奖惩项", "There is no such item in force"))
        .field("item")
        .into()
}

/// Asks about one's own line (PAY-03).
pub async fn ask(cx: &Cx, input: AskDispute) -> Result<DisputeRow> {
    cx.require(&PAY_MINE)?;
    let question = rules::check_reason(&input.question, "question")?;
    let mut tx = kit::begin!(cx, "pay.ask", &input);
    let line = store::get_line(&mut tx, input.line_id).await?;
    tx.authorize(&PAY_MINE, &line)?;
    let row = DisputeRow {
        id: tx.id(),
        line_id: line.id,
        org_id: line.org_id,
        staff_id: line.staff_id,
        staff_name: line.staff_name,
        order_no: line.order_no,
        question,
        state: "open".into(),
        answer: String::new(),
        answered_by: String::new(),
        created_at: tx.now(),
        answered_at: None,
    };
    store::insert_dispute(&mut tx, &row).await?;
    tx.created(DocRef::new("pay_dispute", row.id, &row.order_no), &row)?;
    tx.commit(row).await
}

/// Answers a question; a correction is a reward or penalty by hand, never a changed line.
pub async fn answer(cx: &Cx, id: Id, input: AnswerDispute) -> Result<DisputeRow> {
    cx.require(&PAY_REWARD)?;
    let answer = rules::check_reason(&input.answer, "answer")?;
    let mut tx = kit::begin!(cx, "pay.answer", &(id, &input));
    let old = store::get_dispute(&mut tx, id).await?;
    tx.authorize(&PAY_REWARD, &old)?;
    let row = DisputeRow {
        state: "answered".into(),
        answer,
        answered_by: cx.actor()?.name.clone(),
        answered_at: Some(tx.now()),
        ..old
    };
    if !store::answer_dispute(&mut tx, &row).await? {
        return Err(Error::Conflict(RuleError::new(
            "pay.answered",
            T("这个异议已答复", "This question was answered before"),
        )));
    }
    tx.log(DocRef::new("pay_dispute", row.id, &row.order_no), "answered", serde_json::to_value(&row)?);
    tx.commit(row).await
}
