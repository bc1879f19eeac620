//! Reactions to events.

use contracts::{Event, StockLow};
use kernel::{Quantity, T};
use kit::{Cx, Result, Sub, begin, notify};

use crate::{depot, part, perms::STOCK_ADJUST, supply};

/// All of them.
pub fn subs() -> Vec<Sub> {
    let needed = kit::reaction!(contracts::ProcessAsked, "parts.supply_asked", |tx, event| supply::asked_in(
        tx, &event
    ));
    vec![
        needed,
        Sub {
            event: StockLow::NAME,
            name: "parts.tell_storekeepers",
            run: |cx, payload| Box::pin(tell_storekeepers(cx, payload)),
        },
    ]
}

/// Tells those who keep the depot's stock that a part runs low (PARTS-62).
async fn tell_storekeepers(cx: Cx, payload: serde_json::Value) -> Result<()> {
    let low: StockLow = serde_json::from_value(payload)?;
    let mut tx = begin!(&cx, "parts.tell_storekeepers", &low);
    let part = part::store::get_part(&mut tx, low.part_id).await?;
    let depot = depot::store::get_depot(&mut tx, low.depot_id).await?;
    let users = org::api::users_with(&mut tx, STOCK_ADJUST.key, low.org_id).await?;
    let text = T(
        "{depot} {part}：可用 {available} {unit}，下限 {minimum}",
        "{depot} {part}: {available} {unit} available, minimum {minimum}",
    );
    let detail = text.told(&[
        ("depot", depot.name.clone()),
        ("part", part.code.clone()),
        ("available", Quantity(low.available).to_string()),
        ("unit", part.unit.clone()),
        ("minimum", Quantity(low.minimum).to_string()),
    ]);
    let notice = notify::Notice {
        users: &users,
        title: &T("低库存：{part}", "Low stock: {part}").told(&[("part", part.name.clone())]),
        detail: &detail,
        href: &format!("/parts/{}", part.id),
        mail: true,
    };
    notify::tell_in(&mut tx, &notice).await?;
    tx.commit(()).await
}
