//! Repair history on the unit's and the customer's page and over the API (PROD-03, CUST-01).

use super::*;

testkit::app_test! {
    async fn a_unit_tells_fault_cause_parts_cost_engineer_result_and_satisfaction(app: TestApp) {
        let world = world(app).await;
        let order = world.working(json!({ "warranty": "out" })).await;
        world.line(&order, 2000, "issue").await;
        let mut sheet = world.done();
        sheet["cause"] = json!("customer");
        sheet["assistance"] = json!("已向客户说明");
        world.act(&order, "complete", sheet).await;
        world.act(&order, "confirm", json!({ "score": 90 })).await;
        super::lifecycle::callback(app, &order, "satisfied").await;
        let of_unit = world.admin.get(&format!("/units/{}/orders", world.unit)).await.ok();
        let item = &of_unit["items"][0];
        assert_eq!(item["id"], json!(order));
        assert_eq!((&item["fault"], &item["cause"], &item["root_cause"], &item["result"]), (&json!("高压报警"), &json!("customer"), &json!("漂移"), &json!("更换")));
        assert_eq!((&item["callback_class"], &item["score"], &item["kind_name"]), (&json!("satisfied"), &json!(90), &json!("小修")));
        assert!(item["engineer_name"].as_str().is_some_and(|name| !name.is_empty()));
        assert_eq!(item["parts"][0]["code"], "P1");
        assert!(item["gross"].as_i64().is_some_and(|gross| gross >= 76_000), "{item}");
        let of_customer = world.admin.get(&format!("/customers/{}/orders", world.customer)).await.ok();
        assert_eq!(of_customer["items"][0]["payable"], item["payable"]);
        for page in [format!("/units/{}/orders", world.unit), format!("/customers/{}/orders", world.customer)] {
            let text = world.admin.page(&page).await.text();
            for told in ["高压报警", "更换", "压力传感器", "用户原因", "满意", "90", "小修"] {
                assert!(text.contains(told), "{page}: {told} is missing in {text}");
            }
        }
    }

    /// Every order has its own parts, and those of another unit of the same order are not told.
    async fn parts_stand_with_their_orders(app: TestApp) {
        let world = world(app).await;
        for _ in 0..3 {
            let order = world.working(json!({})).await;
            world.line(&order, 1000, "issue").await;
            world.act(&order, "complete", world.done()).await;
        }
        let all = world.admin.get(&format!("/units/{}/orders", world.unit)).await.ok();
        assert_eq!(all["items"].as_array().map(Vec::len), Some(3));
        assert!(all["items"].as_array().into_iter().flatten().all(|order| order["parts"].as_array().is_some_and(|p| p.len() == 1)));
    }

    /// Another outlet's orders stay out of it.
    async fn a_history_keeps_to_the_callers_reach(app: TestApp) {
        let world = world(app).await;
        world.open(json!({})).await;
        let seen = world.engineer.get(&format!("/units/{}/orders", world.unit)).await.ok();
        assert_eq!(seen["items"], json!([]), "an engineer sees only his own");
    }

    /// Browsers send nothing for a box that is off.
    async fn a_box_taken_off_on_a_page_is_off(app: TestApp) {
        let world = world(app).await;
        let order = world.open(json!({ "urgent": true })).await;
        let path = format!("/orders/{order}");
        let flags = async || {
            let out = world.admin.get(&path).await.ok();
            ["urgent", "hard"].map(|key| out[key].as_bool().unwrap_or_default())
        };
        world.admin.put(&path, json!({ "hard": true })).await.ok();
        assert_eq!(flags().await, [true, true], "over the API what is absent stays");
        let saved = world.admin.form(&format!("{path}/edit"), "hard=on&symptom=x").await;
        assert_eq!(saved.status, 303, "{}", saved.text());
        assert_eq!(flags().await, [false, true]);
        let order = world.working(json!({})).await;
        let line = id_of(&world.line(&order, 1000, "issue").await["lines"][0]);
        let lines = format!("/orders/{order}/lines");
        let taken = async || world.admin.get(&lines).await.ok()["items"][0]["old_part_taken"].clone();
        for (form, expected) in [("quantity=1&old_part_taken=on", true), ("quantity=1", false)] {
            let saved = world.admin.form(&format!("{lines}/{line}"), form).await;
            assert_eq!(saved.status, 303, "{}", saved.text());
            assert_eq!(taken().await, expected, "{form}");
        }
    }
}
