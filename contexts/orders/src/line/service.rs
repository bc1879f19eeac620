//! Commands on lines, and what other commands do to all lines of an order.

use kernel::{Id, Money, Quantity, RuleError, T, Ts};
use kit::{Cx, Error, Result, Tx};
use parts::api::{self as stock, DebtorKind, OldPart};
use serde_json::json;

use super::{
    apply::{self, For},
    model::{EditLine, LineKind, LineOut, LineRow, LinesOut, NewLine, Sheet, Stock, StockWish},
    rules, store,
};
use crate::{
    order::{
        fast,
        input::{Complete, Consent, UsedLine},
        job::{Job, answer, trimmed},
        model::{OrderRow, OrderUnit},
        out::OrderOut,
        service as commands, store as orders,
    },
    perms::{ORDER_LINES, ORDER_PRICE, ORDER_READ, ORDER_RECLASSIFY},
};

/// Something more that the customer agreed to.
pub struct Agreed<'a> {
    /// What is to be done.
    pub what: &'a str,
    /// For how much.
    pub price: Money,
    /// Who agreed.
    pub by: &'a str,
    /// How: phone, signature …
    pub how: &'a str,
}

/// All lines of an order.
pub async fn list(cx: &Cx, order: Id) -> Result<LinesOut> {
    let mut conn = cx.read().await?;
    let row = orders::get_order(&mut conn, order).await?;
    cx.authorize(&ORDER_READ, &row)?;
    let lines = store::select_lines(&mut conn, order).await?;
    cx.count(&conn);
    Ok(LinesOut {
        items: lines.iter().map(|line| LineOut::of(cx.lang, line)).collect(),
        gross: row.gross,
        reduced: row.reduced,
        payable: row.payable,
    })
}

/// Adds a line; parts saved on a dispatch, completion or callback sheet leave the depot at once (PARTS-33).
/// Answers with the new line. Errors: `parts.not_enough` (409), `orders.line_*` by field.
pub async fn add(cx: &Cx, order: Id, input: NewLine) -> Result<OrderOut> {
    let mut tx = kit::begin!(cx, "orders.add_line", &(order, &input));
    let out = add_line_in(&mut tx, order, &input).await?;
    tx.commit(out).await
}

/// The same in the caller's transaction.
pub async fn add_line_in(tx: &mut Tx, order: Id, input: &NewLine) -> Result<OrderOut> {
    add_by(tx, order, input, true).await
}

/// What the customer agreed to, in the transaction of whoever asked, whose permission was checked there: the line joins
/// the order with the price that was agreed, and so does the consent (SHOP-18). Recorded by who works on the order it
/// is a fee: on the bill all the same, but nobody's word raises their own commission (PAY-03).
pub async fn add_agreed_line_in(tx: &mut Tx, order: Id, agreed: &Agreed<'_>) -> Result<()> {
    let row = orders::get_order(tx, order).await?;
    let own = kit::Owned::owners(&row).contains(&tx.staff()) && tx.authorize(&ORDER_PRICE, &row).is_err();
    let line = NewLine {
        kind: Some(if own { LineKind::Fee } else { LineKind::Labour }),
        name: Some(agreed.what.to_string()),
        price: Some(agreed.price),
        note: Some(tx.cx().t(T("增项，客户已同意", "Extra item, agreed")).to_string()),
        ..NewLine::default()
    };
    let sums = add_by(tx, order, &line, false).await?;
    let total = sums.consent_total.unwrap_or(Money::ZERO).max(sums.payable);
    let note = Some(format!("{} {}", agreed.what, agreed.how));
    let consent = Consent { version: None, total: Some(total), by: agreed.by.to_string(), note };
    commands::consent_by(tx, order, &consent, false).await.map(drop)
}

async fn add_by(tx: &mut Tx, order: Id, input: &NewLine, own: bool) -> Result<OrderOut> {
    let mut job = Job::open_by(tx, order, "lines", None, own).await?;
    job.silent = true;
    let mut lines = store::select_lines(tx, order).await?;
    if lines.len() >= 500 {
        return Err(Error::rule(RuleError::new(
            "orders.too_many_lines",
            T("一张工单最多 500 行", "An order has at most 500 lines"),
        )));
    }
    let input = &fast::part_in(tx, input).await?;
    let line = add_in(tx, &job.new, &lines, input, None, own).await?;
    lines.push(line.clone());
    total(&mut job.new, &lines)?;
    job.detail.push(("line", told(&line)));
    let row = job.save(tx).await?;
    Ok(answer(tx, &row, std::slice::from_ref(&line)))
}

