//! What an order's process does when the order waits, and when nobody could be called.

use super::{
    process::{act, both, choose, order, refused, run_of},
    stock::faults,
    *,
};

/// Makes a move that asks why.
async fn because(world: &World, id: &str, act: &str, reason: &str) -> Value {
    let run = id_of(&run_of(world, id).await);
    let body = json!({ "act": act, "reason": reason });
    world.admin.post(&format!("/documents/{run}/act"), body).await.ok()
}

/// An order of a home visit in which the engineer is at work.
async fn at_work(app: &TestApp, world: &World) -> String {
    let id = world.open(json!({ "warranty": "out" })).await;
    let run = format!("/documents/{}", id_of(&run_of(world, &id).await));
    let marks = |points: usize| -> Value {
        (1..=points)
            .map(|n| (n.to_string(), json!({ "result": "ok" })))
            .collect::<serde_json::Map<_, _>>()
            .into()
    };
    let at = "2026-11-18T10:00:00+08:00";
    world.admin.post(&format!("{run}/tell"), json!({ "message": "confirm" })).await.ok();
    let visit = json!({ "analysis": "缺氟", "engineer": world.engineer_id(), "promised_at": at });
    act(world, &id, "visit", visit).await;
    world.admin.post(&format!("{run}/save"), json!({ "checks": { "kit": marks(7) } })).await.ok();
    act(world, &id, "arrive", json!({})).await;
    world.admin.post(&format!("{run}/save"), json!({ "checks": { "door": marks(5) } })).await.ok();
    act(world, &id, "enter", json!({ "arrived_at": at })).await;
    let path = format!(
        "/api/v1/docs{}/files/{}?name=a.png&label=scene",
        run.replace("/documents", "/document"),
        app.app.id()
    );
    world.admin.send(http::Method::PUT, &path, &[], b"\x89PNG\r\n\x1a\n0000".to_vec()).await.ok();
    id
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
        // Said with the waiting, it is the process's part and in the customer's message.
        world.act(&id, "wait", json!({ "reason": "parts", "note": "定影膜" })).await;
        assert_eq!((step().await.as_str(), run_of(&world, &id).await["fields"]["part"].as_str()), ("waiting_part", Some("定影膜")));
        world.act(&id, "resume", json!({})).await;
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

    /// P-40: the engineer's "waiting for parts" takes a home visit to its own step, and back.
    async fn a_home_visit_waits_for_its_part_with_its_order(app: TestApp) {
        let world = world(app).await;
        choose(&world, "on_site", "home-visit").await;
        let id = at_work(app, &world).await;
        let said = json!({ "reason": "parts" });
        let path = format!("/orders/{id}/wait");
        let refusal = world.admin.post(&path, said).await;
        assert!(refusal.text().contains("请填写“等待的配件”。请先在工单的“流程”里填好并保存"), "what and where: {}", refusal.text());
        world.act(&id, "wait", json!({ "reason": "parts", "note": "压缩机" })).await;
        let run = run_of(&world, &id).await;
        assert_eq!((run["step"].as_str(), run["fields"]["part"].as_str(), run["messages"]["waiting"].as_i64()), (Some("parts"), Some("压缩机"), Some(1)));
        world.act(&id, "resume", json!({})).await;
        assert_eq!(both(&order(&world, &id).await, &run_of(&world, &id).await), ("in_progress", "service"));
        act(&world, &id, "wait_part", json!({ "part": "压缩机" })).await;
        assert_eq!(order(&world, &id).await["waiting"], "parts");
        act(&world, &id, "part_here", json!({})).await;
        assert_eq!(both(&order(&world, &id).await, &run_of(&world, &id).await), ("in_progress", "service"));
    }

    /// BILL-08, BILL-10: what the centre takes off is off the order's bill, once for each visit; the check stays clean.
    async fn what_the_centre_takes_off_is_off_the_orders_bill(app: TestApp) {
        let world = world(app).await;
        choose(&world, "on_site", "home-visit").await;
        let id = at_work(app, &world).await;
        let listed = world.act(&id, "lines", json!({ "kind": "other", "name": "检修", "price": 20_000 })).await["payable"].as_i64().expect("a sum");
        let before = listed;
        let list = format!("{}.{:02}", listed / 100, listed % 100);
        act(&world, &id, "repaired", json!({ "work": "加氟", "list_price": list, "agreed_price": list })).await;
        because(&world, &id, "refused", "要求减免").await;
        act(&world, &id, "instruct", json!({ "centre_says": "减免 50", "reduction": "50" })).await;
        let charged = format!("{}.{:02}", (listed - 5000) / 100, listed % 100);
        let run = format!("/documents/{}/save", id_of(&run_of(&world, &id).await));
        world.admin.post(&run, json!({ "fields": { "charged": charged, "receipt": "receipt" } })).await.ok();
        world.act(&id, "complete", world.done()).await;
        assert_eq!(both(&order(&world, &id).await, &run_of(&world, &id).await), ("done", "finish"));
        app.drain().await;
        let now = order(&world, &id).await;
        assert_eq!(now["payable"].as_i64(), Some(before - 5000), "{}", now["lines"]);
        let lines = world.admin.get(&format!("/orders/{id}/lines")).await.ok();
        assert_eq!((lines["reduced"].as_i64(), lines["payable"].as_i64()), (Some(5000), Some(before - 5000)));
        let page = world.admin.page(&format!("/orders/{id}")).await.text();
        assert!(page.contains("协商减免"), "the office sees why");
        // A line more is a line more; what was taken off stays off.
        let more = world.act(&id, "lines", json!({ "kind": "other", "name": "高空作业", "price": 1000 })).await;
        assert_eq!(more["payable"].as_i64(), Some(before - 4000));
        assert_eq!(faults(app).await, Vec::<String>::new());
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

    /// CB-09: who called in the process called for the order: nobody calls again, and the figures know.
    async fn a_callback_made_in_the_process_is_the_orders_callback(app: TestApp) {
        let world = world(app).await;
        choose(&world, "brought_in", "integrated").await;
        let id = called(&world).await;
        let run = format!("/documents/{}/save", id_of(&run_of(&world, &id).await));
        let said = json!({ "fields": { "class": "satisfied" }, "answers": { "callback": { "quality": 5, "attitude": 5 } } });
        world.admin.post(&run, said).await.ok();
        act(&world, &id, "satisfied", json!({})).await;
        app.drain().await;
        assert_eq!(order(&world, &id).await["callback_class"], "satisfied");
        app.advance(5 * 86_400).await;
        let calls = world.admin.get(&format!("/orders/{id}/callbacks")).await.ok();
        let states: Vec<&str> = calls.as_array().into_iter().flatten().filter_map(|call| call["state"].as_str()).collect();
        assert_eq!(states, ["done"], "{calls}");
        assert_eq!(run_of(&world, &id).await["step"], "audit");
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
