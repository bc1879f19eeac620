//! The installed base.

use kit::Role;
use serde_json::json;

use crate::{at, customer, listed, model, unit};

testkit::app_test! {
    async fn a_unit_is_registered_found_and_changed(app: TestApp) {
        let manager = app.user(Role::Manager).await;
        let model = model(&manager, "KFR-35GW").await;
        let owner = customer(&manager, "苏州恒达").await;
        let unknown = manager.post("/units", json!({ "model": "KFR-36GW", "serial": "A1" })).await;
        assert_eq!(unknown.refused(422), "products.model");
        let input = json!({ "model": "kfr 35gw", "serial": "A2026-0001", "customer_id": owner["id"], "purchase_date": "2026-03-01", "install_date": "2026-03-05" });
        let row = manager.post("/units", input.clone()).await.ok();
        assert_eq!(row["model_id"], model["id"]);
        assert_eq!(manager.get("/units/by-serial?serial=a20260001").await.ok()[0]["id"], row["id"]);
        assert_eq!(manager.get(&format!("{}/units", at("customers", &owner))).await.ok()[0]["id"], row["id"]);
        for query in ["q=A2026-0001", "q=0001", "q=恒达"] {
            assert_eq!(listed(&manager, &format!("/units?{query}")).await.len(), 1, "{query}");
        }
        assert_eq!(listed(&manager, "/units").await[0]["customer"], "苏州恒达");

        assert_eq!(manager.post("/units", input.clone()).await.refused(409), "products.serial_taken");
        let mut twin = input.clone();
        twin["same_serial_ok"] = json!(true);
        manager.post("/units", twin).await.ok();

        let mut wrong = input;
        wrong["serial"] = json!("B1");
        wrong["purchase_date"] = json!("2027-01-01");
        assert_eq!(manager.post("/units", wrong).await.refused(422), "products.future");
        let changed = manager.put(&at("units", &row), json!({ "version": row["version"], "serial": "A2026-0001X" })).await.ok();
        assert_eq!((changed["serial"].as_str(), &changed["customer_id"]), (Some("A2026-0001X"), &owner["id"]));
        for path in [at("units", &row), format!("{}/edit", at("units", &row)), "/units/new".into(), "/units".into(), "/units/suggest?q=0001".into(),
            format!("{}/units", at("customers", &owner)), format!("/units/suggest?customer={}", owner["id"].as_str().expect("an id"))]
        {
            let answer = manager.page(&path).await;
            assert!(answer.status.is_success(), "{path}: {}", answer.text());
        }
        assert!(manager.page(&at("customers", &owner)).await.text().contains("/units"), "the customer's page loads its units");
    }

    async fn other_outlets_units_are_nobodys_business(app: TestApp) {
        let admin = app.admin().await;
        let model = model(&admin, "M1").await;
        let (east, west) = (app.outlet("城东").await, app.outlet("城西").await);
        let clerk = app.user_in(Role::Manager, east).await;
        let other = app.user_in(Role::Manager, west).await;
        let row = unit(&clerk, &model, "EAST-001").await;
        let path = at("units", &row);
        for path in [path.clone(), format!("{path}/records")] {
            assert_eq!(other.get(&path).await.status.as_u16(), 404, "{path}");
        }
        for page in [path.clone(), format!("{path}/label"), format!("{path}/qr.svg")] {
            assert_eq!(other.page(&page).await.status.as_u16(), 404, "{page}");
        }
        assert_eq!(other.post(&format!("{path}/notes"), json!({ "text": "x" })).await.status.as_u16(), 404);
        assert_eq!(other.post(&format!("{path}/relocate"), json!({ "place": "x" })).await.status.as_u16(), 404);
        assert!(listed(&other, "/units").await.is_empty() && listed(&other, "/units?q=EAST-001").await.is_empty());
        assert_eq!(other.get("/units/by-serial?serial=EAST-001").await.ok(), json!([]));
        assert!(!other.page("/units/export?format=csv").await.text().contains("EAST-001"));
        assert_eq!(listed(&clerk, "/units").await.len(), 1);
    }

    async fn the_place_is_masked_like_an_address(app: TestApp) {
        let manager = app.user(Role::Manager).await;
        let model = model(&manager, "M1").await;
        let row = unit(&manager, &model, "S1").await;
        let agent = app.user(Role::Agent).await;
        assert_eq!(agent.get(&at("units", &row)).await.ok()["place"], "苏州市吴中区***");
        assert!(!agent.page(&at("units", &row)).await.text().contains("太湖东路9号"));
        assert!(!agent.get("/units").await.text().contains("太湖东路9号"));
    }

    async fn the_same_key_registers_one_unit(app: TestApp) {
        let manager = app.user(Role::Manager).await;
        model(&manager, "M1").await;
        let input = json!({ "model": "M1", "serial": "S1" });
        let first = manager.post_key("/units", "k", input.clone()).await.ok();
        assert_eq!(manager.post_key("/units", "k", input).await.ok()["id"], first["id"]);
        assert_eq!(listed(&manager, "/units").await.len(), 1);
    }
}
