//! The commands as a planner uses them: files in, files out, errors by row.

#![allow(clippy::unwrap_used)]

use std::{fs, path::Path, process::Command};

use tempfile::TempDir;

#[path = "commands/beyond.rs"]
mod beyond;

/// Runs the commands' example binary, which Cargo builds beside the tests.
fn planning(args: &[&str]) -> (bool, String, String) {
    let exe = std::env::current_exe().unwrap();
    let dir = exe.parent().and_then(Path::parent).unwrap();
    let out = Command::new(dir.join("examples").join("planning")).args(args).output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (out.status.success(), text(&out.stdout), text(&out.stderr))
}

fn demand(dir: &TempDir) -> String {
    let mut text = String::from("part,period,quantity\n");
    for part in 0..12 {
        for t in 0..30 {
            if (t * (part % 3 + 1) + part) % 5 < 2 {
                text += &format!("P{part},{}-{:02},{}\n", 2024 + t / 12, t % 12 + 1, 1 + (t + part) % 3);
            }
        }
    }
    file(dir, "demand.csv", &text)
}

fn parts(dir: &TempDir, more: &str) -> String {
    let mut text = format!(
        "part,lead_time_months,unit_cost,criticality{}\n",
        if more.is_empty() { "" } else { ",successor" }
    );
    for part in 0..12 {
        let critical = if part == 3 { "A" } else { "" };
        let comma =
            if more.is_empty() { String::new() } else { format!(",{}", if part == 0 { more } else { "" }) };
        text += &format!("P{part},{},{},{critical}{comma}\n", 1 + part % 3, 5 * (part * part + 1));
    }
    file(dir, "parts.csv", &text)
}

fn file(dir: &TempDir, name: &str, text: &str) -> String {
    let path = dir.path().join(name);
    fs::write(&path, text).unwrap();
    path.display().to_string()
}

fn out(dir: &TempDir, name: &str) -> String {
    dir.path().join(name).display().to_string()
}

#[test]
fn backtest_writes_each_origin_and_never_looks_ahead() {
    let dir = TempDir::new().unwrap();
    let (demand, q) = (demand(&dir), out(&dir, "q.csv"));
    let args = [
        "backtest",
        "--demand",
        &demand,
        "--origins",
        "2",
        "--protection",
        "3",
        "--quantiles",
        "0.5,0.95",
        "--out",
        &q,
    ];
    let (ok, _, err) = planning(&args);
    assert!(ok, "{err}");
    let text = fs::read_to_string(&q).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines[0], "origin,part,mean,q0.5,q0.95");
    assert_eq!(lines.len(), 1 + 2 * 12);
    assert!(lines[1].starts_with("2026-04,P0,") && lines[13].starts_with("2026-05,P0,"), "{text}");
    // The same history with another last month: the first origin does not change.
    let changed = fs::read_to_string(&demand).unwrap() + "P1,2026-06,900\n";
    let other = file(&dir, "other.csv", &changed);
    let q2 = out(&dir, "q2.csv");
    let (ok, ..) = planning(&[
        "backtest",
        "--demand",
        &other,
        "--origins",
        "2",
        "--protection",
        "3",
        "--quantiles",
        "0.5,0.95",
        "--out",
        &q2,
    ]);
    assert!(ok);
    let again = fs::read_to_string(&q2).unwrap();
    assert_eq!(lines[1..25], again.lines().collect::<Vec<_>>()[1..25]);
}

#[test]
fn the_order_of_rows_does_not_matter_nor_do_threads() {
    let dir = TempDir::new().unwrap();
    let straight = demand(&dir);
    let text = fs::read_to_string(&straight).unwrap();
    let mut rows: Vec<&str> = text.lines().skip(1).collect();
    rows.reverse();
    let reversed = file(&dir, "reversed.csv", &format!("part,period,quantity\n{}\n", rows.join("\n")));
    let parts = parts(&dir, "");
    let run = |demand: &str, threads: &str, name: &str| {
        let path = out(&dir, name);
        let args = [
            "levels",
            "--demand",
            demand,
            "--parts",
            &parts,
            "--service",
            "0.95",
            "--threads",
            threads,
            "--out",
            &path,
        ];
        assert!(planning(&args).0);
        fs::read_to_string(path).unwrap()
    };
    let one = run(&straight, "1", "a.csv");
    assert_eq!(one, run(&straight, "4", "b.csv"));
    assert_eq!(one, run(&reversed, "2", "c.csv"));
    assert!(one.starts_with("part,min,order_point,max,service,value\n"));
}

