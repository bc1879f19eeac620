//! Ways off and round that no other test of the shipped templates goes; see `moves`, which asks for each of them.

use kit::Role;
use serde_json::{Value, json};
use testkit::{Client, app_test};

use crate::world::*;

/// A forklift sheet that was looked into.
async fn truck(w: &World, route: &str, covered: &str) -> Value {
    let fields = json!({ "customer": "物流园", "phone": "1", "truck": "CPD15", "fault": "不起升", "route": route, "covered": covered });
    let doc = open(&w.agent, "forklift", fields).await;
    act(&w.agent, &doc, "submit", json!({ "verified": "油泵坏" })).await
}

/// How many signatures wait for somebody.
async fn to_sign(by: &Client) -> usize {
    by.get("/inbox/approvals").await.ok().as_array().map_or(0, Vec::len)
}

async fn shown(by: &Client, doc: &Value) -> String {
    by.page(&format!("/documents/{}", id(doc))).await.text()
}

app_test! {
    /// P-42: the customer calls off while others are to sign: the signatures are off with it.
    async fn a_customer_withdraws_while_signatures_are_collected(app: TestApp) {
        let w = world(app).await;
        let director = holder(app, Role::Auditor, "售服中心主任").await;
        let cost = json!({ "dealer": "苏北", "needs_parts": true, "parts": "油泵", "parts_cost": "400" });
        let staff = json!({ "staff": w.engineer.staff, "needs_parts": true });
        let parts = json!({ "parts": "油泵", "parts_cost": "400" });
        for (route, covered, ask, at) in [
            ("direct", "in", "ask_parts", "parts_approval"), ("direct", "beyond", "ask_beyond", "beyond_approval"),
            ("dealer", "in", "ask_parts", "dealer_approval"), ("dealer", "beyond", "ask_beyond", "dealer_beyond"),
        ] {
            let doc = truck(&w, route, covered).await;
            let doc = if route == "dealer" {
                act(&w.agent, &doc, ask, cost.clone()).await
            } else {
                let doc = act(&director, &doc, "apply", staff.clone()).await;
                act(&w.engineer, &doc, ask, parts.clone()).await
            };
            assert_eq!((step(&doc), doc["stage"].as_str()), (at, Some("waiting")));
            let page = shown(&w.agent, &doc).await;
            assert!(page.contains("等待审批签字") && page.contains("/act/cancel"), "{at}: what is waited for, and the way off");
            assert_eq!(refused(&director, &doc, "cancel", json!({})).await, "process.reason");
            let doc = act_why(&w.agent, &doc, "cancel", "客户取消", json!({})).await;
            assert_eq!((doc["stage"].as_str(), to_sign(&director).await), (Some("cancelled"), 0), "{at}");
            assert!(has(&history(&w.agent, &doc).await, "withdrawn"), "{at}: what was no longer to be signed is in the history");
        }
        let doc = truck(&w, "hard", "in").await;
        let doc = act(&w.auditor, &doc, "to_group", json!({ "solution": "换门架" })).await;
        assert_eq!((step(&doc), to_sign(&director).await), ("group", 1));
        act_why(&w.agent, &doc, "cancel", "重复", json!({})).await;
        assert_eq!(to_sign(&director).await, 0);
    }

    async fn forklifts_are_paid_for_or_written_off(app: TestApp) {
        let w = world(app).await;
        let director = holder(app, Role::Auditor, "售服中心主任").await;
        let branch = holder(app, Role::Auditor, "办事处主任").await;
        let collecting = async || {
            let doc = truck(&w, "direct", "out").await;
            prove(app, &w.agent, &doc, "explanation").await;
            let doc = act(&w.agent, &doc, "explained", json!({ "explained": true, "labour": "200", "charge": "900" })).await;
            let doc = act(&director, &doc, "send", json!({ "staff": w.engineer.staff, "needs_parts": false })).await;
            prove(app, &w.engineer, &doc, "photos").await;
            prove(app, &w.engineer, &doc, "sheet").await;
            let doc = act(&w.engineer, &doc, "repaired_out", json!({ "work": "修" })).await;
            act_why(&w.engineer, &doc, "defer", "其他", json!({ "collected": "0" })).await
        };
        let doc = collecting().await;
        let doc = act(&director, &doc, "not_consented", json!({})).await;
        assert_eq!(step(&doc), "collect", "no: at once (BILL-11)");
        assert_eq!(refused(&w.engineer, &doc, "collected", json!({ "collected": "899" })).await, "process.leave");
        let doc = act(&w.engineer, &doc, "collected", json!({ "collected": "900" })).await;
        assert_eq!(act(&w.agent, &doc, "close", json!({})).await["stage"], "closed");
        let doc = collecting().await;
        let doc = act(&director, &doc, "consented", json!({})).await;
        pass(app, 30 * 24 * 60 + 1).await;
        let doc = act_why(&director, &doc, "write_off", "拒付", json!({ "collected": "100" })).await;
        assert_eq!((doc["stage"].as_str(), doc["fields"]["collected"].as_i64()), (Some("closed"), Some(10_000)), "after thirty days, with what came in");
        // Parts that are not needed after all; parts that turn out to be needed on site and at the dealer's.
        let doc = truck(&w, "direct", "in").await;
        let doc = act(&director, &doc, "apply", json!({ "staff": w.engineer.staff, "needs_parts": true })).await;
        let doc = act(&w.engineer, &doc, "no_need", json!({})).await;
        assert_eq!(step(&doc), "dispatch");
        let doc = act(&director, &doc, "send", json!({ "needs_parts": false })).await;
        let doc = act(&w.engineer, &doc, "need_parts", json!({})).await;
        assert_eq!((step(&doc), clock(&w.agent, &doc, "dispatch").await["state"].as_str()), ("dispatch", Some("met")), "somebody was sent in time");
        let doc = truck(&w, "dealer", "in").await;
        let doc = act(&w.agent, &doc, "no_parts", json!({ "dealer": "苏北", "needs_parts": false })).await;
        let doc = act(&branch, &doc, "need_parts", json!({})).await;
        assert_eq!(step(&doc), "dealer");
        let doc = act(&w.agent, &doc, "no_parts", json!({ "needs_parts": false })).await;
        let doc = act(&branch, &doc, "found_out", json!({ "covered": "out" })).await;
        prove(app, &branch, &doc, "explanation").await;
        assert_eq!(refused(&branch, &doc, "agreed_site", json!({ "explained": true, "labour": "100", "charge": "100" })).await, "process.when", "the dealer goes on");
        let doc = act(&branch, &doc, "agreed_dealer", json!({ "explained": true, "labour": "100", "charge": "100" })).await;
        assert_eq!(step(&doc), "dealer_work");
        // Refused parts are asked for again, charged for, or called off; the truck is not forgotten.
        let doc = truck(&w, "direct", "in").await;
        let doc = act(&director, &doc, "apply", json!({ "staff": w.engineer.staff, "needs_parts": true })).await;
        let doc = act(&w.engineer, &doc, "ask_parts", json!({ "parts": "油泵", "parts_cost": "400" })).await;
        let waiting = director.get("/inbox/approvals").await.ok();
        let no = json!({ "approve": false, "opinion": "先修" });
        director.post(&format!("/approvals/{}/sign", id(&waiting[0])), no).await.ok();
        let doc = now(&w.agent, &doc).await;
        assert_eq!(step(&doc), "application");
        assert!(tasks(&w.agent, &doc).await.iter().any(|t| t["text"].as_str().is_some_and(|t| t.contains("配件未批准")) && t["state"] == "open"));
        assert_eq!(refused(&w.engineer, &doc, "requote", json!({})).await, "process.when", "covered still");
        let doc = act(&w.engineer, &doc, "requote", json!({ "covered": "out" })).await;
        assert_eq!(step(&doc), "explain");
    }

    async fn what_is_not_signed_or_comes_back_unrepaired(app: TestApp) {
        let w = world(app).await;
        let fields = json!({ "customer": "农户", "phone": "1", "machine": "拖拉机", "problem": "启动难", "kind": "repair" });
        let doc = open(&w.agent, "agri-dealer", fields).await;
        let doc = act(&w.agent, &doc, "by_phone", json!({})).await;
        let doc = act(&w.agent, &doc, "solved", json!({ "notes": "指导" })).await;
        assert_eq!(w.manager.post(&format!("/documents/{}/act", id(&doc)), json!({ "act": "not_signed", "reason": "客户拒签" })).await.refused(422), "process.when", "seven days first");
        assert!(shown(&w.manager, &doc).await.contains("签字收不回：7 天内先收签字"), "said in words, not offered");
        pass(app, 7 * 24 * 60 + 1).await;
        let doc = act_why(&w.manager, &doc, "not_signed", "客户拒签", json!({})).await;
        assert_eq!(step(&doc), "call");
        // The factory sends it back as it was: repaired here, or given back; nobody asks the factory any more.
        let doc = open(&w.agent, "computer-shop", json!({ "customer": "陈", "phone": "1", "device": "笔记本", "symptom": "不开机" })).await;
        let doc = act(&w.agent, &doc, "agree", json!({ "consent": true, "diagnosis": "主板", "quote_by": "system", "quote": "300" })).await;
        prove(app, &w.agent, &doc, "slip").await;
        let doc = act(&w.agent, &doc, "to_repair", json!({ "appearance": "完好", "articles": "电源", "archived": true })).await;
        let doc = act(&w.engineer, &doc, "to_factory", json!({})).await;
        let past = json!({ "factory": "联保中心", "promised_at": "2026-11-17T10:00:00+08:00" });
        assert_eq!(refused(&w.storekeeper, &doc, "sent", past).await, "process.field_past", "the factory promises what is still ahead");
        let doc = act(&w.storekeeper, &doc, "sent", json!({ "factory": "联保中心", "promised_at": "2026-12-04T10:00:00+08:00" })).await;
        assert_eq!(refused(&w.storekeeper, &doc, "back_unrepaired", json!({})).await, "process.needed", "what the factory says");
        let doc = act(&w.storekeeper, &doc, "back_unrepaired", json!({ "progress": "停产无配件" })).await;
        assert_eq!((step(&doc), clock(&w.agent, &doc, "factory").await["state"].as_str()), ("repair", Some("met")));
        // Water heaters: who leaves without repairing charges nothing.
        let heater = json!({ "customer": "蒋", "phone": "1", "address": "1号", "model": "TZ-20", "card_no": "K1", "bought": "2024-11-01", "fault": "漏水", "fault_in": "main" });
        let doc = open(&w.agent, "water-heater", heater.clone()).await;
        let doc = act(&w.outlet, &doc, "go", json!({ "agent_engineer": w.engineer.staff })).await;
        let doc = act(&w.engineer, &doc, "arrive", json!({})).await;
        let doc = act_why(&w.engineer, &doc, "return", "用户撤回", json!({ "work": "未修", "price": "0" })).await;
        assert_eq!(doc["stage"], "returned_unrepaired");
        let doc = open(&w.agent, "water-heater", heater).await;
        assert_eq!(act_why(&w.agent, &doc, "cancel", "重复", json!({})).await["stage"], "cancelled");
        assert_ne!(clock(&w.agent, &doc, "agent").await["state"], "open", "nobody is late for what was called off");
    }

    async fn what_is_called_off_before_work_ends_without_a_clock(app: TestApp) {
        let w = world(app).await;
        for (template, fields, reason) in [
            ("battery", json!({ "customer": "钱", "phone": "1", "battery": "6-DZM-20", "bought": "2026-03-01", "complaint": "续航短", "kind": "general", "same_district": true }), "客户取消"),
            ("car-4s", json!({ "customer": "吴", "phone": "1", "plate": "苏E1", "demand": "保养", "booked_by": "customer" }), "客户取消"),
            ("car-4s-detailed", json!({ "customer": "吴", "phone": "1", "plate": "苏E1", "symptom": "异响", "booked_by": "customer" }), "开错"),
            ("decoration", json!({ "customer": "业主", "phone": "1", "address": "1号", "address_short": "金陵", "problem": "渗水", "finished_on": "2026-10-01" }), "业主不同意费用"),
            ("equipment-maker", json!({ "customer": "某厂", "phone": "1", "equipment": "贴片机", "fault": "报警", "in_warranty": true }), "用户取消"),
            ("information-centre", json!({ "customer": "周", "phone": "1", "request": "安装", "window_from": "2026-11-20T13:00:00+08:00", "window_to": "2026-11-20T15:00:00+08:00" }), "重复"),
            ("instrument-3-level", json!({ "customer": "检测所", "phone": "1", "instrument": "液相色谱", "kind": "install" }), "开错"),
            ("integrated", json!({ "customer": "李", "phone": "1", "area": "吴中", "demand": "异响", "mode": "brought_in", "warranty": "out" }), "电话解决"),
            ("software-support", json!({ "customer": "商场", "phone": "1", "product": "进销存", "issue": "报表错", "kind": "bug" }), "无法复现"),
            ("maintenance-round", json!({ "customer": "某厂", "equipment": "贴片机", "warranty_until": "2027-11-30" }), "设备停用"),
        ] {
            let doc = open(&w.agent, template, fields).await;
            let by = if template == "maintenance-round" { &w.manager } else { &w.agent };
            assert_eq!(refused(by, &doc, "cancel", json!({})).await, "process.reason", "{template}");
            let doc = act_why(by, &doc, "cancel", reason, json!({})).await;
            assert_eq!(doc["stage"], "cancelled", "{template}");
            let clocks = by.get(&format!("/documents/{}/clocks", id(&doc))).await.ok();
            assert!(clocks.as_array().into_iter().flatten().all(|c| c["state"] != "open" && c["state"] != "paused"), "{template}: {clocks}");
        }
    }

    async fn cars_go_back_to_the_workshop_from_every_check(app: TestApp) {
        let w = world(app).await;
        let received = async || {
            let doc = open(&w.agent, "car-4s-detailed", json!({ "customer": "郑", "phone": "1", "plate": "沪A1", "symptom": "漏油", "booked_by": "walk_in" })).await;
            act(&w.agent, &doc, "walk_in", json!({})).await
        };
        let doc = received().await;
        assert_eq!(act_why(&w.agent, &doc, "leave", "价格", json!({})).await["stage"], "returned_unrepaired");
        let in_repair = async || {
            let doc = received().await;
            check(&w.agent, &doc, "reception", 10).await;
            for _ in 0..3 {
                prove(app, &w.agent, &doc, "walk").await;
            }
            let doc = act(&w.agent, &doc, "order", json!({ "covered": "no" })).await;
            prove(app, &w.agent, &doc, "order").await;
            let order = json!({ "parts_ready": true, "labour": "200", "parts": "350", "finish_at": "2026-11-19T16:00:00+08:00", "payment": "cash", "old_parts": false, "wash": false });
            let past = { let mut past = order.clone(); past["finish_at"] = json!("2026-11-17T16:00:00+08:00"); past };
            assert_eq!(refused(&w.agent, &doc, "to_workshop", past).await, "process.field_past", "a finish time of yesterday");
            let doc = act(&w.agent, &doc, "to_workshop", order).await;
            act(&w.dispatcher, &doc, "start", json!({ "priority": "booked", "team": "一组" })).await
        };
        let checked = async |doc: Value| {
            check(&w.engineer, &doc, "self_check", 3).await;
            let doc = act(&w.engineer, &doc, "self_checked", json!({})).await;
            check(&w.dispatcher, &doc, "team_check", 2).await;
            let doc = act(&w.dispatcher, &doc, "team_ok", json!({})).await;
            check(&w.auditor, &doc, "final_check", 3).await
        };
        let doc = in_repair().await;
        let doc = checked(doc).await;
        let doc = act_why(&w.auditor, &doc, "final_fail", "路试", json!({})).await;
        assert_eq!((step(&doc), due(&w.agent, &doc, "finish").await.as_str()), ("repair", "2026-11-19T08:00:00Z"), "the promised time stays");
        assert_eq!(refused(&w.engineer, &doc, "self_checked", json!({})).await, "process.checklist", "checked anew");
        let doc = checked(doc).await;
        let doc = act(&w.auditor, &doc, "final_ok", json!({ "finish_area": "B3" })).await;
        let doc = act_why(&w.agent, &doc, "not_accepted", "漏项", json!({})).await;
        assert_eq!(step(&doc), "repair");
        let doc = checked(doc).await;
        let doc = act(&w.auditor, &doc, "final_ok", json!({})).await;
        check(&w.agent, &doc, "hand_over", 10).await;
        let doc = tell(&w.agent, &doc, "ready").await;
        let doc = act(&w.agent, &doc, "delivered", json!({ "bill": "550", "own_share": "550", "paid": "550", "next_service": "2027-05-18" })).await;
        let doc = act_why(&w.callback, &doc, "again", "新故障", json!({ "satisfied": false, "finish_at": "2026-11-20T16:00:00+08:00" })).await;
        assert_eq!(step(&doc), "assign");
        let doc = in_repair().await;
        let doc = act_why(&w.agent, &doc, "return", "无法修复", json!({ "parts_used": "无", "bill": "0", "paid": "0", "handed_back": true })).await;
        assert_eq!(doc["stage"], "returned_unrepaired");
    }
}
