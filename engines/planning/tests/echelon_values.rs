//! Published and recomputed reference values for networks of depots, to the digits printed.
//!
//! Sources: M. Rossetti, *Analysis of Inventory Systems* (numbers only) and its code's tests; A. Svoronos & P. Zipkin
//! (1988) with exact costs of S. Axsäter (1993), tables I to III; the METRIC sample model of LINDO (inputs; outputs
//! recomputed); S. Axsäter's and S. Graves' exact evaluation as an oracle.

#![allow(clippy::unwrap_used)]

use planning::echelon::{
    Base, Item, Method,
    batch::Batches,
    optimise::{curve, hull},
};

fn near(found: f64, printed: f64, digits: i32) {
    let half = 0.5000001 * 10f64.powi(-digits);
    assert!((found - printed).abs() <= half, "{found} instead of {printed}");
}

/// Four bases with 45 failures a year each; 30 % are repaired at the base in 30 days.
fn four(depot_days: f64) -> Item {
    let base = Base { rate: 45.0 / 365.0, repaired: 0.3, repair: 30.0, ship: 10.0 };
    Item { depot: depot_days, bases: vec![base; 4], price: 1.0 }
}

#[test]
fn metric_and_vari_metric_of_four_bases() {
    let item = four(60.0);
    near(item.depot_rate() * 365.0, 126.0, 6);
    near(item.depot_pipeline(), 20.7123, 4);
    near(item.own_pipeline(0), 1.9726, 4);
    let vari = item.evaluate(16, &[4; 4], Method::VariMetric);
    near(vari.depot.0, 5.0201, 4);
    near(vari.depot.1, 16.6215, 4);
    near(vari.depot.0 / item.depot_rate(), 14.54, 2);
    near(vari.bases[0].mean, 3.2276, 4);
    near(vari.bases[0].variance, 3.9527, 4);
    near(vari.bases[0].backorders, 0.4815, 4);
    near(vari.backorders(), 1.9259, 4);
    near(vari.bases[0].on_hand, 1.2539, 4);
    let metric = item.evaluate(16, &[4; 4], Method::Metric);
    near(metric.bases[0].backorders, 0.4055, 4);
    near(metric.backorders(), 1.6218, 4);
    let exact = item.evaluate(16, &[4; 4], Method::Exact);
    near(exact.bases[0].backorders, 0.4830, 4);
    near(exact.backorders(), 1.9321, 4);
}

#[test]
fn a_faster_repair_contract() {
    let item = four(45.0);
    let vari = item.evaluate(16, &[4; 4], Method::VariMetric);
    near(vari.depot.0, 1.35, 2);
    near(vari.depot.0 / item.depot_rate(), 3.91, 2);
    near(vari.bases[0].mean, 2.3101, 4);
    near(vari.backorders(), 0.6091, 4);
}

#[test]
fn more_depot_stock_instead() {
    near(four(60.0).evaluate(22, &[4; 4], Method::VariMetric).backorders(), 0.6005, 4);
}

#[test]
fn the_allocation_curve_is_not_convex() {
    let plans = curve(&four(60.0), 26, Method::VariMetric);
    near(plans[12].backorders, 16.6303, 4);
    near(plans[13].backorders, 15.6433, 4);
    for (total, depot) in [(11, 11), (12, 12), (13, 9), (19, 15), (20, 12)] {
        assert_eq!(plans[total].depot, depot, "total {total}");
    }
    let kept = hull(&plans);
    for dropped in [12, 20] {
        assert!(!kept.contains(&dropped), "{dropped} is kept");
    }
}

