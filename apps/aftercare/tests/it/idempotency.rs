//! One idempotency key, one effect, one answer; also when both requests run at once.

use serde_json::json;

use crate::world::{id, world};

testkit::app_test! {
    async fn the_same_key_twice_has_one_effect_and_the_same_answer(app: TestApp) {
        let admin = app.admin().await;
        let body = json!({ "name": "一次就好", "phone": "13800000001" });
        let first = admin.post_key("/customers", "k1", body.clone()).await;
        let second = admin.post_key("/customers", "k1", body).await;
        assert_eq!(first.headers.get("idempotent-replayed"), None);
        assert_eq!(second.headers.get("idempotent-replayed").map(http::HeaderValue::as_bytes), Some(&b"true"[..]));
        assert_eq!(first.ok(), second.ok());
        let found = admin.get("/customers?q=13800000001").await.ok();
        assert_eq!(found["items"].as_array().map(Vec::len), Some(1));
    }

    async fn the_same_key_for_another_request_is_refused(app: TestApp) {
        let admin = app.admin().await;
        admin.post_key("/customers", "k2", json!({ "name": "甲" })).await.ok();
        assert_eq!(admin.post_key("/customers", "k2", json!({ "name": "乙" })).await.refused(422), "idempotency.mismatch");
    }

    async fn a_refused_request_does_not_use_up_its_key(app: TestApp) {
        let admin = app.admin().await;
        admin.post_key("/customers", "k3", json!({ "name": "" })).await.refused(422);
        admin.post_key("/customers", "k3", json!({ "name": "现在有名字了" })).await.ok();
    }

    async fn twenty_at_once_with_one_key_have_one_effect(app: TestApp) {
        let world = world(app, 100).await;
        let order = world.assigned_order().await;
        let path = format!("/orders/{}/lines", id(&order));
        let body = json!({ "part_id": world.part["id"], "depot_id": world.depot["id"], "quantity": 3000, "stock": "issue" });
        let tasks: Vec<_> = (0..20)
            .map(|_| {
                let (client, path, body) = (world.admin.clone(), path.clone(), body.clone());
                tokio::spawn(async move { client.post_key(&path, "storm", body).await })
            })
            .collect();
        let mut answers = Vec::new();
        for task in tasks {
            answers.push(task.await.expect("no panic").ok());
        }
        assert!(answers.windows(2).all(|pair| pair[0] == pair[1]), "every answer is the same");
        let lines = world.admin.get(&path).await.ok();
        let lines = lines["items"].as_array().or(lines.as_array()).expect("lines").clone();
        assert_eq!(lines.iter().filter(|line| line["kind"] == "part").count(), 1, "{lines:?}");
    }

    async fn a_state_change_repeated_with_its_key_answers_as_the_first_time(app: TestApp) {
        let world = world(app, 1).await;
        let order = world.admin.post("/orders", json!({ "customer_id": world.customer["id"], "kind": "repair_minor", "mode": "on_site", "symptom": "x" })).await.ok();
        let path = format!("/orders/{}/accept", id(&order));
        let first = world.admin.post_key(&path, "accept-1", json!({})).await.ok();
        assert_eq!(world.admin.post_key(&path, "accept-1", json!({})).await.ok(), first);
        world.admin.post_key(&path, "accept-2", json!({})).await.refused(409);
    }
}
