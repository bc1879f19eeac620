//! The real files the product was made for, where they are at hand: beside the project, not in it. Excerpts with the same
//! dirt are in the tests of orders and parts.

use std::path::PathBuf;

use http::Method;
use serde_json::Value;
use testkit::TestApp;

fn file(name: &str) -> Option<Vec<u8>> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data").join(name);
    let found = std::fs::read(&path).ok();
    if found.is_none() {
        eprintln!("skipped: {} is not here", path.display());
    }
    found
}

/// The dry run of a file with a mapping, as the import page sends it.
async fn dry_run(app: &TestApp, kind: &str, file: &[u8], mapping: &str) -> Value {
    let admin = app.admin().await;
    let mut body = Vec::new();
    let mut part = |head: &str, content: &[u8]| {
        body.extend_from_slice(format!("--X\r\nContent-Disposition: form-data; {head}\r\n\r\n").as_bytes());
        body.extend_from_slice(content);
        body.extend_from_slice(b"\r\n");
    };
    part("name=\"mapping\"", mapping.as_bytes());
    part("name=\"file\"; filename=\"real.csv\"\r\nContent-Type: text/csv", file);
    body.extend_from_slice(b"--X--\r\n");
    let headers = [("content-type", "multipart/form-data; boundary=X")];
    let path = format!("/api/v1/imports/{kind}?dry_run=true");
    admin.send(Method::POST, &path, &headers, body).await.ok()
}

/// No row is lost without a word: every row is taken, or left out with a problem that names row and column.
fn whole(report: &Value, least: i64) {
    let count = |what: &str| report[what].as_i64().unwrap_or_default();
    assert_eq!(count("created") + count("updated") + count("skipped"), count("rows"), "{report}");
    assert!(count("created") >= least, "{} of {} rows are taken", count("created"), count("rows"));
    for problem in report["problems"].as_array().into_iter().flatten() {
        assert!(problem["row"].as_i64().is_some_and(|row| row > 1), "{problem}");
    }
}

testkit::app_test! {
    async fn five_hundred_work_orders_of_a_drilling_fleet_come_in(app: TestApp) {
        let Some(orders) = file("orders/drill_work_orders.csv") else { return };
        let mapping = include_str!("../../../../docs/examples/drill_orders.toml");
        whole(&dry_run(app, "orders", &orders, mapping).await, ORDERS);
    }

    async fn five_thousand_spare_parts_come_in(app: TestApp) {
        let Some(parts) = file("planning/raf_parts.csv") else { return };
        whole(&dry_run(app, "parts", &parts, "").await, 5000);
    }
}

/// Good rows of the five hundred.
const ORDERS: i64 = 499;