/// Drafts, moves the stock, inserts.
async fn add_in(
    tx: &mut Tx,
    order: &OrderRow,
    lines: &[LineRow],
    input: &NewLine,
    sheet: Option<Sheet>,
    own: bool,
) -> Result<LineRow> {
    let cx = tx.cx().clone();
    let units = orders::select_units(tx, order.id).await?;
    let ctx = For {
        order,
        units: &units,
        scope: if own { cx.scope(&ORDER_LINES)? } else { kit::Scope::All },
        place: apply::next_place(lines),
        sheet: sheet.unwrap_or(rules::sheet_of(order.state)),
        now: tx.now(),
    };
    let (mut line, wish) = apply::draft(&cx, tx, input, &ctx).await?;
    if own && input.price.is_some() {
        check_pricing(tx, order, &line, "price")?;
    }
    if line.kind == LineKind::Part {
        apply::move_in(tx, order, &mut line, wish).await?;
    }
    store::insert_lines(tx, std::slice::from_ref(&line)).await?;
    if line.stock == Stock::Used {
        owe_old_part(tx, order, &line).await?;
    }
    Ok(line)
}

/// What commission is paid on is priced by the lists, unless by somebody whom the company lets set prices (PAY-03).
fn check_pricing(tx: &Tx, order: &OrderRow, line: &LineRow, field: &'static str) -> Result<()> {
    if rules::by_list(line.auto, line.kind) && tx.authorize(&ORDER_PRICE, order).is_err() {
        let text =
            T("备件和工时按价目表计价，您不能改价", "Parts and labour are priced by the lists, not by you");
        return Err(RuleError::new("orders.line_pricing", text).field(field).into());
    }
    Ok(())
}

/// Its quantity makes its amount and nothing else; how many parts there are is for the stock to say.
fn counts_by_quantity(line: &LineRow) -> bool {
    line.auto || line.kind == LineKind::Labour
}

/// Changes a line; quantities that go up or down move stock up or down.
pub async fn change(cx: &Cx, order: Id, id: Id, input: EditLine) -> Result<OrderOut> {
    if input.covered_bp.is_some() {
        cx.require(&ORDER_RECLASSIFY)?;
    }
    let mut tx = kit::begin!(cx, "orders.change_line", &(order, id, &input));
    let mut job = Job::open(&mut tx, order, "lines", input.version).await?;
    job.silent = true;
    let mut lines = store::select_lines(&mut tx, order).await?;
    let at = lines.iter().position(|line| line.id == id).ok_or(Error::NotFound)?;
    let old = lines[at].clone();
    let mut line = edited(&old, &input)?;
    let (price, quantity) = (line.price != old.price, line.quantity != old.quantity);
    if price || (quantity && !old.price.is_zero() && counts_by_quantity(&old)) {
        check_pricing(&tx, &job.old, &line, if price { "price" } else { "quantity" })?;
        if line.auto {
            line.priced = true;
            line.trace = apply::priced_by(&cx.signature(), &old, &line);
        }
    }
    if let Some(part) = line.part_id.filter(|_| quantity) {
        stock::check_whole(&stock::part(&mut tx, part).await?, line.quantity)?;
    }
    if line.depot_id != old.depot_id {
        let scope = cx.scope(&ORDER_LINES)?;
        check_depot(&mut tx, &job.old, &line, &scope).await?;
    }
    if line.kind == LineKind::Part && (old.stock != Stock::Returned || input.stock.is_some()) {
        let now = match old.stock {
            Stock::Issued | Stock::Used => StockWish::Issue,
            Stock::Reserved => StockWish::Reserve,
            _ => StockWish::Plan,
        };
        let wish = input.stock.unwrap_or(now);
        rules::check_wish(old.stock, wish)?;
        let sheet = rules::sheet_of(job.old.state);
        rules::wish(input.stock, sheet)?;
        if old.stock == Stock::Returned {
            // Wanted again: from here on it is a line of the sheet that is filled in now.
            (line.sheet, line.stock) = (sheet, Stock::Planned);
        }
        if wish != StockWish::Plan || old.stock == Stock::Reserved {
            apply::move_in(&mut tx, &job.old, &mut line, wish).await?;
        }
        if old.stock == Stock::Used {
            line.stock = Stock::Used;
        }
        if line.stock == Stock::Used {
            owe_old_part(&mut tx, &job.old, &line).await?;
        }
    }
    line.updated_at = tx.now();
    store::update_line(&mut tx, &old, &line).await?;
    lines[at] = line.clone();
    total(&mut job.new, &lines)?;
    job.detail.push(("line", json!([told(&old), told(&line)])));
    let row = job.save(&mut tx).await?;
    let out = answer(&tx, &row, std::slice::from_ref(&line));
    tx.commit(out).await
}

