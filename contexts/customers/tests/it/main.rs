//! Customer files, whole: through the API, on both engines.

mod duplicates;
mod files;
mod imports;
mod secrets;
mod veiled;

use serde_json::{Value, json};
use testkit::Client;

/// A complete file.
fn complete(name: &str, phone: &str) -> Value {
    json!({ "name": name, "phone": phone, "region": "江苏省苏州市", "district": "吴中区", "address": "太湖东路9号" })
}

/// Opens a file and returns it.
async fn open(client: &Client, input: Value) -> Value {
    client.post("/customers", input).await.ok()
}

/// The path of a file.
fn at(file: &Value) -> String {
    format!("/customers/{}", file["id"].as_str().expect("an id"))
}

/// Names on a page of the list.
async fn listed(client: &Client, query: &str) -> Vec<String> {
    let page = client.get(&format!("/customers?{query}")).await.ok();
    let items = page["items"].as_array().cloned().unwrap_or_default();
    items.iter().filter_map(|item| item["name"].as_str().map(str::to_string)).collect()
}
