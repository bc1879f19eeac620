//! A workshop with a repairer, a head and a desk, and orders of units brought in.

use kit::Role;
use serde_json::{Value, json};
use testkit::{Answer, Client, TestApp};

pub struct World {
    pub admin: Client,
    pub agent: Client,
    pub head: Client,
    pub repairer: Client,
    pub depot: Value,
    pub part: Value,
    pub customer: Value,
    pub unit: Value,
}

/// One pixel.
pub const SIGNATURE: &str = "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==";

#[track_caller]
pub fn id(value: &Value) -> String {
    value["id"].as_str().unwrap_or_else(|| panic!("no id in {value}")).to_string()
}

/// Everything; the clock stands at 09:00 on Wednesday 18 November 2026.
pub async fn world(app: &TestApp) -> World {
    let admin = app.admin().await;
    let agent = app.user(Role::Agent).await;
    let head = app.user(Role::Manager).await;
    let repairer = app.user(Role::Engineer).await;
    let depot = json!({ "code": "D1", "name": "备件库", "kind": "parts", "org_id": app.root });
    let depot = admin.post("/depots", depot).await.ok();
    let part = json!({ "code": "P1", "name": "电源板", "unit": "只", "price": 38000, "cost": 21000 });
    let part = admin.post("/parts", part).await.ok();
    let lines = json!([{ "part": part["id"], "quantity": 5000, "unit_cost": 21000 }]);
    admin.post("/receipts", json!({ "kind": "ordered", "depot_id": depot["id"], "lines": lines })).await.ok();
    let made = admin.post("/prices", json!({ "code": "STD", "name": "标准价目表" })).await.ok();
    let list = made["list"]["id"].as_str().or(made["id"].as_str()).expect("a list").to_string();
    let rule = json!({ "code": "labour", "amount": 12000, "valid_from": "2020-01-01" });
    admin.post(&format!("/prices/{list}/rules"), rule).await.ok();
    let customer = json!({ "name": "王芳", "org_id": app.root, "phone": "13800136027", "region": "苏州市", "district": "吴中区",
        "address": "太湖东路 9 号" });
    let customer = admin.post("/customers", customer).await.ok();
    let model = admin.post("/models", json!({ "code": "M1", "name": "净水机" })).await.ok();
    let unit = json!({ "customer_id": customer["id"], "org_id": app.root, "model_id": model["model"]["id"], "serial": "SN1",
        "purchase_date": "2020-11-15" });
    let unit = admin.post("/units", unit).await.ok();
    World { admin, agent, head, repairer, depot, part, customer, unit }
}

/// What a slip says at least.
pub fn slip() -> Value {
    json!({ "articles_text": "电源适配器\n遥控器 x2\n工具:扳手", "outer_look": "完好", "scratches": "左侧划伤 3 cm",
        "papers": [{ "kind": "invoice", "seen": true, "valid": true, "complete": true }, { "kind": "warranty_card" }],
        "place": "A-3", "signature": SIGNATURE })
}

impl World {
    /// A new order of the unit, out of warranty, brought in.
    pub async fn order(&self) -> Value {
        let order = json!({ "customer_id": self.customer["id"], "unit_id": self.unit["id"], "kind": "repair_minor",
            "mode": "brought_in", "warranty": "out", "symptom": "不通电", "demand": "尽快修好", "over_quote_limit": 50000 });
        self.agent.post("/orders", order).await.ok()
    }

    /// The unit of a new order, received.
    pub async fn received(&self) -> Value {
        let order = self.order().await;
        self.agent.post(&format!("/orders/{}/receive", id(&order)), slip()).await.ok()
    }

    /// The same, given to the repairer.
    pub async fn assigned(&self) -> Value {
        let unit = self.received().await;
        let input = json!({ "engineer_id": self.repairer.staff });
        self.head.post(&path(&unit, "assign"), input).await.ok()
    }

    /// The same, begun.
    pub async fn begun(&self) -> Value {
        let unit = self.assigned().await;
        self.repairer.post(&path(&unit, "begin"), json!({})).await.ok()
    }

    /// Signs every stage.
    pub async fn checked(&self, unit: &Value) {
        let pass = json!({ "rest_passed": true });
        self.repairer.post(&path(unit, "checks/self"), pass.clone()).await.ok();
        self.head.post(&path(unit, "checks/team"), pass).await.ok();
        self.final_check(unit, json!({})).await.ok();
    }

    /// The final inspection with its measured values, and `extra` answers by index of the point.
    pub async fn final_check(&self, unit: &Value, extra: Value) -> Answer {
        let mut answers = vec![json!({}); 39];
        for (point, value) in [(9, "0.05"), (10, "20"), (17, "221.5"), (20, "0.2")] {
            answers[point] = json!({ "value": value });
        }
        for (point, answer) in extra.as_object().into_iter().flatten() {
            answers[point.parse::<usize>().expect("an index")] = answer.clone();
        }
        let input = json!({ "rest_passed": true, "answers": answers, "note": "见各项" });
        self.head.post(&path(unit, "checks/final"), input).await
    }

    /// A unit that waits for its customer.
    pub async fn ready(&self, app: &TestApp) -> Value {
        let unit = self.begun().await;
        self.checked(&unit).await;
        let done = self.repairer.post(&path(&unit, "repaired"), repaired()).await.ok();
        app.drain().await;
        done
    }

    /// The unit as callers see it.
    pub async fn seen(&self, unit: &Value) -> Value {
        self.admin.get(&path(unit, "")).await.ok()
    }

    /// Its order.
    pub async fn order_of(&self, unit: &Value) -> Value {
        self.admin.get(&format!("/orders/{}", unit["order_id"].as_str().expect("an order"))).await.ok()
    }
}

/// `/workshop/units/{id}/{what}`
pub fn path(unit: &Value, what: &str) -> String {
    format!("/workshop/units/{}{}{what}", id(unit), if what.is_empty() { "" } else { "/" })
}

/// The completion.
pub fn repaired() -> Value {
    json!({ "cause": "product", "root_cause": "电源板击穿", "result": "更换电源板，试机正常", "place": "待取架 1" })
}

/// Everything that a pick-up needs.
pub fn pick_up(received: i64) -> Value {
    json!({ "taker": "王芳", "identity": "slip", "checks": ["explained", "tested", "articles", "old_parts", "papers"],
        "received": received, "signature": SIGNATURE })
}

/// The code of a refusal, 409 or 422.
#[track_caller]
pub fn refused(answer: Answer) -> String {
    let status = answer.status.as_u16();
    let body: Value = serde_json::from_str(&answer.text()).unwrap_or_default();
    assert!(matches!(status, 409 | 422), "{status}: {}", answer.text());
    let code = body["errors"][0]["code"].as_str().or(body["code"].as_str());
    code.unwrap_or_else(|| panic!("no code in {body}")).to_string()
}
