//! What planners know beyond the history: events, hints, tracked accuracy, the last buy, parts without demand.

use std::fs;

use tempfile::TempDir;

use super::{demand, file, out, parts, planning};

/// Cells of a part's first row.
fn row(text: &str, part: &str) -> Vec<String> {
    let line = text.lines().find(|l| l.starts_with(&format!("{part},"))).unwrap();
    line.split(',').map(str::to_string).collect()
}

/// The named cell of a part's first row, as a number.
fn number(text: &str, part: &str, column: &str) -> f64 {
    let place = text.lines().next().unwrap().split(',').position(|c| c == column).unwrap();
    row(text, part)[place].parse().unwrap()
}

/// Runs a command that must succeed; gives the file it wrote.
fn written(dir: &TempDir, command: &str, args: &[&str]) -> String {
    let path = out(dir, "written.csv");
    let all = [&[command], args, &["--out", &path]].concat();
    let (ok, text, err) = planning(&all);
    assert!(ok, "{all:?}: {text}{err}");
    fs::read_to_string(path).unwrap()
}

/// Runs a command that must fail; gives what it said.
fn refused(dir: &TempDir, command: &str, args: &[&str]) -> String {
    let path = out(dir, "refused.csv");
    let (ok, _, err) = planning(&[&[command], args, &["--out", &path]].concat());
    assert!(!ok);
    err
}

#[test]
fn a_recall_comes_on_top_and_an_old_one_leaves_the_history() {
    let dir = TempDir::new().unwrap();
    let demand = demand(&dir);
    let base = ["--demand", &demand, "--horizon", "3"];
    let before = written(&dir, "forecast", &base);
    // The demand ends with 2026-06: the recall begins two months later.
    let events = file(&dir, "e.csv", "part,start,population,share,per_unit,months\nP1,2026-07,50,0.8,2,1\n");
    let after = written(&dir, "forecast", &[&base[..], &["--events", &events]].concat());
    let mean = |text: &str| number(text, "P1", "mean");
    assert!((mean(&after) - mean(&before) - 80.0).abs() < 1e-3, "{after}");
    assert!(number(&after, "P1", "q0.95") > number(&before, "P1", "q0.95") + 70.0);
    assert!(after.contains("80.0 more for a planned event"));
    assert_eq!(row(&before, "P2"), row(&after, "P2"));
    let old = file(&dir, "o.csv", "part,start,population,months,quantity\nP1,2026-01,1,6,1000\n");
    let without = written(&dir, "forecast", &[&base[..], &["--events", &old]].concat());
    assert!(mean(&without) < mean(&before), "{without}");
    let levels = ["--demand", &demand, "--service", "0.95", "--events", &events, "--details"];
    let text = written(&dir, "levels", &levels);
    assert!(number(&text, "P1", "order_point") > 75.0 && text.contains("planned event"), "{text}");
    let bad =
        file(&dir, "b.csv", "part,start,population,share\nP1,soon,5,0.5\nP1,2026-07,x,0.5\nZ,2026-07,5,2\n");
    let err = refused(&dir, "forecast", &[&base[..], &["--events", &bad]].concat());
    for expected in ["row 2: start `soon` is not a month", "row 3: population `x` is not a number", "row 4: "]
    {
        assert!(err.contains(expected), "{expected}: {err}");
    }
}

#[test]
fn hints_count_by_weight_until_they_expire() {
    let dir = TempDir::new().unwrap();
    let demand = demand(&dir);
    let base = ["--demand", &demand, "--horizon", "2"];
    let before = written(&dir, "forecast", &base);
    let hints = file(
        &dir,
        "h.csv",
        "part,start,kind,value,months,weight,expires\nP1,2026-07,level,20,2,0.5,2026-08\nP2,2026-07,factor,3,2,1,2026-07\n",
    );
    let after = written(&dir, "forecast", &[&base[..], &["--hints", &hints]].concat());
    let mean = |text: &str| number(text, "P1", "mean");
    assert!((mean(&after) - 0.5 * (mean(&before) + 20.0)).abs() < 1e-3, "{after}");
    let second = |text: &str| text.lines().find(|l| l.starts_with("P1,2,")).unwrap().to_string();
    assert_eq!(second(&before), second(&after), "expired before the second month");
    assert_eq!(row(&before, "P2"), row(&after, "P2"), "expired before its month");
    let bad =
        file(&dir, "b.csv", "part,start,kind,value,weight\nP1,2026-07,guess,2,1\nP1,2026-07,level,2,7\n");
    let err = refused(&dir, "levels", &["--demand", &demand, "--service", "0.9", "--hints", &bad]);
    assert!(
        err.contains("row 2: kind `guess`") && err.contains("row 3: weight `7` is out of range"),
        "{err}"
    );
}