fn edited(old: &LineRow, input: &EditLine) -> Result<LineRow> {
    let mut line = old.clone();
    if let Some(quantity) = input.quantity {
        rules::check_quantity(quantity)?;
        line.quantity = quantity;
    }
    if let Some(price) = input.price {
        rules::check_price(price)?;
        line.price = price;
    }
    if let Some(depot) = input.depot_id {
        line.depot_id = Some(depot);
    }
    if let Some(text) = &input.serials {
        line.serials = trimmed(Some(text));
    }
    if let Some(text) = &input.note {
        line.note = trimmed(Some(text));
    }
    line.old_part_taken = input.old_part_taken.unwrap_or(line.old_part_taken);
    if let Some(share) = input.covered_bp {
        let reason = trimmed(input.reason.as_deref());
        rules::check_reclassify(share, &reason)?;
        (line.covered_bp, line.reclassified) = (share, reason);
    }
    (line.gross, line.amount) = rules::amounts(line.price, line.quantity, line.covered_bp)?;
    Ok(line)
}

async fn check_depot(tx: &mut Tx, order: &OrderRow, line: &LineRow, scope: &kit::Scope) -> Result<()> {
    let Some(id) = line.depot_id else { return Ok(()) };
    let depot = stock::depot(tx, id).await?;
    let holder: Vec<Id> = depot.holder_id.into_iter().collect();
    let own = depot.holder_id.is_some() && depot.holder_id == order.engineer_id;
    if depot.org_id == order.org_id || own || scope.covers(depot.org_id, &holder) {
        Ok(())
    } else {
        Err(Error::NotFound)
    }
}

/// Removes a line; what it took from the depot goes back (PARTS-33).
pub async fn remove(cx: &Cx, order: Id, id: Id) -> Result<OrderOut> {
    let mut tx = kit::begin!(cx, "orders.remove_line", &(order, id));
    let mut job = Job::open(&mut tx, order, "lines", None).await?;
    job.silent = true;
    let mut lines = store::select_lines(&mut tx, order).await?;
    let at = lines.iter().position(|line| line.id == id).ok_or(Error::NotFound)?;
    if counts_by_quantity(&lines[at]) && !lines[at].price.is_zero() {
        check_pricing(&tx, &job.old, &lines[at], "price")?;
    }
    if lines[at].auto && (lines[at].priced || !lines[at].price.is_zero()) {
        // By rule it would come back: it stays, at nothing, and says who struck it.
        let old = lines[at].clone();
        strike(&cx.signature(), &mut lines[at], tx.now())?;
        store::update_line(&mut tx, &old, &lines[at]).await?;
        total(&mut job.new, &lines)?;
        job.detail.push(("line", json!([told(&old), told(&lines[at])])));
        let row = job.save(&mut tx).await?;
        let out = answer(&tx, &row, std::slice::from_ref(&lines[at]));
        return tx.commit(out).await;
    }
    let mut line = lines.remove(at);
    job.detail.push(("line", json!([told(&line), null_line()])));
    apply::clear_in(&mut tx, &job.old, &mut line).await?;
    if line.old_part_due && line.part_id.is_some() {
        line.quantity = Quantity::ZERO;
        owe_old_part(&mut tx, &job.old, &line).await?;
    }
    store::delete_lines(&mut tx, &[id]).await?;
    total(&mut job.new, &lines)?;
    let row = job.save(&mut tx).await?;
    let out = answer(&tx, &row, &[]);
    tx.commit(out).await
}

/// Struck by hand: the rule's price is not asked (WO-39).
fn strike(who: &str, line: &mut LineRow, now: Ts) -> Result<()> {
    if !line.price.is_zero() {
        let old = line.clone();
        line.price = Money::ZERO;
        line.trace = apply::struck_by(who, &old);
    }
    (line.priced, line.updated_at) = (true, now);
    (line.gross, line.amount) = rules::amounts(line.price, line.quantity, line.covered_bp)?;
    Ok(())
}

