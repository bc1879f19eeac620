//! An engineer with a van, a customer with a unit, and an order between them.

use http::Method;
use kit::Role;
use serde_json::{Value, json};
use testkit::{Answer, Client, TestApp};

pub struct World {
    pub admin: Client,
    pub dispatcher: Client,
    pub engineer: Client,
    pub other: Client,
    pub order: Value,
}

/// One white pixel.
pub const PIXEL: &[u8] = &[
    0x89, b'P', b'N', b'G', 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 0x0d, b'I', b'H', b'D', b'R', 0, 0, 0, 1, 0, 0,
    0, 1, 8, 6, 0, 0, 0, 0x1f, 0x15, 0xc4, 0x89, 0, 0, 0, 0x0d, b'I', b'D', b'A', b'T', 0x78, 0xda, 0x63,
    0x64, 0x60, 0xf8, 0x5f, 0x0f, 0, 0x02, 0x87, 0x01, 0x80, 0xeb, 0x47, 0xba, 0x92, 0, 0, 0, 0, b'I', b'E',
    b'N', b'D', 0xae, 0x42, 0x60, 0x82,
];

/// The same as a browser's canvas gives it.
pub const SIGNATURE: &str = "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==";

#[track_caller]
pub fn id(value: &Value) -> String {
    value["id"].as_str().unwrap_or_else(|| panic!("no id in {value}")).to_string()
}

/// Everything, with the order assigned for 10:00–11:00 today; the clock stands at 09:00.
pub async fn world(app: &TestApp) -> World {
    let admin = app.admin().await;
    let dispatcher = app.user(Role::Dispatcher).await;
    let (engineer, other) = (app.user(Role::Engineer).await, app.user(Role::Engineer).await);
    let staff = engineer.staff.expect("an engineer is a person");
    let van =
        json!({ "code": "VAN1", "name": "一号车", "kind": "van", "org_id": app.root, "holder_id": staff });
    let van = admin.post("/depots", van).await.ok();
    let part = json!({ "code": "P1", "name": "压力传感器", "unit": "只", "price": 38000, "cost": 21000 });
    let part = admin.post("/parts", part).await.ok();
    let lines = json!([{ "part": part["id"], "quantity": 3000, "unit_cost": 21000 }]);
    admin.post("/receipts", json!({ "kind": "ordered", "depot_id": van["id"], "lines": lines })).await.ok();
    let customer = json!({ "name": "湖滨万象城", "org_id": app.root, "phone": "13800136027", "region": "苏州市", "district": "吴中区",
        "address": "太湖东路 9 号" });
    let customer = admin.post("/customers", customer).await.ok();
    let model = admin.post("/models", json!({ "code": "M1", "name": "冷水机组" })).await.ok();
    let unit = json!({ "customer_id": customer["id"], "org_id": app.root, "model_id": model["model"]["id"], "serial": "SN1", "purchase_date": "2026-11-15" });
    let unit = admin.post("/units", unit).await.ok();
    let order = json!({ "customer_id": customer["id"], "unit_id": unit["id"], "kind": "repair_minor", "mode": "on_site",
        "symptom": "高压报警", "demand": "尽快修复" });
    let order = admin.post("/orders", order).await.ok();
    admin.post(&format!("/orders/{}/accept", id(&order)), json!({})).await.ok();
    let assign = json!({ "engineer_id": staff, "appointment_from": "2026-11-18T10:00:00+08:00",
        "appointment_to": "2026-11-18T11:00:00+08:00" });
    let order = admin.post(&format!("/orders/{}/assign", id(&order)), assign).await.ok();
    World { admin, dispatcher, engineer, other, order }
}

impl World {
    /// `/m/orders/{id}/{what}`
    pub fn path(&self, what: &str) -> String {
        format!("/m/orders/{}{}{what}", id(&self.order), if what.is_empty() { "" } else { "/" })
    }

    /// A form post of the engineer that must lead on.
    pub async fn step(&self, what: &str, fields: &str) {
        let answer = self.engineer.form(&self.path(what), fields).await;
        assert_eq!(answer.status, 303, "{what}: {}", answer.text());
    }

    /// A form post of the engineer that must come back with a message.
    pub async fn refused(&self, what: &str, fields: &str, message: &str) {
        let answer = self.engineer.form(&self.path(what), fields).await;
        assert_eq!(answer.status, 422, "{what}: {}", answer.text());
        assert!(answer.text().contains(message), "{what} should say {message}: {}", answer.text());
    }

    /// Arrival, as the camera form sends it.
    pub async fn arrive(&self, photo: bool) -> Answer {
        let mut body = b"--X\r\nContent-Disposition: form-data; name=\"lat\"\r\n\r\n31.23\r\n".to_vec();
        body.extend(b"--X\r\nContent-Disposition: form-data; name=\"lng\"\r\n\r\n120.63\r\n");
        if photo {
            body.extend(b"--X\r\nContent-Disposition: form-data; name=\"photo\"; filename=\"a.png\"\r\nContent-Type: image/png\r\n\r\n");
            body.extend(PIXEL);
            body.extend(b"\r\n");
        }
        body.extend(b"--X--\r\n");
        let headers =
            [("content-type", "multipart/form-data; boundary=X"), ("sec-fetch-site", "same-origin")];
        self.engineer.send(Method::POST, &self.path("arrive"), &headers, body).await
    }

    /// What the site view says.
    pub async fn seen(&self) -> Value {
        self.engineer.get(&format!("/field/orders/{}", id(&self.order))).await.ok()
    }

    /// The next step.
    pub async fn next(&self) -> String {
        self.seen().await["next"].as_str().unwrap_or_default().to_string()
    }

    /// Sets out, arrives and starts.
    pub async fn at_work(&self) {
        self.step("depart", TICKS).await;
        assert_eq!(self.arrive(true).await.status, 303);
        self.step("start", "").await;
    }
}

/// Every item of the departure check.
pub const TICKS: &str = "ticked=tools&ticked=parts&ticked=mat&ticked=covers&ticked=permit&ticked=sheets&ticked=slip&ticked=looks&ticked=conduct";

/// Percent-encodes a form value.
pub fn enc(text: &str) -> String {
    form_urlencoded::byte_serialize(text.as_bytes()).collect()
}
