//! What the company made sensitive is hidden on the pages that other contexts make of it too (ORG-11): lines of orders,
//! notices, the caller's card and the list of duplicates.

use http::Method;
use serde_json::json;
use testkit::Client;

use crate::world::{id, world_in};

const NAME: &str = "欧阳隐秘";

async fn hidden(client: &Client, path: &str) -> String {
    let answer = client.send(Method::GET, path, &[("cookie", "hide=1")], Vec::new()).await;
    assert!(answer.status.is_success(), "{path}: {}", answer.text());
    answer.text()
}

testkit::app_test! {
    async fn prices_names_and_serials_are_hidden_beside_their_own_pages(app: TestApp) {
        let mut world = world_in(app, app.root, "VEIL", 3).await;
        let admin = world.admin.clone();
        for key in ["sensitive.name", "sensitive.price", "sensitive.serial"] {
            admin.put("/settings", json!({ "key": key, "value": true })).await.ok();
        }
        let new = |no: i64| json!({ "name": NAME, "org_id": app.root, "phone": "13912340001", "region": "苏州市", "address": format!("桃源路 {no} 号") });
        world.customer = admin.post("/customers", new(1)).await.ok();
        admin.post("/customers", new(2)).await.ok();
        let model = admin.post("/models", json!({ "code": "MVEIL2", "name": "净水机" })).await.ok();
        world.unit = admin.post("/units", json!({ "customer_id": world.customer["id"], "org_id": app.root, "model_id": model["model"]["id"], "serial": "SNSECRET99", "purchase_date": "2024-04-18" })).await.ok();
        let order = world.assigned_order().await;
        let line = json!({ "part_id": world.part["id"], "depot_id": world.depot["id"], "quantity": 2000, "stock": "reserve" });
        world.act(&order, "lines", line).await;
        let path = format!("/orders/{}", id(&order));

        for door in [format!("{path}?tab=lines"), format!("{path}/sheets/dispatch")] {
            let (shut, open) = (hidden(&admin, &door).await, admin.page(&door).await.text());
            assert!(open.contains("380.00") || open.contains("760.00"), "{door}: {open}");
            assert!(!shut.contains("380.00") && !shut.contains("760.00"), "{door}: {shut}");
            assert!(!shut.contains(NAME) && !shut.contains("SNSECRET99"), "{door}: {shut}");
        }
        for door in [format!("/api/v1{path}"), format!("/api/v1{path}/lines")] {
            let shut = hidden(&admin, &door).await;
            assert!(!shut.contains("38000") && !shut.contains("76000"), "{door}: {shut}");
        }
        for door in ["/customer-duplicates".to_string(), format!("/intake/caller?customer_id={}", id(&world.customer)), format!("/customers/{}", id(&world.customer))] {
            let (shut, open) = (hidden(&admin, &door).await, admin.page(&door).await.text());
            assert!(open.contains(NAME), "{door}: {open}");
            assert!(!shut.contains(NAME) && !shut.contains("SNSECRET99"), "{door}: {shut}");
        }
        // Clocks that ran out tell people; what they are told is theirs to see or not.
        app.advance(30 * 86_400).await;
        let told = async |shut: bool| {
            let mut text = String::new();
            for who in [&admin, &world.engineer] {
                for door in ["/notifications", "/api/v1/notifications"] {
                    text.push_str(&if shut { hidden(who, door).await } else { who.page(door).await.text() });
                }
            }
            text
        };
        assert!(told(false).await.contains(NAME), "somebody is told by name");
        let shut = told(true).await;
        assert!(!shut.contains(NAME) && shut.contains("欧●●●"), "{shut}");
    }
}
