//! More of what the shipped templates demand off the straight way; see `trades3`.

use kit::Role;
use serde_json::json;
use testkit::app_test;

use crate::world::*;

app_test! {
    async fn hard_forklift_problems_are_decided_by_five_posts(app: TestApp) {
        let w = world(app).await;
        let group = ["总工程师", "品管部经理", "研发部经理", "供应部经理", "售服中心主任"];
        let mut members = Vec::new();
        for post in group {
            members.push(holder(app, Role::Engineer, post).await);
        }
        let (director, qa) = (&members[4], &members[1]);
        let fields = json!({ "customer": "物流园", "phone": "1", "truck": "CPD15-002", "fault": "门架裂纹", "route": "hard", "covered": "in" });
        let doc = open(&w.agent, "forklift", fields.clone()).await;
        let doc = act(&w.agent, &doc, "submit", json!({ "verified": "复发" })).await;
        assert_eq!((step(&doc), doc["stage"].as_str()), ("experts", Some("waiting")));
        assert_eq!(clock(&w.agent, &doc, "dispatch").await["state"], "met", "what the experts have is no longer late at the desk");
        assert_eq!(refused(director, &doc, "solved", json!({ "solution": "加强" })).await, "process.who_may", "R&D and QA judge");
        assert_eq!(refused(qa, &doc, "solved", json!({})).await, "process.needed", "in writing");
        let doc = act(qa, &doc, "to_group", json!({ "solution": "换门架" })).await;
        assert_eq!(step(&doc), "group");
        for (n, member) in members.iter().enumerate() {
            let waiting = member.get("/inbox/approvals").await.ok();
            assert_eq!(waiting[0]["seats"].as_array().map(Vec::len), Some(5), "five posts (N-60)");
            member.post(&format!("/approvals/{}/sign", id(&waiting[0])), json!({ "approve": true })).await.ok();
            assert_eq!(step(&now(&w.agent, &doc).await), if n == 4 { "dispatch" } else { "group" });
        }
        assert_eq!(due(&w.agent, &doc, "decided").await, "2026-11-19T01:00:00Z", "24 hours after the group decided");
        // One refusal sends it back to the experts.
        let doc = open(&w.agent, "forklift", fields.clone()).await;
        let doc = act(&w.agent, &doc, "submit", json!({ "verified": "复发" })).await;
        let doc = act(qa, &doc, "to_group", json!({ "solution": "换整机" })).await;
        let waiting = director.get("/inbox/approvals").await.ok();
        director.post(&format!("/approvals/{}/sign", id(&waiting[0])), json!({ "approve": false, "opinion": "先会诊" })).await.ok();
        assert_eq!(step(&now(&w.agent, &doc).await), "experts");
        assert_eq!(members[0].get("/inbox/approvals").await.ok().as_array().map(Vec::len), Some(0), "the others need not sign any more");
        // Beyond the guarantee: 1,000 is the first band, one fen more needs all three vice-presidents (DOC-06).
        let mut beyond = fields;
        (beyond["route"], beyond["covered"]) = (json!("direct"), json!("beyond"));
        for (cost, seats) in [("1000", 3), ("1000.01", 5)] {
            let doc = open(&w.agent, "forklift", beyond.clone()).await;
            let doc = act(&w.agent, &doc, "submit", json!({ "verified": "老化" })).await;
            let doc = act(director, &doc, "apply", json!({ "staff": w.engineer.staff, "needs_parts": true })).await;
            let parts = json!({ "parts": "轮胎", "parts_cost": cost });
            assert_eq!(refused(&w.engineer, &doc, "ask_parts", parts.clone()).await, "process.when");
            let doc = act(&w.engineer, &doc, "ask_beyond", parts).await;
            let waiting = director.get("/inbox/approvals").await.ok();
            let mine = waiting.as_array().into_iter().flatten().find(|a| a["doc_no"] == doc["no"]).expect("its approval").clone();
            assert_eq!(mine["seats"].as_array().map(Vec::len), Some(seats), "{cost}");
        }
        // Nobody sent within 24 hours: the director hears of it; not shipped in two working days: the storekeeper, a day
        // later the director.
        let doc = open(&w.agent, "forklift", json!({ "customer": "港口", "phone": "1", "truck": "CPD20", "fault": "漏油", "route": "direct", "covered": "in" })).await;
        let doc = act(&w.agent, &doc, "submit", json!({ "verified": "油封" })).await;
        pass(app, 24 * 60 + 1).await;
        assert!(has(&told(app, director).await, "超时：当日派人，不超过 24 小时"));
        let doc = act(director, &doc, "apply", json!({ "staff": w.engineer.staff, "needs_parts": true })).await;
        let doc = act(&w.engineer, &doc, "ask_parts", json!({ "parts": "油封", "parts_cost": "20" })).await;
        let waiting = director.get("/inbox/approvals").await.ok();
        let mine = waiting.as_array().into_iter().flatten().find(|a| a["doc_no"] == doc["no"]).expect("its approval").clone();
        director.post(&format!("/approvals/{}/sign", id(&mine)), json!({ "approve": true })).await.ok();
        pass(app, 6 * 24 * 60).await;
        assert!(has(&told(app, &w.storekeeper).await, "超时：2 个工作日发件") && has(&told(app, director).await, "超时升级：2 个工作日发件"));
        // The dealer's sheet: a warning two days ahead, then the branch office's director.
        let branch = holder(app, Role::Engineer, "办事处主任").await;
        let doc = open(&w.agent, "forklift", json!({ "customer": "经销", "phone": "1", "truck": "CPD30", "fault": "异响", "route": "dealer", "covered": "in" })).await;
        let doc = act(&w.agent, &doc, "submit", json!({ "verified": "调整" })).await;
        let doc = act(&w.agent, &doc, "no_parts", json!({ "dealer": "苏北", "needs_parts": false })).await;
        pass(app, 7 * 24 * 60 + 1).await;
        assert!(has(&told(app, &branch).await, "超时：经销商 7 天内完工") && !has(&told(app, &branch).await, "签字单"), "the sheet's seven days begin when it is done");
        let doc = act(&branch, &doc, "dealer_done", json!({ "work": "调" })).await;
        pass(app, 7 * 24 * 60 + 1).await;
        assert!(has(&told(app, &branch).await, "超时：签字单 7 天返回"));
        assert_eq!(refused(&branch, &doc, "sheet_back", json!({})).await, "process.evidence", "signed and stamped");
        assert_eq!(refused(&branch, &doc, "no_sheet", json!({})).await, "process.who_may");
        assert_eq!(step(&act_why(director, &doc, "no_sheet", "客户拒签", json!({})).await), "file");
    }

    async fn the_centre_pays_outlets_and_hands_back(app: TestApp) {
        let w = world(app).await;
        let (kunshan, taicang) = (app.outlet("昆山网点").await, app.outlet("太仓网点").await);
        let (first, outlet) = (app.user_in(Role::Outlet, kunshan).await, app.user_in(Role::Outlet, taicang).await);
        let fields = json!({ "customer": "周", "phone": "1", "request": "安装", "window_from": "2026-11-20T13:00:00+08:00", "window_to": "2026-11-20T15:00:00+08:00" });
        let doc = open(&w.agent, "information-centre", fields).await;
        pass(app, 24 * 60 + 1).await;
        assert!(has(&told(app, &w.manager).await, "超时：24 小时内响应"), "N-01");
        let doc = act(&w.agent, &doc, "pass", json!({ "outlet": kunshan })).await;
        assert_eq!(refused(&first, &doc, "refuse", json!({})).await, "process.reason");
        let doc = act_why(&first, &doc, "refuse", "无人", json!({})).await;
        let doc = act(&w.agent, &doc, "pass", json!({ "outlet": taicang })).await;
        let doc = act(&outlet, &doc, "assign", json!({ "engineer": w.engineer.staff })).await;
        let doc = act(&w.engineer, &doc, "served", json!({ "served_at": "2026-11-20T14:00:00+08:00", "result": "好" })).await;
        let doc = act(&outlet, &doc, "report", json!({ "dispatcher_note": "按时" })).await;
        pass(app, 3 * 24 * 60 + 1).await;
        assert!(has(&told(app, &w.callback).await, "超时：回访 3 日"));
        let tracked = act(&w.callback, &doc, "called", json!({ "class": "not_fixed_once" })).await;
        assert_eq!(refused(&w.agent, &tracked, "call_again", json!({})).await, "process.when", "what was done about it");
        pass(app, 2 * 24 * 60 + 1).await;
        assert!(has(&told(app, &w.manager).await, "超时：跟踪 2 日"));
        let was_late = clock(&w.agent, &tracked, "window").await["state"].clone();
        assert_eq!(refused(&w.agent, &tracked, "serve_again", json!({ "tracked": "再约" })).await, "process.enter", "the old slot is over: a new one is agreed (P-21 step 2)");
        let back = json!({ "window_from": "2026-11-25T15:00:00+08:00", "window_to": "2026-11-25T13:00:00+08:00" });
        assert_eq!(refused(&w.agent, &tracked, "serve_again", back).await, "process.enter", "it ends before it begins");
        let slot = json!({ "window_from": "2026-11-25T13:00:00+08:00", "window_to": "2026-11-25T15:00:00+08:00" });
        let again = act(&w.agent, &tracked, "serve_again", slot).await;
        assert_eq!((step(&again), was_late), ("outlet", json!("met")));
        assert_eq!((due(&w.agent, &again, "window").await.as_str(), clock(&w.agent, &again, "window").await["state"].as_str()), ("2026-11-25T07:00:00Z", Some("open")), "not late by the old one");
        let doc = act(&outlet, &again, "assign", json!({ "engineer": w.engineer.staff })).await;
        let doc = act(&w.engineer, &doc, "served", json!({ "served_at": "2026-11-25T14:00:00+08:00", "result": "好" })).await;
        let doc = act(&outlet, &doc, "report", json!({ "dispatcher_note": "已修" })).await;
        let doc = act(&w.callback, &doc, "called", json!({ "class": "satisfied", "fee": "80" })).await;
        assert_eq!(doc["stage"], "closed");
        let left = tasks(&w.agent, &doc).await;
        assert_eq!((left[0]["text"].as_str(), left[0]["state"].as_str()), (Some("网点结算：太仓网点 满意 一次未修好 ¥ 80.00"), Some("open")), "class and fee go to the settlement");
        w.auditor.post(&format!("/document-tasks/{}/done", id(&left[0])), json!({})).await.ok();
    }

    async fn equipment_makers_call_until_the_customer_is_proficient(app: TestApp) {
        let w = world(app).await;
        let fields = json!({ "customer": "某厂", "phone": "1", "equipment": "贴片机", "fault": "报警", "in_warranty": true });
        let doc = open(&w.agent, "equipment-maker", fields).await;
        let doc = act(&w.agent, &doc, "advise", json!({ "past_case": "SB-1" })).await;
        assert_eq!(clock(&w.agent, &doc, "respond").await["state"], "met");
        assert_eq!(refused(&w.agent, &doc, "solved", json!({})).await, "process.needed", "what was advised");
        let doc = act(&w.agent, &doc, "send", json!({ "advice": "重启无效" })).await;
        pass(app, 28 * 60 + 1).await;
        assert!(has(&told(app, &w.dispatcher).await, "超时：24 小时到场") && has(&told(app, &w.manager).await, "超时升级：24 小时到场"));
        let doc = act(&w.dispatcher, &doc, "depart", json!({ "engineer": w.engineer.staff })).await;
        assert_eq!(refused(&w.dispatcher, &doc, "arrive", json!({})).await, "process.who_may", "only who drives arrives");
        let doc = act(&w.engineer, &doc, "arrive", json!({})).await;
        let doc = act(&w.engineer, &doc, "fixed", json!({ "work": "换轴承" })).await;
        prove(app, &w.engineer, &doc, "report").await;
        let doc = act(&w.engineer, &doc, "reported", json!({ "expenses": "860", "itinerary": "苏州", "warranty_until": "2027-01-31" })).await;
        assert!(tasks(&w.agent, &doc).await.iter().any(|t| t["text"] == "工程师结算：差旅 苏州 ¥ 860.00"));
        assert_eq!(refused(&w.callback, &doc, "again", json!({ "satisfied": false, "proficient": false })).await, "process.reason");
        let doc = act_why(&w.callback, &doc, "again", "复发", json!({ "satisfied": false, "proficient": false })).await;
        assert_eq!(step(&doc), "dispatch");
        let doc = act(&w.dispatcher, &doc, "depart", json!({})).await;
        let doc = act(&w.engineer, &doc, "arrive", json!({})).await;
        let doc = act(&w.engineer, &doc, "fixed", json!({})).await;
        assert_eq!(refused(&w.engineer, &doc, "reported", json!({})).await, "process.evidence", "a report of the second visit");
        prove(app, &w.engineer, &doc, "report").await;
        let doc = act(&w.engineer, &doc, "reported", json!({})).await;
        let travel = || async { tasks(&w.agent, &doc).await.into_iter().filter(|t| t["text"].as_str().is_some_and(|t| t.contains("差旅"))).map(|t| t["text"].clone()).collect::<Vec<_>>() };
        assert_eq!(travel().await, [json!("工程师结算：差旅 苏州 ¥ 860.00")], "the first journey is not paid again");
        // A third visit that costs something: only that is added.
        let third = act_why(&w.callback, &doc, "again", "复发", json!({})).await;
        let third = act(&w.dispatcher, &third, "depart", json!({})).await;
        let third = act(&w.engineer, &third, "arrive", json!({})).await;
        let third = act(&w.engineer, &third, "fixed", json!({})).await;
        prove(app, &w.engineer, &third, "report").await;
        act(&w.engineer, &third, "reported", json!({ "expenses": "1000" })).await;
        let mut paid = travel().await;
        paid.sort_by_key(ToString::to_string);
        assert_eq!(paid, [json!("工程师结算：差旅 苏州 ¥ 860.00"), json!("工程师结算：差旅 苏州（差额） ¥ 140.00")]);
        let doc = act(&w.callback, &doc, "keep_calling", json!({ "satisfied": true })).await;
        pass(app, 30 * 24 * 60 + 1).await;
        assert!(has(&told(app, &w.callback).await, "超时：每月回访"), "regular calls");
        let at = now(&w.agent, &doc).await;
        let doc = act(&w.callback, &at, "called", json!({ "proficient": false })).await;
        let next = clock(&w.agent, &doc, "next_call").await;
        assert_eq!((next["state"].as_str(), next["due_at"].as_str()), (Some("open"), Some("2027-01-18T05:02:00Z")), "and again every month");
        // Not reached three times: the calls end, with the reason.
        let missed = act(&w.callback, &doc, "no_answer", json!({})).await;
        let path = format!("/documents/{}/act", id(&doc));
        let stop = json!({ "act": "stop_calling", "reason": "号码停用" });
        assert_eq!(w.callback.post(&path, stop).await.refused(422), "process.when");
        let doc = act(&w.callback, &missed, "try_again", json!({})).await;
        let doc = act(&w.callback, &doc, "learned", json!({ "proficient": true })).await;
        let open_tasks: Vec<_> = tasks(&w.agent, &doc).await.into_iter().filter(|t| t["state"] == "open").map(|t| t["text"].clone()).collect();
        assert!(open_tasks.contains(&json!("邀请某厂参加用户技术交流会")), "seminars (P-20): {open_tasks:?}");
        // Monthly and quarterly maintenance in the warranty (N-54) is a document of its own.
        let made = w.manager.get("/documents?filter=code~eq~maintenance-round").await.ok();
        let round = made["items"][0].clone();
        let round = now(&w.manager, &round).await;
        assert_eq!((step(&round), round["fields"]["equipment"].as_str(), round["fields"]["warranty_until"].as_str()), ("plan", Some("贴片机"), Some("2027-01-31")));
        let mut round = act(&w.manager, &round, "planned", json!({})).await;
        let begun = due(&w.manager, &round, "month").await;
        assert!(begun.starts_with("2027-01-18"), "every 30 days: {begun}");
        for month in 1..=3 {
            pass(app, 30 * 24 * 60).await;
            let at = now(&w.manager, &round).await;
            if step(&at) == "ended" {
                assert_eq!(month, 2, "the warranty is over on 31 January");
                return;
            }
            assert_eq!(step(&at), "maintain");
            assert!(has(&told(app, &w.engineer).await, "贴片机到月度保养"));
            assert_eq!(refused(&w.engineer, &at, "maintained", json!({ "found": "润滑", "fault": false })).await, "process.evidence");
            prove(app, &w.engineer, &at, "signature").await;
            round = act(&w.engineer, &at, "maintained", json!({ "found": "润滑", "fault": true })).await;
            assert!(tasks(&w.agent, &round).await.iter().any(|t| t["text"] == "贴片机保养发现故障，请报修：润滑"));
        }
        panic!("it goes on after the warranty");
    }

    async fn every_third_maintenance_is_the_quarter_s(app: TestApp) {
        let w = world(app).await;
        let fields = json!({ "customer": "某厂", "equipment": "贴片机", "warranty_until": "2027-11-30", "engineer": w.engineer.staff });
        let doc = open(&w.manager, "maintenance-round", fields).await;
        let mut doc = act(&w.manager, &doc, "planned", json!({})).await;
        for month in 1..=3 {
            pass(app, 30 * 24 * 60).await;
            assert_eq!(has(&told(app, &w.engineer).await, "贴片机到季度保养"), month == 3, "month {month}");
            prove(app, &w.engineer, &doc, "signature").await;
            doc = act(&w.engineer, &doc, "maintained", json!({ "found": "润滑", "fault": false })).await;
        }
        let again = due(&w.manager, &doc, "month").await;
        assert!(again.starts_with("2027-03-18"), "{again}");
        app.drain().await;
    }

    async fn agri_parts_and_repairs_in_the_shop_keep_their_days(app: TestApp) {
        // P-32 d is P-16.
        let w = world(app).await;
        let fields = |kind: &str| json!({ "customer": "农户", "phone": "1", "machine": "拖拉机", "problem": "滤芯", "kind": kind });
        let doc = open(&w.agent, "agri-dealer", fields("parts")).await;
        assert_eq!(refused(&w.agent, &doc, "order_wear", json!({ "part": "滤芯", "part_class": "wear" })).await, "process.needed", "wear parts are answered at once");
        assert_eq!(refused(&w.agent, &doc, "order_wear", json!({ "part": "曲轴", "part_class": "other", "answer": "x" })).await, "process.when");
        let doc = act(&w.agent, &doc, "order_wear", json!({ "part": "滤芯", "part_class": "wear", "answer": "有货，80 元" })).await;
        assert_eq!((step(&doc), due(&w.agent, &doc, "part_wear").await.as_str()), ("supply", "2026-11-25T09:30:00Z"), "5 working days (N-31)");
        assert!(has(&history(&w.agent, &doc).await, "saved requisition"));
        let doc = act(&w.storekeeper, &doc, "supplied", json!({ "price": "80" })).await;
        assert_eq!(clock(&w.agent, &doc, "part_wear").await["state"], "met");
        assert_eq!(act(&w.callback, &doc, "close", json!({})).await["stage"], "closed", "no maintenance date for a part");
        let doc = open(&w.agent, "agri-dealer", fields("parts")).await;
        let doc = act(&w.agent, &doc, "order_other", json!({ "part": "曲轴", "part_class": "other" })).await;
        assert_eq!(due(&w.agent, &doc, "part_answer").await, "2026-11-19T01:00:00Z", "answered in a day");
        assert_eq!(due(&w.agent, &doc, "part_other").await, "2026-12-09T09:30:00Z", "15 working days (N-31)");
        let doc = act(&w.storekeeper, &doc, "answered", json!({ "answer": "订货 12 天" })).await;
        assert_eq!((step(&doc), clock(&w.agent, &doc, "part_answer").await["state"].as_str()), ("supply", Some("met")));
        // In the shop: 3 working days in warranty, then a loaner part or the reason why not; 5 outside it.
        let doc = open(&w.agent, "agri-dealer", fields("part_repair")).await;
        let doc = act(&w.agent, &doc, "take_in", json!({ "part": "液压泵", "in_warranty": true })).await;
        assert_eq!(due(&w.agent, &doc, "shop_in").await, "2026-11-23T09:30:00Z", "3 working days (N-07)");
        assert!(no_clock(&w.agent, &doc, "shop_out").await);
        assert_eq!(refused(&w.engineer, &doc, "shop_done", json!({ "work": "换密封", "price": "10" })).await, "process.leave", "free");
        pass(app, 6 * 24 * 60).await;
        assert!(tasks(&w.agent, &doc).await.iter().any(|t| t["text"] == "液压泵商保期内超过 3 个工作日，提供周转件"));
        assert_eq!(refused(&w.engineer, &doc, "shop_done", json!({ "work": "换密封", "price": "0" })).await, "process.leave", "late: a loaner part, or why not");
        let doc = act(&w.engineer, &doc, "shop_done", json!({ "work": "换密封", "price": "0", "loaner": "YB-1" })).await;
        prove(app, &w.outlet, &doc, "signature").await;
        assert_eq!(refused(&w.outlet, &doc, "handed_back", json!({})).await, "process.leave", "the loaner comes back");
        let doc = act(&w.outlet, &doc, "handed_back", json!({ "loaner_back": true })).await;
        // Problems, wishes and competitors go to the maker (P-32 e, f).
        assert_eq!(refused(&w.callback, &doc, "close", json!({ "improvement": "泵易漏" })).await, "process.when");
        let doc = act(&w.callback, &doc, "to_maker", json!({ "improvement": "泵易漏" })).await;
        assert!(has(&told(app, &w.manager).await, "拖拉机改进意见，请与厂家评估：泵易漏"));
        assert_eq!(refused(&w.manager, &doc, "evaluated", json!({ "maker_view": "agreed" })).await, "process.needed");
        assert_eq!(act(&w.manager, &doc, "evaluated", json!({ "maker_view": "agreed", "maker_words": "换材质" })).await["stage"], "closed");
        let doc = open(&w.agent, "agri-dealer", fields("part_repair")).await;
        let doc = act(&w.agent, &doc, "take_in", json!({ "part": "液压泵", "in_warranty": false })).await;
        assert_eq!(due(&w.agent, &doc, "shop_out").await, "2026-12-01T09:30:00Z", "5 working days from the 24th");
        // A machine that fails acceptance is put right, or goes back; who has set out may be called off.
        let doc = open(&w.agent, "agri-dealer", fields("delivery")).await;
        let doc = act(&w.agent, &doc, "deliver", json!({})).await;
        let doc = act(&w.engineer, &doc, "not_accepted", json!({ "wrong": "漏油" })).await;
        assert_eq!(step(&doc), "remedy");
        let doc = act(&w.engineer, &doc, "remedied", json!({ "work": "换油封" })).await;
        assert_eq!(step(&doc), "deliver");
        assert_eq!(act_why(&w.outlet, &doc, "take_back", "验收不合格", json!({})).await["stage"], "terminated");
        let doc = open(&w.agent, "agri-dealer", fields("repair")).await;
        let doc = act(&w.agent, &doc, "go", json!({})).await;
        let doc = act(&w.agent, &doc, "depart", json!({ "engineer": w.engineer.staff, "sheet_no": "F-2" })).await;
        assert_eq!(act_why(&w.agent, &doc, "cancel", "客户取消", json!({})).await["stage"], "cancelled");
    }

    async fn signatures_and_reminders_of_the_agri_dealer(app: TestApp) {
        let w = world(app).await;
        let doc = open(&w.agent, "agri-dealer", json!({ "customer": "农户", "phone": "1", "machine": "拖拉机", "problem": "启动难", "kind": "repair" })).await;
        let doc = act(&w.agent, &doc, "by_phone", json!({})).await;
        assert_eq!(refused(&w.agent, &doc, "solved", json!({})).await, "process.needed", "notes of the call");
        let doc = act(&w.agent, &doc, "solved", json!({ "notes": "视频指导换保险" })).await;
        assert_eq!((step(&doc), due(&w.agent, &doc, "signature").await.as_str()), ("sign", "2026-11-25T01:00:00Z"), "signature later, within seven days");
        assert_eq!(clock(&w.agent, &doc, "signature").await["number"], "", "the template's own");
        assert_eq!(refused(&w.agent, &doc, "signed", json!({})).await, "process.evidence");
        pass(app, 7 * 24 * 60 + 1).await;
        assert!(has(&told(app, &w.manager).await, "签字 7 天内收回"));
        prove(app, &w.agent, &doc, "signature").await;
        let doc = act(&w.agent, &doc, "signed", json!({})).await;
        let doc = act(&w.callback, &doc, "close", json!({ "next_reminder": "2027-05-01" })).await;
        let left = tasks(&w.agent, &doc).await;
        assert_eq!((left[0]["text"].as_str(), left[0]["due_at"].as_str(), left[0]["state"].as_str()), (Some("回访：拖拉机保养提醒"), Some("2027-04-24T16:00:00Z"), Some("open")), "a week before the maintenance");
    }

    async fn a_delivery_that_is_put_off_is_late_by_its_new_date(app: TestApp) {
        let w = world(app).await;
        let fields = json!({ "customer": "冯", "phone": "1", "address": "文三路1号", "contract": "HT-2", "goods": "衣柜" });
        let doc = open(&w.agent, "furniture-delivery", fields).await;
        let doc = check(&w.agent, &doc, "contract", 13).await;
        let doc = act(&w.agent, &doc, "checked", json!({})).await;
        assert_eq!(refused(&w.dispatcher, &doc, "produced", json!({ "cycle_days": 0, "deliver_at": "2026-11-20T10:00:00+08:00" })).await, "process.field_range");
        let doc = act(&w.dispatcher, &doc, "produced", json!({ "cycle_days": 5, "deliver_at": "2026-11-20T10:00:00+08:00" })).await;
        let doc = act_why(&w.auditor, &doc, "qc_failed", "尺寸", json!({ "deliver_at": "2026-11-23T10:00:00+08:00" })).await;
        assert_eq!(due(&w.agent, &doc, "produce").await, "2026-11-23T02:00:00Z", "the date moved, and the clock with it");
        let doc = act(&w.dispatcher, &doc, "produced", json!({})).await;
        let doc = act(&w.auditor, &doc, "stocked", json!({ "stocked_at": "2026-11-18T10:00:00+08:00", "qc_ok": true })).await;
        pass(app, 4 * 24 * 60 + 14 * 60).await;
        assert!(has(&told(app, &w.agent).await, "超时：提前半天联系客户"), "half a day ahead (N-26)");
        let doc = tell(&w.agent, &doc, "confirm").await;
        let doc = act(&w.agent, &doc, "load", json!({ "confirmed": true, "installer": w.engineer.staff })).await;
        let doc = check(&w.engineer, &doc, "departure", 5).await;
        let doc = act(&w.engineer, &doc, "depart", json!({})).await;
        prove(app, &w.engineer, &doc, "goods").await;
        let doc = act_why(&w.engineer, &doc, "exchange", "错货", json!({ "wrong": "门板" })).await;
        let doc = act(&w.agent, &doc, "exchanged", json!({ "deliver_at": "2026-11-26T10:00:00+08:00" })).await;
        pass(app, 24 * 60).await;
        assert!(!has(&history(&w.agent, &doc).await, "late produce"), "the first date means nothing any more");
        pass(app, 3 * 24 * 60).await;
        assert!(has(&told(app, &w.dispatcher).await, "超时：交货日期"));
        // The customer withdraws while the new goods are made.
        assert_eq!(act_why(&w.agent, &doc, "cancel", "客户退订", json!({})).await["stage"], "cancelled");
    }

    async fn water_heaters_decorations_and_software_say_no_properly(app: TestApp) {
        let w = world(app).await;
        let heater = json!({ "customer": "蒋", "phone": "1", "address": "1号", "model": "TZ-20", "card_no": "K1", "bought": "2024-11-01", "fault": "漏水", "fault_in": "main" });
        let doc = open(&w.agent, "water-heater", heater).await;
        assert_eq!(refused(&w.outlet, &doc, "to_company", json!({})).await, "process.reason");
        let doc = act_why(&w.outlet, &doc, "to_company", "疑难", json!({})).await;
        pass(app, 14 * 60 + 1).await;
        assert!(has(&told(app, &w.dispatcher).await, "超时：公司 12 小时派人") && has(&told(app, &w.manager).await, "超时升级：公司 12 小时派人"));
        let doc = act(&w.dispatcher, &doc, "send", json!({ "company_engineer": w.engineer.staff })).await;
        let doc = act(&w.engineer, &doc, "company_fixed", json!({})).await;
        let doc = act(&w.engineer, &doc, "finished", json!({ "work": "换水箱", "price": "0" })).await;
        let doc = act(&w.callback, &doc, "happy", json!({ "satisfied": true })).await;
        assert!(tasks(&w.agent, &doc).await.iter().any(|t| t["text"] == "回访：TZ-20入户巡检" && t["state"] == "open"), "rounds by the customers' file");
        // The customer's own doing is explained, in warranty nothing is charged.
        let house = json!({ "customer": "业主", "phone": "1", "address": "1号", "address_short": "金陵", "problem": "渗水", "finished_on": "2026-10-01" });
        let doc = open(&w.agent, "decoration", house.clone()).await;
        let doc = act(&w.agent, &doc, "slip", json!({ "warranty": "in" })).await;
        assert_eq!(refused(&w.agent, &doc, "explain", json!({ "cause": "customer", "explained": "x" })).await, "process.who_may", "the manager looks himself");
        assert_eq!(refused(&w.dispatcher, &doc, "explain", json!({ "cause": "customer" })).await, "process.needed");
        let helped = act(&w.dispatcher, &doc, "explain", json!({ "cause": "customer", "explained": "帮助联系防水" })).await;
        assert_eq!(helped["stage"], "closed");
        // The vendor is done when a photo shows it or the owner says so.
        let doc = open(&w.agent, "decoration", house.clone()).await;
        let doc = act(&w.agent, &doc, "slip", json!({ "warranty": "in" })).await;
        let doc = act(&w.dispatcher, &doc, "vendor", json!({ "cause": "vendor", "vendor": "门厂", "vendor_phone": "02566661111", "vendor_until": "2026-12-21T18:00:00+08:00" })).await;
        assert_eq!(refused(&w.dispatcher, &doc, "vendor_done", json!({})).await, "process.evidence");
        let doc = act(&w.dispatcher, &doc, "vendor_done", json!({ "owner_word": "业主王女士 11-19 电话确认" })).await;
        assert_eq!(doc["stage"], "closed");
        let doc = open(&w.agent, "decoration", house).await;
        let doc = act(&w.agent, &doc, "slip", json!({ "warranty": "in" })).await;
        prove(app, &w.dispatcher, &doc, "photos").await;
        let doc = act(&w.dispatcher, &doc, "to_office", json!({ "cause": "own", "contract_quantity": "5 平", "items": "防水 5 平", "method": "重做", "labour": "200", "material": "100" })).await;
        let doc = act(&w.manager, &doc, "assign", json!({ "crew": w.engineer.staff })).await;
        let doc = act(&w.engineer, &doc, "agreed", json!({ "contact_at": "2026-11-19T10:00:00+08:00" })).await;
        let doc = check(&w.engineer, &doc, "conduct", 5).await;
        let work = json!({ "work": "重做", "charged": "1", "card": "card" });
        assert_eq!(refused(&w.engineer, &doc, "done", work).await, "process.leave", "free in warranty");
        assert_eq!(act_why(&w.engineer, &doc, "stop", "业主中止", json!({ "work": "拆除一半", "charged": "0" })).await["stage"], "terminated");
        // A wish that is not granted is negotiated; guidance ends where it began.
        let issue = json!({ "customer": "商场", "phone": "1", "product": "进销存", "issue": "加字段", "kind": "requirement" });
        let doc = open(&w.agent, "software-support", issue.clone()).await;
        assert!(no_clock(&w.agent, &doc, "bug").await, "24 hours are for bugs");
        let doc = act(&w.agent, &doc, "to_test", json!({})).await;
        let doc = act(&w.auditor, &doc, "reproduced", json!({ "reproduced": "yes" })).await;
        let scores = json!({ "pm_yes": "no", "score_general": 1, "score_improves": 1, "score_position": 1, "score_effort": 1, "score_date": 1, "score_charge": 1 });
        assert_eq!(refused(&w.manager, &doc, "dont", scores.clone()).await, "process.needed", "a no has a reason");
        let mut why = scores;
        why["why_not"] = json!("通用性差");
        let doc = act(&w.manager, &doc, "dont", why).await;
        let said = w.agent.get(&format!("/documents/{}/messages", id(&doc))).await.ok();
        assert_eq!(said[0]["text"], "进销存的“加字段”经评估暂不处理，理由：通用性差。", "the customer hears why (WO-25)");
        let doc = act(&w.agent, &doc, "insists", json!({})).await;
        assert_eq!(step(&doc), "pm");
        let doc = act(&w.manager, &doc, "dont", json!({})).await;
        let doc = act(&w.agent, &doc, "accepted", json!({})).await;
        assert_eq!(doc["stage"], "terminated");
        let mut howto = issue;
        howto["kind"] = json!("operation");
        let doc = open(&w.agent, "software-support", howto).await;
        let doc = act(&w.agent, &doc, "guide", json!({})).await;
        assert_eq!(refused(&w.agent, &doc, "guided", json!({})).await, "process.needed");
        // Guidance that does not help is sorted again.
        let doc = act(&w.agent, &doc, "not_helped", json!({})).await;
        assert_eq!(refused(&w.agent, &doc, "to_test", json!({})).await, "process.when");
        let wrong = act(&w.agent, &doc, "to_test", json!({ "kind": "usability" })).await;
        assert_eq!(step(&wrong), "reproduce");
        let doc = act(&w.auditor, &wrong, "ask_again", json!({})).await;
        let doc = act(&w.agent, &doc, "guide", json!({ "kind": "operation" })).await;
        let doc = act(&w.agent, &doc, "guided", json!({ "guidance": "在设置里打开" })).await;
        assert_eq!(doc["stage"], "closed");
        // The battery's leader has a day; a special case that was not instructed goes to him as late.
        let special = json!({ "customer": "钱", "phone": "1", "battery": "6-DZM", "bought": "2026-03-01", "complaint": "鼓包", "kind": "special", "same_district": false });
        let doc = open(&w.agent, "battery", special).await;
        let doc = act(&w.agent, &doc, "register", json!({})).await;
        pass(app, 24 * 60).await;
        assert!(has(&told(app, &w.manager).await, "超时：当日批示"));
        let doc = act(&w.manager, &doc, "instruct", json!({ "instruction": "寄回" })).await;
        assert_eq!(refused(&w.agent, &doc, "visit", json!({ "inspector": w.engineer.staff })).await, "process.needed", "far away: an agreed mode");
        let doc = act(&w.agent, &doc, "visit", json!({ "inspector": w.engineer.staff, "way": "mail" })).await;
        let doc = act(&w.engineer, &doc, "arrived", json!({})).await;
        prove(app, &w.engineer, &doc, "test").await;
        assert_eq!(refused(&w.engineer, &doc, "inspected", json!({ "voltage": "12.6", "covered": "no" })).await, "process.leave", "not covered is explained");
        let doc = act(&w.engineer, &doc, "inspected", json!({ "voltage": "12.6", "covered": "no", "explanation": "过充" })).await;
        let doc = act(&w.engineer, &doc, "reported", json!({ "taught": true, "report": "过充鼓包" })).await;
        assert_eq!(refused(&w.callback, &doc, "happy", json!({ "satisfied": false })).await, "process.when");
        let doc = act_why(&w.callback, &doc, "again", "对结论不服", json!({ "satisfied": false })).await;
        assert_eq!(step(&doc), "leader");
    }
}