fn null_line() -> serde_json::Value {
    serde_json::Value::Null
}

/// What the audit keeps of a line.
fn told(line: &LineRow) -> serde_json::Value {
    json!({
        "id": line.id, "kind": line.kind, "code": line.code, "name": line.name, "quantity": line.quantity, "price": line.price,
        "covered_bp": line.covered_bp, "amount": line.amount, "stock": line.stock, "depot_id": line.depot_id,
        "reclassified": line.reclassified,
    })
}

fn total(order: &mut OrderRow, lines: &[LineRow]) -> Result<()> {
    let (gross, amount) = rules::totals(lines)?;
    (order.gross, order.payable) = (gross, rules::payable(amount, order.reduced));
    Ok(())
}

/// A reduction agreed with the customer in the order's process comes off its bill (BILL-10).
///
/// Errors: 409 when the order is locked.
pub async fn reduce_in(tx: &mut Tx, order: Id, by: Money, why: &str) -> Result<()> {
    let mut job = Job::open_by(tx, order, "lines", None, false).await?;
    job.new.reduced = job.new.reduced.checked_add(by)?;
    let lines = store::select_lines(tx, order).await?;
    total(&mut job.new, &lines)?;
    job.silent = true;
    job.reason = why.to_string();
    job.save(tx).await.map(drop)
}

/// The old part for a new one must come back (PARTS-30): its debt follows what was used. Taken along already, it
/// is the engineer who owes it; otherwise the customer still has it.
async fn owe_old_part(tx: &mut Tx, order: &OrderRow, line: &LineRow) -> Result<()> {
    let (Some(part_id), true) = (line.part_id, line.old_part_due) else { return Ok(()) };
    let days: i64 = tx.cx().clone().setting(&stock::OLD_PART_DAYS, order.org_id).await?;
    let (debtor, debtor_id, debtor_name) = match order.engineer_id {
        Some(staff) => (DebtorKind::Staff, staff, order.engineer_name.clone()),
        None => (DebtorKind::Customer, order.customer_id, order.customer_name.clone()),
    };
    let old = OldPart {
        doc: order.doc(),
        line_id: line.id,
        part_id,
        org_id: order.org_id,
        debtor,
        debtor_id,
        debtor_name,
        owner_id: order.engineer_id,
        due: None,
    };
    stock::old_part_in(tx, &old, line.quantity, days).await
}

/// Lines at completion: quantities really used, unused and never issued material back, new lines of the sheet,
/// cover and fees under the decisions as they are now. `units` is given when they were decided again.
pub async fn settle(
    tx: &mut Tx,
    order: &mut OrderRow,
    input: &Complete,
    units: Option<Vec<OrderUnit>>,
) -> Result<Vec<LineRow>> {
    let before = store::select_lines(tx, order.id).await?;
    for used in &input.used {
        if !before.iter().any(|line| line.id == used.id && line.kind == LineKind::Part) {
            let text = T("该行不是本工单的备件行", "This is not a part line of the order");
            return Err(RuleError::new("orders.used_line", text).field("used").into());
        }
    }
    let mut lines = before.clone();
    for line in lines.iter_mut().filter(|line| line.kind == LineKind::Part) {
        let said = input.used.iter().find(|used| used.id == line.id);
        settle_part(tx, order, line, said).await?;
    }
    if let Some(units) = &units {
        for line in lines.iter_mut().filter(|line| line.reclassified.is_empty() && !line.auto) {
            apply::bear(order, units, line);
        }
    }
    for (old, line) in before.iter().zip(&mut lines) {
        if !line.auto {
            (line.gross, line.amount) = rules::amounts(line.price, line.quantity, line.covered_bp)?;
        }
        store::update_line(tx, old, line).await?;
    }
    for wanted in &input.lines {
        let wanted = &fast::part_in(tx, wanted).await?;
        let line = add_in(tx, order, &lines, wanted, Some(Sheet::Completion), true).await?;
        lines.push(line);
    }
    total(order, &lines)?;
    Ok(renew_fees(tx, order).await?.unwrap_or(lines))
}

