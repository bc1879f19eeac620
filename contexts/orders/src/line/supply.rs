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

/// Takes the parts that the intake sheet plans out of their depots, or the van of the engineer who was named. What is
/// not there stays planned: the assignment holds, and the storekeepers and whoever assigned hear what is short.
/// Returns the lines that were planned, as they are now.
pub async fn dispatch_in(tx: &mut Tx, order: &OrderRow) -> Result<Vec<LineRow>> {
    let lines = store::select_lines(tx, order.id).await?;
    let planned = |line: &LineRow| {
        line.kind == LineKind::Part && (line.sheet, line.stock) == (Sheet::Intake, Stock::Planned)
    };
    let mut touched: Vec<LineRow> = lines.into_iter().filter(planned).collect();
    if touched.is_empty() {
        return Ok(touched);
    }
    let van = match order.engineer_id {
        Some(staff) => stock::van_of(tx, staff).await?.map(|depot| depot.id),
        None => None,
    };
    let mut short = Vec::new();
    for line in &mut touched {
        let free = match (line.part_id, line.depot_id.or(van)) {
            (Some(part), Some(depot)) => Some((depot, stock::available(tx, part, depot).await?.available)),
            _ => None,
        };
        match free {
            Some((depot, free)) if free >= line.quantity => {
                let old = line.clone();
                line.depot_id = Some(depot);
                apply::move_in(tx, order, line, StockWish::Issue).await?;
                line.updated_at = tx.now();
                store::update_line(tx, &old, line).await?;
            }
            Some((depot, free)) => short.push(told(line, free, &stock::depot(tx, depot).await?.name)),
            None => short.push(told(line, Quantity::ZERO, &T::both("未选仓库", "no depot chosen"))),
        }
    }
    if !short.is_empty() {
        tell_short(tx, order, &short).await?;
    }
    Ok(touched)
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
