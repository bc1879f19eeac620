//! Spare parts in the goods tree, and the tree beside the list (PROD-01, ORG-02).

use kit::Role;
use serde_json::{Value, json};

fn codes(list: &Value) -> Vec<String> {
    let items = list["items"].as_array().expect("items");
    items.iter().filter_map(|item| item["code"].as_str().map(str::to_string)).collect()
}

testkit::app_test! {
    async fn parts_hang_in_the_goods_tree_and_are_found_below_a_branch(app: TestApp) {
        let (keeper, manager) = (app.user(Role::Storekeeper).await, app.user(Role::Manager).await);
        let part = |code: &str, category: &str| json!({ "code": code, "name": code, "category": category });
        let first = keeper.post("/parts", part("P-1", "备件/制冷/压缩机")).await.ok();
        let second = keeper.post("/parts", part("P-2", "备件/制冷")).await.ok();
        keeper.post("/parts", part("P-3", "备件/电气")).await.ok();
        keeper.post("/parts", part("P-4", "")).await.ok();
        assert_eq!((first["category"].as_str(), second["category"].as_str()), (Some("压缩机"), Some("制冷")));
        let tree = manager.get("/categories").await.ok();
        let branch = |name: &str| {
            let all = tree.as_array().expect("a tree");
            all.iter().find(|b| b["name"] == name).map(|b| b["id"].as_str().expect("an id").to_string()).expect("a branch")
        };
        let under = async |name: &str| {
            codes(&keeper.get(&format!("/parts?sort=code&filter=category_id~under~{}", branch(name))).await.ok())
        };
        assert_eq!(under("备件").await, ["P-1", "P-2", "P-3"]);
        assert_eq!(under("制冷").await, ["P-1", "P-2"]);
        assert_eq!(under("压缩机").await, ["P-1"]);
        // By id, from the form; a name alone means the branch wherever it hangs; no such branch is an error at the field.
        let moved = json!({ "code": "P-4", "name": "P-4", "category_id": branch("电气") });
        let id = keeper.get("/parts?filter=code~eq~P-4").await.ok()["items"][0]["id"].as_str().expect("an id").to_string();
        assert_eq!(keeper.put(&format!("/parts/{id}"), moved).await.ok()["category"], "电气");
        keeper.post("/parts", part("P-5", "压缩机")).await.ok();
        assert_eq!(under("压缩机").await, ["P-1", "P-5"]);
        let wrong = json!({ "code": "P-6", "name": "P-6", "category_id": kernel::Id::NIL });
        assert_eq!(keeper.post("/parts", wrong).await.refused(422), "parts.category");
        // The page: the tree beside the list, a choice on a phone, the branch by its name in the condition.
        let page = keeper.page(&format!("/parts?filter=category_id~under~{}", branch("制冷"))).await.text();
        for wanted in ["treed-l", "treed-s", "aria-current=\"page\"", "压缩机", "P-1"] {
            assert!(page.contains(wanted), "{wanted}: {page}");
        }
        assert!(!page.contains(">P-3<"), "only what hangs below");
        let form = keeper.page(&format!("/parts/{id}/edit")).await.text();
        assert!(form.contains("name=\"category_id\"") && form.contains("电气"), "{form}");
        for path in ["/models", "/customers"] {
            assert!(manager.page(path).await.text().contains("treed-l"), "{path}");
        }
        assert_eq!(keeper.get("/parts?filter=code~under~x").await.refused(422), "filter.column");
    }
}
