//! What must hold whatever the data: order, scale, independence of threads and of the future.

#![allow(clippy::unwrap_used)]

use planning::{
    Control, Panel,
    fit::{Attributes, Fitted, Forecast, Settings},
    gbdt::unit,
    models::Window,
    protect::{Protection, protect},
};

const LEVELS: [f64; 6] = [0.5, 0.8, 0.9, 0.95, 0.98, 0.99];

/// Rare and lumpy demand, reproducible.
fn rows(n: usize, months: usize) -> Vec<Vec<f32>> {
    (0..n)
        .map(|i| {
            let often = 0.05 + 0.6 * unit(1, i as u64);
            let size = 1.0 + 5.0 * unit(2, i as u64);
            (0..months)
                .map(|t| {
                    let hit = unit(3 + i as u64, t as u64) < often;
                    if hit { (1.0 + size * unit(900 + i as u64, t as u64)).floor() as f32 } else { 0.0 }
                })
                .collect()
        })
        .collect()
}

fn panel(rows: &[Vec<f32>]) -> Panel {
    Panel::new(rows.len(), rows[0].len(), rows.concat()).unwrap()
}

fn small(length: usize) -> Settings {
    let mut settings = Settings::new(Window::next(length));
    settings.growth.trees = 30;
    settings.analogues.trees = 10;
    settings.forests = 1;
    settings
}

fn forecast(panel: &Panel, cutoff: usize, length: usize, threads: usize) -> Vec<Forecast> {
    let control = Control::threads(threads);
    let attributes = Attributes::default();
    let fitted = Fitted::new(panel, cutoff, &attributes, &small(length), &control).unwrap();
    fitted.predict(panel, &attributes, &LEVELS, &control).unwrap()
}

/// In whole pieces, and between them: at most one piece away, nothing where there is nothing.
#[test]
fn quantiles_never_fall_and_lie_by_their_pieces() {
    let (panel, control, attributes) = (panel(&rows(150, 36)), Control::threads(1), Attributes::default());
    let fitted = Fitted::new(&panel, 36, &attributes, &small(3), &control).unwrap();
    let between = fitted.predict(&panel, &attributes, &LEVELS, &control).unwrap();
    let pieces = fitted.predict_pieces(&panel, &attributes, &LEVELS, &control).unwrap();
    for (a, b) in pieces.iter().zip(&between) {
        assert!(a.mean >= 0.0 && a.mean.is_finite());
        assert_eq!(a.mean.to_bits(), b.mean.to_bits());
        for f in [a, b] {
            assert!(f.quantiles.windows(2).all(|w| w[0] <= w[1]), "{:?}", f.quantiles);
        }
        for (whole, q) in a.quantiles.iter().zip(&b.quantiles) {
            assert!(whole.fract() == 0.0 && *whole >= 0.0);
            assert!((q - whole).abs() <= 1.0 && (*whole > 0.0 || *q == 0.0), "{whole} {q}");
        }
    }
}

#[test]
fn any_number_of_threads_gives_the_same_digits() {
    let panel = panel(&rows(120, 30));
    let one = forecast(&panel, 30, 2, 1);
    for threads in [2, 3, 7] {
        let many = forecast(&panel, 30, 2, threads);
        for (a, b) in one.iter().zip(&many) {
            assert_eq!(a.mean.to_bits(), b.mean.to_bits());
            assert_eq!(a.quantiles, b.quantiles);
        }
    }
}

#[test]
fn the_future_is_not_looked_at() {
    let mut data = rows(100, 36);
    let before = forecast(&panel(&data), 30, 3, 1);
    data.iter_mut().for_each(|row| row[30..].fill(77.0));
    let after = forecast(&panel(&data), 30, 3, 1);
    for (a, b) in before.iter().zip(&after) {
        assert_eq!((a.mean.to_bits(), &a.quantiles), (b.mean.to_bits(), &b.quantiles));
    }
}

#[test]
fn boxes_of_ten_are_ten_times_the_pieces() {
    let data = rows(100, 36);
    let tens: Vec<Vec<f32>> = data.iter().map(|row| row.iter().map(|x| x * 10.0).collect()).collect();
    let one = forecast(&panel(&data), 36, 3, 1);
    let ten = forecast(&panel(&tens), 36, 3, 1);
    for (a, b) in one.iter().zip(&ten) {
        assert!((a.mean * 10.0 - b.mean).abs() < 1e-6);
        assert!(a.quantiles.iter().zip(&b.quantiles).all(|(x, y)| x * 10.0 == *y));
    }
}

