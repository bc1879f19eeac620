//! Parts that were listed at intake go out with the dispatch sheet (PARTS-33).

use kernel::{Id, Lang, Quantity, T};
use kit::{
    Result, Tx,
    notify::{Notice, tell_in},
};
use parts::api as stock;

use super::{
    apply,
    model::{LineKind, LineRow, Sheet, Stock, StockWish},
    store,
};
use crate::order::model::OrderRow;

/// Takes the parts that the intake sheet plans out of their depots, or the van of the engineer who was named. What the
/// van of `before`, who had the order, gave goes back there and comes from the new one's. What is not there stays
/// planned: the assignment holds, and the storekeepers and whoever assigned hear what is short; once, unless `news`.
/// Returns these lines as they are now.
pub async fn dispatch_in(
    tx: &mut Tx,
    order: &OrderRow,
    before: Option<Id>,
    news: bool,
) -> Result<Vec<LineRow>> {
    let lines = store::select_lines(tx, order.id).await?;
    let planned = |line: &LineRow| (line.sheet, line.stock) == (Sheet::Intake, Stock::Planned);
    let left = van(tx, before.filter(|_| lines.iter().any(|line| line.stock == Stock::Issued))).await?;
    let lent = |line: &LineRow| line.stock == Stock::Issued && left.is_some() && line.depot_id == left;
    let mut touched: Vec<LineRow> =
        lines.into_iter().filter(|l| l.kind == LineKind::Part && (planned(l) || lent(l))).collect();
    if touched.is_empty() {
        return Ok(touched);
    }
    for line in touched.iter_mut().filter(|line| lent(line)) {
        let old = line.clone();
        apply::clear_in(tx, order, line).await?;
        (line.stock, line.depot_id, line.updated_at) = (Stock::Planned, None, tx.now());
        store::update_line(tx, &old, line).await?;
    }
    let van = van(tx, order.engineer_id).await?;
    let mut short = Vec::new();
    for line in &mut touched {
        let free = match (line.part_id, line.depot_id.or(van)) {
            (Some(part), Some(depot)) => Some((depot, stock::available(tx, part, depot).await?.available)),
            _ => None,
        };
        match free {
            Some((depot, free)) if free >= line.quantity && take(tx, order, line, depot).await? => {}
            Some((depot, free)) => short.push(told(line, free, &stock::depot(tx, depot).await?.name)),
            None => short.push(told(line, Quantity::ZERO, &T::both("未选仓库", "no depot chosen"))),
        }
    }
    if news && !short.is_empty() {
        tell_short(tx, order, &short).await?;
    }
    Ok(touched)
}

async fn van(tx: &mut Tx, staff: Option<Id>) -> Result<Option<Id>> {
    let Some(staff) = staff else { return Ok(None) };
    Ok(stock::van_of(tx, staff).await?.map(|depot| depot.id))
}

/// False when the stock refuses: somebody took the last piece meanwhile, or half a piece was planned. Nothing is written
/// by then.
async fn take(tx: &mut Tx, order: &OrderRow, line: &mut LineRow, depot: Id) -> Result<bool> {
    let mut new = LineRow { depot_id: Some(depot), updated_at: tx.now(), ..line.clone() };
    match apply::move_in(tx, order, &mut new, StockWish::Issue).await {
        Ok(()) => {}
        Err(error) if matches!(error.code(), "parts.not_enough" | "parts.whole") => return Ok(false),
        Err(other) => return Err(other),
    }
    store::update_line(tx, line, &new).await?;
    *line = new;
    Ok(true)
}

fn told(line: &LineRow, free: Quantity, place: &str) -> String {
    let text = T("{part} ×{n}（{place}有 {free}）", "{part} ×{n} ({place} has {free})");
    text.told(&[
        ("part", line.code.clone()),
        ("n", line.quantity.to_string()),
        ("place", place.to_string()),
        ("free", free.to_string()),
    ])
}

async fn tell_short(tx: &mut Tx, order: &OrderRow, short: &[String]) -> Result<()> {
    let mut users: Vec<Id> = org::api::users_with(tx, stock::STOCK_ISSUE.key, order.org_id).await?;
    users.extend(tx.cx().actor.as_ref().map(|actor| actor.user).filter(|user| !user.is_nil()));
    users.sort_unstable();
    users.dedup();
    let title =
        T("{no} 派工备件不足", "{no}: parts for the visit are short").told(&[("no", order.no.clone())]);
    let joined = |lang: Lang| short.iter().map(|s| lang.of(s)).collect::<Vec<_>>().join("; ");
    let detail = T::both(&joined(Lang::Zh), &joined(Lang::En));
    let href = format!("/orders/{}", order.id);
    tell_in(tx, &Notice { users: &users, title: &title, detail: &detail, href: &href, mail: false }).await
}
