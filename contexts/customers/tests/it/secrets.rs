//! Personal data: masked, revealed on record, never lost by a masked round trip.

use kit::Role;
use serde_json::json;

use crate::{at, complete, open};

testkit::app_test! {
    async fn phones_and_addresses_are_masked_and_revealed_on_record(app: TestApp) {
        let agent = app.user(Role::Agent).await;
        let file = open(&agent, complete("隐私客户", "13800136027")).await;
        assert_eq!(file["phone"], "138****6027");
        for answer in [agent.get(&at(&file)).await, agent.get("/customers").await, agent.get("/search?q=隐私").await, agent.page(&at(&file)).await, agent.page("/customers").await] {
            assert!(answer.status.is_success(), "{}", answer.text());
            assert!(!answer.text().contains("13800136027") && !answer.text().contains("太湖东路9号"), "{}", answer.text());
        }
        let revealed = agent.post(&format!("{}/reveal/phone", at(&file)), json!({})).await.ok();
        assert_eq!((revealed["value"].as_str(), revealed["masked"].as_str()), (Some("13800136027"), Some("138****6027")));
        let html = agent.form(&format!("{}/reveal/address", at(&file)), "").await;
        assert!(html.status.is_success() && html.text().contains("太湖东路9号"));
        let history = app.admin().await.get(&format!("/docs/customer/{}/history", file["id"].as_str().expect("an id"))).await.ok();
        let reveals = history.as_array().into_iter().flatten().filter(|line| line["action"] == "revealed").count();
        assert_eq!(reveals, 2, "{history}");
    }

    async fn customers_by_number_can_not_be_tried_one_number_after_another(app: TestApp) {
        let agent = app.user(Role::Agent).await;
        open(&agent, complete("客户", "13800136027")).await;
        let by = async |phone: &str| agent.get(&format!("/customers/by-phone?phone={phone}")).await.status.as_u16();
        for n in 0..20 {
            assert_eq!(by(&format!("1390000{n:04}")).await, 200);
        }
        assert_eq!((by("13800136027").await, by("13800136027").await), (429, 429));
        assert_eq!(by("13900000003").await, 200, "what was asked before");
        assert_eq!(app.admin().await.get("/customers/by-phone?phone=13800136027").await.status.as_u16(), 200);
    }

    async fn revealing_needs_its_own_permission(app: TestApp) {
        let agent = app.user(Role::Agent).await;
        let file = open(&agent, complete("客户", "13800136027")).await;
        let cashier = app.user(Role::Cashier).await;
        assert!(cashier.get(&at(&file)).await.status.is_success());
        assert_eq!(cashier.post(&format!("{}/reveal/phone", at(&file)), json!({})).await.status.as_u16(), 403);
    }

    async fn a_masked_value_sent_back_stays_what_it_was(app: TestApp) {
        let (agent, manager) = (app.user(Role::Agent).await, app.user(Role::Manager).await);
        let file = open(&agent, complete("往返客户", "13800136027")).await;
        let mut seen = agent.get(&at(&file)).await.ok();
        seen["notes"] = json!("改了备注");
        agent.put(&at(&file), seen).await.ok();
        let full = manager.get(&at(&file)).await.ok();
        assert_eq!((full["phone"].as_str(), full["notes"].as_str()), (Some("13800136027"), Some("改了备注")));
        let refused = agent.put(&at(&file), complete("往返客户", "138****0000")).await;
        assert_eq!(refused.refused(422), "sensitive.masked");
    }

    async fn contacts_are_masked_found_by_phone_and_revealed(app: TestApp) {
        let agent = app.user(Role::Agent).await;
        let file = open(&agent, complete("有联系人的客户", "13800136027")).await;
        let contact = agent.post(&format!("{}/contacts", at(&file)), json!({ "name": "陈工", "role": "设备科", "phone": "15912345678" })).await.ok();
        assert_eq!(contact["phone"], "159****5678");
        let found = agent.get("/customers/by-phone?phone=159-1234-5678").await.ok();
        assert_eq!(found[0]["id"], file["id"]);
        let item = contact["id"].as_str().expect("an id");
        let revealed = agent.post(&format!("{}/items/{item}/reveal/phone", at(&file)), json!({})).await.ok();
        assert_eq!(revealed["value"], "15912345678");
        let html = agent.form(&format!("{}/items/{item}/reveal/phone", at(&file)), "").await;
        assert!(html.status.is_success() && html.text().contains("15912345678"), "{}", html.text());
        agent.delete(&format!("{}/contacts/{item}", at(&file))).await.ok();
        assert_eq!(agent.get("/customers/by-phone?phone=15912345678").await.ok(), json!([]));
    }
}
