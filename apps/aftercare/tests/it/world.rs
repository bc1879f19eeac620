//! A small company to test with: made through the API like everything else.

use kernel::Id;
use kit::Role;
use serde_json::{Value, json};
use testkit::{Client, TestApp};

/// What a service order needs.
pub struct World {
    /// Administrator.
    pub admin: Client,
    /// Engineer in the root organisation.
    pub engineer: Client,
    /// Depot.
    pub depot: Value,
    /// Part with `pieces` in stock.
    pub part: Value,
    /// Customer.
    pub customer: Value,
    /// Unit of the customer.
    pub unit: Value,
}

/// One pixel.
pub const SIGNATURE: &str = "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==";

/// Makes a depot with `pieces` of a part, a customer and a unit in an organisation.
pub async fn world_in(app: &TestApp, org: Id, tag: &str, pieces: i64) -> World {
    let admin = app.admin().await;
    let engineer = app.user_in(Role::Engineer, org).await;
    let depot = admin.post("/depots", json!({ "code": format!("D{tag}"), "name": format!("备件库{tag}"), "kind": "parts", "org_id": org })).await.ok();
    let part = admin.post("/parts", json!({ "code": format!("P{tag}"), "name": format!("传感器{tag}"), "unit": "只", "price": 38000, "cost": 21000 })).await.ok();
    admin
        .post("/receipts", json!({ "kind": "ordered", "depot_id": depot["id"], "lines": [{ "part": part["id"], "quantity": pieces * 1000, "unit_cost": 21000 }] }))
        .await
        .ok();
    let customer = admin
        .post("/customers", json!({ "name": format!("客户{tag}"), "org_id": org, "phone": "13800136027", "region": "苏州市", "district": "吴中区", "address": "太湖东路 9 号" }))
        .await
        .ok();
    let model = admin
        .post("/models", json!({ "code": format!("M{tag}"), "name": format!("冷水机组{tag}") }))
        .await
        .ok();
    let unit = admin
        .post("/units", json!({ "customer_id": customer["id"], "org_id": org, "model_id": model["model"]["id"], "serial": format!("SN{tag}"), "purchase_date": "2024-04-18" }))
        .await
        .ok();
    World { admin, engineer, depot, part, customer, unit }
}

/// Like [`world_in`] in the root organisation.
pub async fn world(app: &TestApp, pieces: i64) -> World {
    world_in(app, app.root, "1", pieces).await
}

impl World {
    /// A new order of the unit, assigned to the engineer.
    pub async fn assigned_order(&self) -> Value {
        self.order_of(&self.engineer).await
    }

    /// A new order of the unit, assigned to somebody.
    pub async fn order_of(&self, engineer: &Client) -> Value {
        let order = self
            .admin
            .post("/orders", json!({ "customer_id": self.customer["id"], "unit_id": self.unit["id"], "kind": "repair_minor", "mode": "on_site", "symptom": "高压报警", "demand": "尽快修复" }))
            .await
            .ok();
        self.act(&order, "accept", json!({})).await;
        let staff = engineer.staff.expect("an engineer is a person");
        self.act(&order, "assign", json!({ "engineer_id": staff })).await
    }

    /// A move of an order that must succeed.
    pub async fn act(&self, order: &Value, action: &str, body: Value) -> Value {
        self.admin.post(&format!("/orders/{}/{action}", id(order)), body).await.ok()
    }
}

/// The id of an answer.
#[track_caller]
pub fn id(value: &Value) -> String {
    value["id"].as_str().unwrap_or_else(|| panic!("no id in {value}")).to_string()
}
