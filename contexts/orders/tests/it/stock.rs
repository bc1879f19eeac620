//! Stock follows the sheets (PARTS-33).

use super::*;

testkit::app_test! {
    /// Saved, changed, deleted: stock goes down, up, and back.
    async fn stock_follows_the_lines(app: TestApp) {
        let world = world(app).await;
        let order = world.open(json!({})).await;
        world.assign(&order).await;
        let planned = world.line(&order, 2000, "plan").await;
        assert_eq!(world.on_hand(app).await, (10_000, 0));
        let line = id_of(&planned["lines"][0]);
        let path = format!("/orders/{order}/lines/{line}");
        world.admin.put(&path, json!({ "stock": "reserve" })).await.ok();
        assert_eq!(world.on_hand(app).await, (10_000, 2000));
        let out = world.admin.put(&path, json!({ "stock": "issue" })).await.ok();
        assert_eq!(out["lines"][0]["stock"], "issued");
        assert_eq!(world.on_hand(app).await, (8000, 0));
        world.admin.put(&path, json!({ "quantity": 3000 })).await.ok();
        assert_eq!(world.on_hand(app).await, (7000, 0));
        world.admin.put(&path, json!({ "quantity": 1000 })).await.ok();
        assert_eq!(world.on_hand(app).await, (9000, 0));
        assert_eq!(world.admin.put(&path, json!({ "stock": "plan" })).await.refused(422), "orders.line_issued");
        assert_eq!(world.admin.put(&path, json!({ "quantity": 99_000 })).await.refused(409), "parts.not_enough");
        assert_eq!(world.on_hand(app).await, (9000, 0), "a refusal moves nothing");
        world.admin.delete(&path).await.ok();
        assert_eq!(world.on_hand(app).await, (10_000, 0));
    }

    /// What completion says was used stays out; the rest, and what was only reserved, goes back.
    async fn completion_gives_back_what_was_not_used(app: TestApp) {
        let world = world(app).await;
        let order = world.working(json!({ "warranty": "out" })).await;
        let issued = id_of(&world.line(&order, 3000, "issue").await["lines"][0]);
        world.line(&order, 2000, "reserve").await;
        assert_eq!(world.on_hand(app).await, (7000, 2000));
        let mut sheet = world.done();
        sheet["used"] = json!([{ "id": issued, "quantity": 1000 }]);
        sheet["lines"] = json!([{ "part_id": world.part, "depot_id": world.depot, "quantity": 1000 }]);
        let out = world.act(&order, "complete", sheet).await;
        assert_eq!(world.on_hand(app).await, (8000, 0));
        assert_eq!(out["payable"], 76_000, "two pieces of 380: {out}");
        let lines = world.admin.get(&format!("/orders/{order}/lines")).await.ok();
        let states: Vec<&str> = lines["items"].as_array().into_iter().flatten().filter(|l| l["kind"] == "part").filter_map(|l| l["stock"].as_str()).collect();
        assert_eq!(states, ["used", "returned", "used"]);
    }

    /// What is counted in pieces is taken in whole ones; of metres there are fractions.
    async fn pieces_are_taken_whole(app: TestApp) {
        let world = world(app).await;
        let pipe = json!({ "code": "P2", "name": "铜管", "unit": "米", "price": 3000, "cost": 2000 });
        let pipe = id_of(&world.admin.post("/parts", pipe).await.ok());
        let lines = json!([{ "part": pipe, "quantity": 10000, "unit_cost": 2000 }]);
        world.admin.post("/receipts", json!({ "kind": "ordered", "depot_id": world.depot, "lines": lines })).await.ok();
        let planned = world.open(json!({})).await;
        let half = json!({ "part_id": world.part, "quantity": 500 });
        assert_eq!(world.refuse(&planned, "lines", half, 422).await, "parts.whole", "not to be told at the assignment");
        let order = world.working(json!({})).await;
        let path = format!("/orders/{order}/lines");
        for (part, ok) in [(&world.part, false), (&pipe, true)] {
            for stock in ["reserve", "issue"] {
                let body = json!({ "part_id": part, "depot_id": world.depot, "quantity": 1, "stock": stock });
                let got = world.admin.post(&path, body).await;
                if ok { got.ok(); } else { assert_eq!(got.refused(422), "parts.whole", "{stock}"); }
            }
        }
        let line = id_of(&world.line(&order, 1000, "issue").await["lines"][0]);
        assert_eq!(world.admin.put(&format!("{path}/{line}"), json!({ "quantity": 1 })).await.refused(422), "parts.whole");
    }

    /// CB-22: the page of a call shows the order's lines; what is added there stands on the callback sheet.
    async fn a_callback_adds_lines_to_its_own_sheet(app: TestApp) {
        let world = world(app).await;
        let order = world.working(json!({})).await;
        world.line(&order, 1000, "issue").await;
        world.act(&order, "complete", world.done()).await;
        world.act(&order, "confirm", json!({})).await;
        let clerk = app.user(Role::Callback).await;
        let call = id_of(&clerk.post(&format!("/orders/{order}/callbacks"), json!({})).await.ok());
        let page = clerk.page(&format!("/callbacks/{call}")).await.text();
        let add = format!("/orders/{order}/lines/new?sheet=callback&amp;back={call}");
        assert!(page.contains("压力传感器") && page.contains(&add), "the panel is there");
        let dialog = clerk.page(&add.replace("&amp;", "&")).await.text();
        assert!(dialog.contains(&format!("/orders/{order}/lines?back={call}")) && dialog.contains("value=\"callback\""));
        let form = format!("sheet=callback&part_id={}&depot_id={}&quantity=1&stock=issue&idem=k1", world.part, world.depot);
        let saved = clerk.form(&format!("/orders/{order}/lines?back={call}"), &form).await;
        assert_eq!(saved.status.as_u16(), 303, "{}", saved.text().chars().take(300).collect::<String>());
        let lines = world.admin.get(&format!("/orders/{order}/lines")).await.ok();
        let last = lines["items"].as_array().and_then(|all| all.last().cloned()).unwrap_or_default();
        assert_eq!((&last["sheet"], &last["stock"]), (&json!("callback"), &json!("used")));
        world.act(&order, "reopen", json!({ "reason": "又报警" })).await;
        let page = clerk.page(&format!("/callbacks/{call}")).await.text();
        assert!(page.contains(&format!("/lines/new?back={call}")), "what went back has no callback sheet");
    }

    /// A terminated order gives everything back.
    async fn a_terminated_order_gives_parts_back(app: TestApp) {
        let world = world(app).await;
        let order = world.working(json!({})).await;
        world.line(&order, 3000, "issue").await;
        world.line(&order, 1000, "reserve").await;
        world.act(&order, "terminate", json!({ "reason": "客户报废" })).await;
        assert_eq!(world.on_hand(app).await, (10_000, 0));
    }

    /// PAY-03: engineers are paid on parts and labour, so these are priced by the lists or by the office.
    async fn engineers_price_neither_parts_nor_labour(app: TestApp) {
        let world = world(app).await;
        let list = world.admin.post("/prices", json!({ "code": "STD", "name": "标准" })).await.ok();
        let rule = json!({ "code": "labour", "amount": 12_000, "valid_from": "2026-01-01" });
        world.admin.post(&format!("/prices/{}/rules", id_of(&list["list"])), rule).await.ok();
        let order = world.working(json!({ "warranty": "out" })).await;
        let lines = format!("/orders/{order}/lines");
        let all = world.engineer.get(&lines).await.ok();
        let labour = format!("{lines}/{}", id_of(&all["items"][0]));
        let part = json!({ "part_id": world.part, "depot_id": world.depot, "price": 1 });
        for body in [part.clone(), json!({ "kind": "labour", "name": "大修", "price": 100_000_000 })] {
            assert_eq!(world.engineer.post(&lines, body).await.refused(422), "orders.line_pricing");
        }
        assert_eq!(world.engineer.put(&labour, json!({ "price": 999_900 })).await.refused(422), "orders.line_pricing");
        let mut sheet = world.done();
        sheet["lines"] = json!([part]);
        assert_eq!(world.engineer.post(&format!("/orders/{order}/complete"), sheet).await.refused(422), "orders.line_pricing");
        for (who, asked) in [(&world.engineer, false), (&world.admin, true)] {
            let dialog = who.page(&format!("{labour}/edit")).await.text();
            assert_eq!((dialog.contains("name=\"quantity\""), dialog.contains("name=\"price\"")), (true, asked));
        }
        world.engineer.post(&lines, json!({ "kind": "fee", "name": "停车费", "price": 1_000 })).await.ok();
        world.engineer.post(&lines, json!({ "part_id": world.part, "depot_id": world.depot })).await.ok();
        world.admin.put(&labour, json!({ "price": 9_000 })).await.ok();
    }

    /// PAY-03: their quantity is the lists' too, and so is whether they are there at all; what the office enters stays.
    async fn engineers_neither_count_nor_strike_what_the_rules_charge(app: TestApp) {
        let world = world(app).await;
        let list = world.admin.post("/prices", json!({ "code": "STD", "name": "标准" })).await.ok();
        let rule = json!({ "code": "labour", "amount": 12_000, "valid_from": "2026-01-01" });
        world.admin.post(&format!("/prices/{}/rules", id_of(&list["list"])), rule).await.ok();
        let order = world.working(json!({ "warranty": "out" })).await;
        let lines = format!("/orders/{order}/lines");
        let labour = async || {
            let all = world.admin.get(&lines).await.ok();
            all["items"].as_array().expect("lines").iter().find(|line| line["code"] == "labour").cloned().expect("labour")
        };
        let path = async || format!("{lines}/{}", id_of(&labour().await));
        assert_eq!(world.engineer.put(&path().await, json!({ "quantity": 99_000 })).await.refused(422), "orders.line_pricing");
        assert_eq!(world.engineer.delete(&path().await).await.refused(422), "orders.line_pricing");
        let part = json!({ "part_id": world.part, "depot_id": world.depot });
        let part = id_of(&world.engineer.post(&lines, part).await.ok()["lines"][0]);
        world.engineer.put(&format!("{lines}/{part}"), json!({ "quantity": 2000 })).await.ok();
        world.engineer.delete(&format!("{lines}/{part}")).await.ok();
        let out = world.admin.put(&path().await, json!({ "price": 15_000, "quantity": 3000 })).await.ok();
        assert_eq!(out["payable"], 45_000);
        let edited = world.admin.put(&format!("/orders/{order}"), json!({ "urgent": true })).await.ok();
        let now = labour().await;
        assert_eq!((&edited["payable"], &now["quantity"]), (&json!(45_000), &json!(3000)), "{now}");
        assert!(now["trace"].as_str().is_some_and(|why| why.contains("×3")), "{now}");
        let out = world.admin.delete(&path().await).await.ok();
        assert_eq!(out["payable"], 0);
    }

    /// WO-39: a fee that somebody struck does not come back with the next renewal; who struck it stands there.
    async fn a_fee_by_rule_that_was_struck_stays_struck(app: TestApp) {
        let world = world(app).await;
        let list = world.admin.post("/prices", json!({ "code": "STD", "name": "标准" })).await.ok();
        let rule = |mode: &str, amount: i64| json!({ "code": "labour", "mode": mode, "amount": amount, "valid_from": "2026-01-01" });
        for (mode, amount) in [("on_site", 12_000), ("remote", 8_000)] {
            world.admin.post(&format!("/prices/{}/rules", id_of(&list["list"])), rule(mode, amount)).await.ok();
        }
        let order = world.working(json!({ "warranty": "out" })).await;
        let lines = format!("/orders/{order}/lines");
        let labour = async || {
            let all = world.admin.get(&lines).await.ok();
            all["items"].as_array().expect("lines").iter().find(|line| line["code"] == "labour").cloned().expect("labour")
        };
        assert_eq!(labour().await["amount"], 12_000);
        let path = format!("{lines}/{}", id_of(&labour().await));
        assert_eq!(world.admin.delete(&path).await.ok()["payable"], 0);
        for urgent in [true, false] {
            let out = world.admin.put(&format!("/orders/{order}"), json!({ "urgent": urgent })).await.ok();
            assert_eq!((out["payable"].as_i64(), labour().await["amount"].as_i64()), (Some(0), Some(0)), "renewed, and still struck");
        }
        let struck = labour().await;
        assert!(struck["trace"].as_str().is_some_and(|why| why.contains("划去（原 120.00）")), "{struck}");
        world.admin.delete(&format!("{lines}/{}", id_of(&struck))).await.ok();
        world.admin.put(&format!("/orders/{order}"), json!({ "urgent": true })).await.ok();
        assert_eq!(labour().await["amount"], 0, "struck twice is struck");
        // Work done another way is another rule's.
        world.admin.put(&format!("/orders/{order}"), json!({ "mode": "remote" })).await.ok();
        assert_eq!(labour().await["amount"], 8_000);
        assert_eq!(faults(app).await, Vec::<String>::new());
    }

    /// PARTS-33: the parts of a visit are in the van of who makes it; what is short is told once.
    async fn parts_go_back_to_the_van_of_who_does_not_come(app: TestApp) {
        let world = world(app).await;
        let (second, third) = (app.user(Role::Engineer).await, app.user(Role::Engineer).await);
        let mut vans = Vec::new();
        for (code, who) in [("V1", world.engineer.staff), ("V2", second.staff)] {
            let van = json!({ "code": code, "name": code, "kind": "van", "org_id": app.root, "holder_id": who });
            let van = id_of(&world.admin.post("/depots", van).await.ok());
            let lines = json!([{ "part": world.part, "quantity": 1000, "unit_cost": 21000 }]);
            world.admin.post("/receipts", json!({ "kind": "ordered", "depot_id": van, "lines": lines })).await.ok();
            vans.push(van);
        }
        let has = async || {
            let mut conn = app.app.db.read().await.expect("a reader");
            let part: Id = world.part.parse().expect("an id");
            let mut has = Vec::new();
            for van in &vans {
                let van: Id = van.parse().expect("an id");
                let row: (i64,) = conn.one("select cast(sum(on_hand) as bigint) from stock_balance where part_id = $1 and depot_id = $2", db::args![part, van]).await.expect("a balance");
                has.push(row.0);
            }
            has
        };
        let order = world.open(json!({})).await;
        world.admin.post(&format!("/orders/{order}/lines"), json!({ "part_id": world.part })).await.ok();
        world.assign(&order).await;
        assert_eq!(has().await, [0, 1000]);
        let send = async |who: Option<Id>| {
            let input = json!({ "engineer_id": who, "reason": "生病" });
            world.act(&order, "assign", input).await["lines"][0]["stock"].clone()
        };
        assert_eq!(send(second.staff).await, "issued");
        assert_eq!(has().await, [1000, 0]);
        assert_eq!(send(third.staff).await, "planned", "who comes now has no van");
        assert_eq!(has().await, [1000, 1000]);
        assert_eq!(send(third.staff).await, "planned");
        let told = world.admin.get("/notifications").await.ok().to_string();
        assert_eq!(told.matches("派工备件不足").count(), 1, "{told}");
        // In the middle of the work another one takes over: what is still planned comes from his van, or he who sent him
        // hears that it is not there.
        world.act(&order, "arrive", json!({})).await;
        assert_eq!(send(second.staff).await, "issued");
        assert_eq!(has().await, [1000, 0]);
        let order = world.open(json!({})).await;
        world.admin.post(&format!("/orders/{order}/lines"), json!({ "part_id": world.part, "quantity": 2000 })).await.ok();
        world.assign(&order).await;
        world.act(&order, "arrive", json!({})).await;
        let out = world.act(&order, "assign", json!({ "engineer_id": second.staff, "reason": "生病" })).await;
        assert_eq!(out["lines"][0]["stock"], "planned", "said in the answer");
        let told = world.admin.get("/notifications").await.ok().to_string();
        assert_eq!(told.matches("派工备件不足").count(), 3, "once for each engineer who goes without: {told}");
        app.check().await;
    }

    /// WO-39: a price set by hand on a line by rule stays when the fees are renewed, and the line says so.
    async fn a_price_set_by_hand_outlives_the_rule(app: TestApp) {
        let world = world(app).await;
        let list = world.admin.post("/prices", json!({ "code": "STD", "name": "标准" })).await.ok();
        let rule = json!({ "code": "labour", "amount": 12_000, "valid_from": "2026-01-01" });
        world.admin.post(&format!("/prices/{}/rules", id_of(&list["list"])), rule).await.ok();
        let order = world.open(json!({ "warranty": "out" })).await;
        let lines = format!("/orders/{order}/lines");
        let labour = async || {
            let all = world.admin.get(&lines).await.ok();
            all["items"].as_array().expect("lines").iter().find(|line| line["code"] == "labour").cloned().expect("labour")
        };
        let path = format!("{lines}/{}", id_of(&labour().await));
        assert_eq!(world.admin.put(&path, json!({ "price": 15_000 })).await.ok()["payable"], 15_000);
        let edited = world.admin.put(&format!("/orders/{order}"), json!({ "urgent": true })).await.ok();
        let now = labour().await;
        assert_eq!((&edited["payable"], &now["price"]), (&json!(15_000), &json!(15_000)), "{now}");
        assert!(now["trace"].as_str().is_some_and(|text| text.contains("手工定价 150.00") && text.contains("120.00")), "{now}");
    }

    /// WO-48: from warranty to sale after evidence, with a reason, by somebody who may.
    async fn a_line_is_reclassified_with_a_reason(app: TestApp) {
        let world = world(app).await;
        let order = world.working(json!({ "warranty": "claim" })).await;
        let out = world.line(&order, 1000, "issue").await;
        assert_eq!(out["lines"][0]["amount"], 0, "a claim unit costs the customer nothing");
        let path = format!("/orders/{order}/lines/{}", id_of(&out["lines"][0]));
        assert_eq!(world.admin.put(&path, json!({ "covered_bp": 0 })).await.refused(422), "orders.line_reason");
        let out = world.admin.put(&path, json!({ "covered_bp": 0, "reason": "鉴定为人为损坏" })).await.ok();
        assert_eq!(out["payable"], 38_000);
        assert_eq!(world.engineer.put(&path, json!({ "covered_bp": 10_000, "reason": "x" })).await.status.as_u16(), 403);
    }

    /// Only the sheet of the moment is filled in: parts never count as used before the work, and come back with the order.
    async fn a_sheet_ahead_of_the_work_is_refused(app: TestApp) {
        let world = world(app).await;
        let order = world.open(json!({})).await;
        let line = |sheet: &str| json!({ "part_id": world.part, "depot_id": world.depot, "quantity": 2000, "sheet": sheet, "stock": "issue" });
        for sheet in ["dispatch", "completion", "callback"] {
            assert_eq!(world.refuse(&order, "lines", line(sheet), 422).await, "orders.line_sheet", "{sheet}");
        }
        let ahead = world.input(json!({ "lines": [line("callback")] }));
        assert_eq!(world.admin.post("/orders", ahead).await.refused(422), "orders.line_sheet");
        assert_eq!(world.on_hand(app).await, (10_000, 0));
        let out = world.act(&order, "lines", line("intake")).await;
        assert_eq!(out["lines"][0]["stock"], "issued");
        assert_eq!(world.act(&order, "cancel", json!({ "reason": "误建" })).await["payable"], 0);
        assert_eq!(world.on_hand(app).await, (10_000, 0), "what was out is back");
        assert_eq!(faults(app).await, Vec::<String>::new());
    }

    /// PARTS-33: once the work is done a part is issued or not on the order; nothing stays planned or held.
    async fn after_the_work_parts_are_issued_not_planned_or_held(app: TestApp) {
        let world = world(app).await;
        let order = world.working(json!({ "warranty": "out" })).await;
        world.act(&order, "complete", world.done()).await;
        let wish = |stock: &str, sheet: &str| json!({ "part_id": world.part, "depot_id": world.depot, "stock": stock, "sheet": sheet });
        for (stock, sheet) in [("plan", "completion"), ("reserve", "completion"), ("reserve", "callback")] {
            assert_eq!(world.refuse(&order, "lines", wish(stock, sheet), 422).await, "orders.line_late", "{stock} {sheet}");
        }
        assert_eq!(world.act(&order, "lines", wish("issue", "callback")).await["lines"][0]["stock"], "used");
        world.act(&order, "confirm", json!({})).await;
        assert_eq!(world.refuse(&order, "lines", wish("plan", "callback"), 422).await, "orders.line_late");
        let dialog = world.admin.page(&format!("/orders/{order}/lines/new")).await.text();
        assert!(dialog.contains("value=\"issue\"") && !dialog.contains("value=\"reserve\""), "the dialog offers what can be done");
        assert_eq!(world.on_hand(app).await, (9000, 0));
    }

    /// A line that was given back is taken again when its stock is named; else it stays as it is.
    async fn a_line_given_back_can_be_taken_again(app: TestApp) {
        let world = world(app).await;
        let order = world.working(json!({ "warranty": "out" })).await;
        let line = id_of(&world.line(&order, 2000, "issue").await["lines"][0]);
        let mut sheet = world.done();
        sheet["used"] = json!([{ "id": line, "quantity": 0 }]);
        assert_eq!(world.act(&order, "complete", sheet).await["payable"], 0);
        let path = format!("/orders/{order}/lines/{line}");
        assert_eq!(world.admin.put(&path, json!({ "note": "未用" })).await.ok()["lines"][0]["stock"], "returned");
        assert_eq!(world.admin.put(&path, json!({ "stock": "reserve" })).await.refused(422), "orders.line_late");
        let out = world.admin.put(&path, json!({ "stock": "issue", "quantity": 1000 })).await.ok();
        assert_eq!((&out["lines"][0]["stock"], &out["lines"][0]["sheet"], &out["payable"]), (&json!("used"), &json!("completion"), &json!(38_000)));
        assert_eq!(world.on_hand(app).await, (9000, 0));
    }

    /// `aftercare check` names orders whose parts are where the state does not allow it.
    async fn the_check_finds_parts_that_the_state_does_not_allow(app: TestApp) {
        let world = world(app).await;
        let cancelled = world.open(json!({})).await;
        world.line(&cancelled, 1000, "issue").await;
        world.act(&cancelled, "cancel", json!({ "reason": "误建" })).await;
        let done = world.working(json!({})).await;
        world.line(&done, 1000, "issue").await;
        world.act(&done, "complete", world.done()).await;
        assert_eq!(faults(app).await, Vec::<String>::new());
        let set = async |order: &str, stock: &str| {
            let id: Id = order.parse().expect("an id");
            let mut tx = app.app.db.begin().await.expect("a transaction");
            let sql = "update order_line set stock = $2 where order_id = $1 and part_id is not null";
            tx.exec(sql, db::args![id, stock]).await.expect("set");
            tx.commit().await.expect("committed");
        };
        for (order, broken, right) in [(&cancelled, "used", "returned"), (&cancelled, "issued", "returned"), (&done, "reserved", "used"), (&done, "planned", "used")] {
            set(order, broken).await;
            let found = faults(app).await;
            assert_eq!(found.iter().filter(|fault| fault.contains("that its state does not allow")).count(), 1, "{broken}: {found:?}");
            set(order, right).await;
        }
    }

    /// PARTS-33: what the intake sheet lists leaves the depot with the dispatch sheet; what is short is told.
    async fn parts_of_the_intake_sheet_go_out_with_the_assignment(app: TestApp) {
        let world = world(app).await;
        let keeper = app.user(Role::Storekeeper).await;
        let line = |quantity: i64| json!({ "part_id": world.part, "depot_id": world.depot, "quantity": quantity });
        let order = world.open(json!({ "lines": [line(3000), line(8000)] })).await;
        assert_eq!(world.on_hand(app).await, (10_000, 0));
        let out = world.assign(&order).await;
        let stock: Vec<&str> = out["lines"].as_array().into_iter().flatten().filter_map(|l| l["stock"].as_str()).collect();
        assert_eq!(stock, ["issued", "planned"], "{out}");
        assert_eq!(world.on_hand(app).await, (7000, 0));
        for reader in [&keeper, &world.admin] {
            let told = reader.page("/notifications").await.text();
            assert!(told.contains("派工备件不足") && told.contains("P1 ×8"), "what is short is told");
        }
        let other = app.user(Role::Engineer).await;
        world.act(&order, "assign", json!({ "engineer_id": other.staff, "reason": "改派" })).await;
        assert_eq!(world.on_hand(app).await, (7000, 0), "once");
        world.act(&order, "terminate", json!({ "reason": "客户取消" })).await;
        assert_eq!(world.on_hand(app).await, (10_000, 0));
    }
}

/// What `aftercare check` says of orders.
pub async fn faults(app: &TestApp) -> Vec<String> {
    let check = app
        .app
        .registry
        .checks
        .iter()
        .find(|check| check.name == "orders.sums_and_states")
        .expect("the check");
    let mut conn = app.app.db.read().await.expect("a reader");
    (check.run)(&mut conn).await.expect("runs")
}
