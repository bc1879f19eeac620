//! Callbacks that the process of an order makes itself are the order's callbacks (CB-09, OUTLET-05).

use kit::Role;
use serde_json::{Value, json};
use testkit::{Client, TestApp};

use crate::{
    process::Shop,
    world::{SIGNATURE, id},
};

impl Shop {
    async fn calls(&self) -> Vec<Value> {
        let list = self.world.admin.get(&format!("/orders/{}/callbacks", id(&self.order))).await.ok();
        list["items"].as_array().or(list.as_array()).cloned().unwrap_or_default()
    }

    /// A round of `integrated` until the customer can be called.
    async fn work(&self, app: &TestApp, desk: &Client, dispatcher: &Client) {
        let worker = &self.world.engineer;
        self.act(dispatcher, "send", json!({ "engineer": worker.staff })).await;
        app.advance(3_600).await;
        worker.post(&format!("/orders/{}/arrive", id(&self.order)), json!({})).await.ok();
        let done = json!({ "cause": "product", "root_cause": "漂移", "result": "更换传感器", "signature": SIGNATURE });
        worker.post(&format!("/orders/{}/complete", id(&self.order)), done).await.ok();
        let at = app.app.now().plus_secs(-60).to_string();
        self.act(desk, "return_sheet", json!({ "sheet_back_at": at, "score": 80 })).await;
        app.drain().await;
    }

    async fn act_why(&self, by: &Client, act: &str, reason: &str, fields: Value) -> Value {
        let body = json!({ "act": act, "reason": reason, "fields": fields });
        by.post(&format!("/documents/{}/act", id(&self.run().await)), body).await.ok()
    }
}