/// (problem, rate, stores, shortage cost, S0, Sj, cost, S0, Sj, cost): one for one, lead times 1, holding cost 1.
#[rustfmt::skip]
const ONE_FOR_ONE: [(u32, f64, usize, f64, usize, usize, f64, usize, usize, f64); 8] = [
    (1, 0.1, 4, 20.0, 0, 2, 7.30, 0, 1, 4.77),
    (5, 0.1, 4, 5.0, 1, 1, 4.37, 1, 0, 3.02),
    (9, 0.1, 32, 20.0, 0, 2, 58.41, 4, 1, 33.80),
    (13, 0.1, 32, 5.0, 5, 1, 31.65, 5, 0, 18.85),
    (17, 1.0, 4, 20.0, 4, 4, 13.01, 5, 3, 12.02),
    (21, 1.0, 4, 5.0, 4, 3, 9.17, 4, 2, 8.13),
    (25, 1.0, 32, 20.0, 35, 3, 84.90, 32, 3, 84.42),
    (29, 1.0, 32, 5.0, 28, 3, 67.51, 31, 2, 55.95),
];

#[test]
fn one_for_one_problems_of_svoronos_and_zipkin() {
    for (problem, rate, stores, b, s0, sj, cost, t0, tj, other) in ONE_FOR_ONE {
        for (depot, base, printed) in [(s0, sj, cost), (t0, tj, other)] {
            let place = Base { rate, repaired: 0.0, repair: 0.0, ship: 1.0 };
            let item = Item { depot: 1.0, bases: vec![place; stores], price: 1.0 };
            let r = item.evaluate(depot, &vec![base; stores], Method::Exact);
            let at_depot = depot as f64 - item.depot_pipeline() + r.depot.0;
            let stores: f64 = r.bases.iter().map(|x| x.on_hand + b * x.backorders).sum();
            assert!(
                (at_depot + stores - printed).abs() < 0.00501,
                "problem {problem}: {}",
                at_depot + stores
            );
        }
    }
}

/// (S0, S, system backorders): two outlets, pipeline 0.2 each from the depot, depot time 14.
#[rustfmt::skip]
const LINDO: [(usize, usize, f64); 15] = [
    (0, 0, 3.2),
    (0, 1, 1.603793),
    (0, 2, 0.653655),
    (1, 0, 2.26081),
    (1, 1, 0.906615),
    (1, 2, 0.282441),
    (2, 0, 1.491888),
    (2, 1, 0.440461),
    (2, 2, 0.096616),
    (3, 0, 0.961342),
    (3, 1, 0.198079),
    (3, 2, 0.029279),
    (4, 0, 0.653279),
    (4, 1, 0.095967),
    (4, 2, 0.009893),
];

#[test]
fn lindo_sample_model() {
    let outlet = Base { rate: 0.1, repaired: 0.0, repair: 0.0, ship: 2.0 };
    let item = Item { depot: 14.0, bases: vec![outlet; 2], price: 1.0 };
    for (s0, s, printed) in LINDO {
        near(item.evaluate(s0, &[s; 2], Method::Metric).backorders(), printed, 6);
    }
}

/// (S0, Sj, METRIC, VARI-METRIC, exact): system backorders of the four bases.
#[rustfmt::skip]
const FOUR_BASES: [(usize, usize, f64, f64, f64); 16] = [
    (10, 2, 10.861945, 10.917601, 10.929304),
    (10, 3, 7.490698, 7.616214, 7.633244),
    (10, 4, 4.759905, 4.951206, 4.965569),
    (10, 5, 2.773963, 2.995536, 3.000794),
    (16, 2, 5.739647, 5.918981, 5.927972),
    (16, 3, 3.236317, 3.518051, 3.528941),
    (16, 4, 1.621815, 1.925933, 1.932065),
    (16, 5, 0.724516, 0.978007, 0.976894),
    (22, 2, 2.887994, 3.005924, 2.991881),
    (22, 3, 1.286644, 1.42162, 1.416749),
    (22, 4, 0.495113, 0.600469, 0.605706),
    (22, 5, 0.166462, 0.229547, 0.23839),
    (26, 2, 2.286082, 2.318442, 2.313536),
    (26, 3, 0.938408, 0.971649, 0.970368),
    (26, 4, 0.330193, 0.353121, 0.355373),
    (26, 5, 0.100996, 0.112941, 0.116129),
];

