//! Several units and faults on one order: each with its own decision, its own work and its own share of the bill (WO-46,
//! PROD-06).

use super::*;

/// Twelve months on everything, thirty-six on the tank; fifty yuan the visit, eighty the work on each unit.
async fn terms(world: &World) {
    let term = |months: i64| json!({ "valid_from": "2020-01-01", "months": months, "start_basis": "purchase", "parts_bp": 10_000, "labour_bp": 10_000, "travel_bp": 10_000, "bounds": "0" });
    let mut whole = json!({ "code": "ALL", "name": "整机一年", "term": term(12) });
    world.admin.post("/warranty/policies", whole.clone()).await.ok();
    (whole["code"], whole["name"], whole["group_code"], whole["term"]) =
        (json!("TANK"), json!("水箱三年"), json!("tank"), term(36));
    world.admin.post("/warranty/policies", whole).await.ok();
    let list = world
        .admin
        .post("/prices", json!({ "code": "STD", "name": "标准", "nature": "standard" }))
        .await
        .ok();
    let list = list["list"]["id"].as_str().expect("an id").to_string();
    for (code, amount, borne) in [("visit", 5_000, "travel"), ("labour", 8_000, "labour")] {
        let rule = json!({ "code": code, "amount": amount, "borne_as": borne, "valid_from": "2020-01-01" });
        world.admin.post(&format!("/prices/{list}/rules"), rule).await.ok();
    }
}

/// A unit of the same customer, bought on a day.
async fn unit(world: &World, serial: &str, bought: &str) -> String {
    let model = world.admin.get(&format!("/units/{}", world.unit)).await.ok();
    let model =
        model["model_id"].as_str().or(model["unit"]["model_id"].as_str()).expect("a model").to_string();
    let body = json!({ "customer_id": world.customer, "model_id": model, "serial": serial, "purchase_date": bought });
    id_of(&world.admin.post("/units", body).await.ok())
}

/// Lines as `(code or part name, unit's place, payable)`.
async fn bill(world: &World, order: &str) -> Vec<(String, i64, i64)> {
    let full = world.admin.get(&format!("/orders/{order}")).await.ok();
    let units = full["units"].as_array().cloned().unwrap_or_default();
    let lines = world.admin.get(&format!("/orders/{order}/lines")).await.ok();
    let mut out: Vec<_> = lines["items"]
        .as_array()
        .expect("lines")
        .iter()
        .map(|line| {
            let place = units
                .iter()
                .position(|unit| unit["id"] == line["order_unit_id"])
                .map_or(0, |at| at as i64 + 1);
            (
                line["code"].as_str().unwrap_or_default().to_string(),
                place,
                line["amount"].as_i64().unwrap_or(-1),
            )
        })
        .collect();
    out.sort();
    out
}

fn line(code: &str, place: i64, amount: i64) -> (String, i64, i64) {
    (code.to_string(), place, amount)
}

