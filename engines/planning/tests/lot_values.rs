//! Published and recomputed reference values for single places, to the digits printed.
//!
//! Sources: M. Rossetti, *Analysis of Inventory Systems*, chapters 7 and 8 (numbers only); L. Snyder & Z.-J. Shen,
//! *Fundamentals of Supply Chain Theory* (2019) examples and the tests of stockpyl; Y.-S. Zheng & A. Federgruen (1991).

#![allow(clippy::unwrap_used)]

use planning::{
    echelon::{
        safety::{Promise, promises},
        serial::{Stage, echelon_levels},
    },
    lots::{Law, Review, economic_lot, lots, newsvendor, order_levels, periodic},
};

fn near(found: f64, printed: f64, digits: i32) {
    let half = 0.5000001 * 10f64.powi(-digits);
    assert!((found - printed).abs() <= half, "{found} instead of {printed}");
}

/// To about ten significant digits.
fn same(found: f64, printed: f64) {
    assert!((found - printed).abs() <= 1e-9 * printed.abs().max(1.0), "{found} instead of {printed}");
}

const TRANSFORMER: Review =
    Review { holding: 950.0, shortage: 8550.0, setup: 220.0, demand: 45.0, lead: Law::Poisson(7.5) };

#[test]
fn base_stock_cost_of_transformers() {
    let costs = [8654.01, 6392.69, 5218.57, 4859.83, 5057.03, 5601.71, 6346.84, 7199.37, 8105.59];
    let law = Law::Poisson(7.5);
    for (k, printed) in costs.into_iter().enumerate() {
        let s = 8.0 + k as f64;
        near(950.0 * law.over(s) + 8550.0 * law.short(s), printed, 2);
    }
    assert_eq!(newsvendor(law, 950.0, 8550.0).0, 11.0);
}

#[test]
fn order_point_and_lot_of_transformers() {
    for (r, b, fill, on_hand, cost) in [
        (7, 0.3854, 0.7492, 2.8854, 8016.0),
        (8, 0.2212, 0.8357, 3.7212, 7406.0),
        (9, 0.1202, 0.8990, 4.6202, 7397.0),
        (10, 0.0619, 0.9417, 5.5619, 7793.0),
        (11, 0.0302, 0.9683, 6.5302, 8442.0),
    ] {
        let m = TRANSFORMER.measures(r, 5);
        near(m.backorders, b, 4);
        near(m.fill, fill, 4);
        near(m.on_hand, on_hand, 4);
        near(m.cost, cost, 0);
    }
    let (r, q, cost) = TRANSFORMER.best_lot();
    assert_eq!((r, q), (8, 7));
    near(cost, 7225.15, 2);
}

#[test]
fn periodic_review_of_transformers() {
    let at = |s| periodic(45.0, 2.0 / 12.0, 1.0 / 12.0, s, 950.0, 8550.0, 220.0);
    for (s, b, on_hand, fill, cost) in [
        (12, 0.4233, 3.0483, 0.7549, 9093.07),
        (13, 0.2572, 3.8822, 0.8339, 8465.46),
        (14, 0.1501, 4.7751, 0.8928, 8397.22),
        (15, 0.0841, 5.7091, 0.9340, 8720.37),
        (16, 0.0453, 6.6703, 0.9612, 9301.76),
    ] {
        let m = at(s);
        near(m.backorders, b, 4);
        near(m.on_hand, on_hand, 4);
        near(m.fill, fill, 4);
        near(m.cost, cost, 2);
    }
    let best = (5..30).min_by(|a, b| at(*a).cost.total_cmp(&at(*b).cost));
    assert_eq!(best, Some(14));
}

#[test]
fn final_buy() {
    let (mean, variance): (f64, f64) = (14.0 * 33.2404, 14.0 * 613.0387);
    let (over, short) = (38.0, 45.0);
    near(short / (short + over), 0.542169, 6);
    near(mean, 465.3656, 3);
    near(variance, 8582.5418, 3);
    let normal = Law::Normal(mean, variance.sqrt());
    let (q, cost) = newsvendor(normal, over, short);
    near(q, 475.1761, 3);
    near(normal.short(q), 32.2605, 3);
    near(normal.over(q), 42.0712, 3);
    near(cost, 3050.429, 1);
    let p = mean / variance;
    let (q, cost) = newsvendor(Law::NegBin(mean * p / (1.0 - p), p), over, short);
    assert_eq!(q, 469.0);
    near(cost, 3055.3834, 2);
    let gamma = Law::Gamma(mean * mean / variance, variance / mean);
    assert_eq!(newsvendor(gamma, over, short).0.round(), 469.0);
    assert_eq!(newsvendor(Law::LogNormal(mean, variance.sqrt()), over, short).0.round(), 466.0);
}

#[test]
fn spare_transformer() {
    let law = Law::Poisson(6.0);
    for (x, f, g) in [
        (4.0, 0.2851, 2.2330),
        (5.0, 0.4457, 1.5181),
        (6.0, 0.6063, 0.9637),
        (7.0, 0.7440, 0.5700),
        (8.0, 0.8472, 0.3140),
    ] {
        near(law.cdf(x), f, 4);
        near(law.short(x), g, 4);
    }
    assert_eq!(newsvendor(law, 2900.0, 5700.0).0, 7.0);
}

#[test]
fn economic_lots_and_newsvendors() {
    let (q, cost) = economic_lot(8.0, 0.225, 1300.0);
    same(q, 304.0467800264368);
    same(cost, 68.41052550594829);
    let (q, cost) = newsvendor(Law::Normal(50.0, 8.0), 0.18, 0.7);
    same(q, 56.60395592743389);
    same(cost, 1.9976051931766445);
    let (q, cost) = newsvendor(Law::Poisson(6.0), 1.0, 4.0);
    same(q, 8.0);
    same(cost, 3.5701069457709376);
}

