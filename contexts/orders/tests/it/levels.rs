//! Three levels of repair (WO-16): by hand, by rule, told to the right people, promises kept.

use super::*;

async fn org(world: &World, code: &str, kind: &str, parent: &str) -> String {
    let body = json!({ "code": code, "name": code, "kind": kind, "parent_id": parent });
    id_of(&world.admin.post("/orgs", body).await.ok())
}

/// An outlet below a branch below head office, with an order of the outlet.
async fn tree(app: &TestApp, world: &World, extra: Value) -> (String, String, String) {
    let branch = org(world, "苏州分公司", "branch", &app.root.to_string()).await;
    let outlet = org(world, "园区网点", "outlet", &branch).await;
    let customer = json!({ "name": "星海广场", "org_id": outlet, "phone": "13800001111", "region": "苏州市", "address": "星海街 1 号" });
    let customer = id_of(&world.admin.post("/customers", customer).await.ok());
    let mut body = extra;
    body["customer_id"] = json!(customer);
    body["unit_id"] = Value::Null;
    body["org_id"] = json!(outlet);
    let order = id_of(&world.admin.post("/orders", world.input(body)).await.ok());
    (branch, outlet, order)
}

async fn raise_due(app: &TestApp) {
    let schedule =
        app.app.registry.schedules.iter().find(|s| s.name == "orders.raise_levels").expect("it is there");
    (schedule.run)(app.system()).await.expect("runs");
}

async fn set(world: &World, key: &str, value: Value) {
    world.admin.put("/settings", json!({ "key": key, "value": value })).await.ok();
}

testkit::app_test! {
    async fn one_click_raises_to_the_branch_and_then_to_head_office(app: TestApp) {
        let world = world(app).await;
        let (branch, outlet, order) = tree(app, &world, json!({})).await;
        let branch_id: Id = branch.parse().expect("an id");
        let dispatcher = app.user_in(Role::Dispatcher, branch_id).await;
        let desk = app.user_in(Role::Outlet, outlet.parse().expect("an id")).await;
        let promised = world.admin.get(&format!("/docs/order/{order}/timers")).await.ok();
        let code = desk.post(&format!("/orders/{order}/escalate"), json!({ "reason": " " })).await.refused(422);
        assert_eq!(code, "orders.reason");
        let out = desk.post(&format!("/orders/{order}/escalate"), json!({ "reason": "疑难：反复报警" })).await.ok();
        assert_eq!((&out["level"], &out["level_org_id"], &out["level_org_name"]), (&json!(2), &json!(branch), &json!("苏州分公司")));
        let told = dispatcher.get("/notifications").await.ok();
        assert!(told[0]["title"].as_str().is_some_and(|t| t.contains("二级（分公司） 苏州分公司")), "{told}");
        assert_eq!(world.admin.get(&format!("/docs/order/{order}/timers")).await.ok(), promised, "promised times are kept");
        let seen = desk.get(&format!("/orders/{order}")).await.ok();
        let step = seen["steps"].as_array().and_then(|s| s.last().cloned()).unwrap_or_default();
        assert!(step["reason"].as_str().is_some_and(|r| r.contains("一级（网点） 园区网点 → 二级（分公司） 苏州分公司")), "{step}");
        let found = dispatcher.get("/orders?view=raised").await.ok();
        assert_eq!(found["items"][0]["id"], json!(order));
        let out = dispatcher.post(&format!("/orders/{order}/escalate"), json!({ "reason": "需设计支持" })).await.ok();
        assert_eq!((&out["level"], &out["level_org_id"]), (&json!(3), &json!(app.root)));
        let code = world.admin.post(&format!("/orders/{order}/escalate"), json!({ "reason": "再升" })).await.refused(409);
        assert_eq!(code, "orders.top_level");
        let page = desk.page(&format!("/orders/{order}")).await;
        assert!(page.text().contains("三级（总部）"), "{}", page.text());
    }

    async fn rules_raise_what_stands_still_or_is_hard(app: TestApp) {
        let world = world(app).await;
        let (branch, _, order) = tree(app, &world, json!({})).await;
        let level = async || world.admin.get(&format!("/orders/{order}")).await.ok()["level"].clone();
        app.advance(100 * 3600).await;
        raise_due(app).await;
        assert_eq!(level().await, json!(1), "no hours are set");
        set(&world, "orders.level_hours", json!(48)).await;
        raise_due(app).await;
        let out = world.admin.get(&format!("/orders/{order}")).await.ok();
        assert_eq!((&out["level"], &out["level_org_id"]), (&json!(2), &json!(branch)));
        let last = out["steps"].as_array().and_then(|s| s.last().cloned()).unwrap_or_default();
        assert!(last["reason"].as_str().is_some_and(|r| r.contains("48 小时无进展")), "{last}");
        raise_due(app).await;
        assert_eq!(level().await, json!(2), "the branch has its time too");
        app.advance(48 * 3600).await;
        raise_due(app).await;
        raise_due(app).await;
        assert_eq!(level().await, json!(3));
        let second = world.open(json!({})).await;
        raise_due(app).await;
        assert_eq!(world.admin.get(&format!("/orders/{second}")).await.ok()["level"], json!(1));
        world.admin.put(&format!("/orders/{second}"), json!({ "hard": true })).await.ok();
        raise_due(app).await;
        assert_eq!(world.admin.get(&format!("/orders/{second}")).await.ok()["level"], json!(2), "hard ones at once");
    }
}
