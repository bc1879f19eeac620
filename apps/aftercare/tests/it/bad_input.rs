//! Bad input of every kind: a clear error, never a panic, never a 500.

use http::Method;
use serde_json::json;

use crate::world::{id, world};

/// Texts that have broken other products.
const NASTY: &[&str] = &[
    "'; drop table customer; --",
    "<script>alert(1)</script>",
    "=cmd|' /C calc'!A0",
    "\u{202e}txet\u{0}null\u{7}",
    "𝕬𝖋𝖙𝖊𝖗 ⽤户 🛠️ e\u{301}",
    "%00%ff../../etc/passwd",
    "{{7*7}} ${7*7} #{7*7}",
];

testkit::app_test! {
    async fn nasty_names_are_stored_as_they_are_and_shown_escaped(app: TestApp) {
        let admin = app.admin().await;
        for name in NASTY {
            let answer = admin.post("/customers", json!({ "name": name, "phone": "13800000001" })).await;
            assert!(answer.status.as_u16() < 500, "{name}: {}", answer.text());
            if !answer.status.is_success() {
                continue;
            }
            let page = admin.page(&format!("/customers/{}", id(&answer.json()))).await;
            assert!(page.status.is_success(), "{}", page.status);
            assert!(!page.text().contains("<script>alert"), "unescaped");
        }
        for format in ["csv", "xlsx", "json"] {
            let export = admin.page(&format!("/customers/export?format={format}")).await;
            assert!(export.status.is_success(), "{format}: {}", export.text());
            if format == "csv" {
                assert!(!export.text().lines().any(|line| line.split(',').any(|cell| cell.trim_matches('"').starts_with("=cmd"))), "a formula got out");
            }
        }
    }

    async fn ten_megabytes_are_refused_as_too_large(app: TestApp) {
        let admin = app.admin().await;
        let huge = "长".repeat(3_500_000);
        admin.post("/customers", json!({ "name": huge })).await.refused(413);
    }

    async fn a_megabyte_in_one_field_is_refused_at_the_field(app: TestApp) {
        let admin = app.admin().await;
        let answer = admin.post("/customers", json!({ "name": "长".repeat(300_000) })).await;
        assert_eq!(answer.status.as_u16(), 422);
        assert_eq!(answer.json()["errors"][0]["field"], "name", "{}", &answer.text()[..300]);
    }

    async fn wrong_encodings_and_broken_json_are_clear_errors(app: TestApp) {
        let admin = app.admin().await;
        for body in [&b"\xff\xfe\x00"[..], b"{", b"[1,2", b"nul", b"{\"name\": \"\xd6\xd0\xce\xc4\"}", b"\"\"", b"12", b"{\"name\": {\"a\": 1}}"] {
            let answer = admin.send(Method::POST, "/api/v1/customers", &[("content-type", "application/json")], body.to_vec()).await;
            assert_eq!(answer.status.as_u16(), 422, "{:?}: {}", body, answer.text());
            assert!(!answer.json()["title"].as_str().unwrap_or_default().is_empty());
        }
    }

    async fn absurd_dates_and_numbers_are_refused(app: TestApp) {
        let world = world(app, 5).await;
        for date in ["0000-00-00", "9999-99-99", "2026-02-30", "1/1/1", "-1", "99999999999999", "明天"] {
            let answer = world.admin.post("/units", json!({ "customer_id": world.customer["id"], "model": "M", "serial": "S", "purchase_date": date })).await;
            assert_eq!(answer.status.as_u16(), 422, "{date}: {}", answer.text());
        }
        let order = world.assigned_order().await;
        let path = format!("/orders/{}/lines", id(&order));
        for quantity in [json!(-1000), json!(i64::MAX), json!(1e300), json!("abc"), json!(null), json!([]), json!("9".repeat(400))] {
            let body = json!({ "part_id": world.part["id"], "depot_id": world.depot["id"], "quantity": quantity, "stock": "issue" });
            let answer = world.admin.post(&path, body).await;
            assert!(answer.status.as_u16() < 500, "{quantity}: {}", answer.text());
            assert!(quantity.is_null() || !answer.status.is_success(), "{quantity} was taken: {}", answer.text());
        }
    }

    async fn broken_filters_sorts_and_cursors_are_refused(app: TestApp) {
        let admin = app.admin().await;
        for query in ["filter=x", "filter=state~in", "filter=nope~eq~1", "filter=created_at~gte~never", "sort=nope", "after=!!!", "after=e30", "limit=-1", "limit=abc", "filter=%ff%fe"] {
            let answer = admin.get(&format!("/orders?{query}")).await;
            assert!(answer.status.as_u16() < 500, "{query}: {}", answer.text());
        }
        for words in NASTY {
            let encoded: String = words.bytes().map(|b| format!("%{b:02X}")).collect();
            let answer = admin.get(&format!("/search?q={encoded}")).await;
            assert!(answer.status.as_u16() < 500, "{words}: {}", answer.text());
        }
    }

    async fn broken_files_are_refused_at_import(app: TestApp) {
        let admin = app.admin().await;
        let files: [(&str, Vec<u8>); 5] = [
            ("a.xlsx", b"PK\x03\x04not really".to_vec()),
            ("a.xlsx", vec![0; 10_000]),
            ("a.csv", vec![0xff; 4096]),
            ("a.csv", Vec::new()),
            ("a.csv", b"code,name\n\"unclosed".to_vec()),
        ];
        for (name, bytes) in files {
            let path = format!("/api/v1/imports/parts?dry_run=true&name={name}");
            let answer = admin.send(Method::POST, &path, &[("content-type", "application/octet-stream")], bytes).await;
            assert!(answer.status.as_u16() < 500, "{name}: {}", answer.text());
        }
    }
}
