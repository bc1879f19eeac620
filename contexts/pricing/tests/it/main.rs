//! Pricing through the front doors, on both engines.

use kit::Role;
use serde_json::{Value, json};
use testkit::{Client, TestApp};

async fn list(admin: &Client, code: &str, nature: &str) -> String {
    let made = admin.post("/prices", json!({ "code": code, "name": code, "nature": nature })).await.ok();
    made["list"]["id"].as_str().expect("an id").to_string()
}

async fn rule(admin: &Client, list: &str, rule: Value) -> Value {
    admin.post(&format!("/prices/{list}/rules"), rule).await.ok()
}

fn job(app: &TestApp, at: &str) -> Value {
    json!({ "org_id": app.root, "kind": "repair_minor", "mode": "on_site", "model_id": null,
        "covered_labour_bp": 0, "covered_travel_bp": 0, "urgent": false, "on": &at[..10] })
}

const DAY: &str = "2026-11-18T01:00:00Z";

/// Imports a text, and waits until it is done.
async fn import(app: &TestApp, client: &Client, kind: &str, text: &str) -> Value {
    let headers = [("content-type", "text/csv")];
    let path = format!("/api/v1/imports/{kind}?name=t.csv");
    let batch = client.send(http::Method::POST, &path, &headers, text.as_bytes().to_vec()).await.ok();
    app.drain().await;
    batch
}