#[test]
fn value_objective_costs_less_and_keeps_floors() {
    let dir = TempDir::new().unwrap();
    let (demand, parts) = (demand(&dir), parts(&dir, ""));
    let run = |objective: &str, name: &str| {
        let (path, front) = (out(&dir, name), out(&dir, "front.csv"));
        let (ok, text, err) = planning(&[
            "levels",
            "--demand",
            &demand,
            "--parts",
            &parts,
            "--service",
            "0.9",
            "--objective",
            objective,
            "--out",
            &path,
            "--json",
            "--frontier",
            &front,
            "--details",
        ]);
        assert!(ok, "{err}{text}");
        assert!(fs::read_to_string(front).unwrap().lines().count() > 10);
        let table = fs::read_to_string(path).unwrap();
        let critical = table.lines().find(|l| l.starts_with("P3,")).unwrap();
        let service: f64 = critical.split(',').nth(4).unwrap().parse().unwrap();
        let value: f64 =
            table.lines().skip(1).map(|l| l.split(',').nth(5).unwrap().parse::<f64>().unwrap()).sum();
        (service, value)
    };
    let (service, value) = run("value", "v.csv");
    let (_, equal) = run("equal", "e.csv");
    assert!(service >= 0.95 && value <= equal, "{service} {value} {equal}");
}

#[test]
fn forecast_gives_steps_model_and_reason_in_both_languages() {
    let dir = TempDir::new().unwrap();
    let (demand, f) = (demand(&dir), out(&dir, "f.csv"));
    for (language, word) in [("en", "months with demand"), ("zh", "有需求的月份")] {
        let (ok, _, err) = planning(&[
            "forecast",
            "--demand",
            &demand,
            "--horizon",
            "4",
            "--language",
            language,
            "--out",
            &f,
        ]);
        assert!(ok, "{err}");
        let text = fs::read_to_string(&f).unwrap();
        assert!(text.starts_with("part,step,mean,q0.5,q0.8,q0.9,q0.95,q0.98,q0.99,model,reason\n"));
        assert_eq!(text.lines().count(), 1 + 12 * 4);
        assert!(text.contains(word), "{text}");
    }
}

#[test]
fn every_wrong_row_is_named() {
    let dir = TempDir::new().unwrap();
    let bad = file(
        &dir,
        "bad.csv",
        "part,period,quantity\nP0,2025-01,1\nP0,2025-13,1\nP0,,1\n,2025-01,1\nP1,2025-02,-4\nP1,2025-03,many\nXX,2025-03,1\nP1,2025-04,\n",
    );
    let parts = parts(&dir, "");
    let q = out(&dir, "q.csv");
    let args =
        ["backtest", "--demand", &bad, "--parts", &parts, "--origins", "1", "--protection", "1", "--out", &q];
    let (ok, _, err) = planning(&args);
    assert!(!ok);
    for expected in [
        "row 3: period `2025-13` is not a month",
        "row 4: period is missing",
        "row 5: part is missing",
        "row 6: quantity -4 is negative",
        "row 7: quantity `many` is not a number",
        "row 8: unknown part `XX`",
        "row 9: quantity is missing",
    ] {
        assert!(err.contains(expected), "{expected} is not in\n{err}");
    }
    let (ok, json, _) = planning(&[&args[..], &["--json"]].concat());
    assert!(!ok && json.contains("\"errors\""));
}

#[test]
fn workbooks_are_read_like_text() {
    let dir = TempDir::new().unwrap();
    let demand = demand(&dir);
    let book = dir.path().join("demand.xlsx");
    let mut workbook = rust_xlsxwriter::Workbook::new();
    let sheet = workbook.add_worksheet();
    for (r, line) in fs::read_to_string(&demand).unwrap().lines().enumerate() {
        for (c, cell) in line.split(',').enumerate() {
            match cell.parse::<f64>() {
                Ok(x) if r > 0 => sheet.write_number(r as u32, c as u16, x).unwrap(),
                _ => sheet.write_string(r as u32, c as u16, cell).unwrap(),
            };
        }
    }
    workbook.save(&book).unwrap();
    let run = |input: &str, name: &str| {
        let path = out(&dir, name);
        let args = ["backtest", "--demand", input, "--origins", "1", "--protection", "2", "--out", &path];
        let (ok, _, err) = planning(&args);
        assert!(ok, "{err}");
        fs::read_to_string(path).unwrap()
    };
    assert_eq!(run(&demand, "a.csv"), run(&book.display().to_string(), "b.csv"));
}

