//! Attempts, delays and incidents reach the right people.

use serde_json::{Value, json};
use testkit::Client;

use crate::world::{enc, id, world};

async fn told(client: &Client) -> String {
    client.get("/notifications").await.ok().to_string()
}

testkit::app_test! {
    async fn attempts_are_logged_and_the_centre_hears_of_the_second(app: TestApp) {
        let world = world(app).await;
        world.refused("attempts", "", "请选择一项").await;
        world.step("attempts", "code=no_answer").await;
        assert!(!told(&world.dispatcher).await.contains("联系不上"));
        world.step("attempts", &format!("code=off&note={}", enc("关机"))).await;
        assert!(told(&world.dispatcher).await.contains("联系不上"));
        let seen = world.seen().await;
        assert_eq!(seen["reports"].as_array().map(Vec::len), Some(2));
        assert!(world.engineer.page(&world.path("")).await.text().contains("已 2 次联系不上客户"));
        world.step("attempts", "code=reached").await;
        assert!(!world.engineer.page(&world.path("")).await.text().contains("次联系不上客户"), "reaching the customer ends the row");
        let list = world.dispatcher.get("/field-reports").await.ok();
        assert_eq!(list["items"].as_array().map(Vec::len), Some(3), "{list}");
    }

    async fn a_delay_tells_the_dispatchers_the_new_time(app: TestApp) {
        let world = world(app).await;
        world.refused("delay", "reason=traffic&expected_at=2026-11-18T08:00", "之后的到达时间").await;
        world.refused("delay", "reason=other&expected_at=2026-11-18T12:00", "请写明原因").await;
        world.step("delay", "reason=traffic&expected_at=2026-11-18T11:40&customer_told=on").await;
        let told = told(&world.dispatcher).await;
        assert!(told.contains("11:40") && told.contains("路上堵车") && told.contains("已告知客户"), "{told}");
        let report: Value = world.seen().await["reports"][0].clone();
        assert!(report["detail"].as_str().is_some_and(|d| d.contains("\"minutes\":40") && d.contains("\"manager\":true")), "{report}");
    }

    async fn demands_are_judged_and_alarms_are_one_tap(app: TestApp) {
        let world = world(app).await;
        world.refused("incidents", "code=return", "请写明情况").await;
        world.step("incidents", &format!("code=return&note={}", enc("客户要求退货"))).await;
        let report = world.seen().await["reports"][0].clone();
        assert!(report["detail"].as_str().is_some_and(|d| d.contains("\"fits\"")), "bought three days ago: {report}");
        world.step("alarm", "").await;
        assert!(told(&world.dispatcher).await.contains("冲突或安全事件"));
        let order = id(&world.order);
        let damage = json!({ "code": "damage", "note": "碰坏花瓶", "compensation": "照价赔偿", "apologised": true });
        let made = world.engineer.post(&format!("/orders/{order}/incidents"), damage).await.ok();
        assert_eq!(made["kind"], "damage");
    }

    async fn the_api_repeats_no_report(app: TestApp) {
        let world = world(app).await;
        let path = format!("/orders/{}/attempts", id(&world.order));
        let body = json!({ "code": "door" });
        let first = world.engineer.post_key(&path, "k1", body.clone()).await.ok();
        let again = world.engineer.post_key(&path, "k1", body).await.ok();
        assert_eq!(first["id"], again["id"]);
        let check = json!({ "ticked": ["tools", "nonsense"] });
        let checked = world.engineer.post(&format!("/orders/{}/departure-check", id(&world.order)), check).await.ok();
        assert_eq!(checked["ticked"], json!(["tools"]));
        assert_eq!(world.seen().await["reports"].as_array().map(Vec::len), Some(1));
    }
}
