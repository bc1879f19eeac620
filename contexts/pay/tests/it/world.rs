//! Engineers, a price list and orders to be paid for.

use kit::Role;
use serde_json::{Value, json};
use testkit::{Client, TestApp};

pub struct World {
    pub admin: Client,
    pub engineer: Client,
    pub other: Client,
    customer: Value,
    unit: Value,
}

/// Labour costs 80.00; the unit is in warranty.
pub async fn world(app: &TestApp) -> World {
    let admin = app.admin().await;
    let (engineer, other) = (app.user(Role::Engineer).await, app.user(Role::Engineer).await);
    let list = admin.post("/prices", json!({ "code": "STD", "name": "标准" })).await.ok();
    let path = format!("/prices/{}/rules", list["list"]["id"].as_str().expect("an id"));
    admin.post(&path, json!({ "code": "labour", "amount": "80", "valid_from": "2026-01-01" })).await.ok();
    let customer = json!({ "name": "湖滨万象城", "org_id": app.root, "phone": "13800136027", "region": "苏州市", "district": "吴中区", "address": "太湖东路 9 号" });
    let customer = admin.post("/customers", customer).await.ok();
    let model = admin.post("/models", json!({ "code": "M1", "name": "冷水机组" })).await.ok();
    let unit = json!({ "customer_id": customer["id"], "org_id": app.root, "model_id": model["model"]["id"], "serial": "SN1", "purchase_date": "2026-05-01" });
    let unit = admin.post("/units", unit).await.ok();
    World { admin, engineer, other, customer, unit }
}

/// An order done and confirmed by the first engineer.
pub async fn order(w: &World) -> String {
    made(w, json!({}), async |_| json!({})).await
}

/// The same, assigned with more (an outlet), and completed some seconds later.
pub async fn order_with(w: &World, more: Value, after: i64, app: &TestApp) -> String {
    made(w, more, async |_| {
        app.advance(after).await;
        json!({})
    })
    .await
}

/// Two orders for which a part of 380.00, cost 210.00, was taken: it was used on the first, given back on the second.
pub async fn orders_with_part(w: &World) -> (String, String) {
    let depot = json!({ "code": "D1", "name": "中心库", "kind": "parts", "org_id": w.customer["org_id"] });
    let depot = w.admin.post("/depots", depot).await.ok()["id"].clone();
    let part = json!({ "code": "P1", "name": "压力传感器", "unit": "只", "price": 38000, "cost": 21000 });
    let part = w.admin.post("/parts", part).await.ok()["id"].clone();
    let lines = json!([{ "part": part, "quantity": 10000, "unit_cost": 21000 }]);
    w.admin.post("/receipts", json!({ "kind": "ordered", "depot_id": depot, "lines": lines })).await.ok();
    let take = async |quantity: i64| {
        made(w, json!({}), async |id| {
            let line = json!({ "part_id": part, "depot_id": depot, "stock": "issue" });
            let out = w.admin.post(&format!("/orders/{id}/lines"), line).await.ok();
            json!({ "used": [{ "id": out["lines"][0]["id"], "quantity": quantity }] })
        })
        .await
    };
    (take(1000).await, take(0).await)
}

/// `work` happens before the completion and says more of it.
async fn made(w: &World, more: Value, work: impl AsyncFnOnce(String) -> Value) -> String {
    let order = json!({ "customer_id": w.customer["id"], "unit_id": w.unit["id"], "kind": "repair_minor", "mode": "brought_in",
        "symptom": "高压报警", "demand": "尽快修复" });
    let order = w.admin.post("/orders", order).await.ok();
    let id = order["id"].as_str().expect("an id").to_string();
    let step = |what: &'static str, body: Value| {
        let (admin, path) = (w.admin.clone(), format!("/orders/{id}/{what}"));
        async move { admin.post(&path, body).await.ok() }
    };
    step("accept", json!({})).await;
    let mut assign = json!({ "engineer_id": w.engineer.staff });
    for (key, value) in more.as_object().into_iter().flatten() {
        assign[key] = value.clone();
    }
    step("assign", assign).await;
    step("start", json!({})).await;
    let mut sheet = json!({ "cause": "product", "root_cause": "传感器漂移", "result": "更换传感器", "unsigned_reason": "送修" });
    for (key, value) in work(id.clone()).await.as_object().into_iter().flatten() {
        sheet[key] = value.clone();
    }
    step("complete", sheet).await;
    step("confirm", json!({ "by": "李建平" })).await;
    id
}

/// Audits an order.
pub async fn audited(w: &World, id: &str, input: Value) {
    w.admin.post(&format!("/orders/{id}/audit"), input).await.ok();
}

/// Its pay as somebody sees it.
pub async fn pay(who: &Client, id: &str) -> Value {
    who.get(&format!("/orders/{id}/pay")).await.ok()
}
