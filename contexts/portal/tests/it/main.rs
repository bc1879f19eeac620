//! What customers do without an account, on both engines.

mod access;
mod follow;
mod lost;
mod paper;

use kit::Role;
use serde_json::{Value, json};
use testkit::{Client, TestApp};

/// The customer's telephone.
pub const PHONE: &str = "13800136027";
/// One pixel.
pub const SIGNATURE: &str = "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==";

pub fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value[key].as_str().unwrap_or_default()
}

/// A customer with a unit, and the people who serve them.
pub struct World {
    pub admin: Client,
    pub agent: Client,
    pub engineer: Client,
    pub customer: Value,
    pub unit: Value,
    /// Secret on the unit's label.
    pub label: String,
}

pub async fn world(app: &TestApp) -> World {
    let admin = app.admin().await;
    let agent = app.user(Role::Agent).await;
    let engineer = app.user_in(Role::Engineer, app.root).await;
    let customer = json!({ "name": "客户甲", "org_id": app.root, "phone": PHONE, "region": "苏州市", "address": "太湖东路 9 号" });
    let customer = admin.post("/customers", customer).await.ok();
    let model = admin.post("/models", json!({ "code": "KFR-35", "name": "空调 KFR-35" })).await.ok();
    let unit = json!({ "customer_id": customer["id"], "org_id": app.root, "model_id": model["model"]["id"], "serial": "SN-1", "purchase_date": "2026-05-01" });
    let unit = admin.post("/units", unit).await.ok();
    let label = text(&unit, "public_path").trim_start_matches("/u/").to_string();
    assert!(label.len() > 20, "{unit}");
    World { admin, agent, engineer, customer, unit, label }
}

impl World {
    /// An order of the unit, assigned; its id and the secret of its customer's page.
    pub async fn order(&self) -> (String, String) {
        self.order_on("2026-11-20").await
    }

    /// The same with the visit on a day.
    pub async fn order_on(&self, day: &str) -> (String, String) {
        let wish = json!({ "customer_id": self.customer["id"], "unit_id": self.unit["id"], "kind": "repair_minor", "mode": "on_site", "symptom": "不制冷" });
        let order = self.admin.post("/orders", wish).await.ok();
        let id = text(&order, "id").to_string();
        self.act(&id, "accept", json!({})).await;
        let visit = json!({ "engineer_id": self.engineer.staff, "appointment_from": format!("{day}T02:00:00Z"), "appointment_to": format!("{day}T04:00:00Z") });
        self.admin.verify_order(&id).await;
        self.act(&id, "assign", visit).await;
        let key = self.agent.get(&format!("/orders/{id}/key")).await.ok();
        (id, text(&key, "path").trim_start_matches("/f/").to_string())
    }

    pub async fn act(&self, order: &str, action: &str, body: Value) -> Value {
        self.admin.post(&format!("/orders/{order}/{action}"), body).await.ok()
    }

    /// The work is done and signed.
    pub async fn done(&self, order: &str) {
        self.act(order, "start", json!({})).await;
        self.act(order, "complete", sheet()).await;
    }
}

/// A completion sheet.
pub fn sheet() -> Value {
    json!({ "cause": "product", "root_cause": "缺氟", "result": "补氟检漏", "signature": SIGNATURE,
        "wear": [{ "part": "滤芯", "percent": 30, "months": 2 }] })
}
