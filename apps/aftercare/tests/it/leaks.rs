//! What belongs to one outlet never shows in another: not in lists, search, export, counts or error texts.
//! That it can not be changed either: `foreign.rs`.

use serde_json::json;

use crate::world::{id, world_in};

/// Words that only the first outlet's documents hold. Models and parts are everybody's catalogue.
const SECRETS: &[&str] = &["泄漏探针", "客户LEAKPROBE", "SNLEAKPROBE", "备件库LEAKPROBE", "13811112222"];

testkit::app_test! {
    async fn another_outlets_documents_never_show(app: TestApp) {
        let (mine, other) = (app.outlet("甲网点").await, app.outlet("乙网点").await);
        let world = world_in(app, mine, "LEAKPROBE", 5).await;
        let customer = world.admin.post("/customers", json!({ "name": "泄漏探针公司", "org_id": mine, "phone": "13811112222", "address": "泄漏探针路 1 号" })).await.ok();
        let order = world.assigned_order().await;
        let request = world.admin.post("/requests", json!({ "channel": "phone", "topic": "repair", "caller_name": "泄漏探针", "caller_phone": "13811112222",
            "customer_id": customer["id"], "text": "泄漏探针故障", "demand": "" })).await.ok();
        let callback = {
            let sent = world.admin.post(&format!("/orders/{}/callbacks", id(&order)), json!({})).await;
            if sent.status.is_success() { sent.json() } else { order.clone() }
        };
        app.drain().await;
        // Somebody who may do everything, but only in the other outlet.
        let stranger = app.user_with_all(kit::Reach::Outlet, other).await;
        let ids: Vec<String> = [&customer, &world.customer, &world.unit, &order, &request, &callback, &world.depot].iter().map(|v| id(v)).collect();
        let routes: Vec<(String, String)> = app.app.registry.routes.iter().map(|r| (r.method.to_string(), r.path.clone())).collect();
        for (method, path) in routes {
            if method != "GET" || path.contains("{token}") || path.contains("{*") {
                continue;
            }
            let targets: Vec<String> = if path.contains('{') {
                ids.iter().map(|id| fill(&path, id)).collect()
            } else {
                vec![path.clone(), format!("{path}?q=泄漏探针"), format!("{path}?q=LEAKPROBE"), format!("{path}?phone=13811112222")]
            };
            for target in targets {
                let encoded = target.replace("泄漏探针", "%E6%B3%84%E6%BC%8F%E6%8E%A2%E9%92%88");
                let answer = stranger.page(&encoded).await;
                assert!(answer.status.as_u16() < 500, "{target}: {}", answer.status);
                let text = answer.text();
                for secret in SECRETS {
                    // The page may echo the stranger's own words back; the API answers hold data only.
                    let echoed = target.contains(secret) && !path.starts_with("/api/");
                    assert!(echoed || !text.contains(secret), "{target} shows {secret}: {text}");
                }
            }
        }
        for list in ["orders", "customers", "units", "requests", "callbacks"] {
            let rows = stranger.get(&format!("/{list}")).await.ok();
            assert_eq!(rows["items"].as_array().map(Vec::len), Some(0), "{list}: {rows}");
        }
    }
}

fn fill(path: &str, id: &str) -> String {
    path.split('/')
        .map(|part| match part {
            "{kind}" => "order",
            "{sheet}" => "dispatch",
            "{field}" => "phone",
            p if p.starts_with('{') => id,
            p => p,
        })
        .collect::<Vec<_>>()
        .join("/")
}