testkit::app_test! {
    async fn fees_follow_the_rules_in_force(app: TestApp) {
        let admin = app.admin().await;
        let std = list(&admin, "STD", "standard").await;
        rule(&admin, &std, json!({ "code": "visit", "mode": "on_site", "amount": "50", "valid_from": "2026-01-01" })).await;
        rule(&admin, &std, json!({ "code": "labour", "amount": 8000, "valid_from": "2026-01-01" })).await;
        rule(&admin, &std, json!({ "code": "urgent", "basis": "percent_of_labour", "rate": "50", "valid_from": "2026-01-01" })).await;
        rule(&admin, &std, json!({ "code": "software", "amount": "200", "automatic": false, "valid_from": "2026-01-01" })).await;
        let out = admin.post("/prices/try", json!({ "question": job(app, DAY) })).await.ok();
        assert_eq!((out["total"].as_i64(), out["fees"].as_array().map(Vec::len)), (Some(13_000), Some(2)), "{out}");
        let mut covered = job(app, DAY);
        covered["covered_labour_bp"] = json!(10_000);
        covered["urgent"] = json!(true);
        let out = admin.post("/prices/try", json!({ "question": covered })).await.ok();
        assert_eq!(out["total"].as_i64(), Some(5_000 + 4_000), "{out}");

        let out = rule(&admin, &std, json!({ "code": "labour", "amount": 9000, "valid_from": "2026-12-01" })).await;
        let old = out["rules"].as_array().expect("rules").iter().find(|r| r["amount"] == 8000).expect("the old rule");
        assert_eq!(old["valid_until"], "2026-11-30");
        let late = admin.post("/prices/try", json!({ "question": job(app, "2026-12-02T01:00:00Z") })).await.ok();
        assert_eq!(late["total"].as_i64(), Some(14_000));
        let again = json!({ "code": "labour", "amount": 1, "valid_from": "2026-12-01" });
        assert_eq!(admin.post(&format!("/prices/{std}/rules"), again).await.refused(422), "pricing.not_newer");
    }

    async fn regions_have_their_own_lists(app: TestApp) {
        let admin = app.admin().await;
        let std = list(&admin, "STD", "standard").await;
        rule(&admin, &std, json!({ "code": "labour", "amount": 8000, "valid_from": "2026-01-01" })).await;
        let made = admin.post("/prices", json!({ "code": "JS", "name": "江苏", "region": "江苏" })).await.ok();
        rule(&admin, made["list"]["id"].as_str().expect("an id"), json!({ "code": "labour", "amount": 7000, "valid_from": "2026-01-01" })).await;
        let org = json!({ "code": "SZ", "name": "苏州网点", "kind": "outlet", "parent_id": app.root, "region": "江苏/苏州" });
        let org = admin.post("/orgs", org).await.ok();
        let mut there = job(app, DAY);
        there["org_id"] = org["id"].clone();
        assert_eq!(admin.post("/prices/try", json!({ "question": there })).await.ok()["total"].as_i64(), Some(7_000));
        assert_eq!(admin.post("/prices/try", json!({ "question": job(app, DAY) })).await.ok()["total"].as_i64(), Some(8_000));
    }

    async fn the_lower_of_list_and_certificate_and_cost_price(app: TestApp) {
        let admin = app.admin().await;
        let std = list(&admin, "STD", "standard").await;
        rule(&admin, &std, json!({ "code": "labour", "amount": 8000, "valid_from": "2026-01-01" })).await;
        let cost = list(&admin, "COST", "cost").await;
        rule(&admin, &cost, json!({ "code": "labour", "amount": 3000, "valid_from": "2026-01-01" })).await;
        let customer = admin.post("/customers", json!({ "name": "甲", "org_id": app.root, "phone": "13800136027", "address": "苏州" })).await.ok();
        let model = admin.post("/models", json!({ "code": "M1", "name": "冷水机组" })).await.ok();
        let unit = json!({ "customer_id": customer["id"], "org_id": app.root, "model_id": model["model"]["id"], "serial": "S" });
        let unit = admin.post("/units", unit).await.ok();
        let path = format!("/units/{}/certificate", unit["id"].as_str().expect("an id"));
        admin.post(&path, json!({ "code": "labour", "amount": "60" })).await.ok();
        let total = |more: Value| {
            let (admin, question) = (admin.clone(), job(app, DAY));
            async move { admin.post("/prices/try", json!({ "question": question, "more": more })).await.ok()["total"].as_i64() }
        };
        assert_eq!(total(json!({ "unit_id": unit["id"] })).await, Some(6_000));
        assert_eq!(total(json!({})).await, Some(8_000));
        assert_eq!(total(json!({ "cost_price": true })).await, Some(3_000));
    }

    async fn pages_work_without_scripts(app: TestApp) {
        let admin = app.admin().await;
        for path in ["/prices", "/prices/new", "/prices/rules", "/prices/parts", "/prices/parts/new", "/prices/try"] {
            let page = admin.page(path).await;
            assert_eq!(page.status, 200, "{path}: {}", page.text());
        }
        let answer = admin.form("/prices", "code=F1&name=Form&region=&nature=standard").await;
        assert_eq!(answer.status, 303, "{}", answer.text());
        let to = answer.headers["location"].to_str().expect("an address").to_string();
        assert_eq!(admin.page(&format!("{to}/rules/new")).await.status, 200);
        let fields = "rule.code=labour&rule.basis=flat&rule.amount=12.50&rule.rate=0%25&rule.grade=&rule.borne_as=&rule.model_id=&rule.valid_from=2026-01-01";
        let answer = admin.form(&format!("{to}/rules"), fields).await;
        assert_eq!(answer.status, 303, "{}", answer.text());
        assert!(admin.page(&to).await.text().contains("12.50"));
        let tried = admin.form("/prices/try", "kind=repair_minor&mode=on_site&covered=20&km=3&hours=1&urgent=on").await;
        assert!(tried.text().contains("10.00"), "{}", tried.text());
        let part = "part_id=01900000-0000-7000-8000-000000000099&part_id_text=P1&price=9.9&valid_from=2026-01-01&reason=";
        let answer = admin.form("/prices/parts", part).await;
        assert_eq!(answer.status, 422, "{}", answer.text());
        let answer = admin.form("/prices/parts", &format!("{part}ok")).await;
        assert_eq!(answer.status, 303, "{}", answer.text());
        assert!(admin.page("/prices/parts").await.text().contains("P1"));
    }

    async fn only_those_who_may_change_prices(app: TestApp) {
        let engineer = app.user(Role::Engineer).await;
        engineer.post("/prices", json!({ "code": "X", "name": "X" })).await.refused(403);
        engineer.get("/prices").await.ok();
        app.nobody().get("/prices").await.refused(401);
    }

    async fn rules_are_imported_and_exports_change_nothing(app: TestApp) {
        let admin = app.admin().await;
        list(&admin, "STD", "standard").await;
        let text = "价格表,费用,工单类型,服务方式,金额,自\nSTD,上门费,,on_site,50,2026-01-01\nSTD,工时费,repair_minor,,80.5,2026-01-01\n没有,工时费,,,1,2026-01-01\n\
            STD,工时费,repair_minor,,90,2026-07-01\n";
        import(app, &admin, "prices", text).await;
        let rules = || async { admin.get("/prices/rules?sort=created_at").await.ok()["items"].clone() };
        let before = rules().await;
        assert_eq!(before.as_array().map(Vec::len), Some(3), "the row of an unknown list is refused: {before}");
        assert!(before.to_string().contains("2026-06-30"), "the older rule ends: {before}");
        let export = admin.page("/prices/rules/export?format=csv").await.text();
        import(app, &admin, "prices", &export).await;
        assert_eq!(rules().await, before);
    }

    async fn an_undo_never_overrules_an_end_that_was_set_after_the_import(app: TestApp) {
        let admin = app.admin().await;
        list(&admin, "STD", "standard").await;
        let head = "价格表,费用,工单类型,服务方式,金额,自\n";
        import(app, &admin, "prices", &format!("{head}STD,工时费,repair_minor,,80,2026-01-01\n")).await;
        let batch = import(app, &admin, "prices", &format!("{head}STD,工时费,repair_minor,,90,2026-07-01\n")).await;
        let rules = || async { admin.get("/prices/rules?sort=created_at").await.ok()["items"].clone() };
        let before = rules().await;
        let new = before.as_array().into_iter().flatten().find(|rule| rule["amount"] == 9000).cloned().expect("the rule");
        let end = format!("/prices/rules/{}/end", new["id"].as_str().expect("an id"));
        admin.post(&end, json!({ "valid_until": "2026-12-31" })).await.ok();
        let undo = format!("/imports/{}/undo", batch["id"].as_str().expect("an id"));
        let refused = admin.post(&undo, json!({})).await;
        assert!(refused.status == 422 && refused.text().contains("row.2"), "{}", refused.text());
        assert!(rules().await.to_string().contains("2026-12-31"));
    }
}
