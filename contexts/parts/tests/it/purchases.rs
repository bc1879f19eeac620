//! The draw screen's proposals and what comes of them: reservation, requisition, order, receipt (PARTS-34).

use kernel::Money;
use kit::Role;
use serde_json::{Value, json};

use crate::helpers::{Room, units};

fn id(value: &Value) -> &str {
    value["id"].as_str().expect("an id")
}

fn advice(out: &Value) -> Vec<(String, i64)> {
    let all = out["proposals"].as_array().expect("proposals");
    all.iter()
        .map(|p| {
            (p["advice"].as_str().unwrap_or_default().to_string(), p["quantity"].as_i64().unwrap_or_default())
        })
        .collect()
}

testkit::app_test! {
    async fn what_is_missing_is_asked_for_ordered_and_received(app: TestApp) {
        let room = Room::new(app, 2, Money(500)).await;
        let (keeper, desk) = (app.user(Role::Storekeeper).await, app.user(Role::Outlet).await);
        let ask = "/stock-draw?part=A-100&quantity=5";
        let seen = keeper.get(ask).await.ok();
        assert_eq!(advice(&seen), [("reserve".into(), 2000), ("order".into(), 3000)]);
        assert_eq!(advice(&keeper.get("/stock-draw?part=A-100&quantity=2").await.ok()), [("issue".into(), 2000)]);
        let for_order = keeper.get(&format!("{ask}&order_id={}", room.cx.id())).await.ok();
        assert_eq!(advice(&for_order)[0], ("occupy".into(), 2000));
        let page = keeper.page(ask).await.text();
        assert!(page.contains("/purchases/new?depot_id=") && page.contains("quantity=3") && page.contains("reserve=true"), "{page}");

        let body = json!({ "part": "A-100", "depot_id": room.depot, "quantity": 3000, "source_no": "SO-1" });
        let made = desk.post("/purchases", body).await.ok();
        assert!(made["no"].as_str().is_some_and(|no| no.starts_with("CG")), "{made}");
        let path = format!("/purchases/{}", id(&made));
        let seen = keeper.get(ask).await.ok();
        assert_eq!((&seen["five"]["on_order"], &seen["asked_for"]), (&0.into(), &3000.into()), "asked for is not on order");
        assert!(keeper.page(ask).await.text().contains("请勿重复申请"));

        // Who asks does not order; nothing is received before it is ordered.
        let supplier = json!({ "supplier": "宁波轴承", "expected_on": "2026-11-25" });
        assert_eq!(desk.post(&format!("{path}/order"), supplier.clone()).await.status, 403);
        let receipt = |n: i64| json!({ "kind": "ordered", "depot_id": room.depot, "purchase_id": id(&made), "lines": [{ "part": "A-100", "quantity": n, "unit_cost": 250 }] });
        assert_eq!(keeper.post("/receipts", receipt(1000)).await.refused(409), "parts.purchase_state");
        assert_eq!(keeper.post(&format!("{path}/order"), json!({})).await.refused(422), "parts.supplier");
        assert_eq!(keeper.post(&format!("{path}/order"), supplier.clone()).await.ok()["state"], "ordered");
        assert_eq!(keeper.post(&format!("{path}/order"), supplier).await.refused(409), "parts.purchase_state");
        let seen = keeper.get(ask).await.ok();
        assert_eq!((&seen["five"]["on_order"], &seen["asked_for"]), (&3000.into(), &0.into()));
        assert_eq!(advice(&seen), [("reserve".into(), 2000), ("await".into(), 3000)]);

        let form = keeper.page(&format!("/receipts/new?purchase_id={}", id(&made))).await.text();
        assert!(form.contains("宁波轴承") && form.contains("name=\"purchase_id\"") && form.contains("A-100"), "{form}");
        let first = keeper.post("/receipts", receipt(1000)).await.ok();
        let now = keeper.get(&path).await.ok();
        assert_eq!((now["state"].as_str(), &now["received"]), (Some("ordered"), &1000.into()));
        keeper.post("/receipts", receipt(2000)).await.ok();
        assert_eq!(keeper.get(&path).await.ok()["state"], "received");
        assert_eq!(units(room.available().await), (5, 0, 5));
        keeper.post(&format!("/receipts/{}/reverse", id(&first)), json!({ "reason": "录错" })).await.ok();
        let now = keeper.get(&path).await.ok();
        assert_eq!((now["state"].as_str(), &now["received"]), (Some("ordered"), &2000.into()), "to come again");
        assert_eq!(desk.post(&format!("{path}/cancel"), json!({ "reason": "不需要了" })).await.status, 403, "ordered");
        assert_eq!(keeper.post(&format!("{path}/cancel"), json!({})).await.refused(422), "parts.reason");
        assert_eq!(keeper.post(&format!("{path}/cancel"), json!({ "reason": "供应商缺货" })).await.ok()["state"], "cancelled");
        assert_eq!(keeper.get(ask).await.ok()["five"]["on_order"], 0);
    }

    async fn a_requisition_names_a_part_a_depot_and_a_quantity(app: TestApp) {
        let room = Room::new(app, 0, Money(0)).await;
        let keeper = app.user(Role::Storekeeper).await;
        for (body, code) in [
            (json!({ "part": "A-100", "depot_id": room.depot }), "parts.quantity"),
            (json!({ "part": "A-100", "quantity": 1000 }), "parts.depot"),
            (json!({ "part": "NO-SUCH", "depot_id": room.depot, "quantity": 1000 }), "parts.unknown_part"),
        ] {
            assert_eq!(keeper.post("/purchases", body).await.refused(422), code);
        }
        let form = format!("part=A-100&depot_id={}&quantity=2&wanted_on=2026-12-01", room.depot);
        let made = keeper.form("/purchases/new", &form).await;
        assert_eq!(made.status.as_u16(), 303, "{}", made.text());
        assert_eq!(keeper.form("/purchases/new", "part=&quantity=").await.status.as_u16(), 422);
        let list = keeper.get("/purchases?view=draft").await.ok();
        let row = &list["items"][0];
        assert_eq!((&row["quantity"], row["wanted_on"].as_str()), (&2000.into(), Some("2026-12-01")));
        let path = format!("/purchases/{}", id(row));
        let page = keeper.page(&path).await.text();
        assert!(page.contains(&format!("{path}/order")) && page.contains(&format!("{path}/cancel")), "{page}");
        let wrong = keeper.form(&format!("{path}/order"), "supplier=").await;
        assert_eq!(wrong.status.as_u16(), 422);
        assert_eq!(keeper.form(&format!("{path}/order"), "supplier=x&expected_on=").await.status.as_u16(), 303);
        assert!(keeper.page(&path).await.text().contains("/receipts/new?purchase_id="));
        // Goods for another depot, or other goods, are not what was ordered.
        let other = json!({ "kind": "ordered", "depot_id": room.depot, "purchase_id": id(row), "lines": [{ "part": "A-100", "quantity": 0, "rejected": 1000, "reject_reason": "破损" }] });
        assert_eq!(keeper.post("/receipts", other).await.refused(422), "parts.purchase_part");
        let groups = keeper.get("/purchases?group=state,depot").await.ok();
        assert_eq!(groups["groups"][0]["sums"]["quantity"], 2000);
    }
}