#[test]
fn successors_inherit_and_unknown_ones_are_refused() {
    let dir = TempDir::new().unwrap();
    let demand = demand(&dir);
    let f = out(&dir, "f.csv");
    let good = parts(&dir, "P1");
    let (ok, _, err) =
        planning(&["forecast", "--demand", &demand, "--parts", &good, "--horizon", "1", "--out", &f]);
    assert!(ok, "{err}");
    let text = fs::read_to_string(&f).unwrap();
    let mean = |part: &str| -> f64 {
        let line = text.lines().find(|l| l.starts_with(&format!("{part},"))).unwrap();
        line.split(',').nth(2).unwrap().parse().unwrap()
    };
    assert!(mean("P0") < 0.5 * mean("P1"));
    let bad = parts(&dir, "P77");
    let (ok, _, err) =
        planning(&["forecast", "--demand", &demand, "--parts", &bad, "--horizon", "1", "--out", &f]);
    assert!(!ok && err.contains("successor `P77` of `P0`"), "{err}");
}

#[test]
fn networks_are_planned_and_wrong_ones_explained() {
    let dir = TempDir::new().unwrap();
    let base = r#"{"base":"b","demand_per_year":45,"base_repair_share":0.3,"base_repair_days":30,"ship_days":10,"count":4}"#;
    let net =
        |goal: &str| format!(r#"{{"items":[{{"item":"A","depot_repair_days":60,"bases":[{base}]{goal}}}]"#);
    let plan = out(&dir, "plan.json");
    let given = file(&dir, "n1.json", &(net(r#","stock":{"depot":16,"bases":[4]}"#) + "}"));
    let (ok, _, err) = planning(&["echelon", "--network", &given, "--out", &plan]);
    assert!(ok, "{err}");
    let value: serde_json::Value = serde_json::from_str(&fs::read_to_string(&plan).unwrap()).unwrap();
    assert!((value["expected_backorders"].as_f64().unwrap() - 1.9321).abs() < 5e-5);
    assert_eq!(value["method"], "exact");
    let free = file(&dir, "n2.json", &(net("") + r#","total_stock":13}"#));
    assert!(planning(&["echelon", "--network", &free, "--out", &plan, "--method", "vari-metric"]).0);
    let value: serde_json::Value = serde_json::from_str(&fs::read_to_string(&plan).unwrap()).unwrap();
    assert_eq!(value["items"][0]["depot_stock"], 9);
    let lost = file(&dir, "n3.json", &(net("") + "}"));
    let (ok, _, err) = planning(&["echelon", "--network", &lost, "--out", &plan]);
    assert!(!ok && err.contains("a goal is missing"), "{err}");
    let broken =
        file(&dir, "n4.json", "{\"items\":[{\"bases\":[{\"base\":\"x\"}],\"depot_repair_days\":3}]}");
    let (ok, _, err) = planning(&["echelon", "--network", &broken, "--out", &plan]);
    assert!(!ok && err.contains("demand_per_year"), "{err}");
    let tree = r#"{"items":[{"item":"T","total_stock":6,"nodes":[{"name":"centre","repair_share":1,"repair_days":30},
        {"name":"region","parent":"centre","ship_days":5},{"name":"shop","parent":"region","demand_per_day":0.1,"ship_days":2}]}]}"#;
    let tree = file(&dir, "n5.json", tree);
    assert!(planning(&["echelon", "--network", &tree, "--out", &plan]).0);
}

#[test]
fn help_speaks_to_a_planner() {
    let (ok, text, _) = planning(&["levels", "--help"]);
    assert!(ok && text.contains("Order when stock") && text.contains("--objective"));
    // The formats that have no other place are there.
    for (command, words) in
        [("echelon", "max_backorders"), ("last-buy", "failures_per_month"), ("accuracy", "--track")]
    {
        let (ok, text, _) = planning(&[command, "--help"]);
        assert!(ok && text.contains(words), "{text}");
    }
}
