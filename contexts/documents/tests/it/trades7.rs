//! Visits, equipment, furniture: ways off and round that no other test goes; see `moves`.

use serde_json::{Value, json};
use testkit::{TestApp, app_test};

use crate::world::*;

/// An equipment maker's case at its callback: served, or solved by phone.
async fn served(app: &TestApp, w: &World, serial: &str, until: &str) -> Value {
    let fields = json!({ "customer": "某厂", "phone": "1", "equipment": "贴片机", "serial": serial, "fault": "报警", "in_warranty": true });
    let doc = open(&w.agent, "equipment-maker", fields).await;
    if until.is_empty() {
        let doc = act(&w.agent, &doc, "advise", json!({})).await;
        return act(&w.agent, &doc, "solved", json!({ "advice": "重启" })).await;
    }
    let doc = act(&w.agent, &doc, "send", json!({})).await;
    let doc = act(&w.dispatcher, &doc, "depart", json!({ "engineer": w.engineer.staff })).await;
    let doc = act(&w.engineer, &doc, "arrive", json!({})).await;
    let doc = act(&w.engineer, &doc, "fixed", json!({ "work": "换轴承" })).await;
    prove(app, &w.engineer, &doc, "report").await;
    let paper = json!({ "expenses": "0", "itinerary": "苏州", "warranty_until": until });
    act(&w.engineer, &doc, "reported", paper).await
}

/// Maintenance rounds that are not over.
async fn rounds(w: &World) -> usize {
    let list = w.manager.get("/documents?filter=code~eq~maintenance-round;ended_at~empty~").await.ok();
    list["items"].as_array().map_or(0, Vec::len)
}

/// A home visit in which the engineer is at work.
async fn at_work(app: &TestApp, w: &World, warranty: &str) -> Value {
    let fields = json!({ "customer": "孙", "phone": "1", "address": "海尔路1号", "product": "冰箱", "fault": "不制冷", "promised_at": "2026-11-18T14:00:00+08:00", "warranty": warranty });
    let doc = open(&w.agent, "home-visit", fields).await;
    visit(app, w, doc, "2026-11-18T14:00:00+08:00").await
}

async fn visit(app: &TestApp, w: &World, doc: Value, at: &str) -> Value {
    let doc = tell(&w.agent, &doc, "confirm").await;
    let visit = json!({ "analysis": "缺氟", "engineer": w.engineer.staff, "promised_at": at });
    let doc = act(&w.agent, &doc, "visit", visit).await;
    check(&w.engineer, &doc, "kit", 7).await;
    let doc = act(&w.engineer, &doc, "arrive", json!({})).await;
    check(&w.engineer, &doc, "door", 5).await;
    let doc = act(&w.engineer, &doc, "enter", json!({ "arrived_at": at })).await;
    prove(app, &w.engineer, &doc, "scene").await;
    doc
}