async fn settle_part(
    tx: &mut Tx,
    order: &OrderRow,
    line: &mut LineRow,
    said: Option<&UsedLine>,
) -> Result<()> {
    if let Some(used) = said {
        line.old_part_taken |= used.old_part_taken;
        if let Some(serials) = &used.serials {
            line.serials = trimmed(Some(serials));
        }
        if used.quantity.is_zero() {
            return apply::clear_in(tx, order, line).await;
        }
        rules::check_quantity(used.quantity)?;
        if used.quantity != line.quantity || !line.stock.is_out() {
            line.quantity = used.quantity;
            apply::move_in(tx, order, line, StockWish::Issue).await?;
        }
        line.stock = Stock::Used;
        return owe_old_part(tx, order, line).await;
    }
    match line.stock {
        Stock::Issued => {
            line.stock = Stock::Used;
            owe_old_part(tx, order, line).await
        }
        Stock::Planned | Stock::Reserved => apply::clear_in(tx, order, line).await,
        Stock::None | Stock::Used | Stock::Returned => Ok(()),
    }
}

/// Renews the fees by rule when what they depend on has changed (WO-39), and the cover of lines when the warranty
/// class was changed by hand (WO-48). Returns the lines; none when nothing changed.
pub async fn renew_fees(tx: &mut Tx, order: &mut OrderRow) -> Result<Option<Vec<LineRow>>> {
    let units = orders::select_units(tx, order.id).await?;
    let key = apply::fee_key(order, &units);
    if key == order.fee_key {
        return Ok(None);
    }
    let cx = tx.cx().clone();
    let lines = store::select_lines(tx, order.id).await?;
    let (auto, mut kept): (Vec<LineRow>, Vec<LineRow>) = lines.into_iter().partition(|line| line.auto);
    for line in kept.iter_mut().filter(|line| line.reclassified.is_empty()) {
        let old = line.clone();
        apply::bear(order, &units, line);
        (line.gross, line.amount) = rules::amounts(line.price, line.quantity, line.covered_bp)?;
        store::update_line(tx, &old, line).await?;
    }
    let ctx = For {
        order,
        units: &units,
        scope: kit::Scope::All,
        place: apply::next_place(&kept),
        sheet: rules::sheet_of(order.state),
        now: tx.now(),
    };
    let mut fresh = apply::fee_lines(&cx, tx, &ctx).await?;
    for line in &mut fresh {
        // A price and a quantity set by hand, and a share changed by hand after evidence, outlive the rule.
        let same = |old: &&LineRow| old.code == line.code && old.order_unit_id == line.order_unit_id;
        let by_hand = |old: &&LineRow| old.priced || !old.reclassified.is_empty();
        let Some(old) = auto.iter().filter(same).find(by_hand) else { continue };
        // What was struck stays struck under the rule that asked it, not under another.
        if old.priced && (!old.price.is_zero() || old.rule_id == line.rule_id) {
            (line.price, line.quantity) = (old.price, old.quantity);
            (line.priced, line.trace) = (true, old.trace.clone());
        }
        if !old.reclassified.is_empty() {
            (line.covered_bp, line.reclassified) = (old.covered_bp, old.reclassified.clone());
        }
        (line.gross, line.amount) = rules::amounts(line.price, line.quantity, line.covered_bp)?;
    }
    store::delete_lines(tx, &auto.iter().map(|line| line.id).collect::<Vec<_>>()).await?;
    store::insert_lines(tx, &fresh).await?;
    kept.extend(fresh);
    order.fee_key = key;
    total(order, &kept)?;
    Ok(Some(kept))
}

/// For orders that end without completion: material that was not built in goes back. `fees` also strikes the fees
/// (a cancelled order costs nothing).
pub async fn give_back_all(tx: &mut Tx, order: &mut OrderRow, fees: bool) -> Result<()> {
    let before = store::select_lines(tx, order.id).await?;
    let mut lines = before.clone();
    for (old, line) in before.iter().zip(&mut lines) {
        if matches!(line.stock, Stock::Issued | Stock::Reserved | Stock::Planned) {
            apply::clear_in(tx, order, line).await?;
            store::update_line(tx, old, line).await?;
        }
    }
    let struck: Vec<Id> = lines.iter().filter(|line| fees && line.auto).map(|line| line.id).collect();
    store::delete_lines(tx, &struck).await?;
    lines.retain(|line| !struck.contains(&line.id));
    total(order, &lines)
}
