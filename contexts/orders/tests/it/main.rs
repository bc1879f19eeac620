//! Service orders, whole: through the API, on both engines.

mod guards;
mod hands;
mod history;
mod import;
mod late;
mod levels;
mod lifecycle;
mod process;
mod stock;
mod supply;
mod units;
mod waits;

use kernel::Id;
use kit::Role;
use serde_json::{Value, json};
use testkit::{Client, TestApp};

/// A company small enough for a test: a customer with a unit, an engineer, a depot with ten pieces of a part.
struct World {
    admin: Client,
    engineer: Client,
    customer: String,
    unit: String,
    depot: String,
    part: String,
}

fn id_of(value: &Value) -> String {
    value["id"].as_str().unwrap_or_else(|| panic!("an id in {value}")).to_string()
}

async fn world(app: &TestApp) -> World {
    let admin = app.admin().await;
    let engineer = app.user(Role::Engineer).await;
    let customer = json!({ "name": "湖滨万象城", "phone": "13800136027", "region": "苏州市", "district": "吴中区", "address": "太湖东路 9 号" });
    let customer = id_of(&admin.post("/customers", customer).await.ok());
    let model = admin.post("/models", json!({ "code": "YK-1200", "name": "冷水机组" })).await.ok();
    let model = id_of(if model["id"].is_null() { &model["model"] } else { &model });
    let unit = json!({ "customer_id": customer, "model_id": model, "serial": "YK-77", "purchase_date": "2026-04-18" });
    let unit = id_of(&admin.post("/units", unit).await.ok());
    let depot = json!({ "code": "D1", "name": "中心库", "kind": "parts", "org_id": app.root });
    let depot = id_of(&admin.post("/depots", depot).await.ok());
    let part = json!({ "code": "P1", "name": "压力传感器", "unit": "只", "price": 38000, "cost": 21000 });
    let part = id_of(&admin.post("/parts", part).await.ok());
    let lines = json!([{ "part": part, "quantity": 10000, "unit_cost": 21000 }]);
    admin.post("/receipts", json!({ "kind": "ordered", "depot_id": depot, "lines": lines })).await.ok();
    World { admin, engineer, customer, unit, depot, part }
}

impl World {
    /// Opens an order with everything CALL-07 asks for, changed by `extra`.
    async fn open(&self, extra: Value) -> String {
        id_of(&self.admin.post("/orders", self.input(extra)).await.ok())
    }

    fn input(&self, extra: Value) -> Value {
        let mut input = json!({
            "customer_id": self.customer, "unit_id": self.unit, "kind": "repair_minor", "mode": "on_site", "symptom": "高压报警",
            "demand": "今天恢复",
        });
        for (key, value) in extra.as_object().into_iter().flatten() {
            input[key] = value.clone();
        }
        input
    }

    async fn act(&self, order: &str, action: &str, body: Value) -> Value {
        self.admin.post(&format!("/orders/{order}/{action}"), body).await.ok()
    }

    async fn refuse(&self, order: &str, action: &str, body: Value, status: u16) -> String {
        self.admin.post(&format!("/orders/{order}/{action}"), body).await.refused(status)
    }

    fn engineer_id(&self) -> Id {
        self.engineer.staff.expect("an engineer is a person")
    }

    async fn assign(&self, order: &str) -> Value {
        self.act(order, "assign", json!({ "engineer_id": self.engineer_id() })).await
    }

    /// An order on which the engineer works.
    async fn working(&self, extra: Value) -> String {
        let order = self.open(extra).await;
        self.assign(&order).await;
        self.act(&order, "arrive", json!({})).await;
        order
    }

    async fn line(&self, order: &str, quantity: i64, stock: &str) -> Value {
        let body =
            json!({ "part_id": self.part, "depot_id": self.depot, "quantity": quantity, "stock": stock });
        self.admin.post(&format!("/orders/{order}/lines"), body).await.ok()
    }

    /// A completion sheet without signature.
    fn done(&self) -> Value {
        json!({ "cause": "product", "root_cause": "漂移", "result": "更换", "unsigned_reason": "客户不在" })
    }

    /// What the depot has: on hand and reserved, thousandths.
    async fn on_hand(&self, app: &TestApp) -> (i64, i64) {
        let mut conn = app.app.db.read().await.expect("a reader");
        let (part, depot): (Id, Id) = (self.part.parse().expect("an id"), self.depot.parse().expect("an id"));
        conn.one("select cast(sum(on_hand) as bigint), cast(sum(reserved) as bigint) from stock_balance where part_id = $1 and depot_id = $2", db::args![part, depot])
            .await
            .expect("a balance")
    }
}
