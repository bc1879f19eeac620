//! Pay through the front doors, on both engines.

mod settle;
mod world;

use kit::Role;
use serde_json::json;
use testkit::TestApp;
use world::{audited, order, pay, world};

/// Tells subscribers something, as a lower context would.
async fn tell<E: kit::Event>(app: &TestApp, event: &E) {
    let cx = app.system();
    let kit::Begun::New(mut tx) = cx.begin("test.tell", &()).await.expect("a transaction") else {
        panic!("not a repeat")
    };
    tx.emit(event).expect("an event");
    tx.commit(()).await.expect("committed");
}

testkit::app_test! {
    async fn the_audit_computes_the_commission_once(app: TestApp) {
        let w = world(app).await;
        let id = order(&w).await;
        assert_eq!(w.admin.post(&format!("/orders/{id}/pay/compute"), json!({})).await.refused(409), "pay.not_audited");
        audited(&w, &id, json!({ "note": "单据齐全", "waive_callback": true, "deduction": 500 })).await;
        let now = w.admin.post(&format!("/orders/{id}/pay/compute"), json!({})).await.ok();
        assert_eq!(now["state"], "valid", "{now}");
        app.drain().await;
        let again = w.admin.post(&format!("/orders/{id}/pay/compute"), json!({})).await.ok();
        let seen = pay(&w.admin, &id).await;
        assert_eq!(now["lines"], again["lines"]);
        assert_eq!(now["lines"], seen["lines"]);
        // Labour 80.00 before warranty × 30 %, less the auditor's 5.00.
        let found: Vec<(&str, i64)> = seen["lines"]
            .as_array()
            .expect("lines")
            .iter()
            .map(|line| (line["kind"].as_str().expect("a kind"), line["amount"].as_i64().expect("an amount")))
            .collect();
        assert_eq!(found, [("commission", 2_400), ("audit_deduction", -500)]);
        assert_eq!(seen["lines"][0]["rule_version"], 1);
        assert!(seen["lines"][0]["trace"][0]["zh"].as_str().expect("a reason").contains("80.00"));
        assert_eq!(w.admin.page(&format!("/orders/{id}/pay")).await.status, 200);
    }

    async fn parts_that_were_given_back_earn_no_margin(app: TestApp) {
        let w = world(app).await;
        let rule = json!({ "name": "备件毛利", "base": "parts_margin", "ratio": "10", "valid_from": "2026-11-01" });
        w.admin.post("/pay/rules", rule).await.ok();
        let (used, given_back) = world::orders_with_part(&w).await;
        for (id, paid) in [(&used, 2_400 + 1_700), (&given_back, 2_400)] {
            audited(&w, id, json!({ "note": "单据齐全", "waive_callback": true })).await;
            app.drain().await;
            let seen = pay(&w.admin, id).await;
            assert_eq!(seen["total"], paid, "{seen}");
        }
    }

    async fn the_event_alone_is_enough(app: TestApp) {
        let w = world(app).await;
        let id = order(&w).await;
        audited(&w, &id, json!({ "note": "单据齐全", "waive_callback": true })).await;
        app.drain().await;
        assert_eq!(pay(&w.admin, &id).await["total"], 2_400);
    }

    async fn engineers_see_their_own_pay_in_full_and_nobody_elses(app: TestApp) {
        let w = world(app).await;
        let id = order(&w).await;
        audited(&w, &id, json!({ "note": "单据齐全", "waive_callback": true })).await;
        app.drain().await;
        assert_eq!(pay(&w.engineer, &id).await["lines"][0]["amount"], 2_400);
        let mine = w.engineer.get("/pay/mine").await.ok();
        assert_eq!((mine["sheet"]["state"].as_str(), mine["sheet"]["sums"]["commission"].as_i64()), (Some("open"), Some(2_400)));
        assert!(w.engineer.page("/pay/mine").await.text().contains("24.00"));
        let line = pay(&w.engineer, &id).await["lines"][0]["id"].as_str().expect("an id").to_string();
        let path = format!("/pay/lines/{line}");
        assert!(w.admin.page("/pay/lines").await.text().contains(&path), "a row leads to its line");
        let page = w.engineer.page(&path).await.text();
        assert!(page.contains(&format!("/orders/{id}")) && page.contains("80.00"), "the order and how it came about: {page}");
        assert_eq!(w.other.page(&path).await.status.as_u16(), 404);
        w.other.get(&format!("/orders/{id}/pay")).await.refused(404);
        let others = w.other.get("/pay/lines").await.ok();
        assert!(!others.to_string().contains("2400"), "{others}");
        assert_eq!(w.other.get("/pay/mine").await.ok()["sheet"]["sums"]["commission"], 0);
        w.engineer.post(&format!("/orders/{id}/pay/compute"), json!({})).await.refused(403);
        app.user(Role::Agent).await.get("/pay/lines").await.refused(403);
    }

    async fn reopening_after_the_audit_takes_the_pay_back_once(app: TestApp) {
        let w = world(app).await;
        let id = order(&w).await;
        audited(&w, &id, json!({ "note": "单据齐全", "waive_callback": true })).await;
        app.drain().await;
        let paid = pay(&w.admin, &id).await;
        let order_id = id.parse().expect("an id");
        for _ in 0..2 {
            let no = paid["lines"][0]["order_no"].as_str().expect("a number").to_string();
            tell(app, &contracts::OrderReopened { order_id, no, org_id: app.root, reworks: 1, at: app.app.now() }).await;
            app.drain().await;
        }
        let back = pay(&w.admin, &id).await;
        assert_eq!((back["state"].as_str(), back["total"].as_i64()), (Some("reversed"), Some(0)), "{back}");
        assert_eq!(back["lines"].as_array().map(Vec::len), Some(2));
        assert_eq!(back["lines"][1]["reverses"], back["lines"][0]["id"]);
    }

    /// The same through the flow: reopened by hand, the pay is taken back; audited again, it is computed anew (PAY-15).
    async fn an_order_reopened_by_hand_is_paid_once(app: TestApp) {
        let w = world(app).await;
        let id = order(&w).await;
        audited(&w, &id, json!({ "note": "单据齐全", "waive_callback": true })).await;
        app.drain().await;
        assert_eq!(pay(&w.admin, &id).await["total"], 2_400);
        w.admin.post(&format!("/orders/{id}/reopen"), json!({ "reason": "同一故障再次发生" })).await.ok();
        app.drain().await;
        let back = pay(&w.admin, &id).await;
        assert_eq!((back["state"].as_str(), back["total"].as_i64()), (Some("reversed"), Some(0)), "{back}");
        for (step, body) in [
            ("assign", json!({ "engineer_id": w.engineer.staff })),
            ("start", json!({})),
            ("complete", json!({ "cause": "product", "root_cause": "传感器漂移", "result": "再次更换", "unsigned_reason": "送修" })),
            ("confirm", json!({})),
        ] {
            w.admin.post(&format!("/orders/{id}/{step}"), body).await.ok();
        }
        audited(&w, &id, json!({ "note": "单据齐全", "waive_callback": true })).await;
        app.drain().await;
        let again = pay(&w.admin, &id).await;
        assert_eq!((again["state"].as_str(), again["total"].as_i64()), (Some("valid"), Some(2_400)), "{again}");
    }

    async fn a_callback_after_the_audit_still_counts_and_only_once(app: TestApp) {
        let w = world(app).await;
        let item = json!({ "code": "RUDE", "name": "服务态度", "sign": "penalty", "cause": "callback_class", "cause_code": "bad_attitude",
            "measure": "amount", "amount": "7", "valid_from": "2026-01-01" });
        w.admin.post("/pay/items", item).await.ok();
        let id = order(&w).await;
        audited(&w, &id, json!({ "note": "单据齐全", "waive_callback": true })).await;
        app.drain().await;
        let (order_id, callback_id) = (id.parse().expect("an id"), app.app.id());
        for _ in 0..2 {
            let class = "bad_attitude".to_string();
            let (sent_back, said) = (false, String::new());
            tell(app, &contracts::CallbackResulted { callback_id, order_id, class, sent_back, said, at: app.app.now() }).await;
            app.drain().await;
        }
        assert_eq!(pay(&w.admin, &id).await["total"], 2_400 - 700);
    }

    async fn whoever_did_the_work_answers_for_its_time(app: TestApp) {
        let w = world(app).await;
        let station = json!({ "code": "ST1", "kind": "station", "name": "特约站", "parent_id": app.root });
        let station = w.admin.post("/orgs", station).await.ok();
        for party in ["outlet", "engineer"] {
            let step = json!({ "party": party, "clock": "orders.fix", "after_hours": 1, "amount": "30", "valid_from": "2026-01-01" });
            w.admin.post("/pay/deadlines", step).await.ok();
        }
        let id = world::order_with(&w, json!({ "outlet_id": station["id"] }), 40 * 86_400, app).await;
        audited(&w, &id, json!({ "note": "单据齐全", "waive_callback": true })).await;
        app.drain().await;
        let seen = pay(&w.admin, &id).await;
        let lines = seen["lines"].as_array().cloned().unwrap_or_default();
        let station = lines.iter().find(|line| line["staff_id"] == station["id"]);
        assert_eq!(station.map(|line| line["amount"].clone()), Some(json!(-3_000)), "{seen}");
    }

    async fn rules_are_dated_and_results_count(app: TestApp) {
        let w = world(app).await;
        let rule = json!({ "name": "高级工维修", "grouping_code": "repair", "grade": 3, "base": "labour_gross", "ratio": "35", "valid_from": "2026-11-01" });
        w.admin.post("/pay/rules", rule.clone()).await.ok();
        assert_eq!(w.admin.post("/pay/rules", rule).await.refused(422), "pay.not_newer");
        let item = json!({ "code": "SCORE", "name": "高分奖", "sign": "reward", "cause": "score_at_least", "threshold": 5, "measure": "amount",
            "amount": "10", "valid_from": "2026-01-01" });
        w.admin.post("/pay/items", item).await.ok();
        let step = json!({ "party": "engineer", "after_hours": 0, "amount": "3", "valid_from": "2026-01-01" });
        w.admin.post("/pay/deadlines", step).await.ok();
        let id = order(&w).await;
        audited(&w, &id, json!({ "note": "单据齐全", "waive_callback": true, "score": 5 })).await;
        app.drain().await;
        let seen = pay(&w.admin, &id).await;
        assert_eq!(seen["total"], 2_800 + 1_000, "{seen}");
        let page = w.admin.page("/pay/rewards/new").await.text();
        assert!(page.matches("<option value=\"\" selected>请选择").count() == 2, "nobody and nothing is chosen beforehand");
        let refused = w.admin.form("/pay/rewards", "staff_id=&item=&reason=").await;
        assert_eq!(refused.status, 422);
        for field in ["staff_id", "item", "reason"] {
            assert!(refused.text().contains(&format!("id=\"f-{field}-e\"")), "{field} is asked for, all at once");
        }
        let given = json!({ "staff_id": w.engineer.staff, "item": "SCORE", "amount": "88", "reason": "抢修突出" });
        assert_eq!(w.admin.post("/pay/rewards", given).await.ok()["amount"], 8_800);
        assert_eq!(w.admin.get("/pay/in-force").await.ok()["commissions"].as_array().map(Vec::len), Some(4));
    }
}
