//! What is refused, and to whom.

use super::*;

testkit::app_test! {
    /// SHOP-18: over the limit nothing goes on until the customer agreed.
    async fn the_over_quote_stop_needs_consent(app: TestApp) {
        let world = world(app).await;
        let order = world.working(json!({ "over_quote_limit": 10_000, "warranty": "out" })).await;
        let out = world.line(&order, 1000, "issue").await;
        assert_eq!(out["over_quote"], true);
        assert_eq!(world.refuse(&order, "complete", world.done(), 409).await, "orders.over_quote");
        assert_eq!(world.refuse(&order, "consent", json!({ "by": " " }), 422).await, "orders.consent_by");
        world.act(&order, "quote", json!({})).await;
        let out = world.act(&order, "consent", json!({ "by": "李建平", "note": "电话" })).await;
        assert_eq!(out["over_quote"], false);
        assert_eq!(world.act(&order, "complete", world.done()).await["state"], "done");
    }

    /// SHOP-18 after the work too: what was added later is not confirmed or audited without consent, which can be recorded.
    async fn the_over_quote_stop_holds_after_the_work(app: TestApp) {
        let world = world(app).await;
        let order = world.working(json!({ "over_quote_limit": 40_000, "warranty": "out" })).await;
        world.act(&order, "complete", world.done()).await;
        assert_eq!(world.line(&order, 2000, "issue").await["over_quote"], true);
        assert_eq!(world.refuse(&order, "confirm", json!({}), 409).await, "orders.over_quote");
        world.act(&order, "consent", json!({ "by": "李建平", "note": "电话" })).await;
        world.act(&order, "confirm", json!({})).await;
        lifecycle::callback(app, &order, "satisfied").await;
        assert_eq!(world.line(&order, 1000, "issue").await["over_quote"], true);
        assert_eq!(world.refuse(&order, "audit", json!({}), 409).await, "orders.over_quote");
        world.act(&order, "quote", json!({})).await;
        world.act(&order, "consent", json!({ "by": "李建平" })).await;
        assert_eq!(world.act(&order, "audit", json!({})).await["state"], "audited");
    }

    /// What came back was worked on: it is terminated with its fees, never cancelled for nothing.
    async fn an_order_that_came_back_is_not_cancelled(app: TestApp) {
        let world = world(app).await;
        let order = world.working(json!({ "warranty": "out" })).await;
        world.line(&order, 1000, "issue").await;
        world.act(&order, "complete", world.done()).await;
        let back = world.act(&order, "reopen", json!({ "reason": "又报警" })).await;
        assert!(!back["allowed"].to_string().contains("cancel"), "{}", back["allowed"]);
        let drop = || json!({ "reason": "不修了" });
        assert_eq!(world.refuse(&order, "cancel", drop(), 409).await, "flow.wrong_state");
        let again = world.assign(&order).await;
        assert!(!again["allowed"].to_string().contains("cancel"), "{}", again["allowed"]);
        assert_eq!(world.refuse(&order, "cancel", drop(), 409).await, "orders.cancel_done");
        let ended = world.act(&order, "terminate", drop()).await;
        assert_eq!((&ended["state"], &ended["payable"]), (&json!("terminated"), &json!(38_000)));
    }

    /// Only engineers are sent: not whoever else is employed, as lead, helper or successor.
    async fn only_engineers_are_assigned(app: TestApp) {
        let world = world(app).await;
        let keeper = app.user(Role::Storekeeper).await.staff;
        let order = world.open(json!({ "continuous": true })).await;
        let input = json!({ "engineer_id": keeper });
        assert_eq!(world.refuse(&order, "assign", input, 422).await, "orders.engineer");
        let input = json!({ "engineer_id": world.engineer_id(), "helpers": [{ "staff_id": keeper, "share_bp": 1000 }] });
        assert_eq!(world.refuse(&order, "assign", input, 422).await, "orders.engineer");
        world.assign(&order).await;
        let input = json!({ "reason": "parts", "hand_over_to": keeper });
        assert_eq!(world.refuse(&order, "wait", input, 422).await, "orders.engineer");
    }

    /// An order that nobody has yet can't be handed over past the rules of assigning.
    async fn what_is_not_assigned_is_not_handed_over(app: TestApp) {
        let world = world(app).await;
        for continuous in [false, true] {
            let order = world.open(json!({ "continuous": continuous })).await;
            world.act(&order, "accept", json!({})).await;
            let input = json!({ "reason": "customer", "hand_over_to": world.engineer_id() });
            assert_eq!(world.refuse(&order, "wait", input, 422).await, "orders.hand_over");
            world.act(&order, "wait", json!({ "reason": "customer" })).await;
            world.act(&order, "resume", json!({})).await;
            assert_eq!(world.assign(&order).await["state"], "scheduled", "and needs no reason");
        }
    }

    /// CALL-07: incomplete data is verified with the dispatcher, then with the customer, before assignment.
    async fn incomplete_orders_are_verified_first(app: TestApp) {
        let world = world(app).await;
        let out = world.admin.post("/orders", json!({ "customer_id": world.customer, "mode": "on_site" })).await.ok();
        assert_eq!(out["missing"], json!(["model", "purchase_date", "symptom", "demand"]));
        let order = id_of(&out);
        let assign = json!({ "engineer_id": world.engineer_id() });
        assert_eq!(world.refuse(&order, "assign", assign.clone(), 422).await, "orders.incomplete");
        let ask = |with: &str| json!({ "with": with, "note": "补全信息" });
        assert_eq!(world.refuse(&order, "verify", ask("customer"), 422).await, "orders.verify_order");
        let page = world.admin.page(&format!("/orders/{order}")).await.text();
        assert!(page.contains("信息不全") && page.contains("与调度核实"), "{page}");
        assert!(world.admin.page(&format!("/orders/{order}/ask/verify")).await.text().contains("value=\"dispatcher\""));
        let half = world.act(&order, "verify", ask("dispatcher")).await;
        assert!(half["dispatch_verified_at"].is_string() && half["customer_verified_at"].is_null(), "{half}");
        assert_eq!(world.refuse(&order, "verify", ask("dispatcher"), 422).await, "orders.verified_already");
        assert_eq!(world.refuse(&order, "assign", assign.clone(), 422).await, "orders.incomplete");
        let dialog = world.admin.page(&format!("/orders/{order}/ask/verify")).await.text();
        assert!(dialog.contains("value=\"customer\"") && dialog.contains("已与调度核实"), "{dialog}");
        app.advance(60).await;
        let both = world.act(&order, "verify", ask("customer")).await;
        assert!(both["customer_verified_by"].as_str().is_some_and(|name| !name.is_empty()), "{both}");
        assert!(both["customer_verified_at"].as_str() > both["dispatch_verified_at"].as_str());
        world.act(&order, "assign", assign).await;
        let full = world.admin.get(&format!("/orders/{order}")).await.ok();
        let steps: Vec<&str> = full["steps"].as_array().expect("steps").iter().filter_map(|step| step["action"].as_str()).collect();
        assert_eq!(steps, ["create", "verify_dispatcher", "verify_customer", "assign"]);
        let page = world.admin.page(&format!("/orders/{order}?tab=history")).await.text();
        assert!(page.contains("已与客户核实"), "the audit names the step");
    }

    /// Stale versions, wrong states and missing reasons are refused; the same key twice has one effect.
    async fn moves_are_checked_and_repeatable(app: TestApp) {
        let world = world(app).await;
        let order = world.open(json!({})).await;
        assert_eq!(world.refuse(&order, "accept", json!({ "version": 7 }), 409).await, "orders.stale");
        assert_eq!(world.refuse(&order, "complete", world.done(), 409).await, "flow.wrong_state");
        assert_eq!(world.refuse(&order, "cancel", json!({}), 422).await, "orders.reason");
        let path = format!("/orders/{order}/accept");
        let first = world.admin.post_key(&path, "k", json!({})).await.ok();
        let again = world.admin.post_key(&path, "k", json!({})).await.ok();
        assert_eq!(first, again);
        assert_eq!(world.admin.post_key(&path, "k", json!({ "note": "other" })).await.status.as_u16(), 422);
        let cancelled = world.act(&order, "cancel", json!({ "reason": "客户改期" })).await;
        assert_eq!((&cancelled["state"], &cancelled["payable"]), (&json!("cancelled"), &json!(0)));
        assert_eq!(world.refuse(&order, "accept", json!({}), 409).await, "flow.wrong_state");
    }

    /// An engineer sees own orders only, an outlet its own; neither learns that others exist.
    async fn orders_are_seen_within_reach_only(app: TestApp) {
        let world = world(app).await;
        let order = world.open(json!({})).await;
        let path = format!("/orders/{order}");
        assert_eq!(world.engineer.get(&path).await.status.as_u16(), 404, "not assigned yet");
        world.assign(&order).await;
        assert_eq!(world.engineer.get(&path).await.ok()["phone"], "13800136027", "who drives there may ring");
        let outlet = app.outlet("东区网点").await;
        let desk = app.user_in(Role::Outlet, outlet).await;
        assert_eq!(desk.get(&path).await.status.as_u16(), 404);
        assert_eq!(desk.get("/orders").await.ok()["items"], json!([]));
        assert_eq!(desk.post(&format!("{path}/accept"), json!({})).await.status.as_u16(), 404);
        assert_eq!(desk.post("/orders", world.input(json!({}))).await.status.as_u16(), 404, "the customer is another outlet's");
        assert_eq!(app.nobody().get(&path).await.status.as_u16(), 401);
        let keeper = app.user(Role::Storekeeper).await;
        assert_eq!(keeper.get(&path).await.ok()["phone"], "138****6027");
        assert!(!keeper.page(&path).await.text().contains("13800136027"));
        assert_eq!(keeper.post(&format!("{path}/audit"), json!({})).await.status.as_u16(), 403);
        let list = world.engineer.get("/orders?view=mine").await.ok();
        assert_eq!(list["items"].as_array().map(Vec::len), Some(1), "{list}");
    }

    /// Bad input is told by field and never breaks anything.
    async fn bad_input_is_told_by_field(app: TestApp) {
        let world = world(app).await;
        let code = |extra: Value| {
            let input = world.input(extra);
            let admin = world.admin.clone();
            async move { admin.post("/orders", input).await.refused(422) }
        };
        assert_eq!(code(json!({ "customer_id": world.unit })).await, "orders.customer");
        assert_eq!(code(json!({ "unit_id": world.customer })).await, "orders.unit");
        assert_eq!(code(json!({ "kind": "magic" })).await, "pricing.kind");
        assert_eq!(code(json!({ "priority": 9 })).await, "orders.priority");
        assert_eq!(code(json!({ "symptom": "x".repeat(5000) })).await, "text.length");
        assert_eq!(code(json!({ "appointment_from": "2026-11-20T10:00:00Z", "appointment_to": "2026-11-20T09:00:00Z" })).await, "orders.appointment");
        assert_eq!(code(json!({ "over_quote_limit": -1 })).await, "orders.limit_negative");
        assert_eq!(code(json!({ "appointment_from": "1999-01-01T00:00:00Z" })).await, "orders.appointment_past");
        assert_eq!(code(json!({ "pickup_on": "1999-01-01" })).await, "orders.pickup_past");
        let evil = "'); drop table service_order; -- <script>alert(1)</script>";
        let order = world.open(json!({ "symptom": evil, "contact": evil })).await;
        let page = world.admin.page(&format!("/orders/{order}")).await.text();
        assert!(!page.contains("<script>alert"));
        let found = world.admin.get(&format!("/orders?q={}", "YK-77")).await.ok();
        assert_eq!(found["items"].as_array().map(Vec::len), Some(1), "found by the serial");
    }

    /// A malformed address is a document that is not there; a malformed value is told in the caller's language.
    async fn malformed_addresses_and_values_are_errors_of_the_product(app: TestApp) {
        let world = world(app).await;
        for path in ["/orders/xyz", "/orders/xyz/lines"] {
            assert_eq!(world.admin.get(path).await.refused(404), "not_found", "{path}");
        }
        let page = world.admin.page("/orders/xyz").await;
        assert_eq!(page.status, 404);
        assert!(page.text().contains("没有找到") && page.text().contains("href=\"/customers\""), "the menu stays: {}", page.text());
        let nobody = app.nobody().page("/u/xyz").await;
        assert!(!nobody.text().contains("href=\"/customers\""));
        for (extra, code) in [
            (json!({ "mode": "by_rocket" }), "input.choice"),
            (json!({ "over_quote_limit": i64::MAX }), "number.too_large"),
            (json!({ "symptom": "a\u{0}b" }), "input.nul"),
            (json!({ "urgent": "perhaps" }), "input.type"),
        ] {
            assert_eq!(world.admin.post("/orders", world.input(extra.clone())).await.refused(422), code, "{extra}");
        }
        let moved = world.admin.post(&format!("/orders/{}/complete", world.open(json!({})).await), json!({ "cause": "product" })).await;
        assert!(moved.text().contains("当前状态“新建”"), "one language only: {}", moved.text());
    }
}
