//! The shipped templates, each through the service layer with its own rules and seed numbers.
//! Every test begins on Wednesday 18 November 2026, 09:00 in China (01:00 UTC).

use serde_json::json;
use testkit::app_test;

use crate::world::*;

app_test! {
    async fn integrated_only_satisfied_is_audited(app: TestApp) {
        let w = world(app).await;
        let fields = json!({ "customer": "李建平", "phone": "13800136027", "address": "苏州市吴中区太湖东路9号", "area": "吴中", "demand": "不制冷",
            "mode": "on_site", "warranty": "in", "urgent": true });
        let mut without = fields.clone();
        without["address"] = json!("");
        let body = json!({ "template": "integrated", "fields": without });
        assert_eq!(w.agent.post("/documents", body).await.refused(422), "process.needed", "on site needs an address");
        assert_eq!(w.engineer.post("/documents", json!({ "template": "integrated", "fields": fields })).await.refused(422), "process.who_may");
        let doc = open(&w.agent, "integrated", fields).await;
        assert_eq!((step(&doc), doc["stage"].as_str()), ("intake", Some("new")));
        assert_eq!(doc["fields"]["phone"], "138****6027", "masked until somebody asks, which is recorded");
        let reveal = format!("/documents/{}/reveal/phone", id(&doc));
        assert_eq!(w.agent.post(&reveal, json!({})).await.ok()["value"], "13800136027");
        w.auditor.post(&reveal, json!({})).await.refused(403);
        assert_eq!(refused(&w.engineer, &doc, "accept", json!({})).await, "process.who_may");
        let doc = act(&w.agent, &doc, "accept", json!({})).await;
        assert_eq!(due(&w.agent, &doc, "dispatch").await, "2026-11-18T09:30:00Z", "the same day, close of business");
        assert_eq!(due(&w.agent, &doc, "urgent").await, "2026-11-18T03:00:00Z");
        pass(app, 121).await;
        assert!(has(&history(&w.agent, &doc).await, "late urgent"));
        assert!(has(&told(app, &w.manager).await, "加急 2 小时派工"), "the ladder tells the manager");
        // Everybody reads notices in their own language.
        for (lang, words, not) in [("en", "Late: ", "超时"), ("zh-CN", "超时：加急 2 小时派工", "Late")] {
            let list = w.manager.send(http::Method::GET, "/api/v1/notifications", &[("accept-language", lang)], Vec::new()).await;
            let titles: Vec<String> = list.json().as_array().expect("a list").iter().map(|n| n["title"].to_string()).collect();
            assert!(has(&titles, words) && !has(&titles, not), "{lang}: {titles:?}");
        }
        let engineer = w.engineer.staff.expect("a person");
        assert_eq!(refused(&w.dispatcher, &doc, "send", json!({ "engineer": engineer, "materials": "压缩机" })).await, "process.when");
        let doc = act(&w.dispatcher, &doc, "assign", json!({ "engineer": engineer, "materials": "压缩机" })).await;
        assert!(has(&history(&w.agent, &doc).await, "saved requisition"), "parts are asked for");
        let doc = act(&w.storekeeper, &doc, "issue", json!({})).await;
        assert_eq!((step(&doc), doc["stage"].as_str()), ("assigned", Some("scheduled")));
        assert_eq!(refused(&w.dispatcher, &doc, "begin", json!({})).await, "process.who_may", "only the engineer named");
        let doc = act(&w.engineer, &doc, "begin", json!({})).await;
        let done = json!({ "work": "换压缩机", "finished_at": "2026-11-18T05:00:00Z" });
        assert_eq!(refused(&w.dispatcher, &doc, "finish", done.clone()).await, "process.who_may", "only the engineer named");
        assert_eq!(refused(&w.engineer, &doc, "finish", done.clone()).await, "process.evidence");
        prove(app, &w.engineer, &doc, "signature").await;
        let doc = act(&w.engineer, &doc, "finish", done).await;
        assert_eq!(due(&w.agent, &doc, "sheet").await, "2026-11-25T03:01:00Z", "seven days for the sheet");
        assert_eq!(refused(&w.agent, &doc, "return_sheet", json!({ "sheet_back_at": "2026-11-18T06:00:00Z", "score": 101 })).await, "process.field_range");
        let doc = act(&w.agent, &doc, "return_sheet", json!({ "sheet_back_at": "2026-11-18T06:00:00Z", "score": 95 })).await;
        assert_eq!(due(&w.agent, &doc, "callback").await, "2026-11-21T03:01:00Z", "three days");
        let answers = json!({ "callback": { "quality": 2, "attitude": 4 } });
        save(&w.callback, &doc, json!({ "answers": answers })).await;
        assert_eq!(refused(&w.callback, &doc, "satisfied", json!({ "class": "unsatisfied" })).await, "process.when");
        // Nobody answered: counted, and the three days go on.
        let doc = act(&w.callback, &doc, "unreached", json!({})).await;
        let doc = act(&w.callback, &doc, "retry", json!({})).await;
        assert_eq!((step(&doc), due(&w.agent, &doc, "callback").await.as_str()), ("callback", "2026-11-21T03:01:00Z"));
        assert_eq!(refused(&w.callback, &doc, "redo", json!({ "class": "not_fixed_once" })).await, "process.reason");
        let doc = act_why(&w.callback, &doc, "redo", "未修好", json!({ "class": "not_fixed_once" })).await;
        assert_eq!(step(&doc), "dispatch");
        let again = clock(&w.agent, &doc, "dispatch").await;
        assert_eq!((again["state"].as_str(), again["due_at"].as_str()), (Some("open"), Some("2026-11-18T09:30:00Z")), "the redo is assigned the same day too");
        assert_eq!(due(&w.agent, &doc, "urgent").await, "2026-11-18T05:01:00Z", "two hours anew");
        assert!(has(&told(app, &w.manager).await, "回访不满意：未修好"));
        let doc = act(&w.dispatcher, &doc, "send", json!({ "materials": "" })).await;
        let doc = act(&w.engineer, &doc, "begin", json!({})).await;
        assert_eq!(refused(&w.engineer, &doc, "finish", json!({})).await, "process.evidence", "the customer signs for the second visit too");
        prove(app, &w.engineer, &doc, "signature").await;
        let doc = act(&w.engineer, &doc, "finish", json!({})).await;
        assert_eq!(refused(&w.agent, &doc, "return_sheet", json!({})).await, "process.needed", "the sheet of the first visit is not that of the second");
        let doc = act(&w.agent, &doc, "return_sheet", json!({ "sheet_back_at": "2026-11-18T08:00:00Z", "score": 90 })).await;
        assert_eq!(refused(&w.callback, &doc, "satisfied", json!({ "class": "satisfied" })).await, "process.survey", "asked anew");
        save(&w.callback, &doc, json!({ "answers": { "callback": { "quality": 5, "attitude": 5 } } })).await;
        let doc = act(&w.callback, &doc, "satisfied", json!({ "class": "satisfied" })).await;
        assert_eq!(refused(&w.callback, &doc, "audit", json!({})).await, "process.who_may");
        let doc = act(&w.auditor, &doc, "audit", json!({ "deduction": "5" })).await;
        assert_eq!((step(&doc), doc["stage"].as_str()), ("closed", Some("audited")));
        assert_eq!(history(&w.agent, &doc).await.iter().filter(|l| *l == "saved settlement").count(), 1);
        assert_eq!((doc["fields"]["class"].as_str(), doc["fields"]["first_bad"].as_str()), (Some("satisfied"), Some("not_fixed_once")), "the first bad class counts for grading");
        assert_eq!(w.agent.post(&format!("/documents/{}/act", id(&doc)), json!({ "act": "accept" })).await.refused(422), "process.ended");
        app.drain().await;
    }

    async fn front_desk_counts_its_messages_and_pauses_while_waiting(app: TestApp) {
        let w = world(app).await;
        let fields = json!({ "customer": "王芳", "phone": "13900001111", "product": "打印机", "fault": "卡纸", "accessories": "电源线",
            "warranty": "in", "over_quote": "100" });
        let doc = open(&w.agent, "front-desk-repair", fields).await;
        assert!(doc["no"].as_str().expect("a number").starts_with("JX-20261118-"));
        assert_eq!(due(&w.agent, &doc, "in_warranty").await, "2026-11-23T09:30:00Z", "three working days: Thursday, Friday, Monday");
        assert!(no_clock(&w.agent, &doc, "out_of_warranty").await);
        assert_eq!(due(&w.agent, &doc, "assign").await, "2026-11-18T05:00:00Z", "four working hours");
        let engineer = w.engineer.staff.expect("a person");
        assert_eq!(refused(&w.agent, &doc, "start", json!({ "technician": engineer })).await, "process.who_may");
        let doc = act(&w.dispatcher, &doc, "start", json!({ "technician": engineer })).await;
        assert_eq!(clock(&w.agent, &doc, "assign").await["state"], "met");
        let doc = act(&w.engineer, &doc, "wait_part", json!({ "part": "搓纸轮" })).await;
        assert_eq!(doc["stage"], "waiting");
        assert_eq!(doc["messages"]["waiting"], 1, "the customer is told at once, and it is counted");
        assert_eq!(clock(&w.agent, &doc, "in_warranty").await["state"], "paused");
        // Two working days later the part is here: the deadline moves by exactly that.
        pass(app, 2 * 24 * 60).await;
        let doc = act(&w.storekeeper, &doc, "part_here", json!({})).await;
        let moved = clock(&w.agent, &doc, "in_warranty").await;
        assert_eq!(moved["due_at"], "2026-11-25T09:30:00Z");
        assert!(moved["explained"].to_string().contains("待件"), "{moved}");
        let done = json!({ "result": "换搓纸轮", "cost": "150" });
        assert_eq!(refused(&w.engineer, &doc, "repaired", done.clone()).await, "process.leave", "over the limit without consent");
        let mut agreed = done.clone();
        agreed["agreed_to"] = json!("149.99");
        assert_eq!(refused(&w.engineer, &doc, "repaired", agreed.clone()).await, "process.leave", "a fen more than he agreed to");
        agreed["agreed_to"] = json!("150");
        let doc = act(&w.engineer, &doc, "repaired", agreed).await;
        let paid = json!({ "picked_up_by": "王芳", "received": "150" });
        assert_eq!(refused(&w.agent, &doc, "pick_up", paid.clone()).await, "process.checklist");
        let doc = check(&w.agent, &doc, "pick_up", 4).await;
        assert_eq!(refused(&w.agent, &doc, "pick_up", paid.clone()).await, "process.when", "not before the customer was told");
        tell(&w.agent, &doc, "repaired").await;
        let doc = tell(&w.agent, &doc, "repaired").await;
        assert_eq!(doc["messages"]["repaired"], 2);
        assert_eq!(w.agent.post(&format!("/documents/{}/tell", id(&doc)), json!({ "message": "waiting" })).await.refused(422), "process.message_step");
        let list = w.agent.get(&format!("/documents/{}/messages", id(&doc))).await.ok();
        assert_eq!(list[2]["count"], 2);
        assert!(!list.to_string().contains("13900001111"), "numbers stay inside");
        // Nobody comes for a week: a task for the desk.
        pass(app, 7 * 24 * 60 + 1).await;
        let open_tasks = tasks(&w.agent, &doc).await;
        let again = open_tasks.iter().find(|t| t["text"] == "王芳的打印机修好 7 天无人取，请再次联系").expect("the task");
        let task = again["id"].as_str().expect("an id");
        assert_eq!(w.engineer.post(&format!("/document-tasks/{task}/done"), json!({})).await.refused(422), "process.who_may");
        w.agent.post(&format!("/document-tasks/{task}/done"), json!({})).await.ok();
        let doc = act(&w.agent, &doc, "pick_up", paid).await;
        assert_eq!(doc["stage"], "closed");
        assert!(has(&history(&w.agent, &doc).await, "saved callback"));
        // Before the start it can be terminated, with a reason; afterwards not.
        let other = open(&w.agent, "front-desk-repair", json!({ "customer": "赵", "phone": "1", "product": "电视", "fault": "花屏", "accessories": "无", "warranty": "out" })).await;
        assert_eq!(due(&w.agent, &other, "out_of_warranty").await, "2026-12-04T09:30:00Z");
        let other = act_why(&w.agent, &other, "terminate", "客户撤回", json!({ "parts_used": "无", "cost": "0", "received": "0", "picked_up_by": "赵", "handed_back": true })).await;
        assert_eq!(other["stage"], "terminated");
    }

    async fn computer_shop_checks_39_points(app: TestApp) {
        let w = world(app).await;
        let doc = open(&w.agent, "computer-shop", json!({ "customer": "陈", "phone": "13700000000", "device": "笔记本", "symptom": "不开机" })).await;
        let mut quote = json!({ "diagnosis": "主板", "quote_by": "item", "quote": "300" });
        assert_eq!(refused(&w.agent, &doc, "agree", quote.clone()).await, "process.needed", "no diagnosis without consent");
        quote["consent"] = json!(true);
        assert_eq!(refused(&w.agent, &doc, "agree", quote.clone()).await, "process.leave", "an item price comes without a guarantee: said");
        quote["no_guarantee"] = json!(true);
        let doc = act(&w.agent, &doc, "agree", quote).await;
        assert_eq!(due(&w.agent, &doc, "archive").await, "2026-11-18T03:00:00Z", "the customer's file within two hours");
        prove(app, &w.agent, &doc, "slip").await;
        let received = json!({ "appearance": "完好", "articles": "电源", "archived": true });
        let doc = act(&w.agent, &doc, "to_repair", received).await;
        let extra = json!({ "result": "修主板", "extra": "加内存", "extra_quote": "200" });
        assert_eq!(refused(&w.engineer, &doc, "repaired", extra.clone()).await, "process.leave", "extra work needs consent");
        // To the factory instead, and back through the same 39 points.
        let doc = act(&w.engineer, &doc, "to_factory", json!({})).await;
        let doc = act(&w.storekeeper, &doc, "sent", json!({ "factory": "联保中心", "promised_at": "2026-11-20T10:00:00+08:00" })).await;
        assert_eq!(due(&w.agent, &doc, "factory").await, "2026-11-19T14:00:00Z", "twelve hours before the promise");
        pass(app, 38 * 60).await;
        assert!(tasks(&w.agent, &doc).await[0]["text"].as_str().expect("a text").contains("联保中心"), "somebody has to ask");
        let doc = act(&w.storekeeper, &doc, "back", json!({})).await;
        let doc = check(&w.dispatcher, &doc, "before_test", 2).await;
        assert_eq!(refused(&w.dispatcher, &doc, "passed", json!({})).await, "process.checklist", "39 points, not 38");
        check(&w.dispatcher, &doc, "pc39", 38).await;
        assert_eq!(refused(&w.dispatcher, &doc, "passed", json!({})).await, "process.checklist");
        let doc = check(&w.dispatcher, &doc, "pc39", 39).await;
        let doc = save(&w.dispatcher, &doc, json!({ "checks": { "pc39": { "5": { "result": "failed" } } } })).await;
        assert_eq!(refused(&w.dispatcher, &doc, "passed", json!({})).await, "process.checklist", "a fault without a word");
        let doc = save(&w.dispatcher, &doc, json!({ "checks": { "pc39": { "5": { "result": "failed", "note": "电压低" } } } })).await;
        assert_eq!(refused(&w.dispatcher, &doc, "passed", json!({})).await, "process.when", "a fault that was found");
        let doc = save(&w.dispatcher, &doc, json!({ "checks": { "pc39": { "5": { "result": "ok" } } } })).await;
        let doc = act(&w.dispatcher, &doc, "passed", json!({})).await;
        let doc = check(&w.agent, &doc, "hand_over", 4).await;
        let doc = tell(&w.agent, &doc, "ready").await;
        assert_eq!(refused(&w.agent, &doc, "pick_up", json!({ "paid": "299" })).await, "process.leave");
        let doc = act(&w.agent, &doc, "pick_up", json!({ "paid": "300" })).await;
        let first = clock(&w.agent, &doc, "first_call").await;
        assert_eq!((first["due_at"].as_str(), first["warn_at"].as_str()), (Some("2026-11-26T15:00:00Z"), Some("2026-11-22T15:00:00Z")), "three days to a week");
        // N-15: three days to a week; not on the day itself.
        assert_eq!(refused(&w.callback, &doc, "called", json!({ "solved": "yes", "next_service": "无" })).await, "process.when", "too early");
        pass(app, 3 * 24 * 60).await;
        assert_eq!(refused(&w.callback, &doc, "called", json!({ "solved": "no" })).await, "process.needed", "what is unresolved");
        assert_eq!(refused(&w.callback, &doc, "called", json!({ "solved": "no", "matter": "又死机", "next_service": "无" })).await, "process.when");
        let doc = act(&w.callback, &doc, "report", json!({ "solved": "no", "matter": "又死机" })).await;
        assert_eq!(due(&w.agent, &doc, "answer").await, "2026-11-23T09:30:00Z", "answered the same working day");
        assert_eq!(refused(&w.callback, &doc, "answered", json!({ "answer": "换内存" })).await, "process.who_may");
        let doc = act(&w.manager, &doc, "answered", json!({ "answer": "换内存" })).await;
        assert_eq!(due(&w.agent, &doc, "second_call").await, "2026-12-06T15:00:00Z", "within the seven days that start a week later");
        let second = json!({ "second": "正常", "activity_on": "2026-12-30", "letter": true });
        assert_eq!(refused(&w.callback, &doc, "archive", second.clone()).await, "process.when", "not before a week is over (N-16)");
        pass(app, 7 * 24 * 60).await;
        let doc = act(&w.callback, &doc, "archive", second).await;
        assert_eq!(doc["stage"], "closed");
        // N-20: called two weeks ahead, the letter within two days of it.
        let list = tasks(&w.agent, &doc).await;
        let until = |part: &str| list.iter().find(|t| t["state"] == "open" && t["text"].as_str().is_some_and(|t| t.contains(part))).map(|t| t["due_at"].clone());
        assert_eq!((until("电话通知陈活动"), until("寄活动通知信")), (Some(json!("2026-12-16T16:00:00Z")), Some(json!("2026-12-18T16:00:00Z"))), "{list:?}");
    }

    async fn car_4s_prepares_a_day_ahead(app: TestApp) {
        let w = world(app).await;
        let doc = open(&w.agent, "car-4s", json!({ "customer": "吴", "phone": "13600000000", "plate": "苏E12345", "demand": "异响", "booked_by": "customer" })).await;
        let agreed = json!({ "repeat": true, "reception_at": "2026-11-20T09:00:00+08:00", "provisional": "2026-11-20T17:00:00+08:00", "price": "800",
            "adviser": w.agent.staff });
        let doc = act(&w.agent, &doc, "prepare", agreed).await;
        assert_eq!(due(&w.agent, &doc, "ready_day").await, "2026-11-19T01:00:00Z", "one day before");
        assert_eq!(due(&w.agent, &doc, "ready_hour").await, "2026-11-20T00:00:00Z", "one hour before");
        assert!(has(&told(app, &w.dispatcher).await, "苏E12345将到店"), "the workshop hears of it");
        let doc = check(&w.agent, &doc, "ready", 6).await;
        assert_eq!(refused(&w.agent, &doc, "ready", json!({})).await, "process.leave", "a repeat repair needs a plan");
        let doc = act_why(&w.agent, &doc, "rebook", "缺配件", json!({ "reception_at": "2026-11-21T09:00:00+08:00" })).await;
        assert_eq!(doc["messages"]["rebooked"], 1, "the customer is told at once");
        let doc = act(&w.agent, &doc, "prepare", json!({ "provisional": "2026-11-21T17:00:00+08:00" })).await;
        assert_eq!(due(&w.agent, &doc, "ready_day").await, "2026-11-20T01:00:00Z", "moved with the booking");
        assert_eq!(refused(&w.agent, &doc, "ready", json!({ "tech_plan": "路试听音" })).await, "process.checklist", "prepared anew for the new day");
        check(&w.agent, &doc, "ready", 6).await;
        let doc = act(&w.agent, &doc, "ready", json!({ "tech_plan": "路试听音" })).await;
        assert_eq!((clock(&w.agent, &doc, "ready_day").await["state"].as_str(), clock(&w.agent, &doc, "punctual").await["state"].as_str()), (Some("met"), Some("open")), "ready in time; whether he is received in time is yet to be seen");
        let doc = tell(&w.agent, &doc, "confirm").await;
        assert_eq!(clock(&w.agent, &doc, "ready_hour").await["state"], "met");
        let doc = act(&w.agent, &doc, "receive", json!({})).await;
        let doc = check(&w.agent, &doc, "walk", 6).await;
        assert_eq!(refused(&w.agent, &doc, "order", json!({ "mileage": 32000 })).await, "process.evidence", "no work without a signed order");
        prove(app, &w.agent, &doc, "order").await;
        prove(app, &w.agent, &doc, "").await;
        let files = w.agent.get(&format!("/docs/document/{}/files", id(&doc))).await.ok();
        let file = |label: &str| files.as_array().into_iter().flatten().find(|f| f["label"] == label).map(id).expect("a file");
        let void = |label: &str| format!("/docs/document/{}/files/{}/void", id(&doc), file(label));
        let page = w.agent.page(&format!("/documents/{}", id(&doc))).await.text();
        assert!(!page.contains(&void("order")) && page.contains(&void("")), "the slip is taken back, the signed order is not");
        let why = json!({ "reason": "拍错" });
        assert_eq!(w.admin.post(&void("order"), why.clone()).await.refused(409), "file.signature", "signed by the customer, whatever the file is called");
        w.agent.post(&void(""), why.clone()).await.ok();
        let said = w.agent.post(&format!("/docs/document/{}/comments", id(&doc)), json!({ "text": "写错单" })).await.ok();
        let void = format!("/docs/document/{}/comments/{}/void", id(&doc), id(&said));
        assert!(w.agent.page(&format!("/documents/{}", id(&doc))).await.text().contains(&void));
        w.agent.post(&void, why).await.ok();
        let doc = act(&w.agent, &doc, "order", json!({ "mileage": 32000 })).await;
        assert_eq!(due(&w.agent, &doc, "hand_over").await, "2026-11-21T09:00:00Z", "the provisional hand-over");
        let doc = check(&w.dispatcher, &doc, "repair", 4).await;
        let work = json!({ "technician": w.engineer.staff, "cause": "胶套老化", "extra": "换胶套", "extra_price": "150" });
        assert_eq!(refused(&w.engineer, &doc, "repaired", work.clone()).await, "process.who_may", "not named yet");
        assert_eq!(refused(&w.dispatcher, &doc, "repaired", work.clone()).await, "process.leave");
        let mut agreed = work.clone();
        agreed["extra_agreed_to"] = json!("150");
        agreed["recommended"] = json!("更换前刹车片");
        let doc = act(&w.dispatcher, &doc, "repaired", agreed).await;
        let doc = check(&w.auditor, &doc, "final", 6).await;
        assert_eq!(refused(&w.auditor, &doc, "pass", json!({ "road_test": "bad", "parking": "A1" })).await, "process.leave");
        let doc = act_why(&w.auditor, &doc, "fail", "路试不合格", json!({})).await;
        check(&w.dispatcher, &doc, "repair", 4).await;
        let doc = act(&w.dispatcher, &doc, "repaired", json!({})).await;
        assert_eq!(refused(&w.auditor, &doc, "pass", json!({ "road_test": "ok", "parking": "A1" })).await, "process.checklist", "inspected anew");
        check(&w.auditor, &doc, "final", 6).await;
        let doc = act(&w.auditor, &doc, "pass", json!({ "road_test": "ok", "parking": "A1" })).await;
        let doc = check(&w.agent, &doc, "hand_over", 4).await;
        let bill = json!({ "bill": "950", "paid": "950", "remaining_life": "后刹 40%" });
        let doc = tell(&w.agent, &doc, "ready").await;
        assert_eq!(refused(&w.agent, &doc, "delivered", bill.clone()).await, "process.leave", "what was refused is signed");
        let mut signed = bill;
        signed["refusal_signed"] = json!(true);
        let mut dear = signed.clone();
        (dear["bill"], dear["paid"]) = (json!("950.01"), json!("950.01"));
        assert_eq!(refused(&w.agent, &doc, "delivered", dear).await, "process.leave", "800 were estimated and 150 agreed to (SHOP-17)");
        let doc = act(&w.agent, &doc, "delivered", signed).await;
        assert_eq!(due(&w.agent, &doc, "follow_up").await, "2026-11-25T01:00:00Z", "within a week");
        assert_eq!(refused(&w.callback, &doc, "fine", json!({ "followed_up": "complaint" })).await, "process.when");
        let doc = act(&w.callback, &doc, "complain", json!({})).await;
        assert!(has(&told(app, &w.manager).await, "客户抱怨"));
        let doc = act(&w.manager, &doc, "settled", json!({})).await;
        let doc = act(&w.callback, &doc, "fine", json!({ "followed_up": "fine" })).await;
        assert_eq!(doc["stage"], "closed");
    }

    async fn car_4s_detailed_inspects_three_times(app: TestApp) {
        let w = world(app).await;
        let doc = open(&w.agent, "car-4s-detailed", json!({ "customer": "郑", "phone": "13500000000", "plate": "沪A1", "symptom": "漏油", "booked_by": "walk_in" })).await;
        let doc = act(&w.agent, &doc, "walk_in", json!({})).await;
        assert!(no_clock(&w.agent, &doc, "ready_day").await, "nobody prepared for who walks in");
        let doc = check(&w.agent, &doc, "reception", 10).await;
        for _ in 0..3 {
            assert_eq!(refused(&w.agent, &doc, "order", json!({ "covered": "no" })).await, "process.evidence", "three pictures of the car");
            prove(app, &w.agent, &doc, "walk").await;
        }
        assert_eq!(refused(&w.agent, &doc, "order", json!({ "covered": "ask" })).await, "process.when", "the maker is asked first");
        let doc = act(&w.agent, &doc, "ask_maker", json!({ "covered": "ask" })).await;
        let doc = act(&w.agent, &doc, "answered", json!({ "maker_answer": "同意", "covered": "yes" })).await;
        prove(app, &w.agent, &doc, "order").await;
        let order = json!({ "parts_ready": false, "labour": "200", "parts": "350", "finish_at": "2026-11-19T16:00:00+08:00", "payment": "claim",
            "old_parts": false, "wash": true });
        assert_eq!(refused(&w.agent, &doc, "to_workshop", order.clone()).await, "process.when", "no parts, no workshop");
        let mut ready = order;
        ready["parts_ready"] = json!(true);
        let doc = act(&w.agent, &doc, "to_workshop", ready).await;
        let doc = act(&w.dispatcher, &doc, "start", json!({ "priority": "rework", "team": "一组" })).await;
        assert_eq!(due(&w.agent, &doc, "finish").await, "2026-11-19T08:00:00Z");
        assert_eq!(refused(&w.engineer, &doc, "self_checked", json!({})).await, "process.checklist");
        let doc = check(&w.engineer, &doc, "self_check", 3).await;
        let doc = act(&w.engineer, &doc, "self_checked", json!({})).await;
        assert_eq!(refused(&w.engineer, &doc, "team_ok", json!({})).await, "process.who_may", "nobody inspects himself");
        let doc = act_why(&w.dispatcher, &doc, "team_fail", "漏项", json!({})).await;
        check(&w.engineer, &doc, "self_check", 3).await;
        let doc = act(&w.engineer, &doc, "self_checked", json!({})).await;
        let doc = check(&w.dispatcher, &doc, "team_check", 2).await;
        let doc = act(&w.dispatcher, &doc, "team_ok", json!({})).await;
        let doc = check(&w.auditor, &doc, "final_check", 3).await;
        assert_eq!(refused(&w.auditor, &doc, "final_ok", json!({ "finish_area": "B3" })).await, "process.leave", "the customer wants it washed");
        let doc = act(&w.auditor, &doc, "final_ok", json!({ "washed": true, "finish_area": "B3" })).await;
        let doc = check(&w.agent, &doc, "hand_over", 10).await;
        let doc = tell(&w.agent, &doc, "ready").await;
        let mut bill = json!({ "bill": "550", "own_share": "0", "paid": "0", "next_service": "2027-05-18", "refused_safety": "轮胎" });
        assert_eq!(refused(&w.agent, &doc, "delivered", bill.clone()).await, "process.needed", "he is told the consequences (SHOP-38)");
        bill["consequences"] = json!("雨天制动距离变长");
        assert_eq!(refused(&w.agent, &doc, "delivered", bill.clone()).await, "process.leave", "and signs");
        let mut signed = bill;
        signed["refusal_signed"] = json!(true);
        let mut dear = signed.clone();
        dear["bill"] = json!("550.01");
        assert_eq!(refused(&w.agent, &doc, "delivered", dear).await, "process.leave", "200 of labour and 350 of parts, the maker pays no more either");
        let doc = act(&w.agent, &doc, "delivered", signed).await;
        assert_eq!(due(&w.agent, &doc, "callback").await, "2026-11-21T01:00:00Z", "within three days");
        let lines = w.agent.get(&format!("/documents/{}/history", id(&doc))).await.ok();
        let claim = lines.as_array().into_iter().flatten().find(|l| l["act"] == "settlement").expect("a claim");
        assert_eq!(claim["text"], "沪A1 索赔");
        assert_eq!(history(&w.agent, &doc).await.iter().filter(|l| *l == "saved requisition").count(), 1, "parts are drawn once");
        assert_eq!(refused(&w.callback, &doc, "happy", json!({ "satisfied": false })).await, "process.when");
        // Repaired again: the maker pays once.
        let again = |finish: &str| json!({ "act": "again", "reason": "未修好", "fields": { "satisfied": false, "finish_at": finish } });
        let path = format!("/documents/{}/act", id(&doc));
        assert_eq!(w.callback.post(&path, again("2026-11-17T16:00:00+08:00")).await.refused(422), "process.field_past", "a new finish time, not the former");
        let doc = w.callback.post(&path, again("2026-11-20T16:00:00+08:00")).await.ok();
        assert_eq!(due(&w.agent, &doc, "finish").await, "2026-11-20T08:00:00Z");
        let doc = act(&w.dispatcher, &doc, "start", json!({})).await;
        check(&w.engineer, &doc, "self_check", 3).await;
        let doc = act(&w.engineer, &doc, "self_checked", json!({})).await;
        check(&w.dispatcher, &doc, "team_check", 2).await;
        let doc = act(&w.dispatcher, &doc, "team_ok", json!({})).await;
        check(&w.auditor, &doc, "final_check", 3).await;
        let doc = act(&w.auditor, &doc, "final_ok", json!({ "washed": true })).await;
        check(&w.agent, &doc, "hand_over", 10).await;
        pass(app, 1).await;
        tell(&w.agent, &doc, "ready").await;
        assert_eq!(refused(&w.agent, &doc, "delivered", json!({})).await, "process.leave", "what was refused is signed for at this hand-over");
        let doc = act(&w.agent, &doc, "delivered", json!({ "refusal_signed": true })).await;
        assert_eq!(history(&w.agent, &doc).await.iter().filter(|l| *l == "saved settlement").count(), 1);
        let claims: Vec<_> = tasks(&w.agent, &doc).await.into_iter().filter(|t| t["trigger_key"] == "settlement" || t["text"].as_str().is_some_and(|t| t.contains("索赔"))).map(|t| t["text"].clone()).collect();
        assert_eq!(claims, [json!("向厂家结算：沪A1 索赔 ¥ 550.00")]);
        let doc = act(&w.callback, &doc, "happy", json!({ "satisfied": true })).await;
        assert_eq!(doc["stage"], "closed");
    }

    async fn home_visit_is_punctual_and_honest(app: TestApp) {
        let w = world(app).await;
        let fields = json!({ "customer": "孙", "phone": "13400000000", "address": "青岛市崂山区海尔路1号", "product": "冰箱", "fault": "不制冷",
            "promised_at": "2026-11-18T14:00:00+08:00", "warranty": "out" });
        let doc = open(&w.agent, "home-visit", fields).await;
        let visit = json!({ "analysis": "缺氟，带压力表", "engineer": w.engineer.staff });
        assert_eq!(refused(&w.agent, &doc, "visit", visit.clone()).await, "process.when", "first the call");
        let doc = tell(&w.agent, &doc, "confirm").await;
        let doc = act(&w.agent, &doc, "visit", visit).await;
        assert_eq!(due(&w.agent, &doc, "depart").await, "2026-11-18T05:00:00Z", "one hour before");
        assert_eq!(due(&w.agent, &doc, "arrive").await, "2026-11-18T05:55:00Z", "five minutes early");
        assert_eq!(refused(&w.engineer, &doc, "depart", json!({})).await, "process.checklist", "the kit, with spare shoe covers");
        let doc = check(&w.engineer, &doc, "kit", 7).await;
        pass(app, 5 * 60).await;
        assert!(has(&told(app, &w.dispatcher).await, "提前 5 分钟到达"));
        assert!(tasks(&w.agent, &doc).await[0]["text"].as_str().expect("a text").contains("如实告知"));
        // What the customer is told is what happened, in the engineer's words.
        let tell_late = format!("/documents/{}/tell", id(&doc));
        assert_eq!(w.engineer.post(&tell_late, json!({ "message": "late" })).await.refused(422), "process.when");
        let doc = save(&w.engineer, &doc, json!({ "fields": { "late_cause": "路上堵车" } })).await;
        let doc = tell(&w.engineer, &doc, "late").await;
        let said = w.agent.get(&format!("/documents/{}/messages", id(&doc))).await.ok();
        assert!(said.as_array().into_iter().flatten().any(|m| m["text"] == "工程师会晚到，原因：路上堵车。请您谅解；如不方便我们立即改约。"), "{said}");
        let doc = act(&w.engineer, &doc, "depart", json!({})).await;
        let doc = act(&w.engineer, &doc, "arrive", json!({})).await;
        let doc = check(&w.engineer, &doc, "door", 5).await;
        let late = json!({ "arrived_at": "2026-11-18T14:15:00+08:00" });
        assert_eq!(refused(&w.engineer, &doc, "enter", late).await, "process.when", "15 minutes late: an apology first (FIELD-07)");
        let sorry = json!({ "arrived_at": "2026-11-18T14:15:00+08:00", "apologised": true });
        assert_eq!(refused(&w.engineer, &doc, "enter", sorry.clone()).await, "process.when", "he called at 14:00, not before: why (FIELD-06, N-24)");
        let mut why = sorry;
        why["no_call"] = json!("电话没电");
        let doc = act(&w.engineer, &doc, "enter", why).await;
        assert!(tasks(&w.agent, &doc).await.iter().any(|t| t["text"] == "迟到 15 分钟及以上，请经理向孙道歉"), "then the manager");
        prove(app, &w.engineer, &doc, "scene").await;
        let work = json!({ "work": "加氟", "list_price": "180", "uncertain": true });
        assert_eq!(refused(&w.engineer, &doc, "repaired", work.clone()).await, "process.leave", "consent before money");
        let mut agreed = work;
        agreed["agreed_price"] = json!("180");
        let doc = act(&w.engineer, &doc, "repaired", agreed).await;
        assert_eq!(refused(&w.engineer, &doc, "paid", json!({ "charged": "200", "receipt": "receipt" })).await, "process.leave", "never above the list");
        assert_eq!(refused(&w.engineer, &doc, "paid", json!({ "charged": "150", "receipt": "receipt" })).await, "process.leave", "nor below it of one's own (BILL-10)");
        let doc = act_why(&w.engineer, &doc, "refused", "要求减免", json!({})).await;
        assert_eq!(refused(&w.engineer, &doc, "instruct", json!({ "centre_says": "减免", "reduction": "30" })).await, "process.who_may");
        let doc = act(&w.manager, &doc, "instruct", json!({ "centre_says": "迟到，减免 30 元", "reduction": "30" })).await;
        let doc = act(&w.engineer, &doc, "paid", json!({ "charged": "150", "receipt": "receipt" })).await;
        let doc = check(&w.engineer, &doc, "finish", 6).await;
        let doc = act(&w.engineer, &doc, "leave", json!({})).await;
        assert_eq!(due(&w.agent, &doc, "uncertain").await, "2026-11-18T09:00:00Z", "three hours after an uncertain repair");
        assert!(no_clock(&w.agent, &doc, "no_test").await);
        let doc = save(&w.callback, &doc, json!({ "answers": { "callback": { "result": false, "attitude": 5, "price": true } } })).await;
        assert_eq!(refused(&w.callback, &doc, "close", json!({ "satisfied": "yes" })).await, "process.when");
        let doc = act_why(&w.callback, &doc, "revisit", "未修好", json!({})).await;
        assert_eq!(step(&doc), "accept");
        // Advice on the phone is followed up within two hours.
        let doc = act(&w.agent, &doc, "phone", json!({})).await;
        assert_eq!(due(&w.agent, &doc, "phone_follow").await, "2026-11-18T08:00:00Z");
        let doc = act(&w.callback, &doc, "works", json!({})).await;
        assert_eq!(doc["stage"], "closed");
    }

    async fn equipment_maker_answers_in_30_minutes(app: TestApp) {
        let w = world(app).await;
        let doc = open(&w.agent, "equipment-maker", json!({ "customer": "某厂", "phone": "051288888888", "equipment": "贴片机", "fault": "报警", "in_warranty": true })).await;
        let respond = clock(&w.agent, &doc, "respond").await;
        assert_eq!((respond["due_at"].as_str(), respond["warn_at"].as_str()), (Some("2026-11-18T01:30:00Z"), Some("2026-11-18T01:20:00Z")));
        assert_eq!(respond["number"], "N-01");
        pass(app, 61).await;
        assert!(has(&told(app, &w.agent).await, "30 分钟响应"), "the first rung");
        assert!(has(&told(app, &w.manager).await, "超时升级：30 分钟响应"), "the second, half an hour later");
        let doc = act(&w.agent, &doc, "send", json!({})).await;
        assert_eq!(clock(&w.agent, &doc, "respond").await["state"], "late");
        assert_eq!(due(&w.agent, &doc, "arrive").await, "2026-11-19T02:01:00Z", "24 hours to be there");
        let doc = act(&w.dispatcher, &doc, "depart", json!({ "engineer": w.engineer.staff })).await;
        let doc = act(&w.engineer, &doc, "arrive", json!({})).await;
        assert_eq!(due(&w.agent, &doc, "fix").await, "2026-11-19T02:01:00Z", "24 hours to repair");
        pass(app, 24 * 60).await;
        assert!(tasks(&w.agent, &doc).await[0]["text"].as_str().expect("a text").contains("请组织支援"));
        // Nobody leaves a machine that stands still: the next one is named and takes over, the 24 hours go on (WO-15).
        let second = app.user(kit::Role::Engineer).await;
        assert_eq!(refused(&w.engineer, &doc, "hand_over", json!({ "left_open": "主轴已拆" })).await, "process.needed");
        assert_eq!(refused(&second, &doc, "fixed", json!({ "work": "换轴承" })).await, "process.who_may");
        let doc = act(&w.engineer, &doc, "hand_over", json!({ "next_engineer": second.staff, "left_open": "主轴已拆" })).await;
        assert_eq!(clock(&w.agent, &doc, "fix").await["due_at"], "2026-11-19T02:01:00Z");
        let doc = act(&second, &doc, "fixed", json!({ "work": "换轴承" })).await;
        let paper = json!({ "expenses": "860", "itinerary": "苏州-昆山", "warranty_until": "2027-06-30" });
        assert_eq!(refused(&w.engineer, &doc, "reported", paper.clone()).await, "process.evidence");
        prove(app, &w.engineer, &doc, "report").await;
        let doc = act(&w.engineer, &doc, "reported", paper).await;
        assert_eq!(refused(&w.callback, &doc, "happy", json!({ "satisfied": true, "proficient": false })).await, "process.when");
        let doc = act(&w.callback, &doc, "keep_calling", json!({ "satisfied": true, "proficient": false })).await;
        assert_eq!(refused(&w.callback, &doc, "learned", json!({})).await, "process.when", "regular calls until proficient");
        let doc = act(&w.callback, &doc, "learned", json!({ "proficient": true })).await;
        assert_eq!(doc["stage"], "closed");
        app.drain().await;
    }

    async fn information_centre_closes_only_when_satisfied(app: TestApp) {
        let w = world(app).await;
        let kunshan = app.outlet("昆山网点").await;
        let outlet = app.user_in(kit::Role::Outlet, kunshan).await;
        let fields = json!({ "customer": "周", "phone": "13300000000", "request": "安装", "window_from": "2026-11-18T13:00:00+08:00", "window_to": "2026-11-18T15:00:00+08:00" });
        let doc = open(&w.agent, "information-centre", fields).await;
        let doc = act(&w.agent, &doc, "pass", json!({ "outlet": kunshan })).await;
        assert_eq!(due(&w.agent, &doc, "window").await, "2026-11-18T07:00:00Z", "the agreed window");
        assert_eq!(refused(&w.agent, &doc, "assign", json!({ "engineer": w.engineer.staff })).await, "process.who_may", "the outlet assigns");
        let doc = act(&outlet, &doc, "assign", json!({ "engineer": w.engineer.staff })).await;
        pass(app, 6 * 60 + 61).await;
        assert!(has(&told(app, &w.manager).await, "超时升级：约定时间"));
        let doc = act(&w.engineer, &doc, "served", json!({ "served_at": "2026-11-18T16:00:00+08:00", "result": "装好" })).await;
        let doc = act(&outlet, &doc, "report", json!({ "dispatcher_note": "晚到" })).await;
        let missed = act(&w.callback, &doc, "unreached", json!({})).await;
        assert_eq!((step(&missed), missed["stage"].as_str()), ("unreached", Some("done")), "no class yet");
        act(&w.callback, &missed, "retry", json!({})).await;
        for class in ["complaint", "unsatisfied", "not_fixed_once", "not_fixed_repeatedly", "bad_attitude"] {
            let called = act(&w.callback, &doc, "called", json!({ "class": class })).await;
            assert_eq!((step(&called), called["stage"].as_str()), ("tracking", Some("done")), "{class} does not close");
            assert!(has(&told(app, &w.manager).await, "计入网点评级"));
            act(&w.agent, &doc, "call_again", json!({ "tracked": "已致歉" })).await;
        }
        let doc = act(&w.callback, &doc, "called", json!({ "class": "satisfied" })).await;
        assert_eq!(doc["stage"], "closed");
        assert_eq!(history(&w.agent, &doc).await.iter().filter(|l| *l == "moved track").count(), 5);
        assert_eq!(doc["fields"]["first_bad"], "complaint", "what the outlet is rated by (N-61)");
    }
}
