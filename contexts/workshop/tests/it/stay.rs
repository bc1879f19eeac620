//! From the counter to the pick-up: receipt, bench, waiting, notices, extra items, money.

use serde_json::json;

use crate::world::{SIGNATURE, id, path, pick_up, refused, repaired, slip, world};

testkit::app_test! {
    async fn a_unit_comes_in_is_repaired_and_leaves(app: TestApp) {
        let world = world(app).await;
        let unit = world.received().await;
        assert_eq!((unit["state"].as_str(), unit["box_no"].as_str()), (Some("to_repair"), Some("B001")));
        assert_eq!(unit["articles"][1], json!({ "kind": "accessory", "name": "遥控器", "pieces": 2, "note": "" }));
        assert_eq!(unit["articles"][2]["kind"], "tool");
        assert_eq!(unit["papers"].as_array().map(Vec::len), Some(1), "papers that did not come are left out");
        assert_eq!(unit["order_state"], "accepted", "receiving accepts the order");
        // Nobody's unit yet: a repairer reaches only his own.
        assert_eq!(world.repairer.post(&path(&unit, "begin"), json!({})).await.status.as_u16(), 404);
    }

    /// P-04 with the unit in the house: what the pick-up asked for is not asked again by the process.
    async fn the_pick_up_ends_the_front_desk_process_of_the_order(app: TestApp) {
        let world = world(app).await;
        let rules = json!({ "rules": [{ "mode": "brought_in", "template": "front-desk-repair" }] });
        world.admin.put("/order-processes", rules).await.ok();
        let unit = world.received().await;
        let run = world.order_of(&unit).await["run_id"].as_str().expect("a run").to_string();
        let path_of = |what: &str| format!("/documents/{run}{what}");
        let told = world.admin.get(&path_of("")).await.ok()["fields"].clone();
        assert_eq!((&told["accessories"], &told["appearance"]), (&json!("电源适配器、遥控器 x2、扳手"), &json!("完好")), "the slip is not typed again: {told}");
        let start = json!({ "act": "start", "fields": { "technician": world.repairer.staff } });
        world.admin.post(&path_of("/act"), start).await.ok();
        world.checked(&unit).await;
        world.repairer.post(&path(&unit, "repaired"), repaired()).await.ok();
        app.drain().await;
        assert_eq!(world.admin.get(&path_of("")).await.ok()["step"], "to_pick_up");
        let due = world.seen(&unit).await["due"].as_i64().unwrap_or_default().max(world.order_of(&unit).await["payable"].as_i64().unwrap_or_default());
        world.agent.post(&path(&unit, "pick-up"), pick_up(due)).await.ok();
        let ended = world.admin.get(&path_of("")).await.ok();
        assert_eq!((ended["step"].as_str(), ended["ended_at"].is_null(), &ended["fields"]["picked_up_by"]), (Some("picked_up"), false, &json!("王芳")), "{ended}");
        assert_eq!(ended["fields"]["received"], json!(due), "and what was paid stands on its slip");
        assert_eq!(world.order_of(&unit).await["state"], "confirmed");
        let clocks = world.admin.get(&path_of("/clocks")).await.ok();
        assert!(clocks.as_array().into_iter().flatten().all(|c| c["state"] != "open"), "nobody waits for it: {clocks}");
        app.drain().await;
        let tasks = world.admin.get(&path_of("/history")).await.ok();
        assert!(tasks.to_string().contains("picked_up"), "{tasks}");
    }

    /// SHOP-24, P-04: one count of what the customer was told, from whichever page it was told.
    async fn what_the_customer_was_told_is_counted_once_for_bench_and_process(app: TestApp) {
        let world = world(app).await;
        let rules = json!({ "rules": [{ "mode": "brought_in", "template": "front-desk-repair" }] });
        world.admin.put("/order-processes", rules).await.ok();
        let unit = world.received().await;
        let run = world.order_of(&unit).await["run_id"].as_str().expect("a run").to_string();
        let start = json!({ "act": "start", "fields": { "technician": world.repairer.staff } });
        world.admin.post(&format!("/documents/{run}/act"), start).await.ok();
        let bench = json!({ "kind": "extended", "text": "再等两天" });
        world.agent.post(&path(&unit, "notices"), bench).await.ok();
        world.agent.post(&path(&unit, "notices"), json!({ "kind": "extended", "missed": true })).await.ok();
        let told = world.admin.get(&format!("/documents/{run}")).await.ok()["messages"].clone();
        assert_eq!(told, json!({ "extended": 1 }), "whoever was not reached was not told");
        world.agent.post(&format!("/documents/{run}/tell"), json!({ "message": "extended" })).await.ok();
        app.drain().await;
        let notices = world.agent.get(&path(&unit, "notices")).await.ok();
        let list: Vec<(i64, bool)> = notices["told"].as_array().into_iter().flatten().filter_map(|n| Some((n["nth"].as_i64()?, n["staff_name"].as_str()?.starts_with("测试员")))).collect();
        assert_eq!(list, [(3, true), (2, true), (1, true)], "{notices}");
        let told = world.admin.get(&format!("/documents/{run}")).await.ok()["messages"].clone();
        assert_eq!(told, json!({ "extended": 2 }), "and nothing comes back as an echo");
    }

    /// P-05: what goes back unrepaired waits on its shelf; that it was fetched, paid and signed for is asked when it is.
    async fn a_unit_that_goes_back_unrepaired_ends_the_front_desk_process(app: TestApp) {
        let world = world(app).await;
        let rules = json!({ "rules": [{ "mode": "brought_in", "template": "front-desk-repair" }] });
        world.admin.put("/order-processes", rules).await.ok();
        let unit = world.received().await;
        let run = world.order_of(&unit).await["run_id"].as_str().expect("a run").to_string();
        let start = json!({ "act": "start", "fields": { "technician": world.repairer.staff } });
        world.admin.post(&format!("/documents/{run}/act"), start).await.ok();
        world.head.post(&path(&unit, "give-back"), json!({ "why": "no_parts", "note": "停产" })).await.ok();
        let ended = world.admin.get(&format!("/documents/{run}")).await.ok();
        assert_eq!((ended["step"].as_str(), ended["ended_at"].is_null()), (Some("returned"), false), "{ended}");
        let seen = world.seen(&unit).await;
        assert_eq!((seen["state"].as_str(), world.order_of(&unit).await["state"].as_str()), (Some("give_back"), Some("returned_unrepaired")), "{seen}");
    }

    /// What would be refused is no main button: the order's page leads to the pick-up while the unit is in the house, and
    /// asks for the confirmation where nothing was ever received.
    async fn the_main_button_of_an_order_in_the_shop_is_what_comes_next(app: TestApp) {
        let world = world(app).await;
        let unit = world.received().await;
        let order = format!("/orders/{}", unit["order_id"].as_str().expect("an order"));
        world.head.post(&path(&unit, "assign"), json!({ "engineer_id": world.repairer.staff })).await.ok();
        let offered = |page: String| page.split("id=\"order-more\"").next().unwrap_or_default().to_string();
        let page = offered(world.admin.page(&order).await.text());
        assert!(page.contains("/ask/start") && !page.contains("/ask/arrive"), "nobody travels to it: {page}");
        world.repairer.post(&path(&unit, "begin"), json!({})).await.ok();
        let page = offered(world.admin.page(&order).await.text());
        assert!(!page.contains("/ask/complete"), "the checks come first: {page}");
        world.checked(&unit).await;
        assert!(offered(world.admin.page(&order).await.text()).contains("/ask/complete"));
        world.repairer.post(&path(&unit, "repaired"), repaired()).await.ok();
        let page = offered(world.agent.page(&order).await.text());
        assert!(page.contains("/shop?pick_up=true") && !page.contains("/ask/confirm"), "{page}");
        let led = world.agent.page(&format!("{order}/shop?pick_up=true")).await;
        assert_eq!(led.headers.get("location").and_then(|to| to.to_str().ok()), Some(path(&unit, "pick-up").as_str()));

        let made = world.order().await;
        let order = format!("/orders/{}", id(&made));
        world.admin.post(&format!("{order}/accept"), json!({})).await;
        world.admin.post(&format!("{order}/assign"), json!({ "engineer_id": world.repairer.staff })).await.ok();
        world.repairer.post(&format!("{order}/start"), json!({})).await.ok();
        let done = json!({ "cause": "product", "root_cause": "电源板击穿", "result": "试机正常", "signature": SIGNATURE });
        world.repairer.post(&format!("{order}/complete"), done).await.ok();
        let page = offered(world.admin.page(&order).await.text());
        assert!(page.contains("/ask/confirm") && !page.contains("pick_up"), "never received, so nothing is picked up: {page}");
        assert_eq!(world.agent.page(&format!("{order}/shop")).await.status.as_u16(), 409);
    }

    async fn the_bench_follows_the_order(app: TestApp) {
        let world = world(app).await;
        let unit = world.received().await;
        let order = format!("/orders/{}", unit["order_id"].as_str().expect("an order"));
        assert_eq!(refused(world.head.post(&path(&unit, "begin"), json!({})).await), "workshop.unassigned");
        let input = json!({ "engineer_id": world.repairer.staff });
        world.head.post(&path(&unit, "assign"), input).await.ok();
        let state = |unit: serde_json::Value| unit["state"].as_str().unwrap_or_default().to_string();
        let begun = world.repairer.post(&path(&unit, "begin"), json!({})).await.ok();
        assert_eq!((begun["place_kind"].as_str(), state(begun.clone())), (Some("bay"), "repairing".into()));
        for (reason, bench) in [("parts", "parts"), ("hard", "hard"), ("customer", "waiting")] {
            let waits = world.repairer.post(&path(&unit, "wait"), json!({ "reason": reason })).await.ok();
            assert_eq!(state(waits), bench);
            let listed = world.admin.get(&format!("/workshop?filter=state~in~{bench}")).await.ok();
            assert_eq!(listed["items"].as_array().map(Vec::len), Some(1), "the list says the same: {listed}");
            assert_eq!(world.admin.get(&order).await.ok()["state"], "waiting");
            // The order's own door leads to the same truth.
            world.repairer.post(&format!("{order}/resume"), json!({})).await.ok();
            assert_eq!(state(world.seen(&unit).await), "repairing");
        }
        assert_eq!(refused(world.repairer.post(&path(&unit, "wait"), json!({ "reason": "factory" })).await), "workshop.use_maker");
        let placed = world.repairer.post(&path(&unit, "place"), json!({ "place_kind": "outside", "place": "老李电机" })).await.ok();
        assert_eq!((placed["place_kind"].as_str(), placed["place"].as_str()), (Some("outside"), Some("老李电机")));
        app.advance(3 * 86_400 + 60).await;
        kit_days(app).await;
        assert_eq!(world.seen(&unit).await["days"], 3);
        let old = world.admin.get("/workshop?filter=days~gte~3").await.ok();
        assert_eq!(old["items"].as_array().map(Vec::len), Some(1));
        app.check().await;
    }

    async fn parts_that_are_all_here_are_seen(app: TestApp) {
        let world = world(app).await;
        let unit = world.begun().await;
        let lines = format!("/orders/{}/lines", unit["order_id"].as_str().expect("an order"));
        let wish = |stock: &str| json!({ "part_id": world.part["id"], "depot_id": world.depot["id"], "quantity": 1000, "stock": stock });
        let made = world.repairer.post(&lines, wish("plan")).await.ok();
        world.repairer.post(&path(&unit, "wait"), json!({ "reason": "parts", "note": "电源板" })).await.ok();
        let listed = |parts: &'static str| { let admin = world.admin.clone(); async move {
            admin.get(&format!("/workshop?filter=parts~in~{parts}")).await.ok()["items"].as_array().map_or(0, Vec::len)
        } };
        assert_eq!((listed("missing").await, listed("here").await), (1, 0));
        let line = made["lines"][0]["id"].as_str().expect("a line");
        world.repairer.put(&format!("{lines}/{line}"), json!({ "stock": "reserve" })).await.ok();
        assert_eq!((listed("missing").await, listed("here").await), (0, 1));
    }

    async fn a_slip_is_complete_or_refused(app: TestApp) {
        let world = world(app).await;
        let order = world.order().await;
        let receive = format!("/orders/{}/receive", id(&order));
        let code = |change: serde_json::Value| {
            let mut input = slip();
            for (key, value) in change.as_object().expect("fields") { input[key] = value.clone(); }
            let (agent, receive) = (world.agent.clone(), receive.clone());
            async move { refused(agent.post(&receive, input).await) }
        };
        assert_eq!(code(json!({ "outer_look": "", "scratches": "" })).await, "workshop.looks");
        assert_eq!(code(json!({ "signature": null })).await, "workshop.signature");
        assert_eq!(code(json!({ "signature": "x" })).await, "orders.picture");
        assert_eq!(code(json!({ "articles_text": "扳手 x1000" })).await, "workshop.articles");
        let unit = world.agent.post(&receive, slip()).await.ok();
        assert_eq!(code(json!({})).await, "workshop.in_house");
        let second = world.order().await;
        let mut input = slip();
        input["box_no"] = json!("B001");
        assert_eq!(refused(world.agent.post(&format!("/orders/{}/receive", id(&second)), input).await), "workshop.box_used");
        assert!(world.repairer.post(&format!("/orders/{}/receive", id(&second)), slip()).await.status.as_u16() == 403);
        let page = world.agent.page(&path(&unit, "slip")).await;
        assert!(page.text().contains("存根联") && page.text().contains("客户联") && page.text().contains("遥控器"));
        assert!(world.agent.page(&path(&unit, "label")).await.text().contains("B001"));
    }

    async fn a_promise_sooner_than_the_load_allows_is_warned_of(app: TestApp) {
        let world = world(app).await;
        let order = world.order().await;
        let load = world.agent.get(&format!("/orders/{}/shop-load", id(&order))).await.ok();
        assert_eq!((load["waiting"].as_i64(), load["repairers"].as_i64()), (Some(0), Some(1)));
        assert_eq!(load["earliest"], "2026-11-18");
        let mut input = slip();
        input["pickup_on"] = json!("2026-11-18");
        let unit = world.agent.post(&format!("/orders/{}/receive", id(&order)), input).await.ok();
        assert!(unit["warnings"].is_null(), "{unit}");
        for _ in 0..3 { world.received().await; }
        let order = world.order().await;
        let mut input = slip();
        input["pickup_on"] = json!("2026-11-18");
        let unit = world.agent.post(&format!("/orders/{}/receive", id(&order)), input).await.ok();
        assert!(unit["warnings"][0].as_str().is_some_and(|text| text.contains("2026-11-19")), "{unit}");
        assert_eq!(world.seen(&unit).await["pickup_on"], "2026-11-18");
    }

    async fn five_notices_each_with_number_and_time(app: TestApp) {
        let world = world(app).await;
        let unit = world.begun().await;
        let tell = path(&unit, "notices");
        assert_eq!(refused(world.agent.post(&tell, json!({ "kind": "repaired" })).await), "workshop.not_ready");
        // Nobody is told that it takes until "____".
        assert_eq!(refused(world.agent.post(&tell, json!({ "kind": "extended" })).await), "workshop.notice_gap");
        for kind in ["arrived", "extended", "waiting", "ordered"] {
            let words = if kind == "extended" { json!("要多等两天，周五可取") } else { json!(null) };
            let told = world.agent.post(&tell, json!({ "kind": kind, "text": words })).await.ok();
            assert_eq!((told["nth"].as_i64(), told["reached"].as_bool()), (Some(1), Some(true)));
        }
        app.clock.advance_secs(3600);
        let again = world.agent.post(&tell, json!({ "kind": "waiting", "missed": true, "channel": "sms" })).await.ok();
        assert_eq!((again["nth"].as_i64(), again["at"].as_str()), (Some(2), Some("2026-11-18T02:00:00Z")));
        assert!(again["text"].as_str().is_some_and(|text| text.contains("净水机") && !text.contains('{')), "{again}");
        let said = world.agent.get(&tell).await.ok();
        assert_eq!(said["told"].as_array().map(Vec::len), Some(5));
        assert_eq!(said["texts"].as_array().map(Vec::len), Some(5));
        assert!(said["texts"][3]["en"].as_str().is_some_and(|text| text.contains("waits for")));
        assert_eq!(world.admin.get("/shop-notices?view=missed").await.ok()["items"].as_array().map(Vec::len), Some(1));
        assert_eq!(world.seen(&unit).await["notices"], 5);
    }

    async fn extra_items_are_done_only_after_a_yes(app: TestApp) {
        let world = world(app).await;
        let unit = world.begun().await;
        let extras = path(&unit, "extras");
        assert_eq!(refused(world.repairer.post(&extras, json!({ "what": " ", "price": 1 })).await), "workshop.extra_what");
        let item = world.repairer.post(&extras, json!({ "what": "更换水泵", "price": 60000, "delay": "1 天", "necessary": true })).await.ok();
        let answer = |item: &serde_json::Value| format!("{extras}/{}/answer", id(item));
        assert_eq!(refused(world.agent.post(&answer(&item), json!({ "agreed": true })).await), "workshop.extra_by");
        let before = world.order_of(&unit).await["payable"].as_i64().expect("a sum");
        world.agent.post(&answer(&item), json!({ "agreed": true, "by": "王芳", "how": "电话" })).await.ok();
        let order = world.order_of(&unit).await;
        assert_eq!(order["payable"].as_i64(), Some(before + 60000));
        assert_eq!(order["over_quote"], false, "the consent came with the yes: {order}");
        assert_eq!(order["consent_total"], order["payable"]);
        assert_eq!(refused(world.agent.post(&answer(&item), json!({ "agreed": true, "by": "王芳" })).await), "workshop.extra_answered");
        let item = world.repairer.post(&extras, json!({ "what": "更换漏电保护", "price": "12.50", "necessary": true })).await.ok();
        assert_eq!(item["price"], 1250);
        world.agent.post(&answer(&item), json!({ "agreed": false, "by": "王芳" })).await.ok();
        let records = world.admin.get(&format!("/units/{}/records", id(&world.unit))).await;
        let noted = if records.status.is_success() { records.text() } else { world.admin.page(&format!("/units/{}", id(&world.unit))).await.text() };
        assert!(noted.contains("更换漏电保护"), "a refused necessary item stays open on the unit (PROD-08): {noted}");
        app.check().await;
    }

    /// SHOP-18: who asks the customer records the answer, at the price that was agreed; by nobody's own word does the
    /// commission of the same person rise (PAY-03).
    async fn an_agreed_extra_is_recorded_by_who_asked(app: TestApp) {
        let world = world(app).await;
        let unit = world.begun().await;
        let extras = path(&unit, "extras");
        let clerk = app.user(kit::Role::Callback).await;
        for (who, kind) in [(&world.repairer, "fee"), (&clerk, "labour")] {
            let item = world.repairer.post(&extras, json!({ "what": format!("增项 {kind}"), "price": 60000 })).await.ok();
            let before = world.order_of(&unit).await["payable"].as_i64().expect("a sum");
            who.post(&format!("{extras}/{}/answer", id(&item)), json!({ "agreed": true, "by": "王芳", "how": "电话" })).await.ok();
            let order = world.order_of(&unit).await;
            assert_eq!(order["payable"].as_i64(), Some(before + 60000));
            assert_eq!((&order["over_quote"], &order["consent_total"]), (&json!(false), &order["payable"]));
            let line = order["items"].as_array().and_then(|lines| lines.last().cloned()).unwrap_or_default();
            assert_eq!((line["kind"].as_str(), line["price"].as_i64()), (Some(kind), Some(60000)), "{line}");
        }
    }

    /// QC-06: the checks of the first repair say nothing about the second.
    async fn what_comes_back_into_work_is_checked_again(app: TestApp) {
        let world = world(app).await;
        let unit = world.ready(app).await;
        let order = unit["order_id"].as_str().expect("an order").to_string();
        world.admin.post(&format!("/orders/{order}/reopen"), json!({ "reason": "又不通电" })).await.ok();
        app.drain().await;
        let input = json!({ "engineer_id": world.repairer.staff });
        world.head.post(&path(&unit, "assign"), input).await.ok();
        world.repairer.post(&path(&unit, "begin"), json!({})).await.ok();
        assert_eq!(refused(world.repairer.post(&path(&unit, "repaired"), repaired()).await), "workshop.checks_open");
        world.checked(&unit).await;
        world.repairer.post(&path(&unit, "repaired"), repaired()).await.ok();
    }

    async fn over_the_limit_work_stands_still(app: TestApp) {
        let world = world(app).await;
        let unit = world.assigned().await;
        let order = format!("/orders/{}", unit["order_id"].as_str().expect("an order"));
        world.admin.post(&format!("{order}/lines"), json!({ "kind": "labour", "name": "大修", "price": 90000 })).await.ok();
        assert_eq!(refused(world.repairer.post(&path(&unit, "begin"), json!({})).await), "orders.over_quote");
        assert_eq!(world.seen(&unit).await["over_quote"], true);
        world.agent.post(&format!("{order}/consent"), json!({ "by": "王芳", "total": 110_000, "note": "电话录音" })).await.ok();
        world.repairer.post(&path(&unit, "begin"), json!({})).await.ok();
    }

    async fn a_unit_leaves_only_paid_checked_and_signed(app: TestApp) {
        let world = world(app).await;
        let unit = world.begun().await;
        assert_eq!(refused(world.agent.post(&path(&unit, "pick-up"), pick_up(0)).await), "workshop.not_ready");
        world.checked(&unit).await;
        let mut sheet = repaired();
        sheet["wear"] = json!([{ "part": "滤芯", "percent": 400 }]);
        let wrong = world.repairer.post(&path(&unit, "repaired"), sheet.clone()).await;
        assert_eq!((wrong.status.as_u16(), wrong.json()["errors"][0]["field"].clone()), (422, json!("wear.0.percent")));
        sheet["wear"] = json!([{ "part": "滤芯", "percent": 40, "months": 6 }, { "part": "" }]);
        world.repairer.post(&path(&unit, "repaired"), sheet).await.ok();
        app.drain().await;
        let ready = world.seen(&unit).await;
        assert_eq!((ready["state"].as_str(), ready["place"].as_str()), (Some("ready"), Some("待取架 1")));
        let due = ready["due"].as_i64().expect("a sum");
        assert!(due > 0, "out of warranty costs something: {ready}");
        let order = format!("/orders/{}", unit["order_id"].as_str().expect("an order"));
        assert_eq!(refused(world.admin.post(&format!("{order}/confirm"), json!({})).await), "workshop.pick_up_first");
        let code = |change: serde_json::Value| {
            let mut input = pick_up(due);
            for (key, value) in change.as_object().expect("fields") { input[key] = value.clone(); }
            let (agent, to) = (world.agent.clone(), path(&unit, "pick-up"));
            async move { refused(agent.post(&to, input).await) }
        };
        assert_eq!(code(json!({ "signature": null })).await, "workshop.pickup_signature");
        assert_eq!(code(json!({ "identity": null })).await, "workshop.identity");
        assert_eq!(code(json!({ "checks": ["tested", "explained"] })).await, "workshop.checks");
        assert_eq!(code(json!({ "received": due - 1 })).await, "workshop.unsettled");
        assert_eq!(code(json!({ "received": due + 1 })).await, "workshop.received");
        let mut taken = pick_up(due);
        taken["call_time"] = json!("18:00-20:00");
        let left = world.agent.post(&path(&unit, "pick-up"), taken).await.ok();
        assert_eq!((left["state"].as_str(), left["settled"].as_bool(), left["order_state"].as_str()), (Some("gone"), Some(true), Some("confirmed")));
        let slip = world.agent.page(&path(&unit, "pick-up-slip")).await.text();
        assert!(slip.contains("已当面试机"));
        // PROD-17, CUST-13: what the customer is told and was asked stands on the slip and in their file.
        assert!(slip.contains("滤芯") && slip.contains("40 %") && slip.contains("18:00–20:00"), "{slip}");
        let customer = world.customer["id"].as_str().expect("an id");
        let customer = world.agent.get(&format!("/customers/{customer}")).await.ok();
        assert_eq!((customer["call_from"].as_str(), customer["call_to"].as_str()), (Some("18:00"), Some("20:00")));
        assert_eq!(refused(world.agent.post(&path(&unit, "pick-up"), pick_up(due)).await), "workshop.gone");
        let sheet = world.admin.get(&format!("{order}/sheets/completion")).await.ok();
        assert!(sheet["signature"].as_str().is_some(), "the signature stands on the order's sheets");
        // The box is free again.
        assert_eq!(world.received().await["box_no"], "B001");
        app.check().await;
    }

    async fn leaving_unpaid_is_flagged_where_it_is_allowed(app: TestApp) {
        let world = world(app).await;
        let unit = world.ready(app).await;
        world.admin.put("/settings", json!({ "key": "workshop.unsettled_pickup", "value": "flag" })).await.ok();
        let due = world.seen(&unit).await["due"].as_i64().expect("a sum");
        assert_eq!(refused(world.agent.post(&path(&unit, "pick-up"), pick_up(0)).await), "workshop.unsettled");
        let mut owing = pick_up(due - 1000);
        owing["unsettled_reason"] = json!("月结客户");
        world.agent.post(&path(&unit, "pick-up"), owing).await.ok();
        let open = |n: usize| { let admin = world.admin.clone(); async move {
            assert_eq!(admin.get("/workshop?view=unsettled").await.ok()["items"].as_array().map(Vec::len), Some(n));
        } };
        open(1).await;
        assert_eq!(refused(world.agent.post(&path(&unit, "settle"), json!({ "received": 1001 })).await), "workshop.received");
        world.agent.post(&path(&unit, "settle"), json!({ "received": 400 })).await.ok();
        open(1).await;
        let done = world.agent.post(&path(&unit, "settle"), json!({ "received": "6.00" })).await.ok();
        assert_eq!((done["settled"].as_bool(), done["received"].as_i64()), (Some(true), Some(due)));
        open(0).await;
        app.check().await;
    }

    async fn units_nobody_picks_up_are_chased(app: TestApp) {
        let world = world(app).await;
        let unit = world.ready(app).await;
        let chased = |n: i64| { let (admin, to) = (world.admin.clone(), path(&unit, "")); async move {
            assert_eq!(admin.get(&to).await.ok()["chases"], n);
        } };
        app.advance(7 * 86_400 - 60).await;
        chased(0).await;
        app.advance(120).await;
        chased(1).await;
        assert_eq!(world.admin.get("/workshop?view=uncollected").await.ok()["items"].as_array().map(Vec::len), Some(1));
        let told = world.agent.get("/notifications").await.ok().to_string();
        assert!(told.contains("7 天无人取"), "{told}");
        app.advance(23 * 86_400).await;
        chased(2).await;
        app.advance(60 * 86_400).await;
        chased(3).await;
        let due = world.seen(&unit).await["due"].as_i64().expect("a sum");
        world.agent.post(&path(&unit, "pick-up"), pick_up(due)).await.ok();
        assert_eq!(world.admin.get("/workshop?view=uncollected").await.ok()["items"].as_array().map(Vec::len), Some(0));
    }

    async fn an_order_stopped_on_its_own_page_sends_its_unit_home(app: TestApp) {
        let world = world(app).await;
        let unit = world.begun().await;
        let order = format!("/orders/{}", unit["order_id"].as_str().expect("an order"));
        world.admin.post(&format!("{order}/return"), json!({ "reason": "客户不修了" })).await.ok();
        app.drain().await;
        let seen = world.seen(&unit).await;
        assert_eq!((seen["state"].as_str(), seen["place_kind"].as_str()), (Some("give_back"), Some("pickup")));
        assert!(seen["ready_at"].is_string(), "{seen}");
        let told = world.agent.get("/notifications").await.ok().to_string();
        assert!(told.contains("工单已停办"), "{told}");
        app.advance(7 * 86_400 + 60).await;
        assert_eq!(world.seen(&unit).await["chases"], 1, "chased like any other");
        // At its maker it comes back first.
        let unit = world.begun().await;
        world.head.post(&path(&unit, "maker-returns"), json!({ "maker": "清源", "looks": "完好" })).await.ok();
        let order = format!("/orders/{}", unit["order_id"].as_str().expect("an order"));
        world.admin.post(&format!("{order}/terminate"), json!({ "reason": "无维修价值" })).await.ok();
        app.drain().await;
        assert!(world.seen(&unit).await["ready_at"].is_null());
        world.head.post(&path(&unit, "maker-back"), json!({ "outcome": "not_fixed", "note": "停产" })).await.ok();
        let seen = world.seen(&unit).await;
        assert_eq!((seen["place_kind"].as_str(), seen["ready_at"].is_string()), (Some("pickup"), true), "{seen}");
    }

    async fn what_goes_back_unrepaired_says_why(app: TestApp) {
        let world = world(app).await;
        let unit = world.begun().await;
        assert_eq!(refused(world.repairer.post(&path(&unit, "give-back"), json!({ "why": "other" })).await), "workshop.why_back");
        let back = world.repairer.post(&path(&unit, "give-back"), json!({ "why": "no_parts", "note": "停产" })).await.ok();
        assert_eq!((back["state"].as_str(), back["order_state"].as_str()), (Some("give_back"), Some("returned_unrepaired")));
        let due = back["due"].as_i64().expect("a sum");
        let mut input = pick_up(due);
        input["checks"] = json!(["explained", "articles", "papers"]);
        world.agent.post(&path(&unit, "pick-up"), input).await.ok();
        // Before work began the order is terminated.
        let unit = world.received().await;
        let back = world.head.post(&path(&unit, "give-back"), json!({ "why": "withdrawn" })).await.ok();
        assert_eq!(back["order_state"], "terminated");
        let listed = world.admin.get("/workshop?filter=why_back~in~withdrawn").await.ok();
        assert_eq!(listed["items"].as_array().map(Vec::len), Some(1));
        app.check().await;
    }

    async fn pages_open_and_forms_answer(app: TestApp) {
        let world = world(app).await;
        let order = world.order().await;
        let page = world.agent.page("/workshop/receive").await.text();
        assert!(page.contains(order["no"].as_str().expect("a number")));
        let form = format!("/orders/{}/receive", id(&order));
        assert!(world.agent.page(&form).await.text().contains("随机附件与物品"));
        let answer = world.agent.form(&form, "outer_look=&papers.0.kind=invoice&papers.0.seen=on").await;
        assert_eq!(answer.status, 422, "{}", answer.text());
        assert!(answer.text().contains("请记录外观情况"));
        let sign = SIGNATURE.replace('+', "%2B").replace('/', "%2F").replace('=', "%3D");
        let answer = world.agent.form(&form, &format!("outer_look=ok&articles_text=a+x2&papers.0.kind=invoice&papers.0.seen=on&signature_png={sign}")).await;
        assert_eq!(answer.status, 303, "{}", answer.text());
        let units = world.agent.get(&format!("/orders/{}/shop-units", id(&order))).await.ok();
        let unit = units[0].clone();
        assert_eq!(unit["articles"][0]["pieces"], 2);
        let input = json!({ "engineer_id": world.repairer.staff });
        world.head.post(&path(&unit, "assign"), input).await.ok();
        for what in ["", "ask/place", "ask/assign", "ask/begin", "ask/wait", "ask/repaired", "ask/give-back", "ask/notices", "ask/extras",
            "ask/maker-returns", "ask/ask-maker", "ask/maker-back", "ask/settle", "slip", "label", "pick-up", "checks/self", "checks/final"] {
            let answer = world.head.page(&path(&unit, what)).await;
            assert_eq!(answer.status, 200, "{what}: {}", answer.text());
        }
        for list in ["/workshop", "/workshop?view=here", "/maker-returns", "/check-sheets", "/shop-notices", "/workshop/checks",
            "/workshop/checks/new/edit", "/workshop/checks/machine39/edit", "/workshop/check-rules/repair_minor"] {
            assert_eq!(world.head.page(list).await.status, 200, "{list}");
        }
        let answer = world.repairer.form(&path(&unit, "begin"), "note=").await;
        assert_eq!(answer.status, 303, "{}", answer.text());
        let answer = world.repairer.form(&path(&unit, "checks/self"), "answers.0.verdict=fail&rest_passed=on").await;
        assert_eq!(answer.status, 422, "{}", answer.text());
        // What nobody touched is not sent; the number of the point keeps answers where they belong.
        let answer = world.repairer.form(&path(&unit, "checks/self"), "answers.4.point=9&answers.4.verdict=fail&rest_passed=on").await;
        assert!(answer.status == 422 && answer.text().contains("检查项目与模板不符"), "{}", answer.text());
        let answer = world.repairer.form(&path(&unit, "checks/self"), "answers.0.verdict=pass&answers.1.verdict=none&rest_passed=on").await;
        assert_eq!(answer.status, 303, "{}", answer.text());
    }
}

/// Runs the schedule that counts days.
async fn kit_days(app: &testkit::TestApp) {
    workshop::unit::service::count_days(app.system()).await.expect("counted");
}