#[test]
fn earlier_errors_correct_the_next_run() {
    let dir = TempDir::new().unwrap();
    let demand = demand(&dir);
    let mut text = String::from("origin,part,mean,q0.95\n");
    for month in 1..=5 {
        text += &format!("2026-0{month},P1,0.1,0\n2026-0{month},P2,400,900\n");
    }
    text += "2026-06,P3,1,2\n";
    let earlier = file(&dir, "q.csv", &text);
    let track = out(&dir, "track.csv");
    let args = ["accuracy", "--demand", &demand, "--earlier", &earlier, "--protection", "1"];
    let (ok, said, err) = planning(&[&args[..], &["--out", &track, "--json"]].concat());
    assert!(ok, "{said}{err}");
    let summary: serde_json::Value = serde_json::from_str(&said).unwrap();
    assert_eq!((summary["judged"].as_u64(), summary["not_due"].as_u64()), (Some(10), Some(1)));
    assert_eq!(summary["trend"].as_array().unwrap().len(), 5);
    let base = ["--demand", &demand, "--horizon", "1"];
    let before = written(&dir, "forecast", &base);
    let after = written(&dir, "forecast", &[&base[..], &["--track", &track]].concat());
    let mean = |text: &str, part: &str| number(text, part, "mean");
    assert!(mean(&after, "P1") > 1.1 * mean(&before, "P1"), "always too low before");
    assert!(mean(&after, "P2") < 0.6 * mean(&before, "P2"), "always too high before");
    assert_eq!(row(&before, "P3"), row(&after, "P3"), "nothing known yet");
    let err = refused(&dir, "accuracy", &[&args[1..], &["--quantile", "0.9"]].concat());
    assert!(err.contains("no column `q0.9`"), "{err}");
}

#[test]
fn the_last_buy_follows_decline_field_and_stock() {
    let dir = TempDir::new().unwrap();
    let demand = demand(&dir);
    let text = "part,unit_cost,on_hand,life_months,failures_per_month\nP0,10,0,,\nP1,10,30,,\nP2,10,,60,0.02\nNEW,5,,,\n";
    let mut all = text.to_string();
    (3..12).for_each(|k| all += &format!("P{k},10,,,\n"));
    let parts = file(&dir, "life.csv", &all);
    let sales = file(&dir, "sales.csv", "part,period,units\nP2,2025-01,500\nP2,2026-08,500\n");
    let base = ["--demand", &demand, "--parts", &parts];
    let three = written(&dir, "last-buy", &[&base[..], &["--years", "3"]].concat());
    let five = written(&dir, "last-buy", &base);
    assert!(number(&five, "P0", "quantity") > number(&three, "P0", "quantity"), "{five}");
    assert_eq!(number(&five, "NEW", "quantity"), 0.0);
    assert!(five.contains("no demand in the last four years"));
    let field = written(&dir, "last-buy", &[&base[..], &["--sales", &sales]].concat());
    assert!(field.contains("field of ") && number(&field, "P2", "mean") > 100.0, "{field}");
    let dear = written(&dir, "last-buy", &[&base[..], &["--shortage", "50"]].concat());
    assert!(number(&dear, "P0", "quantity") > number(&five, "P0", "quantity"));
    let bad = file(&dir, "bad.csv", "part,period,units\nP2,2025-01,-1\nP9,,1\n");
    let err = refused(&dir, "last-buy", &[&base[..], &["--sales", &bad]].concat());
    assert!(
        err.contains("row 2: units `-1` is out of range") && err.contains("row 3: period is missing"),
        "{err}"
    );
}

#[test]
fn parts_without_any_demand_are_there_with_a_reason() {
    let dir = TempDir::new().unwrap();
    let demand = demand(&dir);
    let text = fs::read_to_string(parts(&dir, "")).unwrap() + "SILENT,2,7,\n";
    let parts = file(&dir, "more.csv", &text);
    let base = ["--demand", &demand, "--parts", &parts];
    let forecast = written(&dir, "forecast", &[&base[..], &["--horizon", "1"]].concat());
    assert!(row(&forecast, "SILENT").last().unwrap().contains("no demand so far"), "{forecast}");
    let levels = written(&dir, "levels", &[&base[..], &["--service", "0.95", "--details"]].concat());
    assert!(levels.lines().any(|l| l.starts_with("SILENT,") && l.contains("no demand so far")), "{levels}");
    let args = [&base[..], &["--origins", "1", "--protection", "2"]].concat();
    assert!(written(&dir, "backtest", &args).contains(",SILENT,"));
}
