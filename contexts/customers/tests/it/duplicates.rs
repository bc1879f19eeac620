//! Suspected duplicates and merging.

use kit::Role;
use serde_json::json;

use crate::{at, complete, listed, open};

testkit::app_test! {
    async fn equal_phones_and_names_are_suspected(app: TestApp) {
        let manager = app.user(Role::Manager).await;
        let first = open(&manager, complete("蘇州恒達", "13800138000")).await;
        let second = open(&manager, complete("苏州恒达", "+86 138 0013 8000")).await;
        open(&manager, complete("无关客户", "13900139000")).await;
        let pairs = manager.get("/customers/duplicates").await.ok();
        assert_eq!(pairs.as_array().map(Vec::len), Some(1), "{pairs}");
        assert_eq!((&pairs[0]["first"]["id"], &pairs[0]["second"]["id"], &pairs[0]["score"]), (&first["id"], &second["id"], &json!(100)));
    }

    async fn a_merge_moves_everything_and_leaves_an_alias(app: TestApp) {
        let manager = app.user(Role::Manager).await;
        let into = open(&manager, complete("恒达", "13800138000")).await;
        let from = open(&manager, json!({ "name": "恒达分厂", "phone": "13900139000" })).await;
        manager.post(&format!("{}/contacts", at(&from)), json!({ "name": "陈工", "phone": "15912345678" })).await.ok();
        let unit = {
            manager.post("/models", json!({ "name": "KFR-35" })).await.ok();
            manager.post("/units", json!({ "model": "KFR-35", "serial": "S1", "customer_id": from["id"] })).await.ok()
        };
        manager.post(&format!("{}/merge", at(&into)), json!({ "from": from["id"] })).await.ok();
        app.drain().await;

        assert_eq!(manager.get(&at(&from)).await.ok()["id"], into["id"], "the old id answers as the new one");
        let page = manager.page(&at(&from)).await;
        assert_eq!((page.status.as_u16(), page.headers["location"].to_str().ok()), (303, Some(at(&into).as_str())));
        assert_eq!(listed(&manager, "").await, ["恒达"]);
        let contacts = manager.get(&format!("{}/contacts", at(&into))).await.ok();
        let names: Vec<_> = contacts.as_array().into_iter().flatten().filter_map(|c| c["name"].as_str()).collect();
        assert_eq!(names, ["陈工", "恒达分厂"], "contacts move, the other phone is kept as one");
        for phone in ["13900139000", "15912345678"] {
            let found = manager.get(&format!("/customers/by-phone?phone={phone}")).await.ok();
            assert_eq!(found[0]["id"], into["id"], "{phone}");
        }
        let unit = manager.get(&format!("/units/{}", unit["id"].as_str().expect("an id"))).await.ok();
        assert_eq!(unit["customer_id"], into["id"], "units follow by event");
        let again = manager.post(&format!("{}/merge", at(&into)), json!({ "from": from["id"] })).await;
        assert_eq!(again.refused(409), "customers.closed");
    }

    async fn merged_twice_still_leads_to_the_last_one(app: TestApp) {
        let manager = app.user(Role::Manager).await;
        let mut files = Vec::new();
        for (name, phone) in [("甲", "13800000001"), ("乙", "13800000002"), ("丙", "13800000003")] {
            files.push(open(&manager, complete(name, phone)).await);
        }
        manager.post(&format!("{}/merge", at(&files[1])), json!({ "from": files[0]["id"] })).await.ok();
        manager.post(&format!("{}/merge", at(&files[2])), json!({ "from": files[1]["id"] })).await.ok();
        assert_eq!(manager.get(&at(&files[0])).await.ok()["id"], files[2]["id"]);
    }

    async fn a_file_of_another_outlet_can_not_be_merged_away(app: TestApp) {
        let (east, west) = (app.outlet("城东").await, app.outlet("城西").await);
        let clerk = app.user_in(Role::Manager, east).await;
        let other = app.user_in(Role::Manager, west).await;
        let (mine, theirs) = (open(&clerk, complete("甲", "")).await, open(&other, complete("甲", "")).await);
        assert_eq!(clerk.post(&format!("{}/merge", at(&mine)), json!({ "from": theirs["id"] })).await.status.as_u16(), 404);
        assert_eq!(clerk.get("/customers/duplicates").await.ok(), json!([]));
    }
}
