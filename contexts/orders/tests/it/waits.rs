//! What an order's process does when the order waits, and when nobody could be called.

use super::{
    process::{act, both, choose, order, refused, run_of},
    *,
};

/// Makes a move that asks why.
async fn because(world: &World, id: &str, act: &str, reason: &str) -> Value {
    let run = id_of(&run_of(world, id).await);
    let body = json!({ "act": act, "reason": reason });
    world.admin.post(&format!("/documents/{run}/act"), body).await.ok()
}

/// An order whose process is at the callback.
async fn called(world: &World) -> String {
    let id = world.open(json!({ "mode": "brought_in" })).await;
    if run_of(world, &id).await["step"] == "intake" {
        act(world, &id, "accept", json!({})).await;
    }
    act(world, &id, "send", json!({ "engineer": world.engineer_id() })).await;
    act(world, &id, "begin", json!({})).await;
    world.act(&id, "complete", world.done()).await;
    act(world, &id, "return_sheet", json!({ "sheet_back_at": "2026-11-18T01:00:00Z", "score": 90 })).await;
    id
}

testkit::app_test! {
    /// WO-14, SHOP-14: the process waits for what the order waits for, or stays where it is.
    async fn the_process_waits_for_the_same_as_its_order(app: TestApp) {
        let world = world(app).await;
        choose(&world, "brought_in", "front-desk-repair").await;
        let id = world.open(json!({ "mode": "brought_in" })).await;
        act(&world, &id, "start", json!({ "technician": world.engineer_id(), "accessories": "无" })).await;
        let step = async || run_of(&world, &id).await["step"].as_str().unwrap_or_default().to_string();
        assert_eq!(world.refuse(&id, "wait", json!({ "reason": "parts" }), 409).await, "process.blocked", "which part?");
        assert_eq!(order(&world, &id).await["state"], "in_progress");
        for (reason, at) in [("hard", "hard"), ("customer", "repairing"), ("test", "repairing")] {
            let waits = world.act(&id, "wait", json!({ "reason": reason })).await;
            assert_eq!((waits["waiting"].as_str(), step().await.as_str()), (Some(reason), at));
            world.act(&id, "resume", json!({})).await;
            assert_eq!((order(&world, &id).await["state"].as_str(), step().await.as_str()), (Some("in_progress"), "repairing"));
        }
        act(&world, &id, "wait_part", json!({ "part": "搓纸轮" })).await;
        act(&world, &id, "part_here", json!({})).await;
        // The part is known by now: nothing is open.
        world.act(&id, "wait", json!({ "reason": "parts" })).await;
        assert_eq!(step().await, "waiting_part");
        world.act(&id, "resume", json!({})).await;
        act(&world, &id, "too_hard", json!({})).await;
        assert_eq!(order(&world, &id).await["waiting"], "hard");
    }

    /// CB-15: what the customer said is typed once, on the page of the call.
    async fn the_answers_of_a_callback_are_those_of_the_process(app: TestApp) {
        let world = world(app).await;
        choose(&world, "brought_in", "integrated").await;
        let id = called(&world).await;
        let call = id_of(&world.admin.post(&format!("/orders/{id}/callbacks"), json!({})).await.ok());
        assert_eq!(refused(&world, &id, "satisfied", json!({ "class": "satisfied" }), 422).await, "process.survey");
        let said = json!({ "class": "satisfied", "quality": 5, "attitude": 4, "suggestion": "早点来" });
        world.admin.post(&format!("/callbacks/{call}/result"), said).await.ok();
        let run = run_of(&world, &id).await;
        assert_eq!((run["fields"]["suggestion"].as_str(), &run["answers"]["callback"]["attitude"]), (Some("早点来"), &json!(4)), "{run}");
        act(&world, &id, "satisfied", json!({})).await;
        assert_eq!(both(&order(&world, &id).await, &run_of(&world, &id).await), ("confirmed", "audit"));
    }

    /// P-03: what could not be called in three attempts is audited; the template said so.
    async fn an_order_whose_customer_was_not_reached_is_audited_by_its_process(app: TestApp) {
        let world = world(app).await;
        choose(&world, "brought_in", "integrated").await;
        let id = called(&world).await;
        for _ in 0..2 {
            act(&world, &id, "unreached", json!({})).await;
            assert_eq!(refused(&world, &id, "close_unreached", json!({}), 422).await, "process.reason");
            act(&world, &id, "retry", json!({})).await;
        }
        act(&world, &id, "unreached", json!({})).await;
        because(&world, &id, "close_unreached", "号码不通").await;
        assert_eq!(both(&order(&world, &id).await, &run_of(&world, &id).await), ("confirmed", "audit"));
        act(&world, &id, "audit", json!({})).await;
        assert_eq!(both(&order(&world, &id).await, &run_of(&world, &id).await), ("audited", "closed"));
    }
}
