//! What is recorded on units over their life.

use kit::Role;
use serde_json::json;

use crate::{at, customer, listed, model, unit};

testkit::app_test! {
    async fn problems_stay_open_until_they_are_closed(app: TestApp) {
        let manager = app.user(Role::Manager).await;
        let model = model(&manager, "M1").await;
        let row = unit(&manager, &model, "S1").await;
        let path = at("units", &row);
        let note = manager.post(&format!("{path}/notes"), json!({ "text": "管路老化", "refused": true })).await.ok();
        assert_eq!(listed(&manager, "/units?view=open").await.len(), 1);
        let close = format!("{path}/notes/{}/close", note["id"].as_str().expect("an id"));
        assert_eq!(manager.post(&close, json!({ "result": "" })).await.refused(422), "products.required");
        let records = manager.post(&close, json!({ "result": "已更换" })).await.ok();
        assert_eq!((records["notes"][0]["state"].as_str(), records["notes"][0]["result"].as_str()), (Some("closed"), Some("已更换")));
        assert_eq!(manager.post(&close, json!({ "result": "again" })).await.refused(409), "products.note_closed");
        assert!(listed(&manager, "/units?view=open").await.is_empty());
        assert!(manager.page(&path).await.text().contains("管路老化"));
    }

    async fn items_are_ticked_off_and_wear_is_seen(app: TestApp) {
        let manager = app.user(Role::Manager).await;
        let model = model(&manager, "M1").await;
        let row = unit(&manager, &model, "S1").await;
        let path = at("units", &row);
        let item = manager.post(&format!("{path}/items"), json!({ "name": "合格证" })).await.ok();
        assert!(item["delivered_at"].is_null());
        let tick = format!("{path}/items/{}", item["id"].as_str().expect("an id"));
        let records = manager.post(&tick, json!({ "delivered": true })).await.ok();
        assert!(records["items"][0]["delivered_at"].is_string());
        assert_eq!(manager.post(&format!("{path}/wear"), json!({ "part": "滤芯" })).await.refused(422), "products.wear");
        manager.post(&format!("{path}/wear"), json!({ "part": "滤芯", "percent": 20, "months": 2 })).await.ok();
        let page = manager.page(&path).await.text();
        assert!(page.contains("合格证") && page.contains("滤芯"));
        for what in ["item", "note", "wear", "reading"] {
            assert!(manager.page(&format!("{path}/add/{what}")).await.status.is_success(), "{what}");
        }
        assert_eq!(manager.form(&format!("{path}/wear"), "part=&percent=").await.status.as_u16(), 422);
        assert_eq!(manager.form(&format!("{path}/wear"), "part=%E6%BB%A4&percent=40&months=").await.status.as_u16(), 303);
    }

    async fn the_meter_never_runs_backwards(app: TestApp) {
        let manager = app.user(Role::Manager).await;
        let model = model(&manager, "M1").await;
        let row = unit(&manager, &model, "S1").await;
        let readings = format!("{}/readings", at("units", &row));
        manager.post(&readings, json!({ "value": 1200 })).await.ok();
        assert_eq!(manager.post(&readings, json!({ "value": 1100 })).await.refused(422), "products.meter_falls");
        manager.post(&readings, json!({ "value": 10, "replaced": true })).await.ok();
        assert_eq!(manager.get(&at("units", &row)).await.ok()["meter"], 10);
    }

    async fn owner_and_place_change_with_a_trace(app: TestApp) {
        let manager = app.user(Role::Manager).await;
        let model = model(&manager, "M1").await;
        let row = unit(&manager, &model, "S1").await;
        let path = at("units", &row);
        let (first, second) = (customer(&manager, "甲公司").await, customer(&manager, "乙公司").await);
        for owner in [&first, &second] {
            manager.post(&format!("{path}/transfer"), json!({ "customer_id": owner["id"], "remark": "移交" })).await.ok();
        }
        let same = manager.post(&format!("{path}/transfer"), json!({ "customer_id": second["id"] })).await;
        assert_eq!(same.refused(422), "products.same_owner");
        let moved = manager.post(&format!("{path}/relocate"), json!({ "place": "上海市徐汇区漕溪路1号" })).await.ok();
        assert_eq!((moved["place"].as_str(), &moved["customer_id"]), (Some("上海市徐汇区漕溪路1号"), &second["id"]));
        let events = manager.get(&format!("{path}/records")).await.ok()["events"].clone();
        let kinds: Vec<_> = events.as_array().into_iter().flatten().filter_map(|e| e["kind"].as_str()).collect();
        assert_eq!(kinds, ["relocation", "transfer", "transfer"]);
        let page = manager.page(&path).await.text();
        assert!(page.contains("甲公司 → 乙公司"), "{page}");
        assert_eq!(listed(&manager, "/units?q=乙公司").await.len(), 1, "found by its new owner");
    }

    async fn a_unit_is_not_given_to_a_customer_one_may_not_see(app: TestApp) {
        let manager = app.user(Role::Manager).await;
        let branch = app.outlet("吴江网点").await;
        let desk = app.user_in(Role::Outlet, branch).await;
        let theirs = customer(&manager, "总部客户").await;
        let own = customer(&desk, "网点客户").await;
        let model = model(&manager, "M1").await;
        let row = unit(&desk, &model, "S1").await;
        let path = format!("{}/transfer", at("units", &row));
        let foreign = desk.post(&path, json!({ "customer_id": theirs["id"] })).await;
        assert_eq!(foreign.refused(422), "products.customer");
        let nobody = desk.post(&path, json!({ "customer_id": kernel::Id::NIL })).await;
        assert_eq!(nobody.refused(422), "products.customer", "the same answer as to an id that nobody has");
        let form = desk.form(&path, &format!("customer_id={}", theirs["id"].as_str().expect("an id"))).await;
        assert_eq!(form.status.as_u16(), 422);
        assert_eq!(desk.post(&path, json!({ "customer_id": own["id"] })).await.ok()["customer_id"], own["id"]);
        assert_eq!(manager.post(&path, json!({ "customer_id": theirs["id"] })).await.ok()["customer_id"], theirs["id"]);
        // Nor is one registered or imported for such a customer.
        let new = json!({ "model_id": model["id"], "serial": "S2", "customer_id": theirs["id"] });
        assert_eq!(desk.post("/units", new).await.status.as_u16(), 404);
    }
}