#[test]
fn order_point_and_lot_with_normal_demand() {
    let lead = 1.0 / 12.0f64;
    let review = Review {
        holding: 0.225,
        shortage: 7.5,
        setup: 8.0,
        demand: 1300.0,
        lead: Law::Normal(1300.0 * lead, 150.0 * lead.sqrt()),
    };
    let (r, q, cost) = review.expected_level();
    near(r, 213.97044213580244, 4);
    near(q, 318.5901810768729, 4);
    near(cost, 95.45114022285196, 6);
    near(review.cost_normal(126.8, 328.5), 78.07116250928294, 6);
    near(review.best_point(318.0), 127.78803486696552, 4);
    let (r, q) = review.lot_with_backorders();
    near(r, 128.63781442427097, 4);
    same(q, 308.5737801203754);
    let (r, q) = review.lot_and_safety();
    near(r, 190.3369965715624, 6);
    same(q, 304.0467800264368);
    let (r, q) = review.loss_function();
    near(r, 126.8670634479628, 4);
    near(q, 328.4491421980451, 4);
}

#[test]
fn order_point_and_lot_with_poisson_demand() {
    let review =
        Review { holding: 20.0, shortage: 150.0, setup: 100.0, demand: 1.5, lead: Law::Poisson(3.0) };
    let (r, q, cost) = review.best_lot();
    assert_eq!((r, q), (3, 5));
    same(cost, 107.92358063314975);
}

#[test]
fn order_levels_of_the_textbook() {
    let (s, top, cost) = order_levels(Law::Poisson(6.0), 1.0, 4.0, 5.0);
    assert_eq!((s, top), (4, 10));
    same(cost, 8.034111561471642);
}

#[test]
fn order_levels_of_zheng_and_federgruen() {
    let table = [
        (10, 6, 40, 35.022),
        (15, 10, 49, 42.698),
        (20, 14, 62, 49.173),
        (25, 19, 56, 54.262),
        (30, 23, 66, 57.819),
        (35, 28, 77, 61.215),
        (40, 33, 87, 64.512),
        (45, 37, 97, 67.776),
        (50, 42, 108, 70.975),
        (55, 47, 118, 74.149),
        (60, 52, 129, 77.306),
        (65, 56, 75, 78.518),
        (70, 62, 81, 79.037),
        (75, 67, 86, 79.554),
        (21, 15, 65, 50.406),
        (22, 16, 68, 51.632),
        (23, 17, 52, 52.757),
        (24, 18, 54, 53.518),
        (51, 43, 110, 71.611),
        (52, 44, 112, 72.246),
        (59, 51, 126, 76.679),
        (61, 52, 131, 77.929),
        (63, 54, 73, 78.287),
        (64, 55, 74, 78.402),
    ];
    for (mean, s, top, cost) in table {
        let found = order_levels(Law::Poisson(f64::from(mean)), 1.0, 9.0, 64.0);
        assert_eq!((found.0, found.1), (s, top), "mean {mean}");
        near(found.2, cost, 3);
    }
}

#[test]
fn serial_line_of_clark_and_scarf() {
    let stages = [
        Stage { holding: 7.0, lead: 1.0 },
        Stage { holding: 4.0, lead: 1.0 },
        Stage { holding: 2.0, lead: 2.0 },
    ];
    let (levels, cost) = echelon_levels(&stages, 37.12, 5.0, 1.0, 2_000);
    // The published values come from a coarser grid.
    for (found, printed) in levels.iter().zip([6.484, 12.028, 22.72]) {
        assert!((found - printed).abs() < 0.03, "{found} instead of {printed}");
    }
    assert!((cost / 47.66539330753092 - 1.0).abs() < 1e-3, "{cost}");
}

#[test]
fn guaranteed_service_in_a_tree() {
    let stage =
        |time, holding, deviation, inbound, outbound| Promise { time, holding, deviation, inbound, outbound };
    // Stages 1, 3, 2, 4 of the example: 1 supplies 3, which supplies 2 and 4.
    let stages = [
        stage(2, 1.0, 0.0, 1, None),
        stage(1, 2.0, 0.0, 0, None),
        stage(1, 3.0, 1.0, 0, Some(0)),
        stage(1, 3.0, 1.0, 0, Some(1)),
    ];
    let (times, cost) = promises(&stages, &[(0, 1), (1, 2), (1, 3)], 1.0);
    assert_eq!(times, [0, 0, 0, 1]);
    same(cost, 8.277916867529369);
}

#[test]
fn loss_functions() {
    let law = Law::Poisson(6.0);
    same(law.short(8.0), 0.31402138915418754);
    same(law.over(8.0), 2.3140213891541874);
    let law = Law::NegBin(1.9057, 0.0542);
    same(law.short(14.0), 20.59069615892496);
    same(law.over(14.0), 1.335879553758911);
    let law = Law::Normal(50.0, 8.0);
    same(law.short(56.6), 0.9200061789072314);
    same(law.over(56.6), 7.5200061789072326);
    let law = Law::Gamma(2.0, 3.0);
    same(law.short(10.0), 0.5707838935560383);
    same(law.over(10.0), 4.5707838935560385);
}

#[test]
fn lots_for_known_demand() {
    let (orders, cost) = lots(&[90.0, 120.0, 80.0, 70.0], 500.0, 2.0);
    assert_eq!(orders, [210.0, 0.0, 150.0, 0.0]);
    same(cost, 1380.0);
}
