//! Three-point levels (三点制): minimum, order point, maximum.
//!
//! The order point is the stock that lasts over the protection period with the wished chance; the minimum is what of
//! it is safety (order point less the expected consumption of that period); the maximum is the minimum plus an
//! economic lot, never below the order point.

use crate::{curve::Curve, lots::economic_lot, protect::Protected};

/// What ordering costs.
#[derive(Clone, Copy, Debug)]
pub struct Economy {
    /// Cost of placing an order, ≥ 0.
    pub order_cost: f64,
    /// Cost of keeping one unit for a year, ≥ 0.
    pub holding: f64,
    /// Units per pack; levels and orders are whole packs where it is above 1.
    pub pack: f64,
    /// Least order in units, ≥ 0.
    pub minimum_order: f64,
}

impl Default for Economy {
    fn default() -> Self {
        Self { order_cost: 0.0, holding: 0.0, pack: 1.0, minimum_order: 0.0 }
    }
}

/// Stock levels of a part, in units.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ThreePoint {
    /// Safety stock.
    pub minimum: f64,
    /// Order when stock plus what is on its way is at or below it.
    pub order_point: f64,
    /// Order up to it.
    pub maximum: f64,
    /// Expected average stock on hand.
    pub on_hand: f64,
    /// Lot behind the maximum.
    pub lot: f64,
}

impl ThreePoint {
    /// What to order now for a stock position (on hand plus on its way less promised): whole packs, at least the
    /// least order; 0 above the order point.
    #[must_use]
    pub fn order(&self, position: f64, pack: f64, minimum_order: f64) -> f64 {
        if position > self.order_point || self.maximum <= position {
            return 0.0;
        }
        let need = (self.maximum - position).max(minimum_order);
        if pack > 0.0 { (need / pack - 1e-9).ceil() * pack } else { need }
    }
}

/// Levels of a part whose order-up-to level for the wished service is `level` (see [`crate::allocate`]).
#[must_use]
pub fn three_point(demand: &Protected, level: f64, economy: &Economy) -> ThreePoint {
    let packs = |x: f64| {
        if economy.pack > 1.0 { (x / economy.pack - 1e-9).ceil() * economy.pack } else { (x - 1e-9).ceil() }
    };
    let order_point = packs(level).max(0.0);
    let minimum = (order_point - demand.mean).max(0.0);
    let minimum = if economy.pack >= 1.0 { minimum.round() } else { minimum };
    let economic = if economy.order_cost > 0.0 && economy.holding > 0.0 {
        economic_lot(economy.order_cost, economy.holding, demand.monthly * 12.0).0
    } else {
        0.0
    };
    let lot = packs(economic.max(economy.minimum_order));
    let maximum = if lot > 0.0 { packs(minimum + lot).max(order_point) } else { order_point };
    let on_hand = demand.curve.left_over(order_point) + 0.5 * (maximum - order_point);
    ThreePoint { minimum, order_point, maximum, on_hand, lot }
}

/// Quotas corrected step by step (FCST-12): at most `step` (0 to 1) of the way from the old level to the new one,
/// rounded to whole units towards the new one.
#[must_use]
pub fn corrected(old: f64, new: f64, step: f64) -> f64 {
    let moved = old + (new - old) * step.clamp(0.0, 1.0);
    if new >= old { moved.ceil() } else { moved.floor() }
}

/// Safety stock held as own stock against units on their way (FCST-09).
#[derive(Clone, Copy, Debug)]
pub struct TransitShare {
    /// Mean units on their way.
    pub in_transit: f64,
    /// Mean stock on hand.
    pub on_hand: f64,
    /// Chance that demand of the protection period is covered.
    pub service: f64,
    /// Cost per year: both stocks with their own holding costs.
    pub cost: f64,
}

/// Ratio of safety to in-transit stock, simulated: for each level, what is on hand and on its way and what both cost.
///
/// `holding` and `holding_transit` are costs per unit and year (normally the first is higher).
#[must_use]
pub fn transit_shares(
    curve: &Curve,
    monthly: f64,
    lead_months: f64,
    levels: &[f64],
    holding: f64,
    holding_transit: f64,
) -> Vec<TransitShare> {
    let in_transit = monthly * lead_months;
    let share = |level: &f64| {
        let on_hand = curve.left_over(*level);
        let cost = on_hand * holding + in_transit * holding_transit;
        TransitShare { in_transit, on_hand, service: curve.below(*level), cost }
    };
    levels.iter().map(share).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{curve::GRID, dist::Base, models::Model};

    fn demand(mean: f64) -> Protected {
        let base = Base::new(mean, mean * 1.5, true);
        let quantiles: Vec<f64> = GRID.iter().map(|p| base.quantile(*p)).collect();
        Protected {
            curve: Curve::from_grid(&quantiles),
            mean,
            monthly: mean / 3.0,
            lines: 0.5,
            model: (Model::Average, 1.0),
        }
    }

    #[test]
    fn minimum_plus_consumption_is_the_order_point_and_the_lot_sets_the_maximum() {
        let economy = Economy { order_cost: 50.0, holding: 2.0, ..Economy::default() };
        let p = three_point(&demand(6.0), 11.0, &economy);
        assert_eq!((p.minimum, p.order_point), (5.0, 11.0));
        // Lot: sqrt(2 · 50 · 24 / 2) = 34.64 → 35.
        assert_eq!((p.lot, p.maximum), (35.0, 40.0));
        assert_eq!(p.order(11.0, 1.0, 0.0), 29.0);
        assert_eq!(p.order(12.0, 1.0, 0.0), 0.0);
    }

    #[test]
    fn packs_and_least_orders_are_respected() {
        let economy = Economy { pack: 10.0, minimum_order: 30.0, ..Economy::default() };
        let p = three_point(&demand(6.0), 11.0, &economy);
        assert_eq!(p.order_point % 10.0, 0.0);
        assert_eq!(p.maximum % 10.0, 0.0);
        assert_eq!(p.order(3.0, 10.0, 30.0) % 10.0, 0.0);
        assert!(p.order(p.order_point, 10.0, 30.0) >= 30.0);
    }

    #[test]
    fn without_order_costs_stock_is_filled_up_to_the_order_point() {
        let p = three_point(&demand(6.0), 11.0, &Economy::default());
        assert_eq!(p.maximum, p.order_point);
        assert_eq!(p.order(10.0, 1.0, 0.0), 1.0);
    }

    #[test]
    fn quotas_move_step_by_step() {
        assert_eq!(corrected(10.0, 20.0, 0.3), 13.0);
        assert_eq!(corrected(20.0, 10.0, 0.3), 17.0);
        assert_eq!(corrected(1.0, 2.0, 0.3), 2.0);
    }

    #[test]
    fn units_on_their_way_cost_less_than_units_on_the_shelf() {
        let shares = transit_shares(&demand(6.0).curve, 2.0, 2.0, &[6.0, 9.0, 12.0], 10.0, 3.0);
        assert!(shares.windows(2).all(|w| w[0].service <= w[1].service && w[0].cost < w[1].cost));
        assert_eq!(shares[0].in_transit, 4.0);
    }
}
