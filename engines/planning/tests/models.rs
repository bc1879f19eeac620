//! The recursive models against their textbook definitions, written independently over the whole history.

#![allow(clippy::unwrap_used)]

use planning::{
    local::{Mixing, Pool, Rule, locals, path, relative_errors},
    models::{M, MODELS, Model, Window, forecasts},
};

fn at(model: Model) -> usize {
    MODELS.iter().position(|m| *m == model).unwrap()
}

const Y: [f64; 30] = [
    0.0, 2.0, 0.0, 0.0, 5.0, 1.0, 0.0, 0.0, 0.0, 3.0, 4.0, 0.0, 2.0, 0.0, 0.0, 0.0, 6.0, 0.0, 1.0, 1.0, 0.0,
    0.0, 2.0, 0.0, 0.0, 9.0, 0.0, 0.0, 1.0, 3.0,
];

fn next(model: Model, c: usize) -> f64 {
    forecasts(&Y, Window::next(1))[c][at(model)]
}

/// Weighted mean with weights (1 − a)^age.
fn smooth(values: &[f64], a: f64) -> f64 {
    let n = values.len();
    let weight = |k: usize| (1.0f64 - a).powi((n - 1 - k) as i32);
    values.iter().enumerate().map(|(k, x)| weight(k) * x).sum::<f64>() / (0..n).map(weight).sum::<f64>()
}

#[test]
fn averages_and_smoothing() {
    for c in 1..=30usize {
        let y = &Y[..c];
        let mean = |n: usize| y[c.saturating_sub(n)..].iter().sum::<f64>() / n.min(c) as f64;
        assert!((next(Model::Average, c) - mean(c)).abs() < 1e-12);
        assert!((next(Model::Moving(6), c) - mean(6)).abs() < 1e-12);
        assert!((next(Model::Moving(24), c) - mean(24)).abs() < 1e-12);
        assert!((next(Model::Ses(10), c) - smooth(y, 0.1)).abs() < 1e-12);
        assert!((next(Model::Ses(50), c) - smooth(y, 0.5)).abs() < 1e-12);
    }
}

#[test]
fn croston_and_its_relatives() {
    for c in 5..=30usize {
        let y = &Y[..c];
        let hits: Vec<usize> = (0..c).filter(|t| y[*t] > 0.0).collect();
        let sizes: Vec<f64> = hits.iter().map(|t| y[*t]).collect();
        let mut before = -1i64;
        let gaps: Vec<f64> = hits
            .iter()
            .map(|t| {
                let gap = *t as i64 - before;
                before = *t as i64;
                gap as f64
            })
            .collect();
        let croston = smooth(&sizes, 0.1) / smooth(&gaps, 0.1).max(1.0);
        assert!((next(Model::Croston(10), c) - croston).abs() < 1e-12);
        assert!((next(Model::Sba(10), c) - 0.95 * croston).abs() < 1e-12);
        let flags: Vec<f64> = y.iter().map(|x| f64::from(u8::from(*x > 0.0))).collect();
        let tsb = smooth(&sizes, 0.1) * smooth(&flags, 0.1);
        assert!((next(Model::Tsb(10, 10), c) - tsb).abs() < 1e-12);
    }
}

#[test]
fn aggregation_models() {
    for c in 13..=30usize {
        let y = &Y[..c];
        let n = y.iter().filter(|x| **x > 0.0).count();
        let k = ((c as f64 / n as f64).round() as usize).clamp(1, 12);
        // Blocks end at the cut-off; the first, incomplete one is dropped.
        let level = |k: usize| {
            let skip = c % k;
            let blocks: Vec<f64> = y[skip..].chunks(k).map(|b| b.iter().sum()).collect();
            smooth(&blocks, 0.15) / k as f64
        };
        assert!((next(Model::Adida, c) - level(k)).abs() < 1e-12);
        let imapa = (1..=k).map(level).sum::<f64>() / k as f64;
        assert!((next(Model::Imapa, c) - imapa).abs() < 1e-12);
    }
}

#[test]
fn a_pure_season_is_learned() {
    let y: Vec<f64> =
        (0..72).map(|t| 100.0 + 40.0 * f64::from(t % 12 == 3) - 20.0 * f64::from(t % 12 == 8)).collect();
    let rows = forecasts(&y, Window::next(12));
    for m in 0..M {
        if MODELS[m].seasonal() {
            assert!((rows[72][m] - 1220.0).abs() < 1.0, "{}: {}", MODELS[m].name(), rows[72][m]);
        }
    }
    let months = forecasts(&y, Window { offset: 3, length: 1 });
    assert!((months[72][at(Model::SeasonMul(10, 15))] - 140.0).abs() < 0.5);
}

#[test]
fn totals_are_sums_of_periods() {
    let y: Vec<f64> = (0..50).map(|t| 50.0 + f64::from(t) + 10.0 * f64::from(t % 12)).collect();
    let whole = forecasts(&y, Window::next(4));
    for m in 0..M {
        let sum: f64 = (0..4).map(|k| forecasts(&y, Window { offset: k, length: 1 })[50][m]).sum();
        assert!((whole[50][m] - sum).abs() < 1e-9, "{}", MODELS[m].name());
    }
}

#[test]
fn the_choice_follows_what_worked_and_the_seed_rule_is_there() {
    let season: Vec<f64> =
        (0..72).map(|t| 50.0 + 45.0 * (f64::from(t) * std::f64::consts::TAU / 12.0).sin()).collect();
    let window = Window::next(3);
    let errors: Vec<_> = relative_errors(&season, window).into_iter().collect();
    let pool = |rule| Pool::new(&errors, Mixing { rule, ..Mixing::default() });
    let last = locals(&season, window, &pool(Rule::Weighted))[72];
    assert!(MODELS[last.best].seasonal());
    let near = locals(&season, window, &pool(Rule::NearestToAverage))[72];
    let row = forecasts(&season, window)[72];
    let average = row.iter().sum::<f64>() / M as f64;
    let least = row.iter().map(|f| (f - average).abs()).fold(f64::INFINITY, f64::min);
    assert!(((near.mean - average).abs() - least).abs() < 1e-9);
    let best = locals(&season, window, &pool(Rule::Best))[72];
    assert_eq!(best.share, 1.0);
    let single = Pool::new(&[], Mixing::default());
    assert_eq!(path(&season, &single, 5).len(), 5);
}
