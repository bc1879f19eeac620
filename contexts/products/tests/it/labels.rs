//! QR labels and the public page behind them.

use kit::Role;
use serde_json::json;

use crate::{at, customer, model};

testkit::app_test! {
    async fn a_label_leads_to_a_page_without_personal_data(app: TestApp) {
        let manager = app.user(Role::Manager).await;
        model(&manager, "KFR-35GW").await;
        let owner = customer(&manager, "隐私客户").await;
        let input = json!({ "model": "KFR-35GW", "serial": "A-1", "customer_id": owner["id"], "place": "太湖东路9号" });
        let row = manager.post("/units", input).await.ok();
        let path = row["public_path"].as_str().expect("a path");
        assert!(path.len() > 25, "{path}");
        let public = app.nobody().page(path).await;
        let text = public.text();
        assert!(public.status.is_success() && text.contains("KFR-35GW") && text.contains("A-1"), "{text}");
        assert!(!text.contains("隐私客户") && !text.contains("太湖东路"), "{text}");
        assert_eq!(app.nobody().page("/u/23456789abcdefghijkmnpqrst").await.status.as_u16(), 404);

        let label = manager.page(&format!("{}/label", at("units", &row))).await;
        assert!(label.status.is_success() && label.text().contains("<svg") && label.text().contains(path), "{}", label.text());
        let qr = manager.page(&format!("{}/qr.svg", at("units", &row))).await;
        assert_eq!(qr.headers["content-type"], "image/svg+xml");

        let renewed = manager.post(&format!("{}/label/renew", at("units", &row)), json!({})).await.ok();
        assert_eq!(app.nobody().page(path).await.status.as_u16(), 404, "the old label is worthless");
        assert!(app.nobody().page(renewed["public_path"].as_str().expect("a path")).await.status.is_success());
        let history = app.admin().await.get(&format!("/docs/unit/{}/history", row["id"].as_str().expect("an id"))).await.text();
        assert!(!history.contains(path.trim_start_matches("/u/")), "secrets stay out of the audit log");
    }

    async fn an_agent_can_look_at_labels_but_not_replace_them_elsewhere(app: TestApp) {
        let manager = app.user(Role::Manager).await;
        model(&manager, "M1").await;
        let row = manager.post("/units", json!({ "model": "M1" })).await.ok();
        let cashier = app.user(Role::Cashier).await;
        assert!(cashier.page(&format!("{}/label", at("units", &row))).await.status.is_success());
        assert_eq!(cashier.post(&format!("{}/label/renew", at("units", &row)), json!({})).await.status.as_u16(), 403);
    }
}
