//! What processes of orders make in other contexts: tasks, callbacks in their own time, lines of the settlement (DOC-04).

use kit::Role;
use serde_json::{Value, json};
use testkit::{Client, TestApp};

use crate::world::{SIGNATURE, World, id, world};

pub struct Shop {
    pub world: World,
    pub order: Value,
}

impl Shop {
    pub async fn open(app: &TestApp, mode: &str, template: &str) -> Self {
        let world = world(app, 10).await;
        let rules = json!({ "rules": [{ "mode": mode, "template": template }] });
        world.admin.put("/order-processes", rules).await.ok();
        let input = json!({ "customer_id": world.customer["id"], "unit_id": world.unit["id"], "kind": "repair_minor", "mode": mode,
            "symptom": "高压报警", "demand": "尽快修复", "warranty": "out" });
        let order = world.admin.post("/orders", input).await.ok();
        Self { world, order }
    }

    pub async fn now(&self) -> Value {
        self.world.admin.get(&format!("/orders/{}", id(&self.order))).await.ok()
    }

    pub async fn run(&self) -> Value {
        let run = self.now().await["run_id"].as_str().expect("a run").to_string();
        self.world.admin.get(&format!("/documents/{run}")).await.ok()
    }

    /// A move of the process by somebody.
    pub async fn act(&self, by: &Client, act: &str, fields: Value) -> Value {
        let body = json!({ "act": act, "fields": fields });
        by.post(&format!("/documents/{}/act", id(&self.run().await)), body).await.ok()
    }

    pub async fn save(&self, body: Value) {
        let path = format!("/documents/{}/save", id(&self.run().await));
        self.world.admin.post(&path, body).await.ok();
    }
}

