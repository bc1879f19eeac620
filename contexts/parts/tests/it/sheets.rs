//! Imports: the planners' catalogue, opening stock, and both taken back.

use http::Method;
use kernel::{Money, Quantity};
use kit::Role;
use parts::api::{self, DepotKind};
use serde_json::{Value, json};
use testkit::{Client, TestApp};

use crate::helpers::{Room, depot_input, make_depot, units};

async fn import(app: &TestApp, who: &Client, kind: &str, csv: &str) -> Value {
    let path = format!("/api/v1/imports/{kind}?name=a.csv");
    let started =
        who.send(Method::POST, &path, &[("content-type", "text/csv")], csv.as_bytes().to_vec()).await.ok();
    app.drain().await;
    who.get(&format!("/imports/{}", started["id"].as_str().expect("an id"))).await.ok()
}

testkit::app_test! {
    async fn a_planners_catalogue_comes_in_with_its_own_headings(app: TestApp) {
        let keeper = app.user(Role::Storekeeper).await;
        let csv = "part,name,lead_time_months,unit_cost\n1,GOUGE FIRMER,11,6.75\n3,PIERCING TL,11,1.909\n4,PUNCH,0.5,3.5570000000000004\n";
        let batch = import(app, &keeper, "parts", csv).await;
        assert_eq!(batch["state"], "done", "{batch}");
        let found = async |code: &str| {
            let mut conn = app.app.db.read().await.expect("a reader");
            let sql = "select cost, lead_days, active from part where code = $1";
            conn.one::<(Money, i64, bool)>(sql, db::args![code]).await.expect("the part")
        };
        assert_eq!(found("1").await, (Money(675), 330, true));
        assert_eq!(found("3").await, (Money(191), 330, true), "rounded half up to fen");
        assert_eq!(found("4").await, (Money(356), 15, true));
        let again = import(app, &keeper, "parts", "编码,名称,成本\n3,PIERCING TL,2.00\n4,PUNCH,3.557\n").await;
        assert_eq!((found("3").await.0, found("3").await.1), (Money(200), 330), "what the sheet does not say stays: {again}");
        keeper.post(&format!("/imports/{}/undo", again["id"].as_str().expect("an id")), json!({})).await.ok();
        app.drain().await;
        assert_eq!(found("3").await.0, Money(191));
    }

    async fn an_undo_keeps_what_others_changed_since_and_a_corrected_file_puts_parts_in_use_again(app: TestApp) {
        let admin = app.admin().await;
        let old = admin.post("/parts", json!({ "code": "LOST1", "name": "old name", "price": 100 })).await.ok();
        let path = format!("/parts/{}", old["id"].as_str().expect("an id"));
        let batch = import(app, &admin, "parts", "code,name\nLOST1,new name\nUNDO1,typo\nUNDO2,fine\n").await;
        let undo = format!("/imports/{}/undo", batch["id"].as_str().expect("an id"));
        let part = admin.get(&path).await.ok();
        let change = json!({ "code": "LOST1", "name": "new name", "price": 99_900, "version": part["version"] });
        admin.put(&path, change).await.ok();
        let refused = admin.post(&undo, json!({})).await;
        assert!(refused.status == 422 && refused.text().contains("row.2"), "{}", refused.text());
        assert_eq!(admin.get(&path).await.ok()["price"], 99_900, "the manager's price stays");

        let batch = import(app, &admin, "parts", "code,name\nUNDO3,typo\nUNDO4,fine\n").await;
        admin.post(&format!("/imports/{}/undo", batch["id"].as_str().expect("an id")), json!({})).await.ok();
        let active = async |code: &str| {
            let list = admin.get(&format!("/parts?filter=code~eq~{code}&columns=name,active")).await.ok();
            (list["items"][0]["name"].clone(), list["items"][0]["active"].clone())
        };
        assert_eq!(active("UNDO3").await, (json!("typo"), json!(false)));
        import(app, &admin, "parts", "code,name\nUNDO3,right\nUNDO4,fine\n").await;
        assert_eq!(active("UNDO3").await, (json!("right"), json!(true)));
        assert_eq!(active("UNDO4").await, (json!("fine"), json!(true)), "also without any other change");
        // Taken out of use by a person, a part stays so until the file says otherwise.
        let kept = admin.post("/parts", json!({ "code": "OFF1", "name": "off", "inactive": true })).await.ok();
        import(app, &admin, "parts", "code,name\nOFF1,renamed\n").await;
        assert_eq!(active("OFF1").await, (json!("renamed"), json!(false)), "{kept}");
    }

    async fn opening_stock_is_counted_from_the_sheet_and_taken_back(app: TestApp) {
        let room = Room::new(app, 2, Money(100)).await;
        let second = make_depot(&room.cx, depot_input("D2", DepotKind::Parts, app.root, None)).await.expect("a depot");
        let admin = app.admin().await;
        let csv = "配件编码,仓库,状态,数量,成本\nA-100,D1,新件,5,1.00\nA-100,D2,修复件,3,0.505\nA-100,NOWHERE,新件,1,1\n";
        let batch = import(app, &admin, "stock", csv).await;
        assert_eq!((units(room.available().await), units(room.available_of(room.part, second).await)), ((5, 0, 5), (3, 0, 3)), "{batch}");
        assert_eq!(room.value().await, 100 + 300);
        let undo = format!("/imports/{}/undo", batch["id"].as_str().expect("an id"));
        admin.post(&undo, json!({})).await.ok();
        app.drain().await;
        let mut conn = room.cx.read().await.expect("a reader");
        let left = api::available(&mut conn, room.part, second).await.expect("a sum");
        assert_eq!((left.on_hand, units(room.available().await), room.value().await), (Quantity(0), (2, 0, 2), 100));
    }
}