testkit::app_test! {
    async fn what_the_customer_said_to_the_process_stands_on_the_order_and_among_the_callbacks(app: TestApp) {
        let shop = Shop::open(app, "on_site", "integrated").await;
        let (desk, dispatcher, caller) = (app.user(Role::Agent).await, app.user(Role::Dispatcher).await, app.user(Role::Callback).await);
        shop.act(&desk, "accept", json!({})).await;
        for (round, class) in [(1, "not_fixed_once"), (2, "not_fixed_repeatedly")] {
            shop.work(app, &desk, &dispatcher).await;
            shop.save(json!({ "answers": { "callback": { "quality": 2, "attitude": 4 } } })).await;
            shop.act_why(&caller, "redo", "未修好", json!({ "class": "not_fixed_once", "suggestion": "带齐配件" })).await;
            app.drain().await;
            let now = shop.now().await;
            assert_eq!((&now["callback_class"], &now["state"], &now["reworks"]), (&json!(class), &json!("accepted"), &json!(round)), "{now}");
            let calls = shop.calls().await;
            assert_eq!(calls.len(), round, "{calls:?}");
            let call = &calls[round - 1];
            assert_eq!((&call["class"], &call["quality"], &call["attitude"], &call["suggestion"]),
                (&json!(class), &json!(2), &json!(4), &json!("带齐配件")), "{call}");
            assert_eq!((&call["clerk_id"], &call["note"]), (&json!(caller.staff), &json!("回访不满意：未修好")), "{call}");
        }
        shop.work(app, &desk, &dispatcher).await;
        shop.save(json!({ "answers": { "callback": { "quality": 5, "attitude": 5 } } })).await;
        shop.act(&caller, "satisfied", json!({ "class": "satisfied" })).await;
        app.drain().await;
        assert_eq!(shop.now().await["callback_class"], "satisfied");
        let calls = shop.calls().await;
        assert_eq!((calls.len(), &calls[2]["quality"], &calls[2]["class"]), (3, &json!(5), &json!("satisfied")), "{calls:?}");
        // The figures read the order: nobody calls again, and no clock waits for it.
        let timers = shop.world.admin.get(&format!("/docs/order/{}/timers", id(&shop.order))).await.ok();
        assert!(timers.as_array().into_iter().flatten().all(|t| t["kind"] != "callbacks.first" || t["state"] != "open"), "{timers}");
    }

    async fn a_callback_recorded_on_the_order_is_not_recorded_twice_by_its_process(app: TestApp) {
        let shop = Shop::open(app, "on_site", "integrated").await;
        let admin = &shop.world.admin;
        let (desk, dispatcher, caller) = (app.user(Role::Agent).await, app.user(Role::Dispatcher).await, app.user(Role::Callback).await);
        shop.act(&desk, "accept", json!({})).await;
        shop.work(app, &desk, &dispatcher).await;
        let call = admin.post(&format!("/orders/{}/callbacks", id(&shop.order)), json!({})).await.ok();
        admin.post(&format!("/callbacks/{}/result", id(&call)), json!({ "class": "unsatisfied", "demand": "又报警" })).await.ok();
        app.drain().await;
        assert_eq!((shop.run().await["step"].as_str(), shop.calls().await.len()), (Some("dispatch"), 1));
        // Manners do not send an order back: the process goes on by hand, and the customer was called once.
        shop.work(app, &desk, &dispatcher).await;
        let call = admin.post(&format!("/orders/{}/callbacks", id(&shop.order)), json!({})).await.ok();
        admin.post(&format!("/callbacks/{}/result", id(&call)), json!({ "class": "bad_attitude", "demand": "态度生硬" })).await.ok();
        shop.save(json!({ "answers": { "callback": { "quality": 4, "attitude": 1 } } })).await;
        shop.act_why(&caller, "redo", "态度差", json!({})).await;
        app.drain().await;
        assert_eq!((shop.calls().await.len(), &shop.now().await["callback_class"]), (2, &json!("bad_attitude")));
    }

    async fn the_centres_bad_class_is_known_before_it_tracks_and_makes_no_second_complaint(app: TestApp) {
        let shop = Shop::open(app, "on_site", "information-centre").await;
        let worker = &shop.world.engineer;
        let (desk, caller) = (app.user(Role::Agent).await, app.user(Role::Callback).await);
        let slot = json!({ "outlet": shop.now().await["org_id"], "window_from": "2026-11-19T01:00:00Z", "window_to": "2026-11-19T03:00:00Z" });
        shop.act(&desk, "pass", slot).await;
        shop.act(&shop.world.admin, "assign", json!({ "engineer": worker.staff })).await;
        app.advance(86_400).await;
        shop.save(json!({ "fields": { "served_at": "2026-11-19T01:30:00Z" } })).await;
        let done = json!({ "cause": "product", "root_cause": "漂移", "result": "更换传感器", "signature": SIGNATURE });
        worker.post(&format!("/orders/{}/complete", id(&shop.order)), done).await.ok();
        shop.act(&shop.world.admin, "report", json!({ "dispatcher_note": "已完成" })).await;
        shop.act(&caller, "called", json!({ "class": "bad_attitude" })).await;
        app.drain().await;
        let now = shop.now().await;
        assert_eq!((&now["callback_class"], &now["state"]), (&json!("bad_attitude"), &json!("done")), "{now}");
        assert_eq!(shop.run().await["step"], "tracking");
        let asked = shop.world.admin.get("/requests?filter=topic~eq~complaint").await.ok();
        assert_eq!(asked["items"].as_array().map(Vec::len), Some(0), "the process tracks it: {asked}");
        app.advance(600).await;
        shop.act(&desk, "call_again", json!({ "tracked": "已道歉" })).await;
        shop.act(&caller, "called", json!({ "class": "bad_attitude" })).await;
        app.drain().await;
        assert_eq!(shop.calls().await.len(), 2, "called twice");
    }

    async fn three_calls_in_vain_end_the_companys_own_callback(app: TestApp) {
        let shop = Shop::open(app, "on_site", "integrated").await;
        let (desk, dispatcher, caller) = (app.user(Role::Agent).await, app.user(Role::Dispatcher).await, app.user(Role::Callback).await);
        shop.act(&desk, "accept", json!({})).await;
        shop.work(app, &desk, &dispatcher).await;
        for again in [true, true, false] {
            shop.act(&caller, "unreached", json!({})).await;
            if again {
                shop.act(&caller, "retry", json!({})).await;
            }
        }
        shop.act_why(&caller, "close_unreached", "电话无人接", json!({})).await;
        app.drain().await;
        app.advance(5 * 86_400).await;
        assert_eq!(shop.calls().await.len(), 0, "nobody is asked to call a fourth time");
        assert_eq!(shop.now().await["callback_class"], "");
    }
}