#[test]
fn three_methods_against_the_oracle() {
    let item = four(60.0);
    for (s0, s, metric, vari, exact) in FOUR_BASES {
        near(item.evaluate(s0, &[s; 4], Method::Metric).backorders(), metric, 6);
        near(item.evaluate(s0, &[s; 4], Method::VariMetric).backorders(), vari, 6);
        near(item.evaluate(s0, &[s; 4], Method::Exact).backorders(), exact, 6);
    }
}

/// (total, backorders, depot, bases) of the best plans of three unequal bases.
type Best = (usize, f64, usize, [usize; 3]);
#[rustfmt::skip]
const METRIC: [Best; 12] = [
    (1, 3.369324, 1, [0, 0, 0]),
    (2, 2.495013, 2, [0, 0, 0]),
    (3, 1.79776, 3, [0, 0, 0]),
    (4, 1.283392, 3, [0, 0, 1]),
    (5, 0.811178, 2, [1, 1, 1]),
    (6, 0.451881, 3, [1, 1, 1]),
    (7, 0.253585, 4, [1, 1, 1]),
    (8, 0.154653, 4, [1, 1, 2]),
    (9, 0.084423, 3, [2, 2, 2]),
    (10, 0.035631, 4, [2, 2, 2]),
    (11, 0.01754, 5, [2, 2, 2]),
    (12, 0.009013, 5, [2, 2, 3]),
];

#[rustfmt::skip]
const VARI: [Best; 12] = [
    (1, 3.369324, 1, [0, 0, 0]),
    (2, 2.495013, 2, [0, 0, 0]),
    (3, 1.79776, 3, [0, 0, 0]),
    (4, 1.312976, 4, [0, 0, 0]),
    (5, 0.887209, 2, [1, 1, 1]),
    (6, 0.533513, 3, [1, 1, 1]),
    (7, 0.31534, 4, [1, 1, 1]),
    (8, 0.193376, 5, [1, 1, 1]),
    (9, 0.120478, 5, [1, 1, 2]),
    (10, 0.067496, 4, [2, 2, 2]),
    (11, 0.031757, 5, [2, 2, 2]),
    (12, 0.01628, 6, [2, 2, 2]),
];

#[rustfmt::skip]
const EXACT: [Best; 12] = [
    (1, 3.369324, 1, [0, 0, 0]),
    (2, 2.495013, 2, [0, 0, 0]),
    (3, 1.79776, 3, [0, 0, 0]),
    (4, 1.312976, 4, [0, 0, 0]),
    (5, 0.897359, 2, [1, 1, 1]),
    (6, 0.538348, 3, [1, 1, 1]),
    (7, 0.314711, 4, [1, 1, 1]),
    (8, 0.190986, 5, [1, 1, 1]),
    (9, 0.119924, 5, [1, 1, 2]),
    (10, 0.068304, 4, [2, 2, 2]),
    (11, 0.033089, 5, [2, 2, 2]),
    (12, 0.017249, 6, [2, 2, 2]),
];

#[test]
fn best_plans_of_three_unequal_bases() {
    let base = |rate: f64, ship: f64| Base { rate, repaired: 0.2, repair: 5.0, ship };
    let bases = vec![base(0.05, 4.0), base(0.04, 6.0), base(0.06, 5.0)];
    let item = Item { depot: 30.0, bases, price: 1.0 };
    for (method, table) in [(Method::Metric, METRIC), (Method::VariMetric, VARI), (Method::Exact, EXACT)] {
        let plans = curve(&item, 12, method);
        for (total, backorders, depot, bases) in table {
            near(plans[total].backorders, backorders, 6);
            assert_eq!(
                (plans[total].depot, &plans[total].bases[..]),
                (depot, &bases[..]),
                "{method:?} {total}"
            );
        }
    }
}

