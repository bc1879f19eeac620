//! The draw screen: from five quantities and what is wanted to what should be done (PARTS-08, 28, 34).

use kernel::{Id, Quantity, Ts};
use kit::{Cx, Result, Sens, Show};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{level::PartStock, level_store};
use crate::{
    depot::model::DepotKind,
    input,
    part::{self, model::Substitute},
    perms::STOCK_READ,
    purchase,
};

/// Input: what is wanted. Part by id or code.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
pub struct DrawAsk {
    /// Id or code of the part.
    #[serde(default)]
    pub part: String,
    /// Code as typed, when nothing was chosen.
    #[serde(default)]
    #[schemars(skip)]
    pub part_text: String,
    /// Depot asked first; the one with most free pieces when left out.
    #[serde(default)]
    pub depot_id: Option<Id>,
    /// For this service order: pieces are held for it (占用) instead of being issued.
    #[serde(default)]
    pub order_id: Option<Id>,
    /// Wanted quantity in thousandths (text: decimal); one when left out.
    #[serde(default, deserialize_with = "input::opt_quantity")]
    pub quantity: Option<Quantity>,
}

/// The five quantities over all depots the caller may see.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Five {
    /// In depots, ready to issue (库存).
    pub on_hand: Quantity,
    /// Held for service orders (占用).
    pub occupied: Quantity,
    /// Held for slips and customers (预约).
    pub reserved: Quantity,
    /// On order or on its way to a depot (预订).
    pub on_order: Quantity,
    /// With engineers (在用).
    pub in_use: Quantity,
}

db::codes! {
    /// What to do.
    pub enum Advice {
        Issue = "issue" ("出库", "Issue"),
        Occupy = "occupy" ("占用", "Hold for the order"),
        Reserve = "reserve" ("预约", "Reserve"),
        Transfer = "transfer" ("调拨", "Transfer"),
        Await = "await" ("等待在途", "Wait for what is on its way"),
        Order = "order" ("采购", "Order"),
    }
}

/// One step of the proposal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Proposal {
    /// What to do.
    pub advice: Advice,
    /// How many.
    pub quantity: Quantity,
    /// From which depot.
    pub depot_id: Option<Id>,
    /// Its name.
    pub depot: String,
}

db::row! {
    /// A receipt whose pieces still lie there, by first in, first out.
    #[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
    pub struct Lot {
        /// Received.
        pub at: Ts,
        /// On document.
        pub doc_no: String,
        /// Pieces of it still there.
        pub quantity: Quantity,
        /// State.
        pub to_state: String,
    }
}

/// The answer of the draw screen.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct DrawOut {
    pub part_id: Id,
    pub code: String,
    pub name: String,
    pub spec: String,
    pub unit: String,
    pub wanted: Quantity,
    pub five: Five,
    pub stock: Vec<PartStock>,
    pub proposals: Vec<Proposal>,
    /// Asked for, but not yet ordered: not to be asked for twice.
    pub asked_for: Quantity,
    /// The depot asked first.
    pub chosen: Option<Id>,
    /// The service order it is for.
    pub order_id: Option<Id>,
    /// Oldest first: issue these first (PARTS-28).
    pub lots: Vec<Lot>,
    /// Offered when something is missing (PARTS-08).
    pub substitutes: Vec<Substitute>,
}

fn is_van(stock: &PartStock) -> bool {
    stock.depot_kind == DepotKind::Van.as_str()
}

fn is_transit(stock: &PartStock) -> bool {
    stock.depot_kind == DepotKind::Transit.as_str()
}

/// What to do about `wanted` pieces: issue them if the chosen depot has all of them; if not, reserve what it has until
/// the rest is there; for a service order hold them for it (占用). Then transfer from other depots (not out of other
/// people's vans), wait for what is on its way, order the rest.
pub fn propose(
    wanted: i64,
    chosen: Option<Id>,
    stock: &[PartStock],
    on_order: i64,
    for_order: bool,
) -> Vec<Proposal> {
    let mut left = wanted;
    let mut proposals = Vec::new();
    let mut from = |left: &mut i64, advice: Advice, place: &PartStock| {
        let quantity = (*left).min(place.available.0);
        if quantity > 0 {
            *left -= quantity;
            proposals.push(Proposal {
                advice,
                quantity: Quantity(quantity),
                depot_id: Some(place.depot_id),
                depot: place.depot.clone(),
            });
        }
    };
    if let Some(place) = stock.iter().find(|s| Some(s.depot_id) == chosen) {
        let advice = match for_order {
            true => Advice::Occupy,
            false if place.available.0 >= wanted => Advice::Issue,
            false => Advice::Reserve,
        };
        from(&mut left, advice, place);
    }
    let mut others: Vec<&PartStock> =
        stock.iter().filter(|s| Some(s.depot_id) != chosen && !is_van(s) && !is_transit(s)).collect();
    others.sort_by_key(|s| std::cmp::Reverse(s.available.0));
    for place in others {
        from(&mut left, Advice::Transfer, place);
    }
    for (advice, limit) in [(Advice::Await, on_order), (Advice::Order, i64::MAX)] {
        let quantity = left.min(limit);
        if quantity > 0 {
            left -= quantity;
            proposals.push(Proposal {
                advice,
                quantity: Quantity(quantity),
                depot_id: None,
                depot: String::new(),
            });
        }
    }
    proposals
}

