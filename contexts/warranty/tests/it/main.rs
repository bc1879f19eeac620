//! Warranty through the front doors, on both engines.

use kit::Role;
use serde_json::{Value, json};
use testkit::{Client, TestApp};

async fn unit(admin: &Client, app: &TestApp, purchase: &str) -> String {
    let customer = json!({ "name": "湖滨万象城", "org_id": app.root, "phone": "13800136027", "address": "太湖东路 9 号" });
    let customer = admin.post("/customers", customer).await.ok();
    let model = admin.post("/models", json!({ "code": "M1", "name": "冷水机组" })).await.ok();
    let unit = json!({ "customer_id": customer["id"], "org_id": app.root, "model_id": model["model"]["id"], "serial": "SN1", "purchase_date": purchase });
    admin.post("/units", unit).await.ok()["id"].as_str().expect("an id").to_string()
}

fn policy(code: &str, months: i64) -> Value {
    json!({ "code": code, "name": code, "term": { "valid_from": "2020-01-01", "months": months } })
}

/// Imports a text, and waits until it is done.
async fn import(app: &TestApp, client: &Client, kind: &str, text: &str) -> Value {
    let headers = [("content-type", "text/csv")];
    let path = format!("/api/v1/imports/{kind}?name=t.csv");
    let batch = client.send(http::Method::POST, &path, &headers, text.as_bytes().to_vec()).await.ok();
    app.drain().await;
    batch
}