testkit::app_test! {
    /// CALL-30: the dialog of an item takes what nobody knew yet, and keeps it for next time.
    async fn a_typed_unit_becomes_a_unit_in_the_dialog_of_an_item(app: TestApp) {
        let world = world(app).await;
        let order = world.open(json!({})).await;
        let path = format!("/orders/{order}/units");
        let refused = world.admin.post(&path, json!({ "serial": "NEW-1", "fault": "漏水" })).await;
        assert_eq!((refused.status.as_u16(), refused.json()["errors"][0]["field"].clone()), (422, json!("model_id")));
        let form = "unit_id=&unit_id_text=NEW-1&model_id=&model_id_text=%E6%96%B0%E5%9E%8B%E5%8F%B7&fault=x&work_kind=repair_minor";
        assert_eq!(world.admin.form(&path, form).await.status.as_u16(), 303);
        let full = world.admin.get(&format!("/orders/{order}")).await.ok();
        let second = &full["units"][1];
        assert_eq!((&second["serial"], &second["model_name"]), (&json!("NEW-1"), &json!("新型号")));
        assert!(second["unit_id"].is_string());
        // An item whose unit was not known: what was said of it is corrected, and found again.
        world.admin.post(&path, json!({ "fault": "异响" })).await.ok();
        let full = world.admin.get(&format!("/orders/{order}")).await.ok();
        let third = id_of(&full["units"][2]);
        let page = world.admin.page(&format!("/orders/{order}/units/{third}/edit")).await.text();
        assert!(page.contains("model_id") && page.contains("新设备直接输入"), "{page}");
        world.admin.put(&format!("{path}/{third}"), json!({ "serial": "new-1" })).await.ok();
        let again = world.admin.get(&format!("/orders/{order}")).await.ok();
        assert_eq!(again["units"][2]["unit_id"], second["unit_id"]);
        assert_eq!(again["units"][2]["fault"], "异响");
    }

    async fn each_unit_pays_by_its_own_decision(app: TestApp) {
        let world = world(app).await;
        terms(&world).await;
        let old = unit(&world, "YK-01", "2024-01-10").await;
        // Bought last spring first, then an old one; and the other way round: the order of the units changes nothing.
        for (first, second, covered) in [(&world.unit, &old, 1), (&old, &world.unit, 2)] {
            let units = json!([{ "unit_id": first, "fault": "高压报警" }, { "unit_id": second, "fault": "漏水" }]);
            let order = world.open(json!({ "unit_id": null, "units": units })).await;
            let charged = 3 - covered;
            let mut due = vec![line("labour", covered, 0), line("labour", charged, 8_000), line("visit", 1, 0)];
            due.sort();
            assert_eq!(bill(&world, &order).await, due, "the way is free when one unit is covered, and paid once");
            let full = world.admin.get(&format!("/orders/{order}")).await.ok();
            assert_eq!((&full["warranty"], &full["payable"]), (&json!("in"), &json!(8_000)), "{full}");
            for place in [1, 2] {
                let of = full["units"][place - 1]["id"].clone();
                let part = json!({ "part_id": world.part, "depot_id": world.depot, "quantity": 1000, "stock": "plan", "order_unit_id": of });
                world.admin.post(&format!("/orders/{order}/lines"), part).await.ok();
            }
            let parts: Vec<_> = bill(&world, &order).await.into_iter().filter(|line| line.0 == "P1").collect();
            let mut due = vec![line("P1", covered, 0), line("P1", charged, 38_000)];
            due.sort();
            assert_eq!(parts, due);
            let lines = world.admin.get(&format!("/orders/{order}/lines")).await.ok();
            let reason = lines["items"].as_array().expect("lines").iter().filter(|l| l["code"] == "P1").all(|l| {
                // The unit by its id: a serial number in words could not be hidden.
                let verdict = if l["amount"] == 0 { " 保内" } else { " 保外" };
                l["order_unit_id"].is_string() && l["trace"].as_str().is_some_and(|t| t.contains(verdict) && !t.contains("YK-"))
            });
            assert!(reason, "each line says which unit and why: {lines}");
        }
    }

    async fn a_class_set_by_hand_holds_for_all_until_it_is_taken_back(app: TestApp) {
        let world = world(app).await;
        terms(&world).await;
        let order = world.open(json!({})).await;
        assert_eq!(bill(&world, &order).await, [line("labour", 1, 0), line("visit", 1, 0)]);
        let edit = |body: Value| {
            let (admin, path) = (world.admin.clone(), format!("/orders/{order}"));
            async move { admin.put(&path, body).await.ok() }
        };
        assert_eq!(edit(json!({ "warranty": "out" })).await["payable"], json!(13_000));
        assert_eq!(edit(json!({ "warranty": "claim" })).await["payable"], json!(0));
        assert_eq!(edit(json!({ "warranty": "out" })).await["payable"], json!(13_000));
        let back = edit(json!({ "warranty_by_decision": true })).await;
        assert_eq!((&back["payable"], &back["warranty"]), (&json!(0), &json!("in")), "{back}");
    }

    async fn items_are_added_corrected_and_taken_away_on_the_way(app: TestApp) {
        let world = world(app).await;
        terms(&world).await;
        let old = unit(&world, "YK-02", "2024-06-01").await;
        let order = world.working(json!({})).await;
        let path = format!("/orders/{order}/units");
        world.admin.post(&path, json!({ "unit_id": old, "fault": "水箱渗漏" })).await.ok();
        assert_eq!(bill(&world, &order).await, [line("labour", 1, 0), line("labour", 2, 8_000), line("visit", 1, 0)]);
        let full = world.admin.get(&format!("/orders/{order}")).await.ok();
        let item = full["units"][1]["id"].as_str().expect("an id").to_string();
        // It is the tank, which has three years of its own (PROD-06).
        let serial = world.admin.get(&format!("/units/{old}")).await.ok();
        let model = format!("/models/{}", serial["model_id"].as_str().expect("a model"));
        let mut known = world.admin.get(&model).await.ok()["model"].take();
        known["groups"] = json!("tank 水箱");
        world.admin.put(&model, known).await.ok();
        let out = world.admin.put(&format!("{path}/{item}"), json!({ "group_code": "tank" })).await.ok();
        assert_eq!(out["payable"], json!(0), "{out}");
        let stranger = json!({ "name": "他人", "phone": "13800138111", "address": "别处" });
        let stranger = id_of(&world.admin.post("/customers", stranger).await.ok());
        let foreign = world.admin.post("/units", json!({ "customer_id": stranger, "model_id": full["model_id"], "serial": "X-1" })).await;
        if let Some(foreign) = foreign.json()["id"].as_str() {
            assert_eq!(world.admin.post(&path, json!({ "unit_id": foreign })).await.refused(422), "orders.unit");
        }
        world.admin.post(&format!("/orders/{order}/lines"), json!({ "kind": "fee", "name": "清洗", "price": 2_000, "order_unit_id": item })).await.ok();
        assert_eq!(world.admin.delete(&format!("{path}/{item}")).await.refused(422), "orders.unit_lines");
        let lines = world.admin.get(&format!("/orders/{order}/lines")).await.ok();
        let fee = lines["items"].as_array().expect("lines").iter().find(|l| l["name"] == "清洗").expect("the fee")["id"].as_str().expect("an id").to_string();
        world.admin.delete(&format!("/orders/{order}/lines/{fee}")).await.ok();
        world.admin.delete(&format!("{path}/{item}")).await.ok();
        assert_eq!(bill(&world, &order).await, [line("labour", 1, 0), line("visit", 1, 0)]);
        let last = world.admin.get(&format!("/orders/{order}")).await.ok()["units"][0]["id"].as_str().expect("an id").to_string();
        assert_eq!(world.admin.delete(&format!("{path}/{last}")).await.refused(422), "orders.last_unit");
        let page = world.admin.page(&format!("/orders/{order}")).await;
        assert!(page.text().contains("添加设备或故障项"), "the page offers it");
        for dialog in ["units/new".to_string(), format!("units/{last}/edit")] {
            let shown = world.admin.page(&format!("/orders/{order}/{dialog}")).await;
            assert!(shown.text().contains("水箱"), "component groups are offered");
        }
    }

    async fn the_last_round_decides_who_pays(app: TestApp) {
        let world = world(app).await;
        terms(&world).await;
        let order = world.working(json!({})).await;
        world.act(&order, "start", json!({})).await;
        let mut done = world.done();
        (done["cause"], done["assistance"]) = (json!("customer"), json!("已讲解电压要求"));
        assert_eq!(world.act(&order, "complete", done).await["payable"], json!(13_000), "the customer's own doing");
        super::lifecycle::callback(app, &order, "unsatisfied").await;
        world.act(&order, "assign", json!({ "engineer_id": world.engineer_id(), "reason": "返工" })).await;
        world.act(&order, "arrive", json!({})).await;
        world.act(&order, "start", json!({})).await;
        let out = world.act(&order, "complete", world.done()).await;
        assert_eq!((&out["payable"], &out["warranty"]), (&json!(0), &json!("in")), "it was the product after all: {out}");
    }

    async fn a_repeat_is_seen_on_any_of_the_units(app: TestApp) {
        let world = world(app).await;
        let second = unit(&world, "YK-03", "2024-06-01").await;
        let first = world.working(json!({ "unit_id": second })).await;
        world.act(&first, "start", json!({})).await;
        world.act(&first, "complete", world.done()).await;
        world.admin.post(&format!("/units/{second}/notes"), json!({ "text": "管路老化，客户暂不更换" })).await.ok();
        let units = json!([{ "unit_id": world.unit }, { "unit_id": second }]);
        let order = world.open(json!({ "unit_id": null, "units": units })).await;
        let full = world.admin.get(&format!("/orders/{order}")).await.ok();
        assert_eq!(full["repeat_of"], json!(first), "PROD-07: {full}");
        assert!(full["remark"].as_str().is_some_and(|text| text.contains("管路老化")), "PROD-08: {full}");
    }
}
