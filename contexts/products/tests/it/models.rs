//! The product tree and models.

use kit::Role;
use serde_json::json;

use crate::{at, listed};

testkit::app_test! {
    async fn the_tree_has_any_depth_and_no_circles(app: TestApp) {
        let manager = app.user(Role::Manager).await;
        let root = manager.post("/categories", json!({ "name": "空调" })).await.ok();
        let branch = manager.post("/categories", json!({ "name": "挂机", "parent_id": root["id"] })).await.ok();
        let leaf = manager.post("/categories", json!({ "name": "1.5 匹", "parent_id": branch["id"] })).await.ok();
        let circle = manager.put(&at("categories", &root), json!({ "name": "空调", "parent_id": leaf["id"] })).await;
        assert_eq!(circle.refused(422), "products.circle");
        let unknown = manager.post("/categories", json!({ "name": "x", "parent_id": app.root })).await;
        assert_eq!(unknown.refused(422), "products.parent");
        assert!(manager.page("/categories").await.text().contains("挂机"));
    }

    async fn a_model_has_a_unique_code_and_component_groups(app: TestApp) {
        let manager = app.user(Role::Manager).await;
        let input = json!({ "code": "KFR-35GW", "name": "清风挂机", "spec": "220 V", "groups": "main 主机\npipe 管路\n" });
        let out = manager.post("/models", input.clone()).await.ok();
        assert_eq!(out["groups"][1]["name"], "管路");
        assert_eq!(manager.post("/models", input).await.refused(422), "products.code_taken");
        let model = out["model"].clone();
        let change = json!({ "version": model["version"], "code": "KFR-35GW", "name": "清风挂机", "groups": "main 主机\nelectric 电器" });
        let changed = manager.put(&at("models", &model), change.clone()).await.ok();
        assert_eq!((changed["groups"][0]["id"].clone(), changed["groups"][1]["code"].as_str()), (out["groups"][0]["id"].clone(), Some("electric")));
        assert_eq!(manager.put(&at("models", &model), change).await.refused(409), "products.stale");
        for query in ["q=清风", "q=kfr35", "q=qfgj"] {
            assert_eq!(listed(&manager, &format!("/models?{query}")).await.len(), 1, "{query}");
        }
        let agent = app.user(Role::Agent).await;
        assert!(agent.get(&at("models", &model)).await.status.is_success());
        assert_eq!(agent.post("/models", json!({ "name": "x" })).await.status.as_u16(), 403);
        for path in [at("models", &model), format!("{}/edit", at("models", &model)), "/models/new".into(), "/models".into(), "/models/suggest?q=".into()] {
            assert!(manager.page(&path).await.status.is_success(), "{path}");
        }
    }
}
