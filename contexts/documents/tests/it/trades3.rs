//! What the shipped templates demand off the straight way: late, refused, waiting, back again; see `trades`.

use kit::Role;
use serde_json::{Value, json};
use testkit::app_test;

use crate::world::*;

app_test! {
    async fn integrated_sheets_come_back_and_false_ones_go_back(app: TestApp) {
        let w = world(app).await;
        let fields = json!({ "customer": "李", "phone": "1", "area": "吴中", "demand": "异响", "mode": "brought_in", "warranty": "out" });
        // What can't be repaired is broken off, not signed as done.
        let doc = open(&w.agent, "integrated", fields.clone()).await;
        let doc = act(&w.agent, &doc, "accept", json!({})).await;
        let doc = act(&w.dispatcher, &doc, "send", json!({ "engineer": w.engineer.staff })).await;
        let doc = act(&w.engineer, &doc, "begin", json!({})).await;
        assert_eq!(refused(&w.engineer, &doc, "stop", json!({ "work": "主板烧毁" })).await, "process.reason");
        let doc = act_why(&w.engineer, &doc, "stop", "无法修复", json!({ "work": "主板烧毁，配件停产" })).await;
        assert_eq!((step(&doc), doc["stage"].as_str()), ("stopped", Some("terminated")));
        let doc = open(&w.agent, "integrated", fields).await;
        let doc = act(&w.agent, &doc, "accept", json!({})).await;
        assert!(no_clock(&w.agent, &doc, "urgent").await, "two hours are for urgent ones");
        let doc = act(&w.dispatcher, &doc, "send", json!({ "engineer": w.engineer.staff })).await;
        let doc = act(&w.engineer, &doc, "begin", json!({})).await;
        let doc = act(&w.engineer, &doc, "finish", json!({ "work": "紧固", "finished_at": "2026-11-18T05:00:00Z" })).await;
        pass(app, 7 * 24 * 60 + 1).await;
        assert!(has(&told(app, &w.agent).await, "返单时限"), "seven days for the sheet (N-33)");
        let doc = act(&w.agent, &doc, "return_sheet", json!({ "sheet_back_at": "2026-11-25T06:00:00Z", "score": 80 })).await;
        assert_eq!(refused(&w.agent, &doc, "satisfied", json!({ "class": "satisfied" })).await, "process.who_may", "the desk does not rate itself");
        let warn = clock(&w.agent, &doc, "callback").await["warn_at"].as_str().map(str::to_string);
        assert_eq!(warn.as_deref(), Some("2026-11-27T13:01:00Z"), "twelve hours before three days are over");
        pass(app, 4 * 24 * 60 + 1).await;
        assert!(has(&told(app, &w.callback).await, "超时：首次回访") && has(&told(app, &w.manager).await, "超时升级：首次回访"));
        let list = w.manager.send(http::Method::GET, "/api/v1/notifications", &[("accept-language", "en")], Vec::new()).await;
        let titles: Vec<String> = list.json().as_array().expect("a list").iter().map(|n| n["title"].to_string()).collect();
        assert!(has(&titles, "Late, one level up: First callback") && !has(&titles, "超时"), "every rung in the reader's language: {titles:?}");
        let doc = save(&w.callback, &doc, json!({ "answers": { "callback": { "quality": 5, "attitude": 5 } } })).await;
        let doc = act(&w.callback, &doc, "satisfied", json!({ "class": "satisfied" })).await;
        assert_eq!(refused(&w.auditor, &doc, "reject", json!({})).await, "process.reason");
        let doc = act_why(&w.auditor, &doc, "reject", "虚假单据", json!({})).await;
        assert_eq!((step(&doc), doc["stage"].as_str()), ("sheet", Some("done")));
        assert_eq!(refused(&w.agent, &doc, "return_sheet", json!({})).await, "process.needed", "a false sheet is not the true one");
        let doc = act(&w.agent, &doc, "return_sheet", json!({ "sheet_back_at": "2026-11-29T06:30:00Z", "score": 60 })).await;
        save(&w.callback, &doc, json!({ "answers": { "callback": { "quality": 5, "attitude": 5 } } })).await;
        let doc = act(&w.callback, &doc, "satisfied", json!({})).await;
        let doc = act(&w.auditor, &doc, "audit", json!({ "deduction": "12.50" })).await;
        let settled = tasks(&w.agent, &doc).await;
        assert_eq!((settled[0]["text"].as_str(), settled[0]["state"].as_str()), (Some("工程师结算：审核扣罚 −¥ 12.50"), Some("open")), "what the end makes outlives it");
    }

    async fn front_desk_gives_five_kinds_of_notices(app: TestApp) {
        let w = world(app).await;
        let fields = json!({ "customer": "王", "phone": "13900001111", "product": "打印机", "fault": "卡纸", "accessories": "无", "warranty": "in" });
        let doc = open(&w.agent, "front-desk-repair", fields.clone()).await;
        pass(app, 4 * 60 + 1).await;
        assert!(has(&told(app, &w.dispatcher).await, "超时：派工时限"), "four working hours to assign");
        let doc = act(&w.dispatcher, &doc, "start", json!({ "technician": w.engineer.staff })).await;
        let doc = act(&w.engineer, &doc, "wait_part", json!({ "part": "搓纸轮" })).await;
        assert_eq!(tasks(&w.agent, &doc).await[0]["text"], "申领备件工具：打印机 待件：搓纸轮");
        for kind in ["waiting", "arrived", "ordered"] {
            assert_eq!(w.engineer.post(&format!("/documents/{}/tell", id(&doc)), json!({ "message": kind })).await.refused(422), "process.who_may", "the desk talks to customers");
            tell(&w.agent, &doc, kind).await;
        }
        let doc = act(&w.engineer, &doc, "part_here", json!({})).await;
        tell(&w.agent, &doc, "extended").await;
        let doc = act(&w.engineer, &doc, "too_hard", json!({})).await;
        assert_eq!((step(&doc), doc["stage"].as_str()), ("hard", Some("waiting")), "难修");
        assert_eq!(clock(&w.agent, &doc, "in_warranty").await["state"], "open", "hard is no excuse: only parts stop the clock");
        assert_eq!(refused(&w.engineer, &doc, "reassign", json!({ "technician": w.engineer.staff })).await, "process.who_may");
        let second = app.user(Role::Engineer).await;
        let doc = act(&w.dispatcher, &doc, "reassign", json!({ "technician": second.staff })).await;
        assert_eq!(refused(&w.engineer, &doc, "repaired", json!({ "result": "好", "cost": "0" })).await, "process.who_may", "it is another's now");
        // Three working days are over: the head hears of it, and the customer is told by itself.
        pass(app, 9 * 24 * 60).await;
        assert!(has(&told(app, &w.dispatcher).await, "保内修理周期 3 个工作日"));
        let doc = now(&w.agent, &doc).await;
        assert_eq!((&doc["messages"]["extended"], &doc["messages"]["waiting"], &doc["messages"]["arrived"], &doc["messages"]["ordered"]), (&json!(2), &json!(2), &json!(1), &json!(1)));
        let doc = act(&second, &doc, "repaired", json!({ "result": "换搓纸轮", "cost": "0" })).await;
        let doc = act_why(&w.agent, &doc, "again", "试机不合格", json!({})).await;
        let doc = act(&second, &doc, "repaired", json!({})).await;
        let doc = tell(&w.agent, &doc, "repaired").await;
        let log = w.agent.get(&format!("/documents/{}/messages", id(&doc))).await.ok();
        let log: Vec<(&str, i64, bool)> = log.as_array().into_iter().flatten()
            .map(|m| (m["kind"].as_str().unwrap_or_default(), m["count"].as_i64().unwrap_or(0), m["at"].is_string())).collect();
        assert_eq!(log, [("waiting", 1, true), ("waiting", 2, true), ("arrived", 1, true), ("ordered", 1, true), ("extended", 1, true), ("extended", 2, true), ("repaired", 1, true)], "five kinds, each with time and count");
        // Not repaired: with a reason, by those who may.
        let doc = open(&w.agent, "front-desk-repair", fields).await;
        let doc = act(&w.dispatcher, &doc, "start", json!({ "technician": w.engineer.staff })).await;
        assert_eq!(refused(&w.agent, &doc, "terminate", json!({})).await, "process.act", "begun work is not terminated but returned");
        assert_eq!(refused(&w.engineer, &doc, "return", json!({})).await, "process.who_may");
        assert_eq!(refused(&w.agent, &doc, "return", json!({})).await, "process.reason");
        let why = |fields: Value| json!({ "act": "return", "reason": "等不到配件", "fields": fields });
        let path = format!("/documents/{}/act", id(&doc));
        assert_eq!(w.agent.post(&path, why(json!({}))).await.refused(422), "process.needed", "parts and cost (SHOP-16)");
        let mut back = json!({ "parts_used": "无", "cost": "30", "received": "0", "picked_up_by": "王", "handed_back": true });
        assert_eq!(w.agent.post(&path, why(back.clone())).await.refused(422), "process.when", "settled before it leaves");
        back["received"] = json!("30");
        let doc = act_why(&w.agent, &doc, "return", "等不到配件", back).await;
        assert_eq!((step(&doc), doc["stage"].as_str()), ("returned", Some("returned_unrepaired")));
    }

    async fn front_desk_orders_a_part_and_hands_it_over(app: TestApp) {
        // P-04 step 2 and 4: the customer orders a part, hears of its arrival, pays and takes it.
        let w = world(app).await;
        let bare = json!({ "customer": "钱", "phone": "13900001111", "product": "打印机" });
        assert_eq!(w.agent.post("/documents", json!({ "template": "front-desk-repair", "fields": bare })).await.refused(422), "process.needed", "a repair says what is wrong");
        let fields = json!({ "customer": "钱", "phone": "13900001111", "product": "打印机", "business": "part", "part": "硒鼓" });
        let doc = open(&w.agent, "front-desk-repair", fields).await;
        assert!(no_clock(&w.agent, &doc, "in_warranty").await && no_clock(&w.agent, &doc, "out_of_warranty").await, "nothing is repaired");
        assert_eq!(refused(&w.dispatcher, &doc, "start", json!({ "technician": w.engineer.staff })).await, "process.when");
        let doc = act(&w.agent, &doc, "order_part", json!({})).await;
        assert_eq!((step(&doc), doc["stage"].as_str()), ("part_ordered", Some("waiting")));
        assert!(has(&history(&w.agent, &doc).await, "saved requisition"), "it is asked for at once");
        let doc = act(&w.storekeeper, &doc, "part_arrived", json!({ "part_price": "260" })).await;
        let take = json!({ "picked_up_by": "钱", "received": "200" });
        assert_eq!(refused(&w.agent, &doc, "collect_part", take.clone()).await, "process.when", "told first");
        let doc = tell(&w.agent, &doc, "ordered").await;
        assert_eq!(refused(&w.agent, &doc, "collect_part", take).await, "process.leave", "paid first");
        let doc = act(&w.agent, &doc, "collect_part", json!({ "picked_up_by": "钱", "received": "260" })).await;
        assert_eq!(doc["stage"], "closed");
        assert!(!has(&history(&w.agent, &doc).await, "saved callback"), "no repair, no callback about it");
    }

    async fn computer_shop_reports_what_is_unresolved_in_two_days(app: TestApp) {
        let w = world(app).await;
        let doc = open(&w.agent, "computer-shop", json!({ "customer": "陈", "phone": "1", "device": "台式机", "symptom": "蓝屏" })).await;
        let quote = json!({ "consent": true, "diagnosis": "内存", "quote_by": "symptom", "quote": "200" });
        assert_eq!(refused(&w.agent, &doc, "agree", quote.clone()).await, "process.needed", "a price by symptom names its risk");
        let mut risky = quote;
        risky["risk"] = json!("50");
        assert_eq!(refused(&w.agent, &doc, "book", risky.clone()).await, "process.needed", "booked for when");
        risky["reserved_at"] = json!("2026-11-19T10:00:00+08:00");
        let doc = act(&w.agent, &doc, "book", risky).await;
        let doc = act(&w.agent, &doc, "come", json!({})).await;
        let got = json!({ "appearance": "划痕", "articles": "键盘", "archived": false });
        prove(app, &w.agent, &doc, "slip").await;
        assert_eq!(refused(&w.agent, &doc, "to_repair", got).await, "process.leave", "the customer's file first (N-10)");
        pass(app, 121).await;
        assert!(has(&told(app, &w.manager).await, "2 小时内建档"));
        let doc = act(&w.agent, &doc, "to_repair", json!({ "appearance": "划痕", "articles": "键盘", "archived": true })).await;
        let doc = act(&w.engineer, &doc, "wait_part", json!({})).await;
        assert!(has(&history(&w.agent, &doc).await, "saved requisition") && doc["messages"]["waiting"] == 1, "purchasing and the customer are told");
        let doc = act(&w.storekeeper, &doc, "part_here", json!({})).await;
        let doc = act(&w.engineer, &doc, "repaired", json!({ "result": "换内存" })).await;
        assert_eq!(refused(&w.engineer, &doc, "passed", json!({})).await, "process.who_may", "the director checks");
        check(&w.dispatcher, &doc, "before_test", 2).await;
        let doc = check(&w.dispatcher, &doc, "pc39", 39).await;
        let doc = act(&w.dispatcher, &doc, "failed", json!({})).await;
        let doc = act(&w.engineer, &doc, "repaired", json!({})).await;
        assert_eq!(refused(&w.dispatcher, &doc, "passed", json!({})).await, "process.checklist", "all 39 again after a repair");
        check(&w.dispatcher, &doc, "before_test", 2).await;
        check(&w.dispatcher, &doc, "pc39", 39).await;
        let doc = act(&w.dispatcher, &doc, "passed", json!({})).await;
        let doc = check(&w.agent, &doc, "hand_over", 4).await;
        assert_eq!(refused(&w.agent, &doc, "pick_up", json!({ "paid": "200" })).await, "process.when", "told first");
        let doc = tell(&w.agent, &doc, "ready").await;
        let doc = act(&w.agent, &doc, "pick_up", json!({ "paid": "200" })).await;
        pass(app, 3 * 24 * 60).await;
        let doc = act(&w.callback, &doc, "look_into", json!({ "solved": "no", "matter": "又蓝屏" })).await;
        assert_eq!(due(&w.agent, &doc, "to_head").await, "2026-11-23T03:01:00Z", "two days (N-19)");
        pass(app, 2 * 24 * 60).await;
        assert!(has(&told(app, &w.manager).await, "未解决 2 日内报主管"));
        let doc = act(&w.callback, &doc, "report", json!({})).await;
        assert_eq!(due(&w.agent, &doc, "answer").await, "2026-11-23T09:30:00Z", "answered the same day");
        pass(app, 7 * 60).await;
        assert!(has(&told(app, &w.manager).await, "超时：当日答复"));
    }

    async fn car_dealers_miss_nobody(app: TestApp) {
        let w = world(app).await;
        // Who walks in is not late for a preparation a day ahead.
        let walk = open(&w.agent, "car-4s", json!({ "customer": "路过", "phone": "1", "plate": "苏E9", "demand": "补胎", "booked_by": "walk_in" })).await;
        let at_once = json!({ "reception_at": "2026-11-18T09:05:00+08:00", "provisional": "2026-11-18T12:00:00+08:00", "price": "50", "adviser": w.agent.staff });
        let walk = act(&w.agent, &walk, "prepare", at_once).await;
        for timer in ["ready_day", "ready_hour", "punctual"] {
            assert!(no_clock(&w.agent, &walk, timer).await, "{timer}");
        }
        pass(app, 10).await;
        assert!(!has(&history(&w.agent, &walk).await, "late "), "nobody is late");
        app.clock.advance_secs(-600);
        let doc = open(&w.agent, "car-4s", json!({ "customer": "吴", "phone": "1", "plate": "苏E1", "demand": "保养", "booked_by": "company" })).await;
        let booked = json!({ "reception_at": "2026-11-18T14:00:00+08:00", "provisional": "2026-11-18T17:00:00+08:00", "price": "300", "adviser": w.agent.staff, "papers": "行驶证" });
        let doc = act(&w.agent, &doc, "prepare", booked).await;
        pass(app, 4 * 60).await;
        assert!(has(&told(app, &w.manager).await, "超时：提前一小时确认"), "one hour before (N-21)");
        pass(app, 61).await;
        assert!(has(&told(app, &w.manager).await, "超时：准时接车"));
        assert!(tasks(&w.agent, &doc).await.iter().any(|t| t["text"].as_str().is_some_and(|t| t.contains("顾问未接车"))), "an absent adviser raises an alert");
        let doc = check(&w.agent, &doc, "ready", 6).await;
        let doc = act(&w.agent, &doc, "ready", json!({})).await;
        let doc = act(&w.agent, &doc, "receive", json!({})).await;
        let doc = check(&w.agent, &doc, "walk", 6).await;
        prove(app, &w.agent, &doc, "order").await;
        let doc = act(&w.agent, &doc, "order", json!({ "mileage": 100 })).await;
        // An hour before the hand-over the adviser is to tell the customer that it may be late.
        pass(app, 2 * 60).await;
        assert!(tasks(&w.agent, &doc).await.iter().any(|t| t["text"] == "苏E1可能晚交，请提前告知客户"));
        let doc = tell(&w.agent, &doc, "delay").await;
        assert_eq!(doc["messages"]["delay"], 1);
        pass(app, 60).await;
        assert!(has(&told(app, &w.agent).await, "超时：预计交车时间"));
        assert_eq!(refused(&w.engineer, &doc, "repaired", json!({})).await, "process.who_may");
        let doc = check(&w.dispatcher, &doc, "repair", 3).await;
        let work = json!({ "technician": w.engineer.staff, "cause": "正常" });
        assert_eq!(refused(&w.dispatcher, &doc, "repaired", work.clone()).await, "process.checklist", "vehicle protected, old parts kept, signed");
        let doc = check(&w.dispatcher, &doc, "repair", 4).await;
        let doc = act(&w.dispatcher, &doc, "repaired", work).await;
        let doc = check(&w.auditor, &doc, "final", 6).await;
        let doc = act(&w.auditor, &doc, "pass", json!({ "road_test": "none", "parking": "A1" })).await;
        let doc = check(&w.agent, &doc, "hand_over", 4).await;
        let bill = json!({ "bill": "300", "paid": "299", "remaining_life": "足够" });
        assert_eq!(refused(&w.agent, &doc, "delivered", bill).await, "process.when", "nobody was called");
        let doc = tell(&w.agent, &doc, "ready").await;
        assert_eq!(refused(&w.agent, &doc, "delivered", json!({ "bill": "300", "paid": "299", "remaining_life": "足够" })).await, "process.leave", "no gate pass before it is paid");
        let doc = act(&w.agent, &doc, "delivered", json!({ "bill": "300", "paid": "300", "remaining_life": "足够" })).await;
        pass(app, 8 * 24 * 60 + 1).await;
        assert!(has(&told(app, &w.callback).await, "一周内跟踪") && has(&told(app, &w.manager).await, "超时升级：一周内跟踪"));
        assert_eq!(step(&doc), "follow_up");
        // The dealer's detailed process: late at the workshop, the adviser at once, the manager an hour later.
        let doc = open(&w.agent, "car-4s-detailed", json!({ "customer": "郑", "phone": "1", "plate": "沪A1", "symptom": "漏油", "booked_by": "walk_in" })).await;
        let doc = act(&w.agent, &doc, "walk_in", json!({})).await;
        let doc = check(&w.agent, &doc, "reception", 10).await;
        for _ in 0..3 {
            prove(app, &w.agent, &doc, "walk").await;
        }
        let doc = act(&w.agent, &doc, "order", json!({ "covered": "no" })).await;
        prove(app, &w.agent, &doc, "order").await;
        let order = json!({ "parts_ready": true, "labour": "1", "parts": "1", "finish_at": "2026-11-27T16:00:00+08:00", "payment": "cash", "old_parts": true, "wash": false });
        act(&w.agent, &doc, "to_workshop", order).await;
        pass(app, 24 * 60).await;
        assert!(has(&told(app, &w.agent).await, "超时：预计完工") && has(&told(app, &w.manager).await, "超时升级：预计完工"));
    }

    async fn home_visits_take_units_in_and_tell_the_truth(app: TestApp) {
        let w = world(app).await;
        let fields = json!({ "customer": "孙", "phone": "1", "address": "海尔路1号", "product": "冰箱", "fault": "不制冷", "promised_at": "2026-11-18T14:00:00+08:00", "warranty": "out" });
        let doc = open(&w.agent, "home-visit", fields).await;
        let doc = tell(&w.agent, &doc, "confirm").await;
        let doc = act(&w.agent, &doc, "visit", json!({ "analysis": "压缩机", "engineer": w.engineer.staff })).await;
        let doc = check(&w.engineer, &doc, "kit", 6).await;
        assert_eq!(refused(&w.engineer, &doc, "depart", json!({})).await, "process.checklist", "seven things in the kit, a spare pair of shoe covers among them (N-25)");
        save(&w.engineer, &doc, json!({ "fields": { "late_cause": "上一户还没修完" } })).await;
        let late = tell(&w.engineer, &doc, "late").await;
        let said = w.agent.get(&format!("/documents/{}/messages", id(&late))).await.ok();
        assert!(said.to_string().contains("原因：上一户还没修完。") && !said.to_string().contains("堵车"), "what is so, no invented traffic: {said}");
        assert_eq!(refused(&w.engineer, &doc, "rebook", json!({ "promised_at": "2026-11-18T16:00:00+08:00" })).await, "process.reason");
        let doc = act_why(&w.engineer, &doc, "rebook", "工程师赶不到", json!({ "promised_at": "2026-11-18T16:00:00+08:00" })).await;
        let doc = act(&w.agent, &doc, "visit", json!({})).await;
        assert_eq!(due(&w.agent, &doc, "arrive").await, "2026-11-18T07:55:00Z", "five minutes before the new time");
        check(&w.engineer, &doc, "kit", 7).await;
        let doc = act(&w.engineer, &doc, "depart", json!({})).await;
        let doc = act(&w.engineer, &doc, "arrive", json!({})).await;
        let doc = check(&w.engineer, &doc, "door", 5).await;
        assert_eq!(refused(&w.engineer, &doc, "enter", json!({ "arrived_at": "2026-11-18T16:15:00+08:00" })).await, "process.when", "15 minutes (N-24)");
        let doc = act(&w.engineer, &doc, "enter", json!({ "arrived_at": "2026-11-18T16:14:59+08:00" })).await;
        let taken = json!({ "return_on": "2026-11-20", "loaner": "BX-7" });
        assert_eq!(refused(&w.engineer, &doc, "pull_in", taken.clone()).await, "process.when", "a receipt for what is taken away");
        prove(app, &w.engineer, &doc, "pull_in").await;
        let doc = act(&w.engineer, &doc, "pull_in", taken).await;
        assert_eq!((step(&doc), due(&w.agent, &doc, "bring_back").await.as_str()), ("workshop", "2026-11-20T16:00:00Z"), "by the end of the promised day");
        pass(app, 64 * 60).await;
        assert!(has(&told(app, &w.dispatcher).await, "按承诺日期送回"));
        assert_eq!(refused(&w.engineer, &doc, "bring_back", json!({})).await, "process.when", "the loaner comes back");
        let doc = act(&w.engineer, &doc, "bring_back", json!({ "loaner_back": true })).await;
        prove(app, &w.engineer, &doc, "scene").await;
        let doc = act(&w.engineer, &doc, "repaired", json!({ "work": "换压缩机", "agreed_price": "800", "no_test_run": true, "list_price": "800" })).await;
        let doc = act_why(&w.engineer, &doc, "refused", "认为应保修", json!({})).await;
        assert!(has(&told(app, &w.manager).await, "孙拒付：认为应保修"), "the centre hears of a refusal");
        let later = json!({ "centre_says": "核对保修后改日收取", "charged": "0" });
        assert_eq!(refused(&w.engineer, &doc, "collect_later", later.clone()).await, "process.who_may", "the centre decides (BILL-10)");
        let doc = act(&w.manager, &doc, "collect_later", later).await;
        assert!(tasks(&w.agent, &doc).await.iter().any(|t| t["text"] == "改日向孙收取冰箱维修费：核对保修后改日收取"));
        let doc = check(&w.engineer, &doc, "finish", 6).await;
        let doc = act(&w.engineer, &doc, "leave", json!({})).await;
        assert_eq!(due(&w.agent, &doc, "no_test").await, "2026-11-20T19:00:00Z", "two hours without a test run (N-13)");
        assert!(no_clock(&w.agent, &doc, "uncertain").await);
        pass(app, 121).await;
        assert!(has(&told(app, &w.callback).await, "无法试机 2 小时跟踪"));
    }
}
