//! Imports of models and units; what is exported can be imported again.

use http::Method;
use kit::Role;
use testkit::Client;

use crate::{customer, listed};

async fn import(client: &Client, kind: &str, text: &str) -> serde_json::Value {
    let headers = [("content-type", "text/csv")];
    client
        .send(Method::POST, &format!("/api/v1/imports/{kind}?name=t.csv"), &headers, text.as_bytes().to_vec())
        .await
        .ok()
}

testkit::app_test! {
    async fn models_and_units_are_imported_and_exports_change_nothing(app: TestApp) {
        let manager = app.user(Role::Manager).await;
        let owner = customer(&manager, "苏州恒达").await;
        import(&manager, "models", "型号,名称,分类,规格\nKFR-35GW,清风挂机,空调/挂机,220 V\nKFR-72LW,清风柜机,空调/柜机,\n").await;
        app.drain().await;
        assert_eq!(listed(&manager, "/models").await.len(), 2);
        assert_eq!(manager.get("/categories").await.ok().as_array().map(Vec::len), Some(3), "branches are made once");

        let no = owner["no"].as_str().expect("a number");
        import(&manager, "units", &format!("产品型号,SN,客户编号,购买日期\nKFR-35GW,A1,{no},2026-03-01\nKFR-72LW,A2,,2026/4/2\n不存在,A3,,\n")).await;
        app.drain().await;
        let units = listed(&manager, "/units").await;
        assert_eq!(units.len(), 2, "the row with an unknown model is refused, the others are taken");
        assert_eq!(listed(&manager, "/units?q=A1").await[0]["customer"], "苏州恒达");

        for (kind, path) in [("models", "/models"), ("units", "/units")] {
            let before = listed(&manager, path).await;
            let export = manager.page(&format!("{path}/export?format=csv")).await.text();
            import(&manager, kind, &export).await;
            app.drain().await;
            assert_eq!(listed(&manager, path).await, before, "{kind}");
        }
    }

    async fn an_undo_keeps_what_others_changed_since_and_a_corrected_file_brings_things_back(app: TestApp) {
        let manager = app.user(Role::Manager).await;
        let undo = |batch: &serde_json::Value| format!("/imports/{}/undo", batch["id"].as_str().expect("an id"));
        let models = "型号,名称\nM1,甲\nM2,乙\n";
        let batch = import(&manager, "models", models).await;
        app.drain().await;
        manager.post(&undo(&batch), serde_json::json!({})).await.ok();
        let in_use = async || {
            let models = listed(&manager, "/models?columns=code,active&sort=code").await;
            models.iter().filter(|model| model["active"] == true).count()
        };
        assert_eq!(in_use().await, 0);
        let batch = import(&manager, "models", models).await;
        app.drain().await;
        assert_eq!(in_use().await, 2);
        let model = listed(&manager, "/models?filter=code~eq~M1").await[0].clone();
        let path = format!("/models/{}", model["id"].as_str().expect("an id"));
        manager.put(&path, serde_json::json!({ "code": "M1", "name": "by hand" })).await.ok();
        let refused = manager.post(&undo(&batch), serde_json::json!({})).await;
        assert!(refused.status == 422 && refused.text().contains("row.2"), "{}", refused.text());

        let units = "产品型号,SN\nM1,S1\n";
        let batch = import(&manager, "units", units).await;
        app.drain().await;
        manager.post(&undo(&batch), serde_json::json!({})).await.ok();
        let state = async || listed(&manager, "/units?q=S1&columns=state").await[0]["state"].clone();
        assert_eq!(state().await, "scrapped");
        import(&manager, "units", units).await;
        app.drain().await;
        assert_eq!(state().await, "in_use");
    }
}
