//! The intake screen: nobody's words are exchanged without a word, and nothing is told that nobody did.

use kit::Role;
use serde_json::json;

use crate::{count, register, repair, text};

testkit::app_test! {
    /// One way to open an order is the main one: whoever takes calls starts there, and N means it everywhere.
    async fn callers_are_taken_down_by_the_intake_and_n_leads_there(app: TestApp) {
        let agent = app.user(Role::Agent).await;
        assert_eq!(agent.page("/").await.headers["location"], "/intake");
        let orders = agent.page("/orders").await.text();
        assert!(orders.contains("href=\"/intake\" data-key=\"n\"") && !orders.contains("href=\"/orders/new\""), "{orders}");
        let palette = agent.page("/palette").await.text();
        assert!(palette.contains("/orders/new") && palette.matches(">N<").count() == 1, "{palette}");
        // Whoever also sends people out starts with the orders as before.
        assert_eq!(app.user(Role::Dispatcher).await.page("/").await.headers["location"], "/orders");
    }

    async fn a_typed_name_is_not_exchanged_for_the_owner_of_the_unit(app: TestApp) {
        let agent = app.user(Role::Agent).await;
        let first = register(&agent, repair("save")).await;
        let unit = text(&first, "unit_id").to_string();
        let ask = format!("/intake/caller?unit_id={unit}&customer_id=&customer_id_text=");
        let other = agent.page(&format!("{ask}%E7%8E%8B%E6%98%8E")).await.text();
        let named = |html: &str| html.split("id=\"f-customer_id\"").nth(1).and_then(|rest| rest.split('>').next()).expect("the field").to_string();
        assert!(named(&other).contains("value=\"王明\"") && other.contains("这台设备登记在 李建平 名下"), "{other}");
        assert!(other.contains("用 李建平，来电人记为“王明”"), "the owner is one press away: {other}");
        assert!(other.contains("hx-vals=\"{&quot;caller_name&quot;:&quot;王明&quot;}\""), "and who was typed is still who calls: {other}");
        let same = agent.page(&format!("{ask}%E6%9D%8E%E5%BB%BA%E5%B9%B3")).await.text();
        assert!(named(&same).contains("value=\"李建平\"") && !same.contains("这台设备登记在"), "{same}");
        let nobody = agent.page(&ask).await.text();
        assert!(named(&nobody).contains("value=\"李建平\""), "{nobody}");
        let typed = json!({ "topic": "repair", "unit_id": unit, "customer_name": "王明", "caller_phone": "13900007777", "text": "不制冷", "then": "save" });
        assert_eq!(agent.post("/requests", typed).await.refused(422), "intake.other_owner");
        assert_eq!(count(app, "select count(*) from service_request").await, 1);
        let owner = json!({ "topic": "repair", "unit_id": unit, "customer_name": " 李建平 ", "caller_phone": "13900007777", "text": "不制冷", "then": "save" });
        assert_eq!(register(&agent, owner).await["customer_id"], first["customer_id"]);
    }

    /// CALL-19: who dispatches and who goes read the order, not the request.
    async fn a_call_put_to_an_open_order_is_read_on_the_order(app: TestApp) {
        let (agent, admin, engineer) = (app.user(Role::Agent).await, app.admin().await, app.user(Role::Engineer).await);
        let made = register(&agent, repair("order")).await;
        let order = text(&made["orders"][0], "id").to_string();
        admin.verify_order(&order).await;
        admin.post(&format!("/orders/{order}/assign"), json!({ "engineer_id": engineer.staff })).await.ok();
        let call = json!({ "topic": "repair", "content": "repair.dead", "unit_id": made["unit_id"], "caller_phone": "13800136027",
            "text": "还是那台\n现在漏水", "demand": "下午前到", "then": "order", "join_order_id": order });
        let joined = register(&agent, call).await;
        assert_eq!(text(&joined["orders"][0], "id"), order);
        assert_eq!(count(app, "select count(*) from service_order").await, 1);
        let seen = admin.get(&format!("/orders/{order}")).await.ok();
        let last = seen["steps"].as_array().and_then(|steps| steps.last().cloned()).expect("a step");
        let said = format!("{} 还是那台 现在漏水 · 下午前到", text(&joined, "no"));
        assert_eq!((text(&last, "action"), text(&last, "reason")), ("called", said.as_str()));
        assert_eq!((&last["from_state"], &last["to_state"], &seen["state"]), (&json!("scheduled"), &json!("scheduled"), &json!("scheduled")));
        for page in [admin.page(&format!("/orders/{order}")).await, admin.page(&format!("/orders/{order}?tab=work")).await] {
            assert!(page.text().contains("还是那台 现在漏水"), "{}", page.text());
        }
        let told = engineer.get("/notifications").await.ok().to_string();
        assert!(told.contains("客户又来电") && told.contains("下午前到"), "{told}");
        // A request that waited and is put to it later says so too; one that makes an order of its own does not.
        let later = register(&agent, json!({ "topic": "consult", "content": "consult.progress", "unit_id": made["unit_id"], "text": "什么时候来" })).await;
        agent.post(&format!("/requests/{}/join", text(&later, "id")), json!({ "order_id": order })).await.ok();
        assert_eq!(count(app, "select count(*) from order_step where action = 'called'").await, 2);
        let page = agent.page(&format!("/intake?customer_id={}", text(&made, "customer_id"))).await.text();
        assert!(page.contains("data-join=\"并入所选工单\""), "the button follows the choice: {page}");
    }

    async fn only_a_check_that_somebody_recorded_is_told(app: TestApp) {
        let agent = app.user(Role::Agent).await;
        let draft = agent.post("/requests/drafts", json!({ "topic": "repair", "content": "repair.dead" })).await.ok();
        app.advance(90).await;
        let mut body = repair("save");
        body["draft_id"] = draft["id"].clone();
        let saved = register(&agent, body).await;
        let path = format!("/requests/{}", text(&saved, "id"));
        assert!(!agent.page(&path).await.text().contains("已与客户确认"), "nobody did");
        agent.post(&format!("{path}/confirm"), json!({ "genuine": true, "in_scope": true })).await.ok();
        assert!(agent.page(&path).await.text().contains("已与客户确认"));
    }

    async fn the_form_is_not_filled_in_by_the_browser(app: TestApp) {
        let page = app.user(Role::Agent).await.page("/intake").await.text();
        let form = page.split("id=\"intake\"").nth(1).and_then(|rest| rest.split('>').next()).expect("the form");
        assert!(form.contains("autocomplete=\"off\""), "{form}");
    }

    async fn a_masked_number_is_nobodys_number(app: TestApp) {
        let agent = app.user(Role::Agent).await;
        let mut body = repair("save");
        body["caller_phone"] = json!("138****6027");
        assert_eq!(agent.post("/requests", body).await.refused(422), "sensitive.masked");
        assert_eq!(agent.post("/calls", json!({ "phone": "138****6027" })).await.refused(422), "sensitive.masked");
    }
}
