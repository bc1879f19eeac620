//! How orders and callbacks end what a request began.

use super::*;

testkit::app_test! {
    /// CALL-24: without its order a request waits for somebody again, unless another of its orders goes on.
    async fn a_request_whose_orders_were_all_stopped_is_open_again(app: TestApp) {
        let agent = app.user(Role::Agent).await;
        let made = register(&agent, repair("order")).await;
        let path = format!("/requests/{}", text(&made, "id"));
        agent.post(&format!("{path}/order"), repair("save")).await.ok();
        let second = agent.get(&path).await.ok();
        let orders: Vec<String> = second["orders"].as_array().into_iter().flatten().map(|o| text(o, "id").to_string()).collect();
        assert_eq!(orders.len(), 2, "{second}");
        for (order, state) in orders.iter().zip(["ordered", "open"]) {
            agent.post(&format!("/orders/{order}/cancel"), json!({ "reason": "客户改期" })).await.ok();
            app.drain().await;
            assert_eq!(text(&agent.get(&path).await.ok(), "state"), state);
        }
        let now = agent.get(&path).await.ok();
        assert!(now["promised_at"].is_string(), "an answer is promised: {now}");
    }

    /// CB-09: a bad manner does not send the order back, and a locked order can't go back: both leave a complaint.
    async fn a_discontented_customer_leaves_a_complaint_unless_the_order_goes_back(app: TestApp) {
        let (admin, agent, clerk) = (app.admin().await, app.user(Role::Agent).await, app.user(Role::Callback).await);
        let engineer = app.user(Role::Engineer).await;
        let cases = [("bad_attitude", false, "done", Some("complaint.attitude")), ("unsatisfied", false, "reopened", None),
            ("unsatisfied", true, "audited", Some("complaint.work"))];
        for (class, audited, state, content) in cases {
            let before = count(app, "select count(*) from service_request where topic = 'complaint'").await;
            let mut wish = repair("order");
            wish["mode"] = json!("brought_in");
            let made = register(&agent, wish).await;
            let order = text(&made["orders"][0], "id").to_string();
            admin.verify_order(&order).await;
            let mut steps = vec![
                ("assign", json!({ "engineer_id": engineer.staff })),
                ("start", json!({})),
                ("complete", json!({ "cause": "product", "root_cause": "松动", "result": "紧固", "unsigned_reason": "送修" })),
            ];
            if audited {
                steps.extend([("confirm", json!({})), ("audit", json!({ "waive_callback": true, "note": "齐全" }))]);
            }
            for (action, body) in steps {
                admin.post(&format!("/orders/{order}/{action}"), body).await.ok();
            }
            let call = clerk.post(&format!("/orders/{order}/callbacks"), json!({})).await.ok();
            let said = json!({ "class": class, "demand": "师傅态度不好" });
            let out = clerk.post(&format!("/callbacks/{}/result", text(&call, "id")), said).await.ok();
            assert_eq!(text(&out, "order_state"), state, "{class}");
            app.drain().await;
            let after = count(app, "select count(*) from service_request where topic = 'complaint'").await;
            assert_eq!(after - before, i64::from(content.is_some()), "{class}");
            let Some(content) = content else { continue };
            let list = agent.get("/requests?filter=topic~eq~complaint&sort=-created_at").await.ok();
            let found = agent.get(&format!("/requests/{}", text(&list["items"][0], "id"))).await.ok();
            assert_eq!((text(&found, "content"), text(&found, "channel"), text(&found, "state")), (content, "callback", "open"));
            assert!(text(&found, "text").contains("师傅态度不好") && found["customer_id"].is_string(), "{found}");
        }
    }

    /// What was bought was bought before today.
    async fn a_purchase_of_the_future_is_refused(app: TestApp) {
        let agent = app.user(Role::Agent).await;
        let mut wish = repair("save");
        wish["purchase_date"] = json!("2099-12-31");
        assert_eq!(agent.post("/requests", wish).await.refused(422), "intake.future");
    }
}
