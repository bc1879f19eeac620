//! What the shipped templates promise beyond one straight way: calling off before anything came, sums and times of one
//! visit only, clocks of every round; see `trades3` and `rounds`.

use kit::Role;
use serde_json::{Value, json};
use testkit::app_test;

use crate::world::*;

async fn refused_why(by: &testkit::Client, doc: &Value, act: &str, reason: &str, fields: Value) -> String {
    let body = json!({ "act": act, "reason": reason, "fields": fields });
    by.post(&format!("/documents/{}/act", id(doc)), body).await.refused(422)
}

app_test! {
    async fn what_never_came_is_called_off_and_the_cashier_settles_what_did(app: TestApp) {
        let w = world(app).await;
        let cashier = app.user(Role::Cashier).await;
        let fields = json!({ "customer": "王", "phone": "1", "product": "打印机", "fault": "卡纸", "accessories": "电源线", "warranty": "out" });
        let doc = open(&w.agent, "front-desk-repair", fields.clone()).await;
        assert_eq!(refused_why(&w.agent, &doc, "cancel", "客户取消", json!({})).await, "process.when", "the unit is here and goes back by hand");
        let doc = act_why(&w.agent, &doc, "cancel", "登记错误", json!({ "not_here": true })).await;
        assert_eq!((step(&doc), doc["stage"].as_str()), ("cancelled", Some("cancelled")), "nobody says that it was handed back");
        let shop = open(&w.agent, "computer-shop", json!({ "customer": "陈", "phone": "1", "device": "笔记本", "symptom": "不开机" })).await;
        assert_eq!(act_why(&w.agent, &shop, "cancel", "客户取消", json!({})).await["stage"], "cancelled", "who calls off was told no range of costs");
        // Five working days outside the warranty (N-07): the customer hears of the delay as well (SHOP-19).
        let doc = open(&w.agent, "front-desk-repair", fields).await;
        assert_eq!(due(&w.agent, &doc, "out_of_warranty").await, "2026-11-25T09:30:00Z");
        let doc = act(&w.dispatcher, &doc, "start", json!({ "technician": w.engineer.staff })).await;
        pass(app, 8 * 24 * 60).await;
        assert_eq!(now(&w.agent, &doc).await["messages"]["extended"], 1);
        let doc = act(&w.engineer, &doc, "repaired", json!({ "result": "换轮", "cost": "150" })).await;
        tell(&w.agent, &doc, "repaired").await;
        check(&cashier, &doc, "pick_up", 4).await;
        let doc = act(&cashier, &doc, "pick_up", json!({ "picked_up_by": "王", "received": "150" })).await;
        assert_eq!(doc["stage"], "closed", "the cashier settles (P-04)");
    }

    async fn every_home_visit_has_its_own_price_and_reduction(app: TestApp) {
        let w = world(app).await;
        let fields = json!({ "customer": "孙", "phone": "1", "address": "海尔路1号", "product": "冰箱", "fault": "不制冷", "promised_at": "2026-11-18T14:00:00+08:00", "warranty": "out" });
        let doc = open(&w.agent, "home-visit", fields).await;
        let there = |doc: Value, at: &'static str| {
            let w = &w;
            async move {
                let doc = tell(&w.agent, &doc, "confirm").await;
                let doc = act(&w.agent, &doc, "visit", json!({ "analysis": "缺氟", "engineer": w.engineer.staff, "promised_at": at })).await;
                check(&w.engineer, &doc, "kit", 7).await;
                let doc = act(&w.engineer, &doc, "arrive", json!({})).await;
                check(&w.engineer, &doc, "door", 5).await;
                let doc = act(&w.engineer, &doc, "enter", json!({ "arrived_at": at })).await;
                prove(app, &w.engineer, &doc, "scene").await;
                doc
            }
        };
        let doc = there(doc, "2026-11-18T14:00:00+08:00").await;
        let doc = act(&w.engineer, &doc, "repaired", json!({ "work": "加氟", "list_price": "200", "agreed_price": "200" })).await;
        let doc = act_why(&w.engineer, &doc, "refused", "要求减免", json!({})).await;
        let doc = act(&w.manager, &doc, "instruct", json!({ "centre_says": "减免 50", "reduction": "50" })).await;
        assert_eq!((step(&doc), doc["fields"]["reduction"].as_i64()), ("charge", Some(5_000)), "back from the centre it counts");
        let doc = act(&w.engineer, &doc, "paid", json!({ "charged": "150", "receipt": "receipt" })).await;
        check(&w.engineer, &doc, "finish", 6).await;
        let doc = act(&w.engineer, &doc, "leave", json!({})).await;
        let doc = act_why(&w.callback, &doc, "revisit", "新问题", json!({})).await;
        let doc = there(doc, "2026-11-18T17:00:00+08:00").await;
        assert_eq!(refused(&w.engineer, &doc, "repaired", json!({ "work": "换门封" })).await, "process.needed", "a new problem has a new price");
        assert_eq!(refused(&w.engineer, &doc, "repaired", json!({ "work": "换门封", "list_price": "200" })).await, "process.leave", "and a new consent, be it the same sum");
        let doc = act(&w.engineer, &doc, "repaired", json!({ "work": "换门封", "list_price": "300", "agreed_price": "300" })).await;
        let left = |key: &str| doc["fields"].get(key).is_none_or(Value::is_null);
        assert!(step(&doc) == "charge" && left("reduction") && left("charged") && left("certificate_price"), "{doc}");
        assert_eq!(refused(&w.engineer, &doc, "paid", json!({ "charged": "250", "receipt": "receipt" })).await, "process.leave", "50 were for the first visit (BILL-10)");
        assert_eq!(step(&act(&w.engineer, &doc, "paid", json!({ "charged": "300", "receipt": "receipt" })).await), "finish");
    }

    async fn who_is_late_calls_before_the_agreed_time(app: TestApp) {
        let w = world(app).await;
        let fields = json!({ "customer": "孙", "phone": "1", "address": "海尔路1号", "product": "冰箱", "fault": "不制冷", "promised_at": "2026-11-18T14:00:00+08:00", "warranty": "in" });
        let on_the_way = async || {
            let doc = open(&w.agent, "home-visit", fields.clone()).await;
            let doc = tell(&w.agent, &doc, "confirm").await;
            let doc = act(&w.agent, &doc, "visit", json!({ "analysis": "缺氟", "engineer": w.engineer.staff })).await;
            check(&w.engineer, &doc, "kit", 7).await;
            let doc = act(&w.engineer, &doc, "depart", json!({})).await;
            save(&w.engineer, &doc, json!({ "fields": { "late_cause": "爆胎" } })).await
        };
        let at_the_door = async |doc: &Value| {
            let doc = act(&w.engineer, doc, "arrive", json!({})).await;
            check(&w.engineer, &doc, "door", 5).await
        };
        let (called, too_late, silent) = (on_the_way().await, on_the_way().await, on_the_way().await);
        let late = clock(&w.agent, &silent, "late_call").await;
        assert_eq!((late["warn_at"].as_str(), late["due_at"].as_str(), late["number"].as_str()), (Some("2026-11-18T05:58:00Z"), Some("2026-11-18T06:00:00Z"), Some("N-24")));
        pass(app, 5 * 60 - 2).await;
        assert!(has(&told(app, &w.engineer).await, "孙约定时间还有 2 分钟"), "two minutes before (N-24)");
        app.clock.advance_secs(60);
        let called = tell(&w.engineer, &called, "late").await;
        assert_eq!(clock(&w.agent, &called, "late_call").await["state"], "met", "a minute before is the latest (FIELD-06)");
        app.clock.advance_secs(1);
        let too_late = tell(&w.engineer, &too_late, "late").await;
        pass(app, 5).await;
        assert!(has(&told(app, &w.dispatcher).await, "超时：迟到前 1–2 分钟致电"));
        assert!(clock(&w.agent, &silent, "late_call").await["breached_at"].is_string(), "14:00, neither there nor called");
        let five = json!({ "arrived_at": "2026-11-18T14:05:00+08:00" });
        let called = at_the_door(&called).await;
        assert_eq!(step(&act(&w.engineer, &called, "enter", five.clone()).await), "service");
        for doc in [too_late, silent] {
            let doc = at_the_door(&doc).await;
            assert_eq!(refused(&w.engineer, &doc, "enter", five.clone()).await, "process.when", "no call in time");
            let mut why = five.clone();
            why["no_call"] = json!("隧道里没有信号");
            assert_eq!(step(&act(&w.engineer, &doc, "enter", why).await), "service");
        }
    }

    async fn clocks_of_visits_end_where_nobody_has_to_go_any_more(app: TestApp) {
        let w = world(app).await;
        let fields = json!({ "customer": "钱", "phone": "1", "battery": "6-DZM-20", "bought": "2026-03-01", "complaint": "续航短", "kind": "general", "same_district": true });
        let doc = open(&w.agent, "battery", fields).await;
        let doc = act(&w.agent, &doc, "register", json!({})).await;
        let doc = act(&w.agent, &doc, "direct", json!({ "inspector": w.engineer.staff, "visit_at": "2026-11-18T15:00:00+08:00" })).await;
        assert_eq!(step(&doc), "inspect");
        assert!(no_clock(&w.agent, &doc, "visit").await, "tested at the station: nobody is waited for at 15:00");
        let fields = json!({ "customer": "孙", "phone": "1", "address": "海尔路1号", "product": "冰箱", "fault": "不制冷", "promised_at": "2026-11-18T14:00:00+08:00", "warranty": "in" });
        let doc = open(&w.agent, "home-visit", fields).await;
        let doc = tell(&w.agent, &doc, "confirm").await;
        let doc = act(&w.agent, &doc, "visit", json!({ "analysis": "温控器", "engineer": w.engineer.staff })).await;
        let doc = act_why(&w.engineer, &doc, "rebook", "工程师赶不到", json!({ "promised_at": "2026-11-18T16:00:00+08:00" })).await;
        let doc = act(&w.agent, &doc, "phone", json!({})).await;
        for timer in ["arrive", "depart", "late_call"] {
            assert_ne!(clock(&w.agent, &doc, timer).await["state"], "open", "{timer}");
        }
    }

    async fn furniture_exchanged_while_fitting_is_due_again(app: TestApp) {
        let w = world(app).await;
        let fields = json!({ "customer": "冯", "phone": "1", "address": "文三路1号", "contract": "HT-3", "goods": "衣柜" });
        let doc = open(&w.agent, "furniture-delivery", fields).await;
        let doc = check(&w.agent, &doc, "contract", 13).await;
        let doc = act(&w.agent, &doc, "checked", json!({})).await;
        let doc = act(&w.dispatcher, &doc, "produced", json!({ "cycle_days": 5, "deliver_at": "2026-11-20T10:00:00+08:00" })).await;
        let doc = act(&w.auditor, &doc, "stocked", json!({ "stocked_at": "2026-11-18T10:00:00+08:00", "qc_ok": true })).await;
        // Told twice for the first delivery is not told for the second.
        tell(&w.agent, &doc, "confirm").await;
        let doc = tell(&w.agent, &doc, "confirm").await;
        let doc = act(&w.agent, &doc, "load", json!({ "confirmed": true, "installer": w.engineer.staff })).await;
        check(&w.engineer, &doc, "departure", 5).await;
        let doc = act(&w.engineer, &doc, "depart", json!({})).await;
        // Nobody opens: another date is agreed, confirmed by a call of its own.
        pass(app, 60).await;
        let doc = act_why(&w.engineer, &doc, "not_home", "无人收货", json!({ "deliver_at": "2026-11-20T15:00:00+08:00" })).await;
        assert_eq!(refused(&w.agent, &doc, "load", json!({ "confirmed": true })).await, "process.leave", "called again for the new date");
        let doc = tell(&w.agent, &doc, "confirm").await;
        let doc = act(&w.agent, &doc, "load", json!({ "confirmed": true })).await;
        check(&w.engineer, &doc, "departure", 5).await;
        let doc = act(&w.engineer, &doc, "depart", json!({})).await;
        prove(app, &w.engineer, &doc, "goods").await;
        let doc = act(&w.engineer, &doc, "delivered", json!({})).await;
        assert_eq!(clock(&w.agent, &doc, "produce").await["state"], "met");
        pass(app, 60).await;
        let doc = act_why(&w.engineer, &doc, "exchange", "缺件", json!({ "wrong": "门板" })).await;
        let doc = act(&w.agent, &doc, "exchanged", json!({ "deliver_at": "2026-11-25T10:00:00+08:00" })).await;
        assert_eq!(due(&w.agent, &doc, "redeliver").await, "2026-11-25T02:00:00Z", "the new date is a promise too (DELIV-05)");
        let again = json!({ "confirmed": true });
        assert_eq!(refused(&w.agent, &doc, "load", again.clone()).await, "process.leave", "half a day ahead of this delivery (N-26)");
        pass(app, 8 * 24 * 60).await;
        assert!(has(&told(app, &w.dispatcher).await, "超时：换货交货日期"));
        tell(&w.agent, &doc, "confirm").await;
        let doc = act(&w.agent, &doc, "load", again).await;
        assert_eq!(step(&doc), "depart");
    }

    async fn a_part_given_up_in_the_shop_goes_back_and_the_loan_part_comes(app: TestApp) {
        let w = world(app).await;
        let fields = json!({ "customer": "农户", "phone": "1", "machine": "拖拉机", "problem": "漏油", "kind": "part_repair" });
        let doc = open(&w.agent, "agri-dealer", fields).await;
        let doc = act(&w.agent, &doc, "take_in", json!({ "part": "液压泵", "in_warranty": true })).await;
        let doc = save(&w.engineer, &doc, json!({ "fields": { "loaner": "YB-1" } })).await;
        let gone = |handed: bool, back: bool| json!({ "work": "壳体开裂", "handed_back": handed, "loaner_back": back });
        assert_eq!(refused_why(&w.engineer, &doc, "return", "无法修复", json!({ "work": "壳体开裂" })).await, "process.needed");
        assert_eq!(refused_why(&w.engineer, &doc, "return", "无法修复", gone(false, true)).await, "process.when", "his part goes back to him (SHOP-14)");
        assert_eq!(refused_why(&w.engineer, &doc, "return", "无法修复", gone(true, false)).await, "process.when", "and ours to us (WARR-12)");
        let doc = act_why(&w.engineer, &doc, "return", "无法修复", gone(true, true)).await;
        assert_eq!(doc["stage"], "returned_unrepaired");
    }

    async fn a_bug_has_its_24_hours_from_when_it_is_sorted(app: TestApp) {
        let w = world(app).await;
        let fields = json!({ "customer": "商场", "phone": "1", "product": "进销存", "issue": "报表错", "kind": "operation" });
        let doc = open(&w.agent, "software-support", fields).await;
        let doc = act(&w.agent, &doc, "guide", json!({})).await;
        let doc = act(&w.agent, &doc, "not_helped", json!({})).await;
        pass(app, 60).await;
        let doc = act(&w.agent, &doc, "to_test", json!({ "kind": "bug" })).await;
        assert_eq!(due(&w.agent, &doc, "bug").await, "2026-11-19T02:00:00Z", "24 hours (N-08)");
        let doc = act(&w.auditor, &doc, "ask_again", json!({})).await;
        let doc = act(&w.agent, &doc, "guide", json!({ "kind": "operation" })).await;
        assert_eq!(clock(&w.agent, &doc, "bug").await["state"], "met", "no bug after all");
    }
}
