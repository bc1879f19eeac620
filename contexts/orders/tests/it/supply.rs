//! A process asks for parts (DOC-04): pieces are held, what is missing is asked to be bought; words alone become a task.

use super::{process::act, *};

async fn purchases(world: &World) -> Vec<(String, i64, String)> {
    let list = world.admin.get("/purchases").await.ok();
    let row = |p: &Value| {
        let text = |key: &str| p[key].as_str().unwrap_or_default().to_string();
        (text("source_no"), p["quantity"].as_i64().unwrap_or_default(), text("state"))
    };
    list["items"].as_array().into_iter().flatten().map(row).collect()
}

async fn tasks(world: &World, run: &str) -> Vec<String> {
    let list = world.admin.get(&format!("/documents/{run}/tasks")).await.ok();
    list.as_array().into_iter().flatten().filter_map(|t| t["text"].as_str().map(str::to_string)).collect()
}

async fn repair(world: &World) -> (String, String, String) {
    let rules = json!({ "rules": [{ "mode": "brought_in", "template": "front-desk-repair" }] });
    world.admin.put("/order-processes", rules).await.ok();
    let id = world.open(json!({ "mode": "brought_in" })).await;
    act(world, &id, "start", json!({ "technician": world.engineer_id(), "accessories": "电源线" })).await;
    let order = world.admin.get(&format!("/orders/{id}")).await.ok();
    let text = |key: &str| order[key].as_str().expect("a text").to_string();
    (id, text("run_id"), text("no"))
}