app_test! {
    /// P-20: one round of maintenance for each machine in warranty, however often it was repaired.
    async fn a_machine_has_one_round_of_maintenance(app: TestApp) {
        let w = world(app).await;
        let happy = json!({ "satisfied": true, "proficient": true });
        let doc = served(app, &w, "TP-1", "2027-06-30").await;
        act(&w.callback, &doc, "happy", happy.clone()).await;
        assert_eq!(rounds(&w).await, 1);
        let doc = served(app, &w, "TP-1", "2027-06-30").await;
        let doc = act(&w.callback, &doc, "happy", happy.clone()).await;
        assert_eq!(rounds(&w).await, 1, "the second repair of the same machine opens no second round");
        let said = w.agent.get(&format!("/documents/{}/history", id(&doc))).await.ok();
        assert!(said.to_string().contains("已有在办的 BY-20261118-0001"), "{said}");
        let other = served(app, &w, "TP-2", "2027-06-30").await;
        act(&w.callback, &other, "happy", happy.clone()).await;
        assert_eq!(rounds(&w).await, 2, "another machine of the kind");
        // Until when is not known, or over: there is nothing to plan.
        let by_phone = served(app, &w, "TP-3", "").await;
        act(&w.callback, &by_phone, "happy", happy.clone()).await;
        let over = served(app, &w, "TP-4", "2026-11-17").await;
        act(&w.callback, &over, "happy", happy.clone()).await;
        assert_eq!(rounds(&w).await, 2);
        // Over, it makes room for the next.
        let list = w.manager.get("/documents?filter=code~eq~maintenance-round&sort=created_at").await.ok();
        let round = now(&w.manager, &list["items"].as_array().expect("rounds")[0].clone()).await;
        act_why(&w.manager, &round, "cancel", "设备停用", json!({})).await;
        assert_eq!(rounds(&w).await, 1);
        let serial = round["fields"]["serial"].as_str().expect("a serial number").to_string();
        let doc = served(app, &w, &serial, "2027-06-30").await;
        act(&w.callback, &doc, "happy", happy).await;
        assert_eq!(rounds(&w).await, 2);
    }

    async fn repairs_that_close_at_the_same_moment_open_one_round(app: TestApp) {
        let w = world(app).await;
        let mut served_docs = Vec::new();
        for _ in 0..4 {
            served_docs.push(served(app, &w, "TP-1", "2027-06-30").await);
        }
        let happy = |doc: &Value| {
            let (doc, callback) = (doc.clone(), &w.callback);
            async move { act(callback, &doc, "happy", json!({ "satisfied": true, "proficient": true })).await }
        };
        let [a, b, c, d] = &served_docs[..] else { panic!("four repairs") };
        tokio::join!(happy(a), happy(b), happy(c), happy(d));
        assert_eq!(rounds(&w).await, 1);
    }

    async fn maintenance_may_come_early_and_ends_with_the_warranty(app: TestApp) {
        let w = world(app).await;
        let fields = json!({ "customer": "某厂", "equipment": "贴片机", "warranty_until": "2026-12-01", "engineer": w.engineer.staff });
        let doc = open(&w.manager, "maintenance-round", fields).await;
        let doc = act(&w.manager, &doc, "planned", json!({})).await;
        assert_eq!(refused(&w.manager, &doc, "over", json!({})).await, "process.when", "still in warranty");
        let doc = act(&w.manager, &doc, "month", json!({})).await;
        assert_eq!(due(&w.manager, &doc, "done").await, "2026-11-25T09:30:00Z", "five working days");
        prove(app, &w.engineer, &doc, "signature").await;
        let doc = act(&w.engineer, &doc, "maintained", json!({ "found": "润滑", "fault": false })).await;
        // On the last day somebody may end it before its clock does.
        app.clock.advance_secs(13 * 24 * 3600);
        let doc = act(&w.manager, &doc, "over", json!({})).await;
        assert_eq!(step(&doc), "ended");
        assert!(clock(&w.manager, &doc, "month").await["state"] != "open");
    }

    async fn equipment_is_given_up_and_calls_end_after_three_attempts(app: TestApp) {
        let w = world(app).await;
        let doc = served(app, &w, "TP-1", "2027-06-30").await;
        let mut doc = act(&w.callback, &doc, "unreached", json!({})).await;
        for _ in 0..2 {
            let early = json!({ "act": "close_unreached", "reason": "拒接" });
            assert_eq!(w.callback.post(&format!("/documents/{}/act", id(&doc)), early).await.refused(422), "process.when");
            doc = act(&w.callback, &doc, "retry", json!({})).await;
            doc = act(&w.callback, &doc, "unreached", json!({})).await;
        }
        assert_eq!(act_why(&w.callback, &doc, "close_unreached", "拒接", json!({})).await["stage"], "closed");
        let doc = served(app, &w, "TP-2", "2027-06-30").await;
        let mut doc = act(&w.callback, &doc, "keep_calling", json!({ "satisfied": true, "proficient": false })).await;
        for attempt in 1..=3 {
            doc = act(&w.callback, &doc, "no_answer", json!({})).await;
            if attempt < 3 {
                doc = act(&w.callback, &doc, "try_again", json!({})).await;
            }
        }
        assert_eq!(act_why(&w.callback, &doc, "stop_calling", "号码停用", json!({})).await["stage"], "closed");
        let doc = open(&w.agent, "equipment-maker", json!({ "customer": "某厂", "phone": "1", "equipment": "贴片机", "fault": "报警", "in_warranty": false })).await;
        let doc = act(&w.agent, &doc, "send", json!({})).await;
        let doc = act(&w.dispatcher, &doc, "depart", json!({ "engineer": w.engineer.staff })).await;
        let doc = act(&w.engineer, &doc, "arrive", json!({})).await;
        assert_eq!(refused(&w.engineer, &doc, "return", json!({ "work": "主板停产" })).await, "process.reason");
        let doc = act_why(&w.engineer, &doc, "return", "无法修复", json!({ "work": "主板停产" })).await;
        assert_eq!((doc["stage"].as_str(), clock(&w.agent, &doc, "fix").await["state"] == "open"), (Some("returned_unrepaired"), false));
    }

    async fn instruments_that_are_not_accepted_go_back_where_the_work_was(app: TestApp) {
        let w = world(app).await;
        let doc = open(&w.agent, "instrument-3-level", json!({ "customer": "检测所", "phone": "1", "instrument": "液相色谱", "kind": "install" })).await;
        let doc = act(&w.agent, &doc, "install", json!({ "first_reply": "下周安装" })).await;
        check(&w.outlet, &doc, "install", 3).await;
        let doc = act(&w.outlet, &doc, "installed", json!({ "installed": "2026-11-18", "trained": "张工", "work": "安装调试", "price": "0" })).await;
        let path = format!("/documents/{}/act", id(&doc));
        assert_eq!(w.agent.post(&path, json!({ "act": "not_accepted", "reason": "故障仍在" })).await.refused(422), "process.when", "nothing was repaired");
        let doc = act_why(&w.agent, &doc, "install_again", "未教会", json!({})).await;
        assert_eq!(step(&doc), "install");
        assert_eq!(refused(&w.outlet, &doc, "installed", json!({})).await, "process.checklist", "gone through again");
        let fields = json!({ "customer": "检测所", "phone": "1", "instrument": "液相色谱", "kind": "repair", "installed": "2026-06-01", "fault": "漂移", "urgent": true });
        let doc = open(&w.agent, "instrument-3-level", fields).await;
        let doc = act(&w.agent, &doc, "respond", json!({ "first_reply": "上门" })).await;
        let doc = act(&w.outlet, &doc, "repaired", json!({ "tried": "换灯" })).await;
        let doc = act(&w.outlet, &doc, "written", json!({ "work": "报告", "price": "0" })).await;
        let doc = act_why(&w.agent, &doc, "not_accepted", "指标不合格", json!({})).await;
        assert_eq!(step(&doc), "level2", "one level up (P-23)");
    }

    async fn furniture_is_rebooked_or_taken_back(app: TestApp) {
        let w = world(app).await;
        let loaded = async || {
            let doc = open(&w.agent, "furniture-delivery", json!({ "customer": "冯", "phone": "1", "address": "文三路1号", "contract": "HT-1", "goods": "衣柜" })).await;
            check(&w.agent, &doc, "contract", 13).await;
            let doc = act(&w.agent, &doc, "checked", json!({})).await;
            let past = json!({ "cycle_days": 5, "deliver_at": "2026-11-10T10:00:00+08:00" });
            assert_eq!(refused(&w.dispatcher, &doc, "produced", past).await, "process.field_past", "a delivery last week");
            let doc = act(&w.dispatcher, &doc, "produced", json!({ "cycle_days": 5, "deliver_at": "2026-11-20T10:00:00+08:00" })).await;
            let doc = act(&w.auditor, &doc, "stocked", json!({ "stocked_at": "2026-11-18T10:00:00+08:00", "qc_ok": true })).await;
            let doc = tell(&w.agent, &doc, "confirm").await;
            act(&w.agent, &doc, "load", json!({ "confirmed": true, "installer": w.engineer.staff })).await
        };
        let doc = loaded().await;
        let doc = act(&w.engineer, &doc, "rebook", json!({ "deliver_at": "2026-11-23T10:00:00+08:00" })).await;
        assert_eq!((step(&doc), due(&w.agent, &doc, "call").await.as_str()), ("confirm", "2026-11-20T07:00:00Z"), "half a working day before the new one");
        let doc = loaded().await;
        check(&w.engineer, &doc, "departure", 5).await;
        let doc = act(&w.engineer, &doc, "depart", json!({})).await;
        let doc = act_why(&w.engineer, &doc, "refuse", "与合同不符", json!({ "wrong": "颜色" })).await;
        assert_eq!(step(&doc), "returned");
    }

    async fn software_that_was_to_blame_after_all_is_sorted_again(app: TestApp) {
        let w = world(app).await;
        let doc = open(&w.agent, "software-support", json!({ "customer": "商场", "phone": "1", "product": "进销存", "issue": "连不上", "kind": "other" })).await;
        let doc = act(&w.agent, &doc, "assist", json!({})).await;
        let doc = act(&w.agent, &doc, "not_other", json!({})).await;
        assert_eq!(step(&doc), "report");
        let doc = act(&w.agent, &doc, "to_test", json!({ "kind": "bug" })).await;
        assert_eq!(step(&doc), "reproduce");
    }

    async fn a_visit_is_promised_for_a_time_that_is_still_ahead(app: TestApp) {
        let w = world(app).await;
        let mut fields = json!({ "customer": "孙", "phone": "1", "address": "海尔路1号", "product": "冰箱", "fault": "不制冷", "promised_at": "2020-01-01T14:00:00+08:00", "warranty": "in" });
        let open_with = |fields: &Value| json!({ "template": "home-visit", "fields": fields });
        assert_eq!(w.agent.post("/documents", open_with(&fields)).await.refused(422), "process.field_past");
        fields["promised_at"] = json!("2026-11-18T08:57:00+08:00");
        let doc = w.agent.post("/documents", open_with(&fields)).await.ok();
        assert_eq!(step(&doc), "accept", "three minutes: it took that long to type");
        fields["promised_at"] = json!("2026-11-18T14:00:00+08:00");
        let doc = w.agent.post("/documents", open_with(&fields)).await.ok();
        pass(app, 12 * 60).await;
        // What was promised stays when it is over; another time must lie ahead.
        let late = json!({ "analysis": "缺氟", "engineer": w.engineer.staff, "no_answer": true, "promised_at": "2026-11-18T14:00:00+08:00" });
        assert_eq!(refused(&w.agent, &doc, "visit", late.clone()).await, "process.when", "the visit itself needs a time ahead");
        let mut other = late;
        other["promised_at"] = json!("2026-11-18T15:00:00+08:00");
        assert_eq!(refused(&w.agent, &doc, "visit", other).await, "process.field_past");
        // Misheard at opening: put right on the record, though both are over by now.
        let right = json!({ "reason": "听错", "fields": { "promised_at": "2026-11-18T16:00:00+08:00" } });
        w.agent.post(&format!("/documents/{}/correct", id(&doc)), right).await.ok();
        let wrong = json!({ "reason": "听错", "fields": { "promised_at": "2026-11-17T16:00:00+08:00" } });
        assert_eq!(w.agent.post(&format!("/documents/{}/correct", id(&doc)), wrong).await.refused(422), "process.field_past", "before it was opened");
    }

    async fn a_visit_waits_for_its_part_and_comes_again(app: TestApp) {
        let w = world(app).await;
        let doc = at_work(app, &w, "in").await;
        assert_eq!(refused(&w.engineer, &doc, "wait_part", json!({})).await, "process.needed", "which part");
        let doc = act(&w.engineer, &doc, "wait_part", json!({ "part": "压缩机" })).await;
        assert_eq!((step(&doc), doc["stage"].as_str(), doc["messages"]["waiting"].as_i64()), ("parts", Some("waiting"), Some(1)));
        let said = w.agent.get(&format!("/documents/{}/messages", id(&doc))).await.ok();
        assert!(said.to_string().contains("您的冰箱在等配件压缩机"), "the customer hears what is waited for: {said}");
        assert!(has(&history(&w.agent, &doc).await, "saved requisition"));
        let doc = act(&w.storekeeper, &doc, "part_here", json!({})).await;
        assert!(tasks(&w.agent, &doc).await.iter().any(|t| t["text"] == "冰箱等的配件压缩机到了，与孙约时间再次上门"));
        let next = "2026-11-19T14:00:00+08:00";
        let doc = act_why(&w.agent, &doc, "rebook", "配件到了，再次上门", json!({ "promised_at": next })).await;
        app.clock.advance_secs(60);
        let doc = visit(app, &w, doc, next).await;
        let doc = act(&w.engineer, &doc, "free", json!({ "work": "换压缩机", "list_price": "0" })).await;
        check(&w.engineer, &doc, "finish", 6).await;
        let doc = act(&w.engineer, &doc, "leave", json!({})).await;
        save(&w.callback, &doc, json!({ "answers": { "callback": { "result": true, "attitude": 5, "price": true } } })).await;
        assert_eq!(act(&w.callback, &doc, "close", json!({ "satisfied": "yes" })).await["stage"], "closed");
    }

    async fn advice_by_phone_that_did_not_help_becomes_a_visit(app: TestApp) {
        let w = world(app).await;
        let fields = json!({ "customer": "孙", "phone": "1", "address": "海尔路1号", "product": "冰箱", "fault": "不制冷", "promised_at": "2026-11-18T14:00:00+08:00", "warranty": "in" });
        let doc = open(&w.agent, "home-visit", fields).await;
        let doc = act(&w.agent, &doc, "phone", json!({ "analysis": "温控器设错" })).await;
        let doc = act(&w.callback, &doc, "still_broken", json!({})).await;
        assert_eq!((step(&doc), clock(&w.agent, &doc, "phone_follow").await["state"].as_str()), ("accept", Some("met")), "followed up in two hours (N-12)");
        let again = json!({ "analysis": "缺氟", "engineer": w.engineer.staff });
        assert_eq!(refused(&w.agent, &doc, "visit", again).await, "process.when", "the customer is called first");
    }

    /// N-17, CB-02: at least every second customer is called; leaving one out more is refused, in words.
    async fn no_more_customers_are_left_out_than_called(app: TestApp) {
        let w = world(app).await;
        let delivered = async |plate: &str| {
            let doc = open(&w.agent, "car-4s", json!({ "customer": "吴", "phone": "1", "plate": plate, "demand": "保养", "booked_by": "walk_in" })).await;
            let at_once = json!({ "reception_at": "2026-11-18T09:05:00+08:00", "provisional": "2026-11-18T12:00:00+08:00", "price": "300", "adviser": w.agent.staff });
            let doc = act(&w.agent, &doc, "prepare", at_once).await;
            check(&w.agent, &doc, "ready", 6).await;
            let doc = act(&w.agent, &doc, "receive", json!({})).await;
            check(&w.agent, &doc, "walk", 6).await;
            prove(app, &w.agent, &doc, "order").await;
            let doc = act(&w.agent, &doc, "order", json!({ "mileage": 100 })).await;
            check(&w.dispatcher, &doc, "repair", 4).await;
            let doc = act(&w.dispatcher, &doc, "repaired", json!({ "technician": w.engineer.staff, "cause": "正常" })).await;
            check(&w.auditor, &doc, "final", 6).await;
            let doc = act(&w.auditor, &doc, "pass", json!({ "road_test": "ok", "parking": "A1" })).await;
            check(&w.agent, &doc, "hand_over", 4).await;
            let doc = tell(&w.agent, &doc, "ready").await;
            act(&w.agent, &doc, "delivered", json!({ "bill": "300", "paid": "300", "remaining_life": "足够" })).await
        };
        let (first, second, third) = (delivered("苏E1").await, delivered("苏E2").await, delivered("苏E3").await);
        assert_eq!(refused(&w.callback, &first, "not_sampled", json!({})).await, "process.when", "0 of 1 would be called");
        let offer = |doc: &Value| doc["offers"].as_array().into_iter().flatten().find(|o| o["act"] == "not_sampled").cloned().expect("an offer");
        let offered = now(&w.callback, &first).await;
        assert_eq!((offer(&offered)["stuck"].as_bool(), offer(&offered)["blocked"].is_string()), (Some(true), true), "{offered}");
        let page = w.callback.page(&format!("/documents/{}", id(&first))).await.text();
        assert!(page.contains("未抽中：打过电话或有抱怨的要跟踪到底") && !page.contains("value=\"not_sampled\""), "said in words, no button that would be refused");
        let fine = act(&w.callback, &first, "fine", json!({ "followed_up": "fine" })).await;
        assert_eq!(step(&fine), "closed");
        assert_eq!(offer(&now(&w.callback, &second).await)["stuck"], false);
        assert_eq!(step(&act(&w.callback, &second, "not_sampled", json!({})).await), "not_called", "1 of 2");
        assert_eq!(refused(&w.callback, &third, "not_sampled", json!({})).await, "process.when", "1 of 3");
    }
}