/// Answers the draw screen; `None` when no part was named.
pub async fn ask(cx: &Cx, ask: &DrawAsk) -> Result<Option<DrawOut>> {
    let scope = cx.scope(&STOCK_READ)?;
    let name = input::named(&ask.part, &ask.part_text);
    if name.is_empty() {
        return Ok(None);
    }
    let mut conn = cx.read().await?;
    let part = match name.parse::<Id>() {
        Ok(id) => part::store::get_part(&mut conn, id).await?,
        Err(_) => part::store::find_by_code(&mut conn, name).await?.ok_or(kit::Error::NotFound)?,
    };
    let stock =
        level_store::select_part_stock(&mut conn, part.id, &scope, cx.shows(Sens::Cost) == Show::Full)
            .await?;
    let occupied = level_store::find_occupied(&mut conn, part.id).await?;
    let (asked_for, bought) = purchase::store::find_on_order(&mut conn, part.id, &scope).await?;
    let total = |pick: fn(&PartStock) -> i64| Quantity(stock.iter().map(pick).sum());
    let promised = total(|s| s.reserved.0);
    let five = Five {
        on_hand: total(|s| if is_van(s) || is_transit(s) { 0 } else { s.new.0 + s.repaired.0 }),
        occupied,
        reserved: Quantity((promised.0 - occupied.0).max(0)),
        on_order: Quantity(total(|s| if is_transit(s) { s.other.0 } else { 0 }).0 + bought.0),
        in_use: total(|s| if is_van(s) { s.new.0 + s.repaired.0 } else { 0 }),
    };
    let wanted = ask.quantity.filter(|q| q.0 > 0).unwrap_or(Quantity::ONE);
    let best = stock
        .iter()
        .filter(|s| !is_van(s) && !is_transit(s))
        .max_by_key(|s| s.available.0)
        .map(|s| s.depot_id);
    let chosen = ask.depot_id.or(best);
    let proposals = propose(wanted.0, chosen, &stock, five.on_order.0, ask.order_id.is_some());
    let missing = proposals.iter().any(|p| !matches!(p.advice, Advice::Issue | Advice::Occupy));
    let substitutes =
        if missing { part::store::select_substitutes(&mut conn, part.id).await? } else { Vec::new() };
    let lots = match chosen {
        Some(depot) => lots_of(level_store::select_arrivals(&mut conn, part.id, depot).await?),
        None => Vec::new(),
    };
    cx.count(&conn);
    Ok(Some(DrawOut {
        part_id: part.id,
        code: part.code,
        name: part.name,
        spec: part.spec,
        unit: part.unit,
        wanted,
        five,
        stock,
        proposals,
        asked_for,
        chosen,
        order_id: ask.order_id,
        lots,
        substitutes,
    }))
}

/// The receipts whose pieces still lie in a depot, if the first in always went first: what is there now are the
/// last pieces that came. Nothing is kept for this; the ledger tells. Oldest first.
fn lots_of(balances: Vec<(i64, Vec<Lot>)>) -> Vec<Lot> {
    let mut lots: Vec<Lot> =
        balances.into_iter().flat_map(|(on_hand, arrivals)| newest(on_hand, arrivals)).collect();
    lots.sort_by_key(|lot| lot.at);
    lots
}

/// Keeps of the newest arrivals as much as is there.
fn newest(on_hand: i64, arrivals: Vec<Lot>) -> Vec<Lot> {
    let mut left = on_hand;
    let mut lots = Vec::new();
    for lot in arrivals {
        let quantity = left.min(lot.quantity.0);
        if quantity > 0 {
            left -= quantity;
            lots.push(Lot { quantity: Quantity(quantity), ..lot });
        }
    }
    lots
}

#[cfg(test)]
mod tests {
    use super::*;

    fn depot(n: u128, kind: DepotKind, available: i64) -> PartStock {
        PartStock {
            depot_id: format!("00000000-0000-0000-0000-{n:012}").parse().expect("valid"),
            depot: format!("D{n}"),
            depot_kind: kind.as_str().into(),
            available: Quantity(available),
            ..PartStock::default()
        }
    }

    #[test]
    fn own_depot_first_then_others_then_what_comes_then_an_order() {
        let stock = [
            depot(1, DepotKind::Parts, 2),
            depot(2, DepotKind::Parts, 1),
            depot(3, DepotKind::Outlet, 3),
            depot(4, DepotKind::Van, 9),
        ];
        let plan = propose(10, Some(stock[0].depot_id), &stock, 1, false);
        let short: Vec<(Advice, i64)> = plan.iter().map(|p| (p.advice, p.quantity.0)).collect();
        assert_eq!(
            short,
            [
                (Advice::Reserve, 2),
                (Advice::Transfer, 3),
                (Advice::Transfer, 1),
                (Advice::Await, 1),
                (Advice::Order, 3)
            ]
        );
        assert!(propose(0, None, &stock, 0, false).is_empty());
        let first =
            |wanted, for_order| propose(wanted, Some(stock[0].depot_id), &stock, 0, for_order)[0].advice;
        assert_eq!(first(2, false), Advice::Issue, "all of them are there");
        assert_eq!((first(2, true), first(3, true)), (Advice::Occupy, Advice::Occupy), "held for the order");
    }

    #[test]
    fn what_is_left_are_the_newest_arrivals() {
        let lot = |at, quantity| Lot {
            at: Ts(at),
            doc_no: String::new(),
            quantity: Quantity(quantity),
            to_state: "new".into(),
        };
        let lots = newest(5, vec![lot(3, 2), lot(2, 4), lot(1, 9)]);
        assert_eq!(lots.iter().map(|l| (l.at.0, l.quantity.0)).collect::<Vec<_>>(), [(3, 2), (2, 3)]);
    }
}
