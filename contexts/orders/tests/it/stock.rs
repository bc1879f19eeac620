//! Stock follows the sheets (PARTS-33).

use super::*;

testkit::app_test! {
    /// Saved, changed, deleted: stock goes down, up, and back.
    async fn stock_follows_the_lines(app: TestApp) {
        let world = world(app).await;
        let order = world.open(json!({})).await;
        world.assign(&order).await;
        let planned = world.line(&order, 2000, "plan").await;
        assert_eq!(world.on_hand(app).await, (10_000, 0));
        let line = id_of(&planned["lines"][0]);
        let path = format!("/orders/{order}/lines/{line}");
        world.admin.put(&path, json!({ "stock": "reserve" })).await.ok();
        assert_eq!(world.on_hand(app).await, (10_000, 2000));
        let out = world.admin.put(&path, json!({ "stock": "issue" })).await.ok();
        assert_eq!(out["lines"][0]["stock"], "issued");
        assert_eq!(world.on_hand(app).await, (8000, 0));
        world.admin.put(&path, json!({ "quantity": 3000 })).await.ok();
        assert_eq!(world.on_hand(app).await, (7000, 0));
        world.admin.put(&path, json!({ "quantity": 1000 })).await.ok();
        assert_eq!(world.on_hand(app).await, (9000, 0));
        assert_eq!(world.admin.put(&path, json!({ "stock": "plan" })).await.refused(422), "orders.line_issued");
        assert_eq!(world.admin.put(&path, json!({ "quantity": 99_000 })).await.refused(409), "parts.not_enough");
        assert_eq!(world.on_hand(app).await, (9000, 0), "a refusal moves nothing");
        world.admin.delete(&path).await.ok();
        assert_eq!(world.on_hand(app).await, (10_000, 0));
    }

    /// What completion says was used stays out; the rest, and what was only reserved, goes back.
    async fn completion_gives_back_what_was_not_used(app: TestApp) {
        let world = world(app).await;
        let order = world.working(json!({ "warranty": "out" })).await;
        let issued = id_of(&world.line(&order, 3000, "issue").await["lines"][0]);
        world.line(&order, 2000, "reserve").await;
        assert_eq!(world.on_hand(app).await, (7000, 2000));
        let mut sheet = world.done();
        sheet["used"] = json!([{ "id": issued, "quantity": 1000 }]);
        sheet["lines"] = json!([{ "part_id": world.part, "depot_id": world.depot, "quantity": 1000 }]);
        let out = world.act(&order, "complete", sheet).await;
        assert_eq!(world.on_hand(app).await, (8000, 0));
        assert_eq!(out["payable"], 76_000, "two pieces of 380: {out}");
        let lines = world.admin.get(&format!("/orders/{order}/lines")).await.ok();
        let states: Vec<&str> = lines["items"].as_array().into_iter().flatten().filter(|l| l["kind"] == "part").filter_map(|l| l["stock"].as_str()).collect();
        assert_eq!(states, ["used", "returned", "used"]);
    }

    /// What is counted in pieces is taken in whole ones; of metres there are fractions.
    async fn pieces_are_taken_whole(app: TestApp) {
        let world = world(app).await;
        let pipe = json!({ "code": "P2", "name": "铜管", "unit": "米", "price": 3000, "cost": 2000 });
        let pipe = id_of(&world.admin.post("/parts", pipe).await.ok());
        let lines = json!([{ "part": pipe, "quantity": 10000, "unit_cost": 2000 }]);
        world.admin.post("/receipts", json!({ "kind": "ordered", "depot_id": world.depot, "lines": lines })).await.ok();
        let order = world.working(json!({})).await;
        let path = format!("/orders/{order}/lines");
        for (part, ok) in [(&world.part, false), (&pipe, true)] {
            for stock in ["reserve", "issue"] {
                let body = json!({ "part_id": part, "depot_id": world.depot, "quantity": 1, "stock": stock });
                let got = world.admin.post(&path, body).await;
                if ok { got.ok(); } else { assert_eq!(got.refused(422), "parts.whole", "{stock}"); }
            }
        }
        let line = id_of(&world.line(&order, 1000, "issue").await["lines"][0]);
        assert_eq!(world.admin.put(&format!("{path}/{line}"), json!({ "quantity": 1 })).await.refused(422), "parts.whole");
    }

    /// CB-22: the page of a call shows the order's lines; what is added there stands on the callback sheet.
    async fn a_callback_adds_lines_to_its_own_sheet(app: TestApp) {
        let world = world(app).await;
        let order = world.working(json!({})).await;
        world.line(&order, 1000, "issue").await;
        world.act(&order, "complete", world.done()).await;
        world.act(&order, "confirm", json!({})).await;
        let clerk = app.user(Role::Callback).await;
        let call = id_of(&clerk.post(&format!("/orders/{order}/callbacks"), json!({})).await.ok());
        let page = clerk.page(&format!("/callbacks/{call}")).await.text();
        let add = format!("/orders/{order}/lines/new?sheet=callback&amp;back={call}");
        assert!(page.contains("压力传感器") && page.contains(&add), "the panel is there");
        let dialog = clerk.page(&add.replace("&amp;", "&")).await.text();
        assert!(dialog.contains(&format!("/orders/{order}/lines?back={call}")) && dialog.contains("value=\"callback\""));
        let form = format!("sheet=callback&part_id={}&depot_id={}&quantity=1&stock=issue&idem=k1", world.part, world.depot);
        let saved = clerk.form(&format!("/orders/{order}/lines?back={call}"), &form).await;
        assert_eq!(saved.status.as_u16(), 303, "{}", saved.text().chars().take(300).collect::<String>());
        let lines = world.admin.get(&format!("/orders/{order}/lines")).await.ok();
        let last = lines["items"].as_array().and_then(|all| all.last().cloned()).unwrap_or_default();
        assert_eq!((&last["sheet"], &last["stock"]), (&json!("callback"), &json!("used")));
    }

    /// A terminated order gives everything back.
    async fn a_terminated_order_gives_parts_back(app: TestApp) {
        let world = world(app).await;
        let order = world.working(json!({})).await;
        world.line(&order, 3000, "issue").await;
        world.line(&order, 1000, "reserve").await;
        world.act(&order, "terminate", json!({ "reason": "客户报废" })).await;
        assert_eq!(world.on_hand(app).await, (10_000, 0));
    }

    /// PAY-03: engineers are paid on parts and labour, so these are priced by the lists or by the office.
    async fn engineers_price_neither_parts_nor_labour(app: TestApp) {
        let world = world(app).await;
        let list = world.admin.post("/prices", json!({ "code": "STD", "name": "标准" })).await.ok();
        let rule = json!({ "code": "labour", "amount": 12_000, "valid_from": "2026-01-01" });
        world.admin.post(&format!("/prices/{}/rules", id_of(&list["list"])), rule).await.ok();
        let order = world.working(json!({ "warranty": "out" })).await;
        let lines = format!("/orders/{order}/lines");
        let all = world.engineer.get(&lines).await.ok();
        let labour = format!("{lines}/{}", id_of(&all["items"][0]));
        let part = json!({ "part_id": world.part, "depot_id": world.depot, "price": 1 });
        for body in [part.clone(), json!({ "kind": "labour", "name": "大修", "price": 100_000_000 })] {
            assert_eq!(world.engineer.post(&lines, body).await.refused(422), "orders.line_pricing");
        }
        assert_eq!(world.engineer.put(&labour, json!({ "price": 999_900 })).await.refused(422), "orders.line_pricing");
        let mut sheet = world.done();
        sheet["lines"] = json!([part]);
        assert_eq!(world.engineer.post(&format!("/orders/{order}/complete"), sheet).await.refused(422), "orders.line_pricing");
        world.engineer.post(&lines, json!({ "kind": "fee", "name": "停车费", "price": 1_000 })).await.ok();
        world.engineer.post(&lines, json!({ "part_id": world.part, "depot_id": world.depot })).await.ok();
        world.admin.put(&labour, json!({ "price": 9_000 })).await.ok();
    }

    /// WO-39: a price set by hand on a line by rule stays when the fees are renewed, and the line says so.
    async fn a_price_set_by_hand_outlives_the_rule(app: TestApp) {
        let world = world(app).await;
        let list = world.admin.post("/prices", json!({ "code": "STD", "name": "标准" })).await.ok();
        let rule = json!({ "code": "labour", "amount": 12_000, "valid_from": "2026-01-01" });
        world.admin.post(&format!("/prices/{}/rules", id_of(&list["list"])), rule).await.ok();
        let order = world.open(json!({ "warranty": "out" })).await;
        let lines = format!("/orders/{order}/lines");
        let labour = async || {
            let all = world.admin.get(&lines).await.ok();
            all["items"].as_array().expect("lines").iter().find(|line| line["code"] == "labour").cloned().expect("labour")
        };
        let path = format!("{lines}/{}", id_of(&labour().await));
        assert_eq!(world.admin.put(&path, json!({ "price": 15_000 })).await.ok()["payable"], 15_000);
        let edited = world.admin.put(&format!("/orders/{order}"), json!({ "urgent": true })).await.ok();
        let now = labour().await;
        assert_eq!((&edited["payable"], &now["price"]), (&json!(15_000), &json!(15_000)), "{now}");
        assert!(now["trace"].as_str().is_some_and(|text| text.contains("手工定价 150.00") && text.contains("120.00")), "{now}");
    }

    /// WO-48: from warranty to sale after evidence, with a reason, by somebody who may.
    async fn a_line_is_reclassified_with_a_reason(app: TestApp) {
        let world = world(app).await;
        let order = world.working(json!({ "warranty": "claim" })).await;
        let out = world.line(&order, 1000, "issue").await;
        assert_eq!(out["lines"][0]["amount"], 0, "a claim unit costs the customer nothing");
        let path = format!("/orders/{order}/lines/{}", id_of(&out["lines"][0]));
        assert_eq!(world.admin.put(&path, json!({ "covered_bp": 0 })).await.refused(422), "orders.line_reason");
        let out = world.admin.put(&path, json!({ "covered_bp": 0, "reason": "鉴定为人为损坏" })).await.ok();
        assert_eq!(out["payable"], 38_000);
        assert_eq!(world.engineer.put(&path, json!({ "covered_bp": 10_000, "reason": "x" })).await.status.as_u16(), 403);
    }
}
