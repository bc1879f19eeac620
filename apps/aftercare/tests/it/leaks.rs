//! What belongs to one outlet never shows in another: not in lists, search, export, counts or error texts.
//! That it can not be changed either: `foreign.rs`.

use serde_json::json;

use crate::{foreign_world::documents, world::id};

/// Words that only the first outlet's documents hold.
const SECRETS: &[&str] = &["LEAKPROBE", "泄漏探针", "13811112222", "15912345678"];

/// Parts, models and process templates are everybody's catalogue: their own names may show.
const CATALOGUE: &[&str] =
    &["PLEAKPROBE", "传感器LEAKPROBE", "MLEAKPROBE", "冷水机组LEAKPROBE", "试单LEAKPROBE"];

testkit::app_test! {
    /// Every page and answer there is, asked for every kind of document of another outlet: 40 ids in each placeholder.
    async fn another_outlets_documents_never_show(app: TestApp) {
        let (mine, other) = (app.outlet("甲网点").await, app.outlet("乙网点").await);
        let (world, documents) = documents(app, mine).await;
        let customer = world.admin.post("/customers", json!({ "name": "泄漏探针公司", "org_id": mine, "phone": "13811112222", "address": "泄漏探针路 1 号" })).await.ok();
        let said = json!({ "channel": "phone", "topic": "repair", "caller_name": "泄漏探针", "caller_phone": "13811112222",
            "customer_id": customer["id"], "text": "泄漏探针故障", "demand": "" });
        let request = world.admin.post("/requests", said).await.ok();
        app.drain().await;
        // Somebody who may do everything, but only in the other outlet.
        let stranger = app.user_with_all(kit::Reach::Outlet, other).await;
        let mut ids: Vec<String> = documents.values().filter(|id| id.len() == 36).cloned().collect();
        ids.extend([id(&customer), id(&request)]);
        let mut shown = Vec::new();
        let routes: Vec<(String, String)> = app.app.registry.routes.iter().map(|r| (r.method.to_string(), r.path.clone())).collect();
        for (method, path) in routes {
            if method != "GET" || path.contains("{token}") || path.contains("{*") {
                continue;
            }
            let targets: Vec<String> = if path.contains('{') {
                ids.iter().flat_map(|id| fill(&path, id)).collect()
            } else {
                vec![path.clone(), format!("{path}?q=泄漏探针"), format!("{path}?q=LEAKPROBE"), format!("{path}?phone=13811112222")]
            };
            for target in targets {
                let encoded = target.replace("泄漏探针", "%E6%B3%84%E6%BC%8F%E6%8E%A2%E9%92%88");
                let answer = stranger.page(&encoded).await;
                assert!(answer.status.as_u16() < 500, "{target}: {}", answer.status);
                let mut text = answer.text();
                for name in CATALOGUE {
                    text = text.replace(name, "");
                }
                // Rules of approval are the company's and name its posts.
                if path.starts_with("/approval-schemes") || path.starts_with("/committees") {
                    text = text.replace("班长LEAKPROBE", "");
                }
                for secret in SECRETS {
                    // The page may echo the stranger's own words back; the API answers hold data only.
                    let echoed = target.contains(secret) && !path.starts_with("/api/");
                    if !echoed && let Some(at) = text.find(secret) {
                        let from = text.floor_char_boundary(at.saturating_sub(120));
                        let to = text.ceil_char_boundary(at + 60);
                        shown.push(format!("{target} shows {secret}: …{}…", &text[from..to]));
                    }
                }
            }
        }
        assert!(shown.is_empty(), "{} places:\n{}", shown.len(), shown.join("\n"));
        for list in ["orders", "customers", "units", "requests", "callbacks", "transfers", "receipts", "issue-slips", "documents"] {
            let rows = stranger.get(&format!("/{list}")).await.ok();
            assert_eq!(rows["items"].as_array().map(Vec::len), Some(0), "{list}: {rows}");
        }
    }
}

/// A path with an id in its placeholders; once for every kind where the path says of what kind the document is.
fn fill(path: &str, id: &str) -> Vec<String> {
    let kinds: &[&str] = if path.contains("{kind}") { KINDS } else { &[""] };
    let with = |kind: &str| {
        path.split('/')
            .map(|part| match part {
                "{kind}" => kind,
                "{sheet}" => "dispatch",
                "{field}" => "phone",
                p if p.starts_with('{') => id,
                p => p,
            })
            .collect::<Vec<_>>()
            .join("/")
    };
    kinds.iter().map(|kind| with(kind)).collect()
}

/// Kinds of documents that have files, comments, history, clocks.
const KINDS: &[&str] =
    &["order", "customer", "unit", "request", "callback", "receipt", "transfer", "issue_slip", "document"];