testkit::app_test! {
    /// P-04: a missing part is the storekeeper's task; three days after the machine was fetched somebody calls.
    async fn the_front_desk_asks_for_parts_and_for_a_callback_after_three_days(app: TestApp) {
        let shop = Shop::open(app, "brought_in", "front-desk-repair").await;
        let admin = &shop.world.admin;
        let (keeper, desk) = (app.user(Role::Storekeeper).await, app.user(Role::Agent).await);
        let staff = shop.world.engineer.staff;
        shop.act(admin, "start", json!({ "technician": staff, "accessories": "无" })).await;
        shop.act(&shop.world.engineer, "wait_part", json!({ "part": "压力传感器" })).await;
        assert_eq!(shop.now().await["waiting"], "parts");
        // Words that name no part become a task, once the order has found that it has no lines for them.
        app.drain().await;
        let inbox = keeper.page("/inbox").await.text();
        assert!(inbox.contains("申领备件工具") && inbox.contains("压力传感器"), "{inbox}");
        assert!(!desk.page("/inbox").await.text().contains("申领备件工具"), "it is nobody else's");
        shop.act(&keeper, "part_here", json!({})).await;
        assert_eq!(shop.now().await["state"], "in_progress", "whoever the template names may, without working on orders");
        let done = json!({ "cause": "product", "root_cause": "漂移", "result": "更换传感器" });
        shop.world.act(&shop.order, "complete", done).await;
        let marks = json!({ "1": { "result": "ok" }, "2": { "result": "ok" }, "3": { "result": "ok" }, "4": { "result": "ok" } });
        shop.save(json!({ "checks": { "pick_up": marks } })).await;
        admin.post(&format!("/documents/{}/tell", id(&shop.run().await)), json!({ "message": "repaired" })).await.ok();
        let cost = shop.run().await["fields"]["cost"].clone();
        shop.act(&desk, "pick_up", json!({ "picked_up_by": "客户本人", "received": cost })).await;
        assert_eq!(shop.now().await["state"], "confirmed");
        app.drain().await;
        let calls = |open: &'static str| {
            let (admin, path) = (admin.clone(), format!("/orders/{}/callbacks", id(&shop.order)));
            async move {
                let list = admin.get(&path).await.ok();
                let list = list["items"].as_array().or(list.as_array()).cloned().unwrap_or_default();
                list.into_iter().filter(|c| c["state"] == open).count()
            }
        };
        app.advance(3 * 86_400 - 600).await;
        assert_eq!(calls("planned").await, 0, "not before the three days of the process");
        app.advance(1_200).await;
        assert_eq!(calls("planned").await, 1);
    }

    /// P-03 to the end, each step by its own people, and the deduction of its audit on the engineer's pay.
    async fn the_integrated_process_ends_on_the_engineers_pay(app: TestApp) {
        let shop = Shop::open(app, "on_site", "integrated").await;
        let admin = &shop.world.admin;
        let (keeper, desk) = (app.user(Role::Storekeeper).await, app.user(Role::Agent).await);
        let (dispatcher, caller) = (app.user(Role::Dispatcher).await, app.user(Role::Callback).await);
        let auditor = app.user(Role::Auditor).await;
        shop.act(&desk, "accept", json!({})).await;
        let staff = shop.world.engineer.staff;
        shop.act(&dispatcher, "assign", json!({ "engineer": staff, "materials": "传感器 1 只" })).await;
        assert_eq!((&shop.now().await["state"], &shop.run().await["step"]), (&json!("scheduled"), &json!("parts")));
        app.drain().await;
        let inbox = keeper.page("/inbox").await.text();
        assert!(inbox.contains("传感器 1 只"), "{inbox}");
        shop.act(&keeper, "issue", json!({})).await;
        let worker = &shop.world.engineer;
        let order = id(&shop.order);
        worker.post(&format!("/orders/{order}/arrive"), json!({})).await.ok();
        let helper = app.user(Role::Engineer).await.staff;
        let both = json!({ "engineer_id": staff, "helpers": [{ "staff_id": helper, "share_bp": 4_000 }], "reason": "两人作业" });
        dispatcher.post(&format!("/orders/{order}/assign"), both).await.ok();
        let item = json!({ "code": "SCORE", "name": "高分奖", "sign": "reward", "cause": "score_at_least", "threshold": 90, "measure": "amount",
            "amount": "10", "valid_from": "2026-01-01" });
        admin.post("/pay/items", item).await.ok();
        let done = json!({ "cause": "product", "root_cause": "漂移", "result": "更换传感器", "signature": SIGNATURE });
        worker.post(&format!("/orders/{order}/complete"), done).await.ok();
        let run = shop.run().await;
        assert_eq!((&run["step"], &run["fields"]["work"]), (&json!("sheet"), &json!("更换传感器")), "the signature on the order is the process's proof");
        shop.act(&desk, "return_sheet", json!({ "sheet_back_at": "2026-11-18T01:00:00Z", "score": 95 })).await;
        let now = shop.now().await;
        assert_eq!((&now["score"], &now["sheet_returned_at"]), (&json!(95), &json!("2026-11-18T01:00:00Z")), "the order knows it at once");
        let call = admin.post(&format!("/orders/{order}/callbacks"), json!({})).await.ok();
        admin.post(&format!("/callbacks/{}/result", id(&call)), json!({ "class": "satisfied" })).await.ok();
        assert_eq!(shop.run().await["fields"]["class"], "satisfied", "what the customer said is known to the process");
        shop.save(json!({ "answers": { "callback": { "quality": 5, "attitude": 5 } } })).await;
        shop.act(&caller, "satisfied", json!({})).await;
        assert_eq!(shop.now().await["state"], "confirmed");
        shop.act(&auditor, "audit", json!({ "deduction": "5" })).await;
        let now = shop.now().await;
        assert_eq!((&now["state"], &now["score"]), (&json!("audited"), &json!(95)));
        app.drain().await;
        let lines = admin.get(&format!("/pay/lines?filter=order_no~eq~{}", shop.order["no"].as_str().expect("a number"))).await.ok();
        let of = |kind: &str| {
            let items = lines["items"].as_array().expect("lines").iter();
            let mut sums: Vec<i64> = items.filter(|l| l["kind"] == kind).filter_map(|l| l["amount"].as_i64()).collect();
            sums.sort_unstable();
            sums
        };
        assert_eq!(of("audit_deduction"), [-300, -200], "by shares, as on the order itself (PAY-14): {lines}");
        assert_eq!(of("penalty"), Vec::<i64>::new(), "deducted once: {lines}");
        assert_eq!(of("reward"), [400, 600], "95 points are at least 90 (PAY-06): {lines}");
    }

    /// A callback that a process asks for besides the first one leaves the company's first callback alone (N-15).
    async fn a_reminder_of_maintenance_is_no_first_callback(app: TestApp) {
        let world = world(app, 1).await;
        let source = r#"
code = "yearly"
name = "年保养"
number = "NB"
title = "{customer}"
open = ["role:agent"]
asks = ["customer"]
start = "take"
fields = [{ key = "customer", name = "客户", bind = "customer" }, { key = "engineer", name = "工程师", bind = "engineer", type = "person" }]
steps = [
  { key = "take", name = "受理", macro = "accepted", who = ["role:agent"], asks = ["engineer"] },
  { key = "work", name = "保养", macro = "in_progress", who = ["role:engineer"] },
  { key = "done", name = "完工", macro = "done", who = ["role:agent"] },
  { key = "end", name = "结束", macro = "closed", end = true },
]
moves = [
  { act = "start", name = "开始", from = ["take"], to = "work" },
  { act = "fixed", name = "做完", from = ["work"], to = "done" },
  { act = "close", name = "结束", from = ["done"], to = "end" },
]
triggers = [{ key = "remind", on = "act:close", make = "callback", what = "maintenance", text = "{customer}保养提醒", span = "90d" }]
"#;
        let admin = &world.admin;
        let made = admin.post("/process-templates", json!({ "source": source })).await.ok();
        admin.post(&format!("/process-templates/{}/activate", id(&made)), json!({})).await.ok();
        let rules = json!({ "rules": [{ "mode": "brought_in", "template": "yearly" }] });
        admin.put("/order-processes", rules).await.ok();
        let input = json!({ "customer_id": world.customer["id"], "unit_id": world.unit["id"], "kind": "repair_minor", "mode": "brought_in",
            "symptom": "保养", "demand": "年保养" });
        let order = admin.post("/orders", input).await.ok();
        let shop = Shop { world, order };
        let admin = &shop.world.admin;
        let staff = shop.world.engineer.staff;
        shop.act(admin, "start", json!({ "engineer": staff })).await;
        let done = json!({ "cause": "product", "root_cause": "到期", "result": "保养", "unsigned_reason": "送修" });
        shop.world.act(&shop.order, "complete", done).await;
        app.drain().await;
        let first = async || {
            let timers = admin.get(&format!("/docs/order/{}/timers", id(&shop.order))).await.ok();
            let found = timers.as_array().into_iter().flatten().find(|t| t["kind"] == "callbacks.first").cloned();
            found.unwrap_or_else(|| panic!("no clock of the first callback in {timers}"))
        };
        let before = first().await;
        assert_eq!(before["state"], "open");
        shop.act(admin, "close", json!({})).await;
        app.drain().await;
        assert_eq!(first().await, before, "the company calls when it always does");
        let tasks = admin.get(&format!("/documents/{}/tasks", id(&shop.run().await))).await.ok();
        assert_eq!(tasks[0]["text"], "回访：客户1保养提醒", "{tasks}");
        assert_eq!((&tasks[0]["state"], &tasks[0]["due_at"]), (&json!("open"), &json!("2027-02-16T01:00:00Z")), "in 90 days: {tasks}");
    }
}
