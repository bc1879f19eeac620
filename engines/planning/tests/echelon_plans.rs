//! Plans against complete enumeration, and trees against two levels.

#![allow(clippy::unwrap_used)]

use planning::{
    echelon::{
        Base, Item, Method,
        optimise::{Goal, curve, joint, lateral},
        serial::{Stage, echelon_levels, single_level},
        tree::{self, Node},
    },
    gbdt::unit,
};

fn item(seed: u64, bases: usize) -> Item {
    let draw = |k: u64| unit(seed, k);
    let base = |j: u64| Base {
        rate: 0.01 + 0.08 * draw(10 + j),
        repaired: (draw(20 + j) * 3.0).floor() * 0.2,
        repair: 3.0 + 10.0 * draw(30 + j),
        ship: 2.0 + 8.0 * draw(40 + j),
    };
    Item {
        depot: 10.0 + 40.0 * draw(1),
        bases: (0..bases as u64).map(base).collect(),
        price: (1.0 + 9.0 * draw(2)).round(),
    }
}

/// Least backorders of every total by trying every split.
fn enumerate(item: &Item, most: usize) -> Vec<f64> {
    let mut best = vec![f64::INFINITY; most + 1];
    let n = item.bases.len();
    let mut stocks = vec![0usize; n + 1];
    loop {
        let total: usize = stocks.iter().sum();
        if total <= most {
            let b = item.evaluate(stocks[0], &stocks[1..], Method::Exact).backorders();
            best[total] = best[total].min(b);
        }
        let mut k = 0;
        loop {
            if k > n {
                return best;
            }
            stocks[k] += 1;
            if stocks[k] <= most {
                break;
            }
            stocks[k] = 0;
            k += 1;
        }
    }
}

#[test]
fn plans_of_one_item_are_the_best_there_are() {
    for seed in 0..25 {
        let item = item(seed, 2 + (seed % 2) as usize);
        let plans = curve(&item, 6, Method::Exact);
        for (plan, best) in plans.iter().zip(enumerate(&item, 6)) {
            assert!((plan.backorders - best).abs() < 1e-10, "seed {seed}: {plan:?} {best}");
        }
    }
}

#[test]
fn budgets_over_several_items_are_spent_best() {
    for seed in 0..12u64 {
        let items: Vec<Item> = (0..3).map(|k| item(100 + 7 * seed + k, 2)).collect();
        let budget = 30.0;
        let found = joint(&items, Goal::Budget(budget), Method::Exact);
        assert!(found.optimal && found.value <= budget + 1e-9);
        let curves: Vec<Vec<f64>> = items.iter().map(|i| enumerate(i, 8)).collect();
        let mut best = f64::INFINITY;
        for a in 0..=8 {
            for b in 0..=8 {
                for c in 0..=8 {
                    let money =
                        a as f64 * items[0].price + b as f64 * items[1].price + c as f64 * items[2].price;
                    if money <= budget + 1e-9 {
                        best = best.min(curves[0][a] + curves[1][b] + curves[2][c]);
                    }
                }
            }
        }
        assert!(found.backorders <= best + 1e-9, "seed {seed}: {} {best}", found.backorders);
    }
}

#[test]
fn odd_prices_come_within_half_a_percent_of_the_best() {
    for seed in 0..10u64 {
        let mut items: Vec<Item> = (0..4).map(|k| item(300 + 5 * seed + k, 2)).collect();
        let rounded = joint(&items, Goal::Budget(60.0), Method::Exact);
        // The same prices with a bit of an irrational number: no common unit, so the hulls are merged and repaired.
        items.iter_mut().for_each(|i| i.price += 1e-7 * std::f64::consts::PI);
        let merged = joint(&items, Goal::Budget(60.0 + 1e-4), Method::Exact);
        assert!(!merged.optimal);
        assert!(merged.backorders <= rounded.backorders * 1.005 + 1e-9, "seed {seed}");
    }
}

