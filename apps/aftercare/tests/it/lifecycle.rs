//! A whole life cycle through the API (the calls of examples/lifecycle.sh).

use serde_json::json;

use crate::world::{SIGNATURE, id, world};

testkit::app_test! {
    async fn an_unsatisfied_customer_gets_a_rework_and_only_satisfied_reaches_the_audit(app: TestApp) {
        let world = world(app, 10).await;
        let order = world.assigned_order().await;
        let path = |action: &str| format!("/orders/{}/{action}", id(&order));
        let line = json!({ "part_id": world.part["id"], "depot_id": world.depot["id"], "quantity": 2000, "stock": "reserve" });
        world.act(&order, "lines", line).await;
        world.act(&order, "arrive", json!({ "lat": 31.23, "lng": 120.63 })).await;
        let lines = world.admin.get(&path("lines")).await.ok();
        let lines = lines["items"].as_array().or(lines.as_array()).expect("lines").clone();
        let part = lines.iter().find(|line| line["kind"] == "part").expect("the part").clone();
        let complete = json!({ "cause": "product", "root_cause": "传感器漂移", "result": "更换传感器",
            "used": [{ "id": part["id"], "quantity": 1000, "old_part_taken": true }], "signature": SIGNATURE });
        let done = world.act(&order, "complete", complete.clone()).await;
        assert_eq!(done["state"], "done");
        world.act(&order, "confirm", json!({ "by": "李建平" })).await;
        assert!(!world.admin.post(&path("audit"), json!({})).await.status.is_success(), "no audit before the callback");
        let callback = world.admin.post(&path("callbacks"), json!({})).await.ok();
        let unhappy = json!({ "class": "unsatisfied", "demand": "又报警" });
        let result = world.admin.post(&format!("/callbacks/{}/result", id(&callback)), unhappy).await.ok();
        assert_eq!(result["order_state"], "reopened");
        world.act(&order, "accept", json!({})).await;
        let engineer = world.engineer.staff.expect("a person");
        world.act(&order, "assign", json!({ "engineer_id": engineer, "reason": "返工" })).await;
        world.act(&order, "start", json!({})).await;
        world.act(&order, "complete", complete).await;
        world.act(&order, "confirm", json!({})).await;
        let callback = world.admin.post(&path("callbacks"), json!({})).await.ok();
        let result = world.admin.post(&format!("/callbacks/{}/result", id(&callback)), json!({ "class": "satisfied" })).await.ok();
        assert_eq!(result["order_state"], "confirmed");
        assert_eq!(world.act(&order, "audit", json!({ "note": "齐全" })).await["state"], "audited");
        app.drain().await;
        let pay = world.admin.get(&path("pay")).await.ok();
        assert!(pay.to_string().contains(&engineer.to_string()), "the engineer is paid: {pay}");
        assert_eq!(world.act(&order, "close", json!({})).await["state"], "closed");
        let stock = world.admin.get(&format!("/stock?filter=part_id~eq~{}", id(&world.part))).await.ok();
        let balance = &stock["items"][0];
        assert_eq!((&balance["quantity"], &balance["reserved"]), (&json!(9000), &json!(0)), "one of ten was used, the other reserved one went back: {stock}");
    }

    async fn fees_follow_hours_kilometres_size_and_cost_price_of_the_completion_sheet(app: TestApp) {
        let world = world(app, 1).await;
        let list = async |code: &str, nature: &str| world.admin.post("/prices", json!({ "code": code, "name": code, "nature": nature })).await.ok()["list"]["id"].clone();
        let (standard, cost) = (list("STD", "standard").await, list("COST", "cost").await);
        let day = "2026-01-01";
        for (list, rule) in [
            (&standard, json!({ "code": "labour", "basis": "per_hour", "amount": 8000, "valid_from": day })),
            (&standard, json!({ "code": "travel", "basis": "per_km", "amount": 200, "valid_from": day })),
            (&standard, json!({ "code": "inspection", "amount": 5000, "grade": "major", "valid_from": day })),
            (&cost, json!({ "code": "labour", "basis": "per_hour", "amount": 3000, "valid_from": day })),
        ] {
            world.admin.post(&format!("/prices/{}/rules", list.as_str().expect("an id")), rule).await.ok();
        }
        let sheet = json!({ "cause": "product", "root_cause": "松动", "result": "紧固", "signature": SIGNATURE, "hours": 1500, "distance_km": 12_000 });
        let with = |more: serde_json::Value| {
            let mut sheet = sheet.clone();
            sheet.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
            sheet
        };
        for (more, gross) in [
            (json!({}), 12_000 + 2_400),
            (json!({ "job_size": "major" }), 12_000 + 2_400 + 5_000),
            (json!({ "cost_price": true }), 4_500),
        ] {
            let order = world.assigned_order().await;
            world.act(&order, "start", json!({})).await;
            let done = world.act(&order, "complete", with(more.clone())).await;
            assert_eq!(done["gross"], gross, "{more}: {done}");
        }
        let order = world.assigned_order().await;
        world.act(&order, "start", json!({})).await;
        let path = format!("/orders/{}/complete", id(&order));
        assert_eq!(world.admin.post(&path, with(json!({ "hours": -1 }))).await.refused(422), "orders.effort");
    }

    async fn the_first_callback_is_made_by_its_clock(app: TestApp) {
        let world = world(app, 1).await;
        let order = world.assigned_order().await;
        world.act(&order, "start", json!({})).await;
        world.act(&order, "complete", json!({ "cause": "product", "root_cause": "松动", "result": "紧固", "signature": SIGNATURE })).await;
        app.drain().await;
        let before = world.admin.get(&format!("/orders/{}/callbacks", id(&order))).await.ok();
        assert_eq!(before.as_array().map(Vec::len), Some(0));
        app.advance(24 * 3600 + 60).await;
        let after = world.admin.get(&format!("/orders/{}/callbacks", id(&order))).await.ok();
        assert_eq!(after.as_array().map(Vec::len), Some(1), "{after}");
    }

    async fn orders_requests_and_callbacks_follow_a_merged_customer(app: TestApp) {
        let world = world(app, 1).await;
        let order = world.assigned_order().await;
        world.act(&order, "start", json!({})).await;
        world.act(&order, "complete", json!({ "cause": "product", "root_cause": "松动", "result": "紧固", "signature": SIGNATURE })).await;
        world.admin.post(&format!("/orders/{}/callbacks", id(&order)), json!({})).await.ok();
        let from = world.customer["id"].clone();
        let asked = json!({ "channel": "phone", "topic": "consult", "caller_name": "李建平", "customer_id": from, "text": "保养周期？", "demand": "" });
        world.admin.post("/requests", asked).await.ok();
        let into = world.admin.post("/customers", json!({ "name": "恒达总厂", "phone": "13711112222" })).await.ok();
        world.admin.post(&format!("/customers/{}/merge", id(&into)), json!({ "from": from })).await.ok();
        app.drain().await;
        let merged = id(&into);
        for list in ["orders", "requests"] {
            let rows = world.admin.get(&format!("/{list}?filter=customer_id~eq~{merged}")).await.ok();
            assert_eq!(rows["items"].as_array().map(Vec::len), Some(1), "{list}: {rows}");
        }
        let callbacks = world.admin.get(&format!("/orders/{}/callbacks", id(&order))).await.ok();
        assert_eq!(callbacks[0]["customer_id"], into["id"], "{callbacks}");
    }
}