#[test]
fn longer_lead_times_need_more_stock() {
    let panel = panel(&rows(100, 40));
    let at = |months: f64| {
        let protections = vec![Protection { months, deviation: 0.0 }; 100];
        let control = Control::threads(1);
        protect(&panel, 40, &Attributes::default(), &protections, &small(1), &control).unwrap()
    };
    let totals: Vec<f64> =
        [1.0, 2.5, 6.0].iter().map(|m| at(*m).iter().map(|p| p.curve.level(0.95)).sum()).collect();
    assert!(totals.windows(2).all(|w| w[0] < w[1]), "{totals:?}");
    let sure = at(3.0);
    let protections = vec![Protection { months: 3.0, deviation: 1.0 }; 100];
    let unsure =
        protect(&panel, 40, &Attributes::default(), &protections, &small(1), &Control::threads(1)).unwrap();
    let sum = |p: &[planning::protect::Protected]| p.iter().map(|p| p.curve.level(0.98)).sum::<f64>();
    assert!(sum(&unsure) >= sum(&sure));
}

#[test]
fn odd_panels_are_survived() {
    let control = Control::threads(2);
    let odd: Vec<Vec<Vec<f32>>> = vec![
        vec![vec![0.0; 24]; 5],
        vec![vec![3.0; 1]],
        vec![vec![1e7; 30]; 3],
        vec![vec![0.001; 30]; 3],
        vec![(0..40).map(|t| if t == 39 { 1e6 } else { 0.0 }).collect(); 4],
        vec![(0..5).map(|t| t as f32).collect()],
        (0..30).map(|i| (0..40).map(|t| ((i * t) % 7) as f32 * 0.37).collect()).collect(),
    ];
    for data in odd {
        let panel = panel(&data);
        for cutoff in [0, 1, panel.periods()] {
            let attributes = Attributes { columns: vec![vec![f32::NAN; panel.series()]] };
            let fitted =
                Fitted::new(&panel, cutoff.min(panel.periods()), &attributes, &small(3), &control).unwrap();
            for f in fitted.predict(&panel, &attributes, &LEVELS, &control).unwrap() {
                assert!(f.mean.is_finite() && f.mean >= 0.0);
                assert!(f.quantiles.iter().all(|q| q.is_finite() && *q >= 0.0), "{:?}", f.quantiles);
                assert!(f.quantiles.windows(2).all(|w| w[0] <= w[1]), "{:?}", f.quantiles);
            }
        }
    }
}

#[test]
fn the_upper_quantiles_cover_what_they_promise() {
    let panel = panel(&rows(600, 48));
    let f = forecast(&panel, 45, 3, 1);
    let above = |k: usize| {
        (0..600).filter(|i| f64::from(panel.row(*i)[45..48].iter().sum::<f32>()) > f[*i].quantiles[k]).count()
    };
    assert!((0..=60).contains(&above(3)), "{}", above(3));
    assert!(above(5) <= 18, "{}", above(5));
}

#[test]
fn paths_start_where_the_next_period_is() {
    let panel = panel(&rows(80, 36));
    let control = Control::threads(1);
    let attributes = Attributes::default();
    let fitted = Fitted::new(&panel, 36, &attributes, &small(1), &control).unwrap();
    let next = fitted.predict_pieces(&panel, &attributes, &LEVELS, &control).unwrap();
    let paths = fitted.paths(&panel, &attributes, &LEVELS, 6, 0..80, &control).unwrap();
    for (a, b) in next.iter().zip(&paths) {
        assert_eq!(b.len(), 6);
        assert!((a.mean - b[0].mean).abs() < 1e-9);
        assert_eq!(a.quantiles, b[0].quantiles);
    }
}

#[test]
fn a_stopped_run_says_so() {
    let flag = std::sync::atomic::AtomicBool::new(true);
    let control = Control { threads: 1, cancel: Some(&flag), progress: None };
    let panel = panel(&rows(20, 30));
    let result = Fitted::new(&panel, 30, &Attributes::default(), &small(3), &control);
    assert!(matches!(result.err(), Some(planning::PlanError::Cancelled)));
}