testkit::app_test! {
    async fn part_lines_of_an_order_are_held_and_what_is_missing_is_asked_for(app: TestApp) {
        let world = world(app).await;
        let (id, run, no) = repair(&world).await;
        let plan = |quantity: i64| {
            let body = json!({ "part_id": world.part, "quantity": quantity, "stock": "plan" });
            let (admin, path) = (world.admin.clone(), format!("/orders/{id}/lines"));
            async move { admin.post(&path, body).await.ok() }
        };
        plan(4000).await;
        act(&world, &id, "wait_part", json!({ "part": "压力传感器" })).await;
        app.drain().await;
        assert_eq!(world.on_hand(app).await, (10_000, 4000), "held for the order");
        let lines = world.admin.get(&format!("/orders/{id}/lines")).await.ok();
        assert_eq!((lines["items"][0]["stock"].as_str(), lines["items"][0]["depot_id"].as_str()), (Some("reserved"), Some(world.depot.as_str())));
        assert!(purchases(&world).await.is_empty());
        assert!(tasks(&world, &run).await.iter().all(|t| !t.contains("申领")), "no text task where parts are known");
        // More than there is: what is missing is asked for, and not twice when the process waits again.
        act(&world, &id, "part_here", json!({})).await;
        plan(9000).await;
        act(&world, &id, "wait_part", json!({ "part": "压力传感器" })).await;
        app.drain().await;
        assert_eq!(purchases(&world).await, [(no.clone(), 3000, "draft".to_string())], "six are free, nine are wanted");
        act(&world, &id, "part_here", json!({})).await;
        act(&world, &id, "wait_part", json!({ "part": "压力传感器" })).await;
        app.drain().await;
        assert_eq!((purchases(&world).await.len(), world.on_hand(app).await), (1, (10_000, 4000)));
    }

    async fn without_lines_the_text_counts_and_words_become_a_task(app: TestApp) {
        let world = world(app).await;
        let (id, run, no) = repair(&world).await;
        act(&world, &id, "wait_part", json!({ "part": "搓纸轮" })).await;
        app.drain().await;
        assert!(tasks(&world, &run).await.iter().any(|t| t.contains("搓纸轮")), "somebody has to read it");
        act(&world, &id, "part_here", json!({})).await;
        act(&world, &id, "wait_part", json!({ "part": "P1 ×12" })).await;
        app.drain().await;
        assert_eq!(world.on_hand(app).await, (10_000, 10_000), "all there are");
        assert_eq!(purchases(&world).await, [(no, 2000, "draft".to_string())]);
        assert_eq!(tasks(&world, &run).await.iter().filter(|t| t.contains("申领")).count(), 1, "the first only");
        act(&world, &id, "part_here", json!({})).await;
        app.drain().await;
        assert_eq!(world.on_hand(app).await, (0, 0), "handed over as the process says");
        assert_eq!(world.admin.get("/issue-slips").await.ok()["items"][0]["state"], "issued");
    }

    async fn parts_issued_in_a_process_that_stands_alone_leave_the_stock(app: TestApp) {
        let world = world(app).await;
        let fields = json!({ "customer": "华星", "phone": "13900000000", "address": "1号", "area": "城东", "demand": "漏水", "mode": "on_site", "warranty": "out" });
        let opened = world.admin.post("/documents", json!({ "template": "integrated", "fields": fields })).await.ok();
        let (doc, admin) = (id_of(&opened), &world.admin);
        let act = async |act: &str, fields: Value| {
            admin.post(&format!("/documents/{doc}/act"), json!({ "act": act, "fields": fields })).await.ok();
            app.drain().await;
        };
        act("accept", json!({})).await;
        act("assign", json!({ "engineer": world.engineer_id(), "materials": "P1 ×2" })).await;
        assert_eq!(world.on_hand(app).await, (10_000, 2000));
        let open = async || {
            let list = admin.get(&format!("/documents/{doc}/tasks")).await.ok();
            list.as_array().into_iter().flatten().filter(|t| t["state"] == "open").count()
        };
        assert_eq!(open().await, 1, "somebody hands them over");
        act("issue", json!({})).await;
        assert_eq!((world.on_hand(app).await, open().await), ((8000, 0), 0));
        assert_eq!(admin.get("/issue-slips").await.ok()["items"][0]["state"], "issued");
    }

    async fn what_the_own_store_lacks_is_held_in_the_nearest_above_before_anything_is_bought(app: TestApp) {
        let world = world(app).await;
        let branch = world.admin.post("/orgs", json!({ "parent_id": app.root, "code": "B1", "name": "分站", "kind": "outlet" })).await.ok();
        world.admin.post("/depots", json!({ "code": "D2", "name": "分站库", "kind": "parts", "org_id": id_of(&branch) })).await.ok();
        let rules = json!({ "rules": [{ "mode": "brought_in", "template": "front-desk-repair" }] });
        world.admin.put("/order-processes", rules).await.ok();
        let id = world.open(json!({ "mode": "brought_in", "org_id": id_of(&branch) })).await;
        act(&world, &id, "start", json!({ "technician": world.engineer_id(), "accessories": "电源线" })).await;
        let plan = json!({ "part_id": world.part, "quantity": 4000, "stock": "plan" });
        world.admin.post(&format!("/orders/{id}/lines"), plan).await.ok();
        act(&world, &id, "wait_part", json!({ "part": "压力传感器" })).await;
        app.drain().await;
        assert_eq!((world.on_hand(app).await, purchases(&world).await.len()), ((10_000, 4000), 0));
    }

    async fn a_document_that_stands_alone_asks_by_the_codes_in_its_text(app: TestApp) {
        let world = world(app).await;
        let source = r#"
code = "kit"
name = "备料单"
number = "BL"
title = "{parts}"
open = ["role:admin"]
asks = ["parts"]
start = "wait"
fields = [{ key = "parts", name = "配件" }]
steps = [
  { key = "wait", name = "备料", macro = "waiting", who = ["role:admin"] },
  { key = "end", name = "完成", macro = "closed", end = true },
  { key = "off", name = "取消", macro = "cancelled", end = true },
]
moves = [
  { act = "done", name = "完成", from = ["wait"], to = "end" },
  { act = "off", name = "取消", from = ["wait"], to = "off", kind = "cancel", reasons = ["不做了"] },
]
triggers = [{ key = "need", on = "enter:wait", make = "requisition", text = "{parts}|{parts}", span = "2d" }]
"#;
        let made = world.admin.post("/process-templates", json!({ "source": source })).await.ok();
        world.admin.post(&format!("/process-templates/{}/activate", id_of(&made)), json!({})).await.ok();
        let open = |parts: &str| {
            let (admin, body) = (world.admin.clone(), json!({ "template": "kit", "fields": { "parts": parts } }));
            async move { admin.post("/documents", body).await.ok() }
        };
        let doc = open("P1 ×11；扳手").await;
        app.drain().await;
        let slips = world.admin.get("/issue-slips").await.ok();
        assert_eq!((slips["items"][0]["recipient"].as_str(), slips["items"][0]["state"].as_str()), (doc["no"].as_str(), Some("reserved")), "{slips}");
        assert_eq!(world.on_hand(app).await, (10_000, 10_000));
        assert_eq!(purchases(&world).await, [(doc["no"].as_str().expect("a number").to_string(), 1000, "draft".to_string())]);
        assert_eq!(tasks(&world, &id_of(&doc)).await.len(), 1, "the spanner has to be read, and all has to be handed over");
        open("扳手 2 把").await;
        app.drain().await;
        assert_eq!(world.admin.get("/issue-slips").await.ok()["items"].as_array().map(Vec::len), Some(1));
        // Called off: what was held is free again, what was asked for is not bought.
        let off = json!({ "act": "off", "reason": "不做了" });
        world.admin.post(&format!("/documents/{}/act", id_of(&doc)), off).await.ok();
        app.drain().await;
        let slips = world.admin.get("/issue-slips").await.ok();
        assert_eq!(slips["items"][0]["state"], "cancelled", "{slips}");
        assert_eq!(world.on_hand(app).await, (10_000, 0));
        assert_eq!(purchases(&world).await[0].2, "cancelled");
    }
}