testkit::app_test! {
    async fn a_unit_is_decided_by_the_most_special_policy(app: TestApp) {
        let admin = app.admin().await;
        let unit = unit(&admin, app, "2025-11-18").await;
        let path = format!("/units/{unit}/warranty");
        let shipped = admin.get(&format!("{path}?at=2026-11-18")).await.ok();
        assert_eq!((shipped["verdict"].as_str(), shipped["until"].as_str()), (Some("covered"), Some("2026-11-18")));
        assert_eq!(admin.get(&format!("{path}?at=2026-11-19")).await.ok()["verdict"], "not_covered");
        assert_eq!(admin.get(&format!("{path}?at=2026-11-18&cause=customer")).await.ok()["verdict"], "not_covered");

        let mut tank = policy("TANK", 36);
        tank["group_code"] = json!("TANK");
        let made = admin.post("/warranty/policies", tank).await.ok();
        let decided = admin.get(&format!("{path}?at=2026-11-19&group=TANK")).await.ok();
        assert_eq!((decided["verdict"].as_str(), &decided["policy_id"]), (Some("covered"), &made["policy"]["id"]));
        assert!(decided["said"].as_array().expect("reasons").len() >= 4);
        assert!(decided["trace"][0].as_str().expect("a reason").contains("TANK"));
    }

    async fn terms_are_added_and_never_edited(app: TestApp) {
        let admin = app.admin().await;
        let made = admin.post("/warranty/policies", policy("P1", 12)).await.ok();
        let path = format!("/warranty/policies/{}", made["policy"]["id"].as_str().expect("an id"));
        assert_eq!(admin.post("/warranty/policies", policy("P1", 12)).await.refused(422), "warranty.code_taken");
        let same_day = json!({ "valid_from": "2020-01-01", "months": 24 });
        assert_eq!(admin.post(&format!("{path}/terms"), same_day).await.refused(422), "warranty.term_not_newer");
        let later = json!({ "valid_from": "2026-01-01", "months": 24, "parts": "85.5", "referred": ["other"] });
        let out = admin.post(&format!("{path}/terms"), later).await.ok();
        assert_eq!(out["terms"].as_array().expect("versions").len(), 2);
        assert_eq!((out["terms"][0]["number"].as_i64(), out["terms"][0]["parts_bp"].as_i64()), (Some(2), Some(8550)));
        let change = json!({ "version": 1, "name": "改名", "active": false });
        assert_eq!(admin.put(&path, change).await.refused(409), "warranty.stale");
        let change = json!({ "version": 2, "name": "改名", "active": false });
        assert_eq!(admin.put(&path, change).await.ok()["policy"]["active"], false);
    }

    async fn pages_work_without_scripts(app: TestApp) {
        let admin = app.admin().await;
        for path in ["/warranty/policies", "/warranty/policies/new", "/warranty/try", "/warranty/exceptions"] {
            let page = admin.page(path).await;
            assert_eq!(page.status, 200, "{path}: {}", page.text());
        }
        let fields = "code=FORM&name=Form&term.valid_from=2026-01-01&term.months=18&term.start_basis=install&term.parts=100%25\
            &term.labour=50&term.travel=0&term.excluded=customer&term.limit_in_days=3&term.limit_out_days=5";
        let answer = admin.form("/warranty/policies", fields).await;
        assert_eq!(answer.status, 303, "{}", answer.text());
        let to = answer.headers["location"].to_str().expect("an address").to_string();
        let page = admin.page(&to).await.text();
        assert!(page.contains("50%") && page.contains("FORM"), "{page}");
        let bad = admin.form("/warranty/policies", "code=&name=&term.valid_from=2026-01-01&term.months=9999").await;
        assert_eq!(bad.status, 422);
        assert!(bad.text().contains("1200"));
        let tried = admin.form("/warranty/try", "at=2026-02-01&purchase_date=2026-01-01&cause=product").await;
        assert!(tried.text().contains("保内"), "{}", tried.text());
    }

    async fn proofs_and_exceptions_say_who_and_why(app: TestApp) {
        let admin = app.admin().await;
        let manager = app.user(Role::Manager).await;
        let unit = unit(&admin, app, "2020-01-01").await;
        let path = format!("/units/{unit}/proofs");
        assert_eq!(manager.post(&path, json!({ "kind": "card" })).await.refused(422), "warranty.proof_empty");
        manager.post(&path, json!({ "kind": "card", "number": "K-1" })).await.ok();
        assert_eq!(admin.get(&path).await.ok()[0]["number"], "K-1");
        let mut input = json!({ "doc_kind": "unit", "doc_id": unit, "kind": "goodwill", "verdict": "covered", "amount": "88.5", "reason": "老客户" });
        let made = manager.post("/warranty/exceptions", input.clone()).await.ok();
        assert_eq!(made["amount"], 8850);
        input["reason"] = json!("");
        assert_eq!(manager.post("/warranty/exceptions", input.clone()).await.refused(422), "warranty.reason");
        let engineer = app.user(Role::Engineer).await;
        engineer.post("/warranty/exceptions", input).await.refused(403);
        engineer.post("/warranty/policies", policy("X", 1)).await.refused(403);
        assert_eq!(admin.page(&format!("/units/{unit}/warranty")).await.status, 200);
    }

    async fn policies_are_imported_and_exports_change_nothing(app: TestApp) {
        let admin = app.admin().await;
        admin.post("/models", json!({ "code": "M1", "name": "冷水机组" })).await.ok();
        let text = "编码,名称,机型编码,月数,现行版本自,配件承担 %\nA,甲,M1,24,2026-01-01,85.5\nB,乙,没有,12,2026-01-01,\nC,丙,,36,2026-01-01,\n";
        import(app, &admin, "warranty_policies", text).await;
        let policies = || async { admin.get("/warranty/policies?sort=code").await.ok()["items"].clone() };
        let before = policies().await;
        assert_eq!(before.as_array().map(Vec::len), Some(3), "one shipped, two imported: {before}");
        import(app, &admin, "warranty_policies", "编码,名称,月数,现行版本自\nA,甲,30,2026-06-01\n").await;
        let changed = policies().await;
        assert!(changed.to_string().contains("30"), "{changed}");
        let export = admin.page("/warranty/policies/export?format=csv").await.text();
        import(app, &admin, "warranty_policies", &export).await;
        assert_eq!(policies().await, changed);
    }

    async fn an_undo_never_takes_terms_away_that_came_after_the_import(app: TestApp) {
        let admin = app.admin().await;
        import(app, &admin, "warranty_policies", "编码,名称,月数,现行版本自\nA,甲,24,2026-01-01\n").await;
        let batch = import(app, &admin, "warranty_policies", "编码,名称,月数,现行版本自\nA,甲,30,2026-06-01\n").await;
        let list = admin.get("/warranty/policies?filter=code~eq~A").await.ok();
        let path = format!("/warranty/policies/{}", list["items"][0]["id"].as_str().expect("an id"));
        admin.post(&format!("{path}/terms"), json!({ "valid_from": "2026-10-01", "months": 48 })).await.ok();
        let refused = admin.post(&format!("/imports/{}/undo", batch["id"].as_str().expect("an id")), json!({})).await;
        assert!(refused.status == 422 && refused.text().contains("row.2"), "{}", refused.text());
        assert_eq!(admin.get(&path).await.ok()["terms"].as_array().map(Vec::len), Some(3));
    }
}
