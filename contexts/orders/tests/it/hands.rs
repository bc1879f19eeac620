//! In whose hands an order is: numbers that are seen masked, and who hears that work was given or taken.

use kit::Role;
use serde_json::json;

use crate::world;

testkit::app_test! {
    async fn a_masked_number_never_takes_the_place_of_the_number(app: TestApp) {
        let world = world(app).await;
        let agent = app.user(Role::Agent).await;
        let order = world.open(json!({})).await;
        let path = format!("/orders/{order}");
        let seen = agent.get(&path).await.ok();
        assert_eq!((&seen["phone"], &seen["address"]), (&json!("138****6027"), &json!("苏州市吴中区***")));
        let page = agent.page(&format!("{path}/edit")).await.text();
        assert!(page.contains("138****6027"), "{page}");
        let back = "phone=138****6027&address=%E8%8B%8F%E5%B7%9E%E5%B8%82%E5%90%B4%E4%B8%AD%E5%8C%BA***&symptom=x";
        let saved = agent.form(&format!("{path}/edit"), back).await;
        assert!(saved.status.is_success() || saved.status.is_redirection(), "{}", saved.text());
        for changed in ["138****9999", "138****6027 转 8", "****"] {
            assert_eq!(agent.put(&path, json!({ "phone": changed })).await.refused(422), "sensitive.masked", "{changed}");
        }
        let refused = agent.form(&format!("{path}/edit"), "phone=138****9999&symptom=x").await;
        assert_eq!(refused.status.as_u16(), 422);
        assert!(refused.text().contains("请填写完整内容"), "{}", refused.text());
        // Who sees it in full, on a page from before, neither.
        assert_eq!(world.admin.put(&path, json!({ "phone": "138****9999" })).await.refused(422), "sensitive.masked");
        world.admin.put(&path, json!({ "phone": "138****6027", "address": "苏州市吴中区***" })).await.ok();
        let full = world.admin.get(&path).await.ok();
        assert_eq!((&full["phone"], &full["symptom"]), (&json!("13800136027"), &json!("x")));
        assert_eq!(full["address"], json!("苏州市吴中区太湖东路 9 号"));
        let opened = agent.post("/orders", world.input(json!({ "phone": "138****6027" }))).await;
        assert_eq!(opened.refused(422), "sensitive.masked");
    }

    async fn both_engineers_hear_that_an_order_changed_hands(app: TestApp) {
        let world = world(app).await;
        let next = app.user(Role::Engineer).await;
        let told = async |who: &testkit::Client| -> Vec<String> {
            let list = who.get("/notifications").await.ok();
            list.as_array().into_iter().flatten().map(|one| one["title"].as_str().unwrap_or_default().to_string()).collect()
        };
        let order = world.open(json!({})).await;
        let no = world.admin.get(&format!("/orders/{order}")).await.ok()["no"].as_str().expect("a number").to_string();
        world.assign(&order).await;
        assert_eq!(told(&world.engineer).await, [format!("{no} 已派给你")]);
        let body = json!({ "engineer_id": next.staff, "reason": "换人" });
        world.act(&order, "assign", body.clone()).await;
        assert_eq!(told(&next).await, [format!("{no} 已派给你")]);
        let former = told(&world.engineer).await;
        assert!(former[0].starts_with(&format!("{no} 已改派给")), "{former:?}");
        // The same once more is no news.
        world.act(&order, "assign", body).await;
        assert_eq!((told(&next).await.len(), told(&world.engineer).await.len(), told(&world.admin).await.len()), (1, 2, 0));
    }

    async fn the_page_of_a_call_says_what_was_done(app: TestApp) {
        let world = world(app).await;
        let clerk = app.user(Role::Callback).await;
        let order = world.working(json!({ "symptom": "高压报警停机" })).await;
        let done = json!({ "cause": "product", "root_cause": "传感器漂移", "result": "更换压力传感器", "unsigned_reason": "客户不在" });
        world.act(&order, "complete", done).await;
        let call = world.admin.post(&format!("/orders/{order}/callbacks"), json!({})).await.ok();
        let page = clerk.page(&format!("/callbacks/{}", crate::id_of(&call))).await.text();
        let engineer = world.admin.get(&format!("/orders/{order}")).await.ok()["engineer_name"].as_str().expect("a name").to_string();
        for said in ["高压报警停机", "更换压力传感器", "传感器漂移", "YK-77", "完工", engineer.as_str()] {
            assert!(page.contains(said), "{said}: {page}");
        }
        // What the customer says then is read by whoever goes again.
        let result = json!({ "class": "unsatisfied", "demand": "又漏水了" });
        clerk.post(&format!("/callbacks/{}/result", crate::id_of(&call)), result).await.ok();
        let page = world.admin.page(&format!("/orders/{order}")).await.text();
        assert!(page.contains("又漏水了"), "{page}");
        let seen = world.engineer.get(&format!("/orders/{order}")).await.ok();
        assert!(seen["steps"].to_string().contains("又漏水了"), "{seen}");
    }

    async fn only_who_may_waive_the_callback_is_offered_it(app: TestApp) {
        let world = world(app).await;
        let auditor = app.user(Role::Auditor).await;
        let order = world.working(json!({})).await;
        world.act(&order, "complete", world.done()).await;
        world.act(&order, "confirm", json!({})).await;
        let path = format!("/orders/{order}/ask/audit");
        let box_of = async |who: &testkit::Client| who.page(&path).await.text().contains("waive_callback");
        assert_eq!((box_of(&world.admin).await, box_of(&auditor).await), (true, false));
    }
}
