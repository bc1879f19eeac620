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
        sheet["lines"] = json!([{ "part_id": world.part, "depot_id": world.depot, "quantity": 500 }]);
        let out = world.act(&order, "complete", sheet).await;
        assert_eq!(world.on_hand(app).await, (8500, 0));
        assert_eq!(out["payable"], 57_000, "one and a half pieces of 380: {out}");
        let lines = world.admin.get(&format!("/orders/{order}/lines")).await.ok();
        let states: Vec<&str> = lines["items"].as_array().into_iter().flatten().filter(|l| l["kind"] == "part").filter_map(|l| l["stock"].as_str()).collect();
        assert_eq!(states, ["used", "returned", "used"]);
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
