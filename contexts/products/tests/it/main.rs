//! Products and the installed base, whole: through the API, on both engines.

mod imports;
mod labels;
mod models;
mod records;
mod units;

use serde_json::{Value, json};
use testkit::Client;

/// A model.
async fn model(client: &Client, code: &str) -> Value {
    client.post("/models", json!({ "code": code, "name": format!("型号 {code}") })).await.ok()["model"]
        .clone()
}

/// A customer.
async fn customer(client: &Client, name: &str) -> Value {
    client.post("/customers", json!({ "name": name })).await.ok()
}

/// A unit of a model.
async fn unit(client: &Client, model: &Value, serial: &str) -> Value {
    client
        .post(
            "/units",
            json!({ "model_id": model["id"], "serial": serial, "place": "苏州市吴中区太湖东路9号" }),
        )
        .await
        .ok()
}

/// The path of something.
fn at(what: &str, row: &Value) -> String {
    format!("/{what}/{}", row["id"].as_str().expect("an id"))
}

/// Rows on a page of a list.
async fn listed(client: &Client, path: &str) -> Vec<Value> {
    client.get(path).await.ok()["items"].as_array().cloned().unwrap_or_default()
}