/// (rate, stores, shortage, store batch, depot batches, R0, Rj, cost, R0, Rj, cost) of the 32 problems: lead times 1,
/// holding cost 1 at both levels; R0 in store batches.
type Batched = (f64, usize, f64, usize, usize, i64, i64, f64, i64, i64, f64);
#[rustfmt::skip]
const BATCHES: [Batched; 32] = [
    (0.1, 4, 20.0, 1, 1, -1, 1, 7.30, -1, 0, 4.77),
    (0.1, 4, 20.0, 1, 4, -2, 1, 7.85, -1, 0, 5.45),
    (0.1, 4, 20.0, 4, 1, 0, 0, 13.32, -1, 0, 9.62),
    (0.1, 4, 20.0, 4, 4, -2, 1, 17.07, -1, -1, 14.03),
    (0.1, 4, 5.0, 1, 1, 0, 0, 4.37, 0, -1, 3.02),
    (0.1, 4, 5.0, 1, 4, -1, 0, 4.91, -1, -1, 3.82),
    (0.1, 4, 5.0, 4, 1, -1, 0, 9.32, -1, -1, 6.52),
    (0.1, 4, 5.0, 4, 4, -3, 1, 13.52, -2, -1, 11.03),
    (0.1, 32, 20.0, 1, 1, -1, 1, 58.41, 3, 0, 33.80),
    (0.1, 32, 20.0, 1, 4, -4, 1, 57.57, 1, 0, 34.10),
    (0.1, 32, 20.0, 4, 1, 1, 0, 82.59, 1, -1, 68.53),
    (0.1, 32, 20.0, 4, 4, -1, 0, 81.29, 0, -1, 71.08),
    (0.1, 32, 5.0, 1, 1, 4, 0, 31.65, 4, -1, 18.85),
    (0.1, 32, 5.0, 1, 4, 3, 0, 32.14, 3, -1, 19.30),
    (0.1, 32, 5.0, 4, 1, -1, 0, 74.56, -1, -1, 52.16),
    (0.1, 32, 5.0, 4, 4, -3, 0, 74.05, -2, -1, 53.89),
    (1.0, 4, 20.0, 1, 1, 3, 3, 13.01, 4, 2, 12.02),
    (1.0, 4, 20.0, 1, 4, 1, 3, 12.97, 2, 2, 12.38),
    (1.0, 4, 20.0, 4, 1, 0, 2, 16.11, 0, 2, 16.11),
    (1.0, 4, 20.0, 4, 4, -2, 3, 20.04, -1, 2, 18.57),
    (1.0, 4, 5.0, 1, 1, 3, 2, 9.17, 3, 1, 8.13),
    (1.0, 4, 5.0, 1, 4, 1, 2, 9.07, 2, 1, 8.44),
    (1.0, 4, 5.0, 4, 1, 0, 1, 11.96, -1, 1, 11.14),
    (1.0, 4, 5.0, 4, 4, -2, 2, 14.69, -1, 0, 13.95),
    (1.0, 32, 20.0, 1, 1, 34, 2, 84.90, 31, 2, 84.42),
    (1.0, 32, 20.0, 1, 4, 33, 2, 85.19, 30, 2, 84.51),
    (1.0, 32, 20.0, 4, 1, 6, 2, 118.12, 8, 1, 111.70),
    (1.0, 32, 20.0, 4, 4, 5, 2, 119.44, 6, 1, 112.74),
    (1.0, 32, 5.0, 1, 1, 27, 2, 67.51, 30, 1, 55.95),
    (1.0, 32, 5.0, 1, 4, 25, 2, 67.32, 29, 1, 56.03),
    (1.0, 32, 5.0, 4, 1, 6, 1, 86.93, 7, 0, 78.72),
    (1.0, 32, 5.0, 4, 4, 4, 1, 86.48, 5, 0, 79.45),
];

#[test]
fn batch_problems_of_svoronos_and_zipkin() {
    for (k, (rate, stores, shortage, store_batch, depot_batch, r0, rj, cost, s0, sj, other)) in
        BATCHES.into_iter().enumerate()
    {
        let system = Batches {
            rate,
            stores,
            depot_lead: 1.0,
            store_lead: 1.0,
            store_batch,
            depot_batch,
            depot_holding: 1.0,
            store_holding: 1.0,
            shortage,
        };
        for (depot, store, printed) in [(r0, rj, cost), (s0, sj, other)] {
            let found = system.cost(depot, store);
            assert!((found - printed).abs() < 0.00505, "problem {}: {found} instead of {printed}", k + 1);
        }
    }
}
