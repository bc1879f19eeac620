//! Returns to the maker: ledger, reminder, checks after the return.

use serde_json::json;

use crate::world::{id, path, refused, repaired, world};

testkit::app_test! {
    async fn a_unit_goes_to_its_maker_and_comes_back(app: TestApp) {
        let world = world(app).await;
        let unit = world.begun().await;
        world.checked(&unit).await;
        let send = path(&unit, "maker-returns");
        assert_eq!(refused(world.head.post(&send, json!({ "looks": "完好" })).await), "workshop.maker");
        assert_eq!(refused(world.head.post(&send, json!({ "maker": "清源", "looks": "完好", "promised_at": "2026-11-01T10:00" })).await), "workshop.promised");
        assert_eq!(world.repairer.post(&send, json!({ "maker": "清源", "looks": "完好" })).await.status.as_u16(), 403);
        let sent = json!({ "maker": "清源净水维修站", "looks": "与接修单一致，随电源一只", "carrier": "顺丰", "waybill": "SF1", "promised_at": "2026-11-25T10:00:00+08:00" });
        let sent = world.head.post(&send, sent).await.ok();
        assert_eq!((sent["state"].as_str(), sent["fault"].as_str()), (Some("sent"), Some("不通电")));
        let seen = world.seen(&unit).await;
        assert_eq!((seen["state"].as_str(), seen["place_kind"].as_str(), seen["place"].as_str()), (Some("maker"), Some("maker"), Some("清源净水维修站")));
        assert_eq!(refused(world.head.post(&send, json!({ "maker": "x", "looks": "x" })).await), "workshop.at_maker");
        assert_eq!(refused(world.repairer.post(&path(&unit, "begin"), json!({})).await), "workshop.at_maker");
        assert!(world.head.page(&format!("/maker-returns/{}", id(&sent))).await.text().contains("返厂维修单"));

        // Twelve hours before the maker's date somebody is reminded to ask (N-27).
        let told = |what: &'static str| { let head = world.head.clone(); async move {
            head.get("/notifications").await.ok().to_string().matches(what).count()
        } };
        app.advance(6 * 86_400 + 12 * 3600 - 120 + 3600).await;
        assert_eq!(told("询问进度").await, 0);
        app.advance(180).await;
        assert_eq!(told("询问进度").await, 1);
        let asked = world.head.post(&path(&unit, "ask-maker"), json!({ "progress": "等主板，推迟两天", "promised_at": "2026-11-27T10:00:00+08:00" })).await.ok();
        assert_eq!((asked["enquiries"].as_i64(), asked["promised_at"].as_str()), (Some(1), Some("2026-11-27T02:00:00Z")));
        app.advance(48 * 3600).await;
        assert_eq!(told("询问进度").await, 2, "the reminder moved with the date");
        app.advance(24 * 3600).await;
        assert_eq!(told("厂家逾期未返").await, 1);

        let back = path(&unit, "maker-back");
        assert_eq!(refused(world.head.post(&back, json!({ "outcome": "not_fixed" })).await), "workshop.maker_note");
        let row = world.head.post(&back, json!({ "outcome": "fixed", "fee": "80.00", "place": "2 号工位" })).await.ok();
        assert_eq!((row["state"].as_str(), row["fee"].as_i64()), (Some("back"), Some(8000)));
        let seen = world.seen(&unit).await;
        assert_eq!((seen["state"].as_str(), seen["place"].as_str()), (Some("repairing"), Some("2 号工位")));
        assert_eq!(seen["checks_open"], json!(["self", "team", "final"]), "everything is checked again after the maker");
        assert_eq!(refused(world.head.post(&back, json!({ "outcome": "fixed" })).await), "workshop.not_at_maker");
        assert_eq!(refused(world.repairer.post(&path(&unit, "repaired"), repaired()).await), "workshop.checks_open");
        world.checked(&unit).await;
        world.repairer.post(&path(&unit, "repaired"), repaired()).await.ok();
        let ledger = world.admin.get("/maker-returns?view=back").await.ok();
        assert_eq!(ledger["items"].as_array().map(Vec::len), Some(1));
        app.check().await;
    }

    async fn a_unit_that_waits_for_parts_can_go_to_its_maker(app: TestApp) {
        let world = world(app).await;
        let unit = world.begun().await;
        world.repairer.post(&path(&unit, "wait"), json!({ "reason": "hard" })).await.ok();
        world.head.post(&path(&unit, "maker-returns"), json!({ "maker": "清源", "looks": "完好" })).await.ok();
        assert_eq!(world.order_of(&unit).await["waiting"], "factory");
        assert_eq!(refused(world.head.post(&path(&unit, "give-back"), json!({ "why": "hard" })).await), "workshop.at_maker");
        world.head.post(&path(&unit, "maker-back"), json!({ "outcome": "not_fixed", "note": "停产无件" })).await.ok();
        world.head.post(&path(&unit, "give-back"), json!({ "why": "hard" })).await.ok();
        assert_eq!(world.seen(&unit).await["state"], "give_back");
    }
}