#[test]
fn a_target_of_backorders_is_met_with_the_least_money() {
    let items: Vec<Item> = (0..3).map(|k| item(40 + k, 2)).collect();
    let found = joint(&items, Goal::Backorders(0.5), Method::Exact);
    assert!(found.backorders <= 0.5 + 1e-9);
    let less = joint(&items, Goal::Budget(found.value - 1.0), Method::Exact);
    assert!(less.backorders > 0.5);
}

#[test]
fn more_money_never_leaves_more_backorders() {
    let items: Vec<Item> = (0..3).map(|k| item(60 + k, 3)).collect();
    let values: Vec<f64> =
        (0..8).map(|k| joint(&items, Goal::Budget(f64::from(k) * 10.0), Method::Exact).backorders).collect();
    assert!(values.windows(2).all(|w| w[1] <= w[0] + 1e-12), "{values:?}");
}

fn two_levels(item: &Item) -> Vec<Node> {
    let mut nodes = vec![Node { parent: None, rate: 0.0, repaired: 1.0, repair: item.depot, ship: 0.0 }];
    nodes.extend(item.bases.iter().map(|b| Node {
        parent: Some(0),
        rate: b.rate,
        repaired: b.repaired,
        repair: b.repair,
        ship: b.ship,
    }));
    nodes
}

#[test]
fn a_tree_of_two_levels_is_the_two_level_system() {
    let item = item(5, 3);
    let nodes = two_levels(&item);
    for method in [Method::Exact, Method::VariMetric] {
        let flat = item.evaluate(2, &[1, 0, 2], method).backorders();
        let deep = tree::customers(&tree::evaluate(&nodes, &[2, 1, 0, 2], method));
        assert!((flat - deep).abs() < 1e-10);
    }
}

#[test]
fn stocks_in_a_tree_are_close_to_the_best() {
    for seed in 0..8 {
        let item = item(seed, 3);
        let (stocks, found) = tree::spread(&two_levels(&item), 6, Method::Exact);
        let best = curve(&item, 6, Method::Exact)[6].backorders;
        assert_eq!(stocks.iter().sum::<usize>(), 6);
        assert!(found <= best * 1.005 + 1e-12, "seed {seed}: {found} {best}");
    }
}

#[test]
fn three_levels_pass_delays_down() {
    let node = |parent, rate, ship| Node { parent, rate, repaired: 0.0, repair: 0.0, ship };
    let nodes = [
        Node { parent: None, rate: 0.0, repaired: 1.0, repair: 30.0, ship: 0.0 },
        node(Some(0), 0.0, 5.0),
        node(Some(1), 0.1, 2.0),
        node(Some(1), 0.2, 2.0),
    ];
    let states = tree::evaluate(&nodes, &[0, 0, 0, 0], Method::Exact);
    // Without any stock everybody waits for everything: Little's law.
    assert!((tree::customers(&states) - 0.3 * 37.0).abs() < 1e-9);
    let with = tree::evaluate(&nodes, &[9, 2, 1, 1], Method::Exact);
    assert!(tree::customers(&with) < 5.0);
}

#[test]
fn pooling_bases_never_adds_backorders_and_pays_when_transfers_are_cheap() {
    let item = item(9, 3);
    let plan = curve(&item, 5, Method::Exact).pop().unwrap();
    let cheap = lateral(&item, &plan, Method::Exact, 100.0, 0.1, 0.0);
    assert!(cheap.pooled <= cheap.separate && cheap.pays());
    let dear = lateral(&item, &plan, Method::Exact, 0.01, 1e6, 0.0);
    assert!(!dear.pays());
}

#[test]
fn a_single_stage_is_a_newsvendor() {
    let (levels, _) = echelon_levels(&[Stage { holding: 1.0, lead: 4.0 }], 9.0, 5.0, 2.0, 4_000);
    assert!((levels[0] - single_level(1.0, 4.0, 9.0, 5.0, 2.0)).abs() < 0.01);
}
